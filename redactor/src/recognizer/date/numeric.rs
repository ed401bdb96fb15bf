//! Dates in digits with separators: ISO 8601 with or without a time, `d/m/y`, `m/d/y`, `y/m/d`.

use super::{Anchor, Candidate, DATE, EVENTS, NOT_DATES, Recognizer, Verdict};
use super::{LINE, calendar, is_announced, is_change_log_heading, word_before};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "date_numeric",
        anchor: Anchor::Digits(4),
        before: 8,
        after: 24,
        pattern: concat!(
            r"\b(?:",
            // Year first. Seconds or a `T` make the time a part of it.
            r"[0-9]{4}(?:-[0-9]{1,2}-|/[0-9]{1,2}/|\.[0-9]{1,2}\.)[0-9]{1,2}",
            r"(?:(?:[Tt][0-9]{2}:[0-9]{2}|[ ][0-9]{2}:[0-9]{2}:[0-9]{2})(?::[0-9]{2})?(?:[.,][0-9]{1,9})?",
            r"(?: ?(?:[Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?)?",
            // `18 - 29/03/2020`
            r"|(?:[0-9]{1,2} ?(?:-|–|to|and|bis|und|au|et|al|y|a|e|t/m|do) ?)??",
            r"[0-9]{1,2} ?[/.|-] ?[0-9]{1,2} ?[/.|-] ?(?:[0-9]{4}|[0-9]{2})",
            r"|[0-9]{1,2} [0-9]{1,2} [0-9]{4}",
            // Digit by digit, as read from a form with one box a digit.
            r"|[0-3] [0-9](?: [./-])? [01] [0-9](?: [./-])? [12](?: [0-9]){3}",
            r")\b",
        ),
        validate: numeric,
        check: "a day that exists",
        score: 0.75,
        examples: &[
            "due 2021-05-21",
            "at 2024-06-05T09:15:30.500-07:00",
            "When: 1997-02-21 14:02:26",
            "1948/08/15",
            "12/5/38",
            "seen 31.12.1999.",
            "du 18 au 29/03/2020",
            "(03/01/2012)",
            "Today is 21.5.21",
            "el 21-03-07",
            "12/03 /2017",
            "jusqu'au 20 12 2003",
            "2 9 0 2 1 9 9 6",
            "birthDate <- 3.4.85",
        ],
        counter_examples: &[
            "version 1.2.10",
            "1.24.3 to 2.0.11",
            "2024-13-01",
            "31/02/2020",
            "192.12.20.15",
            "404-12-2109",
            "sort code 20-12-34",
            "https://example.com/2024/01/15/title",
            "v2024.1.15",
            "1-2-2020-4",
            "| 10 | 12 | 2020 |",
            "## [1.2.0] - 2024-01-15",
            "2024-01-15T10:00:00Z INFO started",
            "12 10 2000 items",
        ],
        ..DATE
    },
    Recognizer {
        name: "date_partial",
        anchor: Anchor::Digits(2),
        before: 12,
        after: 4,
        pattern: concat!(
            // `am 6.5.`, `du 12/03`; `au 1/3 moyen` is a fraction.
            r"\b(?:(?i:am|vom|zum|bis|seit|le|du|au|el|del|il|dal|op|em|dnia|on|since|until) ",
            r"((?:0[1-9]|[12][0-9]|3[01])[./](?:0[1-9]|1[0-2])\b|[0-3]?[0-9]\.[01]?[0-9]\.)",
            // Courses and sessions of a treatment, as clinicians number them: `C2 13/04`.
            r"|[CSJ][0-9]{1,2} ([0-3]?[0-9] ?[/.] ?[01]?[0-9])\b",
            // `admitted 2/14`, `Termin: 05.11.`
            r"|(?i:admitted|discharged|seen|visit|appointment|appt|rdv|cita|termin|den)(?: on| le| am|:)? ",
            r"((?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|[12][0-9]|3[01])\b|[0-3][0-9]\.[01][0-9]\.)",
            // Month and year.
            r"|((?:0?[1-9]|1[0-2]) ?[/.-] ?(?:19|20)[0-9]{2})\b)",
        ),
        validate: partial,
        check: "a day or month that exists",
        score: 0.6,
        examples: &[
            "Termin am 6.5. um 10 Uhr",
            "consultation du 12/03",
            "vom 03.05. bis",
            "C7 13 / 03 C8 13/04",
            "S9 29/ 06",
            "born 05/1986",
            "né en 3/1990",
            "admitted 2/14 and sent home",
            "Termin: 05.11., 14:30 Uhr",
        ],
        counter_examples: &[
            "au 1/3 moyen",
            "on 24/7",
            "am 6.5.2",
            "le 1.25 fois",
            "du 12/031",
            "C7 32/03",
            "S9 1/5/10",
            "AC7 13/04",
            "see 05/1986",
            "born 01/05/19867",
            "seen 31/45 of them",
            "visit 2/14/3",
        ],
        ..DATE
    },
    // As cards bear it (ISO/IEC 7813: expiry as year and month).
    Recognizer {
        name: "date_expiry",
        anchor: Anchor::Literals(&[
            "expir",
            "exp ",
            "exp:",
            "exp.",
            "exp=",
            "d thru",
            "gültig bis",
            "válida hasta",
        ]),
        before: 8,
        after: 24,
        pattern: concat!(
            r"(?i)\b(?:exp|expires|expiry|expiration|valid thru|good thru|gültig bis|válida hasta)",
            r"(?: date)?[.:]?[ =]{0,2}((?:0[1-9]|1[0-2])[/-](?:20)?[0-9]{2})\b",
        ),
        validate: |candidate| Verdict::plausible_if(!is_joined(candidate)),
        check: "a month",
        score: 0.6,
        examples: &[
            "Expires: 05/27",
            "card 4111, exp 04/2031",
            "VALID THRU 09/30",
        ],
        counter_examples: &["exp 13/27", "expired 05/27", "exp 05/27/30"],
        ..DATE
    },
];

fn numeric(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_other = !candidate.stands_alone("_")
        || is_joined(candidate)
        || NOT_DATES.contains(&word_before(candidate).as_str())
        || is_log_stamp(candidate)
        || is_change_log_heading(candidate);
    if is_other {
        return Verdict::Reject;
    }
    let fields = fields(value);
    let of = |field: &&str| field.parse::<u32>().unwrap_or(0);
    let is_valid = match fields.as_slice() {
        [year, month, day, ..] if year.len() == 4 => {
            let is_day = calendar::is_day(of(month), of(day));
            let is_version = value.contains('.') && (month.len() == 1 || day.len() == 1);
            calendar::is_year(of(year)) && is_day && (!is_version || is_announced(candidate))
        }
        [first, second, year] | [_, first, second, year] if year.len() > 1 => {
            let is_day = calendar::is_day_in_any_order(of(first), of(second));
            let is_year = year.len() == 2 || calendar::is_year(of(year));
            let is_cells = value.contains(" | ") && !value.contains('/');
            let is_plain = value.contains('/') || (year.len() == 4 && has_separator(value));
            is_day && is_year && !is_cells && (is_plain || is_announced(candidate))
        }
        // Digit by digit.
        _ => is_compact(&fields.concat()),
    };
    Verdict::plausible_if(is_valid)
}

fn partial(candidate: &Candidate<'_>) -> Verdict {
    let goes_on = candidate.after().starts_with(|c: char| c.is_alphanumeric());
    let fields = fields(candidate.value());
    let of = |at: usize| {
        fields
            .get(at)
            .and_then(|field| field.parse().ok())
            .unwrap_or(0)
    };
    let is_date = match fields.as_slice() {
        [_, year] if year.len() == 4 => candidate.has_context(EVENTS),
        _ => calendar::is_day_in_any_order(of(1), of(0)),
    };
    Verdict::plausible_if(is_date && !goes_on && !is_joined(candidate))
}

/// The runs of digits.
fn fields(value: &str) -> Vec<&str> {
    let parts = value.split(|c: char| !c.is_ascii_digit());
    parts.filter(|part| !part.is_empty()).collect()
}

fn has_separator(value: &str) -> bool {
    value.contains(['/', '.', '-', '|'])
}

/// True for eight digits that read as day, month, year.
fn is_compact(digits: &str) -> bool {
    let number = |range| digits.get(range).and_then(|part: &str| part.parse().ok());
    let (day, month, year) = (number(0..2), number(2..4), number(4..8));
    calendar::is_day(month.unwrap_or(0), day.unwrap_or(0)) && calendar::is_year(year.unwrap_or(0))
}

/// True when the value is a part of a longer number or of a path.
fn is_joined(candidate: &Candidate<'_>) -> bool {
    let (before, after) = (candidate.before(), candidate.after());
    let is_digit = |c: char| c.is_ascii_digit();
    // Single digits come in rows of several values.
    let is_plain = !has_separator(candidate.value()) && fields(candidate.value()).len() == 3;
    let joined_before = before
        .strip_suffix(['-', '.'])
        .is_some_and(|rest| rest.ends_with(char::is_alphanumeric))
        || (is_plain
            && before
                .strip_suffix(' ')
                .is_some_and(|rest| rest.ends_with(is_digit)));
    let joined_after = after
        .strip_prefix(['-', '.', ':'])
        .is_some_and(|rest| rest.starts_with(is_digit))
        // One more number after spaces would be one more field.
        || (is_plain && after.strip_prefix(' ').is_some_and(|rest| rest.starts_with(is_digit)));
    joined_before || joined_after || before.ends_with('/') || after.starts_with('/')
}

/// True for the time stamp at the beginning of a line of a log: it tells about a machine.
fn is_log_stamp(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before().trim_end_matches(['[', '(', '"']);
    let begins_line = before.is_empty() || before.ends_with('\n');
    begins_line && candidate.value().contains(':') && {
        let rest = candidate.after().chars().take(LINE);
        rest.take_while(|&c| c != '\n').any(char::is_alphabetic)
    }
}
