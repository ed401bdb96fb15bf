//! Netherlands.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Wet algemene bepalingen burgerservicenummer: eleven test, weights 9 to 2 and -1.
    Identifier {
        name: "nl_bsn",
        kind: EntityKind::NationalId,
        country: "NL",
        forms: &[
            written("999999999", 0.25),
            written("999-999-999", 0.15),
            written("9999-99-999", 0.35),
            written("99999999", 0.15),
        ],
        check: is_bsn,
        context: &[
            "bsn",
            "burgerservicenummer",
            "burger service nummer",
            "sofinummer",
            "sofi nummer",
            "sofi",
            "citizen service",
        ],
        examples: &[
            "BSN 894477766",
            "burgerservicenummer: 8541.93.844",
            "sofinummer 341 267 624",
        ],
        counter_examples: &["BSN 894477767", "artikel 854193844"],
    },
    // Belastingdienst: the number of persons without a BSN has the rest 5.
    Identifier {
        name: "nl_education_number",
        kind: EntityKind::OtherId,
        country: "NL",
        forms: &[written("999999999", 0.15), free(5, 10)],
        context: &["onderwijsnummer", "studentnummer", "leerlingnummer", "pgn"],
        examples: &["onderwijsnummer 123456789", "Studentnummer: s1234567"],
        counter_examples: &["onderwijsnummer 12", "artikel 123456789"],
        ..Identifier::BASE
    },
    // Chamber of commerce: eight digits, twelve for a branch.
    Identifier {
        name: "nl_company",
        kind: EntityKind::TaxId,
        country: "NL",
        forms: &[written("99~99~99~99", 0.15), written("9{12}", 0.0)],
        context: &[
            "kvk",
            "kv k",
            "kvk nr",
            "kvk nummer",
            "kamer van koophandel",
            "rsin",
            "fiscaal nummer",
            "chamber of commerce",
        ],
        examples: &["KvK 12345678", "KvK-nummer: 12 34 56 78"],
        counter_examples: &["KvK 1234", "artikel 12345678"],
        ..Identifier::BASE
    },
    // Passport and identity card: two letters, six characters, a digit; no letter O.
    Identifier {
        name: "nl_passport",
        kind: EntityKind::Passport,
        country: "NL",
        forms: &[written("AA******9", 0.15)],
        check: |n| n.digit_count() >= 3 && !n.as_bytes().contains(&b'O'),
        context: &[
            "paspoort",
            "identiteitskaart",
            "identiteitsbewijs",
            "id kaart",
            "documentnummer",
            "passport",
        ],
        examples: &["paspoortnummer SPECI2014", "ID-kaart: NX1R2C3D4"],
        counter_examples: &["paspoort SPECIOUS4", "artikel NX1R2C3D4"],
    },
    // RDW: ten digits, the first 3 to 6.
    Identifier {
        name: "nl_driver_license",
        kind: EntityKind::DriverLicense,
        country: "NL",
        forms: &[written("9{10}", 0.15)],
        context: &["rijbewijs", "driving licence"],
        examples: &["rijbewijsnummer 4123456789", "Rijbewijs: 5012345678"],
        counter_examples: &["rijbewijs 12", "artikel 4123456789"],
        ..Identifier::BASE
    },
    // CIBG: BIG register, eleven digits; Vektis: AGB code, eight; UZI, nine.
    Identifier {
        name: "nl_health_professional",
        kind: EntityKind::LicenseCert,
        country: "NL",
        forms: &[
            written("99~999999~99", 0.0),
            written("9{11}", 0.15),
            free(8, 11),
        ],
        context: &[
            "big:",
            "big nummer",
            "big nr",
            "big registratie",
            "agb",
            "agb code",
            "uzi nummer",
            "uzi",
        ],
        examples: &["BIG-nummer 19012345601", "AGB-code: 01012345"],
        counter_examples: &["BIG 123", "artikel 19012345601"],
        ..Identifier::BASE
    },
    // Hospitals and insurers.
    Identifier {
        name: "nl_health_record",
        kind: EntityKind::HealthId,
        country: "NL",
        forms: &[free(5, 12)],
        context: &[
            "patientnummer",
            "patientnr",
            "patient nr",
            "dossiernummer",
            "polisnummer",
            "verzekerdennummer",
            "zorgpolis",
            "opnamenummer",
        ],
        examples: &["patiëntnummer 1234567", "Verzekerdennummer: 901234567"],
        counter_examples: &["patiëntnummer 12", "kamer 1234567"],
        ..Identifier::BASE
    },
    // Accounts before IBAN: the eleven test too.
    Identifier {
        name: "nl_bank_account",
        kind: EntityKind::BankAccount,
        country: "NL",
        forms: &[written("99-99-99-999", 0.3), written("9{9,10}", 0.15)],
        check: |n| {
            let n = if n.len() == 10 { n.skip(1) } else { *n };
            !n.is_monotone() && n.weighted(&[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
        },
        context: &["rekening", "rekeningnummer", "bankrekening", "giro"],
        examples: &["rekening 73.61.60.221", "rekeningnummer 736160221"],
        counter_examples: &["rekening 73.61.60.222", "artikel 736160221"],
    },
];

fn is_bsn(n: &Compact) -> bool {
    let last = n.len().saturating_sub(1);
    let weights: &[u32] = if last == 8 {
        &[9, 8, 7, 6, 5, 4, 3, 2]
    } else {
        &[8, 7, 6, 5, 4, 3, 2]
    };
    !n.is_monotone() && n.number(0, last) > 9999 && n.weighted(weights) % 11 == n.last()
}

/// VAT number, without `NL`: nine digits, B, two digits. The BSN in it passes the eleven test until
/// 2019; since then all characters pass ISO 7064 MOD 97-10.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 12 && n.at(9) == b'B' && n.is_digits(0, 9) && n.is_digits(10, 12) && {
        let rest = "NL"
            .bytes()
            .chain(n.as_bytes().iter().copied())
            .fold(0, |rest, byte| {
                let value = char::from(byte).to_digit(36).unwrap_or_default();
                (rest * if value < 10 { 10 } else { 100 } + value) % 97
            });
        rest == 1 || is_bsn(&n.first(9))
    }
}
