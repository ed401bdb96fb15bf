//! Streets whose kind comes first: French with the house number before it, Spanish, Catalan,
//! Galician, Portuguese and Italian with the number behind.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};
use super::{fragments, has_word, is_year, settled, stands_free};

/// A name of one to six words that begins and ends with a capital or a numeral.
macro_rules! name {
    () => {
        concat!(
            r"(?:(?:de|du|des|del?|dels|d['’]|la|las|los|le|les|el|l['’]|do|dos|da|das|di|della|delle|dei|degli|dell['’]|y|i|e|et|à|a|au|aux|en|em|sur|van|von)[ ]?)*",
            r"(?:",
            fragments::capitalized!(),
            r"|[0-9]{1,2})",
            r"(?:[ -](?:(?:de|du|des|del?|dels|d['’]|la|las|los|le|les|el|l['’]|do|dos|da|das|di|della|delle|dei|degli|dell['’]|y|i|e|et|à|a|au|aux|en|em|sur|van|von)[ ]?)*",
            r"(?:",
            fragments::capitalized!(),
            r"|[0-9]{1,2} (?:de )?",
            fragments::letter!(),
            r"{3,10})){0,5}",
        )
    };
}

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
            name!(),
            r"|(?:",
            fragments::word!(),
            r" ){0,4}",
            fragments::word!(),
            r"\b)",
            fragments::unit!(),
            fragments::place!(),
        ),
        validate: french,
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
            "rue ",
            "avenue ",
            "chemin ",
            "boulevard ",
            "chauss",
            "impasse ",
            "allée ",
        ]),
        before: 1,
        after: 72,
        // As in Belgium and Switzerland.
        pattern: concat!(
            r"\b(?:Rue|Avenue|Chemin|Boulevard|Chaussée|Impasse|Allée) ",
            name!(),
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
            " rue ",
            " avenue ",
            " bd ",
            " boulevard ",
            " allée",
            " impasse ",
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
        score: 0.7,
        examples: &[
            "sept allée des roses 77500 Ivry",
            "deux bd Victor Hugo 75000",
        ],
        counter_examples: &["une rue calme", "deux rue des 3"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_romance",
        anchor: Anchor::Literals(&[
            "calle",
            "c/",
            "cl.",
            "avda",
            "avd.",
            "avenid",
            "av.",
            "carrer",
            "passeig",
            "plaça",
            "avinguda",
            "urbaniz",
            "rúa",
            "travess",
            "viale",
            "piazza",
            "p.za",
            "plaza",
            "pza",
            "pl.",
            "paseo",
            "p.º",
            "pº",
            "pso",
            "ronda",
            "rondilla",
            "carretera",
            "ctra",
            "camino",
            "glorieta",
            "pasaje",
            "rambla",
            "cra.",
            "calzada",
            "callej",
            "polígono",
            "gran v",
            "rua ",
            "praça",
            "largo",
            "alameda",
            "estrada",
            "rodovia",
            "via ",
            "v.le",
            "p.zza",
            "corso",
            "c.so",
            "vicolo",
            "strada",
            "contrada",
            "lungo",
        ]),
        before: 8,
        after: 96,
        pattern: concat!(
            r"(?:\b[0-9]{1,6} )?(?:",
            // Kinds that are clear in lower case, whatever the name's case.
            r"(?i:\bcalle |\bc/ ?|\bc/\. ?|\bcl\. |\bavda\.? ?|\bavenida |\bavd\. ?|\bav\. |(?-i:\bPaseo )|\bcarrer |\bpasseig |\bplaça |\bavinguda |\burbanización |\brúa |\btravessa |\bviale |\bp\.za |\bpiazza )",
            r"[^0-9\n,;:!?()<>+*=/_\[\]{}\x22#$&|@][^\n,;:!?()<>+*=/_\[\]{}\x22#$&|@]*?",
            r"|\b(?:[Cc]alle|[Cc]l\.|[Cc]arrera|[Cc]ra\.|[Aa]venida|[Aa]v\.|[Dd]iagonal|[Tt]ransversal|[Cc]alzada) [0-9]{1,3}[A-Za-z]?(?: sur)? ",
            r"|(?:\b[Aa]v\.|\b[Pp]laza|\b[Pp]za\.?|\b[Pp]aseo|\bP(?:\.º|º)|\b[Pp]º|\b[Pp]so\.?|\b[Rr]onda|\bRondilla|\b[Cc]arretera|\b[Cc]tra\.?|\b[Cc]amino",
            r"|\b[Tt]ravesía|\b[Gg]lorieta|\b[Pp]asaje|\b[Rr]ambla|\b[Cc]arrera|\b[Cc]ra\.|\b[Cc]alzada|\b[Cc]allejón|\b[Pp]olígono|\b[Gg]ran [Vv]ía|\bAntiguo Camino",
            r"|\b[Rr]ua|\b[Pp]raça|\b[Ll]argo|\b[Aa]lameda|\b[Ee]strada|\b[Rr]odovia",
            r"|\bVia|\bV\.le|\bP\.zza|\b[Cc]orso|\bC\.so|\b[Vv]icolo|\b[Ss]trada|\bContrada|\bLungo",
            fragments::letter!(),
            r"+) ",
            name!(),
            r")",
            r"(?:,|[.])?[ ]?(?:n(?:[º°.]|[úu]m\.?|o\.?)[ ]?|[Nn]o\.? ?|[Nn]º ?|[Nn][úu]mero |# ?|[Kk]m\.?[ ]?)?",
            r"(?:[0-9]{1,4}(?:[.,][0-9]{3}|[,][0-9]\b)?(?: ?[A-Da-d]\b|[a-z]\b)?(?:[-/][0-9A-Za-z]{1,4}\b)?|s/n|S/N|SN\b|s\.n\.)(?:[ºª°]|\b)",
            fragments::unit!(),
            fragments::place!(),
        ),
        validate: romance,
        score: 0.7,
        examples: &[
            "Calle Cuba, 2, 5 A",
            "c/ del Abedul 5-7, 2º dcha 28036 Madrid",
            "Avda. de los Derechos Humanos s/n",
            "Av. del Rio, 34, 3, A.",
            "Plaza de Cruces, s/n 48903 Baracaldo",
            "Carretera de Toledo km 12,500",
            "Rua Ana Bilhar, 44/202",
            "Via Bernardino Rota 130",
            "corso Vittorio Emanuele II, 15",
            "Calle gran vía 62, 3C",
            "C/Méndez Núñez nº34",
        ],
        counter_examples: &[
            "via SSH port 22",
            "la plaza tiene 3 bancos",
            "una carrera de medicina en 2010",
            "corso di 3 mesi",
            "largo 3 cm",
            "Via Port 2020",
            "called with offset 0",
            "written in C/C++ 11",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "address_spanish_street",
        anchor: Anchor::Literals(&["c/", "avda", "calle "]),
        before: 1,
        after: 48,
        pattern: concat!(r"\b(?:[Cc]/\.? ?|[Aa]vda\.? |Calle )", name!()),
        validate: |candidate| {
            let has_name = candidate.value().split([' ', '/']).any(|word| {
                word.len() > 3
                    && word.starts_with(char::is_uppercase)
                    && word != "Calle"
                    && word != "Avda."
            });
            Verdict::plausible_if(has_name && stands_free(candidate))
        },
        score: 0.55,
        examples: &["vive en C/ Escuelas, cerca", "en la Calle Mayor"],
        counter_examples: &["C/C++ code", "la calle estaba vacía", "C/ D"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_post_box",
        anchor: Anchor::Literals(&[
            "box",
            "postfach",
            "boîte postale",
            "apartado",
            "casella postale",
            "postbus",
            "caixa postal",
            "skrytka",
            "postboks",
            "postbox",
            "b.p.",
        ]),
        before: 12,
        after: 24,
        pattern: concat!(
            r"(?i)(?:\b[0-9]{1,6} )?\b(?:p\.? ?o\.? ?box|post(?:al)? ?box|postfach|postbus|postboks|boîte postale|b\.p\.|apartado(?: de correos| postal)?",
            r"|casella postale|caixa postal|skrytka pocztowa)[ ]{1,2}(?:n[º°o]\.? ?)?[0-9]{1,6}(?: [0-9]{1,3}\b)?",
        ),
        score: 0.8,
        examples: &[
            "P.O. Box 104",
            "PO Box 12345",
            "Postfach 10 01",
            "Apartado de Correos 993",
            "34 p.o. box 249",
        ],
        counter_examples: &["box 12", "the mailbox 5", "inbox 100", "apartado primero"],
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

fn romance(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_dated = ends_with_year(value);
    settled(
        candidate,
        !is_dated && stands_free(candidate) && !has_word(value, SPANISH_PROSE),
    )
}

/// True for `Calle Mayor en 2010`.
fn ends_with_year(value: &str) -> bool {
    !value.contains(',') && value.rsplit(' ').next().is_some_and(is_year)
}

/// Words of sentences about courses and passages, not of streets.
const FRENCH_PROSE: &[&str] = &[
    "of", "par", "danse", "pour", "avec", "dans", "est", "sont", "the",
];

const SPANISH_PROSE: &[&str] = &[
    "tiene", "con", "para", "hay", "que", "es", "son", "port", "se", "durante",
];
