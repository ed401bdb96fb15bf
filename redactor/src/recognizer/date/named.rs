//! Dates with the name of a month: `12 de marzo de 2019`, `March 9, 2015`, `5-MAY-2021`,
//! `1er mars 2021`, `3.-5. Juli 2020`, `June 2000`, `21 May`.

use super::{Anchor, Candidate, DATE, Recognizer, Verdict};
use super::{NOT_DATES, calendar, is_announced, is_change_log_heading, months, word_before};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "date_named_month",
    // No such date without digits, and digits are rarer than the beginnings of months.
    anchor: Anchor::Digits(1),
    before: 28,
    after: 32,
    pattern: concat!(
        r"(?i)\b(?:",
        months::weekday_before!(),
        r")?(?:",
        // Day first.
        months::days!(),
        r"(?:[ ,/.-]{0,2}|[ ]{1,2}(?:of|de|d[ei]l?|do)[ ]{1,2})",
        months::month!(),
        r"(?:(?:[ ,/.-]{0,2}|",
        months::of_year!(),
        r")(?:[12][0-9]{3}|['’]?[0-9]{2}))?",
        // Month first, then day and year.
        r"|",
        months::month!(),
        r"[ -](?:the )?",
        months::days!(),
        r"(?:,? ?[12][0-9]{3}|,? ['’][0-9]{2})",
        // One or two months and a year, or a day.
        r"|(?:",
        months::month!(),
        r" ?(?:-|–|and|to|und|bis|et|y|e|en|i) ?)?",
        months::month!(),
        r"(?:[ ,/.-]{0,2}| the |",
        months::of_year!(),
        r")(?:[12][0-9]{3}|['’]?[0-9]{2}|[1-9])(?:st|nd|rd|th)?",
        // Year first.
        r"|[12][0-9]{3}[. /-]{1,2}",
        months::month!(),
        r"(?:[ /-]",
        months::day!(),
        r")?",
        // Months in Roman numerals.
        r"|(?-i:[0-3]?[0-9][. -]{1,2}(?:I{1,3}|I?V|VI{1,3}|I?X|XI{1,2})[. -]{1,2}(?:19|20)[0-9]{2})",
        r")",
    ),
    validate,
    check: "a day that exists",
    score: 0.8,
    examples: &[
        "on 12 June 1991",
        "March 9, 2015",
        "Aug 24th, 2017",
        "15-AUG-2025",
        "05MAY2021",
        "21-May",
        "12 de marzo de 2019",
        "1 de enero del 2001",
        "1er mars 2021",
        "am 12. März 2020",
        "3 marca 2020 r.",
        "il 3 gennaio 1999",
        "op 3 maart 2020",
        "5 de dezembro de 2020",
        "4th of July 2021",
        "the 3rd of May 1987",
        "dec1993",
        "juillet 1998",
        "June 2000",
        "marzo de 2011",
        "2013 janvier",
        "July and December 1999",
        "12-15 March 2020",
        "March 4",
        "le 05nov",
        "17 mars 62",
        "Mon, 4 Feb 2019",
        "Montag, den 4. Februar 2019",
        "segunda-feira, 4 de fevereiro de 2019",
        "June the 5th",
        "en déc. 2015",
        "w sierpniu 2018",
        "Feb 3: seen again",
        "1 maja wypisany",
    ],
    counter_examples: &[
        "may 5 people",
        "5 maybe",
        "32 May",
        "31 June",
        "the 3 marks",
        "gen 2 dec 10",
        "mar-a-lago 2000 m",
        "set 10",
        "set of 2000",
        "1 out of 10",
        "10 lip balms",
        "in 5 sep columns",
        "10 desks",
        "a 3 mai",
        "section 3.mar",
        "x86-jun20",
    ],
    ..DATE
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_glued = !value.contains(char::is_whitespace);
    let is_part = !candidate.stands_alone("_")
        || follows_joint(candidate.before())
        || (is_glued && candidate.after().starts_with(['-', '(', '=', '[']));
    if is_part
        || NOT_DATES.contains(&word_before(candidate).as_str())
        || is_change_log_heading(candidate)
    {
        return Verdict::Reject;
    }
    let name = month_name(value);
    let (years, small): (Vec<&str>, Vec<&str>) = numbers(value).partition(|n| n.len() == 4);
    let is_day = small.iter().all(|day| *day != "31" || !is_short(&name));
    let is_year = years
        .iter()
        .all(|year| year.parse().is_ok_and(calendar::is_year));
    let is_capital = value.contains(|c: char| c.is_uppercase());
    let is_word = WORDS.contains(&name.as_str());
    let is_full = !is_word && is_full(&name);
    let is_date = match (small.len(), years.is_empty()) {
        (0, _) => !is_word || is_capital || is_glued || is_announced(candidate),
        (_, false) => !(matches!(name.as_str(), "out" | "set") && value.contains(" of ")),
        (1, true) if is_word && value.contains(" the ") => is_name(&name),
        (1, true) if is_glued => {
            value.starts_with(|c: char| c.is_ascii_digit()) && has_two_digits(&small)
        }
        (2.., true) if !is_word || matches!(name.as_str(), "mars" | "march") => true,
        (_, true) => is_full || (is_capital && is_name(&name)) || is_announced(candidate),
    };
    if is_full && is_year && is_day && is_date && value.ends_with('.') {
        // The full stop is that of the sentence.
        return Verdict::CertainUntil(candidate.end() - 1);
    }
    Verdict::plausible_if(is_year && is_day && is_date)
}

/// True behind a sign that makes the value a part of something longer; `1995-June 1998` is a range.
fn follows_joint(before: &str) -> bool {
    let is_range = before
        .strip_suffix('-')
        .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    before.ends_with(['-', '.', '/', '$']) && !is_range
}

fn numbers(value: &str) -> impl Iterator<Item = &str> {
    let parts = value.split(|c: char| !c.is_ascii_digit());
    parts.filter(|part| !part.is_empty())
}

fn has_two_digits(numbers: &[&str]) -> bool {
    numbers.iter().all(|number| number.len() == 2)
}

/// The longest word, in lower case: the month, not `1st`, `de` or `of`.
fn month_name(value: &str) -> String {
    let words = value.split(|c: char| !c.is_alphabetic());
    let longest = words.max_by_key(|word| word.chars().count());
    longest.unwrap_or_default().to_lowercase()
}

/// True for `june` and `września`, false for `sep`.
fn is_full(name: &str) -> bool {
    name.chars().count() > 4
        || matches!(
            name,
            "june" | "july" | "juni" | "juli" | "juin" | "août" | "aout" | "maja" | "mayo" | "maio"
        )
}

/// True when a capital letter is enough to make a month of it: `March 4`, `Sep 3`.
fn is_name(name: &str) -> bool {
    matches!(name, "march" | "may" | "dec" | "feb") || !WORDS.contains(&name)
}

/// True for the months of thirty days that end alike in most languages, and for February.
fn is_short(name: &str) -> bool {
    ["apr", "jun", "sep", "nov", "feb"]
        .iter()
        .any(|month| name.starts_with(month))
}

/// Months that are something else as well, in some language that is looked at.
const WORDS: &[&str] = &[
    "may", "mar", "march", "mars", "marco", "marca", "out", "set", "ago", "mag", "gen", "lip",
    "lis", "sie", "gru", "sty", "lut", "kwi", "dec", "feb", "ene",
];
