//! `nearside policy diff`: the requests that another policy would decide otherwise.
//!
//! What is printed of a request is the number of its line.

use std::collections::BTreeMap;
use std::path::Path;

use router::{
    Decision, Policy, TargetState,
    policy::table::{Given, Situation},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{kinds, request::Reader};
use crate::cli::{CliError, PolicyDiffArgs, Style, Terminal, explain::target_states, input};
use crate::complexity;
use crate::config::{self, Config, Environment, Flags, PolicySource};

/// Decides every request by both policies, and prints what changes, the commonest first.
pub(super) fn run(
    args: &PolicyDiffArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let flags = Flags {
        config: args.config.clone(),
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let targets = target_states(&config, "auto");
    let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    let mut comparison = Comparison {
        a: policy(&args.a, &names)?,
        b: policy(&args.b, &names)?,
        reader: Reader {
            detector: config::detector(&config.rules)?,
            scorer: complexity::scorer(config.local.as_ref(), None),
        },
        targets,
        requests: 0,
        changes: BTreeMap::new(),
    };
    let mut unread = 0_usize;
    input::each_line(&args.data, |number, line| {
        if let Err(message) = comparison.compare(number, line) {
            unread += 1;
            writeln!(
                terminal.err(),
                "{}:{number}: {message}",
                args.data.display()
            )?;
        }
        Ok(())
    })?;
    if args.json {
        writeln!(terminal.out(), "{:#}", comparison.to_json())?;
    } else {
        comparison.print(terminal)?;
    }
    match unread {
        0 => Ok(()),
        _ => Err(CliError::message(format!(
            "{unread} lines could not be read"
        ))),
    }
}

fn policy(typed: &str, targets: &[&str]) -> Result<Policy, CliError> {
    let source = PolicySource::resolve(typed, Path::new(""))
        .map_err(|expected| CliError::Usage(format!("'{typed}': expected {expected}")))?;
    Ok(source.load(Some(targets))?)
}

/// A request as a line of a file has it.
#[derive(Deserialize)]
struct Line {
    prompt: Option<String>,
    #[serde(default)]
    given: BTreeMap<String, Given>,
    #[serde(flatten)]
    request: Map<String, Value>,
}

/// Two policies, and what they make of the requests so far.
struct Comparison {
    a: Policy,
    b: Policy,
    reader: Reader,
    targets: Vec<TargetState>,
    requests: usize,
    /// The lines, by what both policies decide.
    changes: BTreeMap<(Decided, Decided), Vec<usize>>,
}

/// What a decision comes to, its reason left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Decided {
    rule: String,
    chain: Vec<String>,
    redact: Option<String>,
    max_output_tokens: Option<u32>,
    timeout_ms: Option<u128>,
    /// The number, as it is shown.
    cascade: Option<String>,
    digest: Option<u32>,
    /// Names only.
    headers: Vec<String>,
}

impl Comparison {
    /// # Errors
    /// What is wrong with the line, without its text.
    fn compare(&mut self, number: usize, line: &str) -> Result<(), String> {
        let line: Line = serde_json::from_str(line)
            .map_err(|error| format!("column {}: expected a request as JSON", error.column()))?;
        let situation = self.situation(line)?;
        let a = self.decide(&self.a, &situation);
        let b = self.decide(&self.b, &situation);
        self.requests += 1;
        if a != b {
            self.changes.entry((a, b)).or_default().push(number);
        }
        Ok(())
    }

    fn situation(&self, mut line: Line) -> Result<Situation, String> {
        if let Some(prompt) = line.prompt {
            let message = json!([{ "role": "user", "content": prompt }]);
            line.request.insert("messages".to_owned(), message);
        }
        let mut situation = Situation::unremarkable(&kinds());
        situation.signals = self
            .reader
            .of_request(line.request)
            .map_err(|error| error.chain())?;
        for (name, given) in &line.given {
            situation.set(name, given)?;
        }
        Ok(situation)
    }

    fn decide(&self, policy: &Policy, situation: &Situation) -> Decided {
        let Situation { signals, device } = situation;
        let decision = router::decide(policy, signals, device, &self.targets);
        let Decision {
            rule,
            chain,
            profile,
            handling,
            ..
        } = decision;
        let names = chain.iter().filter_map(|at| self.targets.get(*at));
        Decided {
            rule,
            chain: names.map(|target| target.name.clone()).collect(),
            redact: profile
                .and_then(|at| policy.profiles().nth(at))
                .map(|profile| profile.name.clone()),
            max_output_tokens: handling.max_output_tokens,
            timeout_ms: handling.timeout.map(|timeout| timeout.as_millis()),
            cascade: handling.cascade.map(|bar| bar.to_string()),
            digest: handling.digest,
            headers: handling
                .headers
                .iter()
                .map(|(name, _)| name.clone())
                .collect(),
        }
    }

    /// The commonest change first.
    fn sorted(&self) -> Vec<(&Decided, &Decided, &[usize])> {
        let changes = self.changes.iter();
        let mut sorted: Vec<_> = changes
            .map(|((a, b), lines)| (a, b, lines.as_slice()))
            .collect();
        sorted.sort_by_key(|(_, _, lines)| std::cmp::Reverse(lines.len()));
        sorted
    }

    fn changed(&self) -> usize {
        self.changes.values().map(Vec::len).sum()
    }

    fn print(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        let (a, b) = (self.a.name(), self.b.name());
        let (changed, requests) = (self.changed(), self.requests);
        writeln!(
            terminal.out(),
            "{a} -> {b}: {changed} of {requests} requests would be decided otherwise"
        )?;
        for (a, b, lines) in self.sorted() {
            let shown: Vec<String> = lines
                .iter()
                .take(SHOWN_LINES)
                .map(usize::to_string)
                .collect();
            let more = if lines.len() > SHOWN_LINES {
                " ..."
            } else {
                ""
            };
            let count = terminal.paint(Style::Bold, lines.len());
            let nature = if a.is_same_but_for_the_rule(b) {
                ", by another rule only"
            } else {
                ""
            };
            writeln!(
                terminal.out(),
                "\n{count} (lines {}{more}){nature}",
                shown.join(", ")
            )?;
            writeln!(terminal.out(), "  - {}", a.in_words())?;
            writeln!(terminal.out(), "  + {}", b.in_words())?;
        }
        Ok(())
    }

    fn to_json(&self) -> Value {
        let changes: Vec<Value> = self
            .sorted()
            .into_iter()
            .map(|(a, b, lines)| {
                json!({ "count": lines.len(), "lines": lines, "a": a.to_json(), "b": b.to_json() })
            })
            .collect();
        json!({
            "a": self.a.name(),
            "b": self.b.name(),
            "requests": self.requests,
            "changed": self.changed(),
            "changes": changes,
        })
    }
}

impl Decided {
    fn is_same_but_for_the_rule(&self, other: &Self) -> bool {
        let renamed = Self {
            rule: other.rule.clone(),
            ..self.clone()
        };
        renamed == *other
    }

    fn in_words(&self) -> String {
        let chain = match self.chain.as_slice() {
            [] => "refused".to_owned(),
            names => names.join(", "),
        };
        let redact = self.redact.as_deref().unwrap_or("nothing");
        let mut parts = vec![
            format!("{}: {chain}", self.rule),
            format!("redact {redact}"),
        ];
        parts.extend(
            self.max_output_tokens
                .map(|most| format!("at most {most} tokens")),
        );
        parts.extend(
            self.timeout_ms
                .map(|timeout| format!("within {timeout} ms")),
        );
        parts.extend(self.cascade.iter().map(|bar| format!("cascade at {bar}")));
        let digest = self.digest;
        parts.extend(digest.map(|most| format!("digest of {most} tokens")));
        if !self.headers.is_empty() {
            parts.push(format!("headers {}", self.headers.join(", ")));
        }
        parts.join("; ")
    }

    fn to_json(&self) -> Value {
        json!({
            "rule": self.rule,
            "chain": self.chain,
            "redact": self.redact,
            "max_output_tokens": self.max_output_tokens,
            "timeout_ms": self.timeout_ms,
            "cascade": self.cascade,
            "digest": self.digest,
            "headers": self.headers,
        })
    }
}

/// Examples of each change.
const SHOWN_LINES: usize = 8;
