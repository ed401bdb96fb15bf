//! Streets of Poland, the Czech Republic and their neighbours: `ul. Lubartowska 42/7`.

use super::{ADDRESS, Anchor, Candidate, Recognizer, fragments, settled, stands_free};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "address_slavic",
    anchor: Anchor::Literals(&[
        "ul.", "al.", "os.", "pl.", "ulica", "aleja", "nám.", "ulice", "plac ",
    ]),
    before: 8,
    after: 72,
    pattern: concat!(
        r"(?:\b[0-9]{1,6} )?\b(?:(?:ul|al|os|pl|nám)\.|[Uu]lica|[Aa]leja|[Uu]lice|[Pp]lac) ?",
        r"(?:(?:",
        fragments::capitalized!(),
        r"|[0-9]{1,2}|i|ks\.|gen\.|św\.) ){1,4}[0-9]{1,4}[A-Za-z]?(?:/[0-9]{1,4}[A-Za-z]?)?",
        r"(?: ?m\. ?[0-9]{1,4})?",
        fragments::place!(),
    ),
    validate: |candidate: &Candidate<'_>| settled(candidate, stands_free(candidate)),
    check: "a number of its own",
    score: 0.75,
    examples: &[
        "mieszka przy ul. Lubartowskiej 42/7, 20-085 Lublin",
        "os. Tysiąclecia 12 m. 4",
        "al. Jana Pawła II 15",
    ],
    counter_examples: &["et al. 2015", "ul. Long", "os.path 5"],
    ..ADDRESS
}];
