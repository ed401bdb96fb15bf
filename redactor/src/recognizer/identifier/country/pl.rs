//! Poland.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Act of 24 September 2010: birth date, serial, weights 1 3 7 9 modulo 10; the month is 80 more
    // for 1800 to 1899, and 20 more for each century after 1999.
    Identifier {
        name: "pl_pesel",
        kind: EntityKind::NationalId,
        country: "PL",
        forms: &[written("99999999999", 0.45)],
        check: |n| {
            is_day(n.number(4, 6), n.number(2, 4) % 20)
                && n.weighted(&[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
        },
        context: &["pesel", "numer ewidencyjny", "nr pesel"],
        examples: &["PESEL 63030406972", "numer PESEL: 03011181102"],
        counter_examples: &["PESEL 63030406973", "PESEL 63330406972"],
    },
    // Act of 13 October 1995: weights 6 5 7 2 3 4 5 6 7 modulo 11.
    Identifier {
        name: "pl_nip",
        kind: EntityKind::TaxId,
        country: "PL",
        forms: &[
            written("999-999-99-99", 0.5),
            written("999-99-99-999", 0.5),
            written("9999999999", 0.25),
        ],
        check: is_nip,
        context: &[
            "nip",
            "numer identyfikacji podatkowej",
            "identyfikacji podatkowej",
            "vat",
            "tax id",
        ],
        examples: &["NIP 807-410-10-90", "NIP: 9612424693"],
        counter_examples: &["NIP 807-410-10-91", "towar 9612424693"],
    },
    // Central Statistical Office: nine digits, or fourteen for a local unit.
    Identifier {
        name: "pl_regon",
        kind: EntityKind::TaxId,
        country: "PL",
        forms: &[
            written("999999999", 0.2),
            written("99999999999999", 0.3),
            written("999-999-999", 0.2),
        ],
        check: |n| {
            let is_nine = n.weighted(&[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == n.value(8);
            let is_long = n.weighted(&[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11 % 10;
            !n.is_monotone() && is_nine && (n.len() == 9 || is_long == n.last())
        },
        context: &["regon", "statystyczny"],
        examples: &["REGON 039997307", "REGON: 604629029"],
        counter_examples: &["REGON 039997308", "towar 604629029"],
    },
    // National Court Register: ten digits, of which the first are zeros.
    Identifier {
        name: "pl_krs",
        kind: EntityKind::TaxId,
        country: "PL",
        forms: &[written("9999999999", 0.2)],
        check: |n| n.starts_with("000") && n.number(3, 10) > 0,
        context: &["krs", "rejestr sadowy", "krajowego rejestru"],
        examples: &["KRS 0000123456", "nr KRS: 0000987654"],
        counter_examples: &["KRS 1234567890", "towar 0000123456"],
    },
    // Identity card: three letters, a check digit of weights 7 3 1, five digits.
    Identifier {
        name: "pl_identity_card",
        kind: EntityKind::NationalId,
        country: "PL",
        forms: &[written("AAA~999999", 0.45)],
        check: |n| n.weighted(&[7, 3, 1, 9, 7, 3, 1, 7, 3]) % 10 == 0,
        context: &[
            "dowod osobisty",
            "dowodu osobistego",
            "nr dowodu",
            "numer dowodu",
            "seria i numer",
            "dowod",
            "id card",
            "identity card",
        ],
        examples: &["dowód osobisty ABA 300000", "nr dowodu: ABS123456"],
        counter_examples: &["dowód osobisty ABA 400000", "typ ABS123456"],
    },
    // Passport: two letters, a check digit, six digits.
    Identifier {
        name: "pl_passport",
        kind: EntityKind::Passport,
        country: "PL",
        forms: &[written("AA~9999999", 0.3)],
        check: |n| n.weighted(&[7, 3, 9, 1, 7, 3, 1, 7, 3]) % 10 == 0,
        context: &["paszport", "nr paszportu", "passport"],
        examples: &["paszport EB 1000000", "numer paszportu: AA4123457"],
        counter_examples: &["paszport EB 3000000", "towar EB 1000000"],
    },
    // Driving licence: five digits, year, four digits.
    Identifier {
        name: "pl_driver_license",
        kind: EntityKind::DriverLicense,
        country: "PL",
        forms: &[written("99999-99-9999", 0.2), written("9{11}", 0.0)],
        context: &["prawo jazdy", "prawa jazdy", "driving licence"],
        examples: &["prawo jazdy nr 00123/15/1234", "prawa jazdy: 12345/09/0001"],
        counter_examples: &["prawo jazdy kat. B", "towar 00123/15/1234"],
        ..Identifier::BASE
    },
    // Chamber of Physicians: a check digit and six digits; nurses have an A or P at the end.
    Identifier {
        name: "pl_health_professional",
        kind: EntityKind::LicenseCert,
        country: "PL",
        forms: &[written("9999999", 0.15), written("9999999A", 0.15)],
        context: &[
            "pwz",
            "npwz",
            "nr pwz",
            "prawo wykonywania zawodu",
            "prawa wykonywania zawodu",
        ],
        examples: &["PWZ 5425740", "nr PWZ: 1234567P"],
        counter_examples: &["PWZ 123", "pokój 5425740"],
        ..Identifier::BASE
    },
    // NRB: twenty-six digits, the IBAN without PL.
    Identifier {
        name: "pl_bank_account",
        kind: EntityKind::BankAccount,
        country: "PL",
        forms: &[
            written("99-9999-9999-9999-9999-9999-9999", 0.7),
            written("9{26}", 0.6),
        ],
        check: |n| {
            // PL is 2521; it and the check digits go to the end.
            let end = [2, 5, 2, 1, n.value(0), n.value(1)];
            let digits = (2..26).map(|place| n.value(place)).chain(end);
            !n.is_monotone() && digits.fold(0, |rest, digit| (rest * 10 + digit) % 97) == 1
        },
        context: &[
            "konto",
            "rachunek",
            "nr konta",
            "numer konta",
            "nrb",
            "rachunku",
            "account",
        ],
        examples: &[
            "nr konta 61 1090 1014 0000 0712 1981 2874",
            "61109010140000071219812874",
        ],
        counter_examples: &[
            "nr konta 62 1090 1014 0000 0712 1981 2874",
            "62109010140000071219812874",
        ],
    },
    // Hospitals: number of a patient, of a file, of the main book.
    Identifier {
        name: "pl_health_record",
        kind: EntityKind::HealthId,
        country: "PL",
        forms: &[free(4, 12)],
        context: &[
            "numer pacjenta",
            "nr pacjenta",
            "id pacjenta",
            "historia choroby",
            "historii choroby",
            "nr historii",
            "ksiega glowna",
            "nr ksiegi",
            "ubezpieczenia nr",
            "ekuz",
        ],
        examples: &["nr historii choroby: 12345/2023", "ID pacjenta 1234567"],
        counter_examples: &["pacjent lat 75", "sala 1234567"],
        ..Identifier::BASE
    },
];

/// NIP, which is also the VAT number without `PL`.
pub(super) fn is_nip(n: &Compact) -> bool {
    n.len() == 10
        && n.is_digits(0, 10)
        && !n.is_monotone()
        && n.weighted(&[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == n.last()
}
