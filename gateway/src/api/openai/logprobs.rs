//! Log-probabilities as the API writes them.

use local_engine::TokenLogprob;
use serde::{Deserialize, Serialize};

/// What an answer tells about one of its tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TokenLogprobs {
    #[serde(flatten)]
    token: Token,
    #[serde(default)]
    top_logprobs: Vec<Token>,
}

impl TokenLogprobs {
    /// Of a token with these bytes, and of the likeliest ones in its place.
    pub(crate) fn new(bytes: Vec<u8>, logprob: f32, top: Vec<TokenLogprob>) -> Self {
        let top = top
            .into_iter()
            .map(|token| Token::new(token.bytes, token.logprob));
        Self {
            token: Token::new(bytes, logprob),
            top_logprobs: top.collect(),
        }
    }
}

/// The `logprobs` of a choice.
#[derive(Serialize)]
pub(super) struct Logprobs<'a> {
    content: &'a [TokenLogprobs],
    refusal: Option<()>,
}

impl<'a> Logprobs<'a> {
    pub(super) fn of(content: &'a [TokenLogprobs]) -> Self {
        let refusal = None;
        Self { content, refusal }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Token {
    /// With U+FFFD where the bytes are a part of a character.
    token: String,
    logprob: f32,
    bytes: Option<Vec<u8>>,
}

impl Token {
    fn new(bytes: Vec<u8>, logprob: f32) -> Self {
        Self {
            token: String::from_utf8_lossy(&bytes).into_owned(),
            // JSON has no infinity.
            logprob: logprob.max(LEAST),
            bytes: Some(bytes),
        }
    }
}

/// What the API gives for a token that can't be.
const LEAST: f32 = -9999.0;
