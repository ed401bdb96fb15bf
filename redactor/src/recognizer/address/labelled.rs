//! Addresses that somebody announces: form fields (`Domicilio: ...`), keys of JSON and YAML
//! (`"street": ...`), and phrases (`lives at 76 Stubben 149`).

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};
use super::{fragments, has_word, settled, stands_free};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "address_field",
        anchor: Anchor::Literals(&[
            "addr",
            "adres",
            "anschrif",
            "direcci",
            "domicili",
            "indirizz",
            "residenz",
            "endere",
            "morada",
            "street",
            "straße\":",
            "straße:",
            "résiden",
            "line\":[",
            "line\\\":[",
            "alamat",
            "osoite",
            "дрес",
            "ιεύθυνση",
            "住所",
            "地址",
            "주소",
            "כתובת",
            "العنوان",
            "ịa chỉ",
            "ที่อยู่",
            "पता",
        ]),
        before: 12,
        after: 120,
        pattern: concat!(
            r"(?i)(?:\b(?:addr(?:ess)?|adres(?:se?|a|i)?|anschrift|direcci[óo]n|domicilio|indirizzo|residenza|endere[çc]o|morada|street|straße|résidence|alamat|osoite|line)",
            r"|адреса?|διεύθυνση|住所|地址|주소|כתובת|العنوان|địa chỉ|ที่อยู่|पता)",
            r"(?:[ _-]?(?:line)?[ _-]?[12]|[ _-]?address)?",
            r#"\\{0,3}["']?[ ]{0,2}[:=][ ]{0,5}\n?\[?(?:\\{0,3}["'])?"#,
            r#"([^\s:=][^\n"\\;|{}<>]{4,}"#,
            // The lines below, down to a postal code.
            r"(?:(?:,?[ ]{0,2}\r?\n[> ]{0,4},?[^\n0-9:@?!{}<>=;()|.]*){1,4}[ ,]{1,2}[0-9]{4,6}(?:-[0-9]{4})?\b",
            r"|",
            fragments::place!(),
            r"))",
        ),
        validate: field,
        check: "the words of an address",
        score: 0.7,
        examples: &[
            "Address:     45 R Carne Azeda 16, Zavrč",
            "Domicilio: Ignacio L. Vallarta 24, Tabacal.",
            "\"addr\":\"0332 Phillips Parkway Apt. 937\"",
            "\"line\":[\"72434 Jason Forest Suite 338\"]",
            "{\\\"addr\\\":\\\"926 Michelle Mill\\\"}",
            "Adresse : 21 rue Belleville 75020 Paris.",
            "his address: 76 Stubben 149",
            "Adresse: Köhlerplatz 6\n27928 Neustadt am Rübenberge",
            "Адрес: Шаховская, пр. Речной, д. 69 стр. 8",
            "पता: 77 चण्ड बोस",
        ],
        counter_examples: &[
            "IP address: 10.0.0.12",
            "address: 0x7fff1234 in main",
            "Address: jane@example.com 2",
            "address = get_address(2)",
            "street: unknown",
            "line: 12 columns",
            "address: see section 4.2 below",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "address_phrase",
        anchor: Anchor::Literals(&[
            " live", "address", "located ", "meet me ", "deliver", "ship", "resid", "habite",
            "demeuran", "wohn", "domicili", "vive en", "abita", "woont", "arrived ", "off at",
            "enter on", "zamieszk",
        ]),
        before: 16,
        after: 96,
        pattern: concat!(
            r"(?i:\b(?:liv(?:es?|ing) (?:at|on)|address(?:es)? (?:is|to|with|at)|address[^\n.?!]{0,40}(?:same|are):|located (?:at|on)|meet me at|deliver(?:ed)? (?:it )?to",
            r"|ship(?:ped)? to|resid(?:es|ing|ent) at|habite(?: au)?|demeurant(?: au)?|wohnt in(?: der| dem)?|wohnhaft(?: in)?(?: der)?|domiciliad[oa] en|vive en|abita in|woont (?:in|op|aan)",
            r"|arrived at|(?:drops? [a-z]+|get|got) off at|enter on|zamieszka",
            fragments::letter!(),
            r"+(?: przy)?)[ ]{1,2}|address[^\n.?!]{0,40}: )",
            r"((?:[0-9]{1,6} )?(?:",
            fragments::letter!(),
            fragments::word!(),
            r" ){1,6}?[0-9]{1,4}[A-Za-z]?\b\.?",
            r"|[0-9]{1,6}(?: (?:[0-9]|",
            fragments::upper!(),
            r")",
            fragments::word!(),
            r"){1,6})",
            r"(?:,? ",
            fragments::capitalized!(),
            r"){0,4}(?: [0-9]{4,6}\b)?",
            fragments::place!(),
        ),
        validate: phrase,
        check: "the words of an address",
        score: 0.6,
        examples: &[
            "Theresa lives at 90 Sokolská 1475, Hrotovice",
            "the address of Solarlist is the same, change my address to 54 Soo 36\nKerava\n, UU\n 51771",
            "The letter arrived at 53 Arenales 9462 last night",
        ],
        counter_examples: &[
            "he arrived at 5 pm",
            "located at line 12",
            "the address is in section 4",
            "she lives at home with 2 cats",
            "we arrived at gate 22",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "address_corner",
        anchor: Anchor::Literals(&["corner o"]),
        before: 4,
        after: 96,
        pattern: concat!(
            r"(?i:the corner of) [^\n,?!]{3,48}? and (?:[0-9]{1,5} )?",
            fragments::capitalized!(),
            r"(?: (?:[0-9]{1,5}\b|",
            fragments::capitalized!(),
            r")){0,4}",
        ),
        score: 0.6,
        examples: &["meet at the corner of Elm Street 5 and Oak Avenue"],
        counter_examples: &["in the corner of the room and outside", "the corner of Elm"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_block",
        before: 0,
        after: 88,
        // A number before and behind the street: only the code at the end of the block tells.
        pattern: concat!(
            r"\b[0-9]{1,6} (?:[0-9]{1,4} )?(?:",
            fragments::word!(),
            r" ){1,5}?(?:[0-9]{1,4}[A-Za-z]?\.?|",
            fragments::word!(),
            r")(?:,?[ ]{0,2}\r?\n[> ]{0,4},?[^\n0-9:@?!{}<>=;()|.]*){1,4}[ ,]{1,2}[0-9]{5}(?:-[0-9]{4})?\b",
        ),
        validate: |candidate| settled(candidate, stands_free(candidate)),
        check: "a number of its own",
        score: 0.65,
        examples: &[
            "write to 54 Soo 36\nKERAVA\n, UU\n 51771",
            "12 Elm Row\nSpringfield, IL 62704",
        ],
        counter_examples: &["54 Soo 36\nKERAVA", "at 54 Soo 36 KERAVA 51771 x"],
        ..ADDRESS
    },
];

fn field(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let end = value_end(value);
    let value = value.get(..end).unwrap_or(value);
    let has_number = value.contains(|c: char| c.is_ascii_digit());
    let words = value
        .split([' ', ','])
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    // Most scripts have no capitals.
    let starts = value.starts_with(|c: char| c.is_alphanumeric() && !c.is_lowercase());
    let is_code = value.contains(['@', '(', '[', '_', '=', '$', '*', '&'])
        || value.contains("0x")
        || value.contains("::")
        || value.contains("//");
    let is_line = candidate.matched().starts_with(['l', 'L']) && !candidate.matched().contains('[');
    if !has_number || words.count() == 0 || !value.contains(' ') || !starts || is_code || is_line {
        return Verdict::Reject;
    }
    Verdict::CertainUntil(candidate.span().start + end)
}

/// Where the address ends: before the next sentence or the next column.
fn value_end(value: &str) -> usize {
    let columns = value.find("  ").unwrap_or(value.len());
    let sentence = value.match_indices(". ").find(|&(at, _)| {
        let word = value
            .get(..at)
            .unwrap_or_default()
            .rsplit([' ', ',', '.'])
            .next()
            .unwrap_or_default();
        // `St. ` and `Av. ` go on, `31231. ` and `London. ` do not.
        word.chars().count() > 4 || word.ends_with(|c: char| c.is_ascii_digit())
    });
    let end = columns.min(sentence.map_or(value.len(), |(at, _)| at));
    let value = value.get(..end).unwrap_or(value);
    value.trim_end_matches([' ', '.', ',', '\'', '\r']).len()
}

fn phrase(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let starts_with_number = value.starts_with(|c: char| c.is_ascii_digit());
    let has_name = value
        .split(' ')
        .any(|word| word.starts_with(|c: char| c.is_uppercase()));
    settled(
        candidate,
        (has_name || starts_with_number) && !has_word(value, PROSE),
    )
}

/// Words of sentences, not of addresses.
const PROSE: &[&str] = &[
    "am", "pm", "the", "a", "line", "section", "gate", "home", "with", "index", "offset", "page",
    "level", "port", "column", "row", "age", "position", "byte", "bytes", "about", "least", "most",
    "around", "and", "end", "step", "version", "chapter", "hours", "minutes", "o'clock", "uhr",
];
