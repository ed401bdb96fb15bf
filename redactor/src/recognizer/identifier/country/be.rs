//! Belgium.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Royal decree of 3 April 1984 on the national register: 97 minus the rest modulo 97, with a 2
    // in front for births since 2000. The social security adds 20 or 40 to the month (bis number).
    Identifier {
        name: "be_national_number",
        kind: EntityKind::NationalId,
        country: "BE",
        forms: &[
            written("99-99-99-999-99", 0.6),
            written("999999-999-99", 0.55),
            written("99999999999", 0.5),
        ],
        check: |n| {
            let number = n.number(0, 9);
            let check = n.number(9, 11);
            let month = n.number(2, 4) % 20;
            // Day and month are 00 when they are not known.
            let is_date = is_day(n.number(4, 6), month) || month == 0 || n.number(4, 6) == 0;
            is_date
                && n.number(2, 4) <= 52
                && n.number(4, 6) <= 31
                && !n.is_monotone()
                && [number, 2_000_000_000 + number]
                    .iter()
                    .any(|number| 97 - number % 97 == check)
        },
        context: &[
            "rijksregister",
            "registre national",
            "nationalregister",
            "numero national",
            "nationaal nummer",
            "insz",
            "niss",
            "nrn",
            "rrn",
            "rr nr",
            "bis nummer",
            "numero bis",
            "national number",
            "national register",
            "social security",
        ],
        examples: &[
            "Rijksregisternummer: 64.06.20-998.79",
            "NISS 84061077750",
            "84.06.10-777.50",
        ],
        counter_examples: &["Rijksregisternummer: 64.06.20-998.78", "NISS 84991077750"],
    },
    // Crossroads Bank for Enterprises: 97 minus the rest modulo 97.
    Identifier {
        name: "be_enterprise_number",
        kind: EntityKind::TaxId,
        country: "BE",
        forms: &[
            written("9999-999-999", 0.45),
            written("999-999-999", 0.2),
            written("9999999999", 0.3),
        ],
        check: is_enterprise_number,
        context: &[
            "ondernemingsnummer",
            "numero d'entreprise",
            "numero entreprise",
            "unternehmensnummer",
            "kbo",
            "bce",
            "btw",
            "tva",
            "rpr",
            "rpm",
            "enterprise number",
            "company number",
            "vat",
        ],
        examples: &["KBO 0209.408.944", "ondernemingsnummer 0209408944"],
        counter_examples: &["KBO 0209.408.945", "RPR 2209.408.944"],
    },
    // Number of the identity card: three, seven and two digits, the last the rest modulo 97.
    Identifier {
        name: "be_id_card",
        kind: EntityKind::NationalId,
        country: "BE",
        forms: &[written("999-9999999-99", 0.5), written("999999999999", 0.3)],
        check: is_mod_97,
        context: &[
            "identiteitskaart",
            "carte d'identite",
            "personalausweis",
            "kaartnummer",
            "numero de carte",
            "eid",
            "e id",
            "id card",
            "identity card",
        ],
        examples: &["identiteitskaart 414-6444711-67", "eID: 414644471167"],
        counter_examples: &["identiteitskaart 414-6444711-68", "eID: 414644471168"],
    },
    // Account numbers before IBAN, still printed: the same check.
    Identifier {
        name: "be_bank_account",
        kind: EntityKind::BankAccount,
        country: "BE",
        forms: &[
            written("999-9999999-99", 0.5),
            written("999999999999", 0.15),
        ],
        check: is_mod_97,
        context: &["rekening", "compte", "bankrekening", "account"],
        examples: &["rekening 539-0075470-34", "compte 539007547034"],
        counter_examples: &["rekening 539-0075470-35", "compte 539007547035"],
    },
    // RIZIV/INAMI: number of a care provider, 97 minus the rest modulo 97, and a competence code.
    Identifier {
        name: "be_care_provider",
        kind: EntityKind::LicenseCert,
        country: "BE",
        forms: &[written("9-99999-99-999", 0.5), written("99999999999", 0.2)],
        check: |n| 97 - n.number(0, 6) % 97 == n.number(6, 8),
        context: &["riziv", "inami", "likiv", "rizivnummer", "numero inami"],
        examples: &["RIZIV 1-23456-25-004", "INAMI: 12345625004"],
        counter_examples: &["RIZIV 1-23456-26-004", "INAMI: 12345626004"],
    },
    // Ten digits, no known check.
    Identifier {
        name: "be_driver_license",
        kind: EntityKind::DriverLicense,
        country: "BE",
        forms: &[free(9, 11)],
        context: &["rijbewijs", "permis de conduire", "fuhrerschein"],
        examples: &["Rijbewijs nr. 1234567890", "permis de conduire: 1234567890"],
        counter_examples: &["rijbewijs B sinds 2004", "onderdeel 1234567890"],
        ..Identifier::BASE
    },
];

/// Number of an enterprise, which is also its VAT number without `BE`; nine digits before 2008.
pub(super) fn is_enterprise_number(n: &Compact) -> bool {
    let payload = n.len().saturating_sub(2);
    let number = n.number(0, payload);
    (n.len() == 9 || matches!(n.at(0), b'0' | b'1'))
        && n.is_digits(0, n.len())
        && number > 99_999
        && 97 - number % 97 == n.number(payload, payload + 2)
}

/// Ten digits, and the rest modulo 97, or 97 instead of 0.
fn is_mod_97(n: &Compact) -> bool {
    let rest = n.number(0, 10) % 97;
    !n.is_monotone() && n.number(10, 12) == if rest == 0 { 97 } else { rest }
}
