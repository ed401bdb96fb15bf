//! From a set of rules to recognizers, or to all of its mistakes.

use std::collections::HashSet;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

use super::{
    Compiled, Matcher, Mistake, Part, Rule, RuleError, RuleErrors, RuleSet,
    anchor::Reach,
    describe::finds,
    error::{MAX_CONTEXT_WORD, MAX_NAME, MAX_PATTERN, MAX_ROWS, MAX_WORD_BYTES},
    words::Words,
};
use crate::{
    Detector,
    recognizer::{self, identifier},
};

/// The recognizers of the user's own rules.
///
/// # Errors
/// Every mistake in the set.
pub(super) fn compile(set: &RuleSet) -> Result<Vec<Compiled>, RuleErrors> {
    let mut checker = Checker {
        taken: builtin_names(),
        mistakes: Vec::new(),
    };
    for (position, name) in set.disabled.iter().enumerate() {
        if !checker.taken.contains(name) {
            checker.note(Part::Disabled(position), Mistake::UnknownRule);
        }
    }
    for (position, &(_, threshold)) in set.thresholds.iter().enumerate() {
        checker.check_score(Part::Threshold(position), threshold);
    }
    let (mut compiled, builtin) = (Vec::new(), checker.taken.len());
    for (position, rule) in set.rules.iter().enumerate() {
        let recognizers = checker.rule(position, rule);
        let alone = Detector::of(recognizers.clone(), Vec::new(), set.threshold_table());
        checker.check_examples(position, rule, &alone);
        compiled.extend(recognizers);
        if builtin + compiled.len() > MAX_ROWS {
            checker.note(Part::Rule(position), Mistake::TooMany);
            break;
        }
    }
    if checker.mistakes.is_empty() {
        Ok(compiled)
    } else {
        Err(RuleErrors(checker.mistakes))
    }
}

fn builtin_names() -> HashSet<String> {
    let recognizers = recognizer::builtin().into_iter().map(|row| row.name);
    let identifiers = identifier::builtin().into_iter().map(|row| row.name);
    recognizers.chain(identifiers).map(str::to_owned).collect()
}

struct Checker {
    taken: HashSet<String>,
    mistakes: Vec<RuleError>,
}

impl Checker {
    fn note(&mut self, part: Part, mistake: Mistake) {
        self.mistakes.push(RuleError { part, mistake });
    }

    fn check_score(&mut self, part: Part, score: f32) {
        if !(score > 0.0 && score <= 1.0) {
            self.note(part, Mistake::Score);
        }
    }

    /// One recognizer for the pattern and one for the words, as far as they are right.
    fn rule(&mut self, position: usize, rule: &Rule) -> Vec<Compiled> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let name = &rule.name;
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(allowed) {
            self.note(Part::Name(position), Mistake::Name);
        } else if !self.taken.insert(name.clone()) {
            self.note(Part::Name(position), Mistake::DuplicateName);
        }
        self.check_score(Part::Score(position), rule.score);
        for (at, word) in rule.context.iter().enumerate() {
            if word.trim().is_empty() || word.len() > MAX_CONTEXT_WORD {
                self.note(Part::Context(position, at), Mistake::ContextWord);
            }
        }
        if rule.pattern.is_none() && rule.words.is_empty() {
            self.note(Part::Rule(position), Mistake::NothingToFind);
        }
        let mut recognizers = Vec::new();
        if let Some(pattern) = &rule.pattern {
            match compile_pattern(pattern) {
                Ok((pattern, reach)) => {
                    recognizers.push(Compiled::own(
                        rule.clone(),
                        Matcher::Pattern(pattern),
                        reach,
                    ));
                }
                Err(mistake) => self.note(Part::Pattern(position), mistake),
            }
        }
        recognizers.extend(self.words(position, rule));
        recognizers
    }

    fn words(&mut self, position: usize, rule: &Rule) -> Option<Compiled> {
        if rule.words.is_empty() {
            return None;
        }
        let before = self.mistakes.len();
        for (at, word) in rule.words.iter().enumerate() {
            if word.trim().chars().nth(1).is_none() {
                self.note(Part::Word(position, at), Mistake::Word);
            }
        }
        if self.mistakes.len() > before {
            return None;
        }
        let size: usize = rule.words.iter().map(String::len).sum();
        let words = Words::new(&rule.words)
            .ok()
            .filter(|_| size <= MAX_WORD_BYTES);
        let Some(words) = words else {
            self.note(Part::Word(position, 0), Mistake::WordSize);
            return None;
        };
        Some(Compiled::own(
            rule.clone(),
            Matcher::Words(words),
            Reach::everywhere(),
        ))
    }

    /// The rule alone must find its examples and leave its counter-examples.
    fn check_examples(&mut self, position: usize, rule: &Rule, alone: &Detector) {
        if rule.pattern.is_some() {
            for (what, texts) in [
                ("`examples`", &rule.examples),
                ("`counter_examples`", &rule.counter_examples),
            ] {
                if texts.is_empty() {
                    self.note(Part::Rule(position), Mistake::NoExamples(what));
                }
            }
        }
        let whole = usize::from(rule.pattern.is_some()) + usize::from(!rule.words.is_empty());
        if alone.recognizers().len() < whole {
            // A part is wrong and was told; what the rest misses would only confuse.
            return;
        }
        for (at, example) in rule.examples.iter().enumerate() {
            if !finds(alone, example) {
                self.note(Part::Example(position, at), Mistake::Missed);
            }
        }
        for (at, example) in rule.counter_examples.iter().enumerate() {
            if finds(alone, example) {
                self.note(Part::CounterExample(position, at), Mistake::Taken);
            }
        }
    }
}

fn compile_pattern(pattern: &str) -> Result<(Regex, Reach), Mistake> {
    if pattern.len() > MAX_PATTERN {
        return Err(Mistake::PatternSize);
    }
    let hir = regex_syntax::parse(pattern).map_err(|error| bad_pattern(&error))?;
    if hir.properties().minimum_len() == Some(0) {
        return Err(Mistake::Empty("the pattern"));
    }
    if has_empty_group(&hir) {
        return Err(Mistake::Empty("a group of the pattern"));
    }
    let compiled = RegexBuilder::new(pattern).size_limit(MAX_COMPILED).build();
    let compiled = compiled.map_err(|_| Mistake::PatternSize)?;
    Ok((compiled, Reach::of(&hir)))
}

fn bad_pattern(error: &regex_syntax::Error) -> Mistake {
    let (what, start) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start),
        error => {
            let what = error.to_string();
            return Mistake::Pattern { what, column: 1 };
        }
    };
    Mistake::Pattern {
        what,
        column: start.column,
    }
}

/// True when some group may take part in a match with nothing in it: the finding would be empty.
fn has_empty_group(pattern: &Hir) -> bool {
    match pattern.kind() {
        HirKind::Capture(group) => {
            group.sub.properties().minimum_len() == Some(0) || has_empty_group(&group.sub)
        }
        HirKind::Repetition(repeated) => has_empty_group(&repeated.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_empty_group),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
    }
}

/// Most memory that a compiled pattern may take, in bytes.
const MAX_COMPILED: usize = 1 << 20;
