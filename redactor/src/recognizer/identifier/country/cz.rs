//! Czechia.

use super::{Compact, Identifier, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Act 133/2000, also Slovakia: the month is 50 more for women and 20 more when numbers run out;
    // ten digits are divisible by 11, nine were given until 1953 without a check.
    Identifier {
        name: "cz_birth_number",
        kind: EntityKind::NationalId,
        country: "CZ",
        forms: &[
            written("999999-9999", 0.55),
            written("999999-999", 0.3),
            written("9999999999", 0.4),
            written("999999999", 0.15),
        ],
        check: is_birth_number,
        context: &[
            "rodne cislo",
            "rodneho cisla",
            "rod. cislo",
            "r.c.",
            "rc",
            "rc:",
            "birth number",
            "personal number",
        ],
        examples: &["rodné číslo 771201/9513", "RČ: 6701230668", "440426/402"],
        counter_examples: &["rodné číslo 771201/9514", "RČ: 6799230668"],
    },
    // Act 111/2009: weights 8 to 2 modulo 11; also Slovakia.
    Identifier {
        name: "cz_company_number",
        kind: EntityKind::TaxId,
        country: "CZ",
        forms: &[written("99999999", 0.15), written("999-99-999", 0.15)],
        check: is_company_number,
        context: &[
            "ico",
            "ic",
            "ic dph",
            "dic",
            "identifikacni cislo",
            "company id",
        ],
        examples: &["IČO: 27339874", "IČ 531 45 682"],
        counter_examples: &["IČO: 27339875", "IČ 53145683"],
    },
    // Decree 169/2011 of the national bank: prefix, number and code of the bank, weights modulo 11.
    Identifier {
        name: "cz_bank_account",
        kind: EntityKind::BankAccount,
        country: "CZ",
        forms: &[
            written("9{2,6}=9{6,10}-9999", 0.5),
            written("9{6,10}-9999", 0.3),
        ],
        check: is_bank_account,
        context: &["ucet", "uctu", "c. u.", "bankovni", "bankove", "account"],
        examples: &["číslo účtu 94-9454660928/0800", "účet 78-6457777183/0800"],
        counter_examples: &["číslo účtu 94-9454660929/0800", "účet 78-6457777184/0800"],
    },
    // Number of an insured person is the birth number; doctors have an identification number (IČP).
    Identifier {
        name: "cz_care_provider",
        kind: EntityKind::LicenseCert,
        country: "CZ",
        forms: &[written("99~999~999", 0.0)],
        context: &["icp", "icz", "evidencni cislo lekare"],
        examples: &["IČP: 12345001", "IČZ 12 345 001"],
        counter_examples: &["IČP: 123", "číslo 12345001"],
        ..Identifier::BASE
    },
];

/// Rodné číslo of Czechia and Slovakia.
pub(super) fn is_birth_number(n: &Compact) -> bool {
    let month = match n.number(2, 4) {
        month @ 71..=82 => month - 70,
        month @ 51..=62 => month - 50,
        month @ 21..=32 => month - 20,
        month => month,
    };
    let number = n.number(0, 9);
    is_day(n.number(4, 6), month)
        && match n.len() {
            9 => n.number(0, 2) <= 53 && n.number(6, 9) > 0,
            // Some were given with 0 where the rest is 10.
            _ => number % 11 % 10 == u64::from(n.last()),
        }
}

fn is_company_number(n: &Compact) -> bool {
    let rest = n.weighted(&[8, 7, 6, 5, 4, 3, 2]) % 11;
    !n.is_monotone() && n.is_digits(0, 8) && (11 - rest) % 10 == n.value(7)
}

/// VAT number, without `CZ`: that of a company, or the birth number of a person.
pub(super) fn is_vat(n: &Compact) -> bool {
    match n.len() {
        8 => is_company_number(n),
        9 | 10 => n.is_digits(0, n.len()) && is_birth_number(n),
        _ => false,
    }
}

fn is_bank_account(n: &Compact) -> bool {
    const WEIGHTS: [u32; 10] = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
    let is_part = |part: Compact| {
        let weights = WEIGHTS.get(WEIGHTS.len().saturating_sub(part.len())..);
        part.weighted(weights.unwrap_or_default())
            .is_multiple_of(11)
    };
    let account = n.first(n.len() - 4);
    // Where the prefix ends is not known here: one of the splits must hold.
    !account.is_monotone()
        && (2..=10).any(|length| {
            let prefix = account.len().saturating_sub(length);
            prefix <= 6 && is_part(account.first(prefix)) && is_part(account.skip(prefix))
        })
}
