//! Ways to write a value inside another format.

use std::fmt::Write;

/// Appends `value` as it stands inside a JSON string literal (RFC 8259 section 7).
pub(crate) fn json_escaped(value: &str, out: &mut String) {
    for c in value.chars() {
        match short_escape(c) {
            Some(letter) => out.extend(['\\', letter]),
            None if c < ' ' => push_unicode_escape(c as u32, out),
            None => out.push(c),
        }
    }
}

/// Appends `value` with every byte but the unreserved ones as `%XX` (RFC 3986 section 2).
pub(crate) fn percent_encoded(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            push_hex("%", u32::from(byte), 2, out);
        }
    }
}

/// The letter that follows the backslash in a two-character escape.
const fn short_escape(c: char) -> Option<char> {
    match c {
        '"' | '\\' => Some(c),
        '\u{8}' => Some('b'),
        '\u{c}' => Some('f'),
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        _ => None,
    }
}

fn push_unicode_escape(unit: u32, out: &mut String) {
    push_hex("\\u", unit, 4, out);
}

#[expect(clippy::expect_used, reason = "writing to a string cannot fail")]
fn push_hex(prefix: &str, value: u32, width: usize, out: &mut String) {
    write!(out, "{prefix}{value:0width$X}").expect("a string takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(encode: fn(&str, &mut String), value: &str, expected: &str) {
        let mut out = String::new();
        encode(value, &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn json_escapes_quotes_and_controls() {
        check(json_escaped, "a\"\\\n\u{1}ä", "a\\\"\\\\\\n\\u0001ä");
    }

    #[test]
    fn percent_keeps_unreserved_bytes() {
        check(percent_encoded, "a.b@ä b", "a.b%40%C3%A4%20b");
    }
}
