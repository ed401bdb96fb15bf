//! Austria.

use super::{Compact, Identifier, free, is_day, written};
use crate::{
    EntityKind,
    checksum::{luhn, luhn_sum},
};

pub(super) const ROWS: &[Identifier] = &[
    // ASVG section 460d: weights 3 7 9 and 5 8 4 2 1 6, modulo 11.
    Identifier {
        name: "at_social_insurance",
        kind: EntityKind::NationalId,
        country: "AT",
        forms: &[written("9999-999999", 0.5), written("9999999999", 0.5)],
        check: |n| {
            let sum = n.weighted(&[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
            let (day, month) = (n.number(4, 6), n.number(6, 8));
            // Months 13 to 15 are given when the numbers of a day are used up.
            let is_birthday = is_day(day, month) || (13..=15).contains(&month);
            n.at(0) != b'0' && !n.is_monotone() && is_birthday && sum % 11 == n.value(3)
        },
        context: &[
            "sozialversicherung",
            "svnr",
            "sv nr",
            "sv nummer",
            "svnummer",
            "versicherungsnummer",
            "vsnr",
            "e card",
            "social insurance",
            "social security",
        ],
        examples: &["SVNR 5545 210668", "Sozialversicherungsnummer: 5545210668"],
        counter_examples: &["SVNR 5546 210668", "SVNR 5545 310668"],
    },
    // Bundesministerium fuer Finanzen: number of the tax office and Luhn formula.
    Identifier {
        name: "at_tax_number",
        kind: EntityKind::TaxId,
        country: "AT",
        forms: &[written("99-999-9999", 0.3), written("999999999", 0.2)],
        check: |n| !n.is_monotone() && luhn(n.as_str()),
        context: &[
            "steuernummer",
            "abgabenkonto",
            "stnr",
            "st nr",
            "st. nr",
            "tax number",
            "tin",
        ],
        examples: &["Abgabenkontonummer 84-889/3418", "StNr.: 848893418"],
        counter_examples: &["Steuernummer 84-889/3419", "Los 848893418"],
    },
    // Firmenbuchgesetz section 30: up to six digits and a check letter.
    Identifier {
        name: "at_company_register",
        kind: EntityKind::TaxId,
        country: "AT",
        forms: &[written("AA~9{5,6}~A", 0.4), written("9{5,6}~A", 0.15)],
        check: |n| n.is_digits(0, 5) || n.starts_with("FN"),
        context: &["firmenbuch", "fn", "company register"],
        examples: &["Firmenbuch FN 123456x", "Firmenbuchnummer: 98765k"],
        counter_examples: &["Firmenbuch 1234", "Typ 98765k"],
    },
    // Issued by the districts: an old number of digits, or of the card format.
    Identifier {
        name: "at_driver_license",
        kind: EntityKind::DriverLicense,
        country: "AT",
        forms: &[free(6, 10)],
        context: &["fuhrerschein", "lenkberechtigung"],
        examples: &["Führerschein-Nr. 12345678", "Führerscheinnummer: 14/123456"],
        counter_examples: &["Führerschein seit 2004", "Teil 12345678"],
        ..Identifier::BASE
    },
];

/// VAT number of section 28 of the Umsatzsteuergesetz, without `AT`: `U`, seven digits of which
/// each second counts twice, and what fills the sum plus 4 up to a multiple of ten.
pub(super) fn is_vat(n: &Compact) -> bool {
    let sum = luhn_sum(n.skip(1).first(6).as_str()) + n.value(7);
    n.at(0) == b'U' && n.len() == 9 && n.is_digits(1, 9) && (sum + 4 + n.last()).is_multiple_of(10)
}
