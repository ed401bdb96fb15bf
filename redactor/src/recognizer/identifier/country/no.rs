//! Norway.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Folkeregisterloven: birth date, serial, two checks modulo 11. The day is 40 more in D-numbers,
    // the month 40 more in emergency numbers and 80 more in test numbers.
    Identifier {
        name: "no_birth_number",
        kind: EntityKind::NationalId,
        country: "NO",
        forms: &[written("99999999999", 0.55), written("999999-99999", 0.6)],
        check: |n| {
            let first = n.weighted(&[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
            let second = n.weighted(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
            is_day(n.number(0, 2) % 40, n.number(2, 4) % 40) && first % 11 == 0 && second % 11 == 0
        },
        context: &[
            "fodselsnummer",
            "fodselsnr",
            "fnr",
            "f. nr",
            "personnummer",
            "d nummer",
            "dnr",
            "national identity",
        ],
        examples: &["fødselsnummer 07095404272", "fnr: 150176 28795"],
        counter_examples: &["fødselsnummer 07095404273", "varenr 15017628796"],
    },
    // Bronnoysundregistrene: weights 3 2 7 6 5 4 3 2 modulo 11; MVA behind it when liable for VAT.
    Identifier {
        name: "no_organisation",
        kind: EntityKind::TaxId,
        country: "NO",
        forms: &[
            written("999-999-999", 0.25),
            written("999999999", 0.25),
            written("999~999~999~AAA", 0.6),
            written("AA~999~999~999~A{0,3}", 0.5),
        ],
        check: |n| {
            let digits = if n.starts_with("NO") { n.skip(2) } else { *n };
            let suffix = digits.skip(9);
            is_organisation(&digits.first(9)) && matches!(suffix.as_str(), "" | "MVA")
        },
        context: &[
            "orgnr",
            "org. nr",
            "org nr",
            "org.nr",
            "organisasjonsnummer",
            "organisasjonsnr",
            "mva",
            "foretaksregisteret",
            "organisation number",
            "vat",
        ],
        examples: &["Org.nr. 923 609 016", "NO 974 760 673 MVA"],
        counter_examples: &["Org.nr. 923 609 017", "NO 974 760 674 MVA"],
    },
    // Bits: four, two and five digits, weights 5 4 3 2 7 6 5 4 3 2 modulo 11.
    Identifier {
        name: "no_bank_account",
        kind: EntityKind::BankAccount,
        country: "NO",
        forms: &[written("9999-99-99999", 0.5), written("99999999999", 0.25)],
        check: |n| !n.is_monotone() && n.weighted(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0,
        context: &["kontonr", "kontonummer", "konto", "account"],
        examples: &["kontonummer 9378.79.89398", "konto 32938882397"],
        counter_examples: &["kontonummer 9378.79.89399", "vare 32938882397"],
    },
    // Helsepersonellregisteret: seven to nine digits.
    Identifier {
        name: "no_health_professional",
        kind: EntityKind::LicenseCert,
        country: "NO",
        forms: &[free(6, 9)],
        context: &["hpr", "hpr nr", "hpr nummer", "helsepersonell"],
        examples: &["HPR-nummer 1234567", "HPR-nr: 9144889"],
        counter_examples: &["HPR 12", "rom 1234567"],
        ..Identifier::BASE
    },
];

fn is_organisation(n: &Compact) -> bool {
    n.len() == 9
        && n.is_digits(0, 9)
        && !n.is_monotone()
        && n.weighted(&[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}
