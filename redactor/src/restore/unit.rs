//! One character of an answer, however it is written there.

/// A character, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// In lower case; all white space as a space, all hyphens as one, all apostrophes as one.
    pub(super) folded: char,
    /// In bytes.
    pub(super) length: usize,
    pub(super) is_percent_encoded: bool,
}

/// What the start of a text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Unit(Unit),
    /// The text ends within an escape, if it is one; or it is empty.
    Open,
}

/// Reads the first character of `text`: as it is, behind the backslashes of Markdown or JSON, as
/// `\u` escape, or percent-encoded.
pub(super) fn read(text: &str) -> Reading {
    let Some(first) = text.chars().next() else {
        return Reading::Open;
    };
    match first {
        '\\' => escaped(text),
        '%' => percent_encoded(text),
        _ => unit(first, first.len_utf8()),
    }
}

/// The character as forms are compared.
pub(super) fn fold(c: char) -> char {
    match c {
        'a'..='z' | '0'..='9' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        _ if c.is_whitespace() => ' ',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

fn unit(c: char, length: usize) -> Reading {
    Reading::Unit(Unit {
        folded: fold(c),
        length,
        is_percent_encoded: false,
    })
}

fn escaped(text: &str) -> Reading {
    let bytes = text.as_bytes();
    // One backslash, or one that is itself escaped.
    let backslashes = if bytes.get(1) == Some(&b'\\') { 2 } else { 1 };
    match bytes.get(backslashes) {
        None => Reading::Open,
        Some(b'n' | b'r' | b't') => unit(' ', backslashes + 1),
        Some(b'u') => unicode(text, backslashes + 1),
        Some(&mark) if mark.is_ascii_punctuation() && mark != b'\\' => {
            unit(char::from(mark), backslashes + 1)
        }
        Some(_) => unit('\\', 1),
    }
}

/// Four hexadecimal digits at `start`, or twice that for what UTF-16 writes in two.
fn unicode(text: &str, start: usize) -> Reading {
    let digits = |from: usize| {
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let near = rest.get(..4).unwrap_or(rest);
        let is_open = near.len() < 4 && near.iter().all(u8::is_ascii_hexdigit);
        let number = text
            .get(from..from + 4)
            .map(|four| u16::from_str_radix(four, 16));
        (number.and_then(Result::ok), is_open)
    };
    let (Some(first), _) = digits(start) else {
        return if digits(start).1 {
            Reading::Open
        } else {
            unit('\\', 1)
        };
    };
    if !(0xd800..0xdc00).contains(&first) {
        let c = char::from_u32(u32::from(first));
        return c.map_or(unit('\\', 1), |c| unit(c, start + 4));
    }
    // The second half begins as the first one did.
    let prefix = text.get(..start).unwrap_or_default();
    let rest = text.get(start + 4..).unwrap_or_default();
    if rest.len() < prefix.len() && prefix.starts_with(rest) {
        return Reading::Open;
    }
    let (second, is_open) = digits(start + 4 + prefix.len());
    if rest.starts_with(prefix) && is_open {
        return Reading::Open;
    }
    let both = [first, second.unwrap_or_default()];
    match char::decode_utf16(both).next() {
        Some(Ok(c)) if rest.starts_with(prefix) => unit(c, 2 * (start + 4)),
        _ => unit('\\', 1),
    }
}

fn percent_encoded(text: &str) -> Reading {
    let mut bytes = [0; 4];
    let mut length = 1;
    let mut at = 0;
    while at < length {
        let byte = match percent_byte(text.as_bytes().get(3 * at..).unwrap_or_default()) {
            Ok(byte) => byte,
            Err(reading) => return reading,
        };
        if at == 0 {
            length = match byte {
                0..=0x7f => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                _ => 4,
            };
        }
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        at += 1;
    }
    let decoded = bytes
        .get(..length)
        .and_then(|bytes| str::from_utf8(bytes).ok());
    match decoded.and_then(|text| text.chars().next()) {
        Some(c) => Reading::Unit(Unit {
            folded: fold(c),
            length: 3 * length,
            is_percent_encoded: true,
        }),
        None => unit('%', 1),
    }
}

fn percent_byte(text: &[u8]) -> Result<u8, Reading> {
    let near = text.get(..3).unwrap_or(text);
    let is_digit = |at: usize| near.get(at).is_none_or(u8::is_ascii_hexdigit);
    if !matches!(near.first(), None | Some(b'%')) || !is_digit(1) || !is_digit(2) {
        return Err(unit('%', 1));
    }
    let digits = near
        .get(1..3)
        .and_then(|digits| str::from_utf8(digits).ok());
    let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    byte.ok_or(Reading::Open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(char, usize)>) {
        let got = match read(text) {
            Reading::Unit(unit) => Some((unit.folded, unit.length)),
            Reading::Open => None,
        };
        assert_eq!(got, expected, "{text:?}");
    }

    #[test]
    fn characters_are_read_in_every_form() {
        check("A", Some(('a', 1)));
        check("\u{a0}x", Some((' ', 2)));
        check("\u{2011}", Some(('-', 3)));
        check(r"\.x", Some(('.', 2)));
        check(r"\\_x", Some(('_', 3)));
        check(r"\nx", Some((' ', 2)));
        check(r"\u00E4", Some(('ä', 6)));
        check(r"\ud83d\ude00", Some(('😀', 12)));
        check("%C3%84", Some(('ä', 6)));
        check("%40x", Some(('@', 3)));
    }

    #[test]
    fn what_may_become_an_escape_is_open() {
        for text in [
            "",
            "\\",
            r"\\",
            r"\u",
            r"\u00",
            r"\ud83d",
            r"\ud83d\",
            r"\ud83d\ude",
            "%",
            "%4",
            "%C3",
            "%C3%",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn what_is_no_escape_stands_for_itself() {
        check("% ", Some(('%', 1)));
        check("%4x", Some(('%', 1)));
        check("%C3x", Some(('%', 1)));
        check(r"\x", Some(('\\', 1)));
        check(r"\uzz", Some(('\\', 1)));
        check(r"\ud83dxx", Some(('\\', 1)));
    }
}
