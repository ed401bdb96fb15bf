//! `nearside rules`: what counts as sensitive, and why.

mod explain;
mod markdown;

use redactor::Detector;
use redactor::rules::{Description, Origin};
use serde_json::{Value, json};

use super::redact::kind_of;
use super::{CliError, RulesArgs, RulesCommand, RulesListArgs, RulesTestArgs, Style, Terminal};
use crate::config;

/// Lists, tests or explains.
pub(super) fn run(args: &RulesArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    match &args.command {
        RulesCommand::List(args) => list(args, terminal),
        RulesCommand::Test(args) => test(args, terminal),
        RulesCommand::Explain(args) => explain::run(args, terminal),
    }
}

fn list(args: &RulesListArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let detector = config::detector(&args.rules)?;
    let kind = args
        .kind
        .as_deref()
        .map(|name| kind_of("--kind", name))
        .transpose()?;
    let wanted = |rule: &Description<'_>| kind.is_none_or(|kind| rule.kind == kind);
    let mut rules: Vec<Description<'_>> = detector.rules().filter(wanted).collect();
    rules.sort_by_key(|rule| rule.kind);
    if args.markdown {
        write!(terminal.out(), "{}", markdown::page(&detector, &rules))?;
        return Ok(());
    }
    if args.json {
        let rules: Vec<Value> = rules
            .iter()
            .map(|rule| to_json(rule, detector.pass_rate(rule)))
            .collect();
        writeln!(terminal.out(), "{}", Value::from(rules))?;
        return Ok(());
    }
    let heading = row(["KIND", "RULE", "SCORE", "COUNTRIES", "CONTEXT"]);
    let heading = terminal.paint(Style::Bold, heading);
    writeln!(terminal.out(), "{heading}")?;
    for rule in &rules {
        let context = rule
            .context
            .iter()
            .take(SHOWN_WORDS)
            .copied()
            .collect::<Vec<_>>();
        let more = if rule.context.len() > SHOWN_WORDS {
            " ..."
        } else {
            ""
        };
        let line = row([
            rule.kind.name(),
            rule.name,
            &format!("{:.2}", rule.score),
            &rule.countries.join(" "),
            &format!("{}{more}", context.join(", ")),
        ]);
        writeln!(terminal.out(), "{line}")?;
    }
    Ok(())
}

fn row([kind, rule, score, countries, context]: [&str; 5]) -> String {
    let line = format!("{kind:<16}{rule:<28}{score:<7}{countries:<11}{context}");
    line.trim_end().to_owned()
}

fn to_json(rule: &Description<'_>, pass_rate: Option<f32>) -> Value {
    json!({
        "name": rule.name,
        "kind": rule.kind.name(),
        "origin": match rule.origin {
            Origin::Builtin => "builtin",
            Origin::Own => "own",
        },
        "countries": rule.countries,
        "languages": rule.languages,
        "forms": rule.forms,
        "validator": rule.validator,
        "pass_rate": pass_rate,
        "context": rule.context,
        "score": rounded(rule.score),
        "threshold": rounded(rule.threshold),
        "examples": rule.examples,
        "counter_examples": rule.counter_examples,
    })
}

/// Scores have two digits; as `f64` they would show the dust of `f32`.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 100.0).round() / 100.0
}

/// Files that do not load fail the test as broken examples do: that is what is tested.
fn test(args: &RulesTestArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let (detector, error) = match config::detector(&args.files) {
        Ok(detector) => (detector, None),
        Err(error) => (Detector::builtin(), Some(error)),
    };
    let broken = detector.broken_examples();
    for case in &broken {
        let (rule, what) = (case.rule, if case.is_counter { "took" } else { "missed" });
        writeln!(terminal.err(), "{rule}: {what} {:?}", case.example)?;
    }
    let (mut rules, mut cases) = (0, 0);
    for rule in detector.rules() {
        rules += 1;
        cases += rule.examples.len() + rule.counter_examples.len();
    }
    let held = cases - broken.len();
    writeln!(
        terminal.out(),
        "{rules} rules, {held} of {cases} examples hold"
    )?;
    if let Some(error) = error {
        return Err(CliError::failed("the rules can't be used", error));
    }
    match broken.len() {
        0 => Ok(()),
        1 => Err(CliError::message("1 example does not hold")),
        count => Err(CliError::message(format!("{count} examples do not hold"))),
    }
}

const SHOWN_WORDS: usize = 4;

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn the_page_of_kinds_is_the_one_in_the_documents() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/kinds.md");
        let detector = Detector::builtin();
        let mut rules: Vec<_> = detector.rules().collect();
        rules.sort_by_key(|rule| rule.kind);
        assert!(
            fs::read_to_string(&path).unwrap() == markdown::page(&detector, &rules),
            "docs/kinds.md is stale: cargo run -- rules list --markdown > docs/kinds.md"
        );
    }
}
