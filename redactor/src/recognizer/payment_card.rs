//! Payment card numbers: issuer ranges and lengths of ISO/IEC 7812, check digit by Luhn.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::{EntityKind, checksum::luhn};

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "payment_card",
    kind: EntityKind::CreditCard,
    anchor: Anchor::Digits(12),
    before: 0,
    after: 0,
    pattern: r"\b(?:[0-9]{4}(?:[ -][0-9]{4}){3}|[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5}|[0-9]{12,19})\b",
    validate,
    context: &[
        "card",
        "cards",
        "visa",
        "mastercard",
        "maestro",
        "amex",
        "american express",
        "cc",
        "credit",
        "debit",
        "pan",
        "karte",
        "kreditkarte",
        "carte",
        "tarjeta",
        "carta",
    ],
    countries: &[],
    check: "Luhn, issuer ranges",
    score: 0.3,
    examples: &[
        "4111 1111 1111 1111",
        "pay with 5555-5555-5555-4444 today",
        "378282246310005",
        "3782 822463 10005 exp 12/30",
        "{\"pan\":\"6011111111111117\"}",
        "card 4222222222222",
    ],
    counter_examples: &[
        "4111 1111 1111 1112",
        "EAN 4222222222222",
        "id 1234567890123456",
        "x4111111111111111",
        "0.4111111111111111",
    ],
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let mixes_separators = value.contains(' ') && value.contains('-');
    if mixes_separators || is_fraction(candidate) || !luhn(value) {
        return Verdict::Reject;
    }
    match issuer(&candidate.digits()) {
        Issuer::Major => Verdict::Certain,
        Issuer::Minor => Verdict::Plausible,
        Issuer::None => Verdict::Reject,
    }
}

/// True for the digits after a decimal point.
fn is_fraction(candidate: &Candidate<'_>) -> bool {
    candidate
        .before()
        .strip_suffix('.')
        .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
}

/// How telling the issuer's prefix and length are.
enum Issuer {
    /// A range and length that hardly any other number has.
    Major,
    /// A range that other numbers share; context decides.
    Minor,
    /// No issuer.
    None,
}

/// Prefix and length, as the card schemes publish them.
fn issuer(digits: &str) -> Issuer {
    let prefix = |length| {
        digits
            .get(..length)
            .and_then(|head| head.parse::<u32>().ok())
    };
    let (Some(two), Some(three), Some(four)) = (prefix(2), prefix(3), prefix(4)) else {
        return Issuer::None;
    };
    match (digits.len(), two, three, four) {
        // Visa, Mastercard (two ranges), Discover (three), JCB, UnionPay.
        (16, 40..=49 | 51..=55 | 62 | 65, _, _)
        | (16, _, 644..=649, _)
        | (16, _, _, 2221..=2720 | 6011 | 3528..=3589)
        // American Express.
        | (15, 34 | 37, _, _)
        // Diners Club.
        | (14, 36 | 38 | 39, _, _)
        | (14, _, 300..=305, _) => Issuer::Major,
        // Old and long Visa, long Discover and UnionPay, JCB at large, old JCB, Maestro.
        (13 | 19, 40..=49, _, _)
        | (17..=19, 62 | 65, _, _)
        | (16..=19, 35, _, _)
        | (15, _, _, 1800 | 2131)
        | (12..=19, 50 | 56..=69, _, _) => Issuer::Minor,
        _ => Issuer::None,
    }
}
