//! Ecuador.

use super::{Identifier, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Registro Civil: province, third digit up to 6, Luhn over the ten digits.
    Identifier {
        name: "ec_cedula",
        kind: EntityKind::NationalId,
        country: "EC",
        forms: &[written("999999999-9", 0.45), written("9999999999", 0.25)],
        check: |n| is_province(n.number(0, 2)) && n.value(2) <= 6 && luhn(n.as_str()),
        context: &["cedula", "identidad", "ci"],
        examples: &["Cédula: 171430710-3", "C.I. 1714307103"],
        counter_examples: &["Cédula 1714307104", "Cédula 9914307103", "id 1714307103"],
    },
    // Servicio de Rentas Internas: a cedula or a company's number, and 001 or more.
    Identifier {
        name: "ec_ruc",
        kind: EntityKind::TaxId,
        country: "EC",
        forms: &[
            written("9999999999-999", 0.35),
            written("9999999999999", 0.25),
        ],
        check: |n| {
            let is_natural = luhn(n.first(10).as_str());
            let private = n
                .weighted(&[4, 3, 2, 7, 6, 5, 4, 3, 2, 1])
                .is_multiple_of(11);
            let public = n.weighted(&[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
            is_province(n.number(0, 2))
                && n.number(10, 13) > 0
                && (is_natural || n.value(2) == 9 && private || n.value(2) == 6 && public)
        },
        context: &["ruc", "contribuyente"],
        examples: &["RUC 1792060346-001", "RUC: 1714307103001"],
        counter_examples: &["RUC 1763154690001", "RUC 1714307103000"],
    },
];

/// The provinces, and 30 and 50 for those who registered abroad.
const fn is_province(number: u64) -> bool {
    matches!(number, 1..=24 | 30 | 50)
}
