//! South Korea.

use super::{Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Enforcement Rules of the Resident Registration Act: birth date; sex and century, 5 to 8 for
    // foreigners. Since October 2020 the rest is random, so that the old check digit says nothing.
    Identifier {
        name: "kr_rrn",
        kind: EntityKind::NationalId,
        country: "KR",
        forms: &[
            written("999999-9999999", 0.6),
            written("9999999999999", 0.3),
        ],
        check: |n| n.is_yymmdd(0) && matches!(n.at(6), b'1'..=b'8') && n.number(7, 13) > 0,
        context: &[
            "rrn",
            "resident registration",
            "주민등록",
            "주민번호",
            "외국인등록",
            "외국인번호",
            "alien registration",
            "foreigner",
            "frn",
        ],
        examples: &[
            "주민등록번호 900101-1234567",
            "RRN: 9001011234567",
            "900101-5234567",
        ],
        counter_examples: &[
            "주민등록번호 901301-1234567",
            "RRN 900101-9234567",
            "id 9001011234567",
        ],
    },
    // National Tax Service, business registration number: weights 1 3 7, the ninth digit by 5.
    Identifier {
        name: "kr_brn",
        kind: EntityKind::TaxId,
        country: "KR",
        forms: &[written("999-99-99999", 0.55), written("9999999999", 0.25)],
        check: |n| {
            let sum = n.weighted(&[1, 3, 7, 1, 3, 7, 1, 3, 5]) + n.value(8) * 5 / 10;
            n.number(0, 3) > 100 && (10 - sum % 10) % 10 == n.last()
        },
        context: &[
            "brn",
            "business registration",
            "사업자등록",
            "사업자번호",
            "사업자",
        ],
        examples: &["사업자등록번호 116-82-00276", "BRN 1168200276"],
        counter_examples: &["사업자등록번호 116-82-00277", "id 1168200276"],
    },
    // Road Traffic Act, Enforcement Rules: region, year of issue, serial, check, reissue.
    Identifier {
        name: "kr_driver_license",
        kind: EntityKind::DriverLicense,
        country: "KR",
        forms: &[
            written("99-99-999999-99", 0.55),
            written("999999999999", 0.25),
        ],
        check: |n| (11..=28).contains(&n.number(0, 2)),
        context: &["driver", "license", "운전면허", "면허번호", "면허증"],
        examples: &[
            "운전면허번호 11-22-123456-12",
            "driver's license 112212345612",
        ],
        counter_examples: &["99-22-123456-12", "id 112212345612"],
    },
    // Ministry of Foreign Affairs: a kind of passport and eight digits; since 2021 with a letter.
    Identifier {
        name: "kr_passport",
        kind: EntityKind::Passport,
        country: "KR",
        forms: &[written("A999A9999", 0.3), written("A99999999", 0.2)],
        check: |n| matches!(n.at(0), b'M' | b'S' | b'R' | b'D' | b'O' | b'G'),
        context: &["passport", "여권"],
        examples: &[
            "여권번호는 M123A4567입니다",
            "passport no. M12345678",
            "M123A4567",
        ],
        counter_examples: &["여권 A123A4567", "여권 M12A4567", "part M12345678"],
    },
    // National Health Insurance Service: eleven digits.
    Identifier {
        name: "kr_health_insurance",
        kind: EntityKind::HealthId,
        country: "KR",
        forms: &[written("9~9999999999", 0.15)],
        context: &["건강보험증", "건강보험", "health insurance"],
        examples: &["건강보험증번호 1-2345678901"],
        counter_examples: &["전화 1-2345678901"],
        ..Identifier::BASE
    },
];
