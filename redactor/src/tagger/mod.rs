//! The learned tagger: names, places, organisations and what else patterns can't see.
//!
//! Whoever runs the model implements [`EntityTagger`]; this module makes spans of its
//! probabilities, and joins them with what the patterns found.
//!
//! Guarantees: spans are in bytes of the text, on character boundaries, in order, apart; the same
//! probabilities give the same spans; nothing that a pattern found is lost or shortened by what the
//! tagger says.

#[cfg(feature = "tagger")]
pub mod embedded;
mod spans;
mod thresholds;

use std::{error, fmt, ops::Range};

use crate::{
    EntityKind, Finding,
    finding::{overlapping, resolve},
    propagate::is_everyday,
};

pub use thresholds::TagThresholds;

/// Gives every token of a text the probability of each label.
pub trait EntityTagger: fmt::Debug + Send + Sync {
    /// The tokens of each text, in order.
    ///
    /// # Errors
    /// The model could not be run; the texts must then count as not looked through.
    fn tag(&self, texts: &[&str]) -> Result<Vec<Vec<TaggedToken>>, TaggingError>;
}

/// Why the tagger gave no answer.
#[derive(Debug, thiserror::Error)]
#[error("the tagger failed")]
pub struct TaggingError(#[from] Box<dyn error::Error + Send + Sync>);

/// A token with its probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedToken {
    /// Bytes of the text.
    pub bytes: Range<usize>,
    /// From 0 to 1, in the order of [`Label::ALL`]. A token may well have several labels.
    pub probabilities: [f32; Label::ALL.len()],
}

/// What the tagger knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// A name of a person.
    Person,
    /// A place.
    Location,
    /// A street or a postal code.
    Address,
    /// An organisation.
    Org,
    /// A date.
    Date,
    /// An age.
    Age,
    /// A user name.
    Username,
    /// A profession, nationality, religion, family status. No finding: it tells of the text.
    Demographic,
    /// A disease or a symptom. No finding: it tells of the text.
    Health,
}

impl Label {
    /// Every label, in order.
    pub const ALL: [Self; 9] = [
        Self::Person,
        Self::Location,
        Self::Address,
        Self::Org,
        Self::Date,
        Self::Age,
        Self::Username,
        Self::Demographic,
        Self::Health,
    ];

    /// The name in upper snake case, as models call it: that of its kind, if it has one.
    pub const fn name(self) -> &'static str {
        match self.kind() {
            Some(kind) => kind.name(),
            None if matches!(self, Self::Health) => "HEALTH",
            None => "DEMOGRAPHIC",
        }
    }

    /// The kind of a finding, for labels that are one.
    pub const fn kind(self) -> Option<EntityKind> {
        match self {
            Self::Person => Some(EntityKind::Person),
            Self::Location => Some(EntityKind::Location),
            Self::Address => Some(EntityKind::Address),
            Self::Org => Some(EntityKind::Org),
            Self::Date => Some(EntityKind::Date),
            Self::Age => Some(EntityKind::Age),
            Self::Username => Some(EntityKind::Username),
            Self::Demographic | Self::Health => None,
        }
    }
}

/// What the tagger says of one text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tagged {
    /// What may be redacted, in order, apart.
    pub findings: Vec<Finding>,
    /// How many professions, nationalities and the like the text names.
    pub demographic: u32,
    /// How many diseases and symptoms the text names.
    pub health: u32,
}

/// Makes spans of the tokens of `text`.
///
/// A finding's score is half its highest probability: a pattern, which counts from 0.5 on and has
/// read the characters, names what both found. What may be a person is one, unless something else is
/// four times as likely.
pub fn read(text: &str, tokens: &[TaggedToken], thresholds: &TagThresholds) -> Tagged {
    let words = spans::words(text, tokens);
    let of_label = |label| spans::of_label(text, &words, label, thresholds.of(label));
    let count = |label| u32::try_from(of_label(label).len()).unwrap_or(u32::MAX);
    let mut findings = Vec::new();
    for label in Label::ALL {
        let Some(kind) = label.kind() else { continue };
        findings.extend(of_label(label).into_iter().map(|span| Finding {
            span: span.bytes,
            kind,
            score: span.probability / 2.0 * preference(kind),
            recognizer: TAGGER.into(),
        }));
    }
    let mut findings = resolve(findings);
    for finding in &mut findings {
        finding.score /= preference(finding.kind);
    }
    Tagged {
        findings,
        demographic: count(Label::Demographic),
        health: count(Label::Health),
    }
}

/// How much dearer a kind is to mistake for another one.
fn preference(kind: EntityKind) -> f32 {
    if kind == EntityKind::Person { 4.0 } else { 1.0 }
}

/// Adds what the tagger found to what the patterns found in the same text, both in order and apart.
///
/// What is rather unlikely does not widen what a pattern found: where there is a number with a name
/// of its own, the tagger may well have taken it for something else.
pub fn merge(found: Vec<Finding>, tagged: &[Finding]) -> Vec<Finding> {
    if tagged.is_empty() {
        return found;
    }
    let stands_alone = |tag: &Finding| overlapping(&found, &tag.span).next().is_none();
    let counts = |tag: &&Finding| !is_guess(tag) || stands_alone(tag);
    let mut all: Vec<Finding> = tagged.iter().filter(counts).cloned().collect();
    all.extend(found);
    resolve(all)
}

/// True for a finding of the tagger's that is rather not what it was taken for. It is redacted where it
/// stands; nothing is made of it for other places.
pub fn is_guess(finding: &Finding) -> bool {
    finding.score < LIKELY && finding.recognizer == TAGGER
}

/// True for a finding of the tagger's where the same letters elsewhere may well be something else: a
/// guess, or a word of every day (`Will`, `Target`, `March`).
pub(crate) fn is_of_this_place(finding: &Finding, value: &str) -> bool {
    finding.recognizer == TAGGER && (is_guess(finding) || is_everyday(finding.kind, value))
}

/// The score of what is as likely as not.
const LIKELY: f32 = 0.25;

/// False for a finding of the tagger's that is less likely than the thresholds demand.
pub fn counts(finding: &Finding, thresholds: &TagThresholds) -> bool {
    let is_mine = |label: &Label| label.kind() == Some(finding.kind);
    match Label::ALL.into_iter().find(is_mine) {
        Some(label) if finding.recognizer == TAGGER => finding.score * 2.0 >= thresholds.of(label),
        _ => true,
    }
}

/// The recognizer of the tagger's findings.
pub const TAGGER: &str = "tagger";

#[cfg(test)]
mod tests {
    use super::*;

    /// A token for each word of `text`, likely to be what its mark says: `Ann|PERSON`.
    fn marked(marked: &str) -> (String, Vec<TaggedToken>) {
        let (mut text, mut tokens) = (String::new(), Vec::new());
        for word in marked.split_inclusive([' ', '\n']) {
            let (word, rest) = word.split_at(word.trim_end().len());
            let (word, label) = word.split_once('|').unwrap_or((word, ""));
            let mut probabilities = [0.01; Label::ALL.len()];
            for (label_of, probability) in Label::ALL.iter().zip(&mut probabilities) {
                if label_of.name() == label {
                    *probability = 0.9;
                }
            }
            tokens.push(TaggedToken {
                bytes: text.len()..text.len() + word.len(),
                probabilities,
            });
            text.push_str(word);
            text.push_str(rest);
        }
        (text, tokens)
    }

    fn found(marks: &str) -> (Vec<(EntityKind, String)>, u32) {
        let (text, tokens) = marked(marks);
        let tagged = read(&text, &tokens, &TagThresholds::default());
        let findings = tagged.findings.into_iter();
        let of = |finding: Finding| (finding.kind, text.get(finding.span).unwrap().to_owned());
        (findings.map(of).collect(), tagged.health)
    }

    #[test]
    fn neighbouring_words_of_a_label_are_one_finding() {
        let (findings, _) = found("Ask Ann|PERSON Lee|PERSON of Acme|ORG in Bern|LOCATION now");
        let expected = [
            (EntityKind::Person, "Ann Lee".to_owned()),
            (EntityKind::Org, "Acme".to_owned()),
            (EntityKind::Location, "Bern".to_owned()),
        ];
        assert_eq!(findings, expected);
    }

    #[test]
    fn a_courtesy_title_belongs_to_the_name() {
        let names = |marks| found(marks).0.into_iter().map(|(_, name)| name);
        assert!(names("Dear Ms Doe|PERSON and Mrs. Roe|PERSON").eq(["Ms Doe", "Mrs. Roe"]));
        assert!(names("items Roe|PERSON").eq(["Roe"]));
    }

    #[test]
    fn names_on_lines_of_their_own_are_apart() {
        let (findings, _) = found("Ann|PERSON\nBob|PERSON");
        assert_eq!(findings.len(), 2);
    }

    #[test]
    fn health_is_counted_and_not_redacted() {
        assert_eq!(found("with diabetes|HEALTH since May"), (Vec::new(), 1));
    }

    #[test]
    fn what_may_be_a_person_is_one() {
        let (text, mut tokens) = marked("ask Jordan|LOCATION");
        let kind = |tokens: &[TaggedToken]| {
            let tagged = read(&text, tokens, &TagThresholds::default());
            tagged.findings.first().map(|finding| finding.kind)
        };
        assert_eq!(kind(&tokens), Some(EntityKind::Location));
        tokens[1].probabilities[Label::Person as usize] = 0.5;
        assert_eq!(kind(&tokens), Some(EntityKind::Person));
    }

    #[test]
    fn a_guess_does_not_widen_what_a_pattern_found() {
        let finding = |span, score, recognizer: &'static str| Finding {
            span,
            kind: EntityKind::Address,
            score,
            recognizer: recognizer.into(),
        };
        let pattern = finding(4..8, 0.6, "test");
        let merge = |guess| merge(vec![pattern.clone()], &[guess]);
        assert_eq!(merge(finding(0..8, 0.2, TAGGER)), vec![pattern.clone()]);
        assert_eq!(merge(finding(0..8, 0.3, TAGGER))[0].span, 0..8);
        assert_eq!(merge(finding(0..3, 0.2, TAGGER)).len(), 2);
    }

    #[test]
    fn a_pattern_names_what_both_found_and_all_of_it_is_covered() {
        let (text, tokens) = marked("id Ann|PERSON 12345678|PERSON");
        let tagged = read(&text, &tokens, &TagThresholds::default());
        let pattern = Finding {
            span: 7..15,
            kind: EntityKind::NationalId,
            score: 0.5,
            recognizer: "test".into(),
        };
        let merged = merge(vec![pattern], &tagged.findings);
        let got: Vec<_> = merged.iter().map(|f| (f.kind, f.span.clone())).collect();
        assert_eq!(got, [(EntityKind::NationalId, 3..15)]);
    }
}
