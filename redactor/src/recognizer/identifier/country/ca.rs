//! Canada.

use super::{Identifier, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Employment and Social Development Canada: Luhn; 0 and 8 are not given as a first digit.
    Identifier {
        name: "ca_sin",
        kind: EntityKind::NationalId,
        country: "CA",
        forms: &[written("999-999-999", 0.35), written("999999999", 0.25)],
        check: |n| !matches!(n.at(0), b'0' | b'8') && luhn(n.as_str()),
        context: &[
            "sin",
            "sin#",
            "social insurance",
            "nas",
            "assurance sociale",
        ],
        examples: &[
            "SIN: 123-456-782",
            "numéro d'assurance sociale 123 456 782",
            "123 456 782",
        ],
        counter_examples: &["SIN 123-456-789", "SIN 812 345 676", "id 123456782"],
    },
    // Canada Revenue Agency: nine digits with Luhn, a programme and its account.
    Identifier {
        name: "ca_business_number",
        kind: EntityKind::TaxId,
        country: "CA",
        forms: &[
            written("99999~9999~AA~9999", 0.6),
            written("999999999~AA~9999", 0.6),
        ],
        check: |n| {
            let programme = n.as_str().get(9..11).unwrap_or_default();
            luhn(n.first(9).as_str()) && ["RC", "RM", "RP", "RT", "RR", "RZ"].contains(&programme)
        },
        context: &[
            "business number",
            "bn",
            "gst",
            "hst",
            "numero d'entreprise",
            "tps",
        ],
        examples: &["GST/HST 123456782RT0001", "BN 123456782 RC 0001"],
        counter_examples: &["BN 123456789RT0001", "BN 123456782XX0001"],
    },
    // Ontario, Health Card Validation Reference Manual: Luhn, and a version of two letters.
    Identifier {
        name: "ca_on_health_card",
        kind: EntityKind::HealthId,
        country: "CA",
        forms: &[
            written("9999-999-999~AA", 0.5),
            written("9999-999-999", 0.3),
            written("9999999999", 0.25),
            written("9999999999~AA", 0.3),
        ],
        check: |n| n.at(0) != b'0' && luhn(n.first(10).as_str()),
        context: &["ohip", "health card", "health number", "hcn", "carte sante"],
        examples: &[
            "OHIP 1234-567-897",
            "Health card: 1234 567 897 AB",
            "1234-567-897-AB",
        ],
        counter_examples: &["OHIP 1234-567-890", "OHIP 0234567898", "count 1234567897"],
    },
    // British Columbia Ministry of Health, Personal Health Number: 9, then weights modulo 11.
    Identifier {
        name: "ca_bc_phn",
        kind: EntityKind::HealthId,
        country: "CA",
        forms: &[written("9999-999-999", 0.35), written("9999999999", 0.25)],
        check: |n| {
            let sum = n.weighted(&[0, 2, 4, 8, 5, 10, 9, 7, 3]) % 11;
            n.at(0) == b'9' && (11 - sum) % 11 == n.last()
        },
        context: &[
            "phn",
            "personal health",
            "bc services",
            "care card",
            "carecard",
            "msp",
        ],
        examples: &["PHN 9725 908 047", "Personal Health Number: 9899230334"],
        counter_examples: &["PHN 9725 908 048", "PHN 8725908047"],
    },
    // Regie de l'assurance maladie du Quebec: the name, the birth date (month + 50 for women).
    Identifier {
        name: "ca_qc_ramq",
        kind: EntityKind::HealthId,
        country: "CA",
        forms: &[written("AAAA~9999~9999", 0.55)],
        check: |n| {
            let month = n.number(6, 8);
            super::is_day(n.number(8, 10), if month > 50 { month - 50 } else { month })
        },
        context: &[
            "ramq",
            "nam",
            "assurance maladie",
            "carte soleil",
            "health card",
        ],
        examples: &["RAMQ DOEJ 5512 3145", "NAM: DOEJ05620112"],
        counter_examples: &["RAMQ DOEJ 5513 3145", "RAMQ DOEJ 5512 3245"],
    },
    // Health numbers of the other provinces: 8 to 12 digits.
    Identifier {
        name: "ca_health_number",
        kind: EntityKind::HealthId,
        country: "CA",
        forms: &[
            written("99999-9999", 0.2),
            written("999-999-999-999", 0.2),
            written("9{8,12}", 0.2),
            written("9999-999-999", 0.2),
            written("999-999-999", 0.2),
        ],
        context: &[
            "health card",
            "health number",
            "health care number",
            "ahcip",
            "ulli",
            "phin",
            "hsn",
            "mcp",
            "medicare card",
            "provincial health",
        ],
        examples: &["Alberta health card 12345-6789", "PHIN: 123456789"],
        counter_examples: &["card 12345-6789", "PHIN 1234567"],
        ..Identifier::BASE
    },
    // Ontario Ministry of Transportation: an initial, and a birth date at the end.
    Identifier {
        name: "ca_on_driver_license",
        kind: EntityKind::DriverLicense,
        country: "CA",
        forms: &[
            written("A9999-99999-99999", 0.5),
            written("A9999~99999~99999", 0.3),
        ],
        check: |n| {
            let month = n.number(11, 13);
            super::is_day(
                n.number(13, 15),
                if month > 50 { month - 50 } else { month },
            )
        },
        context: &["driver", "licence", "license", "dl", "permis de conduire"],
        examples: &["Driver's licence D6101-40706-60905", "D61014070665905"],
        counter_examples: &["D6101-40706-61305", "D6101-40706-60932"],
    },
    // Societe de l'assurance automobile du Quebec: an initial, the birth date, two digits.
    Identifier {
        name: "ca_qc_driver_license",
        kind: EntityKind::DriverLicense,
        country: "CA",
        forms: &[
            written("A9999-999999-99", 0.5),
            written("A999999999999", 0.25),
        ],
        check: |n| n.is_day_of_month(5, 7),
        context: &["driver", "licence", "license", "dl", "permis de conduire"],
        examples: &["permis de conduire D6101-310170-09", "D6101-310170-09"],
        counter_examples: &["D6101-321270-09", "D6101-311370-09"],
    },
];
