//! Ages of people: `47-year-old`, `aged 47`, `Edad: 57 años`, `di 45 anni`, `lat 45`.
//!
//! Not caught: numbers of years that may be a duration ("for 5 years", "5-year plan", "hace 10
//! años"): an age needs a word that says so or a person beside it.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

/// A number of years, months, weeks or days that somebody may have lived.
macro_rules! count {
    () => {
        r"(?:1[0-2][0-9]|[1-9]?[0-9])(?:[.,][05]|½| 1/2)?"
    };
}

/// Nouns for people, and for patients.
macro_rules! person {
    () => {
        concat!(
            r"(?:man|woman|boy|girl|male|female|infant|baby|patient|patiente|homme|femme|garçon|fille|enfant",
            r"|nourrisson|var[óo]n|mujer|hombre|niñ[oa]|paciente|masculino|femenino|femenina|adolescente|joven|lactante",
            r"|mann|frau|patientin|junge|mädchen|kind|säugling|uomo|donna|bambin[oa]|paziente|ragazz[oa]|man|vrouw",
            r"|jongen|meisje|patiënte?|homem|mulher|menin[oa]|criança|mężczyzna|kobieta|pacjentka?|chłopiec|dziewczynka)",
        )
    };
}

/// Numbers of years in words, in Spanish and French.
macro_rules! spelled {
    () => {
        concat!(
            r"(?:(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)(?: y (?:uno?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve))?",
            r"|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\p{L}+|veint\p{L}+",
            r"|(?:vingt|trente|quarante|cinquante|soixante|quatre-vingts?)(?:[ -](?:et[ -])?\p{L}+)?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize)",
        )
    };
}

/// Words for an age.
macro_rules! age {
    () => {
        concat!(
            r"(?:aged?|ages|âge|âgée?s?|edad|età|alter|alters von|alter von|idade|leeftijd|wiek|years_old|patient_age",
            r"|[ée]t[àa] di|im alter)[\x22'”)\]]{0,2}",
        )
    };
}

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "age_with_unit",
        after: 28,
        // Shapes that only ages have; the number alone is the finding: `[AGE_1]-year-old`.
        pattern: concat!(
            r"(?i)(?:(",
            count!(),
            r")(?:[ -]{0,2}(?:(?:years?|yrs?|months?|weeks?|days?|mos?|wks?)[ -]{1,2}old|y/?o|y\.o\.?|yrs? of age|(?:years|months) of age)",
            r"|[ -]?j[äa]hrige?[rsnm]?|[ -]?jarige?|[ -]?letni[a-ząęćłńóśźż]{0,3}|[ -]?lat(?:ek|kiem)",
            r"|[ ]{1,2}(?:jahren?|monate|wochen) alt|[ ]{1,2}(?:jaar|maanden) oud",
            r"|[ ]{1,2}ans et demi)|(",
            count!(),
            r"[ ]{1,2}(?:años|meses|anos|días)) de (?:edad|idade|vida))",
        ),
        validate: with_unit,
        check: "a whole number, and no part of a date",
        score: 0.7,
        examples: &[
            "a 47-year-old man",
            "This 74 year old female",
            "47 y/o, 47yo",
            "sie ist 47 Jahre alt",
            "ein 47-jähriger Mann",
            "der 47jährige",
            "a 6-week-old infant",
            "3 meses de edad",
        ],
        counter_examples: &[
            "for 5 years",
            "10 years ago",
            "a 5-year plan",
            "47 york",
            "version 1.2 years old",
            "300 years old",
        ],
        ..AGE
    },
    Recognizer {
        name: "age",
        before: 24,
        after: 24,
        pattern: concat!(
            r"(?i)(?:",
            // A person, or a word for ages, before the number.
            r"(?:",
            person!(),
            r"(?:[ ,]{1,2}(?:de|di|von|van|wieku))?|",
            age!(),
            r"|(?:just )?turn(?:ed|s|ing)|(?:i|he|she|who)(?:'s|’s|'m|’m| am| is| was)|(?:er|sie|ich) (?:ist|bin|war)|all'età di|wieku|lat)",
            r"[ ,:=]{1,3}(?:de |di |von |van |of )?",
            r"(",
            count!(),
            r"(?:[ ]{0,2}(?:años?|meses|mes|d[íi]as?|semanas|ans|mois|jours|semaines|jahren?|monaten?|wochen|tagen?",
            r"|anni|mesi|jaar|maanden|weken|anos|lat|lata|miesi[ęą]cy|years?|yrs?|months?|weeks?|a(?-u:\b)))?)",
            r"|\b(lat [0-9]{1,3})",
            r")",
        ),
        validate: age,
        check: "a human age",
        score: 0.7,
        examples: &[
            "aged 47",
            "Age: 47",
            "Edad: 57 años Sexo: M",
            "Edad:42",
            "Varón de 53 años",
            "un patient de 57 ans",
            "âgé de 57 ans",
            "una donna di 45 anni",
            "een man van 45 jaar",
            "paciente de 45 anos",
            "kobieta, lat 45",
            "w wieku 45 lat",
            "My brother just turned 53",
            "niña de 18 meses",
            "{\"age\":47}",
        ],
        counter_examples: &[
            "for 5 years",
            "10 years ago",
            "hace 10 años",
            "tratamiento de 3 años",
            "page: 47",
            "he is 100% sure",
            "he was 3 minutes late",
            "she is 2nd",
            "aged 300 years",
            "pendant 3 ans",
            "age=3600",
        ],
        ..AGE
    },
    Recognizer {
        name: "age_after_a_preposition",
        // `a los 22 años`, `à 7 ans`, `mit 12 Jahren`, `at age 7` tell when in a life it was.
        anchor: Anchor::Literals(&[
            " años", " ans", " jahre", " anni", " anos", " jaar", " lat ", " lat.",
        ]),
        before: 28,
        after: 2,
        pattern: concat!(
            r"(?i)(?:a los|à|mit|dès|los|aos|com|con|all['’]età di|(?:los|aos|à|mit) [0-9]{1,2} (?:y|e|et|und)",
            r"|il a|elle a|j['’]ai|avait|tiene|tenía|tengo|ha|ho|aveva|hij is|zij is|ze is|was|tem|tinha|tenho|ma|miała?",
            r"|er ist|sie ist|ich bin|war) ",
            r"([1-9][0-9]?[ ]{1,2}(?:años|ans|jahren?|anni|anos|jaar|lat))\b",
        ),
        validate: moment,
        check: "no duration",
        score: 0.6,
        examples: &[
            "menopausia a los 50 años",
            "opérée à 7 ans,",
            "mit 12 Jahren erkrankt",
            "elle a 47 ans.",
            "tiene 47 años",
            "hij is 47 jaar",
            "ma 47 lat.",
        ],
        counter_examples: &[
            "a los 3 años de la cirugía",
            "de 2 a 3 años",
            "en los 5 años siguientes",
            "con 5 años de evolución",
            "seguimiento a 5 años",
            "il a 3 ans d'expérience",
            "the format 5 lat 3",
        ],
        ..AGE
    },
    Recognizer {
        name: "age_in_words",
        anchor: Anchor::Literals(&[
            "years old",
            "year-old",
            "year old",
            " años",
            "jährig",
            " anni di",
            " ans ",
            "jahre alt",
        ]),
        before: 40,
        after: 8,
        pattern: concat!(
            r"(?i)(?:",
            "((?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?",
            "|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)[ -]years?[ -]old)",
            "|(?:",
            person!(),
            r"|edad|âgée?|di) (?:de )?(",
            spelled!(),
            r" (?:años|ans))",
            r"|de (",
            spelled!(),
            r" años) de (?:edad|vida)",
            r"|((?:\p{L}+und)?(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)(?:jährige?[rsnm]?| jahre alt))",
            r")",
        ),
        validate: whole_word,
        check: "a word of its own",
        score: 0.7,
        examples: &[
            "she is thirty-four years old",
            "Niña de tres años",
            "mujer de sesenta y tres años",
            "âgée de vingt-deux ans ",
            "eine vierundzwanzigjährige Frau",
            "de noventa y dos años de edad",
        ],
        counter_examples: &["three years ago", "hace tres años", "pendant deux ans "],
        ..AGE
    },
    Recognizer {
        name: "age_decade",
        anchor: Anchor::Literals(&["in his ", "in her ", "in their ", "in my "]),
        after: 24,
        pattern: concat!(
            r"(?i)\bin (?:his|her|their|my) (?:early |mid[- ]?|late )?",
            r"([1-9]0['’]?s|(?:twen|thir|for|fif|six|seven|eigh|nine)ties)\b",
        ),
        validate: whole_word,
        check: "a word of its own",
        score: 0.7,
        examples: &["a man in his 40s", "in her late nineties"],
        counter_examples: &["in the 1990s", "in his 40 years", "in my tests"],
        ..AGE
    },
    // As clinicians begin a note: `94F with COPD`.
    Recognizer {
        name: "age_and_sex",
        anchor: Anchor::Literals(&[
            "m with ",
            "f with ",
            "m w/",
            "f w/",
            "m p/w",
            "f p/w",
            "m who",
            "f who",
            "m s/p",
            "f s/p",
            "m h/o",
            "f h/o",
            "m present",
            "f present",
            "m admitted",
            "f admitted",
        ]),
        before: 16,
        after: 4,
        pattern: concat!(
            r"(?:^|[\n.:] ?|\b(?i:an?|is|this|pt|patient|cc) )(",
            count!(),
            r") ?[MF] (?:with|w/|p/w|who|s/p|h/o|present|admitted)",
        ),
        validate: |candidate| Verdict::plausible_if(!is_part_of_date(candidate)),
        check: "no part of a date",
        score: 0.65,
        examples: &[
            "94F with COPD",
            "HPI: 47M p/w chest pain",
            "This is a 63 F who fell",
        ],
        counter_examples: &["temp 98F with chills", "300M with"],
        ..AGE
    },
];

const AGE: Recognizer = Recognizer {
    kind: EntityKind::Age,
    anchor: Anchor::Digits(1),
    ..Recognizer::BASE
};

fn with_unit(candidate: &Candidate<'_>) -> Verdict {
    let unit = candidate.matched().strip_prefix(candidate.value());
    let rest = unit.and_then(|unit| candidate.after().strip_prefix(unit));
    let goes_on = rest.is_none_or(|rest| rest.starts_with(char::is_alphanumeric));
    let is_part = candidate.before().ends_with(char::is_alphanumeric) || is_part_of_date(candidate);
    Verdict::plausible_if(!goes_on && !is_part)
}

fn age(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let after = candidate.after();
    let is_bare = value.ends_with(|c: char| c.is_ascii_digit());
    let goes_on = after
        .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '_' | '°' | '/' | '-'))
        || after
            .strip_prefix(['.', ',', ':'])
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // `he is 47.` is an age, `he is 47 minutes late` is not.
    let is_of_pronoun = is_bare && ends_with_verb(candidate);
    let ends_phrase = after.is_empty()
        || after.starts_with([',', '.', ';', '!', '?', '\n', ')'])
        || after.starts_with(" and ");
    Verdict::plausible_if(
        whole_word(candidate) == Verdict::Plausible
            && candidate.stands_alone("_")
            && !goes_on
            && (!is_of_pronoun || ends_phrase)
            && !is_part_of_date(candidate),
    )
}

fn ends_with_verb(candidate: &Candidate<'_>) -> bool {
    let lead = candidate.matched();
    let lead = lead.strip_suffix(candidate.value()).unwrap_or(lead);
    let word = lead
        .trim_end()
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    ["is", "was", "am", "s", "m", "ist", "bin", "war"]
        .iter()
        .any(|verb| word.eq_ignore_ascii_case(verb))
}

fn is_part_of_date(candidate: &Candidate<'_>) -> bool {
    candidate.before().ends_with(['.', '/', '-', '$', '€', '£'])
}

/// `a los 3 años de la cirugía` counts from the operation, `de 2 a 3 años` is a range.
fn moment(candidate: &Candidate<'_>) -> Verdict {
    let after = candidate.after().trim_start();
    let is_of_something = [
        "de ", "del ", "d'", "d’", "erfahr", "desp", "après", "nach", "dopo", "di ", "sig", "ant",
        "post",
    ];
    let is_duration =
        is_of_something.iter().any(|word| after.starts_with(word)) && !after.starts_with("de edad");
    let follows_word = candidate
        .text_before_match()
        .ends_with(char::is_alphanumeric);
    Verdict::plausible_if(!is_duration && !follows_word)
}

/// Not the end of a longer word.
fn whole_word(candidate: &Candidate<'_>) -> Verdict {
    Verdict::plausible_if(
        !candidate
            .text_before_match()
            .ends_with(char::is_alphanumeric),
    )
}
