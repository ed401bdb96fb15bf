//! India.

use super::{Compact, Identifier, written};
use crate::{EntityKind, checksum::verhoeff};

pub(super) const ROWS: &[Identifier] = &[
    // UIDAI, "A UID Numbering Scheme" (2010): Verhoeff; the first digit is not 0 or 1.
    Identifier {
        name: "in_aadhaar",
        kind: EntityKind::NationalId,
        country: "IN",
        forms: &[written("9999-9999-9999", 0.5), written("999999999999", 0.3)],
        check: |n| !matches!(n.at(0), b'0' | b'1') && !n.is_monotone() && verhoeff(n.as_str()),
        context: &["aadhaar", "aadhar", "adhar", "uidai", "uid", "आधार"],
        examples: &[
            "Aadhaar 2341 2341 2346",
            "आधार संख्या 234123412346",
            "2341-2341-2346",
        ],
        counter_examples: &[
            "Aadhaar 2341 2341 2347",
            "Aadhaar 1234 1234 1234",
            "id 234123412346",
        ],
    },
    // UIDAI circular 1 of 2018 (virtual id): as Aadhaar, of sixteen digits.
    Identifier {
        name: "in_aadhaar_virtual",
        kind: EntityKind::NationalId,
        country: "IN",
        forms: &[written("9999~9999~9999~9999", 0.25)],
        check: |n| !matches!(n.at(0), b'0' | b'1') && verhoeff(n.as_str()),
        context: &["vid", "virtual id", "aadhaar", "uidai"],
        examples: &[
            "Aadhaar VID 2341 2341 2341 2341",
            "virtual id: 2341234123412341",
        ],
        counter_examples: &["VID 2341234123412342", "VID 1341234123412341"],
    },
    // Income-tax Rules 1962, rule 114: the fourth letter is the class of the holder.
    Identifier {
        name: "in_pan",
        kind: EntityKind::TaxId,
        country: "IN",
        forms: &[written("AAAAA~9999~A", 0.55)],
        check: |n| b"ABCFGHJLPTK".contains(&n.at(3)) && n.number(5, 9) > 0,
        context: &["pan", "permanent account", "income tax"],
        examples: &["PAN: ACUPA7085R", "it is ACUPA7085R"],
        counter_examples: &["PAN ABMXA3211G", "PAN ACUPA0000R", "PAN ACUPA70859"],
    },
    // CGST Rules 2017, rule 10: state, PAN, entity, Z, check character.
    Identifier {
        name: "in_gstin",
        kind: EntityKind::TaxId,
        country: "IN",
        forms: &[written("99AAAAA9999A**~*", 0.6)],
        check: |n| {
            matches!(n.number(0, 2), 1..=37 | 97 | 99) && n.at(12) != b'0' && n.at(13) == b'Z'
        },
        context: &["gstin", "gst"],
        examples: &["GSTIN 27AAPFU0939F1ZV", "27AAPFU0939F1ZV"],
        counter_examples: &["GSTIN 00AAPFU0939F1ZV", "GSTIN 27AAPFU0939F1YV"],
    },
    // Election Commission of India, EPIC: three letters and seven digits.
    Identifier {
        name: "in_voter",
        kind: EntityKind::NationalId,
        country: "IN",
        forms: &[written("AAA9999999", 0.3)],
        context: &["voter", "epic", "elector", "election card"],
        examples: &["voter id WKH1186253", "EPIC no: WKH1186253"],
        counter_examples: &["voter id WKH118624", "part WKH1186253"],
        ..Identifier::BASE
    },
    // Passports Act 1967: a letter and seven digits, the first and the last not 0.
    Identifier {
        name: "in_passport",
        kind: EntityKind::Passport,
        country: "IN",
        forms: &[written("A~99~99999", 0.25)],
        check: |n| n.at(1) != b'0' && n.at(7) != b'0',
        context: &["passport", "पासपोर्ट"],
        examples: &["passport J8369854", "J8369854"],
        counter_examples: &["passport J0369850", "seat J8369854"],
    },
    // Central Motor Vehicles Rules 1989, rule 51: state, district, series, number.
    Identifier {
        name: "in_plate",
        kind: EntityKind::VehicleId,
        country: "IN",
        forms: &[
            written("AA~9{1,2}~A{1,3}~9999", 0.5),
            written("99~AA~9999~A{1,2}", 0.3),
        ],
        check: |n| starts_with_state(n) || n.as_str().get(2..4) == Some("BH"),
        context: &[
            "vehicle",
            "registration",
            "number plate",
            "rc number",
            "car number",
            "bike number",
        ],
        examples: &["KA53ME3456", "car MH 12 AB 1234", "vehicle 22 BH 1234 AA"],
        counter_examples: &["XX53ME3456", "KA53ME345"],
    },
    // Central Motor Vehicles Rules 1989, form 6: state, office, year of issue, serial.
    Identifier {
        name: "in_driver_license",
        kind: EntityKind::DriverLicense,
        country: "IN",
        forms: &[written("AA~99~9999~9999999", 0.55)],
        check: |n| starts_with_state(n) && (1950..2100).contains(&n.number(4, 8)),
        context: &["driving", "driver", "dl", "licence", "license"],
        examples: &["DL No. MH12 20110062821", "MH-1220110062821"],
        counter_examples: &["XX12 20110062821", "MH12 30110062821"],
    },
    // National Health Authority, ABHA number.
    Identifier {
        name: "in_abha",
        kind: EntityKind::HealthId,
        country: "IN",
        forms: &[
            written("99-9999-9999-9999", 0.5),
            written("99999999999999", 0.15),
        ],
        context: &["abha", "ayushman", "health id"],
        examples: &["ABHA 91-1234-5678-9012", "ABHA number: 91123456789012"],
        counter_examples: &["ABHA 91-1234-5678", "id 91123456789012"],
        ..Identifier::BASE
    },
    // Employees' Provident Fund Organisation, universal account number.
    Identifier {
        name: "in_uan",
        kind: EntityKind::NationalId,
        country: "IN",
        forms: &[written("9999~9999~9999", 0.15)],
        check: |n| n.at(0) == b'1',
        context: &["uan", "epfo", "provident fund"],
        examples: &["UAN 100123456789", "EPFO: 1001 2345 6789"],
        counter_examples: &["UAN 200123456789", "id 100123456789"],
    },
    // Reserve Bank of India, IFSC: bank, 0, branch.
    Identifier {
        name: "in_ifsc",
        kind: EntityKind::BankAccount,
        country: "IN",
        forms: &[written("AAAA9******", 0.2)],
        check: |n| n.at(4) == b'0',
        context: &["ifsc", "neft", "rtgs", "branch code"],
        examples: &["IFSC SBIN0000300", "ifsc_code=HDFC0CAG123"],
        counter_examples: &["IFSC SBIN1000300", "model SBIN0000300"],
    },
];

fn starts_with_state(number: &Compact) -> bool {
    const STATES: &[&str] = &[
        "AN", "AP", "AR", "AS", "BR", "CG", "CH", "DD", "DL", "DN", "GA", "GJ", "HP", "HR", "JH",
        "JK", "KA", "KL", "LA", "LD", "MH", "ML", "MN", "MP", "MZ", "NL", "OD", "OR", "PB", "PY",
        "RJ", "SK", "TG", "TN", "TR", "TS", "UA", "UK", "UP", "WB",
    ];
    STATES
        .iter()
        .any(|state| number.as_str().starts_with(state))
}
