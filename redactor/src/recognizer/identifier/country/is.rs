//! Iceland.

use super::{Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Registers Iceland: birth date (the day 40 more for companies), serial, weights 3 2 7 6 5 4 3
    // 2 modulo 11, century.
    Identifier {
        name: "is_kennitala",
        kind: EntityKind::NationalId,
        country: "IS",
        forms: &[written("999999-9999", 0.55), written("9999999999", 0.5)],
        check: |n| {
            matches!(n.at(9), b'0' | b'8' | b'9')
                && is_day(n.number(0, 2) % 40, n.number(2, 4))
                && n.weighted(&[3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
        },
        context: &["kennitala", "kennitolu", "kt", "kt.", "national id"],
        examples: &["kennitala 161163-7249", "kt. 0108588879"],
        counter_examples: &["kennitala 161163-7259", "vara 0108588869"],
    },
    // Directorate of Internal Revenue: VAT number of five or six digits.
    Identifier {
        name: "is_vsk",
        kind: EntityKind::TaxId,
        country: "IS",
        forms: &[free(5, 6)],
        context: &["vsk", "vsk nr", "vsk numer", "virdisaukaskatt"],
        examples: &["VSK-númer 12345", "VSK nr. 123456"],
        counter_examples: &["VSK 24", "vara 12345"],
        ..Identifier::BASE
    },
    // Bank, type and account: four, two and six digits.
    Identifier {
        name: "is_bank_account",
        kind: EntityKind::BankAccount,
        country: "IS",
        forms: &[written("999{0,1}9=99=9{4,6}", 0.2)],
        context: &["reikningur", "reikningsnumer", "banki", "account"],
        examples: &["reikningur 0123-26-012345", "Reikningsnúmer: 515-26-12345"],
        counter_examples: &["vara 0123-26-012345", "reikningur 0123"],
        ..Identifier::BASE
    },
];
