//! Base64 blobs, RFC 4648 sections 4 and 5.

use std::ops::Range;

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::prefilter::for_each_token;

/// A blob that decodes to text.
#[derive(Debug)]
pub(crate) struct Blob {
    /// Where it lies in the original, padding included.
    pub(crate) span: Range<usize>,
    /// What it says.
    pub(crate) text: String,
}

/// The shortest blob looked at: fifteen bytes of content. (Shorter ones are mostly words.)
const MIN_LENGTH: usize = 20;

/// Every blob in the text that decodes, in one of the two alphabets, to UTF-8 without control
/// characters other than white space.
pub(crate) fn blobs(text: &str) -> Vec<Blob> {
    let mut blobs = Vec::new();
    for_each_token(text.as_bytes(), |run| {
        let token = text.get(run.clone()).unwrap_or_default();
        if token.len() >= MIN_LENGTH
            && let Some(decoded) = decode(token)
        {
            let after = text.get(run.end..).unwrap_or_default();
            let padding = after
                .bytes()
                .take(2)
                .take_while(|&byte| byte == b'=')
                .count();
            blobs.push(Blob {
                span: run.start..run.end + padding,
                text: decoded,
            });
        }
    });
    blobs
}

fn decode(token: &str) -> Option<String> {
    let alphabet = if token.contains(['-', '_']) {
        &URL
    } else {
        &PLAIN
    };
    let text = String::from_utf8(alphabet.decode(token).ok()?).ok()?;
    let is_text = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    is_text.then_some(text)
}

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_and_its_padding_belongs_to_it() {
        let text = "x=amFuZS5kb2VAZXhhbXBsZS5jb20=;";
        let found = blobs(text);
        assert_eq!(found[0].text, "jane.doe@example.com");
        assert_eq!(
            text.get(found[0].span.clone()),
            Some("amFuZS5kb2VAZXhhbXBsZS5jb20=")
        );
    }

    #[test]
    fn hashes_and_words_are_no_text() {
        assert!(blobs("da39a3ee5e6b4b0d3255bfef95601890afd80709").is_empty());
        assert!(blobs("internationalization").is_empty());
    }
}
