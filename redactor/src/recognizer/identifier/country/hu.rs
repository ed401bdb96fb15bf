//! Hungary.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Act XX of 1996: weights 3 and 7 modulo 10.
    Identifier {
        name: "hu_taj",
        kind: EntityKind::HealthId,
        country: "HU",
        forms: &[written("999-999-999", 0.3), written("999999999", 0.25)],
        check: |n| !n.is_monotone() && n.weighted(&[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == n.last(),
        context: &[
            "taj",
            "taj szam",
            "tajszam",
            "tarsadalombiztositas",
            "social security",
        ],
        examples: &["TAJ 123 456 788", "TAJ-szám: 123456788"],
        counter_examples: &["TAJ 123 456 789", "cikk 123456788"],
    },
    // Act XX of 1996: 8, days since 1867, serial, weights 1 to 9 modulo 11.
    Identifier {
        name: "hu_tax_id",
        kind: EntityKind::TaxId,
        country: "HU",
        forms: &[written("9999999999", 0.35)],
        check: |n| n.at(0) == b'8' && n.weighted(&[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == n.last(),
        context: &["adoazonosito", "ado azonosito", "adoszam", "tax id", "tin"],
        examples: &["adóazonosító jel 8123456786", "adóazonosító: 8365670100"],
        counter_examples: &["adóazonosító 8123456789", "cikk 8123456786"],
    },
    // Act XX of 1996: sex and century, birth date, serial, weights 1 to 10 (10 to 1 from 1997).
    Identifier {
        name: "hu_personal_id",
        kind: EntityKind::NationalId,
        country: "HU",
        forms: &[written("9-999999-9999", 0.55), written("99999999999", 0.4)],
        check: |n| {
            let old = n.weighted(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) % 11;
            let new = n.weighted(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
            matches!(n.at(0), b'1'..=b'8')
                && is_day(n.number(5, 7), n.number(3, 5))
                && [old, new].contains(&n.last())
        },
        context: &[
            "szemelyi azonosito",
            "szemelyi szam",
            "szemelyazonosito",
            "personal id",
        ],
        examples: &[
            "személyi azonosító: 1-880401-1233",
            "személyi szám 27505122345",
        ],
        counter_examples: &[
            "személyi azonosító: 1-881401-1233",
            "személyi szám 27505122340",
        ],
    },
    // Act CL of 2017: eight digits of weights 9 7 3 1, VAT code, county.
    Identifier {
        name: "hu_tax_number",
        kind: EntityKind::TaxId,
        country: "HU",
        forms: &[
            written("99999999-9-99", 0.55),
            written("99999999999", 0.2),
            written("99999999", 0.15),
        ],
        check: |n| is_vat(&n.first(8)) && (n.len() == 8 || matches!(n.at(8), b'1'..=b'5')),
        context: &["adoszam", "kozossegi adoszam", "tax number", "vat"],
        examples: &["adószám 53240664-1-42", "adószám: 60582397"],
        counter_examples: &["adószám 53240665-1-42", "cikk 60582397"],
    },
    // Identity card 123456AB, passport AB123456 (also with a seventh digit), licence AB123456.
    Identifier {
        name: "hu_identity_card",
        kind: EntityKind::NationalId,
        country: "HU",
        forms: &[written("999999~AA", 0.2), written("AA~999999", 0.15)],
        context: &[
            "szemelyi igazolvany",
            "szemelyi ig",
            "szig",
            "id card",
            "identity card",
        ],
        examples: &[
            "személyi igazolvány: 123456AB",
            "szem. ig. személyi ig. 123456 AB",
        ],
        counter_examples: &["személyi igazolvány 123", "cikk 123456AB"],
        ..Identifier::BASE
    },
    // GIRO: two or three groups of eight, each checked by 9 7 3 1 modulo 10.
    Identifier {
        name: "hu_bank_account",
        kind: EntityKind::BankAccount,
        country: "HU",
        forms: &[
            written("99999999-99999999", 0.5),
            written("99999999-99999999-99999999", 0.6),
            written("9{24}", 0.4),
        ],
        check: |n| {
            let is_checked = |n: Compact| {
                const WEIGHTS: [u32; 16] = [9, 7, 3, 1, 9, 7, 3, 1, 9, 7, 3, 1, 9, 7, 3, 1];
                n.weighted(&WEIGHTS).is_multiple_of(10)
            };
            !n.is_monotone() && is_checked(n.first(8)) && is_checked(n.skip(8))
        },
        context: &["szamlaszam", "bankszamla", "szamla", "account"],
        examples: &["számlaszám 11773016-11111018", "11773016-11111018-00000000"],
        counter_examples: &["számlaszám 11773017-11111018", "számlaszám 1177-1111"],
    },
    // Register of physicians: five or six digits.
    Identifier {
        name: "hu_physician",
        kind: EntityKind::LicenseCert,
        country: "HU",
        forms: &[free(5, 6)],
        context: &["pecsetszam", "orvosi pecset", "nyilvantartasi szam"],
        examples: &["pecsétszám: 12345", "orvosi pecsét 654321"],
        counter_examples: &["pecsétszám: 12", "szoba 12345"],
        ..Identifier::BASE
    },
];

/// VAT number, without `HU`.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 8
        && n.is_digits(0, 8)
        && !n.is_monotone()
        && n.weighted(&[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
}
