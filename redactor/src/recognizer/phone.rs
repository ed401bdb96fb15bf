//! Telephone numbers: Recommendation ITU-T E.164 with a `+`, national shapes that are unmistakable,
//! and any shape behind a word for them, in the languages of [`words`].
//!
//! Why no port of libphonenumber: it reads a national number only for a region that is known
//! beforehand, and a text does not say its region. What decides without one is the calling code,
//! the length (both in [`calling_code`], from the same metadata), the grouping, and the words
//! around. Not caught: a national number without grouping, trunk prefix and words.

mod calling_code;
mod digits;
mod words;

use std::net::Ipv4Addr;

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;
use calling_code::Fit;
use digits::{
    begins_with_number, count_digits, ends_with_number, first_line, group_ends, groups,
    is_balanced, is_count, is_date, is_decimal, is_digit, is_far_date, is_run, is_year,
};

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "phone_international",
        anchor: Anchor::Literals(&["+"]),
        after: 40,
        pattern: concat!(
            r"\+ ?\(?[1-9](?:[ ._()/-]{0,3}(?:\r?\n[ \t>]{0,6}[._()/-]{0,2})?[0-9]){5,15}",
            r"(?:x[0-9]{1,5}\b)?",
        ),
        validate: international,
        check: "calling code and lengths of its country",
        examples: &[
            "+1 202-555-0143",
            "call +44 (0)20 7946 0018 now",
            "+4930555123456",
            "tel:+33-1-99-00-12-34",
            "(+49) 30 23125 000",
            "+1 202\n555 0143",
            "+290 23456",
            "电话+1 202-555-0143",
        ],
        counter_examples: &[
            "1+2345678901",
            "a+b+12345",
            "+1 02",
            "+210 1234567890123456",
            "+0 123 456 789",
            "+1 202 555",
            "+999 123 456 789",
            "now + 2_000_000_000",
            "+10000-12-31",
        ],
        ..PHONE
    },
    Recognizer {
        name: "phone_shape",
        before: 2,
        after: 8,
        pattern: concat!(
            // North American Numbering Plan.
            r"(?:\b1[ .-]?)?(?:\([2-9][0-9]{2}\)[ .-]?|\b[2-9][0-9]{2}[ ./-])[2-9][0-9]{2}[ .-][0-9]{4}(?:x[0-9]{1,5})?\b",
            // The international prefix of most countries.
            r"|\b00[ -]?[1-9][0-9]{0,2}(?:[ ./-]{0,2}\(0\))?(?:[ ./-]{1,2}[0-9]{1,8}){1,6}\b",
            // A trunk prefix of its own, as in Turkey and Russia.
            r"|\b[078][ -]?\(?[2-9][0-9]{2}\)?[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}\b",
            // The trunk prefix 0 of most countries, in groups or not.
            r"|\(?\b0[1-9][0-9]{0,4}\)?(?:(?: [./-] |[ ./-])[0-9]{2,8}){1,4}\b|\b0[1-9][0-9]{8,9}\b",
            // France, where a scanner may have read a zero as a letter.
            r"|\b[0O][1-9](?:[ .-][0-9O]{2}){4}\b",
            // An area code in brackets.
            r"|\([1-9][0-9]{1,4}\)[ -]?[0-9]{1,5}(?:[ -][0-9]{2,5}){1,4}\b",
            // Turkey, Ukraine, the Caucasus; China; Brazil.
            r"|\b[1-9][0-9]{2}[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}\b|\b1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}\b",
            r"|\b[1-9][0-9] 9[0-9]{4}-[0-9]{4}\b",
        ),
        validate: shape,
        check: "lengths of the country",
        score: 0.55,
        examples: &[
            "(202) 555-0143",
            "202-555-0143",
            "1-202-555-0143",
            "202.555.0143 or mail",
            "202-555-0143x17",
            "1949,078-05-1120,(202) 555-0143,x",
            "01 99 00 12 34",
            "020 7946 0018",
            "07700 900123",
            "030/23125000",
            "0044 20 7946 0018",
            "0 (532) 555 01 43",
            "8 (495) 555-01-43",
            "(11) 5555-0143",
            "138 5555 0143",
            "05-5550143",
            "0155501437",
            "O1.99.00.12.34",
            "01.99.00.12.34 01 99 00 12 35",
            "(202) 555-0143 12 Main St",
        ],
        counter_examples: &[
            "102-555-0143",
            "202-155-0143",
            "202-555-01430",
            "5202-555-0143",
            "1.202-555-0143.9",
            "01 02 2024",
            "00 11 22 33 44",
            "012/2020",
            "3.01 99 00 12 34",
            "12 039 931 9329 920",
            "01 02 03 04 05",
            "01.02.2024 10",
            "0123456789",
            "ISBN 0155501437",
            "(2019) 123-145",
            "0042 123 456",
            "012-34-5678",
            "/2023-01-01/2023-01-02/2023-01-03",
            "Aug 09 2013 -0900",
        ],
        ..PHONE
    },
    Recognizer {
        name: "phone_after_a_word",
        anchor: Anchor::Digits(5),
        before: 16,
        after: 20,
        pattern: concat!(
            r"\(?\b[0-9](?:[ ._()/-]{0,3}(?:\r?\n[ \t>]{0,6}[._()/-]{0,2})?[0-9]){4,14}",
            r"(?:x[0-9]{1,5})?\b",
        ),
        validate: announced,
        check: "lengths of numbers",
        score: 0.6,
        examples: &[
            "phone: 2123.1908",
            "Tel. 030 901820",
            "call me on 5550143",
            "phone <- 202 555 0143",
            "Fax 3 4555 1234",
            "Phone:\n555 0143",
            "tel:0305550143",
            "Тел.: 555-01-43",
            "手机号码是13855550143",
            "{\"homePhone\": 2025550143}",
            "phone 202.\r\n555.0143",
            "هاتف 2025550143",
            "my number is 555 0143",
            "Tel. 55501",
            "phone: 0012025550143",
        ],
        counter_examples: &[
            "order 2123.1908",
            "total 5550143",
            "tel 1234",
            "call 12345",
            "call 2024-01-31",
            "phone 1.5.2024 10:30",
            "hotel 5550143",
            "tell 5550143",
            "call 5550143.5 times",
            "call issue-5550143",
        ],
        ..PHONE
    },
    Recognizer {
        name: "phone_alone",
        before: 8,
        pattern: r"^\s*(\(?[0-9](?:[ .()/-]{0,3}[0-9]){5,11})\s*$",
        validate: alone,
        check: "lengths of numbers",
        score: 0.5,
        examples: &[
            "555 0143",
            "5.550.143",
            "2025550143",
            "30 555-0143",
            "(0-55) 50143",
            "321.23.45",
            "555 014",
        ],
        counter_examples: &[
            "555 0143 is it",
            "id <- 555 0143",
            "1234567890",
            "2024-01-31 10",
            "3.14159265",
            "203.0.113.77",
            "1731234567890",
            "219-09-9999",
            "99-22-123456-12",
        ],
        ..PHONE
    },
    Recognizer {
        name: "phone_vanity",
        anchor: Anchor::Literals(&[
            "800", "888", "877", "866", "855", "844", "833", "1300", "0800",
        ]),
        before: 4,
        after: 20,
        pattern: r"\b(?:1[ .-]?)?\(?8(?:00|88|77|66|55|44|33)\)?[ .-](?:[0-9A-Z]{1,4}[ .-]?)?[0-9]{0,3}[A-Z]{3,7}\b",
        validate: vanity,
        check: "seven letters and digits",
        score: 0.6,
        examples: &["1-800-FLOWERS", "call 1 (888) GET-HELP now", "844-CALL-NOW"],
        counter_examples: &["800 METERS ABOVE", "ISO-800-ABCDEFG", "800 GB"],
        ..PHONE
    },
];

const PHONE: Recognizer = Recognizer {
    kind: EntityKind::Phone,
    anchor: Anchor::Digits(6),
    after: 0,
    ..Recognizer::BASE
};

/// A number after a `+`. Its end is where the calling code's numbering plan says so.
fn international(candidate: &Candidate<'_>) -> Verdict {
    let number = number(candidate);
    let is_bracketed = candidate.before().ends_with('(')
        || number.matches('(').count() >= number.matches(')').count();
    let is_cut = candidate.after().starts_with(is_digit);
    if is_cut || !is_bracketed || is_sum(candidate) || is_far_date(number) {
        return Verdict::Reject;
    }
    let of_line = first_line(number);
    let end = if fit(of_line) == Fit::Right {
        Some(of_line.len())
    } else {
        let fits = |end: &usize| {
            number
                .get(..*end)
                .is_some_and(|head| fit(head) == Fit::Right)
        };
        group_ends(number).into_iter().rev().find(fits)
    };
    match end {
        Some(end) if end == number.len() => Verdict::CertainUntil(candidate.end()),
        Some(end) => Verdict::CertainUntil(candidate.span().start + end),
        // A digit too few or too many does not make it something else.
        None => {
            let is_grouped = groups(number).count() > 2 && fit(number) == Fit::Short;
            let is_long = count_digits(number) >= 8;
            Verdict::plausible_if(is_long && (is_grouped || is_announced(candidate)))
        }
    }
}

/// True for `a+12345678` and `(a) + 12_345_678`.
fn is_sum(candidate: &Candidate<'_>) -> bool {
    let is_operand = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | ')');
    let before = candidate.before();
    if candidate.value().starts_with("+ ") {
        candidate.just_before().trim_end().ends_with(is_operand) && !is_announced(candidate)
    } else {
        before.ends_with(is_operand)
    }
}

/// How the digits fit a numbering plan, without the trunk prefix in `+44 (0)20`.
fn fit(number: &str) -> Fit {
    let digits: String = number
        .replace("(0)", "")
        .chars()
        .filter(|&c| is_digit(c))
        .collect();
    calling_code::fit(&digits)
}

/// A shape that telephone numbers have and little else.
fn shape(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let number = number(candidate);
    let groups: Vec<&str> = groups(number).collect();
    let is_plan = match groups.as_slice() {
        // An international prefix.
        [first, ..] if first.starts_with("00") => {
            let digits: String = groups.concat();
            calling_code::fit(digits.trim_start_matches('0')) == Fit::Right
        }
        // A number of a US authority.
        [area, group, serial] if (area.len(), group.len(), serial.len()) == (3, 2, 4) => false,
        // A year with pages.
        [year, ..] if value.starts_with('(') && is_year(year) => false,
        // Without groups it may be any number with leading zeros.
        [bare] => !is_run(bare) && !candidate.has_context(OTHER_NUMBERS),
        _ => !is_count(&groups),
    };
    let digits = count_digits(number) + number.matches('O').count();
    // A trunk prefix and at most eleven digits; an international prefix allows more.
    let most = if number.starts_with("00") { 17 } else { 12 };
    let fits = (9..=most).contains(&digits)
        && !is_joined(candidate, &['.', '-', '/'])
        && !is_in_list(candidate);
    Verdict::plausible_if(
        is_plan && fits && is_free(candidate) && is_balanced(value) && !is_date(value),
    )
}

/// Words before a number with leading zeros that is none to call.
const OTHER_NUMBERS: &[&str] = &[
    "isbn", "issn", "ean", "upc", "gtin", "sku", "part", "item", "model", "version", "build",
    "hash", "seq",
];

/// Any shape, behind a word for a telephone.
fn announced(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let number = number(candidate);
    let is_joined = is_joined(candidate, &['.', '-', '/']) || !is_free(candidate);
    if is_joined || !is_balanced(value) || is_date(value) || is_decimal(number) {
        return Verdict::Reject;
    }
    let digits = count_digits(number);
    let is_long = digits >= 7 || groups(number).all(|group| group.len() == 2);
    // Numbers of small countries and extensions: the word must be the one just before.
    let is_bare = groups(number).nth(1).is_none() && !number.starts_with("00");
    let is_number = is_long || words::announce_directly(candidate.line_before());
    if !is_number || !is_announced(candidate) || digits > 13 && is_bare {
        return Verdict::Reject;
    }
    // A number that is whole on its line does not go on in the next.
    let of_line = first_line(number);
    let is_wrapped = of_line.len() < number.len();
    if is_wrapped && (count_digits(of_line) >= 9 || number.matches('\n').count() > 1) {
        Verdict::CertainUntil(candidate.span().start + of_line.len())
    } else {
        Verdict::Plausible
    }
}

/// A message that is nothing but a number answers a question for one.
fn alone(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let groups: Vec<&str> = groups(value).collect();
    let is_number = match groups.as_slice() {
        [bare] => match bare.as_bytes() {
            [b'0', b'0' | b'1', ..] | [b'1', ..] => false,
            [b'0' | b'7' | b'8', ..] if bare.len() == 11 => !is_run(bare),
            _ => bare.len() == 10 && !is_run(bare),
        },
        [whole, fraction] if value.contains('.') => whole.len() > 1 && fraction.len() > 3,
        _ if value.contains('.') && count_digits(value) < 7 => false,
        [area, group, serial] if (area.len(), group.len(), serial.len()) == (3, 2, 4) => false,
        _ => {
            let is_grouped = groups.len() < 6 && groups.iter().all(|group| group.len() < 6);
            is_grouped && value.parse::<Ipv4Addr>().is_err()
        }
    };
    Verdict::plausible_if(
        candidate.is_whole_text() && is_number && is_balanced(value) && !is_date(value),
    )
}

/// Letters stand for digits (Recommendation E.161), of which there are seven behind the code.
fn vanity(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = count_digits(value.trim_start_matches(['1', '(', ' ', '-', '.']));
    Verdict::plausible_if(letters + digits == 10 && candidate.stands_alone("_-."))
}

/// True when a word for a telephone stands shortly before the value on its line, or in the label.
fn is_announced(candidate: &Candidate<'_>) -> bool {
    words::announce(candidate.line_before()) || candidate.label().is_some_and(words::announce)
}

/// The value without its extension.
fn number<'t>(candidate: &Candidate<'t>) -> &'t str {
    candidate.value().split('x').next().unwrap_or_default()
}

/// True when no Latin letter or digit, currency, time or `word-` touches the value.
fn is_free(candidate: &Candidate<'_>) -> bool {
    let glued =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '€' | '£' | '%' | '#');
    let is_name = candidate
        .before()
        .strip_suffix('-')
        .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_alphabetic()));
    let is_time = is_joined(candidate, &[':']);
    !candidate.before().ends_with(glued)
        && !candidate.after().starts_with(glued)
        && !is_name
        && !is_time
}

/// True when one of the signs joins the value to more digits, unless they are as many as in a
/// number of their own.
fn is_joined(candidate: &Candidate<'_>, signs: &[char]) -> bool {
    ends_with_number(candidate.just_before(), signs)
        || begins_with_number(candidate.just_after(), signs)
}

/// True in a list of numbers with spaces between: `12 039 931 9329`. What a bracket or a zero begins
/// may be followed by a number that is something else.
fn is_in_list(candidate: &Candidate<'_>) -> bool {
    let value = candidate.value();
    let mut signs = value.chars().filter(|&c| !is_digit(c));
    let is_spaced = |sign: Option<char>| matches!(sign, Some(' ') | None);
    let begins_spaced =
        is_spaced(signs.next()) && ends_with_number(candidate.just_before(), &[' ']);
    let ends_spaced = is_spaced(value.chars().rfind(|&c| !is_digit(c)))
        && !value.starts_with(['0', '('])
        && begins_with_number(candidate.just_after(), &[' ']);
    begins_spaced || ends_spaced
}
