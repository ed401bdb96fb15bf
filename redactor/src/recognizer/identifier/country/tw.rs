//! Taiwan.

use super::{Compact, Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Ministry of the Interior: a letter for the place, sex (8 and 9 for residents), modulo 10.
    Identifier {
        name: "tw_id",
        kind: EntityKind::NationalId,
        country: "TW",
        forms: &[written("A999999999", 0.5), written("AA99999999", 0.3)],
        check: is_identity_number,
        context: &[
            "身分證",
            "身份證",
            "統一證號",
            "居留證",
            "national id",
            "taiwan id",
            "arc number",
        ],
        examples: &["身分證字號A123456789", "id A123456789", "A800000014"],
        counter_examples: &["A123456788", "A323456786"],
    },
    // Ministry of Finance, unified business number: digit sums, modulo 5 since 2023.
    Identifier {
        name: "tw_business_number",
        kind: EntityKind::TaxId,
        country: "TW",
        forms: &[written("99999999", 0.2)],
        check: |n| {
            let weights = [1, 2, 1, 2, 1, 2, 4, 1];
            let sum: u32 = (0..8)
                .zip(weights)
                .map(|(place, weight)| {
                    let product = n.value(place) * weight;
                    product / 10 + product % 10
                })
                .sum();
            !n.is_monotone()
                && (sum.is_multiple_of(5) || n.at(6) == b'7' && (sum + 1).is_multiple_of(5))
        },
        context: &["統一編號", "統編", "ubn", "gui number"],
        examples: &["統一編號 04595257", "統編:00501503"],
        counter_examples: &["統一編號 04595258", "日期 04595257"],
    },
    // National Health Insurance Administration: twelve digits, the issuer first.
    Identifier {
        name: "tw_health_card",
        kind: EntityKind::HealthId,
        country: "TW",
        forms: &[written("9999~9999~9999", 0.15)],
        check: |n| n.number(0, 4) == 0,
        context: &["健保卡", "健保", "nhi card"],
        examples: &["健保卡號 0000 1234 5678"],
        counter_examples: &["健保卡號 1000 1234 5678", "序 000012345678"],
    },
];

/// The letter counts as two digits, of which the first weighs 1 and the second 9; then 8 to 1.
fn is_identity_number(number: &Compact) -> bool {
    /// In the order of their numbers, from 10.
    const PLACES: &[u8] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let code = |letter: u8| {
        (10..)
            .zip(PLACES)
            .find(|&(_, known)| *known == letter)
            .map(|(code, _)| code)
    };
    let Some(place) = code(number.at(0)) else {
        return false;
    };
    // Permits until 2020 write the sex as a letter, too.
    let second = match number.at(1) {
        digit @ (b'1' | b'2' | b'8' | b'9') => u32::from(digit - b'0'),
        letter @ b'A'..=b'D' => code(letter).unwrap_or_default() % 10,
        _ => return false,
    };
    let rest = number.weighted(&[0, 0, 7, 6, 5, 4, 3, 2, 1]);
    (place / 10 + place % 10 * 9 + second * 8 + rest + number.last()).is_multiple_of(10)
}
