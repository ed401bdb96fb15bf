//! Postal codes: behind a label, behind a country or state, before their city, or in a shape of
//! their own (United Kingdom, Canada, Japan). Shapes as in the Universal Postal Union's addressing
//! data.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};
use super::{fragments, has_word, settled, stands_free};

/// The states of the USA whose abbreviations are no English words.
macro_rules! state {
    () => {
        concat!(
            r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|I[ADL]|K[SY]|LA|M[ADINOST]|N[CDEHJMVY]|OH|P[AR]|RI|S[CD]|T[NX]",
            r"|UT|V[AT]|W[AIVY])",
        )
    };
}

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "postal_code_labelled",
        anchor: Anchor::Literals(&[
            "zip", "eircode", "postal", "postcode", "post cod", "cp:", "c.p.", "cp ", "cp.", "plz",
            "postleit", "cap ", "cap:", "cep", "pocztowy", "postnr", "postnumm",
        ]),
        before: 8,
        after: 24,
        pattern: concat!(
            r"(?i)\b(?:eircode|zip(?:[ _-]?code|\+4)?|post(?:al)?[ _-]?code|postcode|c\.?p\.?|plz|postleitzahl|cap|c[óo]digo postal|code postal|cep|kod pocztowy|postnr\.?|postnummer)",
            r#"(?:\\?["'])?[ ]{0,2}(?:is|was|:|=|-|>|n[º°])?[ ]{0,2}(?:\\?["'])?"#,
            r"([0-9]{4} ?[a-z]{2}|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}|(?:[a-z]{1,2}-?)?[0-9]{3,8}(?:-[0-9]{3,4})?|[a-z][0-9]{2} ?[0-9a-z]{4}|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}|[a-z][0-9][a-z] ?[0-9][a-z][0-9])\b",
        ),
        validate: |candidate| settled(candidate, stands_free(candidate) && is_label(candidate)),
        check: "a city, state or label beside it",
        score: 0.75,
        examples: &[
            "My zip code is 18404",
            "ZIP: 1098",
            "CP: 28016.",
            "CP:15003",
            "\"postalCode\":\"75810\"",
            "PLZ 10115",
            "postcode SW1A 1AA",
            "CEP 01310-100",
            "CEP: 01310100",
            "eircode D02 X285",
            "ZIP+4 30301-1234",
            "C.P. 20230",
            "<postalCode>62704</postalCode>",
        ],
        counter_examples: &[
            "cap 10000",
            "unzip 12345",
            "the cp is 123",
            "a zip of 12",
            "cp 2000 files",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "postal_code",
        before: 24,
        after: 40,
        pattern: concat!(
            // United Kingdom, Canada, Japan.
            r"\b(?:(GIR 0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9]{1,2}|[A-HK-Y][0-9][ABEHMNPRVWXY]) [0-9][ABD-HJLNP-UW-Z]{2}\b",
            r"|[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9]\b)",
            // A code behind its country or before its city.
            r"|((?:A|AT|B|BE|CH|D|DE|DK|E|ES|F|FR|FIN?|H|I|IT|L|LT|N|NL|NO|P|PT|S|SE|SI|SK|CZ|GR|HR|RO)[- ][0-9]{4,5}[ ,]{1,2}",
            fragments::city!(),
            r"|[0-9]{5}(?: ?[,–-] ?| )",
            fragments::city!(),
            r"|[0-9]{4} [A-Z]{2},? ",
            fragments::city!(),
            r"|(?:[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{3} [0-9]{2}) ",
            fragments::city!(),
            r"))|(〒 ?[0-9]{3}-[0-9]{4})\b",
            // A code behind its city.
            r"|(?:in|near|from|en|à|em) (",
            fragments::city!(),
            r",? (?:[0-9]{5}|[0-9]{4}-[0-9]{3}))\b",
            r"|dans le ([0-9]{5})\b",
            // A ZIP code behind its state.
            r"|(?:, {1,2}(?:HI|IN|ME|OK|OR|",
            state!(),
            r")|[a-z]{2} ",
            state!(),
            r")\.?,? ([0-9]{5}(?:-[0-9]{4})?)\b",
        ),
        validate: code,
        check: "a city, state or label beside it",
        score: 0.65,
        examples: &[
            "London SW1A 1AA",
            "EC1A 1BB",
            "Ottawa K1A 0B1",
            "〒 100-0001",
            "Springfield, IL 62704",
            "Austin TX 78701-1234",
            "D-10115 Berlin",
            "E-18014 Granada (España)",
            "Avda. de Elvas s/n. 06080 Badajoz.",
            "\n28046 Madrid\n",
            "1017 AB Amsterdam",
            "00-950 Warszawa",
            "1000-205 Lisboa",
            "Hospital La Paz, 28046 Madrid.",
            "she lives in Springfield 54914",
            "résidant à Marseille, 13006.",
            "à Paris, dans le 75001",
        ],
        counter_examples: &[
            "A1 1AAA",
            "M1 1CK",
            "Z9Z 9Z9",
            "W0 12",
            "x IN 12345",
            "id OR 12345",
            "Austin TX 787",
            "2000 AD Rome",
            "rund 20000 Menschen kamen",
            "10000 Euro",
            "1024 MB Ram",
            "we sold 15000 Fords",
            "B-52 Bomber",
            "E-1 Visa",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "address_before_postal_code",
        anchor: Anchor::Digits(5),
        before: 56,
        after: 64,
        // Any name and number will do for a street where code and city follow.
        pattern: concat!(
            fragments::capitalized!(),
            r"(?: (?:(?:de|del|la|las|los|y|i|von|van|der|di|da|do|dos|du|des|le|les) ){0,2}",
            fragments::capitalized!(),
            r"){0,4},? (?:s/n|[0-9]{1,4}(?:[-/][0-9]{1,4})?[A-Za-z]?)\b",
            fragments::unit!(),
            r"[ ,.;–-]{1,4}(?:[A-Z]{1,2}-)?[0-9]{5}(?:[.,]? |, ?|-| - )",
            fragments::city!(),
            fragments::region!(),
        ),
        validate: |candidate| {
            settled(
                candidate,
                stands_free(candidate) && !has_word(candidate.value(), NOT_CITIES),
            )
        },
        check: "no amount, a number of its own",
        score: 0.65,
        examples: &[
            "Gaspar Aguilar 90 46017 Valencia.",
            "Altos de Nava, s/n 24071 León España",
        ],
        counter_examples: &[
            "Anna 3 12345 people",
            "Table 3 10000 Euro",
            "from 46017 Valencia",
        ],
        ..ADDRESS
    },
];

/// `cap` and `cp` are words of their own: only capitals or a colon make labels of them.
fn is_label(candidate: &Candidate<'_>) -> bool {
    let label = candidate.matched();
    let word = label
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let is_short = matches!(word, "cap" | "cp" | "Cap" | "Cp");
    !is_short || label.contains(':')
}

/// A code of a shape of its own, or behind its state, or one that [`before_city`] takes.
fn code(candidate: &Candidate<'_>) -> Verdict {
    let has_city = candidate.value().contains(|c: char| c.is_lowercase())
        || is_capital_city(candidate.value());
    let is_code = if has_city {
        before_city(candidate)
    } else {
        true
    };
    settled(candidate, is_code && stands_free(candidate))
}

/// True for `75001 PARIS`.
fn is_capital_city(value: &str) -> bool {
    value
        .split([' ', '-'])
        .any(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 3)
}

fn before_city(candidate: &Candidate<'_>) -> bool {
    let value = candidate.value();
    let has_country = value.starts_with(|c: char| c.is_ascii_uppercase()) && value.contains('-');
    let is_city = !has_word(value, NOT_CITIES);
    let before = candidate.before().trim_end_matches([' ', '>', '-', '–']);
    let begins_line = before.is_empty() || before.ends_with(['\n', '|', '"']);
    let follows_preposition = candidate.matched() != value;
    let follows_street = follows_preposition
        || before.ends_with([',', '.', ';', ')']) && candidate.before().ends_with([' ', '-', ',']);
    let after = candidate.after();
    let ends = after.is_empty()
        || after.starts_with(['\n', '\r', ',', '.', ';', '(', '"', '<', '|'])
        || after.starts_with(" (")
        || after.starts_with(" -");
    let has_letters = value
        .split(' ')
        .nth(1)
        .is_some_and(|word| word.len() == 2 && word.chars().all(|c| c.is_ascii_uppercase()));
    is_city && (has_country || has_letters || (ends && (begins_line || follows_street)))
}

/// Capitalised words behind numbers that are amounts.
const NOT_CITIES: &[&str] = &[
    "euro", "euros", "eur", "usd", "dollar", "dollars", "menschen", "personen", "uhr", "franken",
    "mark", "stück", "prozent", "jahre", "meter", "mb", "gb", "kb", "tb", "ad", "bc", "am", "pm",
    "ce", "hz", "khz", "mhz", "ghz", "mw", "kw", "people", "users", "tests",
];
