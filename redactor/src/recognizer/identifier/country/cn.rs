//! China, Hong Kong and Macau.

use super::{Compact, Identifier, written};
use crate::{EntityKind, checksum::mod_11_2};

pub(super) const ROWS: &[Identifier] = &[
    // GB 11643-1999: region, birth date, serial, ISO 7064 MOD 11-2.
    Identifier {
        name: "cn_resident_id",
        kind: EntityKind::NationalId,
        country: "CN",
        forms: &[written("999999~99999999~999*", 0.7)],
        check: |n| {
            let digits = n.as_str();
            is_region(n) && n.is_yyyymmdd(6) && n.digit_count() >= 17 && mod_11_2(digits)
        },
        context: &[
            "身份证",
            "身份證",
            "公民身份号码",
            "居民身份",
            "resident id",
            "id card",
        ],
        examples: &["身份证号360426199101010071", "id 11010519491231002X"],
        counter_examples: &[
            "360426199101010072",
            "360426199113010071",
            "990426199101010071",
        ],
    },
    // GB 32100-2015: authority, kind, region, organisation, modulo 31; no I O S V Z.
    Identifier {
        name: "cn_social_credit_code",
        kind: EntityKind::TaxId,
        country: "CN",
        forms: &[written("**999999**********", 0.55)],
        check: is_social_credit_code,
        context: &[
            "统一社会信用代码",
            "社会信用代码",
            "纳税人识别号",
            "税号",
            "uscc",
            "social credit",
        ],
        examples: &["统一社会信用代码:91110000600037341L", "91110000600037341L"],
        counter_examples: &["91110000600037341M", "91990000600037341L"],
    },
    // National Immigration Administration: a kind of passport and eight digits or letters.
    Identifier {
        name: "cn_passport",
        kind: EntityKind::Passport,
        country: "CN",
        forms: &[written("A99999999", 0.2), written("AA9999999", 0.2)],
        check: |n| {
            matches!(
                n.at(0),
                b'E' | b'G' | b'P' | b'S' | b'D' | b'H' | b'M' | b'K'
            )
        },
        context: &[
            "护照",
            "護照",
            "passport",
            "通行证",
            "通行證",
            "travel permit",
            "回乡证",
        ],
        examples: &["护照号码E12345678", "passport EA1234567", "回乡证H12345678"],
        counter_examples: &["护照 E1234567", "part E12345678"],
    },
    // Immigration Department, Hong Kong: one or two letters, six digits, modulo 11 in brackets.
    Identifier {
        name: "hk_id",
        kind: EntityKind::NationalId,
        country: "HK",
        forms: &[
            written("A{1,2}999999-*", 0.55),
            written("A{1,2}999999*", 0.3),
        ],
        check: |n| {
            let last = n.len() - 1;
            // With one letter, a space (36) stands before it.
            let lead = if last == 7 { 36 * 9 } else { 0 };
            let sum: u32 = (0..last)
                .rev()
                .zip(2..)
                .map(|(place, weight)| n.value(place) * weight)
                .sum();
            let check = (11 - (lead + sum) % 11) % 11;
            if check == 10 {
                n.at(last) == b'A'
            } else {
                n.at(last).is_ascii_digit() && n.value(last) == check
            }
        },
        context: &[
            "hkid",
            "hong kong id",
            "identity card",
            "香港身份證",
            "身份證",
            "身份证",
        ],
        examples: &[
            "HKID A123456(3)",
            "身份證號碼A123456(3)",
            "HKID: AB987654(3)",
        ],
        counter_examples: &["HKID A123456(4)", "part A1234563"],
    },
    // Identification Services Bureau, Macau: the period of first issue, six digits, one in brackets.
    Identifier {
        name: "mo_id",
        kind: EntityKind::NationalId,
        country: "MO",
        forms: &[written("9999999~9", 0.2)],
        check: |n| matches!(n.at(0), b'1' | b'5' | b'7'),
        context: &[
            "bir",
            "macau id",
            "澳門居民",
            "澳门居民",
            "身份證",
            "身份证",
            "identity card",
        ],
        examples: &["澳門居民身份證 1234567(8)", "BIR 5123456/7"],
        counter_examples: &["BIR 2234567(8)", "room 1234567(8)"],
    },
];

/// The first two digits of the provinces, and of Taiwan, Hong Kong and Macau (GB/T 2260).
fn is_region(number: &Compact) -> bool {
    matches!(
        number.number(0, 2),
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}

fn is_social_credit_code(number: &Compact) -> bool {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |byte: u8| {
        let mut values = (0u32..).zip(ALPHABET);
        values
            .find(|&(_, known)| *known == byte)
            .map(|(value, _)| value)
    };
    // Each weight is three times the one before, modulo 31; the check character counts once.
    let payload = number.as_bytes().iter().take(17);
    let sum = payload
        .copied()
        .map(value)
        .try_fold((0, 1), |(sum, weight), value| {
            Some((sum + value? * weight, weight * 3 % 31))
        });
    let region = matches!(number.number(2, 4), 10..=65 | 71 | 81 | 82);
    match (sum, value(number.at(17))) {
        (Some((sum, _)), Some(last)) => region && (sum + last).is_multiple_of(31),
        _ => false,
    }
}
