//! Lithuania.

use super::{Compact, Identifier, ee, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Law on the population register: the personal code of Estonia.
    Identifier {
        name: "lt_personal_code",
        kind: EntityKind::NationalId,
        country: "LT",
        forms: &[written("99999999999", 0.5)],
        check: ee::is_personal_code,
        context: &[
            "asmens kodas",
            "asmens koda",
            "a.k.",
            "a. k.",
            "personal code",
        ],
        examples: &["asmens kodas 34602216029", "a.k. 37703277169"],
        counter_examples: &["asmens kodas 34602216028", "37713277169"],
    },
    // State Tax Inspectorate: two passes modulo 11; nine digits, or twelve of temporary payers.
    Identifier {
        name: "lt_vat",
        kind: EntityKind::TaxId,
        country: "LT",
        forms: &[written("999999999", 0.2), written("999999999999", 0.15)],
        check: is_vat,
        context: &["pvm", "pvm kodas", "pvm moketojo", "vat"],
        examples: &["PVM mokėtojo kodas 445976212", "PVM: 793248819"],
        counter_examples: &["PVM kodas 445976211", "prekė 445976212"],
    },
    // Register of legal entities: nine digits.
    Identifier {
        name: "lt_company",
        kind: EntityKind::TaxId,
        country: "LT",
        forms: &[written("999999999", 0.15), free(7, 9)],
        context: &[
            "imones kodas",
            "j.a.k.",
            "juridinio asmens kodas",
            "company code",
        ],
        examples: &[
            "įmonės kodas 123456789",
            "juridinio asmens kodas: 302123456",
        ],
        counter_examples: &["įmonės kodas 12", "prekė 123456789"],
        ..Identifier::BASE
    },
];

/// VAT number, without `LT`.
pub(super) fn is_vat(n: &Compact) -> bool {
    const FIRST: [u32; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2];
    const SECOND: [u32; 11] = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4];
    let payload = n.first(n.len().saturating_sub(1));
    let rest = match payload.weighted(&FIRST) % 11 {
        10 => payload.weighted(&SECOND) % 11 % 10,
        rest => rest,
    };
    matches!(n.len(), 9 | 12)
        && n.is_digits(0, n.len())
        && n.at(n.len() - 2) == b'1'
        && rest == n.last()
}
