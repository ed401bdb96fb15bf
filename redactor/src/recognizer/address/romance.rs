//! Streets whose kind comes first and whose number comes last: Spanish, Catalan, Galician,
//! Portuguese and Italian.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict};
use super::{ends_with_year, fragments, has_word, settled, stands_free};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
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
            "carreter",
            "ctra",
            "camino",
            "glorieta",
            "pasaje",
            "rambla",
            "cra.",
            "calzada",
            "polígon",
            "gran v",
            "rua ",
            "praça",
            "largo",
            "alameda",
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
            "acceso",
            "cañada",
            "cuesta ",
            "pasadizo",
            "vial ",
            "bajada",
            "azinhaga",
            "beco ",
            "calçada",
            "ladeira",
            "viela",
            "vila ",
            "quadra",
            "esplanad",
            "loteam",
            "condomín",
            "residenc",
            "parque",
            "jardim",
            "stretto",
            "borgo",
            "canale",
            "incrocio",
            "rotonda",
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
            r"|\b[Tt]ravesía|\bAcceso|\bCañada|\bCuesta|\bPasadizo|\bVial|\bBajada|\b[Gg]lorieta|\b[Pp]asaje|\b[Rr]ambla|\b[Cc]arrera|\b[Cc]ra\.|\b[Cc]alzada|\b[Cc]allejón|\b[Pp]olígono|\b[Gg]ran [Vv]ía|\bAntiguo Camino",
            r"|\b[Rr]ua|\b[Pp]raça|\b[Ll]argo|\b[Aa]lameda|\b[Ee]strada|\b[Rr]odovia|\bAzinhaga|\bBeco|\bCalçada|\bLadeira|\bViela|\bVila|\bQuadra|\bEsplanada|\bLoteamento|\bCondomínio|\bResidencial|\bParque|\bJardim",
            r"|\bVia|\bV\.le|\bP\.zza|\b[Cc]orso|\bC\.so|\b[Vv]icolo|\b[Ss]trada|\bContrada|\bStretto|\bBorgo|\bCanale|\bIncrocio|\bRotonda|\bLungo",
            fragments::letter!(),
            r"+) ",
            fragments::street_name!(),
            r")",
            r"(?:,|[.])?[ ]?(?:n(?:[º°.]|[úu]m\.?|o\.?)[ ]?|[Nn]o\.? ?|[Nn]º ?|[Nn][úu]mero |# ?|[Kk]m\.?[ ]?)?",
            r"(?:[0-9]{1,4}(?:[.,][0-9]{3}|[,][0-9]\b)?(?: ?[A-Da-d]\b|[a-z]\b)?(?:[-/][0-9A-Za-z]{1,4}\b)?|s/n|S/N|SN\b|s\.n\.)(?:[ºª°]|\b)",
            fragments::unit!(),
            fragments::place!(),
        ),
        validate: romance,
        check: "the words of a street",
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
            "Cuesta de Julián 12",
            "Ladeira da Silva, 33",
            "Borgo Santo 4",
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
        pattern: concat!(
            r"\b(?:[Cc]/\.? ?|[Aa]vda\.? |Calle )",
            fragments::street_name!()
        ),
        validate: |candidate| {
            let has_name = candidate.value().split([' ', '/']).any(|word| {
                word.len() > 3
                    && word.starts_with(char::is_uppercase)
                    && word != "Calle"
                    && word != "Avda."
            });
            Verdict::plausible_if(has_name && stands_free(candidate))
        },
        check: "the words of a street",
        score: 0.55,
        examples: &["vive en C/ Escuelas, cerca", "en la Calle Mayor"],
        counter_examples: &["C/C++ code", "la calle estaba vacía", "C/ D"],
        ..ADDRESS
    },
];

fn romance(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_dated = ends_with_year(value);
    settled(
        candidate,
        !is_dated && stands_free(candidate) && !has_word(value, SPANISH_PROSE),
    )
}

/// Words of sentences, not of streets.
const SPANISH_PROSE: &[&str] = &[
    "tiene", "con", "para", "hay", "que", "es", "son", "port", "se", "durante",
];
