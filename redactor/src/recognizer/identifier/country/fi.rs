//! Finland.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Decree 128/2010: birth date, sign of the century (letters since 2023), number, rest modulo 31.
    Identifier {
        name: "fi_personal_identity",
        kind: EntityKind::NationalId,
        country: "FI",
        forms: &[written("999999=999*", 0.6), written("999999A999*", 0.6)],
        check: |n| {
            const SIGNS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
            let serial = n.len().saturating_sub(4);
            let number = n.number(0, 6) * 1000 + n.number(serial, serial + 3);
            let mut signs = SIGNS.iter().zip(0..);
            let is_century = n.len() == 10 || b"ABCDEFUVWXY".contains(&n.at(6));
            is_century
                && n.is_day_of_month(0, 2)
                && signs.any(|(&sign, rest)| sign == n.at(serial + 3) && rest == number % 31)
        },
        context: &[
            "henkilotunnus",
            "hetu",
            "sosiaaliturvatunnus",
            "sotu",
            "personbeteckning",
            "personal identity code",
        ],
        examples: &[
            "HETU: 211171-160W",
            "140403V018L",
            "henkilötunnus 270408y369l",
        ],
        counter_examples: &["HETU: 211171-160X", "321171-160W", "131052/308T"],
    },
    // Business Information Act: weights 7 9 10 5 8 4 2 modulo 11.
    Identifier {
        name: "fi_business_id",
        kind: EntityKind::TaxId,
        country: "FI",
        forms: &[written("9999999=9", 0.45), written("99999999", 0.15)],
        check: is_business_id,
        context: &[
            "y tunnus",
            "ytunnus",
            "fo nummer",
            "business id",
            "alv",
            "alv nro",
            "company id",
            "vat",
        ],
        examples: &["Y-tunnus 1743945-8", "ytunnus: 07865912"],
        counter_examples: &["Y-tunnus 1743945-9", "tuote 07865912"],
    },
    // Tax Administration: number for building sites, twelve digits.
    Identifier {
        name: "fi_tax_number",
        kind: EntityKind::TaxId,
        country: "FI",
        forms: &[written("9999~9999~9999", 0.15)],
        context: &["veronumero", "skattenummer", "tax number"],
        examples: &["veronumero 1234 5678 9012", "Veronumero: 123456789012"],
        counter_examples: &["veronumero 1234", "tuote 123456789012"],
        ..Identifier::BASE
    },
    // Valvira: registration of a health professional, eleven digits; SV number, six.
    Identifier {
        name: "fi_health_professional",
        kind: EntityKind::LicenseCert,
        country: "FI",
        forms: &[free(5, 11)],
        context: &[
            "sv numero",
            "rekisterointinumero",
            "terhikki",
            "laakarin yksilointi",
            "valvira",
        ],
        examples: &["Terhikki: 00012345678", "SV-numero 123456"],
        counter_examples: &["SV-numero", "huone 123456"],
        ..Identifier::BASE
    },
];

/// Business identity code, which is also the VAT number without `FI`.
pub(super) fn is_business_id(n: &Compact) -> bool {
    n.len() == 8
        && n.is_digits(0, 8)
        && !n.is_monotone()
        && n.weighted(&[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
}
