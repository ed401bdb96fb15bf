//! Japan.

use super::{Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Ministry of Internal Affairs and Communications, Ordinance 85 of 2014: weights modulo 11.
    Identifier {
        name: "jp_my_number",
        kind: EntityKind::NationalId,
        country: "JP",
        forms: &[
            written("9999-9999-9999", 0.4),
            written("999999999999", 0.25),
        ],
        check: |n| {
            let sum = n.weighted(&[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            !n.is_monotone() && n.last() == if sum < 2 { 0 } else { 11 - sum }
        },
        context: &[
            "my number",
            "mynumber",
            "マイナンバー",
            "個人番号",
            "individual number",
        ],
        examples: &[
            "マイナンバーは6214 9832 0257です",
            "My Number: 621498320257",
        ],
        counter_examples: &["マイナンバー 6214 9832 0258", "id 621498320257"],
    },
    // Ministry of Finance, Ordinance 70 of 2014: the first digit checks the others modulo 9. With a
    // T before it, the number of an invoice issuer.
    Identifier {
        name: "jp_corporate_number",
        kind: EntityKind::TaxId,
        country: "JP",
        forms: &[
            written("9~9999~9999~9999", 0.3),
            written("A~9~9999~9999~9999", 0.55),
        ],
        check: |n| {
            let first = n.len() - 13;
            let places = first + 1..first + 13;
            let sum: u32 = places
                .rev()
                .zip([1, 2].into_iter().cycle())
                .map(|(place, weight)| n.value(place) * weight)
                .sum();
            n.value(first) == 9 - sum % 9 && (first == 0 || n.at(0) == b'T')
        },
        context: &[
            "法人番号",
            "登録番号",
            "corporate number",
            "invoice number",
            "インボイス",
        ],
        examples: &[
            "法人番号 5-8356-7825-6246",
            "登録番号T5835678256246",
            "T5835678256246",
        ],
        counter_examples: &["法人番号 5835678256247", "登録番号 U5835678256246"],
    },
    // Road Traffic Act, Enforcement Regulations (driving licence): twelve digits, weights mod 11.
    Identifier {
        name: "jp_driver_license",
        kind: EntityKind::DriverLicense,
        country: "JP",
        forms: &[written("999999999999", 0.2)],
        check: |n| {
            let sum = n.weighted(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            n.value(10) == if sum < 2 { 0 } else { 11 - sum }
        },
        context: &["運転免許", "免許証", "driver", "driving"],
        examples: &["運転免許証番号 305012345630"],
        counter_examples: &["運転免許証番号 305012345640", "id 305012345630"],
    },
    // Ministry of Justice, residence card: two letters, eight digits, two letters.
    Identifier {
        name: "jp_residence_card",
        kind: EntityKind::NationalId,
        country: "JP",
        forms: &[written("AA99999999AA", 0.5)],
        context: &["在留カード", "residence card", "zairyu"],
        examples: &["在留カード番号 AB12345678CD", "AB12345678CD"],
        counter_examples: &["AB1234567CD", "A12345678CD"],
        ..Identifier::BASE
    },
    // Numbers without a check: pension, health insurance, passport, residents' register.
    Identifier {
        name: "jp_insurance_number",
        kind: EntityKind::HealthId,
        country: "JP",
        forms: &[written("9999-999999", 0.2), free(6, 12)],
        context: &[
            "基礎年金番号",
            "年金手帳",
            "保険者番号",
            "被保険者",
            "保険証",
            "住民票コード",
            "患者番号",
            "カルテ番号",
            "診察券",
        ],
        examples: &["基礎年金番号 1234-567890", "保険者番号:06123456"],
        counter_examples: &["電話 1234-567890", "保険者番号 12"],
        ..Identifier::BASE
    },
];
