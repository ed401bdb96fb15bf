//! Slovakia. Its birth number (rodné číslo) and company number (IČO) are those of Czechia.

use super::{Compact, Identifier, cz, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Act 563/2009: DIČ, ten digits; divisible by 11 when also a VAT number.
    Identifier {
        name: "sk_tax_number",
        kind: EntityKind::TaxId,
        country: "SK",
        forms: &[written("9999999999", 0.2)],
        check: |n| matches!(n.at(0), b'1' | b'2' | b'4' | b'7'),
        context: &["dic", "danove identifikacne", "ic dph", "tax number"],
        examples: &["DIČ: 2653024484", "DIČ 1080078979"],
        counter_examples: &["DIČ: 9653024484", "tovar 2080078979"],
    },
    // Identity card: two letters, six digits; passport: one or two letters, six or seven digits.
    Identifier {
        name: "sk_identity_card",
        kind: EntityKind::NationalId,
        country: "SK",
        forms: &[written("AA~999999", 0.15)],
        context: &[
            "obciansky preukaz",
            "obcianskeho preukazu",
            "cislo op",
            "c. op",
            "cop",
            "op:",
            "identity card",
        ],
        examples: &["občiansky preukaz EA123456", "číslo OP: HL 654321"],
        counter_examples: &["občiansky preukaz 12", "tovar EA123456"],
        ..Identifier::BASE
    },
    Identifier {
        name: "sk_care_provider",
        kind: EntityKind::LicenseCert,
        country: "SK",
        forms: &[written("A99999999", 0.15), free(6, 12)],
        context: &["kod lekara", "kod pzs", "kod poskytovatela"],
        examples: &["kód lekára A12345678", "kód PZS: P12345678901"],
        counter_examples: &["kód lekára 12", "izba A12345678"],
        ..Identifier::BASE
    },
];

/// VAT number, without `SK`: that of a company, or the birth number of a person.
pub(super) fn is_vat(n: &Compact) -> bool {
    let is_company = n.at(0) != b'0'
        && matches!(n.at(2), b'2' | b'3' | b'4' | b'7' | b'8' | b'9')
        && n.number(0, 10).is_multiple_of(11);
    n.len() == 10 && n.is_digits(0, 10) && (is_company || cz::is_birth_number(n))
}
