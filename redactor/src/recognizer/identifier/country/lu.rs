//! Luxembourg.

use super::{Compact, Identifier, free, is_day, written};
use crate::{
    EntityKind,
    checksum::{luhn, verhoeff},
};

pub(super) const ROWS: &[Identifier] = &[
    // Law of 19 June 2013: birth date, serial, a Luhn digit and a Verhoeff digit over the first 11.
    Identifier {
        name: "lu_national_number",
        kind: EntityKind::NationalId,
        country: "LU",
        forms: &[
            written("9999~99~99~99999", 0.6),
            written("9999-99-99-999-99", 0.6),
        ],
        check: |n| {
            let (day, month) = (n.number(6, 8), n.number(4, 6));
            let without_luhn = format!("{}{}", n.first(11).as_str(), n.last());
            matches!(n.number(0, 4), 1850..=2100)
                && is_day(day, month)
                && luhn(n.first(12).as_str())
                && verhoeff(&without_luhn)
        },
        context: &[
            "matricule",
            "numero national",
            "numero d'identification",
            "cns",
            "national identification",
        ],
        examples: &["matricule 1983081412357", "1983 08 14 123 57"],
        counter_examples: &["matricule 1983081412358", "1983081412301"],
    },
    // Before 2014, and those typed wrong: eleven or thirteen digits.
    Identifier {
        name: "lu_national_number_typed",
        kind: EntityKind::NationalId,
        country: "LU",
        forms: &[written("99999999~999~9{0,2}", 0.15)],
        check: |n| matches!(n.number(0, 4), 1850..=2100) && is_day(n.number(6, 8), n.number(4, 6)),
        context: &["matricule", "numero national", "cns", "securite sociale"],
        examples: &[
            "matricule nationale 19830814123",
            "Matricule: 1983081412399",
        ],
        counter_examples: &["matricule 19831514123", "lot 19830814123"],
    },
    // Registre de commerce et des societes: B and up to six digits.
    Identifier {
        name: "lu_company_register",
        kind: EntityKind::TaxId,
        country: "LU",
        forms: &[written("A~9{4,6}", 0.0), free(5, 7)],
        context: &["rcs", "r.c.s", "rcsl", "registre de commerce"],
        examples: &["RCS Luxembourg B123456", "R.C.S. B 98765"],
        counter_examples: &["RCS B 1", "lot B123456"],
        ..Identifier::BASE
    },
];

/// TVA number, without `LU`: the rest modulo 89.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 8 && n.is_digits(0, 8) && n.number(0, 6) > 0 && n.number(0, 6) % 89 == n.number(6, 8)
}
