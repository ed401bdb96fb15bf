//! `nearside rules explain`: what every rule made of a text.

use redactor::explain::{Explanation, Outcome};
use redactor::rules::Description;
use serde_json::{Value, json};

use super::rounded;
use crate::cli::reason::reason;
use crate::cli::{CliError, RulesExplainArgs, Style, Terminal, files};
use crate::config;

/// Prints findings and what was dropped, in the order of the text.
pub(super) fn run(args: &RulesExplainArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let detector = config::detector(&args.rules)?;
    let text = match (&args.text, &args.file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => files::read(path)
            .map_err(|flaw| CliError::Usage(format!("{}: {}", files::shown(path), flaw.message)))?,
        (None, None) => return Err(CliError::Usage("a text or --file is needed".to_owned())),
    };
    let mut places = detector.explain(&text, args.label.as_deref());
    if !args.all {
        hide_parts(&mut places);
    }
    let rules: Vec<Description<'_>> = detector.rules().collect();
    let shown = places.iter().map(|place| Shown {
        place,
        value: text.get(place.span.clone()).unwrap_or_default(),
        rule: rules.iter().find(|rule| rule.name == place.recognizer),
    });
    if args.json {
        let places: Vec<Value> = shown.map(|shown| shown.to_json()).collect();
        writeln!(terminal.out(), "{}", Value::from(places))?;
        return Ok(());
    }
    if places.is_empty() {
        writeln!(terminal.out(), "no rule found anything to look at")?;
    }
    for shown in shown {
        shown.print(terminal)?;
    }
    Ok(())
}

/// Leaves out what was dropped within a finding: that it is something else matters to few.
fn hide_parts(places: &mut Vec<Explanation>) {
    let is_found = |place: &&Explanation| place.outcome == Outcome::Found;
    let found: Vec<_> = places
        .iter()
        .filter(is_found)
        .map(|place| place.span.clone())
        .collect();
    places.retain(|place| {
        let inside = |span: &std::ops::Range<usize>| {
            span.start < place.span.end && place.span.start < span.end
        };
        place.outcome == Outcome::Found || !found.iter().any(inside)
    });
}

struct Shown<'a> {
    place: &'a Explanation,
    value: &'a str,
    rule: Option<&'a Description<'a>>,
}

impl Shown<'_> {
    fn print(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        let Explanation {
            kind,
            recognizer,
            score,
            threshold,
            outcome,
            ..
        } = self.place;
        let word = match outcome {
            Outcome::Found => terminal.paint(Style::Good, format!("{:<9}", "found")),
            Outcome::Covered => terminal.paint(Style::Dim, format!("{:<9}", "covered")),
            Outcome::Dropped => terminal.paint(Style::Bad, format!("{:<9}", "dropped")),
        };
        let value = terminal.paint(Style::Bold, self.value.escape_debug());
        let line = format!("{word}{:<16}{value}", kind.name());
        writeln!(terminal.out(), "{line}")?;
        let compared = if score < threshold { "below" } else { "from" };
        let reason = reason(self.place, self.rule);
        let detail = format!("{recognizer}: {score:.2}, {compared} {threshold:.2}: {reason}");
        let detail = terminal.paint(Style::Dim, detail);
        writeln!(terminal.out(), "{:25}{detail}", "")?;
        Ok(())
    }

    fn to_json(&self) -> Value {
        let place = self.place;
        json!({
            "outcome": match place.outcome {
                Outcome::Found => "found",
                Outcome::Covered => "covered",
                Outcome::Dropped => "dropped",
            },
            "kind": place.kind.name(),
            "start": place.span.start,
            "end": place.span.end,
            "value": self.value,
            "rule": place.recognizer,
            "score": rounded(place.score),
            "threshold": rounded(place.threshold),
            "reason": reason(place, self.rule),
        })
    }
}
