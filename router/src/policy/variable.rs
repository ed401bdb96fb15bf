//! The variables of conditions: one table for the type check, evaluation, `explain` and the
//! reference in `policies/README.md`.

use std::time::Duration;

use crate::{
    content::{Domain, Language, Task},
    device::DeviceSnapshot,
    signals::{Api, PrivacyClass, Signals},
    target::{TargetState, Zone},
};

/// Something a condition can look at.
#[derive(Debug)]
pub struct Variable {
    /// Full name, such as `device.battery.level`.
    pub name: &'static str,
    /// Type of the value.
    pub kind: Kind,
    /// What values there are.
    pub range: Range,
    /// What it tells, with its unit.
    pub meaning: &'static str,
    /// What it reads when the value is not known; empty when it always is.
    pub unknown: &'static str,
    read: for<'a> fn(&Facts<'a>) -> Value<'a>,
}

/// Type of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `double`
    Double,
    /// `string`
    Text,
    /// `list(string)`
    Texts,
}

impl Kind {
    /// CEL's name of the type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::Text => "string",
            Self::Texts => "list(string)",
        }
    }
}

/// The values a variable can have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Any of its type.
    Any,
    /// 0 to 1.
    Ratio,
    /// 0 or more.
    NonNegative,
    /// One of these.
    Names(&'static [&'static str]),
}

/// The value of a variable for one request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `double`
    Double(f64),
    /// `string`
    Text(&'a str),
    /// `list(string)`
    Texts(&'a [String]),
}

/// What conditions are evaluated on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) signals: &'a Signals,
    pub(crate) device: &'a DeviceSnapshot,
    pub(crate) targets: &'a [TargetState],
}

impl<'a> Facts<'a> {
    /// The value of the variable with this full name.
    pub(crate) fn value(&self, name: &str) -> Option<Value<'a>> {
        if let Some(kind) = name.strip_prefix(COUNTS) {
            let count = self.signals.counts.iter().find(|(known, _)| *known == kind);
            return Some(Value::Int(count.map_or(0, |(_, count)| i64::from(*count))));
        }
        find(name).map(|variable| (variable.read)(self))
    }

    /// Tokens of the prompt as a share of the local model's context window, where that is known.
    fn window_share(&self) -> Option<f64> {
        let local = self
            .targets
            .iter()
            .find(|target| target.zone == Zone::Device);
        let window = local?.context_tokens.filter(|window| *window > 0)?;
        Some(f64::from(self.signals.prompt_tokens) / f64::from(window))
    }

    /// The zone of the conversation's last answer, where that is remembered.
    fn previous_zone(&self) -> Option<Zone> {
        let name = self.signals.previous.as_deref()?;
        let target = self.targets.iter().find(|target| target.name == name);
        target.map(|target| target.zone)
    }
}

impl Value<'_> {
    /// For people. What the client wrote itself (model, tenant, tags) is not repeated.
    pub(crate) fn shown(&self, name: &str) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Double(value) => shown_number(*value),
            Self::Text(value) => match find(name).map(|variable| variable.range) {
                Some(Range::Names(_)) => (*value).to_owned(),
                _ => format!("({} characters)", value.chars().count()),
            },
            Self::Texts(values) => format!("({} entries)", values.len()),
        }
    }
}

/// At most three decimals, none where they are zeros.
pub(crate) fn shown_number(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The variable with this full name; the counts per kind are not in the table.
pub(crate) fn find(name: &str) -> Option<&'static Variable> {
    VARIABLES
        .binary_search_by(|variable| variable.name.cmp(name))
        .ok()
        .and_then(|i| VARIABLES.get(i))
}

/// Full name of what may be written shorter: `link.*` is `device.link.*`.
pub(crate) fn full_name(name: String) -> String {
    if name.starts_with("link.") {
        format!("device.{name}")
    } else {
        name
    }
}

/// What the counts per kind begin with.
pub(crate) const COUNTS: &str = "privacy.counts.";

const APIS: [&str; 3] = {
    let [a, b, c] = Api::ALL;
    [a.name(), b.name(), c.name()]
};
const CLASSES: [&str; 5] = {
    let [a, b, c, d, e] = PrivacyClass::ALL;
    [a.name(), b.name(), c.name(), d.name(), e.name()]
};

/// Of the last answer; `none` where there was none, or none is remembered.
const ZONES: [&str; 4] = {
    let [a, b, c] = Zone::ALL;
    [NO_ZONE, a.route_name(), b.route_name(), c.route_name()]
};
/// The variable that needs a memory of conversations.
pub(super) const PREVIOUS_ZONE: &str = "request.previous_zone";
const NO_ZONE: &str = "none";

/// The longest deadline that a client can ask for, and what `request.deadline_ms` reads without one.
pub const LONGEST_DEADLINE: Duration = Duration::from_hours(24);

/// All variables but `privacy.counts.<KIND>` (`int`, findings of that kind), in the order of their
/// names.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "complexity",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "probability that the local model fails where a far one succeeds",
        unknown: "",
        read: |facts| Value::Double(facts.signals.complexity),
    },
    Variable {
        name: "device.battery.charging",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the device is connected to power",
        unknown: "true",
        read: |facts| Value::Bool(facts.device.battery.as_ref().is_none_or(|b| b.charging)),
    },
    Variable {
        name: "device.battery.known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "there is a battery and its state is known",
        unknown: "",
        read: |facts| Value::Bool(facts.device.battery.is_some()),
    },
    Variable {
        name: "device.battery.level",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "charge, as a share of full",
        unknown: "1.0",
        read: |facts| Value::Double(facts.device.battery.as_ref().map_or(1.0, |b| b.level)),
    },
    Variable {
        name: "device.cpu.known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the processor's load is known",
        unknown: "",
        read: |facts| Value::Bool(facts.device.cpu_load_ratio.is_some()),
    },
    Variable {
        name: "device.cpu.load",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "share of processor time in use",
        unknown: "0.0",
        read: |facts| Value::Double(facts.device.cpu_load_ratio.unwrap_or(0.0)),
    },
    Variable {
        name: "device.link.known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "it is known whether the device is online",
        unknown: "",
        read: |facts| Value::Bool(facts.device.link.online.is_some()),
    },
    Variable {
        name: "device.link.metered",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "traffic costs money",
        unknown: "false",
        read: |facts| Value::Bool(facts.device.link.metered.unwrap_or(false)),
    },
    Variable {
        name: "device.link.online",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the far side can be reached",
        unknown: "true",
        read: |facts| Value::Bool(facts.device.link.online.unwrap_or(true)),
    },
    Variable {
        name: "device.link.rtt_ms",
        kind: Kind::Double,
        range: Range::NonNegative,
        meaning: "round trip to the nearest provider, in milliseconds",
        unknown: "0.0",
        read: |facts| Value::Double(facts.device.link.rtt_ms.unwrap_or(0.0)),
    },
    Variable {
        name: "device.memory.available",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "share of memory that is available",
        unknown: "1.0",
        read: |facts| Value::Double(facts.device.memory_available_ratio.unwrap_or(1.0)),
    },
    Variable {
        name: "device.memory.known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the available memory is known",
        unknown: "",
        read: |facts| Value::Bool(facts.device.memory_available_ratio.is_some()),
    },
    Variable {
        name: "device.thermal.celsius",
        kind: Kind::Double,
        range: Range::Any,
        meaning: "temperature of the hottest zone, in degrees Celsius",
        unknown: "25.0",
        read: |facts| Value::Double(facts.device.thermal.celsius.unwrap_or(25.0)),
    },
    Variable {
        name: "device.thermal.known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "temperature or throttling is known",
        unknown: "",
        read: |facts| {
            let thermal = &facts.device.thermal;
            Value::Bool(thermal.celsius.is_some() || thermal.throttled.is_some())
        },
    },
    Variable {
        name: "device.thermal.throttled",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the processor is slowed down because of heat",
        unknown: "false",
        read: |facts| Value::Bool(facts.device.thermal.throttled.unwrap_or(false)),
    },
    Variable {
        name: "privacy.class",
        kind: Kind::Text,
        range: Range::Names(&CLASSES),
        meaning: "the most sensitive class of data found in the request",
        unknown: "",
        read: |facts| Value::Text(facts.signals.privacy.name()),
    },
    Variable {
        name: "privacy.demographic",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "professions, nationalities, religions and the like that the texts name",
        unknown: "0",
        read: |facts| Value::Int(i64::from(facts.signals.demographic)),
    },
    Variable {
        name: "privacy.health",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "diseases and symptoms that the texts name",
        unknown: "0",
        read: |facts| Value::Int(i64::from(facts.signals.health)),
    },
    Variable {
        name: "privacy.total",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "findings of all kinds",
        unknown: "",
        read: |facts| {
            Value::Int(
                facts
                    .signals
                    .counts
                    .iter()
                    .map(|(_, count)| i64::from(*count))
                    .sum(),
            )
        },
    },
    Variable {
        name: "request.api",
        kind: Kind::Text,
        range: Range::Names(&APIS),
        meaning: "the API the client speaks",
        unknown: "",
        read: |facts| Value::Text(facts.signals.api.name()),
    },
    Variable {
        name: "request.attachments",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "images, audio and files",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.attachments)),
    },
    Variable {
        name: "request.code",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the last message holds code or asks for some",
        unknown: "",
        read: |facts| Value::Bool(facts.signals.content.code),
    },
    Variable {
        name: "request.constraints",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "words of the last message that bind the answer (must, at most ...), English only",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.content.constraints)),
    },
    Variable {
        name: "request.deadline_ms",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "time within which the answer is to begin, in milliseconds, as the client asked in `x-nearside-deadline-ms`",
        unknown: "86400000",
        read: |facts| {
            Value::Int(milliseconds(
                facts.signals.deadline.unwrap_or(LONGEST_DEADLINE),
            ))
        },
    },
    Variable {
        name: "request.domain",
        kind: Kind::Text,
        range: Range::Names(&Domain::NAMES),
        meaning: "what the last message is about, a guess",
        unknown: "",
        read: |facts| Value::Text(facts.signals.content.domain.name()),
    },
    Variable {
        name: "request.images",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "images among the attachments",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.images)),
    },
    Variable {
        name: "request.language",
        kind: Kind::Text,
        range: Range::Names(&Language::NAMES),
        meaning: "the language of the last message (ISO 639-1), a guess",
        unknown: "",
        read: |facts| Value::Text(facts.signals.content.language.name()),
    },
    Variable {
        name: "request.math",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the last message holds formulas or calculations, or asks for some",
        unknown: "",
        read: |facts| Value::Bool(facts.signals.content.math),
    },
    Variable {
        name: "request.max_output_tokens",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "limit on the answer's tokens that the client set",
        unknown: "0",
        read: |facts| Value::Int(i64::from(facts.signals.max_output_tokens.unwrap_or(0))),
    },
    Variable {
        name: "request.messages",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "all messages so far, instructions and results of tools included",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.messages)),
    },
    Variable {
        name: "request.model",
        kind: Kind::Text,
        range: Range::Any,
        meaning: "the model name the client sent",
        unknown: "",
        read: |facts| Value::Text(&facts.signals.model),
    },
    Variable {
        name: PREVIOUS_ZONE,
        kind: Kind::Text,
        range: Range::Names(&ZONES),
        meaning: "where the conversation's last answer came from",
        unknown: "\"none\"",
        read: |facts| Value::Text(facts.previous_zone().map_or(NO_ZONE, Zone::route_name)),
    },
    Variable {
        name: "request.prompt_tokens",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "tokens of the prompt, estimated",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.prompt_tokens)),
    },
    Variable {
        name: "request.schema",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the answer is to be JSON, or to follow a schema, an expression or a choice",
        unknown: "",
        read: |facts| Value::Bool(facts.signals.schema),
    },
    Variable {
        name: "request.steps",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "steps of the last message: items of its lists, and words such as `then`, English only",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.content.steps)),
    },
    Variable {
        name: "request.stream",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the answer is to be streamed",
        unknown: "",
        read: |facts| Value::Bool(facts.signals.stream),
    },
    Variable {
        name: "request.tags",
        kind: Kind::Texts,
        range: Range::Any,
        meaning: "labels the client attached",
        unknown: "",
        read: |facts| Value::Texts(&facts.signals.tags),
    },
    Variable {
        name: "request.task",
        kind: Kind::Text,
        range: Range::Names(&Task::NAMES),
        meaning: "what the last message asks for, a guess",
        unknown: "",
        read: |facts| Value::Text(facts.signals.content.task.name()),
    },
    Variable {
        name: "request.tool_result",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the last message is the result of a tool",
        unknown: "",
        read: |facts| Value::Bool(facts.signals.tool_result),
    },
    Variable {
        name: "request.tools",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "tools the model may call",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.tools)),
    },
    Variable {
        name: "request.turns",
        kind: Kind::Int,
        range: Range::NonNegative,
        meaning: "messages of the user so far",
        unknown: "",
        read: |facts| Value::Int(i64::from(facts.signals.turns)),
    },
    Variable {
        name: "request.window_share",
        kind: Kind::Double,
        range: Range::NonNegative,
        meaning: "tokens of the prompt, as a share of the local model's context window",
        unknown: "0.0",
        read: |facts| Value::Double(facts.window_share().unwrap_or(0.0)),
    },
    Variable {
        name: "tenant",
        kind: Kind::Text,
        range: Range::Any,
        meaning: "who the client is",
        unknown: "\"\"",
        read: |facts| Value::Text(&facts.signals.tenant),
    },
];

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The table as Markdown, for `policies/README.md`.
pub fn reference() -> String {
    let mut table = "| Variable | Type | Values | Meaning | When unknown |\n\
                     | --- | --- | --- | --- | --- |\n"
        .to_owned();
    let counts = "| `privacy.counts.<KIND>` | int | 0 or more | findings of that kind, \
                  such as `privacy.counts.EMAIL` | |\n";
    for variable in VARIABLES {
        if variable.name == "privacy.total" {
            table.push_str(counts);
        }
        let range = match variable.range {
            Range::Any => String::new(),
            Range::Ratio => "0 to 1".to_owned(),
            Range::NonNegative => "0 or more".to_owned(),
            Range::Names(names) => names
                .iter()
                .map(|name| format!("`\"{name}\"`"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let unknown = match variable.unknown {
            "" => String::new(),
            value => format!("`{value}`"),
        };
        let cells = [
            &format!("`{}`", variable.name),
            variable.kind.name(),
            &range,
            variable.meaning,
            &unknown,
        ];
        for cell in cells {
            table.push_str("| ");
            table.push_str(cell);
            if !cell.is_empty() {
                table.push(' ');
            }
        }
        table.push_str("|\n");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_so_can_be_searched() {
        assert!(VARIABLES.is_sorted_by_key(|variable| variable.name));
        assert!(
            VARIABLES
                .iter()
                .all(|variable| find(variable.name).is_some())
        );
    }

    #[test]
    fn the_readme_holds_the_reference() {
        let readme = include_str!("../../../policies/README.md");
        assert!(
            readme.contains(&reference()),
            "policies/README.md is out of date, it should hold:\n{}",
            reference()
        );
    }
}
