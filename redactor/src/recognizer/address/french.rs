//! Streets of France, Belgium and French-speaking Switzerland: `76 rue Haute`, `Rue de la Loi 16`.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};
use super::{ends_with_year, fragments, has_word, settled, stands_free};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "address_french",
        after: 88,
        pattern: concat!(
            r"\b(?:[0-9]{1,6} )?",
            fragments::house_number!(),
            r"(?: ?[A-Z]\b)?,? (?:[0-9]{1,4} )?",
            r"(?i:rue|r\.|avenue|av\.?|avn|bd\.?|blvd|bld|boulevard|chemin|ch\.|impasse|imp\.|all[ée]es?|place|pl\.|quai|cours|passage",
            r"|route|rte|square|faubourg|fbg|villa|sentier|ruelle|promenade|chauss[ée]e|esplanade|venelle|montée|traverse|rond-point) ",
            r"(?:",
            fragments::street_name!(),
            r"|(?:",
            fragments::word!(),
            r" ){0,4}",
            fragments::word!(),
            r"\b)",
            fragments::unit!(),
            fragments::place!(),
        ),
        validate: french,
        check: "the words of a street",
        score: 0.7,
        examples: &[
            "habite 76 rue Haute Chiffure 59000 ISSY",
            "85 rue de Rivoli, à Paris",
            "28 bis chemin Etienne d'Orge",
            "47-83 Boulevard de l'Hôpital, 75013 Paris",
            "123 av. Jean Jaurès",
            "45 passage de ternes",
            "102 Rue de la République, 97400 Saint-Denis",
        ],
        counter_examples: &[
            "2 place holders",
            "3 cours de danse par semaine",
            "10 passage of time",
            "5 route changes",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "address_french_number_last",
        anchor: Anchor::Literals(&[
            "rue ", "avenue ", "chemin ", "boulevar", "chauss", "impasse ", "allée ",
        ]),
        before: 1,
        after: 72,
        // As in Belgium and Switzerland.
        pattern: concat!(
            r"\b(?:Rue|Avenue|Chemin|Boulevard|Chaussée|Impasse|Allée) ",
            fragments::street_name!(),
            r",? ",
            fragments::house_number!(),
            fragments::unit!(),
            fragments::place!(),
        ),
        validate: |candidate| {
            settled(
                candidate,
                stands_free(candidate) && !ends_with_year(candidate.value()),
            )
        },
        check: "the words of a street",
        score: 0.7,
        examples: &[
            "Rue de la Loi 16, 1000 Bruxelles",
            "Chemin du Moulin 4, 1201 Genève",
        ],
        counter_examples: &["Rue en 2010", "Avenue Q 2003", "True Rue 5"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_french_spelled",
        anchor: Anchor::Literals(&[
            " rue ", " avenue ", " bd ", " bouleva", " allée", " impasse",
        ]),
        before: 16,
        after: 72,
        pattern: concat!(
            r"(?i)\b(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze) (?:bis )?(?:rue|avenue|bd|boulevard|allée|impasse) (?:de |des |du |d'|de la )?",
            fragments::word!(),
            r"(?: (?:de |des |du |d'|de la )?",
            fragments::word!(),
            r"){0,3} [0-9]{5}\b(?: ",
            fragments::word!(),
            r")?",
        ),
        validate: |candidate| settled(candidate, stands_free(candidate)),
        check: "a postal code of its own",
        score: 0.7,
        examples: &[
            "sept allée des roses 77500 Ivry",
            "deux bd Victor Hugo 75000",
        ],
        counter_examples: &["une rue calme", "deux rue des 3"],
        ..ADDRESS
    },
];

fn french(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let has_name = value
        .split(' ')
        .skip(2)
        .any(|word| word.starts_with(|c: char| c.is_uppercase()));
    // In lower case the line, the phrase or a postal code must end it.
    let after = candidate.after();
    let ends = after.is_empty() || after.starts_with(['\n', ',', '.', '"', ')']);
    let is_name = has_name || (ends && has_word(value, &["de", "du", "des", "la", "le"]));
    settled(
        candidate,
        is_name && !has_word(value, FRENCH_PROSE) && stands_free(candidate),
    )
}

/// Words of sentences about courses and passages, not of streets.
const FRENCH_PROSE: &[&str] = &[
    "of", "par", "danse", "pour", "avec", "dans", "est", "sont", "the",
];
