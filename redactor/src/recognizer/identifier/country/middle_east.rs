//! Israel, Iran and the Arab states of Asia.

use super::{Identifier, free, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Population and Immigration Authority, Israel: Luhn; leading zeros may be left out.
    Identifier {
        name: "il_id",
        kind: EntityKind::NationalId,
        country: "IL",
        forms: &[
            written("99999999-9", 0.3),
            written("9-9999999-9", 0.35),
            written("9{8,9}", 0.25),
        ],
        check: |n| n.number(0, n.len()) > 99_999 && !n.is_monotone() && luhn(n.as_str()),
        context: &[
            "teudat zehut",
            "israeli id",
            "id number",
            "identity number",
            "mispar zehut",
            "תעודת זהות",
            "ת.ז",
            "ת\"ז",
            "מספר זהות",
        ],
        examples: &["ת.ז. 123456782", "Teudat Zehut: 12345678-2", "123456782"],
        counter_examples: &["Teudat Zehut 123456789", "size 123456782"],
    },
    // Federal Authority for Identity, United Arab Emirates: 784, year of birth, serial, Luhn.
    Identifier {
        name: "ae_emirates_id",
        kind: EntityKind::NationalId,
        country: "AE",
        forms: &[
            written("999-9999-9999999-9", 0.6),
            written("999999999999999", 0.5),
        ],
        check: |n| {
            n.number(0, 3) == 784 && (1900..2100).contains(&n.number(3, 7)) && luhn(n.as_str())
        },
        context: &["emirates id", "eid", "الهوية", "هوية"],
        examples: &["Emirates ID 784-1979-1234567-1", "784197912345671"],
        counter_examples: &["Emirates ID 784-1979-1234567-2", "784-1779-1234567-3"],
    },
    // National Information Center, Saudi Arabia: 1 for citizens, 2 for residents, Luhn.
    Identifier {
        name: "sa_national_id",
        kind: EntityKind::NationalId,
        country: "SA",
        forms: &[written("9999999999", 0.25)],
        check: |n| matches!(n.at(0), b'1' | b'2') && luhn(n.as_str()),
        context: &[
            "iqama",
            "saudi id",
            "national id",
            "هوية",
            "الهوية",
            "إقامة",
            "الاقامة",
            "absher",
        ],
        examples: &["Iqama 2123456788", "رقم الهوية 1123456780"],
        counter_examples: &["Iqama 2123456785", "Iqama 3123456783", "id 2123456788"],
    },
    // ZATCA, Saudi Arabia, VAT: fifteen digits from 3 to 3.
    Identifier {
        name: "sa_vat",
        kind: EntityKind::TaxId,
        country: "SA",
        forms: &[written("999999999999999", 0.25)],
        check: |n| n.at(0) == b'3' && n.at(14) == b'3',
        context: &["vat", "tax number", "zatca", "الرقم الضريبي", "ضريبي"],
        examples: &["VAT No. 310122393500003", "الرقم الضريبي 310122393500003"],
        counter_examples: &["VAT 410122393500003", "id 310122393500003"],
    },
    // Public Authority for Civil Information, Kuwait: century, birth date, weights modulo 11.
    Identifier {
        name: "kw_civil_id",
        kind: EntityKind::NationalId,
        country: "KW",
        forms: &[written("999999999999", 0.4)],
        check: |n| {
            let sum = n.weighted(&[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
            matches!(n.at(0), b'1'..=b'3') && n.is_yymmdd(1) && 11 - sum == n.last()
        },
        context: &["civil id", "paci", "البطاقة المدنية", "الرقم المدني"],
        examples: &["Civil ID 287010112349"],
        counter_examples: &[
            "Civil ID 287010112348",
            "Civil ID 287130112340",
            "id 287010112349",
        ],
    },
    // Qatar (century, year, country of birth, serial), Bahrain (year, month, serial), Oman, Jordan,
    // Lebanon, Iraq: no check that is published.
    Identifier {
        name: "gulf_national_id",
        kind: EntityKind::NationalId,
        forms: &[free(7, 12)],
        context: &[
            "qid",
            "qatar id",
            "qatari id",
            "cpr",
            "bahrain id",
            "oman id",
            "omani id",
            "civil number",
            "jordanian id",
            "iraqi id",
            "رقم الهوية",
            "الرقم الوطني",
            "البطاقة الشخصية",
            "الرقم الشخصي",
            "هوية رقم",
        ],
        examples: &[
            "QID 28535612345",
            "CPR: 850112345",
            "الرقم الوطني 9851234567",
        ],
        counter_examples: &["QID 285", "id 28535612345"],
        ..Identifier::BASE
    },
    // National Organization for Civil Registration, Iran: weights 10 to 2 modulo 11.
    Identifier {
        name: "ir_national_code",
        kind: EntityKind::NationalId,
        country: "IR",
        forms: &[written("999-999999-9", 0.45), written("9999999999", 0.25)],
        check: |n| {
            let sum = n.weighted(&[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            !n.is_monotone() && n.last() == if sum < 2 { sum } else { 11 - sum }
        },
        context: &[
            "کد ملی",
            "کدملی",
            "شماره ملی",
            "melli",
            "national code",
            "iranian",
        ],
        examples: &["کد ملی 0499370899", "Code Melli: 007-978990-0"],
        counter_examples: &["Melli 0499370898", "id 0499370899"],
    },
];
