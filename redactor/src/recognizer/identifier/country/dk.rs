//! Denmark.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // CPR-loven: birth date and four digits; the check modulo 11 no longer holds since 2007.
    Identifier {
        name: "dk_cpr",
        kind: EntityKind::NationalId,
        country: "DK",
        forms: &[
            written("999999=9999", 0.5),
            written("999999-9999", 0.3),
            written("9999999999", 0.2),
        ],
        check: |n| n.is_day_of_month(0, 2),
        context: &[
            "cpr",
            "cpr nr",
            "cpr nummer",
            "cprnummer",
            "personnummer",
            "civil registration",
        ],
        examples: &["CPR 280496-1878", "cprNummer <- 1703811281", "170381-1281"],
        counter_examples: &["CPR 320496-1878", "ordre 1703811281"],
    },
    // CVR-loven: weights 2 7 6 5 4 3 2 1 modulo 11; also the VAT number without `DK`.
    Identifier {
        name: "dk_cvr",
        kind: EntityKind::TaxId,
        country: "DK",
        forms: &[written("99~99~99~99", 0.15)],
        check: is_cvr,
        context: &[
            "cvr",
            "cvr nr",
            "cvrnummer",
            "se nr",
            "moms",
            "vat",
            "company number",
        ],
        examples: &["CVR-nr. 67243919", "CVR: 31 14 88 12"],
        counter_examples: &["CVR-nr. 67243918", "nr. 31148812"],
    },
    // Registration number of the bank (four digits) and account.
    Identifier {
        name: "dk_bank_account",
        kind: EntityKind::BankAccount,
        country: "DK",
        forms: &[written("9999-9{6,10}", 0.15), free(7, 14)],
        context: &[
            "kontonr",
            "kontonummer",
            "konto",
            "reg. nr",
            "reg.nr",
            "reg nr",
        ],
        examples: &["Reg.nr. 1234 0123456789", "kontonr. 0123456789"],
        counter_examples: &["kasse 1234 0123456789", "konto 2004"],
        ..Identifier::BASE
    },
    // Autorisationsregisteret: five characters.
    Identifier {
        name: "dk_authorisation",
        kind: EntityKind::LicenseCert,
        country: "DK",
        forms: &[free(5, 5)],
        context: &["autorisationsid", "autorisations id", "autorisationsnummer"],
        examples: &["AutorisationsID: 04B3X", "autorisationsnummer 0C7D2"],
        counter_examples: &["autorisationsid: 04B3X9", "rum 04B3X"],
        ..Identifier::BASE
    },
];

pub(super) fn is_cvr(n: &Compact) -> bool {
    n.len() == 8
        && n.at(0) != b'0'
        && n.is_digits(0, 8)
        && n.weighted(&[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}
