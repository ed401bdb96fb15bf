//! Characters that are written as the bytes of their UTF-8, each byte as two hexadecimal digits.

/// The character that the encoded bytes at the start of `text` stand for, and their length. Each
/// byte is `sign` and two digits: `%C3%A4`, `=C3=A4`, `\xc3\xa4`.
pub(super) fn encoded_char(text: &str, sign: &str) -> Option<(char, usize)> {
    let width = sign.len() + 2;
    let mut bytes = [0; 4];
    for length in 1..=4 {
        *bytes.get_mut(length - 1)? = encoded_byte(text.get((length - 1) * width..)?, sign)?;
        let decoded = bytes
            .get(..length)
            .and_then(|known| str::from_utf8(known).ok());
        if let Some(c) = decoded.and_then(|decoded| decoded.chars().next()) {
            return Some((c, length * width));
        }
    }
    None
}

fn encoded_byte(text: &str, sign: &str) -> Option<u8> {
    let digits = text.strip_prefix(sign)?.get(..2)?;
    u8::try_from(hex(digits)?).ok()
}

/// The number that hexadecimal digits, and nothing else, stand for.
pub(super) fn hex(digits: &str) -> Option<u32> {
    let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex {
        u32::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_put_together() {
        assert_eq!(encoded_char("%40x", "%"), Some(('@', 3)));
        assert_eq!(encoded_char("=C3=A4", "="), Some(('ä', 6)));
        assert_eq!(encoded_char(r"\xc3\xa4", r"\x"), Some(('ä', 8)));
    }

    #[test]
    fn what_is_no_utf_8_is_no_character() {
        for text in ["%FF%20", "%C3x", "%4", "%+1", "40"] {
            assert_eq!(encoded_char(text, "%"), None, "{text}");
        }
    }
}
