//! Sweden.

use super::{Compact, Identifier, free, is_day, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Folkbokforingslagen section 18: birth date (the day 60 more in coordination numbers), serial,
    // Luhn digit.
    Identifier {
        name: "se_personal_number",
        kind: EntityKind::NationalId,
        country: "SE",
        forms: &[
            written("999999=9999", 0.55),
            written("99999999=9999", 0.6),
            written("999999999999", 0.45),
            written("999999-9999", 0.4),
            written("9999999999", 0.35),
        ],
        check: |n| {
            let n = if n.len() == 12 { n.skip(2) } else { *n };
            is_day(n.number(4, 6) % 60, n.number(2, 4)) && luhn(n.as_str())
        },
        context: &[
            "personnummer",
            "personnr",
            "persnr",
            "pnr",
            "pers.nr",
            "samordningsnummer",
            "personal identity",
            "id code",
        ],
        examples: &[
            "personnummer 821217-0636",
            "pnr: 198204103983",
            "641027-6361",
        ],
        counter_examples: &["personnummer 821217-0637", "19001309-2393"],
    },
    // Lag 1974:174: the third digit is 2 or more; Luhn formula. Also the VAT number with SE and 01.
    Identifier {
        name: "se_organisation",
        kind: EntityKind::TaxId,
        country: "SE",
        forms: &[written("999999=9999", 0.5), written("9999999999", 0.3)],
        check: is_organisation,
        context: &[
            "orgnr",
            "org. nr",
            "org nr",
            "organisationsnummer",
            "momsregistrering",
            "moms",
            "vat",
            "company number",
        ],
        examples: &["org.nr 559248-3050", "Organisationsnummer: 5526968051"],
        counter_examples: &["org.nr 559248-3051", "vara 5526968051"],
    },
    // Bankgirot and Plusgirot: Luhn formula; clearing number and account.
    Identifier {
        name: "se_bank_account",
        kind: EntityKind::BankAccount,
        country: "SE",
        forms: &[
            written("9{3,4}=9999", 0.15),
            written("9{1,7}=9", 0.0),
            written("9999-9{7,10}", 0.15),
            free(8, 15),
        ],
        check: |n| n.is_digits(0, n.len()),
        context: &[
            "bankgiro",
            "bg",
            "plusgiro",
            "pg",
            "postgiro",
            "clearing",
            "kontonr",
            "kontonummer",
            "clearingnummer",
        ],
        examples: &["bankgiro 123-4566", "clearing 8327-9, konto 8327 9123456"],
        counter_examples: &["bankgiro 12", "vara 8327 9123456"],
    },
    // Socialstyrelsen: prescriber code, seven digits.
    Identifier {
        name: "se_health_professional",
        kind: EntityKind::LicenseCert,
        country: "SE",
        forms: &[free(5, 9)],
        context: &["forskrivarkod", "legitimationsnummer", "hsa id", "hsaid"],
        examples: &["förskrivarkod 1234567", "legitimationsnummer: 987654"],
        counter_examples: &["förskrivarkod 12", "rum 1234567"],
        ..Identifier::BASE
    },
];

fn is_organisation(n: &Compact) -> bool {
    n.len() == 10
        && n.is_digits(0, 10)
        && n.at(0) != b'0'
        && n.at(2) >= b'2'
        && !n.is_monotone()
        && luhn(n.as_str())
}

/// VAT number, without `SE`: the number of a company or person, and two digits.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 12 && n.is_digits(0, 12) && n.number(10, 12) > 0 && luhn(n.first(10).as_str())
}
