//! Belarus.

use super::{Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Law of 21 July 2008 no. 418-Z: sex and century, birth date, region, number, citizenship.
    Identifier {
        name: "by_personal_number",
        kind: EntityKind::NationalId,
        country: "BY",
        forms: &[written("9999999A999AA9", 0.6)],
        check: |n| {
            matches!(n.at(0), b'1'..=b'6')
                && n.is_day_of_month(1, 3)
                && matches!(n.at(7), b'A' | b'B' | b'C' | b'H' | b'K' | b'E' | b'M')
                && matches!(n.as_bytes().get(11..13), Some(b"PB" | b"BA" | b"BI"))
        },
        context: &[
            "личный номер",
            "идентификационный номер",
            "асабісты нумар",
            "personal number",
        ],
        examples: &["личный номер 4150990A023PB4", "3010175K001PB7"],
        counter_examples: &["личный номер 4159990A023PB4", "3010175K001XX7"],
    },
    // УНП, Tax Code: weights 29 23 19 17 13 7 5 3 modulo 11.
    Identifier {
        name: "by_tax_number",
        kind: EntityKind::TaxId,
        country: "BY",
        forms: &[written("999999999", 0.2)],
        check: |n| !n.is_monotone() && n.weighted(&[29, 23, 19, 17, 13, 7, 5, 3]) % 11 == n.last(),
        context: &["унп", "unp", "учетный номер плательщика", "taxpayer"],
        examples: &["УНП 169202517", "UNP: 103052041"],
        counter_examples: &["УНП 169202518", "UNP: 103052042"],
    },
];
