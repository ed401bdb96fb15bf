//! `nearside redact`: de-identifies files and pipes.

mod finder;
mod spans;
mod texts;

use redactor::{EntityKind, Operator, Profile};

use self::finder::Finder;
use super::{CliError, RedactArgs, Terminal};
use crate::config::{Config, Environment, Flags};
use crate::policies::Policies;

/// Writes the files with stand-ins, and what was replaced on standard error; or the findings, with
/// `--jsonl`.
pub(super) fn run(
    args: &RedactArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let profile = profile(args)?;
    let finder = Finder::open(&args.rules, &args.tagger)?;
    if args.jsonl {
        return spans::run(&args.files, &finder, terminal);
    }
    texts::run(args, &finder, &profile, terminal, environment)
}

/// The operators of the policy, if one was named, with those of the arguments over them.
fn profile(args: &RedactArgs) -> Result<Profile, CliError> {
    let mut profile = match &args.policy {
        None => Profile::default(),
        Some(policy) => policy_profile(policy, args.profile.as_deref())?,
    };
    // The first entry of a kind counts: the last argument comes first.
    for given in &args.operator {
        let (kind, name) = match given.split_once('=') {
            Some((kind, name)) => (Some(kind), name),
            None => (None, given.as_str()),
        };
        let operator = operator_of(name)?;
        let Some(kind) = kind else {
            profile.default = operator;
            continue;
        };
        let kind = kind_of("--operator", kind)?;
        if !operator.serves(kind) {
            let kind = kind.name();
            return Err(CliError::Usage(format!(
                "--operator: {kind} can't be generalized"
            )));
        }
        profile.kinds.insert(0, (kind, operator));
    }
    Ok(profile)
}

fn policy_profile(policy: &str, name: Option<&str>) -> Result<Profile, CliError> {
    let flags = Flags {
        policies: vec![policy.to_owned()],
        ..Flags::default()
    };
    let config = Config::load(&flags, &Environment::from_pairs([]))?;
    let policies = Policies::load(&config)?;
    policies.profile(name).cloned().ok_or_else(|| {
        let name = name.unwrap_or_default();
        CliError::Usage(format!(
            "--profile: policy {policy} has no profile `{name}`"
        ))
    })
}

fn operator_of(name: &str) -> Result<Operator, CliError> {
    Operator::from_name(name).ok_or_else(|| {
        let known = Operator::NAMES.map(|(known, _)| known).join(", ");
        CliError::Usage(format!("--operator: got `{name}`, expected one of {known}"))
    })
}

/// The kind of this name, whatever its letter case.
pub(super) fn kind_of(argument: &str, name: &str) -> Result<EntityKind, CliError> {
    EntityKind::from_name(&name.to_ascii_uppercase()).ok_or_else(|| {
        let known: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.name()).collect();
        let known = known.join(", ");
        CliError::Usage(format!("{argument}: got `{name}`, expected one of {known}"))
    })
}
