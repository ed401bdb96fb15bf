//! Dates whose year is spelled out, as in deeds and dictated letters: `quinze septembre mille neuf
//! cent soixante-cinq`, `the third of May two thousand and nineteen`.

use super::{Anchor, DATE, Recognizer, Verdict, months};

/// A word of a number under a hundred, or between two of them.
macro_rules! number {
    () => {
        concat!(
            r"(?:and|et|y|e|hundred|cents?|oh",
            r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)",
            r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)",
            r"|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize",
            r"|vingts?|trente|quarante|cinquante|soixante",
            r"|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\p{L}+|veint\p{L}+",
            r"|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa",
            r"|um|dois|três|quatro|sete|oito|nove|dez|onze|doze|treze|quinze|dez\p{L}+|vinte|trinta|quarenta",
            r"|cinquenta|sessenta|oitenta)",
        )
    };
}

/// A day of the month as an ordinal: `third`, `twenty-first`, `premier`, `zwanzigsten`.
macro_rules! ordinal {
    () => {
        concat!(
            r"(?:(?:(?:twenty|thirty)[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)",
            r"|(?:ten|eleven|twelf|(?:thir|four|fif|six|seven|eigh|nine)teen|twentie|thirtie)th",
            r"|premier|primero?|primeiro|[a-zß-ü]{3,20}(?:sten|ten|ste))",
        )
    };
}

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "date_spelled_year",
        anchor: Anchor::Literals(&[
            "two thousand",
            "nineteen ",
            "twenty ",
            "deux mil",
            "mille neuf",
            "dos mil",
            "mil novecientos",
            "dois mil",
            "mil novecentos",
            "duemila",
            "millenovecento",
            "zweitausend",
            "neunzehnhundert",
            "tweeduizend",
            "negentienhonderd",
        ]),
        before: 64,
        after: 64,
        pattern: concat!(
            r"(?i)\b(?:",
            months::weekday!(),
            r",? )?(?:[0-9]{1,2}(?:st|nd|rd|th|er|º|\.)?|",
            number!(),
            r"(?:[ -](?:et )?",
            number!(),
            r")?|",
            ordinal!(),
            r") (?:of |de |d[ei]l )?",
            months::month!(),
            r",?(?: (?:of |de |d[ei]l |in the year |de l'an |del año ))?[ ]?",
            r"(?:two thousand|nineteen|twenty|deux mille?|mille? neuf|dos mil|mil novecientos|dois mil|mil novecentos",
            r"|duemila\p{L}*|millenovecento\p{L}*|zweitausend\p{L}*|neunzehnhundert\p{L}*|tweeduizend\p{L}*|negentienhonderd\p{L}*)",
            r"(?:[ -](?:",
            number!(),
            r"))*(?-u:\b)",
        ),
        score: 0.85,
        examples: &[
            "né le quinze septembre mille neuf cent soixante-cinq.",
            "Jeudi dix-sept Octobre deux mille dix huit",
            "the third of May two thousand and nineteen",
            "quince de marzo de dos mil diecinueve",
        ],
        counter_examples: &[
            "two thousand marching people",
            "deux mille dix huit euros",
            "twenty of them may leave",
        ],
        ..DATE
    },
    Recognizer {
        name: "date_spelled_day",
        anchor: Anchor::Literals(&[
            "vingt", "trente", "quinze", "seize", "treize", "douze", "onze",
        ]),
        before: 16,
        after: 32,
        pattern: concat!(
            r"(?i)\b(?:(?:vingt|trente|dix)(?:[ -](?:et[ -])?(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf))?",
            r"|onze|douze|treize|quatorze|quinze|seize) ",
            r"(?:",
            months::month!(),
            r"|0[1-9]|1[0-2]) (?:[12][0-9]{3}|[0-9]{2})\b",
        ),
        score: 0.8,
        examples: &[
            "réalisée le vingt mars 20",
            "vingt-six mai 1998",
            "vingt-six 05 1998",
        ],
        counter_examples: &["vingt marches 20", "vingt personnes"],
        ..DATE
    },
    Recognizer {
        name: "date_spelled_ordinal",
        anchor: Anchor::Literals(&[
            "of january",
            "of february",
            "of march",
            "of april",
            "of may",
            "of june",
            "of july",
            "of august",
            "of september",
            "of october",
            "of november",
            "of december",
            "primero de ",
            "primeiro de ",
            "premier ",
            "ersten ",
        ]),
        before: 28,
        after: 28,
        pattern: concat!(
            r"(?i)\b",
            ordinal!(),
            r" (?:of |de )?",
            months::month!(),
            r"(?:,? (?:of |de |del )?[12][0-9]{3})?(?-u:\b)",
        ),
        validate: |candidate| Verdict::plausible_if(candidate.stands_alone("_")),
        check: "a word of its own",
        score: 0.7,
        examples: &[
            "on the first of June",
            "the twenty-second of March, 1967",
            "el primero de enero de 2020",
            "am ersten Mai",
        ],
        counter_examples: &["the end of June", "le premier marché", "primero de todo"],
        ..DATE
    },
];
