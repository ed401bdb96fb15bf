//! Bytes with one layer of escapes taken off, and the way back.

use memchr::memchr;

/// Decoded bytes.
#[derive(Debug)]
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    /// Behind each escape: the place in `bytes`, and the place it was read from.
    marks: Vec<(usize, usize)>,
}

impl View {
    /// With the escapes of JSON strings read (RFC 8259 section 7), wherever they stand; `None` when
    /// there are none. What is no escape stays as it is.
    pub(super) fn json(bytes: &[u8]) -> Option<Self> {
        Self::decode(bytes, b'\\', json_escape)
    }

    /// With percent-encoded bytes read (RFC 3986 section 2.1); `None` when there are none.
    pub(super) fn percent(bytes: &[u8]) -> Option<Self> {
        Self::decode(bytes, b'%', percent_escape)
    }

    fn decode(bytes: &[u8], sign: u8, read: fn(&[u8], &mut Vec<u8>) -> usize) -> Option<Self> {
        let mut view = Self {
            bytes: Vec::new(),
            marks: Vec::new(),
        };
        let (mut copied, mut from) = (0, 0);
        while let Some(next) = memchr(sign, bytes.get(from..)?) {
            let at = from + next;
            let rest = bytes.get(at..)?;
            // Nothing is copied before it is known that there is something to decode.
            let mut decoded = Vec::new();
            let length = read(rest, &mut decoded);
            from = at + length.max(1);
            if length > 0 {
                view.bytes.extend_from_slice(bytes.get(copied..at)?);
                view.bytes.append(&mut decoded);
                view.marks.push((view.bytes.len(), from));
                copied = from;
            }
        }
        if view.marks.is_empty() {
            return None;
        }
        view.bytes.extend_from_slice(bytes.get(copied..)?);
        Some(view)
    }

    /// Where the decoded byte at `at` was read from: its escape's first byte.
    pub(super) fn origin(&self, at: usize) -> usize {
        let behind = self.marks.partition_point(|&(decoded, _)| decoded <= at);
        let (decoded, source) = match behind.checked_sub(1) {
            Some(last) => self.marks.get(last).copied().unwrap_or_default(),
            None => (0, 0),
        };
        source + (at - decoded)
    }
}

/// Appends what the escape at the start of `text` means; returns its length, 0 when it is none.
fn json_escape(text: &[u8], out: &mut Vec<u8>) -> usize {
    let c = match text.get(1) {
        Some(b'u') => return unicode_escape(text, out),
        Some(&byte @ (b'"' | b'\\' | b'/')) => byte,
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        _ => return 0,
    };
    out.push(c);
    2
}

fn unicode_escape(text: &[u8], out: &mut Vec<u8>) -> usize {
    let unit = |at: usize| match text.get(at..at + 6) {
        Some([b'\\', b'u', digits @ ..]) => digits.iter().try_fold(0, |unit: u16, &digit| {
            Some(unit << 4 | u16::from(hex_digit(digit)?))
        }),
        _ => None,
    };
    let Some(first) = unit(0) else { return 0 };
    let both = [first, unit(6).unwrap_or_default()];
    let Some(Ok(c)) = char::decode_utf16(both).next() else {
        return 0;
    };
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    6 * c.len_utf16()
}

fn percent_escape(text: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(&[_, high, low]) = text.get(..3) else {
        return 0;
    };
    let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low)) else {
        return 0;
    };
    out.push(high << 4 | low);
    3
}

/// The value of a hexadecimal digit of either case.
pub(super) const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(decode: fn(&[u8]) -> Option<View>, text: &str, expected: Option<&str>) {
        let view = decode(text.as_bytes()).map(|view| String::from_utf8(view.bytes).unwrap());
        assert_eq!(view.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn json_escapes_are_read() {
        check(View::json, r#"a\"b\\n\/\n"#, Some("a\"b\\n/\n"));
        check(View::json, r"zo\u00eb \uD834\uDD1E", Some("zoë 𝄞"));
    }

    #[test]
    fn what_is_no_escape_stays() {
        check(View::json, "plain", None);
        check(View::json, r"\x \u12 \uD834 \", None);
        check(View::json, r"\uDD1E\uD834\u0041", Some(r"\uDD1E\uD834A"));
        check(View::percent, "100 % 5%zz", None);
        check(View::percent, "a%20b%4", Some("a b%4"));
    }

    #[test]
    fn places_lead_back() {
        let view = View::json(br"ab\ncd\u0041e").unwrap();
        let origins: Vec<_> = (0..view.bytes.len()).map(|at| view.origin(at)).collect();
        assert_eq!(origins, [0, 1, 2, 4, 5, 6, 12]);
    }
}
