//! Escaped characters: `\u0040` as in JSON and most programming languages (RFC 8259 section 7), and
//! numeric character references of HTML (`&#64;`, `&#x40;`).

use super::View;

/// The text with its escapes read, or `None` where it holds none. What is no escape stays.
pub(crate) fn unescaped(text: &str) -> Option<View> {
    let mut view = View::default();
    let (mut copied, mut at) = (0, 0);
    while let Some(rest) = text.get(at..)
        && let Some(sign) = rest.find(['\\', '&'])
    {
        at += sign;
        let Some((c, length)) = escaped_char(text.get(at..).unwrap_or_default()) else {
            at += 1;
            continue;
        };
        view.push_verbatim(text.get(copied..at).unwrap_or_default(), copied);
        copied = at + length;
        view.push_decoded(c, at..copied);
        at = copied;
    }
    if copied == 0 {
        return None;
    }
    view.push_verbatim(text.get(copied..).unwrap_or_default(), copied);
    Some(view)
}

/// The character that the escape at the start of `text` stands for, and the escape's length.
fn escaped_char(text: &str) -> Option<(char, usize)> {
    if let Some(reference) = text.strip_prefix("&#") {
        return referenced_char(reference).map(|(c, length)| (c, "&#".len() + length));
    }
    if text.starts_with(r"\/") {
        return Some(('/', 2));
    }
    let unit = code_unit(text)?;
    if let Some(c) = char::from_u32(unit) {
        return Some((c, UNIT_LENGTH));
    }
    // The first half of a surrogate pair; the second must follow.
    let second = code_unit(text.get(UNIT_LENGTH..)?)?;
    let pair = [u16::try_from(unit).ok()?, u16::try_from(second).ok()?];
    let c = char::decode_utf16(pair).next()?.ok()?;
    Some((c, 2 * UNIT_LENGTH))
}

/// The UTF-16 code unit of a `\uXXXX` at the start of `text`.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    digits
        .bytes()
        .all(|b| b.is_ascii_hexdigit())
        .then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}

/// The character of a reference behind its `&#`, and the length up to its semicolon.
fn referenced_char(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(MAX_REFERENCE).position(|b| b == b';')?;
    let number = text.get(..end)?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
            u32::from_str_radix(digits, 16).ok()?
        }
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
        Some(_) | None => return None,
    };
    char::from_u32(code).map(|c| (c, end + 1))
}

const UNIT_LENGTH: usize = r"\u0040".len();

/// `1114111;` is the longest there is; leading zeros beyond this nobody writes.
const MAX_REFERENCE: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, decoded: &str) {
        assert_eq!(unescaped(text).unwrap().text(), decoded);
    }

    #[test]
    fn escapes_are_read() {
        check(r"jane\u0040example.com", "jane@example.com");
        check("jane&#64;example.com", "jane@example.com");
        check("jane&#x40;example.com", "jane@example.com");
        check(r"https:\/\/x", "https://x");
        check(r"\ud83d\ude00!", "😀!");
    }

    #[test]
    fn spans_lead_back_to_the_escapes() {
        let text = r"to j\u00fcrg\u0040b";
        let view = unescaped(text).unwrap();
        assert_eq!(view.text(), "to jürg@b");
        assert_eq!(text.get(view.original(&(3..10))), Some(r"j\u00fcrg\u0040b"));
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in [
            r"C:\users\u12",
            "a && b &# &#; &#x;",
            r"\ud800 alone",
            "&#99999999;",
        ] {
            assert!(unescaped(text).is_none(), "{text}");
        }
    }
}
