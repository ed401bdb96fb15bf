//! Days of the week that stand for a date: `on Tuesday`, `next Friday`, `am Montag`.

use super::{Anchor, DATE, Recognizer, months};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "date_weekday",
    anchor: Anchor::Literals(&[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
    ]),
    before: 12,
    after: 0,
    pattern: concat!(
        r"(?i)\b(?:on|this|next|last|by|until|since|meet|am|bis|seit|nächsten|letzten) (",
        months::weekday!(),
        r")\b",
    ),
    score: 0.55,
    examples: &["on Tuesday morning", "we'll meet friday", "am Montag"],
    counter_examples: &["Black Friday sales", "on Tuesdays", "Sunday school"],
    ..DATE
}];
