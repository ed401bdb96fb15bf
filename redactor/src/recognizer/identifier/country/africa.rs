//! Africa but for South Africa.

use super::{Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // National Identity Management Commission, Nigeria: eleven digits.
    Identifier {
        name: "ng_nin",
        kind: EntityKind::NationalId,
        country: "NG",
        forms: &[written("9999~999~9999", 0.2)],
        context: &[
            "nin",
            "nimc",
            "national identification",
            "national identity",
        ],
        examples: &["NIN 12345678901", "my NIN: 1234-567-8901"],
        counter_examples: &["NIN 1234567890", "id 12345678901"],
        ..Identifier::BASE
    },
    // Central Bank of Nigeria, bank verification number: 22 and nine digits.
    Identifier {
        name: "ng_bvn",
        kind: EntityKind::BankAccount,
        country: "NG",
        forms: &[written("99999999999", 0.2)],
        check: |n| n.number(0, 2) == 22,
        context: &["bvn", "bank verification"],
        examples: &["BVN 22123456789"],
        counter_examples: &["BVN 32123456789", "id 22123456789"],
    },
    // Federal Road Safety Corps, Nigeria: local government, serial, series.
    Identifier {
        name: "ng_plate",
        kind: EntityKind::VehicleId,
        country: "NG",
        forms: &[written("AAA~999~AA", 0.35)],
        context: &["plate", "vehicle", "registration"],
        examples: &["plate number LSR 123 AB", "ABC123DE"],
        counter_examples: &["plate AB-1234CD", "gene ABC123DE"],
        ..Identifier::BASE
    },
    // Ministry of Interior, Egypt: century, birth date, governorate, serial, check.
    Identifier {
        name: "eg_national_id",
        kind: EntityKind::NationalId,
        country: "EG",
        forms: &[written("9~999999~99~9999~9", 0.45)],
        check: |n| {
            matches!(n.at(0), b'2' | b'3')
                && n.is_yymmdd(1)
                && matches!(n.number(7, 9), 1..=4 | 11..=19 | 21..=29 | 31..=35 | 88)
        },
        context: &[
            "national id",
            "egyptian id",
            "الرقم القومي",
            "رقم قومي",
            "بطاقة",
        ],
        examples: &["الرقم القومي 29001011234567", "National ID: 30105280112345"],
        counter_examples: &[
            "National ID 29013011234567",
            "National ID 29001019934567",
            "t 29001011234567",
        ],
    },
    // Kenya Revenue Authority: A for persons, P for companies, nine digits, a letter.
    Identifier {
        name: "ke_kra_pin",
        kind: EntityKind::TaxId,
        country: "KE",
        forms: &[written("A999999999A", 0.5)],
        check: |n| matches!(n.at(0), b'A' | b'P'),
        context: &["kra", "kra pin", "pin"],
        examples: &["KRA PIN A004416331M", "P051365947M"],
        counter_examples: &["B004416331M", "A00441633M"],
    },
    // National Identification Authority, Ghana: a country, nine digits, a check digit.
    Identifier {
        name: "gh_card",
        kind: EntityKind::NationalId,
        country: "GH",
        forms: &[
            written("AAA-999999999-9", 0.5),
            written("AAA9999999999", 0.4),
        ],
        check: |n| n.as_str().starts_with("GHA"),
        context: &["ghana card", "nia"],
        examples: &["Ghana Card GHA-123456789-0", "GHA-123456789-0"],
        counter_examples: &["ABC-123456789-0", "GHA-12345678-0"],
    },
    // Ghana Revenue Authority: a kind of taxpayer, eight digits, modulo 11.
    Identifier {
        name: "gh_tin",
        kind: EntityKind::TaxId,
        country: "GH",
        forms: &[written("A999999999*", 0.4)],
        check: |n| {
            let sum = n.weighted(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
            let kind = matches!(n.at(0), b'P' | b'C' | b'G' | b'Q' | b'V');
            kind && n.at(1) == b'0'
                && n.at(2) == b'0'
                && if sum == 10 {
                    n.at(10) == b'X'
                } else {
                    n.last() == sum
                }
        },
        context: &["tin", "gra"],
        examples: &["TIN C0000803561"],
        counter_examples: &["TIN C0000803562", "TIN X0000803561"],
    },
    // National Identification and Registration Authority, Uganda: sex, fourteen characters.
    Identifier {
        name: "ug_nin",
        kind: EntityKind::NationalId,
        country: "UG",
        forms: &[
            written("AA999999*****A", 0.35),
            written("AA99999999****", 0.35),
        ],
        check: |n| matches!(n.as_str().get(..2), Some("CM" | "CF" | "PM" | "PF")),
        context: &["nin", "nira", "national identification"],
        examples: &["NIN CM90012345ABCD", "NIN: CF85012102ABCL"],
        counter_examples: &["NIN XM90012345ABCD", "part CM90012345ABCD"],
    },
    // National Identification Authority, Tanzania: birth date, post code, serial, check.
    Identifier {
        name: "tz_nida",
        kind: EntityKind::NationalId,
        country: "TZ",
        forms: &[written("99999999~99999~99999~99", 0.55)],
        check: |n| n.is_yyyymmdd(0),
        context: &["nida", "kitambulisho"],
        examples: &["NIDA 19900101-12345-00001-12", "19900101123450000112"],
        counter_examples: &["NIDA 19901301-12345-00001-12", "19901301123450000112"],
    },
    // National Identification Agency, Rwanda: status, year of birth, sex, serial, issue, check.
    Identifier {
        name: "rw_national_id",
        kind: EntityKind::NationalId,
        country: "RW",
        forms: &[
            written("9-9999-9-9999999-9-99", 0.55),
            written("9999999999999999", 0.2),
        ],
        check: |n| {
            matches!(n.at(0), b'1'..=b'3')
                && (1900..2100).contains(&n.number(1, 5))
                && matches!(n.at(5), b'7' | b'8')
        },
        context: &["nida", "indangamuntu", "national id", "irangamuntu"],
        examples: &[
            "Indangamuntu 1 1990 8 0012345 0 12",
            "national ID 1199080012345012",
        ],
        counter_examples: &["national ID 1199060012345012", "id 1199080012345012"],
    },
    // National registration, Zambia (serial, district, 1) and Zimbabwe (district, serial, letter).
    Identifier {
        name: "zm_nrc",
        kind: EntityKind::NationalId,
        country: "ZM",
        forms: &[written("999999-99-9", 0.3)],
        check: |n| matches!(n.at(8), b'1'..=b'3'),
        context: &["nrc", "national registration"],
        examples: &["NRC 123456/10/1"],
        counter_examples: &["NRC 123456/10/9", "score 123456/10/1"],
    },
    Identifier {
        name: "zw_national_id",
        kind: EntityKind::NationalId,
        country: "ZW",
        forms: &[
            written("99-9{6,7}~A~99", 0.55),
            written("999{6,7}A99", 0.25),
        ],
        context: &[
            "national id",
            "zimbabwe",
            "id number",
            "national registration",
        ],
        examples: &["ID number 63-123456 A 12", "63-1234567A12"],
        counter_examples: &["63-12345A12", "63-123456A1"],
        ..Identifier::BASE
    },
    // Civil Status Division, Mauritius: an initial, the birth date, serial, check character.
    Identifier {
        name: "mu_nid",
        kind: EntityKind::NationalId,
        country: "MU",
        forms: &[written("A999999999999*", 0.3)],
        check: |n| n.is_day_of_month(1, 3),
        context: &["nic", "national identity", "nid"],
        examples: &["NIC R150885012345A"],
        counter_examples: &["NIC R151385012345A", "part R150885012345A"],
    },
    // Direction Generale de la Surete Nationale, Morocco (CNIE): a place and five or six digits.
    Identifier {
        name: "ma_cnie",
        kind: EntityKind::NationalId,
        country: "MA",
        forms: &[written("A{1,2}~9{5,7}", 0.2)],
        context: &[
            "cin",
            "cnie",
            "carte nationale",
            "carte d'identite",
            "البطاقة الوطنية",
        ],
        examples: &["CIN AB123456", "carte nationale n° K 12345"],
        counter_examples: &["CIN AB1234", "vol AB123456"],
        ..Identifier::BASE
    },
    // Office Marocain de la Propriete Industrielle et Commerciale, ICE: modulo 97.
    Identifier {
        name: "ma_ice",
        kind: EntityKind::TaxId,
        country: "MA",
        forms: &[written("999999999999999", 0.35)],
        check: |n| !n.is_monotone() && n.number(0, 15) % 97 == 0,
        context: &["ice", "identifiant commun"],
        examples: &["ICE 001561191000066"],
        counter_examples: &["ICE 001561191000067", "id 001561191000066"],
    },
    // Numbers without a published check: Algeria, Tunisia, Ethiopia, Senegal, Ivory Coast, Cameroon,
    // Botswana, Kenya, Malawi, Mozambique, Angola.
    Identifier {
        name: "africa_national_id",
        kind: EntityKind::NationalId,
        forms: &[free(6, 20)],
        check: |n| n.digit_count() >= 5,
        context: &[
            "nin",
            "cni",
            "cin",
            "carte nationale",
            "numero d'identification nationale",
            "بطاقة التعريف",
            "omang",
            "huduma",
            "fayda",
            "maisha",
            "bilhete de identidade",
            "nuit",
            "kitambulisho",
            "nuic",
            "ninea",
        ],
        examples: &[
            "CNI: 175119900123",
            "Omang 123456789",
            "بطاقة التعريف 01234567",
        ],
        counter_examples: &["CNI 12", "no 123456789"],
        ..Identifier::BASE
    },
];
