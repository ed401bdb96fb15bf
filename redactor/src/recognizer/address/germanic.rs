//! Streets whose kind is the end of their name, with the house number behind: German, Dutch,
//! Danish, Norwegian, Swedish, Icelandic, Finnish, and Hungarian with its kind as a word.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};
use super::{fragments, has_word, is_year, settled, stands_free};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "address_germanic",
        anchor: Anchor::Literals(&[
            "straß", "strass", "str.", "gasse", "gässli", "platz", "allee", "chaussee", "damm ",
            "ufer ", "steig ", "pfad ", "weg ", "straat", "steenweg", "laan ", "plein ", "gracht",
            "singel ", "dijk ", "dreef ", "kade ", "hof ", "baan ", "steeg ", "ring ", "vænget",
            "vangen ", "stien ", "plads ", "gatan ", "gata ", "gatu ", "vägen ", "stigen ",
            "gränd ", "torget ", "bakken ", "haugen ", "vegen ", "veien ", "vej ", "vei ", "allé",
            "straet", "stræt", "gade ", "braut ", "vegur ", "katu ", "kuja ", "ntie ", "polku ",
            "utca", "útja", " út ", " tér ", "náměst", "třída ", "rakpart", "körút", " u. ",
            "s gate ", "markt ",
        ]),
        before: 40,
        after: 72,
        pattern: concat!(
            r"\b(?:[0-9]{1,6} )?(?:",
            r"(?:",
            fragments::capitalized!(),
            r" )?",
            fragments::capitalized!(),
            r"(?i:straße|strasse|str\.|gasse|gässli|platz|allee|chaussee|damm|ufer|steig|pfad|weg|markt",
            r"|straat|steenweg|laan|plein|gracht|singel|dijk|dreef|kade|hof|baan|steeg|[dghklmnrsz]ring",
            r"|vænget|vangen|stien|plads|gatan|gata|gatu|vägen|stigen|gränd|torget|bakken|haugen|vegen|veien|vej|vei|allé|alléen",
            r"|straeti|stræti|gade|vegur|braut|katu|kuja|[aeioy]ntie|polku)",
            r"|(?:",
            fragments::capitalized!(),
            r" ){1,3}(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Aa]llee|[Pp]latz|[Ww]eg|[Ss]traat|[Ll]aan|[Gg]ate|[Vv]ei|utca|útja|út|tér|rakpart|körút|u\.|náměstí|třída|ulice)",
            r"|(?:Straße|Strasse|Platz|Allee) (?:de[srn]|am|zum|zur|an der|im) [^\n,:;?!]{2,24}?",
            r"),? ",
            fragments::house_number!(),
            r"\b\.?",
            fragments::unit!(),
            fragments::place!(),
        ),
        validate,
        check: "the words of a street, and no road number",
        score: 0.7,
        examples: &[
            "wohnt in der Hauptstraße 5",
            "Lange Straße 12b, 10115 Berlin",
            "Straße des 17. Juni 135, 10623 Berlin",
            "Ringvej 144",
            "Willem Barentszweg 177",
            "Snellmaninkatu 55",
            "Király utca 15.",
            "Knudssøns gate 222",
            "Köhlerplatz 6\n27928 Neustadt am Rübenberge",
            "Sandbygårdvej 14\n9135 Gørlev",
        ],
        counter_examples: &[
            "Spring 2020",
            "die Bundesstraße 216 entlang",
            "String 10",
            "aggregate 5",
            "Norway 5",
            "weg 5",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "address_germanic_locative",
        before: 36,
        after: 48,
        pattern: concat!(
            r"\b(?:Am|An de[rn]|Auf de[rm]|Im|Zum|Zur|In de[rn]|Unter den|Op de|Aan de) ",
            fragments::capitalized!(),
            r" [0-9]{1,3}(?: ?[a-d]\b)?(?:-[0-9]{1,3})?\b",
            fragments::place!(),
        ),
        validate,
        check: "the words of a street, and no road number",
        score: 0.6,
        examples: &["wohnt Am Markt 3", "An der Alster 12a, 20099 Hamburg"],
        counter_examples: &[
            "Im Jahr 2020",
            "Am Montag 12 Uhr",
            "Im Alter 5",
            "Am 3. Mai",
        ],
        ..ADDRESS
    },
];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_name = value
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ')
        .starts_with(|c: char| c.is_uppercase());
    let last = value.rsplit(' ').next().unwrap_or_default();
    // Federal and country roads have numbers, not houses.
    let is_road = ["undesstraße", "reisstraße", "andesstraße", "taatsstraße"]
        .iter()
        .any(|road| value.contains(road));
    let is_time =
        is_road || is_year(last) || (value.starts_with(['A', 'I']) && has_word(value, TIMES));
    settled(candidate, is_name && !is_time && stands_free(candidate))
}

/// Words that stand where a street would: `Im Jahr 2020`, `Am Montag 12 Uhr`.
const TIMES: &[&str] = &[
    "jahr",
    "jahre",
    "alter",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
    "kapitel",
    "abschnitt",
    "artikel",
    "anhang",
    "teil",
    "bild",
    "schritt",
    "durchschnitt",
    "mittel",
    "vergleich",
    "schnitt",
    "quartal",
    "fall",
    "zeitraum",
    "monat",
    "tag",
    "ende",
    "anfang",
    "sommer",
    "winter",
    "herbst",
];
