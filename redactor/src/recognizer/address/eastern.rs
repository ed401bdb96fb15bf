//! Streets of Eastern Europe, Turkey and South-East Asia, whose kind stands as a word of its own:
//! `ул. Ленина, д. 5`, `Str. Victoriei nr. 10`, `Atatürk Cad. No: 12`, `Jl. Sudirman No. 1`.

use super::{ADDRESS, Anchor, Candidate, Recognizer, fragments, settled, stands_free};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "address_cyrillic",
        // Without the first letters, which may be capitals.
        anchor: Anchor::Literals(&[
            "л.",
            "лиц",
            "р-т",
            "росп",
            "ер.",
            "ереул",
            "аб.",
            "ульвар",
            "оссе",
            "лощад",
        ]),
        before: 6,
        after: 120,
        pattern: concat!(
            r"(?:[Уу]л\.|[Уу]лиц[аеы]|[Вв]ул\.|[Вв]улиц[яі]|[Пп]р-т|[Пп]росп\.|[Пп]роспект[е]?|[Пп]ер\.|[Пп]ереулок|[Нн]аб\.",
            r"|[Бб]ул\.|[Бб]ульвар|[Шш]оссе|[Пп]лощадь|[Пп]л\.) ?",
            r"(?:[0-9]{1,2}(?:-[а-я]{1,2})? )?[А-ЯЁІЇЄҐ][А-Яа-яЁёІіЇїЄєҐґ.’'-]*(?: [А-ЯЁІЇЄҐ]?[А-Яа-яЁёІіЇїЄєҐґ.’'-]+){0,3}?",
            r",? (?:(?:д|дом|буд|бл|№)\.? ?)?[0-9]{1,4}[А-Яа-я]?(?:[/-][0-9]{1,4})?",
            r"(?:,? ?(?:корп|к|стр|кв|оф|офис|под|эт|вх|ап)\.? ?[0-9]{1,4}[А-Яа-я]?){0,4}",
            r"(?:,? (?:г\. ?|гр\. ?|м\. ?)?[А-ЯЁІЇЄҐ][А-Яа-яЁёІіЇїЄєҐґ-]+(?: [А-ЯЁІЇЄҐ][А-Яа-яЁёІіЇїЄєҐґ-]+)?,? [0-9]{5,6})?",
        ),
        validate,
        check: "a number of its own",
        score: 0.8,
        examples: &[
            "живёт на ул. Ленина, д. 5, кв. 12, Москва 101000",
            "вул. Хрещатик, 22",
            "проспект Мира 7/2",
            "бул. Витоша 15, ап. 3",
            "Ул. Ленина 5",
        ],
        counter_examples: &["улица была пуста", "площадь 5 кв. м", "ул. Ленина"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_romanian",
        anchor: Anchor::Literals(&[
            "str.",
            "strada ",
            "bd.",
            "b-dul",
            "bulevardul ",
            "calea ",
            "aleea ",
            "șos.",
            "sos.",
            "șoseaua ",
        ]),
        before: 1,
        after: 120,
        pattern: concat!(
            r"\b(?:[Ss]tr\.|[Ss]trada|[Bb]d\.|[Bb]-dul|[Bb]ulevardul|[Cc]alea|[Aa]leea|[Șș]os\.|[Ss]os\.|[Șș]oseaua) ?",
            fragments::street_name!(),
            r",? (?:[Nn]r\.? ?|[Nn]um[ăa]rul )[0-9]{1,4}[A-Za-z]?",
            r"(?:,? ?(?:bl|sc|et|ap|sector|sect)\.? ?[0-9A-Za-z]{1,4}){0,5}",
            r"(?:,? ",
            fragments::city!(),
            r"(?:,? [0-9]{6}\b)?)?",
        ),
        validate,
        check: "a number of its own",
        score: 0.8,
        examples: &[
            "Str. Victoriei nr. 10, București 010061",
            "Calea Moșilor nr. 12, bl. A3, sc. 2, ap. 14",
        ],
        counter_examples: &["str.len() nr. 10", "Str. Victoriei"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_turkish",
        anchor: Anchor::Literals(&[
            "cad.", "cadde", "sok.", "sokak", "sokağı", "sk.", "mah.", "mahalle", "bulvar", "blv.",
        ]),
        before: 56,
        after: 96,
        pattern: concat!(
            r"(?:",
            fragments::capitalized!(),
            r" ){1,3}(?:Mah\.|Mahallesi|Cad\.|Caddesi|Cd\.|Sok\.|Sokak|Sokağı|Sk\.|Bulvarı|Blv\.)",
            r"(?:,? (?:",
            fragments::capitalized!(),
            r" |[0-9]{1,5}\.? ){1,3}(?:Cad\.|Caddesi|Cd\.|Sok\.|Sokak|Sokağı|Sk\.|Bulvarı|Blv\.)){0,2}",
            r",? (?:[Nn]o ?[:.]? ?)?[0-9]{1,4}(?:/[0-9A-Z]{1,4})?(?:,? ?(?:[Dd]aire|D|[Kk]at|K) ?[:.] ?[0-9]{1,3}){0,2}",
            r"(?:,? [0-9]{5})?(?:,? ",
            fragments::city!(),
            r"(?:/",
            fragments::city!(),
            r")?)?",
        ),
        validate,
        check: "a number of its own",
        score: 0.8,
        examples: &[
            "Atatürk Cad. No: 12 D: 5, 34000 İstanbul",
            "Bahçelievler Mah. Gül Sokak No:7/3",
        ],
        counter_examples: &["Cad. 12", "Atatürk Cad. uzun"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_greek",
        anchor: Anchor::Literals(&["οδός", "Οδός", "οδού", "λεωφ", "Λεωφ", "πλατεία", "Πλατεία"]),
        after: 96,
        pattern: concat!(
            r"(?:[Οο]δ(?:ός|ού)|[Λλ]εωφ(?:όρος|όρου|\.)|[Ππ]λατεία) ",
            r"(?:",
            fragments::capitalized!(),
            r" ){1,3}[0-9]{1,4}[Α-Ωα-ωA-Za-z]?\b(?:,? [0-9]{3} ?[0-9]{2}(?:,? ",
            fragments::city!(),
            r")?)?",
        ),
        validate,
        check: "a number of its own",
        score: 0.8,
        examples: &["Οδός Ερμού 12, 105 63 Αθήνα", "Λεωφόρος Κηφισίας 44"],
        counter_examples: &["Οδός 12", "η οδός ήταν"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_malay",
        anchor: Anchor::Literals(&["jl.", "jln.", "jalan ", "lorong "]),
        before: 12,
        after: 96,
        pattern: concat!(
            r"\b(?:[Nn]o\.? ?[0-9]{1,4}[A-Z]?,? )?(?:[Jj]l\.|[Jj]ln\.|[Jj]alan|[Ll]orong) ?",
            r"(?:",
            fragments::capitalized!(),
            r"|[0-9]{1,2}/[0-9]{1,3}[A-Z]?)(?: ",
            fragments::capitalized!(),
            r"){0,3}?(?: (?:[Nn]o\.? ?|[Kk]av\. ?)?[0-9]{1,4}[A-Z]?)?(?:,? [Rr][Tt]\.? ?[0-9]{1,3}/[Rr][Ww]\.? ?[0-9]{1,3})?",
            r"(?:, ",
            fragments::city!(),
            r"){0,3}(?:,? [0-9]{5}\b(?: ",
            fragments::city!(),
            r")?)?",
        ),
        validate: |candidate| {
            let has_number = candidate.value().contains(|c: char| c.is_ascii_digit());
            settled(candidate, has_number && stands_free(candidate))
        },
        check: "a number",
        score: 0.75,
        examples: &[
            "Jl. Sudirman No. 1, Jakarta 10220",
            "No. 12, Jalan Ampang, 50450 Kuala Lumpur",
        ],
        counter_examples: &["Jalan itu panjang", "Jl. Sudirman"],
        ..ADDRESS
    },
    Recognizer {
        name: "address_vietnamese",
        anchor: Anchor::Literals(&["phường", "quận", "huyện", "đường", "p. ", "q. ", "tp."]),
        before: 64,
        after: 48,
        pattern: concat!(
            r"\b[0-9]{1,4}[A-Z]?(?:/[0-9]{1,4}){0,3} (?:đường |phố )?(?:",
            fragments::capitalized!(),
            r",? ){1,5}(?:(?:[Pp]hường|P\.|[Qq]uận|Q\.|[Hh]uyện|TP\.?) ?(?:[0-9]{1,2}|(?:",
            fragments::capitalized!(),
            r" ?){1,4})(?:, )?){1,3}",
        ),
        validate,
        check: "a number of its own",
        score: 0.75,
        examples: &[
            "123 Nguyễn Huệ, Quận 1, TP.HCM",
            "45/6 đường Lê Lợi, Phường Bến Nghé, Quận 1",
        ],
        counter_examples: &["Quận 1 rất đông", "12 quận của thành phố"],
        ..ADDRESS
    },
];

fn validate(candidate: &Candidate<'_>) -> super::Verdict {
    settled(candidate, stands_free(candidate))
}
