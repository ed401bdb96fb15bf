//! Escaped characters of the usual formats, all read in one pass:
//!
//! - JSON (RFC 8259 section 7) and programming languages: `\u0040`, `\u{40}`, `\x40`, `\100`, `\n`;
//!   Markdown: `\_`;
//! - HTML (the standard's section 13.5): `&#64;`, `&#x40;`, `&commat;`;
//! - URLs (RFC 3986 section 2.1): `%40`;
//! - quoted-printable (RFC 2045 section 6.7): `=40`, and `=` at the end of a line.
//!
//! What is no escape stays. Escapes of escapes take another pass.

use std::iter;

use memchr::{memchr, memchr3};

use super::{
    Edit, View,
    bytes::{encoded_char, hex},
};

/// The text with its escapes read, or `None` where it holds none; those of quoted-printable apart.
pub(crate) fn unescaped(text: &str) -> Option<View> {
    let next_sign = |text: &[u8]| memchr3(b'\\', b'&', b'%', text);
    View::near_edits(text, escapes(text, next_sign))
}

/// The text with quoted-printable read, or `None` where it holds none. A reading of its own, as `=`
/// has another meaning in most texts: in `q=212%2D555` it is no `!`.
pub(crate) fn unquoted(text: &str) -> Option<View> {
    View::near_edits(text, escapes(text, |text| memchr(b'=', text)))
}

/// The escapes of a text that begin with a sign, in order.
fn escapes(text: &str, next_sign: impl Fn(&[u8]) -> Option<usize>) -> impl Iterator<Item = Edit> {
    let (mut at, mut last_end) = (0, 0);
    iter::from_fn(move || {
        while let Some(sign) = next_sign(text.as_bytes().get(at..)?) {
            let start = at + sign;
            let is_in_run = start > 0 && start == last_end;
            if let Some((to, length)) = escaped(text.get(start..).unwrap_or_default(), is_in_run) {
                at = start + length;
                last_end = at;
                return Some(Edit {
                    span: start..at,
                    to,
                });
            }
            at = start + 1;
        }
        None
    })
}

/// What the escape at the start of `text` stands for, and its length. `is_in_run`: another one ends
/// right before it.
fn escaped(text: &str, is_in_run: bool) -> Option<(Option<char>, usize)> {
    let (c, length) = match text.as_bytes().first()? {
        b'\\' => backslash(text)?,
        b'&' => reference(text)?,
        b'%' => encoded_char(text, "%")?,
        _ => match soft_break(text) {
            Some(length) => return Some((None, length)),
            None => quoted_printable(text, is_in_run)?,
        },
    };
    let is_text = !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    is_text.then_some((Some(c), length))
}

/// `=40`. Upper-case digits only, as the format demands, and no letter, digit or space, which nobody
/// has to write so: in `ip=203` and `key=5a` the sign means something else. Where all characters are
/// written so (`=6A=61`), they count.
fn quoted_printable(text: &str, is_in_run: bool) -> Option<(char, usize)> {
    let (c, length) = encoded_char(text, "=")?;
    let is_upper = !text
        .get(..length)?
        .bytes()
        .any(|byte| byte.is_ascii_lowercase());
    let needs_it = !c.is_ascii_alphanumeric() && c != ' ';
    let is_in_run = is_in_run || encoded_char(text.get(length..)?, "=").is_some();
    (is_upper && (needs_it || is_in_run)).then_some((c, length))
}

fn backslash(text: &str) -> Option<(char, usize)> {
    let sign = text.chars().nth(1)?;
    match sign {
        'n' => Some(('\n', 2)),
        'r' => Some(('\r', 2)),
        't' => Some(('\t', 2)),
        'u' => code_point_in_braces(text).or_else(|| utf_16(text)),
        'U' => Some((char::from_u32(hex(text.get(2..10)?)?)?, 10)),
        'x' => encoded_char(text, r"\x"),
        '0'..='7' => octal(text),
        _ => sign.is_ascii_punctuation().then_some((sign, 2)),
    }
}

/// `\u{1F600}`.
fn code_point_in_braces(text: &str) -> Option<(char, usize)> {
    let (digits, _) = text
        .strip_prefix(r"\u{")?
        .get(..MAX_REFERENCE)?
        .split_once('}')?;
    Some((char::from_u32(hex(digits)?)?, r"\u{}".len() + digits.len()))
}

/// `\u0040`, or a pair of surrogates.
fn utf_16(text: &str) -> Option<(char, usize)> {
    let unit = code_unit(text)?;
    if let Some(c) = char::from_u32(unit) {
        return Some((c, UNIT_LENGTH));
    }
    let second = code_unit(text.get(UNIT_LENGTH..)?)?;
    let pair = [u16::try_from(unit).ok()?, u16::try_from(second).ok()?];
    let c = char::decode_utf16(pair).next()?.ok()?;
    Some((c, 2 * UNIT_LENGTH))
}

fn code_unit(text: &str) -> Option<u32> {
    hex(text.strip_prefix(r"\u")?.get(..4)?)
}

/// `\100`, of printable ASCII only: most numbers behind a backslash are something else.
fn octal(text: &str) -> Option<(char, usize)> {
    let digits = text.get(1..4)?;
    let code = u8::from_str_radix(digits, 8).ok()?;
    (b' '..=b'~')
        .contains(&code)
        .then_some((char::from(code), 4))
}

/// A character reference of HTML. Browsers read numbers without a semicolon too.
fn reference(text: &str) -> Option<(char, usize)> {
    let Some(number) = text.strip_prefix("&#") else {
        let near = text.get(1..text.floor_char_boundary(MAX_NAME + 2))?;
        let (name, _) = near.split_once(';')?;
        let (_, c) = NAMED.iter().find(|(known, _)| *known == name)?;
        return Some((*c, name.len() + 2));
    };
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
    let length = digits
        .bytes()
        .take(MAX_REFERENCE)
        .take_while(is_digit)
        .count();
    let code = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
    let end = text.len() - digits.len() + length;
    let semicolon = usize::from(text.get(end..)?.starts_with(';'));
    Some((char::from_u32(code)?, end + semicolon))
}

/// The length of an `=` that ends a line, with its line end.
fn soft_break(text: &str) -> Option<usize> {
    ["=\r\n", "=\n"]
        .iter()
        .find(|end| text.starts_with(**end))
        .map(|end| end.len())
}

const UNIT_LENGTH: usize = r"\u0040".len();

/// `1114111` is the longest there is; more leading zeros than these nobody writes.
const MAX_REFERENCE: usize = 9;

const MAX_NAME: usize = 8;

/// The names for characters that values are made of or that stand beside them, from the table in
/// section 13.5 of the HTML standard.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dash", '\u{2010}'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("equals", '='),
    ("gt", '>'),
    ("hyphen", '\u{2010}'),
    ("lbrack", '['),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lsqb", '['),
    ("lt", '<'),
    ("mdash", '\u{2014}'),
    ("minus", '\u{2212}'),
    ("nbsp", '\u{a0}'),
    ("ndash", '\u{2013}'),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quot", '"'),
    ("rbrack", ']'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
    ("thinsp", '\u{2009}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
    ("NewLine", '\n'),
    ("Tab", '\t'),
    ("UnderBar", '_'),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, decoded: &str) {
        assert_eq!(unescaped(text).unwrap().text(), decoded);
    }

    #[test]
    fn backslash_escapes_are_read() {
        check(r"jane\u0040example.com", "jane@example.com");
        check(r"jane\u{40}example.com", "jane@example.com");
        check(r"jane\U00000040example.com", "jane@example.com");
        check(r"jane\x40example.com", "jane@example.com");
        check(r"jane\100example.com", "jane@example.com");
        check(r"https:\/\/x", "https://x");
        check(r"jane\_doe", "jane_doe");
        check(r"a\nb \\n", "a\nb \\n");
        check(r"\ud83d\ude00!", "😀!");
    }

    #[test]
    fn references_are_read() {
        check("jane&#64;example.com", "jane@example.com");
        check("jane&#x40;example.com", "jane@example.com");
        check("jane&#64 example", "jane@ example");
        check("jane&commat;example&period;com", "jane@example.com");
        check("a&amp;commat;", "a&commat;");
    }

    #[test]
    fn percent_and_quoted_printable_are_read() {
        check("q=%C3%A4%40b&x", "q=ä@b&x");
        let unquoted = |text| unquoted(text).unwrap().text().to_owned();
        assert_eq!(unquoted("j=C3=BCrg=40b"), "jürg@b");
        assert_eq!(unquoted("=6A=61=6E=65=20=44, =41"), "jane D, =41");
        assert_eq!(unquoted("long li=\r\nne"), "long line");
        check("q=212%2D555", "q=212-555");
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
            "a && b &# &#; &#x; &nosuch;",
            r"\ud800 alone",
            "&#99999999;",
            "100% of %zz and %+1 %",
            "a = b == c, x=10",
        ] {
            assert!(unescaped(text).is_none(), "{text}");
        }
    }
}
