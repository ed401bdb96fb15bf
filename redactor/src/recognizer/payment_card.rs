//! Payment card numbers: ISO/IEC 7812 with the Luhn check digit, in every grouping, also wrapped
//! over the end of a line.
//!
//! A number in the range of a card scheme that is grouped as on cards needs no context. Any other
//! grouping, length or prefix does: one number in ten satisfies the formula by chance.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::{EntityKind, checksum::luhn};

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "payment_card",
    kind: EntityKind::CreditCard,
    anchor: Anchor::Digits(12),
    // The middle of a number may lie between two runs of digits when its line is wrapped.
    before: 16,
    after: 16,
    pattern: r"\b[0-9](?:[ ._/-]{0,2}(?:\r?\n[ \t>]{0,6}[._/-]?)?[0-9]){11,18}\b",
    validate,
    context: WORDS,
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
        "4111 1111 1111 1111 123",
        "4111_1111/1111.1111",
        "4111-1111\n> 1111-1111",
        "411111\r\n1111111111",
        "credit card 1220 0000 0000 003",
        "カード番号 3530111333300000",
    ],
    counter_examples: &[
        "4111 1111 1111 1112",
        "EAN 4222222222222",
        "id 1234567890123456",
        "x4111111111111111",
        "0.4111111111111111",
        "4111\n1111\n1111\n1111",
        "41 11 11 11 11 11 11 11",
        "credit card 4111111111111112",
    ],
}];

#[rustfmt::skip]
const WORDS: &[&str] = &[
    "card", "visa", "mastercard", "maestro", "amex", "american express", "diners", "unionpay",
    "rupay", "cc", "ccn", "credit", "debit", "pan", "karte", "kreditkarte", "kaart", "kort",
    "kortti", "carte", "cb", "tarjeta", "cartão", "cartao", "carta", "karta", "karty", "kart",
    "карт", "Карт", "κάρτα", "بطاقة", "信用卡", "银行卡", "卡号", "カード", "카드",
];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    if is_fraction(candidate) || candidate.value().matches('\n').count() > 1 {
        return Verdict::Reject;
    }
    let is_card = |number: &&str| {
        luhn(number)
            && (is_unmistakable(number) || has_long_groups(number) && candidate.has_context(WORDS))
    };
    let mut ends = ends(candidate.value()).into_iter().rev();
    ends.find_map(|end| candidate.value().get(..end).filter(is_card))
        .map_or(Verdict::Reject, |number| {
            Verdict::CertainUntil(candidate.span().start + number.len())
        })
}

/// Where a card number could end: after each group that makes the digits 12 to 19.
fn ends(value: &str) -> Vec<usize> {
    let mut digits = 0;
    let mut ends = Vec::new();
    let mut bytes = value.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        digits += usize::from(byte.is_ascii_digit());
        let is_end =
            byte.is_ascii_digit() && bytes.peek().is_none_or(|(_, next)| !next.is_ascii_digit());
        if is_end && digits >= 12 {
            ends.push(at + 1);
        }
    }
    ends
}

/// True for the digits after a decimal point.
fn is_fraction(candidate: &Candidate<'_>) -> bool {
    candidate
        .before()
        .strip_suffix('.')
        .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
}

/// True for a number of a card scheme that is grouped as on cards.
fn is_unmistakable(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let Some(prefix) = digits.get(..6).and_then(|head| head.parse::<u32>().ok()) else {
        return false;
    };
    let is_issued = SCHEMES
        .iter()
        .any(|&(length, low, high)| digits.len() == length && (low..=high).contains(&prefix));
    is_issued && is_grouped_as_on_cards(number)
}

/// In fours, as Amex (4-6-5), as Diners (4-6-4), in two halves, or not at all. A line end may stand
/// anywhere.
fn is_grouped_as_on_cards(number: &str) -> bool {
    let groups: Vec<usize> = group_lengths(number).collect();
    number.contains('\n')
        || match groups.as_slice() {
            [_] | [4, 6, 4 | 5] | [8, 8] => true,
            [fours @ .., last] => fours.iter().all(|&length| length == 4) && *last <= 4,
            [] => false,
        }
}

/// True when no group is a single digit, as in lists of digits.
fn has_long_groups(number: &str) -> bool {
    group_lengths(number).rev().skip(1).all(|length| length > 1)
}

fn group_lengths(number: &str) -> impl DoubleEndedIterator<Item = usize> {
    number
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|&length| length > 0)
}

/// Length, and first and last six digits of the ranges of the card schemes, as they publish them.
const SCHEMES: &[(usize, u32, u32)] = &[
    // Visa.
    (16, 400_000, 499_999),
    // Mastercard.
    (16, 510_000, 559_999),
    (16, 222_100, 272_099),
    // American Express.
    (15, 340_000, 349_999),
    (15, 370_000, 379_999),
    // Diners Club.
    (14, 300_000, 305_999),
    (14, 309_500, 309_599),
    (14, 360_000, 369_999),
    (14, 380_000, 399_999),
    // Discover, and RuPay within its ranges.
    (16, 601_100, 601_199),
    (16, 644_000, 659_999),
    // JCB.
    (16, 352_800, 358_999),
    // UnionPay.
    (16, 620_000, 629_999),
    (16, 810_000, 819_999),
    // Maestro.
    (16, 501_800, 501_899),
    (16, 502_000, 502_099),
    (16, 503_800, 503_899),
    (16, 589_300, 589_399),
    (16, 630_400, 630_499),
    (16, 675_900, 675_999),
    (16, 676_100, 676_399),
    // Dankort.
    (16, 501_900, 501_999),
    // Mir.
    (16, 220_000, 220_499),
    // RuPay.
    (16, 508_500, 508_999),
    (16, 606_900, 608_599),
    // Hipercard and Elo.
    (16, 606_282, 606_282),
    (16, 636_297, 636_368),
    // Verve.
    (16, 506_099, 506_198),
    // Troy.
    (16, 979_200, 979_289),
    // Uzcard and Humo.
    (16, 860_000, 860_099),
    (16, 986_000, 986_099),
    // Napas.
    (16, 970_400, 970_499),
];
