//! Dates in one run of digits: `yyyymmdd` (ISO 8601 basic, HL7, DICOM), `ddmmyyyy`.

use super::{Anchor, Candidate, DATE, PREPOSITIONS, Recognizer, Verdict, calendar, word_before};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "date_compact",
        anchor: Anchor::Digits(8),
        pattern: r"\b(?:[0-9]{14}|[0-9]{12}|[0-9]{8}(?:T[0-9]{4}(?:[0-9]{2})?(?:Z|[+-][0-9]{2,4})?)?)\b",
        validate,
        context: &[
            "dob", "d.o.b", "birth", "born", "date", "admi", "discharg", "death", "geb", "datum",
            "naiss", "né", "fecha", "nac", "nasc", "data", "nato", "nata", "urodz",
        ],
        check: "a day that exists",
        score: 0.2,
        examples: &[
            "DOB 19670312",
            "birthDate <- 19670312",
            "geboren 12031967",
            "le 12031967",
            "PID|||4711||DOE^JANE||19670312|F",
            "|20240131093000||",
            "DTSTART:20230415T101500Z",
        ],
        counter_examples: &[
            "build 20240131",
            "DOB 19671312",
            "date 99999999",
            "|99999999|",
            "20231315T101500Z",
            "backup-20230415T101500Z",
        ],
        ..DATE
    },
    // Two digits each, in any of the orders in use.
    Recognizer {
        name: "date_of_birth_compact",
        anchor: Anchor::Literals(&[
            "dob",
            "d.o.b",
            "birth",
            "geboren",
            "geburts",
            "naissance",
            "nacim",
            "nascim",
            "nascita",
            "geboorte",
            "urodz",
        ]),
        pattern: concat!(
            r"(?i)\b(?:dob|d\.o\.b|birth|birthdate|birthday|geboren|geburtsdatum|naissance|nacimiento",
            r"|nascimento|nascita|geboortedatum|urodzenia)[.:=#]?[ ]{0,2}(?:(?:am|le|op|il|on) )?([0-9]{6})\b",
        ),
        validate: |candidate| {
            Verdict::plausible_if(candidate.stands_alone("_-./,") && has_day(candidate.value()))
        },
        check: "a day that exists",
        score: 0.6,
        examples: &["DOB: 030367", "geboortedatum 670303"],
        counter_examples: &["DOB 999999", "built 030367", "birth 3030671"],
        ..DATE
    },
];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let number = |range| {
        value
            .get(range)
            .and_then(|part: &str| part.parse::<u32>().ok())
    };
    let is_date = |year, month, day| {
        let exists = |year, month, day| calendar::is_year(year) && calendar::is_day(month, day);
        number(year)
            .zip(number(month))
            .zip(number(day))
            .is_some_and(|((year, month), day)| exists(year, month, day))
    };
    let is_year_first = is_date(0..4, 4..6, 6..8);
    let is_year_last = value.len() == 8 && is_date(4..8, 2..4, 0..2);
    if !candidate.stands_alone("_-.") {
        Verdict::Reject
    } else if (is_year_first && (is_field(candidate) || value.contains('T')))
        || (is_year_last && follows_preposition(candidate))
    {
        Verdict::Certain
    } else {
        Verdict::plausible_if(is_year_first || is_year_last)
    }
}

/// True for a whole field of an HL7 version 2 message (section 2.5: fields stand between bars).
fn is_field(candidate: &Candidate<'_>) -> bool {
    candidate.before().ends_with('|') && candidate.after().starts_with(['|', '^', '\r', '\n'])
}

fn follows_preposition(candidate: &Candidate<'_>) -> bool {
    PREPOSITIONS.contains(&word_before(candidate).as_str())
}

/// True when two of the three pairs of digits are a day and a month.
fn has_day(value: &str) -> bool {
    let pair = |at: usize| value.get(at..at + 2).and_then(|pair| pair.parse().ok());
    let day = |first: usize| {
        let pairs = pair(first).zip(pair(first + 2));
        pairs.is_some_and(|(first, second)| calendar::is_day_in_any_order(first, second))
    };
    day(0) || day(2)
}
