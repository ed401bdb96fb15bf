//! Dates as people and programs write them, in English, German, French, Spanish, Italian, Dutch,
//! Portuguese and Polish; the names of months of some neighbours come along.
//!
//! Guarantees: what is found names a day, a month or a year that exists. Not caught: lone months,
//! seasons, durations ("ten days"), and years without a word that makes them somebody's.

mod calendar;
mod compact;
mod holiday;
mod months;
mod named;
mod numeric;
mod spelled;
mod weekday;
mod year;

pub(super) use compact::RECOGNIZERS as COMPACT;
pub(super) use holiday::RECOGNIZERS as HOLIDAY;
pub(super) use named::RECOGNIZERS as NAMED;
pub(super) use numeric::RECOGNIZERS as NUMERIC;
pub(super) use spelled::RECOGNIZERS as SPELLED;
pub(super) use weekday::RECOGNIZERS as WEEKDAY;
pub(super) use year::RECOGNIZERS as YEAR;

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

/// What all rows for dates share.
const DATE: Recognizer = Recognizer {
    kind: EntityKind::Date,
    ..Recognizer::BASE
};

/// Beginnings of words that announce a date of somebody's life, in the languages of this module.
const EVENTS: &[&str] = &[
    "dob",
    "d.o.b",
    "birth",
    "born",
    "bday",
    "date",
    "dated",
    "today",
    "admi",
    "discharg",
    "died",
    "death",
    "deceas",
    "seen",
    "visit",
    "implant",
    "expir",
    "issued",
    "hired",
    "geb",
    "datum",
    "heute",
    "gestorben",
    "naiss",
    "né ",
    "née",
    "nee ",
    "né(e)",
    "décéd",
    "aujourd",
    "fecha",
    "nacim",
    "nacid",
    "fallec",
    "hoy",
    "f.n",
    "nascita",
    "nato",
    "nata",
    "data",
    "decedut",
    "oggi",
    "geboorte",
    "geboren",
    "overled",
    "vandaag",
    "nascim",
    "nascid",
    "falec",
    "hoje",
    "urodz",
    "ur.",
    "zmar",
    "dzi",
];

/// Words right before a date, in the languages of this module.
const PREPOSITIONS: &[&str] = &[
    "on",
    "by",
    "since",
    "until",
    "till",
    "from",
    "am",
    "vom",
    "seit",
    "bis",
    "le",
    "du",
    "au",
    "depuis",
    "jusqu'au",
    "jusqu’au",
    "el",
    "del",
    "al",
    "desde",
    "hasta",
    "il",
    "dal",
    "fino",
    "op",
    "sinds",
    "tot",
    "em",
    "até",
    "dnia",
    "od",
    "do",
    "dia",
    "día",
];

/// Words right before something that only looks like a date.
const NOT_DATES: &[&str] = &[
    "version",
    "v",
    "ver",
    "release",
    "rev",
    "section",
    "chapter",
    "ip",
    "figure",
    "table",
    "rfc",
    "§",
    "art",
    "abschnitt",
    "kapitel",
    "ratio",
];

/// The last word before the value, in lower case; empty when none is near on the line.
fn word_before(candidate: &Candidate<'_>) -> String {
    let before = candidate.before();
    let near = before.floor_char_boundary(before.len().saturating_sub(LONGEST_WORD));
    let before = before.get(near..).unwrap_or_default();
    let before = before.trim_end_matches([' ', '(', ':', '.']);
    let start = before
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | ',' | ';' | '"' | '='))
        .map_or(0, |at| before.ceil_char_boundary(at + 1));
    before.get(start..).unwrap_or_default().to_lowercase()
}

/// No word that a date looks for before it is longer, in bytes, with what stands between.
const LONGEST_WORD: usize = 24;

/// True when a preposition stands right before the value, or an event's word shortly before.
fn is_announced(candidate: &Candidate<'_>) -> bool {
    PREPOSITIONS.contains(&word_before(candidate).as_str()) || candidate.has_context(EVENTS)
}

/// True in `## [1.2.0] - 2024-01-15`: the date of a release is nobody's.
fn is_change_log_heading(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before();
    let near = before.floor_char_boundary(before.len().saturating_sub(LINE));
    let before = before.get(near..).unwrap_or_default();
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    line.trim_start().starts_with(['#', '=', '*']) && line.contains(|c: char| c.is_ascii_digit())
}

/// How much of a line is looked at, in bytes.
const LINE: usize = 160;
