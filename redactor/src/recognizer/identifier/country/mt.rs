//! Malta.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Identity Card Act: up to seven digits and a letter of the register.
    Identifier {
        name: "mt_identity_card",
        kind: EntityKind::NationalId,
        country: "MT",
        forms: &[written("9{3,7}~A", 0.15)],
        check: |n| b"MGAPLHBZ".contains(&n.at(n.len() - 1)),
        context: &[
            "karta tal identita",
            "karta ta l identita",
            "identity card",
            "id card",
            "id number",
            "id no",
            "e id",
        ],
        examples: &["ID card 123456M", "karta tal-identità 0034581G"],
        counter_examples: &["ID card 123456X", "part 123456M"],
    },
    // Commissioner for Tax and Customs: VAT and tax registration numbers.
    Identifier {
        name: "mt_tax_number",
        kind: EntityKind::TaxId,
        country: "MT",
        forms: &[written("9999~9999", 0.15), written("9{9}", 0.0)],
        check: |n| n.len() == 9 || is_vat(n),
        context: &["taxxa", "vat", "vat no", "tax number", "tin"],
        examples: &["VAT No. 2885-6053", "numru tat-taxxa: 123456789"],
        counter_examples: &["VAT No. 2885-6054", "part 28856053"],
    },
    // Malta Business Registry: C and up to six digits.
    Identifier {
        name: "mt_company",
        kind: EntityKind::TaxId,
        country: "MT",
        forms: &[free(4, 7)],
        context: &["company registration", "mbr"],
        examples: &[
            "company registration C 12345",
            "Company Registration No. C12345",
        ],
        counter_examples: &["company registration 12", "part C12345"],
        ..Identifier::BASE
    },
];

/// VAT number, without `MT`: weights 3 4 6 7 8 9 10 1 modulo 37.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 8
        && n.is_digits(0, 8)
        && n.number(0, 6) > 100_000
        && n.weighted(&[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37)
}
