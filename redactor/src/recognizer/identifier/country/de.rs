//! Germany.

use super::{Compact, Identifier, free, is_day, written};
use crate::{
    EntityKind,
    checksum::{icao_731, luhn_sum, mod_11_10},
};

pub(super) const ROWS: &[Identifier] = &[
    // Abgabenordnung section 139b; Bundeszentralamt fuer Steuern.
    Identifier {
        name: "de_tax_id",
        kind: EntityKind::TaxId,
        country: "DE",
        forms: &[written("99-999-999-999", 0.5), written("99999999999", 0.3)],
        check: |n| n.at(0) != b'0' && repeats_one_digit(&n.first(10)) && mod_11_10(n.as_str()),
        context: &[
            "steuer id",
            "steuerid",
            "steueridentifikation",
            "identifikationsnummer",
            "idnr",
            "id nr",
            "tin",
            "steuernummer",
            "tax id",
            "tax identification",
        ],
        examples: &[
            "Steuer-ID: 86 095 742 719",
            "steuerId <- 86095742719",
            "86 095 742 719 ist meine Steuer-ID",
        ],
        counter_examples: &[
            "Steuer-ID 86095742718",
            "Bestellung 86095742719",
            "Steuer-ID 01234567899",
        ],
    },
    // Abgabenordnung section 139c: USt-IdNr. or a number of the same form, and five digits.
    Identifier {
        name: "de_business_id",
        kind: EntityKind::TaxId,
        country: "DE",
        forms: &[written("AA~999999999=99999", 0.6)],
        check: |n| n.starts_with("DE") && mod_11_10(n.skip(2).first(9).as_str()),
        context: &["wirtschafts id", "w idnr", "wirtschaftsidentifikation"],
        examples: &["W-IdNr. DE282757873-00001", "DE597649404-00002"],
        counter_examples: &["W-IdNr. DE282757874-00001", "AT282757873-00001"],
    },
    // Tax offices of the states; thirteen digits in ELSTER. Their checks differ by state.
    Identifier {
        name: "de_tax_number",
        kind: EntityKind::TaxId,
        country: "DE",
        forms: &[
            written("9{2,3}-9{3,4}-9{4,5}", 0.15),
            written("9{5}-9{5}", 0.15),
            written("9{10,11}", 0.0),
            written("9{13}", 0.0),
        ],
        check: |n| !n.is_monotone(),
        context: &[
            "steuernummer",
            "steuernr",
            "steuer nr",
            "stnr",
            "st. nr",
            "st nr",
            "tax number",
        ],
        examples: &[
            "Steuernummer 151/815/08156",
            "St.-Nr. 93815/08152",
            "Steuernummer: 2893081508152",
        ],
        counter_examples: &["Kapitel 151/815/08156", "Steuernummer 12"],
    },
    // SGB V section 290: a letter as two digits, then weights 1 and 2 and the sum of digits modulo
    // 10.
    Identifier {
        name: "de_health_insurance",
        kind: EntityKind::HealthId,
        country: "DE",
        forms: &[written("A~999~999~999", 0.5)],
        check: |n| {
            let payload = n.first(9);
            let digits = payload.as_str().get(1..).unwrap_or_default();
            luhn_sum(&format!("{:02}{digits}", n.value(0) - 9)) % 10 == n.last()
        },
        context: &[
            "krankenversicher",
            "kvnr",
            "kv nr",
            "kv nummer",
            "versichertennummer",
            "versichertennr",
            "versicherten nr",
            "versicherten id",
            "krankenkasse",
            "gesundheitskarte",
            "egk",
            "health insurance",
        ],
        examples: &[
            "Krankenversichertennummer: A123456780",
            "KVNR A 123 456 780",
            "A123456780",
        ],
        counter_examples: &["KVNR A123456789", "Zimmer A123456789"],
    },
    // SGB VI section 147, VKVV: area, birth date, initial, serial, check digit.
    Identifier {
        name: "de_pension_insurance",
        kind: EntityKind::NationalId,
        country: "DE",
        forms: &[
            written("99~999999~A~999", 0.6),
            written("99-99-99-99-A~99~9", 0.6),
        ],
        check: is_pension_insurance,
        context: &[
            "rentenversicherung",
            "sozialversicherung",
            "rvnr",
            "svnr",
            "sv nummer",
            "versicherungsnummer",
            "social insurance",
        ],
        examples: &["Rentenversicherungsnummer 65 070803 A 019", "38551285K051"],
        counter_examples: &["Rentenversicherungsnummer 65 070803 A 012", "15070649C100"],
    },
    // PAuswV and PassV: serial number without vowels, ICAO 9303 check digit.
    Identifier {
        name: "de_id_card",
        kind: EntityKind::NationalId,
        country: "DE",
        forms: &[written("A********9", 0.5), written("A*******9", 0.3)],
        check: |n| is_document(n, b"LMNPRTVWXYZ") && icao_731(n.as_str()),
        context: ID_CARD,
        examples: &["Personalausweis L01X00T471", "Ausweisnr. L01X00T44"],
        counter_examples: &["L01X00T472", "L01X00T47", "LINEAR1234"],
    },
    // As printed on the card, without the check digit; the old card began with a T and had digits.
    Identifier {
        name: "de_id_card_serial",
        kind: EntityKind::NationalId,
        country: "DE",
        forms: &[written("A********", 0.15)],
        check: |n| is_document(n, b"LMNPRTVWXYZ"),
        context: ID_CARD,
        examples: &["Personalausweisnummer: L01X00T47", "Perso-Nr. T22000129"],
        counter_examples: &["L01X00T47", "Personalausweis LINEAR123"],
    },
    // The card until 2010 in the form that machines still hold.
    Identifier {
        name: "de_old_id_card",
        kind: EntityKind::NationalId,
        country: "DE",
        forms: &[written("A99999999", 0.25)],
        check: |n| n.at(0) == b'T',
        context: ID_CARD,
        examples: &["T22000129", "Ausweis T22000129"],
        counter_examples: &["Teil T22000129", "S22000129"],
    },
    Identifier {
        name: "de_passport",
        kind: EntityKind::Passport,
        country: "DE",
        forms: &[written("A********9", 0.5), written("A*******9", 0.3)],
        check: |n| is_document(n, b"CFGHJKLT") && icao_731(n.as_str()),
        context: PASSPORT,
        examples: &["Reisepass C01X00T478", "Pass-Nr.: F12345671"],
        counter_examples: &["C01X00T479", "C01234567", "CHARTER123"],
    },
    Identifier {
        name: "de_passport_serial",
        kind: EntityKind::Passport,
        country: "DE",
        forms: &[written("A********", 0.15)],
        check: |n| is_document(n, b"CFGHJK"),
        context: PASSPORT,
        examples: &["Reisepassnummer: C01X00T47", "Pass-Nr. F1234567K"],
        counter_examples: &["C01X00T47", "Reisepass CHARTER12"],
    },
    // FeV annex 8: office, serial in base 36, check character, issue.
    Identifier {
        name: "de_driver_license",
        kind: EntityKind::DriverLicense,
        country: "DE",
        forms: &[
            written("A9999999999", 0.15),
            written("A99*******9", 0.15),
            written("AA99999999A", 0.25),
            written("AA999999999", 0.15),
        ],
        context: &[
            "fuhrerschein",
            "fahrerlaubnis",
            "driving licence",
            "driver's license",
        ],
        examples: &[
            "Führerscheinnummer B072RRE2I55",
            "Fahrerlaubnis-Nr. N0704578035",
        ],
        counter_examples: &["Bauteil B072RRE2I55", "Führerschein Klasse B"],
        ..Identifier::BASE
    },
    // Handelsregisterverordnung: court's section and number.
    Identifier {
        name: "de_company_register",
        kind: EntityKind::TaxId,
        country: "DE",
        forms: &[written("AAA~9{2,6}", 0.5), written("AAA~9{2,6}-A", 0.5)],
        check: |n| {
            ["HRA", "HRB", "GNR"]
                .iter()
                .any(|section| n.starts_with(section))
        },
        context: &[
            "handelsregister",
            "amtsgericht",
            "registernummer",
            "registergericht",
        ],
        examples: &["HRB 12345", "Amtsgericht Köln, HRA 4711", "HRB 86786 B"],
        counter_examples: &["HRC 12345", "HRB 1234567"],
    },
    // KBV, number of a practice: region of the association, no check.
    Identifier {
        name: "de_practice",
        kind: EntityKind::HealthId,
        country: "DE",
        forms: &[written("999999999", 0.25)],
        check: |n| !n.skip(2).is_monotone() && PRACTICE_REGIONS.contains(&n.number(0, 2)),
        context: &["betriebsstatten", "bsnr", "nbsnr"],
        examples: &["BSNR: 521234567", "Betriebsstättennummer 021234568"],
        counter_examples: &["BSNR 000000000", "Bestellung 521234567"],
    },
    // KBV, number of a physician: six digits, check digit of weights 4 and 9, speciality.
    Identifier {
        name: "de_physician",
        kind: EntityKind::LicenseCert,
        country: "DE",
        forms: &[written("999999999", 0.3)],
        check: |n| {
            let rest = n.weighted(&[4, 9, 4, 9, 4, 9]) % 10;
            n.number(0, 6) > 0 && n.number(7, 9) > 0 && (10 - rest) % 10 == n.value(6)
        },
        context: &["lanr", "arztnummer", "arzt nr", "arztnr"],
        examples: &["LANR: 123456601", "Arztnummer 987654401"],
        counter_examples: &["LANR 234567601", "Los 123456601"],
    },
    // Bundesbank: code of the bank, and an account of up to ten digits whose check is the bank's.
    Identifier {
        name: "de_bank_account",
        kind: EntityKind::BankAccount,
        country: "DE",
        forms: &[free(5, 10), written("9{2,4}-9{3}-9{2,3}", 0.0)],
        context: &["konto", "kontonr", "kto", "kto nr", "ktonr", "girokonto"],
        examples: &["Konto 0532013000", "Kto.-Nr. 532 013 00"],
        counter_examples: &["Konto seit 2004", "Nr. 0532013000"],
        ..Identifier::BASE
    },
    Identifier {
        name: "de_bank_code",
        kind: EntityKind::BankAccount,
        country: "DE",
        forms: &[written("999~999~99", 0.15)],
        check: |n| matches!(n.at(0), b'1'..=b'8'),
        context: &["blz", "bankleitzahl"],
        examples: &["BLZ 370 400 44", "Bankleitzahl: 37040044"],
        counter_examples: &["BLZ 070 400 44", "Nr. 370 400 44"],
    },
];

const ID_CARD: &[&str] = &[
    "personalausweis",
    "perso",
    "perso nr",
    "ausweis",
    "ausweisnr",
    "ausweisnummer",
    "aufenthaltstitel",
    "dokumentennummer",
    "seriennummer",
    "id card",
    "identity card",
];

const PASSPORT: &[&str] = &[
    "reisepass",
    "pass nr",
    "passnr",
    "passnummer",
    "passport",
    "dokumentennummer",
];

/// The regions of the physicians' associations, and 35 for hospitals.
const PRACTICE_REGIONS: &[u64] = &[
    1, 2, 3, 17, 20, 35, 38, 46, 51, 52, 71, 72, 73, 74, 78, 83, 88, 93, 98, 99,
];

/// One digit comes two or three times, and the others once or not at all.
fn repeats_one_digit(n: &Compact) -> bool {
    let mut counts = [0; 10];
    for &digit in n.as_bytes() {
        if let Some(count) = counts.get_mut(usize::from(digit.wrapping_sub(b'0'))) {
            *count += 1;
        }
    }
    let repeated = || counts.iter().filter(|&&count| count > 1);
    repeated().count() == 1 && repeated().all(|&count| count <= 3)
}

/// Serial numbers begin with a letter of the authority and hold no vowels, nor letters that look
/// like digits.
fn is_document(n: &Compact, first: &[u8]) -> bool {
    let is_allowed = |byte: &u8| byte.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(byte);
    first.contains(&n.at(0)) && n.digit_count() >= 2 && n.as_bytes().iter().all(is_allowed)
}

fn is_pension_insurance(n: &Compact) -> bool {
    const WEIGHTS: [u32; 12] = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let letter = n.value(8) - 9;
    let digits = (0..8).map(|place| n.value(place));
    let digits = digits.chain([letter / 10, letter % 10, n.value(9), n.value(10)]);
    let cross_sum = |product: u32| product / 10 + product % 10;
    let sum: u32 = digits
        .zip(WEIGHTS)
        .map(|(digit, weight)| cross_sum(digit * weight))
        .sum();
    // The day is 50 more when the numbers of a day are used up.
    is_day(n.number(2, 4) % 50, n.number(4, 6)) && sum % 10 == n.last()
}

/// VAT number of section 27a of the Umsatzsteuergesetz, without `DE`.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 9 && n.at(0) != b'0' && n.is_digits(0, 9) && mod_11_10(n.as_str())
}
