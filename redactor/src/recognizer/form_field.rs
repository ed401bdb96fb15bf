//! Names of people, places and organisations behind the label of a form or the key of a record:
//! `Apellidos: ...`, `Ville : ...`, `"family":"..."`.
//!
//! Only labels that announce nothing else are here. What a label names is a learned tagger's part
//! when it stands in running text.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

/// What stands between a label and its value, and the value: one to six words of a name.
macro_rules! names {
    () => {
        concat!(
            r"[ ]{0,2}[:=][ ]{0,5}(?:(?:Dr|Dra|D|Dña|Mr|Mrs|Ms|Prof|Sr|Sra|Dott|Hr|Fr|M|Mme)(?:\. ?|: ?| ))?",
            r"([A-ZÀ-ÞĀ-Ž][A-Za-zªÀ-ɏ'’.-]*",
            r"(?:,? (?:(?:de|la|del|las|los|y|i|da|do|dos|das|di|von|van|der|den|zu|le|el|al|bin|ten)[ ]){0,3}[A-ZÀ-ÞĀ-Ž][A-Za-zªÀ-ɏ'’-]*\.?){0,5})",
        )
    };
}

/// The value of a key of JSON, in escaped JSON or of an XML element.
macro_rules! quoted {
    () => {
        r#"(?: ?: ?\[?\\{0,3}["'])?([A-Za-zÀ-ɏ][^"'\\{}<>$@0-9_]{0,60})(?:\\{0,3}["']|</)"#
    };
}

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "person_field",
        kind: EntityKind::Person,
        anchor: Anchor::Literals(&[
            "patient", "nombre", "apellido", "nom ", "nom:", "prénom", "vorname", "nachname",
            "familien", "cognome", "nome:", "naam:", "imię", "nazwisko", "sobrenom", "surname",
            "first na", "last nam", "given na", "family n", "full nam", "médico", "medico:",
            "arzt", "attendin", "physicia", "remitido", "responsa", "médecin", "lekarz",
            "huisarts",
        ]),
        before: 12,
        after: 72,
        pattern: concat!(
            r"\b(?i:patient(?:in|e)?(?: name)?|patient(?:en)?name|nombre(?: y apellidos)?|(?:primer |segundo )?apellidos?|nom(?: et prénom|s| de naissance| du patient| d'usage)?",
            r"|prénoms?|vorname|nachname|familienname|geburtsname|cognome|nome|(?:voor|achter)?naam|imię(?: i nazwisko)?|nazwisko|sobrenome|apelido",
            r"|surname|(?:first|last|given|family|full|maiden) name|médico|medico|(?:haus|behandelnder )?arzt|attending(?: physician)?|(?:referring )?physician",
            r"|remitido por|responsable clínico|médecin(?: traitant)?|lekarz|huisarts)",
            names!(),
        ),
        validate: in_form,
        check: "a label of a form before it",
        score: 0.7,
        examples: &[
            "Patient: James Shaffer   MRN: 1",
            "Nombre:  Ernesto.",
            "Apellidos: Rivera Bueno.",
            "Remitido por: Dra. Ana López García Correo",
            "Nom : DUPONT",
            "Médico: Dr: Juan Pérez",
            "Vorname: Anna",
        ],
        counter_examples: &[
            "patient: not seen",
            "Nombre: ver abajo",
            "the patient is James",
            "Attending: None",
            "let nome = Some(1)",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "person_name_field",
        kind: EntityKind::Person,
        anchor: Anchor::Literals(&["name:"]),
        before: 1,
        after: 48,
        // `Name: ...` labels programs as well: two words of letters at least.
        pattern: concat!(r"(?m)^[> ]{0,4}Name", names!(),),
        validate: in_form_in_full,
        check: "a label of a form before it",
        score: 0.65,
        examples: &[
            "Name:    Iva D. Grusová\nAddress: x",
            "Name: Jane Roe\nDOB: x",
        ],
        counter_examples: &[
            "Name: requests",
            "Name: Python",
            "name: Build and test",
            "Name: Jane Roe",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "person_key",
        kind: EntityKind::Person,
        anchor: Anchor::Literals(&[
            "family\"",
            "given\"",
            "firstname\"",
            "lastname\"",
            "first_name\"",
            "last_name\"",
            "surname\"",
            "fullname\"",
            "full_name\"",
            "patientname\"",
            "patient_name\"",
            "customer_name\"",
            "customername\"",
            "cardhold",
            "middle_name\"",
            "maiden_name\"",
            "<family",
            "<given",
            "<surname",
            "<lastn",
            "<firstn",
            "family\\\"",
            "given\\\"",
            "first_name\\\"",
            "last_name\\\"",
            "full_name\\\"",
        ]),
        before: 2,
        after: 64,
        pattern: concat!(
            r#"(?i)["'<](?:family|given|first_?name|last_?name|surname|full_?name|patient_?name|customer_?name|cardholder(?:_?name)?|middle_?name|maiden_?name)\\{0,3}["'>]"#,
            quoted!(),
        ),
        validate: in_record,
        check: "a key of a record before it",
        score: 0.7,
        examples: &[
            "\"family\":\"Barker\",\"given\":[\"Brittany\"]",
            "{\"first_name\": \"Ana María\"}",
            "{\\\"full_name\\\":\\\"Jane Roe\\\"}",
        ],
        counter_examples: &[
            "\"family\":\"sans-serif\"",
            "\"first_name\": \"string\"",
            "\"given\": 5",
            "\"family\":\"Arial, sans-serif\"",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "place_field",
        kind: EntityKind::Location,
        anchor: Anchor::Literals(&[
            "localida", "provinci", "ciudad", "municipi", "poblaci", "país", "city:", "town:",
            "country:", "ville", "pays", "wohnort", "stadt:", "città", "comune:", "cidade",
            "concelho", "woonplaa", "plaats:", "miasto", "miejscow", "geburtso", "lieu de ",
            "place of", "birthpla", "lugar de", "luogo di", "ort:", "localit",
        ]),
        before: 2,
        after: 48,
        pattern: concat!(
            r"\b(?i:localidad(?:/ ?provincia)?|provincia|ciudad|municipio|población|país(?: de nacimiento| de origen)?|city|town|country(?: of birth)?|ville(?: de naissance)?|pays(?: de naissance)?",
            r"|localidade|localité|(?:wohn|geburts|wohn-)?ort|stadt|città|comune|cidade|concelho|woonplaats|plaats|miasto|miejscowość|lieu de naissance|place of birth|birthplace",
            r"|lugar de nacimiento|luogo di nascita)",
            names!(),
        ),
        validate: in_form,
        check: "a label of a form before it",
        score: 0.7,
        examples: &[
            "Localidad/ Provincia: Madrid.",
            "País: España.",
            "Ville : Saint-Denis",
            "City: Springfield",
            "País de nacimiento:Bulgaria",
        ],
        counter_examples: &[
            "city: string",
            "city: String,",
            "country: CountryCode",
            "Country: Option<Code>",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "place_key",
        kind: EntityKind::Location,
        anchor: Anchor::Literals(&[
            "city\"", "city\\", "town\"", "ville\"", "place\"", "ciudad\"", "<city", "<town",
        ]),
        before: 8,
        after: 64,
        pattern: concat!(
            r#"(?i)["'<](?:city|town|ville|birth_?place|ciudad)\\{0,3}["'>]"#,
            quoted!(),
        ),
        validate: in_record,
        check: "a key of a record before it",
        score: 0.7,
        examples: &[
            "\"city\":\"East Michelle\"",
            "{\"city\": \"Lyon\"}",
            "<city>Lyon</city>",
        ],
        counter_examples: &[
            "\"city\": \"string\"",
            "\"capacity\":\"Low\"",
            "\"city\": 5",
        ],
        ..Recognizer::BASE
    },
];

/// Certain up to where the name ends, unless the value is code or says that there is none.
fn in_form(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let after = candidate.after();
    let is_code = after.starts_with(['<', '(', '[', '{', ':', '_', '"', ';', '='])
        || humps(value)
        || (after.starts_with(',') && !after.starts_with(", "));
    let end = name_end(value);
    if is_code || end == 0 || is_stand_in(value) {
        return Verdict::Reject;
    }
    Verdict::CertainUntil(candidate.span().start + end)
}

/// True for `OptionCode`.
fn humps(value: &str) -> bool {
    let next = value.chars().skip(1);
    value
        .chars()
        .zip(next)
        .any(|(a, b)| a.is_lowercase() && b.is_uppercase())
}

/// Where the name ends in the value: before a word of forms, or behind a word with a full stop.
fn name_end(value: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    for word in value.split(' ') {
        let bare = word.trim_end_matches(['.', ',']);
        if FORM_WORDS
            .iter()
            .any(|known| bare.eq_ignore_ascii_case(known))
        {
            break;
        }
        let is_initial = bare.chars().count() < 3;
        end = at
            + if is_initial && word.ends_with('.') {
                word.len()
            } else {
                bare.len()
            };
        // `Mª. ` and `J. ` go on, `López. ` does not.
        if word.ends_with('.') && !is_initial {
            break;
        }
        at += word.len() + 1;
    }
    end
}

/// As [`in_form`], with a given and a family name, and another field below.
fn in_form_in_full(candidate: &Candidate<'_>) -> Verdict {
    let words = candidate.value().split(' ').count();
    let is_followed = candidate
        .after()
        .trim_start_matches([' ', '\r'])
        .starts_with('\n');
    if (2..=4).contains(&words) && is_followed {
        in_form(candidate)
    } else {
        Verdict::Reject
    }
}

/// True for the value of a record, not of a schema or of a style sheet.
fn in_record(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_name = value.starts_with(|c: char| c.is_uppercase()) && !value.contains("serif");
    Verdict::plausible_if(is_name && !is_stand_in(value))
}

fn is_stand_in(value: &str) -> bool {
    let first = value.split([' ', '.']).next().unwrap_or_default();
    STAND_INS
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

/// Words that begin the next field, or the department behind a name.
const FORM_WORDS: &[&str] = &[
    "n",
    "no",
    "servicio",
    "departamento",
    "sección",
    "unidad",
    "hospital",
    "clínica",
    "centro",
    "instituto",
    "complejo",
    "fundación",
    "universidad",
    "correo",
    "email",
    "e-mail",
    "mail",
    "dirección",
    "calle",
    "avda",
    "av",
    "paseo",
    "plaza",
    "fecha",
    "sexo",
    "edad",
    "tel",
    "tlf",
    "phone",
    "fax",
    "dob",
    "mrn",
    "ssn",
    "date",
    "address",
    "age",
    "sex",
    "gender",
    "service",
    "hôpital",
    "adresse",
    "né",
    "née",
    "âge",
    "sexe",
    "geb",
    "geboren",
    "station",
    "klinik",
    "azienda",
    "ospedale",
    "reparto",
    "afdeling",
    "geslacht",
    "oddział",
    "jefe",
    "médico",
];

/// Words in the place of a value.
const STAND_INS: &[&str] = &[
    "none",
    "null",
    "unknown",
    "string",
    "str",
    "some",
    "option",
    "vec",
    "text",
    "n/a",
    "na",
    "true",
    "false",
    "ver",
    "see",
    "arial",
    "helvetica",
    "desconocido",
    "inconnu",
    "unbekannt",
];
