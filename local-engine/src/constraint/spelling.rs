//! The bytes that a token stands for, which a tokenizer's decoder only gives away a text at a time.

use tokenizers::{Decoder, DecoderWrapper, Tokenizer};

/// How a tokenizer spells bytes in the names of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// A character for each byte (GPT-2, Llama 3, Qwen and most others).
    Characters,
    /// The text, and `<0x0A>` for single bytes that no token holds (`SentencePiece`).
    Fallback,
    /// The text alone.
    Text,
}

impl Spelling {
    /// The spelling of a tokenizer's decoder.
    pub(crate) fn of(tokenizer: &Tokenizer) -> Self {
        let decoder = tokenizer.get_decoder();
        if decoder.is_some_and(|it| contains(it, |it| matches!(it, DecoderWrapper::ByteLevel(_)))) {
            Self::Characters
        } else if decoder
            .is_some_and(|it| contains(it, |it| matches!(it, DecoderWrapper::ByteFallback(_))))
        {
            Self::Fallback
        } else {
            Self::Text
        }
    }

    /// The bytes of a token in the middle of a text. Empty for an id without token.
    pub(crate) fn bytes(self, tokenizer: &Tokenizer, id: u32) -> Vec<u8> {
        let Some(token) = tokenizer.id_to_token(id) else {
            return Vec::new();
        };
        if tokenizer.get_added_vocabulary().is_special_token(&token) {
            return token.into_bytes();
        }
        let spelled = match self {
            Self::Characters => token.chars().map(byte_of_character).collect(),
            Self::Fallback => byte_of_name(&token).map(|byte| vec![byte]),
            Self::Text => None,
        };
        spelled.unwrap_or_else(|| text_inside(tokenizer, token).into_bytes())
    }
}

fn contains(decoder: &DecoderWrapper, is: fn(&DecoderWrapper) -> bool) -> bool {
    if let DecoderWrapper::Sequence(parts) = decoder {
        return parts.get_decoders().iter().any(is);
    }
    is(decoder)
}

/// What the decoder makes of a token that follows another: at the start of a text some decoders
/// take a space away.
fn text_inside(tokenizer: &Tokenizer, token: String) -> String {
    let decoded = tokenizer.get_decoder().and_then(|decoder| {
        let parts = vec![ANCHOR.to_owned(), token.clone()];
        let text = decoder.decode_chain(parts).ok()?.concat();
        text.strip_prefix(ANCHOR).map(str::to_owned)
    });
    decoded.unwrap_or(token)
}

/// The byte that a character stands for in GPT-2's alphabet: printable Latin-1 characters stand
/// for themselves, the other bytes, in order, for the characters from U+0100 on.
fn byte_of_character(character: char) -> Option<u8> {
    let code = u32::from(character);
    if let Ok(byte) = u8::try_from(code) {
        return is_printable(byte).then_some(byte);
    }
    let rank = usize::try_from(code.checked_sub(0x100)?).ok()?;
    (0..=u8::MAX).filter(|&byte| !is_printable(byte)).nth(rank)
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff)
}

/// The byte of a name like `<0x0A>`.
fn byte_of_name(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    u8::from_str_radix(digits, 16)
        .ok()
        .filter(|_| digits.len() == 2)
}

/// A token that every decoder leaves as it is.
const ANCHOR: &str = "a";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_character() {
        let mut bytes: Vec<u8> = (0..0x180)
            .filter_map(|code| byte_of_character(char::from_u32(code)?))
            .collect();
        bytes.sort_unstable();
        assert_eq!(bytes, (0..=u8::MAX).collect::<Vec<_>>());
        assert_eq!(byte_of_character('Ġ'), Some(b' '));
        assert_eq!(byte_of_character('Ċ'), Some(b'\n'));
        assert_eq!(byte_of_character('東'), None);
    }

    #[test]
    fn names_of_bytes_are_two_hexadecimal_digits() {
        assert_eq!(byte_of_name("<0x0A>"), Some(10));
        for other in ["<0x>", "<0x1>", "<0x0AB>", "<0xZZ>", "0x0A"] {
            assert_eq!(byte_of_name(other), None, "{other}");
        }
    }
}
