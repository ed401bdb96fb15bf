//! Singapore.

use super::{Compact, Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Immigration & Checkpoints Authority, NRIC and FIN: weights 2 7 6 5 4 3 2 modulo 11, a letter.
    Identifier {
        name: "sg_nric",
        kind: EntityKind::NationalId,
        country: "SG",
        forms: &[written("A9999999A", 0.55)],
        check: |n| {
            let sum = n.weighted(&[0, 2, 7, 6, 5, 4, 3, 2]);
            let (offset, letters): (u32, &[u8]) = match n.at(0) {
                b'S' => (0, b"JZIHGFEDCBA"),
                b'T' => (4, b"JZIHGFEDCBA"),
                b'F' => (0, b"XWUTRQPNMLK"),
                b'G' => (4, b"XWUTRQPNMLK"),
                b'M' => (3, b"XWUTRQPNJLK"),
                _ => return false,
            };
            letters.get((sum + offset) as usize % 11) == Some(&n.at(8))
        },
        context: &["nric", "fin", "identity card", "ic number", "ic no"],
        examples: &["NRIC S1234567D", "FIN: G1234567X", "he gave S1234567D"],
        counter_examples: &["S1234567A", "A1234567D"],
    },
    // Accounting and Corporate Regulatory Authority, UEN of businesses: modulo 11, a letter.
    Identifier {
        name: "sg_uen_business",
        kind: EntityKind::TaxId,
        country: "SG",
        forms: &[written("99999999A", 0.5)],
        check: |n| {
            let sum = n.weighted(&[10, 4, 9, 3, 8, 2, 7, 1]) as usize % 11;
            b"XMKECAWLJDB".get(sum) == Some(&n.at(8))
        },
        context: UEN,
        examples: &["UEN 00192200M", "53125226D"],
        counter_examples: &["UEN 00192200K"],
    },
    // The same of local companies: the year comes first.
    Identifier {
        name: "sg_uen_company",
        kind: EntityKind::TaxId,
        country: "SG",
        forms: &[written("999999999A", 0.5)],
        check: |n| {
            let sum = n.weighted(&[10, 8, 6, 4, 9, 7, 5, 3, 1]) as usize % 11;
            (1800..2100).contains(&n.number(0, 4)) && b"ZKCMDNERGWH".get(sum) == Some(&n.at(9))
        },
        context: UEN,
        examples: &["UEN 197401143C", "201434292D"],
        counter_examples: &["UEN 197401143D", "UEN 217401143C"],
    },
    // The same of all others: the year, a kind of two letters, modulo 11.
    Identifier {
        name: "sg_uen_other",
        kind: EntityKind::TaxId,
        country: "SG",
        forms: &[written("A99AA9999A", 0.55)],
        check: is_other_uen,
        context: UEN,
        examples: &["UEN S16FC0121D", "T01FC6132D"],
        counter_examples: &["UEN S16FC0121E", "UEN A16FC0121D"],
    },
];

const UEN: &[&str] = &["uen", "unique entity", "gst registration", "acra"];

fn is_other_uen(number: &Compact) -> bool {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWX0123456789";
    const WEIGHTS: [usize; 9] = [4, 3, 5, 3, 10, 2, 2, 5, 7];
    let value = |byte: u8| ALPHABET.iter().position(|&known| known == byte);
    let payload = number.as_bytes().iter().copied().zip(WEIGHTS);
    let sum = payload
        .map(|(byte, weight)| value(byte).map(|value| value * weight))
        .sum::<Option<usize>>();
    let check = sum.and_then(|sum| ALPHABET.get((sum + 11 - 5) % 11));
    matches!(number.at(0), b'R'..=b'T') && check == Some(&number.at(9))
}
