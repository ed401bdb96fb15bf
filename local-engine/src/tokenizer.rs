//! Text to token ids, and token ids back to text as they arrive.

use tokenizers::Tokenizer;

use crate::{Error, constraint::Spelling, error::Cause};

/// A model's tokenizer.
#[derive(Debug)]
pub(crate) struct TextTokenizer {
    tokenizer: Tokenizer,
    spelling: Spelling,
}

impl TextTokenizer {
    /// Reads `tokenizer.json`. Truncation and padding that a file may ask for are for training,
    /// and are switched off.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Error> {
        let failed = |source| Error::Tokenizer {
            action: "file",
            source,
        };
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(failed)?;
        tokenizer
            .with_truncation(None)
            .map_err(failed)?
            .with_padding(None);
        let spelling = Spelling::of(&tokenizer);
        Ok(Self {
            tokenizer,
            spelling,
        })
    }

    /// Refuses a tokenizer with more tokens than the graph scores. Tokens that were added to a
    /// finished vocabulary don't count: some models leave those of other media without a score.
    ///
    /// # Errors
    /// [`Error::VocabularyMismatch`].
    pub(crate) fn check_fits(&self, vocabulary: usize) -> Result<(), Error> {
        let tokens = self.tokenizer.get_vocab_size(false);
        if tokens <= vocabulary {
            Ok(())
        } else {
            Err(Error::VocabularyMismatch { tokens, vocabulary })
        }
    }

    /// The ids of `text`, with the start token that the tokenizer adds to plain text.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn encode_plain(&self, text: &str) -> Result<Vec<u32>, Error> {
        self.encode(text, true)
    }

    /// The ids of a rendered chat, whose template has written the start token itself.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn encode_rendered(&self, text: &str) -> Result<Vec<u32>, Error> {
        self.encode(text, false)
    }

    fn encode(&self, text: &str, add_special_tokens: bool) -> Result<Vec<u32>, Error> {
        let encoding = self.tokenizer.encode_fast(text, add_special_tokens);
        let failed = |source| Error::Tokenizer {
            action: "encoding",
            source,
        };
        Ok(encoding.map_err(failed)?.get_ids().to_vec())
    }

    /// The text of `ids`, without special tokens.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn decode(&self, ids: &[u32]) -> Result<String, Error> {
        let failed = |source: Cause| Error::Tokenizer {
            action: "decoding",
            source,
        };
        self.tokenizer.decode(ids, true).map_err(failed)
    }

    /// The bytes of a token in the middle of a text, of a special token those of its name. Empty
    /// for an unknown id.
    pub(crate) fn bytes(&self, id: u32) -> Vec<u8> {
        self.spelling.bytes(&self.tokenizer, id)
    }

    /// Whether tokens may be any bytes, and encoding adds no space of its own.
    pub(crate) fn is_byte_level(&self) -> bool {
        self.spelling == Spelling::Characters
    }

    /// One more than the highest id.
    pub(crate) fn vocabulary(&self) -> u32 {
        let vocabulary = self.tokenizer.get_vocab(true);
        vocabulary
            .into_values()
            .max()
            .map_or(0, |id| id.saturating_add(1))
    }

    /// The first id that means another token to `other`.
    pub(crate) fn first_difference(&self, other: &Self) -> Option<TokenDifference> {
        let tokens = |id| [self, other].map(|it| it.tokenizer.id_to_token(id));
        let ids = 0..self.vocabulary().max(other.vocabulary());
        ids.map(|id| (id, tokens(id)))
            .find(|(_, [ours, theirs])| ours != theirs)
            .map(|(id, [ours, theirs])| TokenDifference { id, ours, theirs })
    }

    /// Whether `id` is a special token, which has no text.
    pub(crate) fn is_special(&self, id: u32) -> bool {
        let token = self.tokenizer.id_to_token(id);
        token.is_some_and(|token| {
            self.tokenizer
                .get_added_vocabulary()
                .is_special_token(&token)
        })
    }
}

/// An id that two tokenizers don't agree about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TokenDifference {
    pub(crate) id: u32,
    /// The token of the first tokenizer; `None` where the id has none.
    pub(crate) ours: Option<String>,
    /// The token of the other one.
    pub(crate) theirs: Option<String>,
}

/// Decodes a growing list of ids piece by piece.
///
/// Guarantees: the pieces, joined, are what decoding all ids at once gives, as long as the ids make
/// whole characters; no piece ends inside a character, unless the ids never complete it. What it
/// does not catch: some decoders turn a whole run of byte tokens into U+FFFD when one of them is
/// wrong; here those that were right when they came stay.
#[derive(Debug, Default)]
pub(crate) struct Detokenizer {
    /// Ids whose text may still change what follows: those of `given`, then the pending ones.
    window: Vec<u32>,
    /// How many ids of the window stand for `given`.
    settled: usize,
    /// Text of the settled ids, which was handed out before.
    given: String,
}

impl Detokenizer {
    /// For ids that continue `prompt`, so that a space between the two is kept.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn continuing(tokenizer: &TextTokenizer, prompt: &[u32]) -> Result<Self, Error> {
        let (_, window) = prompt.split_at(prompt.len().saturating_sub(LONGEST_PENDING));
        let given = tokenizer.decode(window)?;
        Ok(Self {
            window: window.to_vec(),
            settled: window.len(),
            given,
        })
    }

    /// For ids that are a text of their own from the first byte on: a space before it, which some
    /// decoders take away, stays.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn inside_text(tokenizer: &TextTokenizer) -> Result<Self, Error> {
        Self::continuing(tokenizer, &tokenizer.encode_rendered("a")?)
    }

    /// Adds an id; returns the text that became certain, often empty inside a character.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn push(&mut self, tokenizer: &TextTokenizer, id: u32) -> Result<String, Error> {
        if tokenizer.is_special(id) {
            return Ok(String::new());
        }
        self.window.push(id);
        let pending = self.window.len() - self.settled;
        let text = tokenizer.decode(&self.window)?;
        // Four bytes make a character, so more pending ids than that will never complete one.
        if text.ends_with(char::REPLACEMENT_CHARACTER) && pending < LONGEST_PENDING {
            return Ok(String::new());
        }
        let new = after_common_prefix(&text, &self.given).to_owned();
        if !new.is_empty() {
            self.window.drain(..self.settled);
            self.settled = self.window.len();
            self.given = tokenizer.decode(&self.window)?;
        }
        Ok(new)
    }

    /// Ends the text: returns what was held back, an incomplete character as U+FFFD.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn finish(self, tokenizer: &TextTokenizer) -> Result<String, Error> {
        let text = tokenizer.decode(&self.window)?;
        Ok(after_common_prefix(&text, &self.given).to_owned())
    }
}

/// What `text` has beyond the part it shares with `given`.
fn after_common_prefix<'t>(text: &'t str, given: &str) -> &'t str {
    text.strip_prefix(given).unwrap_or_else(|| {
        let shared = text.chars().zip(given.chars()).take_while(|(a, b)| a == b);
        let shared = shared.map(|(a, _)| a.len_utf8()).sum();
        text.get(shared..).unwrap_or_default()
    })
}

/// The most ids that wait for a character to complete.
const LONGEST_PENDING: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ModelFiles, ModelSource};

    fn embedded() -> TextTokenizer {
        TextTokenizer::parse(&ModelFiles::read(&ModelSource::Embedded).unwrap().tokenizer).unwrap()
    }

    fn pieces(tokenizer: &TextTokenizer, ids: &[u32]) -> Vec<String> {
        let mut detokenizer = Detokenizer::default();
        let mut pieces: Vec<String> = ids
            .iter()
            .map(|id| detokenizer.push(tokenizer, *id).unwrap())
            .collect();
        pieces.push(detokenizer.finish(tokenizer).unwrap());
        pieces
    }

    #[test]
    fn pieces_join_to_the_whole_and_split_no_character() {
        let tokenizer = embedded();
        for text in [
            "Where is order 17?",
            "Grüße, ñandú, 東京, 🙂🙂!",
            "a\n\n  b\tc",
            "�",
            "",
        ] {
            let ids = tokenizer.encode_plain(text).unwrap();
            let pieces = pieces(&tokenizer, &ids);
            assert_eq!(pieces.concat(), tokenizer.decode(&ids).unwrap());
            assert_eq!(pieces.concat(), text);
        }
    }

    #[test]
    fn a_character_cut_off_at_the_end_is_flushed() {
        let tokenizer = embedded();
        let ids = tokenizer.encode_plain("ok 🙂").unwrap();
        let cut = &ids[..ids.len() - 1];
        let pieces = pieces(&tokenizer, cut);
        assert_eq!(pieces.concat(), tokenizer.decode(cut).unwrap());
        assert!(
            pieces
                .last()
                .unwrap()
                .ends_with(char::REPLACEMENT_CHARACTER)
        );
    }

    #[test]
    fn bytes_that_never_make_a_character_are_not_held_back_for_long() {
        let tokenizer = embedded();
        let ids = tokenizer.encode_plain("🙂").unwrap();
        let first_byte = ids[0];
        let pieces = pieces(&tokenizer, &[first_byte; 3 * LONGEST_PENDING]);
        assert!(
            pieces[..LONGEST_PENDING]
                .iter()
                .any(|piece| !piece.is_empty())
        );
    }

    #[test]
    fn text_that_continues_a_prompt_leaves_the_prompt_out() {
        let tokenizer = embedded();
        let ids = tokenizer.encode_plain("Thank you very much").unwrap();
        let (prompt, rest) = ids.split_at(1);
        let mut detokenizer = Detokenizer::continuing(&tokenizer, prompt).unwrap();
        let mut text = tokenizer.decode(prompt).unwrap();
        for id in rest {
            text.push_str(&detokenizer.push(&tokenizer, *id).unwrap());
        }
        assert_eq!(text, "Thank you very much");
    }

    #[test]
    fn a_file_that_is_no_tokenizer_is_refused() {
        assert!(matches!(
            TextTokenizer::parse(b"{}"),
            Err(Error::Tokenizer { .. })
        ));
    }
}
