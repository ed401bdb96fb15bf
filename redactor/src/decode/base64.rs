//! Blobs: base64 (RFC 4648 sections 4 and 5) and hexadecimal that decode to text.
//!
//! A blob is an unbroken token, its padding included; base64 also goes on over line ends, where the
//! lines are as long as mail and PEM make them (RFC 2045 section 6.8, RFC 7468 section 2).

use std::ops::Range;

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{View, bytes::hex};
use crate::prefilter::for_each_token;

/// The shortest token looked at: eleven bytes of base64, padding aside, or seven of hexadecimal.
const MIN_LENGTH: usize = 15;
/// Base64 in lines has lines of at least this length.
const MIN_LINE: usize = 60;

/// Every blob that decodes to UTF-8, or UTF-16 of ASCII, without control characters other than
/// white space.
pub(crate) fn blobs(text: &str) -> impl Iterator<Item = View> {
    runs(text).into_iter().filter_map(|run| {
        let blob = text.get(run.clone())?;
        if let Some(decoded) = decoded(blob) {
            let padding = text
                .get(run.end..)?
                .bytes()
                .take(2)
                .take_while(|&b| b == b'=')
                .count();
            return Some(View::of_blob(decoded, run.start..run.end + padding));
        }
        // Slashes and hyphens are characters of base64, and join words and paths.
        let (part, start) = longest_part(blob)?;
        let start = run.start + start;
        Some(View::of_blob(
            decoded_token(part)?,
            start..start + part.len(),
        ))
    })
}

/// The tokens long enough, those in lines put together.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut last_line = 0;
    for_each_token(text.as_bytes(), |line| {
        let goes_on = runs.last_mut().filter(|last| {
            let between = text.get(last.end..line.start).unwrap_or_default();
            last_line >= MIN_LINE && matches!(between, "\n" | "\r\n")
        });
        last_line = line.len();
        match goes_on {
            Some(last) => last.end = line.end,
            None if line.len() >= MIN_LENGTH => runs.push(line),
            None => {}
        }
    });
    runs
}

/// The longest stretch without the signs that join, when it is long enough.
fn longest_part(blob: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    let parts = blob.split(['/', '-', '_', '+']).map(|part| {
        let start = at;
        at += part.len() + 1;
        (part, start)
    });
    let longest = parts.max_by_key(|(part, _)| part.len())?;
    (longest.0.len() >= MIN_LENGTH && longest.0.len() < blob.len()).then_some(longest)
}

fn decoded(blob: &str) -> Option<String> {
    if blob.contains('\n') {
        let joined: String = blob.split_ascii_whitespace().collect();
        return decoded_token(&joined);
    }
    decoded_token(blob)
}

fn decoded_token(token: &str) -> Option<String> {
    if let Some(bytes) = hex_bytes(token) {
        return text(bytes);
    }
    let alphabet = if token.contains(['-', '_']) {
        &URL
    } else {
        &PLAIN
    };
    text(alphabet.decode(token).ok()?)
}

/// The bytes of a token that is hexadecimal throughout, `0x` before it or not.
fn hex_bytes(token: &str) -> Option<Vec<u8>> {
    let digits = token.strip_prefix("0x").unwrap_or(token);
    let is_hex = digits.len().is_multiple_of(2) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_hex {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::try_from(hex(digits.get(at..at + 2)?)?).ok())
        .collect()
}

fn text(bytes: Vec<u8>) -> Option<String> {
    // UTF-16 of ASCII, as PowerShell encodes its commands.
    let is_utf_16 = bytes
        .chunks(2)
        .all(|pair| matches!(pair, [byte, 0] if byte.is_ascii()));
    let bytes = if is_utf_16 {
        bytes.into_iter().step_by(2).collect()
    } else {
        bytes
    };
    let text = String::from_utf8(bytes).ok()?;
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

    fn check(text: &str, decoded: &str, blob: &str) {
        let views: Vec<_> = blobs(text).collect();
        let view = views
            .iter()
            .find(|view| view.text() == decoded)
            .expect(text);
        assert_eq!(text.get(view.original(&(0..2))), Some(blob));
    }

    #[test]
    fn text_is_decoded_and_its_padding_belongs_to_it() {
        let blob = "amFuZS5kb2VAZXhhbXBsZS5jb20=";
        check(&format!("x={blob};"), "jane.doe@example.com", blob);
    }

    #[test]
    fn hexadecimal_is_decoded() {
        let blob = "0x6a616e65406578616d706c652e636f6d";
        check(&format!("({blob})"), "jane@example.com", blob);
    }

    #[test]
    fn a_blob_goes_on_over_lines() {
        let line = "a".repeat(57);
        let text = format!("{line}jane@example.com");
        let whole = PLAIN.encode(&text);
        let (first, second) = whole.split_at(76);
        let blob = format!("{first}\r\n{second}");
        check(&blob, &text, &blob);
    }

    #[test]
    fn a_blob_may_be_part_of_a_path() {
        let text = "/api/v1/user-x/amFuZS5kb2VAZXhhbXBsZS5jb20";
        check(text, "jane.doe@example.com", "amFuZS5kb2VAZXhhbXBsZS5jb20");
    }

    #[test]
    fn utf_16_is_decoded() {
        let wide: Vec<u8> = "jane@example.com".bytes().flat_map(|b| [b, 0]).collect();
        let blob = PLAIN.encode(wide);
        check(&blob, "jane@example.com", &blob);
    }

    #[test]
    fn hashes_and_words_are_no_text() {
        for text in [
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "internationalization",
        ] {
            assert_eq!(blobs(text).count(), 0, "{text}");
        }
    }
}
