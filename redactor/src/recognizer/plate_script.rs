//! Number plates with characters outside ASCII: China, Japan, Korea. The others are rows of
//! `identifier`, which reads letters and digits of ASCII only.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    // GA 36-2018: province, authority, five or six letters and digits without I and O.
    Recognizer {
        name: "cn_plate",
        anchor: Anchor::Literals(&[
            "京", "津", "沪", "渝", "冀", "豫", "云", "辽", "黑", "湘", "皖", "鲁", "新", "苏",
            "浙", "赣", "鄂", "桂", "甘", "晋", "蒙", "陕", "吉", "闽", "贵", "粤", "青", "藏",
            "川", "宁", "琼",
        ]),
        after: 24,
        pattern: concat!(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]",
            r"[A-HJ-Z][ ·•・.-]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]",
        ),
        validate: |candidate| plate(candidate, 2),
        check: "two digits or more",
        countries: &["CN"],
        score: 0.75,
        examples: &["车牌号京A12345", "粤B·D12345 停在门口"],
        counter_examples: &["新ABCDEF", "云A1234", "青A123456789"],
        ..PLATE
    },
    // Ministry of Land, Infrastructure and Transport: office, class, kana, four digits.
    Recognizer {
        name: "jp_plate",
        anchor: Anchor::Literals(&[
            "あ", "い", "う", "え", "か", "き", "く", "け", "こ", "さ", "す", "せ", "そ", "た",
            "ち", "つ", "て", "と", "な", "に", "ぬ", "ね", "の", "は", "ひ", "ふ", "ほ", "ま",
            "み", "む", "め", "も", "や", "ゆ", "ら", "り", "る", "ろ", "れ", "わ",
        ]),
        before: 24,
        after: 12,
        pattern: r"[一-龯ぁ-ん]{1,4} ?[0-9]{2,3} ?[あ-ん] ?(?:[0-9]{1,2}-[0-9]{2}|[・.]{1,3} ?[0-9]{1,3})",
        validate: |candidate| plate(candidate, 3),
        check: "three digits or more",
        countries: &["JP"],
        score: 0.7,
        examples: &["ナンバーは品川 300 あ 12-34", "練馬500さ46-49"],
        counter_examples: &["品川 300 の 12", "ここで 30 あ 12345"],
        ..PLATE
    },
    // Decree on vehicle registration: class, syllable of the use, four digits.
    Recognizer {
        name: "kr_plate",
        anchor: Anchor::Literals(&[
            "가", "나", "다", "라", "마", "거", "너", "더", "러", "머", "버", "서", "어", "저",
            "고", "노", "도", "로", "모", "보", "소", "오", "조", "구", "누", "두", "루", "무",
            "부", "수", "우", "주", "아", "바", "사", "자", "하", "허", "호", "배",
        ]),
        before: 4,
        after: 8,
        pattern: r"\b[0-9]{2,3}[가-힣] ?[0-9]{4}\b",
        validate: |candidate| plate(candidate, 6),
        context: &["차량", "번호판", "자동차", "차번호", "차 번호", "plate"],
        check: "six digits or more",
        countries: &["KR"],
        score: 0.3,
        examples: &["차량번호 12가 3456", "자동차 123나4567"],
        counter_examples: &["12가 3456 팔렸다", "차량 1가 3456"],
        ..PLATE
    },
];

const PLATE: Recognizer = Recognizer {
    kind: EntityKind::VehicleId,
    ..Recognizer::BASE
};

/// True of at least so many digits, which no letter or digit of ASCII touches. Scripts without
/// spaces may go on.
fn plate(candidate: &Candidate<'_>, digits: usize) -> Verdict {
    let is_glue = |c: char| c.is_ascii_alphanumeric();
    let is_free = !candidate.before().ends_with(is_glue) && !candidate.after().starts_with(is_glue);
    let found = candidate.value().bytes().filter(u8::is_ascii_digit).count();
    Verdict::plausible_if(is_free && found >= digits)
}
