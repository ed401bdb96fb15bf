//! International bank account numbers: ISO 13616-1:2020, shapes of the SWIFT IBAN registry and of
//! the countries that use the format without being listed there.
//!
//! Found in any grouping and case, also wrapped over the end of a line. The shape rules out prose
//! ("at 20 people ...") that the two check digits alone would let through once in 97 times.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::{EntityKind, checksum::mod_97_10};

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "iban",
    kind: EntityKind::Iban,
    anchor: Anchor::Digits(4),
    before: 20,
    after: 48,
    pattern: concat!(
        r"(?i)\b[A-Z]{2}[ ._-]?[0-9][0-9]",
        r"(?:[ ._/-]{0,2}(?:\r?\n[ \t>]{0,6})?[A-Z0-9]){11,30}",
    ),
    validate,
    check: "MOD 97-10, length and shape of the country",
    score: 0.5,
    examples: &[
        "GB82 WEST 1234 5698 7654 32",
        "IBAN: DE89370400440532013000, thanks",
        "NL91ABNA0417164300 is mine",
        "fr14 2004 1010 0505 0001 3m02 606",
        "BE68-5390-0754-7034",
        "BE68.5390\n> 0754.7034",
        "iban=QA58DOHB00001234567890ABCDEFG amount=1",
    ],
    counter_examples: &[
        "GB82 WEST 1234 5698 7654 33",
        "DE8937040044053201300",
        "QQ82 WEST 1234 5698 7654 32",
        "XDE89370400440532013000",
        "at 20 people came 2000 times",
    ],
    ..Recognizer::BASE
}];

/// The pattern may have run on into the next word: the country says where the number ends.
fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let Some(shape) = value.get(..2).and_then(shape) else {
        return Verdict::Reject;
    };
    let last = value
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric())
        .nth(length(shape) - 1);
    let Some((number, rest)) = last.and_then(|(at, _)| value.split_at_checked(at + 1)) else {
        return Verdict::Reject;
    };
    let runs_on = if rest.is_empty() {
        candidate.after()
    } else {
        rest
    };
    let is_cut = runs_on.starts_with(|c: char| c.is_ascii_alphanumeric());
    if is_cut || !has_shape(number, shape) || !mod_97_10(number) {
        return Verdict::Reject;
    }
    Verdict::CertainUntil(candidate.end() - rest.len())
}

/// The shape of a country's numbers behind the check digits.
fn shape(country: &str) -> Option<&'static [Part]> {
    let place = *BY_COUNTRY.get(place(country.as_bytes())?)?;
    SHAPES.get(usize::from(place)).map(|&(shape, _)| shape)
}

/// The place of two letters, whatever their case, among all pairs of them.
const fn place(country: &[u8]) -> Option<usize> {
    let &[first, second] = country else {
        return None;
    };
    if !first.is_ascii_alphabetic() || !second.is_ascii_alphabetic() {
        return None;
    }
    Some((first & 31) as usize * 32 + (second & 31) as usize)
}

/// For each pair of letters the row of [`SHAPES`], or one behind it. (Prose is full of what could
/// begin an IBAN: "in 1998 the".)
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler, which checks the bounds"
)]
const BY_COUNTRY: [u8; 27 * 32] = {
    assert!(SHAPES.len() < u8::MAX as usize);
    let mut rows = [u8::MAX; 27 * 32];
    let mut row = 0;
    while row < SHAPES.len() {
        let countries = SHAPES[row].1;
        let mut country = 0;
        while country < countries.len() {
            if let Some(place) = place(countries[country].as_bytes()) {
                rows[place] = row as u8;
            }
            country += 1;
        }
        row += 1;
    }
    rows
};

/// Characters of a whole number: country, check digits and the rest.
fn length(shape: &[Part]) -> usize {
    4 + shape.iter().map(|part| part.length()).sum::<usize>()
}

fn has_shape(number: &str, shape: &[Part]) -> bool {
    let mut characters = number.bytes().filter(u8::is_ascii_alphanumeric).skip(4);
    shape.iter().all(|part| {
        let mut of_part = characters.by_ref().take(part.length());
        match part {
            N(_) => of_part.all(|b| b.is_ascii_digit()),
            A(_) => of_part.all(|b| b.is_ascii_alphabetic()),
            C(_) => of_part.count() == part.length(),
        }
    })
}

/// A stretch of characters, named as in the registry.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Digits.
    N(usize),
    /// Letters.
    A(usize),
    /// Digits and letters.
    C(usize),
}

impl Part {
    const fn length(self) -> usize {
        let (Self::N(length) | Self::A(length) | Self::C(length)) = self;
        length
    }
}

use Part::{A, C, N};

/// Shapes, and the countries (ISO 3166-1 alpha-2; `XK` is Kosovo) that have them.
#[rustfmt::skip]
const SHAPES: &[(&[Part], &[&str])] = &[
    (&[N(11)], &["NO"]),
    (&[N(12)], &["BE"]),
    (&[N(14)], &["DK", "FI", "FO", "GL", "SD"]),
    (&[N(15)], &["SI"]),
    (&[N(16)], &["AT", "BA", "EE", "LT", "MN", "XK"]),
    (&[N(17)], &["HR"]),
    (&[N(18)], &["CR", "DE", "ME", "RS", "VA"]),
    (&[N(19)], &["AE", "IL", "SO", "TL"]),
    (&[N(20)], &["CZ", "ES", "SE", "SK", "TN"]),
    (&[N(21)], &["AO", "CV", "LY", "MZ", "PT", "ST"]),
    (&[N(22)], &["DZ", "IR", "IS"]),
    (&[N(23)], &["BI", "CF", "CG", "CM", "DJ", "GA", "GQ", "KM", "MG", "MR", "TD"]),
    (&[N(24)], &["HU", "MA", "PL"]),
    (&[N(25)], &["EG"]),
    (&[A(2), N(12)], &["FK"]),
    (&[A(2), N(16)], &["GE"]),
    (&[A(4), N(10)], &["NL"]),
    (&[A(4), N(14)], &["GB", "IE"]),
    (&[A(4), N(15)], &["IQ"]),
    (&[A(4), N(16)], &["VG"]),
    (&[A(4), N(20)], &["HN", "NI", "SV"]),
    (&[A(4), N(19), A(3)], &["MU"]),
    (&[A(4), N(20), A(3)], &["SC"]),
    (&[A(4), N(6), C(8)], &["BG"]),
    (&[A(4), N(4), C(18)], &["JO", "YE"]),
    (&[A(4), N(5), C(18)], &["MT"]),
    (&[A(4), C(13)], &["LV"]),
    (&[A(4), C(14)], &["BH"]),
    (&[A(4), C(15)], &["GI"]),
    (&[A(4), C(16)], &["PK", "RO"]),
    (&[A(4), C(20)], &["AZ"]),
    (&[A(4), C(21)], &["PS", "QA"]),
    (&[A(4), C(22)], &["KW"]),
    (&[A(4), C(24)], &["LC"]),
    (&[A(1), N(10), C(12)], &["IT", "SM"]),
    (&[C(2), N(19)], &["GW"]),
    (&[C(2), N(22)], &["BF", "BJ", "CI", "ML", "NE", "SN", "TG"]),
    (&[C(4), N(20)], &["DO"]),
    (&[C(4), N(4), C(16)], &["BY"]),
    (&[C(20)], &["MD"]),
    (&[C(24)], &["GT"]),
    (&[N(2), C(18)], &["SA"]),
    (&[N(3), C(13)], &["KZ", "LU"]),
    (&[N(3), C(16)], &["OM"]),
    (&[N(3), C(10), N(2)], &["MK"]),
    (&[N(4), C(20)], &["LB"]),
    (&[N(5), C(12)], &["CH", "LI"]),
    (&[N(6), C(16)], &["TR"]),
    (&[N(6), C(19)], &["UA"]),
    (&[N(7), C(16)], &["GR"]),
    (&[N(8), C(12)], &["AD"]),
    (&[N(8), C(16)], &["AL", "CY"]),
    (&[N(10), C(11), N(2)], &["FR", "MC"]),
    (&[N(14), C(15)], &["RU"]),
    (&[N(23), A(1), C(1)], &["BR"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_its_shape_in_either_case() {
        for (expected, countries) in SHAPES {
            for country in *countries {
                let found = [shape(country), shape(&country.to_lowercase())];
                let lengths = found.map(|shape| shape.map(length));
                assert_eq!(lengths, [Some(length(expected)); 2], "{country}");
            }
        }
        assert!(
            ["US", "ZZ", "D", "DEU", "1E", "é"]
                .iter()
                .all(|other| shape(other).is_none())
        );
    }
}
