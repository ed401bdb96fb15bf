//! A tokenizer's vocabulary as a prefix tree of bytes, which constraints are matched against.

use std::{fmt, sync::Arc};

use llguidance::{
    ParserFactory,
    earley::SlicedBiasComputer,
    toktrie::{InferenceCapabilities, TokEnv, TokRxInfo, TokTrie, TokenId, TokenizerEnv},
};

use super::grammar;
use crate::{Constraint, Error, constraint::Guide, tokenizer::TextTokenizer};

/// What all constrained requests to a model share. Made once for a model, when the first one
/// comes: a tenth of a second for fifty thousand tokens.
pub(crate) struct Vocabulary {
    factory: ParserFactory,
}

impl Vocabulary {
    /// The vocabulary of `tokenizer`; any of `eos` ends an answer.
    ///
    /// # Errors
    /// [`Error::ConstraintsUnavailable`] when no token has bytes.
    pub(crate) fn new(tokenizer: Arc<TextTokenizer>, eos: &[u32]) -> Result<Self, Error> {
        let words = words(&tokenizer, eos);
        if words.iter().all(Vec::is_empty) {
            return Err(Error::ConstraintsUnavailable);
        }
        let known = |id: &&u32| usize::try_from(**id).is_ok_and(|id| id < words.len());
        let eos: Vec<u32> = eos.iter().filter(known).copied().collect();
        let size = u32::try_from(words.len()).unwrap_or(u32::MAX);
        let info = TokRxInfo::new(size, eos.first().copied().unwrap_or(NO_TOKEN));
        let mut trie = TokTrie::from(&info, &words);
        if !eos.is_empty() {
            trie = trie.with_eos_tokens(&eos);
        }
        let environment: TokEnv = Arc::new(Environment { trie, tokenizer });
        let slices = SlicedBiasComputer::general_slices();
        let capabilities = InferenceCapabilities::default();
        let mut factory = ParserFactory::new(&environment, capabilities, &slices)
            .map_err(|_| Error::ConstraintsUnavailable)?;
        factory.quiet();
        *factory.limits_mut() = grammar::limits();
        Ok(Self { factory })
    }

    /// Compiles a constraint.
    ///
    /// # Errors
    /// [`Error::ConstraintInvalid`].
    pub(crate) fn guide(&self, constraint: &Constraint) -> Result<Guide, Error> {
        Guide::new(
            grammar::compile(&self.factory, constraint)?,
            constraint.kind(),
        )
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tokens = self.factory.tok_env().tok_trie().vocab_size();
        f.debug_struct("Vocabulary")
            .field("tokens", &tokens)
            .finish_non_exhaustive()
    }
}

/// The bytes of every token. Special tokens, and those that end an answer, carry a mark that keeps
/// them from being taken for text.
fn words(tokenizer: &TextTokenizer, eos: &[u32]) -> Vec<Vec<u8>> {
    let word = |id| {
        let mut word = tokenizer.bytes(id);
        if tokenizer.is_special(id) || eos.contains(&id) {
            word.insert(0, TokTrie::SPECIAL_TOKEN_MARKER);
        }
        word
    };
    (0..tokenizer.vocabulary()).map(word).collect()
}

/// The tree, with the model's own way of cutting a text into tokens: where a constraint leaves one
/// text only, as for the keys of a JSON schema, the model gets to write it as it is used to.
struct Environment {
    trie: TokTrie,
    tokenizer: Arc<TextTokenizer>,
}

impl TokenizerEnv for Environment {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    /// The tokenizer's own ids, where they spell exactly these bytes; else the longest tokens from
    /// the front. Normalizers change a text, and some tokenizers put a space before it.
    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<TokenId> {
        let text = std::str::from_utf8(bytes).ok();
        let ids = text.and_then(|text| self.tokenizer.encode_rendered(text).ok());
        ids.filter(|ids| self.trie.decode_raw(ids) == bytes)
            .unwrap_or_else(|| self.trie.greedy_tokenize(bytes))
    }

    fn tokenize_is_canonical(&self) -> bool {
        self.tokenizer.is_byte_level()
    }
}

/// What `toktrie` takes for a model without a token that ends an answer.
const NO_TOKEN: u32 = llguidance::toktrie::INVALID_TOKEN;
