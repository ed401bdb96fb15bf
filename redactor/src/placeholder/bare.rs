//! Placeholders that lost their brackets.
//!
//! Without them, `EMAIL_1` may as well be a name in somebody's code. It is read only where it
//! stands alone, exactly as it was written, and not where code would give or take a value. No text
//! of the request holds that name, or the placeholder had not been handed out: so only the model
//! can have written it, and the placeholder is all that it can have meant.

use super::{MAX_DIGITS, Placeholder, Reader, Reading, Step, Stop, kinds::MAX_NAME};
use crate::EntityKind;

/// Reads a placeholder of one of these kinds at byte `at` of `text`, without brackets. `is_all`
/// says that no more of the text comes.
pub(crate) fn read_bare(kinds: &[EntityKind], text: &str, at: usize, is_all: bool) -> Reading {
    let bytes = text.as_bytes();
    let rest = bytes.get(at..).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|last| bytes.get(last));
    if before.is_some_and(|byte| b"_$@#&%./\\-{".contains(byte)) {
        return Reading::Other;
    }
    for &kind in kinds {
        let name = kind.name().as_bytes();
        let shared = rest.len().min(name.len());
        if rest.get(..shared) != name.get(..shared) {
            continue;
        }
        let mut reader = Reader {
            text: rest,
            at: shared,
            escapes: 0,
        };
        return match reader.bare_number(is_all) {
            // The end of the text may have cut `[EMAIL_12]`.
            Ok(_) if before == Some(&b'[') && reader.at == rest.len() => Reading::Other,
            Ok(number) => Reading::Placeholder {
                placeholder: Placeholder { kind, number },
                length: reader.at,
                is_percent_encoded: false,
            },
            Err(Stop::End) => Reading::Open,
            Err(Stop::Mismatch) => Reading::Other,
        };
    }
    Reading::Other
}

/// Every placeholder whose name stands in a text without brackets, in any letter case.
pub(crate) fn bare_names(text: &str) -> impl Iterator<Item = Placeholder> {
    memchr::memchr_iter(b'_', text.as_bytes()).filter_map(|at| {
        let (before, after) = text.split_at_checked(at)?;
        let digits = after
            .get(1..)?
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let number = after.get(1..=digits)?.parse().ok()?;
        let letters = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
        let length = before
            .bytes()
            .rev()
            .take(MAX_NAME + 2)
            .take_while(letters)
            .count();
        let name = before.get(before.len() - length..)?.to_ascii_uppercase();
        let is_named = |kind: &EntityKind| name.ends_with(kind.name());
        let kind = EntityKind::ALL.iter().copied().find(is_named)?;
        Some(Placeholder { kind, number })
    })
}

impl Reader<'_> {
    /// The underscore and number behind a name without brackets, and nothing that goes on with it.
    fn bare_number(&mut self, is_all: bool) -> Step<u32> {
        if !self.eat("_")? {
            return Err(Stop::Mismatch);
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, after) = rest.split_at_checked(digits).unwrap_or((rest, &[]));
        match after {
            [] | [b' '] if !is_all => return Err(Stop::End),
            [b'_' | b'(' | b'=', ..] | [b' ', b'=', ..] => return Err(Stop::Mismatch),
            [byte, ..] if byte.is_ascii_alphanumeric() => return Err(Stop::Mismatch),
            _ => self.at += digits.len(),
        }
        let is_number = (1..=MAX_DIGITS).contains(&digits.len()) && !digits.starts_with(b"0");
        let number = str::from_utf8(digits).ok().filter(|_| is_number);
        number
            .and_then(|digits| digits.parse().ok())
            .ok_or(Stop::Mismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_bare(text: &str, expected: Option<u32>) {
        let at = text.find("EMAIL").unwrap();
        let number = match read_bare(&[EntityKind::Email], text, at, true) {
            Reading::Placeholder { placeholder, .. } => Some(placeholder.number),
            Reading::Open | Reading::Other => None,
        };
        assert_eq!(number, expected, "{text:?}");
    }

    #[test]
    fn names_alone_are_read_without_brackets() {
        for text in [
            "EMAIL_1",
            "**EMAIL_1**",
            "\"EMAIL_1\"",
            "<EMAIL_1>",
            "(EMAIL_1)",
            "EMAIL_1's",
            "EMAIL_1.",
            "[EMAIL_1, EMAIL_2]",
        ] {
            check_bare(text, Some(1));
        }
    }

    #[test]
    fn names_in_code_and_other_forms_are_not_read() {
        for text in [
            "EMAIL_1 = 5",
            "EMAIL_1=5",
            "$EMAIL_1",
            "MY_EMAIL_1",
            "EMAIL_1_B",
            "EMAIL_1b",
            "EMAIL_01",
            "EMAIL_",
            "EMAIL_1()",
            "x.EMAIL_1",
            "{EMAIL_1}",
            "[EMAIL_1",
            "EMAIL 1",
            "EMAILS_1",
        ] {
            check_bare(text, None);
        }
    }

    #[test]
    fn bare_names_are_found_in_any_case() {
        let names = |text| {
            bare_names(text)
                .map(|name| name.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("my_email_1 = credit_card_22;"),
            ["[EMAIL_1]", "[CREDIT_CARD_22]"]
        );
        assert!(names("snake_case _1 email_ é_1 __").is_empty());
    }
}
