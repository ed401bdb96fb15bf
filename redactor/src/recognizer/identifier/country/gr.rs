//! Greece.

use super::{Compact, Identifier, is_day, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Law 3655/2008: birth date, serial, Luhn formula.
    Identifier {
        name: "gr_amka",
        kind: EntityKind::NationalId,
        country: "GR",
        forms: &[written("99999999999", 0.5), written("999999-99999", 0.5)],
        check: |n| is_day(n.number(0, 2), n.number(2, 4)) && luhn(n.as_str()),
        context: &[
            "αμκα",
            "α.μ.κ.α",
            "amka",
            "κοινωνικησ ασφαλισησ",
            "social security",
        ],
        examples: &["ΑΜΚΑ 16054326356", "AMKA: 05118325587"],
        counter_examples: &["ΑΜΚΑ 16054326357", "AMKA: 05138325587"],
    },
    // Law 1642/1986: powers of two modulo 11.
    Identifier {
        name: "gr_tax_number",
        kind: EntityKind::TaxId,
        country: "GR",
        forms: &[written("999999999", 0.25)],
        check: is_vat,
        context: &[
            "αφμ",
            "α.φ.μ",
            "afm",
            "φορολογικου μητρωου",
            "tin",
            "vat",
            "tax",
        ],
        examples: &["ΑΦΜ 650471434", "AFM: 734940283"],
        counter_examples: &["ΑΦΜ 650471435", "είδος 650471435"],
    },
    // Hellenic Police: one or two letters (often typed as Latin ones) and six digits.
    Identifier {
        name: "gr_identity_card",
        kind: EntityKind::NationalId,
        country: "GR",
        forms: &[written("A{1,2}~999999", 0.15), written("999999", 0.0)],
        context: &[
            "ταυτοτητα",
            "ταυτοτητασ",
            "α.δ.τ",
            "αδτ",
            "adt",
            "δελτιο",
            "identity card",
            "id card",
        ],
        examples: &["ΑΔΤ: AB 123456", "αριθμός ταυτότητας X123456"],
        counter_examples: &["ΑΔΤ: AB 1234", "είδος AB 123456"],
        ..Identifier::BASE
    },
    // GEMI, general commercial register: twelve digits.
    Identifier {
        name: "gr_company_register",
        kind: EntityKind::TaxId,
        country: "GR",
        forms: &[written("999999999999", 0.15)],
        context: &["γεμη", "γ.ε.μη", "gemi", "gemh"],
        examples: &["ΓΕΜΗ 123456789000", "GEMI: 001234567000"],
        counter_examples: &["ΓΕΜΗ 1234", "είδος 123456789000"],
        ..Identifier::BASE
    },
];

/// VAT number, without `EL`.
pub(super) fn is_vat(n: &Compact) -> bool {
    let sum = n.weighted(&[256, 128, 64, 32, 16, 8, 4, 2]);
    n.len() == 9 && n.is_digits(0, 9) && !n.is_monotone() && sum % 11 % 10 == n.last()
}
