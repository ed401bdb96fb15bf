//! Rules of the user's own: from YAML files to a detector.
//!
//! `docs/rules.md` is the reference for users. All mistakes of all files are reported at once, each
//! with its place; texts of rules are not repeated in messages, as examples may be private.

use std::path::{Path, PathBuf};

use redactor::rules::{DEFAULT_SCORE, Mistake, Part, Rule, RuleErrors, RuleSet, Validator};
use redactor::{Detector, EntityKind};
use router::yaml::{Diagnostic, Entries, Spanned};
use serde::Deserialize;

use super::ConfigError;

/// The built-in recognizers, changed by the rules in these files.
///
/// # Errors
/// Why a file can't be read, or all mistakes of all files.
pub fn detector(files: &[PathBuf]) -> Result<Detector, ConfigError> {
    let mut reader = Reader::default();
    for path in files {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => reader.read(&name, &text, path.parent().unwrap_or(Path::new("."))),
            Err(error) => {
                let unreadable = ConfigError::unreadable(&name, error.kind());
                reader.mistakes.extend_from_slice(unreadable.diagnostics());
            }
        }
    }
    reader.finish()
}

/// Checks the text of one file; relative paths in it start at `folder`.
///
/// # Errors
/// All its mistakes.
pub(crate) fn check(name: &str, text: &str, folder: &Path) -> Result<Detector, ConfigError> {
    let mut reader = Reader::default();
    reader.read(name, text, folder);
    reader.finish()
}

/// A rules file as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    version: Spanned<u32>,
    /// Built-in rules that are switched off.
    #[serde(default)]
    disable: Vec<Spanned<String>>,
    /// The score from which findings of a kind count.
    #[serde(default)]
    thresholds: Entries<Spanned<f32>>,
    #[serde(default)]
    rules: Vec<Spanned<RuleFile>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    name: Spanned<String>,
    kind: Spanned<String>,
    pattern: Option<Spanned<String>>,
    #[serde(default)]
    words: Vec<Spanned<String>>,
    /// A text file with a word a line.
    words_file: Option<Spanned<String>>,
    validator: Option<Spanned<String>>,
    #[serde(default)]
    context: Vec<Spanned<String>>,
    #[serde(default)]
    languages: Vec<String>,
    score: Option<Spanned<f32>>,
    #[serde(default)]
    examples: Vec<Spanned<String>>,
    #[serde(default)]
    counter_examples: Vec<Spanned<String>>,
}

/// Rules of all files so far, and where each of their parts was written.
#[derive(Debug, Default)]
struct Reader {
    set: RuleSet,
    mistakes: Vec<Diagnostic>,
    rules: Vec<(String, Spanned<RuleFile>)>,
    disabled: Vec<Place>,
    thresholds: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    file: String,
    at: Spanned<()>,
}

impl Reader {
    fn read(&mut self, name: &str, text: &str, folder: &Path) {
        let (file, mistakes) = router::yaml::parse_with_gaps::<RulesFile>(name, text);
        self.mistakes.extend(mistakes);
        let Some(file) = file else { return };
        if *file.version != 1 {
            let message = format!("version: got `{}`, expected 1", *file.version);
            self.note(name, &file.version, message);
        }
        for disabled in file.disable {
            self.disabled.push(Place::of(name, &disabled));
            self.set.disabled.push(disabled.value);
        }
        for (kind, threshold) in file.thresholds.0 {
            if let Some(kind) = self.kind(name, &kind) {
                self.thresholds.push(Place::of(name, &threshold));
                self.set.thresholds.push((kind, *threshold));
            }
        }
        for rule in file.rules {
            let checked = self.rule(name, &rule, folder);
            self.set.rules.push(checked);
            self.rules.push((name.to_owned(), rule));
        }
    }

    fn rule(&mut self, file: &str, typed: &RuleFile, folder: &Path) -> Rule {
        let kind = self.kind(file, &typed.kind).unwrap_or(EntityKind::OtherId);
        let validator = typed.validator.as_ref();
        let mut words = texts(&typed.words);
        if let Some(path) = &typed.words_file {
            match read_words(&folder.join(path.as_str())) {
                Ok(more) => words.extend(more),
                Err(expected) => {
                    let message = format!("words_file: got `{}`, expected {expected}", **path);
                    self.note(file, path, message);
                }
            }
        }
        Rule {
            pattern: typed.pattern.as_ref().map(|pattern| pattern.value.clone()),
            words,
            validator: validator.and_then(|name| self.validator(file, name)),
            context: texts(&typed.context),
            languages: typed.languages.clone(),
            score: typed.score.as_ref().map_or(DEFAULT_SCORE, |score| **score),
            examples: texts(&typed.examples),
            counter_examples: texts(&typed.counter_examples),
            ..Rule::new(typed.name.value.clone(), kind)
        }
    }

    fn kind(&mut self, file: &str, name: &Spanned<String>) -> Option<EntityKind> {
        let kind = EntityKind::from_name(name);
        if kind.is_none() {
            let names: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.name()).collect();
            let message = format!("got `{}`, expected one of {}", **name, names.join(", "));
            self.note(file, name, message);
        }
        kind
    }

    /// `none` says in words what leaving the key out says.
    fn validator(&mut self, file: &str, name: &Spanned<String>) -> Option<Validator> {
        let validator = Validator::from_name(name);
        if validator.is_none() && name.as_str() != NO_VALIDATOR {
            let known = Validator::ALL.iter().map(|known| known.name());
            let known: Vec<&str> = known.chain([NO_VALIDATOR]).collect();
            let expected = known.join(", ");
            let message = format!("validator: got `{}`, expected one of {expected}", **name);
            self.note(file, name, message);
        }
        validator
    }

    /// Nothing is noted about a stand-in: the user was told already what is wrong there.
    fn note<T>(&mut self, file: &str, at: &Spanned<T>, message: String) {
        if !at.is_stand_in() {
            self.mistakes.push(at.diagnostic(file, message));
        }
    }

    fn finish(mut self) -> Result<Detector, ConfigError> {
        match Detector::with_rules(&self.set) {
            Ok(detector) if self.mistakes.is_empty() => return Ok(detector),
            Ok(_) => {}
            Err(errors) => self.note_all(errors),
        }
        self.mistakes
            .sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        Err(ConfigError::new(self.mistakes))
    }

    fn note_all(&mut self, errors: RuleErrors) {
        for error in errors.0 {
            let Some(Place { file, at }) = self.place(error.part) else {
                continue;
            };
            self.note(&file, &at, worded(error.part, &error.mistake));
        }
    }

    fn place(&self, part: Part) -> Option<Place> {
        let rule = |index: usize| self.rules.get(index);
        let of = |index, find: fn(&RuleFile) -> Option<Spanned<()>>| {
            let (file, rule) = rule(index)?;
            let at = find(rule).unwrap_or_else(|| place_of(rule));
            Some(Place {
                file: file.clone(),
                at,
            })
        };
        let nth = |index, list: fn(&RuleFile) -> &[Spanned<String>], position: usize| {
            let (file, rule) = rule(index)?;
            // Words of a file have no place in this one.
            let item = list(rule).get(position).map(place_of);
            let at = item.or(rule.words_file.as_ref().map(place_of))?;
            Some(Place {
                file: file.clone(),
                at,
            })
        };
        let copy = |place: &Place| Place::of(&place.file, &place.at);
        match part {
            Part::Rule(index) => of(index, |_| None),
            Part::Name(index) => of(index, |rule| Some(place_of(&rule.name))),
            Part::Pattern(index) => of(index, |rule| rule.pattern.as_ref().map(place_of)),
            Part::Score(index) => of(index, |rule| rule.score.as_ref().map(place_of)),
            Part::Context(index, position) => nth(index, |rule| &rule.context, position),
            Part::Word(index, position) => nth(index, |rule| &rule.words, position),
            Part::Example(index, position) => nth(index, |rule| &rule.examples, position),
            Part::CounterExample(index, position) => {
                nth(index, |rule| &rule.counter_examples, position)
            }
            Part::Disabled(index) => self.disabled.get(index).map(copy),
            Part::Threshold(index) => self.thresholds.get(index).map(copy),
        }
    }
}

impl Place {
    fn of<T>(file: &str, at: &Spanned<T>) -> Self {
        Self {
            file: file.to_owned(),
            at: place_of(at),
        }
    }
}

const fn place_of<T>(spanned: &Spanned<T>) -> Spanned<()> {
    Spanned {
        value: (),
        line: spanned.line,
        column: spanned.column,
    }
}

/// The mistake, behind the key where it is.
fn worded(part: Part, mistake: &Mistake) -> String {
    let key = match part {
        Part::Rule(_) => return mistake.to_string(),
        Part::Name(_) => "name",
        Part::Pattern(_) => "pattern",
        Part::Word(..) => "words",
        Part::Context(..) => "context",
        Part::Score(_) => "score",
        Part::Example(..) => "examples",
        Part::CounterExample(..) => "counter_examples",
        Part::Disabled(_) => "disable",
        Part::Threshold(_) => "thresholds",
    };
    format!("{key}: {mistake}")
}

/// A word a line; blank lines and those that begin with `#` are left out.
fn read_words(path: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("a readable text file with a word a line ({})", error.kind()))?;
    let lines = text.lines().map(str::trim);
    let words = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(words.map(str::to_owned).collect())
}

fn texts(spanned: &[Spanned<String>]) -> Vec<String> {
    spanned.iter().map(|text| text.value.clone()).collect()
}

const NO_VALIDATOR: &str = "none";

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> String {
        check("rules.yaml", text, Path::new("."))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_rules_file_makes_a_detector() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("projects.txt"), "# ours\nBlue Heron\n\n").unwrap();
        let text = r"
version: 1
disable: [email_spelled]
thresholds: { EMAIL: 0.99 }
rules:
  - name: employee
    kind: ACCOUNT_ID
    pattern: '\bEMP-([0-9]{6})\b'
    validator: none
    context: [badge]
    languages: [en]
    score: 0.7
    examples: [badge EMP-004217]
    counter_examples: [TEMP-004217]
  - name: project
    kind: ORG
    words_file: projects.txt
";
        let detector = check("rules.yaml", text, folder.path()).unwrap();
        let found = detector.detect("EMP-123456: blue heron, jo@example.com", None);
        let found: Vec<&str> = found.iter().map(|finding| &*finding.recognizer).collect();
        assert_eq!(found, ["employee", "project"]);
        assert!(detector.rules().all(|rule| rule.name != "email_spelled"));
    }

    #[test]
    fn every_mistake_is_told_with_its_place_and_without_texts() {
        let text = "\
version: 1
disable: [no_such_rule]
thresholds: { EMIAL: 0.7, EMAIL: 2 }
rules:
  - name: one
    kind: ACCOUNT_ID
    pattern: 'a('
    examples: [b]
    counter_examples: [c]
    contxt: [d]
  - name: two
    kind: ACCOUNT
    validator: lun
    pattern: 'EMP-[0-9]+'
    examples: [EMP-1, private-thing]
    counter_examples: [EMP-2]
  - { name: three, kind: ORG, words_file: nowhere.txt }
";
        let told = mistakes(text);
        insta::assert_snapshot!(told);
        assert!(!told.contains("private-thing"), "{told}");
    }

    #[test]
    fn a_file_that_can_not_be_read_is_named() {
        let error = detector(&[PathBuf::from("nowhere/rules.yaml")]).unwrap_err();
        assert!(error.to_string().contains("nowhere/rules.yaml"), "{error}");
    }
}
