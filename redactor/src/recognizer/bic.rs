//! Business identifier codes of banks, ISO 9362:2022: four characters of the institution, a
//! country, two of the place, and perhaps three of the branch.
//!
//! Most have no digit and look like a word in capitals, so they are found only behind their name.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "bic",
        anchor: Anchor::Literals(&["bic", "swift"]),
        before: 1,
        after: 40,
        pattern: concat!(
            r"\b(?i:bic|swift)(?i:[ /_-]{0,2}(?:bic|swift|code|nr|no|number|nummer|address|n°|nº))*",
            // One sign between name and code, and quotes: `bic::PATH` is no code.
            r#"\b["'*]{0,2}[ \t]{0,3}[.:=#*|,>-]?[ \t"'*]{0,4}(?i:is |ist |est |es |è )?"#,
            r"([A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b",
        ),
        examples: &[
            "BIC: DEUTDEFF",
            "SWIFT/BIC code NDEASESS",
            "\"bic\": \"BNPAFRPPXXX\"",
            "BIC,COBADEFF370,active",
        ],
        counter_examples: &[
            "bic::RECOGNIZERS",
            "BIC: DEUTXXFF",
            "SWIFT CODE",
            "BIC: DEUTDEFFX",
            "arabic DEUTDEFF",
        ],
        ..BIC
    },
    Recognizer {
        name: "bic_label",
        anchor: Anchor::Label(&["bic", "swift"]),
        pattern: r"\b[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b",
        examples: &["swiftCode <- DEUTDEFF500"],
        counter_examples: &["bicycle <- CARBONFRAME", "swift <- DEUTXXFF"],
        ..BIC
    },
];

const BIC: Recognizer = Recognizer {
    kind: EntityKind::BankAccount,
    validate,
    score: 0.7,
    ..Recognizer::BASE
};

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let country = candidate.value().get(4..6).unwrap_or_default();
    Verdict::plausible_if(
        COUNTRIES
            .as_bytes()
            .chunks(2)
            .any(|code| code == country.as_bytes()),
    )
}

/// ISO 3166-1 alpha-2, and `XK` for Kosovo.
const COUNTRIES: &str = concat!(
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCN",
    "COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM",
    "HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMK",
    "MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW",
    "SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVI",
    "VNVUWFWSXKYEYTZAZMZW",
);
