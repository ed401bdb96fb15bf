//! Estonia.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // EVS 585: sex and century, birth date, serial, check in two passes modulo 11.
    Identifier {
        name: "ee_personal_code",
        kind: EntityKind::NationalId,
        country: "EE",
        forms: &[written("99999999999", 0.5)],
        check: is_personal_code,
        context: &[
            "isikukood",
            "ik",
            "personal code",
            "personal identification",
            "tin",
        ],
        examples: &["isikukood 35003211066", "37507173831"],
        counter_examples: &["isikukood 35003211067", "37513173831"],
    },
    // Commercial register: two passes modulo 11.
    Identifier {
        name: "ee_company",
        kind: EntityKind::TaxId,
        country: "EE",
        forms: &[written("99999999", 0.15)],
        check: |n| {
            let first = n.weighted(&[1, 2, 3, 4, 5, 6, 7]) % 11;
            let second = n.weighted(&[3, 4, 5, 6, 7, 8, 9]) % 11;
            let rest = if first == 10 { second % 10 } else { first };
            matches!(n.at(0), b'1' | b'7' | b'8' | b'9') && rest == n.last()
        },
        context: &[
            "registrikood",
            "reg kood",
            "reg. kood",
            "registry code",
            "company code",
        ],
        examples: &["registrikood 19143216", "Reg. kood: 13940325"],
        counter_examples: &["registrikood 19143217", "kood 13940325"],
    },
    // Terviseamet: a letter and five digits.
    Identifier {
        name: "ee_health_worker",
        kind: EntityKind::LicenseCert,
        country: "EE",
        forms: &[free(5, 6)],
        context: &["tervishoiutootaja kood", "arsti kood", "tto kood"],
        examples: &["arsti kood: D12345", "TTO kood N12345"],
        counter_examples: &["arsti kood", "ruum D12345"],
        ..Identifier::BASE
    },
];

/// The personal code of Estonia and Lithuania.
pub(super) fn is_personal_code(n: &Compact) -> bool {
    let rest = match n.weighted(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11 {
        10 => n.weighted(&[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10,
        rest => rest,
    };
    matches!(n.at(0), b'1'..=b'8') && is_day(n.number(5, 7), n.number(3, 5)) && rest == n.last()
}

/// VAT number, without `EE`: weights 3 7 1 modulo 10.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 9
        && n.is_digits(0, 9)
        && !n.is_monotone()
        && n.weighted(&[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}
