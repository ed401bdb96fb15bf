//! `nearside policy test`: table tests of policies.

use std::path::Path;

use redactor::Detector;
use router::{
    Decision, Policy,
    complexity::Scorer,
    policy::table::{Case, Difference, Situation, Table},
};
use serde_json::{Value, json};

use super::{kinds, request::Reader};
use crate::{
    cli::{CliError, PolicyTestArgs, Style, Terminal, input},
    config::{ConfigError, PolicySource},
};

/// Runs all tables; every file is read before any test is run.
pub(super) fn run(args: &PolicyTestArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let mut files = Vec::new();
    let mut mistakes = Vec::new();
    for path in &args.files {
        match File::open(path)? {
            Ok(file) => files.push(file),
            Err(error) => mistakes.extend_from_slice(error.diagnostics()),
        }
    }
    if !mistakes.is_empty() {
        return Err(ConfigError::new(mistakes).into());
    }
    let reader = Reader {
        detector: Detector::builtin(),
        scorer: Scorer::default(),
    };
    let ran: Result<Vec<Ran<'_>>, CliError> = files.iter().map(|file| file.run(&reader)).collect();
    let ran = ran?;
    if args.json {
        let report: Vec<Value> = ran.iter().map(Ran::to_json).collect();
        writeln!(terminal.out(), "{:#}", Value::from(report))?;
    } else {
        for ran in &ran {
            ran.print(terminal)?;
        }
    }
    let wrong: usize = ran.iter().map(|ran| ran.wrong.len()).sum();
    let tests: usize = ran.iter().map(|ran| ran.file.table.cases.len()).sum();
    match wrong {
        0 => Ok(()),
        _ => Err(CliError::message(format!(
            "{wrong} of {tests} decisions are not as expected"
        ))),
    }
}

/// A table and the policy it is about.
struct File {
    name: String,
    table: Table,
    policy: Policy,
}

/// What came of a table.
struct Ran<'f> {
    file: &'f File,
    wrong: Vec<(&'f Case, Decision, Vec<Difference>)>,
}

impl File {
    fn open(path: &Path) -> Result<Result<Self, ConfigError>, CliError> {
        let text = input::read_text(path)?;
        let name = path.display().to_string();
        let folder = path.parent().unwrap_or(Path::new("."));
        Ok(Self::read(name, &text, folder))
    }

    fn read(name: String, text: &str, folder: &Path) -> Result<Self, ConfigError> {
        let table = Table::parse(&name, text, &kinds()).map_err(ConfigError::new)?;
        let source = PolicySource::resolve(&table.policy, folder).map_err(|expected| {
            let message = format!("expected {expected}, found '{}'", *table.policy);
            ConfigError::new(vec![table.policy.diagnostic(&name, message)])
        })?;
        let targets: Vec<&str> = table.targets.iter().map(|it| it.name.as_str()).collect();
        let policy = source.load(Some(&targets))?;
        Ok(Self {
            name,
            table,
            policy,
        })
    }

    fn run(&self, reader: &Reader) -> Result<Ran<'_>, CliError> {
        let mut wrong = Vec::new();
        for case in &self.table.cases {
            let situation = self.situation(case, reader)?;
            let (decision, differences) = self.table.run(case, &self.policy, situation);
            if !differences.is_empty() {
                wrong.push((case, decision, differences));
            }
        }
        Ok(Ran { file: self, wrong })
    }

    /// What is known before the case gives its values.
    fn situation(&self, case: &Case, reader: &Reader) -> Result<Situation, CliError> {
        let mut situation = Situation::unremarkable(&kinds());
        if !case.messages.is_empty() {
            situation.signals = reader.of_messages(&case.messages).map_err(|error| {
                let what = format!("{}:{}: the messages can't be read", self.name, case.line);
                CliError::failed(what, error)
            })?;
        }
        Ok(situation)
    }
}

impl Ran<'_> {
    fn print(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        let (name, tests) = (&self.file.name, self.file.table.cases.len());
        let right = tests - self.wrong.len();
        let style = if self.wrong.is_empty() {
            Style::Good
        } else {
            Style::Bad
        };
        let summary = terminal.paint(style, format!("{right} of {tests} as expected"));
        writeln!(terminal.out(), "{name}: {summary}")?;
        for (case, decision, differences) in &self.wrong {
            writeln!(terminal.out(), "\n{name}:{}: {}", case.line, case.name)?;
            for difference in differences {
                let Difference {
                    what,
                    expected,
                    found,
                } = difference;
                let expected = terminal.paint(Style::Good, expected);
                let found = terminal.paint(Style::Bad, found);
                writeln!(terminal.out(), "  {what:<18}expected  {expected}")?;
                writeln!(terminal.out(), "  {:<18}found     {found}", "")?;
            }
            writeln!(terminal.out(), "  because           {}", decision.reason)?;
        }
        Ok(())
    }

    fn to_json(&self) -> Value {
        let wrong: Vec<Value> = self
            .wrong
            .iter()
            .map(|(case, decision, differences)| {
                let differences: Vec<Value> = differences
                    .iter()
                    .map(
                        |it| json!({ "what": it.what, "expected": it.expected, "found": it.found }),
                    )
                    .collect();
                json!({
                    "name": case.name,
                    "line": case.line,
                    "differences": differences,
                    "reason": decision.reason,
                })
            })
            .collect();
        json!({
            "file": self.file.name,
            "policy": self.file.policy.name(),
            "tests": self.file.table.cases.len(),
            "wrong": wrong,
        })
    }
}
