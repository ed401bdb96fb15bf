//! Why a rule took or left a place of a text, in words.

use std::borrow::Cow;

use redactor::explain::{Evidence, Explanation, Outcome};
use redactor::rules::Description;

/// One line, without any of the text. `rule` is what made the explanation.
pub(super) fn reason(place: &Explanation, rule: Option<&Description<'_>>) -> Cow<'static, str> {
    let validator = rule
        .map(|rule| rule.validator)
        .filter(|check| !check.is_empty());
    match &place.evidence {
        Evidence::Context(word) => {
            format!("its form, and the word \u{201c}{word}\u{201d} by it").into()
        }
        Evidence::Validated => match validator {
            Some(validator) => format!("its form and check ({validator}) leave no doubt").into(),
            None => "its form leaves no doubt".into(),
        },
        Evidence::Pattern if place.outcome == Outcome::Dropped => match rule.and_then(context) {
            Some(words) => {
                format!("its form alone is not enough; a word such as {words} would be").into()
            }
            None => "its form alone is not enough".into(),
        },
        Evidence::Pattern => match validator {
            Some(validator) => format!("its form; the check ({validator}) holds").into(),
            None => "its form".into(),
        },
        Evidence::Rejected => match validator {
            Some(validator) => format!("the form fits, the check ({validator}) does not").into(),
            None => "the form fits, the check does not".into(),
        },
        Evidence::OtherReading => {
            "seen when the text is decoded, normalized, or joined to its neighbours".into()
        }
    }
}

/// The reason of a finding that no rule made: the value was found in another place.
pub(super) const REPEATED: &str = "the same value was found in another place";

/// The reason of a finding of the tagger's.
pub(super) const TAGGED: &str = "the learned tagger read it so, by the words around it";

/// A few of the context words.
fn context(rule: &Description<'_>) -> Option<String> {
    let mut words: Vec<String> = rule
        .context
        .iter()
        .take(SHOWN)
        .map(|word| format!("\u{201c}{word}\u{201d}"))
        .collect();
    let last = words.pop()?;
    if words.is_empty() {
        return Some(last);
    }
    Some(format!("{} or {last}", words.join(", ")))
}

const SHOWN: usize = 3;
