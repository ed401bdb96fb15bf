//! Addresses of China, Taiwan, Japan and Korea, from the largest part to the smallest: province,
//! city, district, street or block, number.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "address_chinese",
        anchor: Anchor::Literals(&["号", "號"]),
        before: 120,
        after: 48,
        pattern: concat!(
            r"(?:[一-龯]{2,8}?(?:省|自治区))?(?:[一-龯]{2,6}?[市州县縣])?(?:[一-龯]{1,6}?[区區县縣市镇鎮乡鄉])?",
            r"[一-龯]{1,10}?(?:大道|[路街道巷村段]|胡同)[一-龯0-9]{0,8}?[0-9]{1,5}[弄巷]?(?:[0-9]{0,5}[号號])",
            r"(?:[0-9一-龯A-Z-]{0,8}?[0-9]{1,4}(?:室|楼|樓|单元|單元|栋|棟|座|层|層|[号號]楼?|F)){0,4}",
        ),
        validate: |_| Verdict::Plausible,
        score: 0.75,
        examples: &[
            "住在北京市朝阳区建国路88号",
            "广东省深圳市南山区科技园南路12号3栋502室",
            "台北市信義區信義路五段7號",
        ],
        counter_examples: &["编号88号", "5月12号出发", "二号线"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_japanese",
        anchor: Anchor::Literals(&["東京都", "北海道", "京都府", "大阪府", "県"]),
        before: 16,
        after: 160,
        pattern: concat!(
            r"(?:〒 ?[0-9]{3}-?[0-9]{4} ?)?(?:東京都|北海道|京都府|大阪府|[一-龯]{2,3}県)",
            r"[一-龯ぁ-んァ-ヶー]{1,24}?[市区町村郡][一-龯ぁ-んァ-ヶー]{0,16}?[0-9]{1,5}(?:丁目|番地?|号|[-ー−‐][0-9]{1,5}){0,1}",
            r"(?:[0-9]{1,4}(?:番地?|号)?|[-ー−‐][0-9]{1,4}){0,3}",
            r"(?: ?[一-龯ぁ-んァ-ヶーA-Za-z]{1,20} ?[0-9]{1,4}(?:号室|階|F))?",
        ),
        validate: |_| Verdict::Plausible,
        score: 0.75,
        examples: &[
            "東京都千代田区丸の内1-1-1",
            "〒530-0001 大阪府大阪市北区梅田3丁目1番3号",
        ],
        counter_examples: &["東京都の人口は1400万人", "神奈川県 5"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_korean",
        anchor: Anchor::Literals(&["로 ", "길 ", "번길", "대로"]),
        before: 80,
        after: 40,
        pattern: concat!(
            r"(?:[가-힣]{2,7}(?:특별시|광역시|[시도]) )?(?:[가-힣]{1,5}[시군구읍면] ){1,3}",
            r"[가-힣0-9]{1,10}[로길](?: ?[0-9]{1,3}번?길)? ?[0-9]{1,4}(?:-[0-9]{1,4})?",
            r"(?:,? ?[0-9]{1,4}(?:동|호|층)){0,3}",
        ),
        validate: |candidate: &Candidate<'_>| {
            let goes_on = candidate
                .after()
                .starts_with(|c: char| c.is_ascii_alphanumeric());
            Verdict::plausible_if(!goes_on)
        },
        check: "a number of its own",
        score: 0.75,
        examples: &[
            "서울특별시 강남구 테헤란로 123",
            "수원시 영통구 월드컵로 206, 101동 502호",
        ],
        counter_examples: &["버전으로 3", "강남구 테헤란로"],
        ..ADDRESS
    },
];
