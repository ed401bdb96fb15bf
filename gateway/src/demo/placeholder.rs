//! Finds placeholders such as `[EMAIL_1]` in a text, as anyone who reads it would.

use std::ops::Range;

/// Where each placeholder lies, in bytes of `text`.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices('[') {
        let Some(inside) = text.get(start + 1..) else {
            continue;
        };
        let Some(length) = inside.find(']') else {
            break;
        };
        if inside.get(..length).is_some_and(is_name) {
            found.push(start..start + length + 2);
        }
    }
    found
}

/// Each placeholder once, in order of first appearance.
pub(super) fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for name in places(text).into_iter().filter_map(|place| text.get(place)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The kind in a placeholder: `EMAIL` of `[EMAIL_1]`.
pub(super) fn kind(placeholder: &str) -> &str {
    let name = placeholder.trim_matches(['[', ']']);
    name.rsplit_once('_').map_or(name, |(kind, _)| kind)
}

/// True for `CREDIT_CARD_1`.
fn is_name(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(kind, number)| {
        let is_kind = kind
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        is_kind && !kind.is_empty() && is_number && !number.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_placeholders_are_found() {
        let text = "[EMAIL_1], [CREDIT_CARD_12]'s [x] [A_] [_1] a[0] [EMAIL_1] [PHONE_2";
        assert_eq!(names(text), ["[EMAIL_1]", "[CREDIT_CARD_12]"]);
        assert_eq!(places(text).len(), 3);
        assert_eq!(kind("[CREDIT_CARD_12]"), "CREDIT_CARD");
    }
}
