//! Percent encoding, RFC 3986 section 2.1.

use std::ops::Range;

use super::View;

/// Each token of the text that holds percent encoding, with `%40` read as `@`, and so on. Triplets
/// that are not UTF-8 stay as they are.
pub(crate) fn percent(text: &str) -> Vec<View> {
    let mut views = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('%')) {
        let at = from + at;
        from = at + 1;
        if triplet(text.get(at..).unwrap_or_default()).is_some() {
            let token = token_around(text, at);
            from = token.end;
            views.push(decode(text, token));
        }
    }
    views
}

/// The stretch around `at` without white space.
fn token_around(text: &str, at: usize) -> Range<usize> {
    let (before, after) = text.split_at(at);
    let is_space = |c: char| c.is_ascii_whitespace();
    let start = before.rfind(is_space).map_or(0, |space| space + 1);
    start..after.find(is_space).map_or(text.len(), |space| at + space)
}

fn decode(text: &str, token: Range<usize>) -> View {
    let mut view = View::default();
    let (mut copied, mut at) = (token.start, token.start);
    while let Some(rest) = text.get(at..token.end)
        && let Some(sign) = rest.find('%')
    {
        at += sign;
        if let Some((c, length)) = encoded_char(text.get(at..token.end).unwrap_or_default()) {
            view.push_verbatim(text.get(copied..at).unwrap_or_default(), copied);
            copied = at + length;
            view.push_decoded(c, at..copied);
            at = copied;
        } else {
            at += 1;
        }
    }
    view.push_verbatim(text.get(copied..token.end).unwrap_or_default(), copied);
    view
}

/// The character that the triplets at the start of `text` stand for, and their length.
fn encoded_char(text: &str) -> Option<(char, usize)> {
    let mut bytes = [0; 4];
    for length in 1..=4 {
        *bytes.get_mut(length - 1)? = triplet(text.get((length - 1) * 3..)?)?;
        let decoded = bytes
            .get(..length)
            .and_then(|known| str::from_utf8(known).ok());
        if let Some(c) = decoded.and_then(|decoded| decoded.chars().next()) {
            return Some((c, length * 3));
        }
    }
    None
}

/// The byte that a triplet at the start of `text` stands for.
fn triplet(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex {
        u8::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_to_the_triplets() {
        let text = "see q=%C3%A4%40b&x there";
        let views = percent(text);
        assert_eq!(views[0].text(), "q=ä@b&x");
        assert_eq!(text.get(views[0].original(&(2..6))), Some("%C3%A4%40b"));
        assert_eq!(text.get(views[0].original(&(5..8))), Some("b&x"));
    }

    #[test]
    fn what_is_no_triplet_stays() {
        assert!(percent("100% of %zz and %+1 %").is_empty());
        assert_eq!(percent("%FF%20%")[0].text(), "%FF %");
    }
}
