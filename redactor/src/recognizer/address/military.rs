//! Addresses of the US military and diplomatic post (USPS Publication 28, section 238).

use super::{ADDRESS, Anchor, Recognizer};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "address_military",
    anchor: Anchor::Literals(&["apo ", "fpo ", "dpo "]),
    before: 48,
    after: 8,
    pattern: concat!(
        r"(?i)(?:\b(?:(?:psc|unit|cmr) [0-9]{1,5},? box [0-9]{1,5}|us(?:ns|s|cgc|v|nv) [^\n0-9,:;]{2,30})[ ,>]{0,3}\s[> ]{0,3})?",
        r"\b[afd]po,? a[aep],? [0-9]{5}(?:-[0-9]{4})?\b",
    ),
    score: 0.9,
    examples: &[
        "PSC 1234, Box 5678\nAPO AE 09012",
        "USS Example\nFPO AP 96601",
        "unit 1 box 2, dpo aa 34001",
    ],
    counter_examples: &["APO AE 123", "the dpo is 12345"],
    ..ADDRESS
}];
