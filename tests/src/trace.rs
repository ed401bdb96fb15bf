//! The search for an original in bytes, in every form that it could have taken on the way.
//!
//! Independent of the redactor's own guard on purpose: two wrongs should not agree.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use memchr::memmem;
use serde_json::Value;

/// Bytes to search, in both the cases that matter.
#[derive(Debug)]
pub struct Haystack<'b> {
    bytes: &'b [u8],
    lower: Vec<u8>,
}

impl<'b> Haystack<'b> {
    /// Looks at these bytes.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            lower: bytes.to_ascii_lowercase(),
        }
    }

    /// How `original` shows: the name of the first form that is found.
    pub fn find(&self, original: &str) -> Option<&'static str> {
        let mut found = forms(original)
            .into_iter()
            .filter(|(name, form)| match *name {
                // Letter case carries bits.
                BASE64 => memmem::find(self.bytes, form.as_bytes()).is_some(),
                _ => memmem::find(&self.lower, form.to_ascii_lowercase().as_bytes()).is_some(),
            });
        found.next().map(|(name, _)| name)
    }
}

/// Asserts that none of `originals` shows in `bytes` in any form.
///
/// # Panics
/// When one does; the message holds the original, which is made up.
pub fn assert_none(bytes: &[u8], originals: &[impl AsRef<str>], place: &str) {
    let haystack = Haystack::new(bytes);
    for original in originals {
        let original = original.as_ref();
        if let Some(form) = haystack.find(original) {
            panic!(
                "{place} holds {original:?} ({form}):\n{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

const BASE64: &str = "base64";

fn forms(original: &str) -> Vec<(&'static str, String)> {
    let json = escaped(original);
    let mut forms = vec![
        ("plain", original.to_owned()),
        ("JSON twice", escaped(&json)),
        ("JSON", json),
        ("JSON in ASCII", in_ascii(original)),
        ("percent", percent(original, UNRESERVED)),
        ("percent, all", percent(original, b"")),
        (
            "percent, query",
            percent(original, IN_QUERY).replace(' ', "+"),
        ),
    ];
    // Two bytes before it move every bit: the characters at both ends depend on the neighbours.
    for shift in 0..3 {
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let padded = [&vec![b' '; shift], original.as_bytes()].concat();
            let encoded = engine.encode(padded);
            let from = (shift * 8).div_ceil(6);
            let until = (shift + original.len()) * 8 / 6;
            if let Some(core) = encoded.get(from..until).filter(|core| core.len() >= 8) {
                forms.push((BASE64, core.to_owned()));
            }
        }
    }
    forms
}

/// As it stands inside a JSON string.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(&quoted).to_owned()
}

fn in_ascii(text: &str) -> String {
    let unit = |unit: u16| format!("\\u{unit:04x}");
    let escape = |c: char| {
        c.encode_utf16(&mut [0; 2])
            .iter()
            .map(|u| unit(*u))
            .collect::<String>()
    };
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_string()
            } else {
                escape(c)
            }
        })
        .collect()
}

/// With a triplet for every byte but letters, digits and those of `kept`.
fn percent(text: &str, kept: &[u8]) -> String {
    let encode = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || kept.contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// What RFC 3986 never reserves.
const UNRESERVED: &[u8] = b"-._~";

/// What may also stand in a query, with the space that forms turn into a plus sign.
const IN_QUERY: &[u8] = b"-._~@:/?!$'()*,; ";
