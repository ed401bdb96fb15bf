//! The recognizers: what each looks for, and how sure it is.
//!
//! A [`Recognizer`] is one table row. To add one, write the row in a file of this folder with
//! examples and counter-examples, and list it in [`builtin`]; the tests here run both for all rows.
//!
//! A row costs nothing on text without its [`Anchor`]. Around an anchor its pattern runs once, in
//! time linear in the text; the validator then sees every candidate, and a candidate whose score
//! stays below [`THRESHOLD`] is dropped.

mod address;
mod age;
mod api_key;
mod assignment;
mod bic;
mod boxed;
mod candidate;
mod client_id;
mod command_line;
pub(crate) mod context;
mod cookie;
mod crypto;
mod date;
mod docket;
mod email;
mod form_field;
mod gs1;
mod hl7;
mod iban;
pub(crate) mod identifier;
mod ip;
mod jwt;
mod mac;
mod mrz;
mod naming;
mod password;
mod password_hash;
mod payment_card;
mod phone;
mod plate_script;
mod private_key;
mod randomness;
mod secret_label;
mod short_code;
mod stand_in;
mod table;
mod tenant_host;
mod unnamed;
mod url;
mod url_credentials;
mod username;
mod vendor_name;

pub(crate) use candidate::Candidate;

use crate::EntityKind;

/// Candidates below this score are dropped.
pub(crate) const THRESHOLD: f32 = 0.5;
/// What a context word beside a candidate adds to its score.
pub(crate) const CONTEXT_BONUS: f32 = 0.35;
/// The score of a candidate that its validator calls certain.
pub(crate) const CERTAIN: f32 = 0.95;

/// One way to find one kind of entity.
#[derive(Debug, Clone)]
pub(crate) struct Recognizer {
    /// Unique, snake case.
    pub(crate) name: &'static str,
    pub(crate) kind: EntityKind,
    /// What must be in the text for the pattern to be tried at all.
    pub(crate) anchor: Anchor,
    /// How many bytes a match may begin before its anchor.
    pub(crate) before: usize,
    /// How many bytes a match may go on after its anchor; extended to the end of the token.
    pub(crate) after: usize,
    /// In the syntax of the `regex` crate; `\b` is the ASCII word boundary. The first group that
    /// takes part in a match narrows the finding to itself.
    pub(crate) pattern: &'static str,
    pub(crate) validate: fn(&Candidate<'_>) -> Verdict,
    /// Words (lower case) that raise the score when they stand shortly before the candidate, on
    /// its line, or in the label of the text.
    pub(crate) context: &'static [&'static str],
    /// ISO 3166-1 alpha-2 codes of the countries it is for; empty: any.
    pub(crate) countries: &'static [&'static str],
    /// What `validate` checks, in words for people; empty: nothing.
    pub(crate) check: &'static str,
    /// Score without context. Below [`THRESHOLD`], context is required.
    pub(crate) score: f32,
    /// Texts in which this recognizer finds something.
    pub(crate) examples: &'static [&'static str],
    /// Texts in which it finds nothing.
    pub(crate) counter_examples: &'static [&'static str],
}

impl Recognizer {
    /// What a row leaves out: any match is plausible, and no context raises it.
    const BASE: Self = Self {
        name: "",
        kind: EntityKind::OtherId,
        anchor: Anchor::Literals(&[]),
        before: 0,
        after: 256,
        pattern: "",
        validate: |_| Verdict::Plausible,
        context: &[],
        countries: &[],
        check: "",
        score: 0.6,
        examples: &[],
        counter_examples: &[],
    };
}

/// What must be present before a pattern is tried.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Anchor<Literals = &'static [&'static str]> {
    /// One of these strings, whatever its ASCII case.
    Literals(Literals),
    /// A run with at least this many ASCII digits, which punctuation and spaces may interrupt.
    Digits(usize),
    /// An unbroken run of at least this many (16 or more) letters, digits, `+`, `/`, `_` and `-`.
    Token(usize),
    /// One of these strings in the label of the text. The pattern then runs over the whole text.
    Label(&'static [&'static str]),
    /// Nothing: the pattern runs over every text.
    Nothing,
}

/// What a validator says about a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is something else.
    Reject,
    /// It may be; the row's score and the context decide.
    Plausible,
    /// A check digit or an unmistakable format says so.
    Certain,
    /// Certain, and it goes on to this byte of the text.
    CertainUntil(usize),
}

impl Verdict {
    /// `Certain` if the check holds, else `Reject`.
    const fn certain_if(check: bool) -> Self {
        if check { Self::Certain } else { Self::Reject }
    }

    /// `Plausible` if the check holds, else `Reject`.
    pub(crate) const fn plausible_if(check: bool) -> Self {
        if check { Self::Plausible } else { Self::Reject }
    }
}

/// Every built-in recognizer.
pub(crate) fn builtin() -> Vec<Recognizer> {
    [
        email::RECOGNIZERS,
        phone::RECOGNIZERS,
        payment_card::RECOGNIZERS,
        iban::RECOGNIZERS,
        bic::RECOGNIZERS,
        boxed::RECOGNIZERS,
        mrz::RECOGNIZERS,
        ip::RECOGNIZERS,
        mac::RECOGNIZERS,
        url::RECOGNIZERS,
        username::RECOGNIZERS,
        crypto::RECOGNIZERS,
        url_credentials::RECOGNIZERS,
        api_key::RECOGNIZERS,
        jwt::RECOGNIZERS,
        private_key::RECOGNIZERS,
        password::RECOGNIZERS,
        password_hash::RECOGNIZERS,
        command_line::RECOGNIZERS,
        secret_label::RECOGNIZERS,
        short_code::RECOGNIZERS,
        cookie::RECOGNIZERS,
        assignment::RECOGNIZERS,
        vendor_name::RECOGNIZERS,
        unnamed::RECOGNIZERS,
        age::RECOGNIZERS,
        address::ENGLISH,
        address::GERMANIC,
        address::FRENCH,
        address::ROMANCE,
        address::POST_BOX,
        address::SLAVIC,
        address::EASTERN,
        address::EAST_ASIAN,
        address::MILITARY,
        address::UNIT,
        address::POSTAL_CODE,
        address::LABELLED,
        form_field::RECOGNIZERS,
        hl7::RECOGNIZERS,
        gs1::RECOGNIZERS,
        docket::RECOGNIZERS,
        plate_script::RECOGNIZERS,
        date::NUMERIC,
        date::NAMED,
        date::COMPACT,
        date::SPELLED,
        date::HOLIDAY,
        date::YEAR,
        date::WEEKDAY,
        tenant_host::RECOGNIZERS,
        client_id::RECOGNIZERS,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::Detector;

    /// Whether this recognizer alone finds something. A label stands before ` <- `.
    fn finds(detector: &Detector, case: &str) -> bool {
        let (label, text) = match case.split_once(" <- ") {
            Some((label, text)) => (Some(label), text),
            None => (None, case),
        };
        !detector.detect(text, label).is_empty()
    }

    #[test]
    fn every_recognizer_finds_its_examples_and_not_its_counter_examples() {
        let mut wrong = Vec::new();
        for row in builtin() {
            let detector = Detector::compile(vec![row.clone()], Vec::new());
            let finds = |case: &&&str| finds(&detector, case);
            let missed = row.examples.iter().filter(|case| !finds(case));
            wrong.extend(missed.map(|case| format!("{} missed {case:?}", row.name)));
            let taken = row.counter_examples.iter().filter(finds);
            wrong.extend(taken.map(|case| format!("{} took {case:?}", row.name)));
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_recognizer_has_a_name_of_its_own_and_both_sorts_of_examples() {
        let mut names = HashSet::new();
        for recognizer in builtin() {
            let name = recognizer.name;
            assert!(names.insert(name), "{name}: name used twice");
            assert!(!recognizer.examples.is_empty(), "{name}: no examples");
            assert!(
                !recognizer.counter_examples.is_empty(),
                "{name}: no counter-examples"
            );
        }
    }

    #[test]
    fn no_pattern_matches_the_empty_string() {
        for recognizer in builtin() {
            let pattern = regex::Regex::new(recognizer.pattern).unwrap();
            assert!(!pattern.is_match(""), "{}", recognizer.name);
        }
    }
}
