//! Texts as windows of tokens that a model can read at once.

use std::ops::Range;

use tokenizers::{Encoding, PostProcessor, Tokenizer, TruncationDirection};

use super::letter_case;
use crate::{
    Error,
    error::Cause,
    model::{EncoderConfig, TokenTypes},
};

/// Splits texts into windows.
#[derive(Debug)]
pub(super) struct Windows {
    tokenizer: Tokenizer,
    /// Tokens of the text in a window.
    room: usize,
    /// The most tokens that a window shares with the next.
    overlap: usize,
    token_types: TokenTypes,
}

/// Tokens that are read together.
#[derive(Debug)]
pub(super) struct Window {
    /// All ids, special ones included.
    pub(super) ids: Vec<u32>,
    /// The graph's `token_type_ids`, one for each id.
    pub(super) types: Vec<i64>,
    /// The tokens of the text.
    pub(super) tokens: Vec<Token>,
}

/// A token of a text in a window.
#[derive(Debug)]
pub(super) struct Token {
    /// Where it is among the window's ids.
    pub(super) place: usize,
    /// Where it is among all tokens of the text.
    pub(super) index: usize,
    /// Bytes of the text.
    pub(super) bytes: Range<usize>,
}

/// How long the windows of a text are that does not fit into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// As long as the model reads, the last one shorter.
    Full,
    /// All alike, sharing half as much: none has to be filled up beside the others, and together they
    /// are shorter.
    Even,
}

impl Windows {
    /// For windows of at most as many tokens as the model reads together, special ones included. A
    /// quarter of a window is shared with the next where windows are [full](Cut::Full).
    ///
    /// # Errors
    /// [`Error::Tokenizer`] for a file that is no tokenizer, or a window without room for text.
    pub(super) fn new(json: &[u8], config: &EncoderConfig) -> Result<Self, Error> {
        let limit = config.window_tokens;
        let failed = |source: Cause| Error::Tokenizer {
            action: "file",
            source,
        };
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(failed)?;
        // The library would stop reading a long text after the first window.
        tokenizer.with_truncation(None).map_err(failed)?;
        tokenizer.with_padding(None);
        let frame = tokenizer.get_post_processor();
        let frame = frame.map_or(0, |processor| processor.added_tokens(false));
        let room = limit.saturating_sub(frame);
        if room == 0 {
            return Err(failed("its special tokens fill the model's window".into()));
        }
        let overlap = (limit / 4).min(room - 1);
        Ok(Self {
            tokenizer,
            room,
            overlap,
            token_types: config.token_types,
        })
    }

    /// The windows of a text, at least one.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(super) fn of(&self, text: &str, cut: Cut) -> Result<Vec<Window>, Error> {
        let failed = |source| Error::Tokenizer {
            action: "encoding",
            source,
        };
        let mut first = self.tokenizer.encode(text, false).map_err(failed)?;
        let (length, overlap) = match cut {
            Cut::Full => (self.room, self.overlap),
            Cut::Even => self.even(first.len()),
        };
        first.truncate(length, overlap, TruncationDirection::Right);
        let later = first.take_overflowing();
        let step = length - overlap;
        let mut windows = Vec::with_capacity(1 + later.len());
        for (number, part) in std::iter::once(first).chain(later).enumerate() {
            let framed = self
                .tokenizer
                .post_process(part, None, true)
                .map_err(failed)?;
            let mut window = window(&framed, number * step);
            if self.token_types == TokenTypes::LetterCase {
                window.see_case(text);
            }
            windows.push(window);
        }
        Ok(windows)
    }

    /// How long the windows of so many tokens are when they are as few as can be and all alike, and how
    /// many tokens they share.
    fn even(&self, tokens: usize) -> (usize, usize) {
        let overlap = self.overlap / 2;
        let more = tokens.saturating_sub(self.room);
        let count = 1 + more.div_ceil(self.room - overlap);
        let length = (tokens + (count - 1) * overlap).div_ceil(count);
        (length.clamp(overlap + 1, self.room), overlap)
    }
}

impl Window {
    /// Notes the letter case of every token of the text.
    fn see_case(&mut self, text: &str) {
        for token in &self.tokens {
            let letters = text.get(token.bytes.clone()).unwrap_or_default();
            if let Some(of_token) = self.types.get_mut(token.place) {
                *of_token = letter_case::of(letters) as i64;
            }
        }
    }
}

/// The window whose first token is the text's token number `start`.
fn window(encoding: &Encoding, start: usize) -> Window {
    let special = encoding.get_special_tokens_mask().iter();
    let offsets = encoding.get_offsets().iter();
    let own = special.zip(offsets).enumerate();
    let own = own.filter(|(_, (special, _))| **special == 0);
    let tokens = own
        .zip(start..)
        .map(|((place, (_, offsets)), index)| Token {
            place,
            index,
            bytes: offsets.0..offsets.1,
        });
    Window {
        ids: encoding.get_ids().to_vec(),
        types: vec![0; encoding.len()],
        tokens: tokens.collect(),
    }
}
