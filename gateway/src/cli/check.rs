//! `nearside check`: configuration and policy files, with every mistake.

use std::path::Path;

use router::yaml::Diagnostic;

use super::{CheckArgs, CliError, Style, Terminal, input};
use crate::config::{Config, ConfigError, Environment, PolicySource};
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
    let checked = if is_policy(&text) {
        PolicySource::check(&name, &text, None).map(|policy| {
            let (rules, profiles) = (policy.rules().count(), policy.profiles().count());
            format!(
                "policy {}: rules {rules}, redaction profiles {profiles}",
                policy.name()
            )
        })
    } else {
        let folder = path.parent().unwrap_or(Path::new("."));
        Config::parse(&name, &text, folder, environment).and_then(|config| check_policies(&config))
    };
    Ok(checked)
}

fn check_policies(config: &Config) -> Result<String, ConfigError> {
    Policies::load(config)?;
    let (targets, policies) = (config.targets.len(), config.policies.len());
    Ok(format!(
        "configuration: targets {targets}, policies {policies}"
    ))
}

/// A policy has rules at its top level; a configuration does not.
fn is_policy(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("rules:") || line.starts_with("redaction:"))
}
