//! What a detector looks for, for people: listings, documentation, and whether examples hold.

use super::{Compiled, Matcher, Validator, compiled::Row};
use crate::{
    Detector, EntityKind,
    recognizer::identifier::{Form, Identifier},
};

/// A rule as people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Description<'d> {
    /// Its name, as findings carry it.
    pub name: &'d str,
    /// What it finds.
    pub kind: EntityKind,
    /// Who wrote it.
    pub origin: Origin,
    /// ISO 3166-1 alpha-2 codes of the countries it is for; empty: any.
    pub countries: Vec<&'d str>,
    /// The languages it is for, as its author wrote them; empty: any.
    pub languages: Vec<&'d str>,
    /// The regular expression, in the syntax of the `regex` crate; empty for rules with forms or
    /// words.
    pub pattern: &'d str,
    /// How numbers are written: `9` is a digit, `A` a letter, `*` either, `-` a separator, `=` a
    /// hyphen, `~` a separator or none; `{2,4}` repeats. Empty for rules with a regular expression.
    pub forms: Vec<&'d str>,
    /// Whether numbers of any form count right beside one of the context words.
    pub is_beside_its_name: bool,
    /// What it checks besides the pattern, in words; empty: nothing.
    pub validator: &'d str,
    /// Words that raise its score when they stand before a value.
    pub context: Vec<&'d str>,
    /// How sure it is without context, from 0 to 1.
    pub score: f32,
    /// The score from which its candidates count.
    pub threshold: f32,
    /// Texts in which it finds something; a label stands before ` <- `.
    pub examples: Vec<&'d str>,
    /// Texts in which it finds nothing.
    pub counter_examples: Vec<&'d str>,
}

/// Who wrote a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the redactor.
    Builtin,
    /// It came in a [`RuleSet`](super::RuleSet).
    Own,
}

/// An example that a rule does not find, or a counter-example that it does.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokenExample<'d> {
    /// The name of the rule.
    pub rule: &'d str,
    /// The text.
    pub example: &'d str,
    /// False for an example that was missed, true for a counter-example that was taken.
    pub is_counter: bool,
}

impl Detector {
    /// Every rule, in the order of the table, the user's own last.
    ///
    /// ```
    /// use redactor::{Detector, EntityKind};
    ///
    /// let detector = Detector::builtin();
    /// assert!(detector.rules().any(|rule| rule.kind == EntityKind::Iban));
    /// ```
    pub fn rules(&self) -> impl Iterator<Item = Description<'_>> {
        let recognizers = self.recognizers().iter();
        let of = |origin| {
            let of_origin = recognizers.clone().map(|compiled| self.describe(compiled));
            of_origin.filter(move |rule| rule.origin == origin)
        };
        let (builtin, mut own) = (of(Origin::Builtin), of(Origin::Own).collect::<Vec<_>>());
        // A rule with a pattern and words is two recognizers, one behind the other.
        own.dedup_by_key(|rule| rule.name);
        let identifiers = self.identifiers().rows().iter();
        let identifiers = identifiers.map(|row| self.describe_identifier(row));
        builtin.chain(identifiers).chain(own)
    }

    /// Runs the examples and counter-examples of every rule, each rule by itself.
    pub fn broken_examples(&self) -> Vec<BrokenExample<'_>> {
        let mut broken = Vec::new();
        for rule in self.rules() {
            let alone = self.only(rule.name);
            for (examples, is_counter) in [(rule.examples, false), (rule.counter_examples, true)] {
                let wrong = |example: &&str| finds(&alone, example) == is_counter;
                let wrong = examples.into_iter().filter(wrong);
                broken.extend(wrong.map(|example| BrokenExample {
                    rule: rule.name,
                    example,
                    is_counter,
                }));
            }
        }
        broken
    }

    /// The share of made-up numbers of a rule's forms that pass its check: 0.1 for a check digit, 1
    /// without a check. `None` for rules without forms.
    ///
    /// Takes some hundred microseconds.
    pub fn pass_rate(&self, rule: &Description<'_>) -> Option<f32> {
        let mut rows = self.identifiers().rows().iter();
        rows.find(|row| row.name == rule.name)?.pass_rate()
    }

    /// This detector with one rule left.
    fn only(&self, name: &str) -> Self {
        let recognizers = self.recognizers().iter();
        let recognizers = recognizers.filter(|compiled| compiled.name() == name);
        let identifiers = self.identifiers().rows().iter();
        let identifiers = identifiers.filter(|row| row.name == name);
        let (recognizers, identifiers) = (recognizers.cloned(), identifiers.cloned());
        Self::of(
            recognizers.collect(),
            identifiers.collect(),
            self.thresholds(),
        )
    }

    fn describe<'d>(&'d self, compiled: &'d Compiled) -> Description<'d> {
        let pattern = match compiled.matcher() {
            Matcher::Pattern(pattern) => pattern.as_str(),
            Matcher::Words(_) => "",
        };
        let shared = Description {
            kind: compiled.kind(),
            pattern,
            context: compiled.context().collect(),
            score: compiled.score(),
            ..self.blank(compiled.kind())
        };
        match compiled.row() {
            Row::Builtin(row) => Description {
                name: row.name,
                countries: row.countries.to_vec(),
                validator: row.check,
                examples: row.examples.to_vec(),
                counter_examples: row.counter_examples.to_vec(),
                ..shared
            },
            Row::Own(rule, _) => Description {
                name: &rule.name,
                origin: Origin::Own,
                languages: borrowed(&rule.languages),
                validator: rule.validator.map_or("", Validator::name),
                examples: borrowed(&rule.examples),
                counter_examples: borrowed(&rule.counter_examples),
                ..shared
            },
        }
    }

    fn describe_identifier<'d>(&'d self, row: &'d Identifier) -> Description<'d> {
        let country = Some(row.country).filter(|country| !country.is_empty());
        let scores = row.forms.iter().map(Form::score);
        Description {
            name: row.name,
            countries: country.into_iter().collect(),
            forms: row.forms.iter().filter_map(Form::pattern).collect(),
            is_beside_its_name: row.forms.iter().any(|form| form.pattern().is_none()),
            context: row.context.to_vec(),
            score: scores.fold(0.0, f32::max),
            examples: row.examples.to_vec(),
            counter_examples: row.counter_examples.to_vec(),
            ..self.blank(row.kind)
        }
    }

    /// A rule of which only the kind is known.
    fn blank(&self, kind: EntityKind) -> Description<'_> {
        Description {
            name: "",
            kind,
            origin: Origin::Builtin,
            countries: Vec::new(),
            languages: Vec::new(),
            pattern: "",
            forms: Vec::new(),
            is_beside_its_name: false,
            validator: "",
            context: Vec::new(),
            score: 0.0,
            threshold: self.threshold(kind),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }
    }
}

/// Whether a detector finds something in an example. A label stands before ` <- `.
pub(super) fn finds(detector: &Detector, example: &str) -> bool {
    let (label, text) = match example.split_once(" <- ") {
        Some((label, text)) => (Some(label), text),
        None => (None, example),
    };
    !detector.detect(text, label).is_empty()
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
