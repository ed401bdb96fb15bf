//! `nearside check`: configuration, policy and rules files, with every mistake.

use std::path::Path;

use redactor::EntityKind;
use redactor::rules::Origin;
use router::policy::table::Table;
use router::yaml::Diagnostic;

use super::{CheckArgs, CliError, Style, Terminal, input};
use crate::config::{self, Config, ConfigError, Environment, PolicySource};
use crate::policies::Policies;

/// Checks all files. A configuration is checked together with the policies that it names.
pub(super) fn run(
    args: &CheckArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let mut mistakes: Vec<Diagnostic> = Vec::new();
    for path in &args.files {
        let checked = check_file(path, environment)?;
        let (word, found) = match &checked {
            Ok(summary) => (terminal.paint(Style::Good, "ok"), summary.clone()),
            Err(error) => {
                let count = error.diagnostics().len();
                let plural = if count == 1 { "" } else { "s" };
                (
                    terminal.paint(Style::Bad, "wrong"),
                    format!("{count} mistake{plural}"),
                )
            }
        };
        writeln!(terminal.out(), "{}: {word}, {found}", path.display())?;
        if let Err(error) = checked {
            mistakes.extend_from_slice(error.diagnostics());
        }
    }
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(ConfigError::new(mistakes).into())
    }
}

/// What a good file holds, or its mistakes.
fn check_file(
    path: &Path,
    environment: &Environment,
) -> Result<Result<String, ConfigError>, CliError> {
    let text = input::read_text(path)?;
    let name = path.display().to_string();
    let folder = path.parent().unwrap_or(Path::new("."));
    let checked = match FileKind::of(&text) {
        FileKind::Policy => PolicySource::check(&name, &text, None).map(|policy| {
            let (rules, profiles) = (policy.rules().count(), policy.profiles().count());
            format!(
                "policy {}: rules {rules}, redaction profiles {profiles}",
                policy.name()
            )
        }),
        FileKind::Table => {
            let kinds: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.name()).collect();
            let table = Table::parse(&name, &text, &kinds).map_err(ConfigError::new);
            table.map(|table| format!("table: tests {}", table.cases.len()))
        }
        FileKind::Rules => config::check_rules(&name, &text, folder).map(|detector| {
            let own = detector.rules().filter(|rule| rule.origin == Origin::Own);
            format!("rules {}", own.count())
        }),
        FileKind::Config => {
            Config::parse(&name, &text, folder, environment).and_then(|config| check_parts(&config))
        }
    };
    Ok(checked)
}

/// A configuration is checked together with the files that it names.
fn check_parts(config: &Config) -> Result<String, ConfigError> {
    Policies::load(config)?;
    config::detector(&config.rules)?;
    let (targets, policies) = (config.targets.len(), config.policies.len());
    Ok(format!(
        "configuration: targets {targets}, policies {policies}"
    ))
}

/// What a file is, by its keys.
enum FileKind {
    Policy,
    Table,
    Rules,
    Config,
}

impl FileKind {
    /// A policy's rules have routes; other rules say what is sensitive; a table has tests; a
    /// configuration has none of them.
    fn of(text: &str) -> Self {
        let has_top_level = |keys: &[&str]| {
            let mut lines = text.lines();
            lines.any(|line| keys.iter().any(|key| line.starts_with(key)))
        };
        let has_rules = has_top_level(&["rules:"]);
        if has_top_level(&["name:"]) || has_rules && text.contains("route:") {
            Self::Policy
        } else if has_top_level(&["tests:"]) {
            Self::Table
        } else if has_rules || has_top_level(&["disable:", "thresholds:"]) {
            Self::Rules
        } else {
            Self::Config
        }
    }
}
