//! Holidays of a certain year: `Christmas Eve 2018`, `Easter Sunday, 2021`, `Silvester 2019`.
//!
//! A holiday without its year says next to nothing about anybody, and is left.

use super::{Anchor, DATE, Recognizer};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "date_holiday",
    anchor: Anchor::Digits(4),
    before: 32,
    after: 2,
    pattern: concat!(
        r"(?i)\b(?:christmas(?: eve| day)?|boxing day|new year['’]?s?(?: eve| day)?|easter(?: sunday| monday)?",
        r"|good friday|ash wednesday|thanksgiving(?: day)?|halloween|labou?r day|memorial day|veterans day",
        r"|independence day|columbus day|presidents['’]? day|valentine['’]?s day|(?:mother|father)['’]?s day|passover|hanukkah",
        r"|yom kippur|ramadan|eid(?: al-fitr| al-adha)?|diwali|heiligabend|weihnachten|silvester|neujahr|ostern|oster(?:sonntag|montag)",
        r"|pfingsten|noël|pâques|pentecôte|la toussaint|navidad|nochebuena|nochevieja|semana santa|natale|pasqua|ferragosto",
        r"|kerstmis|pasen|pinksteren|natal|páscoa|carnaval|wielkanoc|boże narodzenie)",
        r",? (?:of |de |del )?(?:19|20)[0-9]{2}\b",
    ),
    score: 0.7,
    examples: &[
        "fell on Christmas Eve 2018",
        "Easter Sunday, 2021",
        "an Silvester 2019",
        "en la Navidad de 2020",
    ],
    counter_examples: &["Christmas Eve", "Labor Day sales", "easter 1812"],
    ..DATE
}];
