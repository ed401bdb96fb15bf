//! The variables of conditions: one table for the type check, evaluation, `explain` and the
//! reference in `policies/README.md`.

use std::time::Duration;

use crate::{
    budget::Budget,
    content::{Domain, Language, Task},
    device::{DeviceSnapshot, LinkKind},
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
const LINK_KINDS: [&str; 5] = {
    let [a, b, c, d] = LinkKind::ALL;
    [a.name(), b.name(), c.name(), d.name(), UNKNOWN_LINK]
};
/// What `device.link.kind` reads when it is not known.
pub const UNKNOWN_LINK: &str = "unknown";
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

/// What `budget.remaining_usd` reads without a budget: more than any request costs.
const UNLIMITED_USD: f64 = 1e6;

/// The longest deadline that a client can ask for, and what `request.deadline_ms` reads without one.
pub const LONGEST_DEADLINE: Duration = Duration::from_hours(24);

/// All variables but `privacy.counts.<KIND>` (`int`, findings of that kind), in the order of their
/// names.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "budget.known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "there is a limit on what targets may charge",
        unknown: "",
        read: |facts| Value::Bool(facts.signals.budget.is_some()),
    },
    Variable {
        name: "budget.remaining_usd",
        kind: Kind::Double,
        range: Range::NonNegative,
        meaning: "what targets may still charge in this period, in US dollars",
        unknown: "1000000.0",
        read: |facts| {
            let budget = facts.signals.budget.as_ref();
            Value::Double(budget.map_or(UNLIMITED_USD, Budget::remaining_usd))
        },
    },
    Variable {
        name: "budget.spent_ratio",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "share of the budget that was spent in this period",
        unknown: "0.0",
        read: |facts| {
            let budget = facts.signals.budget.as_ref();
            Value::Double(budget.map_or(0.0, Budget::spent_ratio))
        },
    },
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
        name: "device.cpu.quota",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "share of the scheduler's periods in which the quota of a control group stopped the gateway",
        unknown: "0.0",
        read: |facts| Value::Double(facts.device.cpu_quota_ratio.unwrap_or(0.0)),
    },
    Variable {
        name: "device.cpu.quota_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "it is known how often the quota stops the gateway",
        unknown: "",
        read: |facts| Value::Bool(facts.device.cpu_quota_ratio.is_some()),
    },
    Variable {
        name: "device.link.kind",
        kind: Kind::Text,
        range: Range::Names(&LINK_KINDS),
        meaning: "what the link runs over",
        unknown: "\"unknown\"",
        read: |facts| Value::Text(facts.device.link.kind.map_or(UNKNOWN_LINK, LinkKind::name)),
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
        name: "device.link.rate_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the rate of the link's hardware is known",
        unknown: "",
        read: |facts| Value::Bool(facts.device.link.rate_mbps.is_some()),
    },
    Variable {
        name: "device.link.rate_mbps",
        kind: Kind::Double,
        range: Range::NonNegative,
        meaning: "what the link's hardware could carry, in megabits per second",
        unknown: "1000.0",
        read: |facts| Value::Double(facts.device.link.rate_mbps.unwrap_or(FAST_MBPS)),
    },
    Variable {
        name: "device.link.rtt_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the round trip was measured of late",
        unknown: "",
        read: |facts| Value::Bool(facts.device.link.rtt_ms.is_some()),
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
        name: "device.link.throughput_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the throughput was measured of late",
        unknown: "",
        read: |facts| Value::Bool(facts.device.link.throughput_mbps.is_some()),
    },
    Variable {
        name: "device.link.throughput_mbps",
        kind: Kind::Double,
        range: Range::NonNegative,
        meaning: "what answers of providers came at of late, in megabits per second",
        unknown: "1000.0",
        read: |facts| Value::Double(facts.device.link.throughput_mbps.unwrap_or(FAST_MBPS)),
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
        name: "device.power.minutes_left",
        kind: Kind::Double,
        range: Range::NonNegative,
        meaning: "until the battery is empty at the present drain, in minutes",
        unknown: "1440.0",
        read: |facts| Value::Double(minutes_left(facts.device).unwrap_or(A_DAY_MINUTES)),
    },
    Variable {
        name: "device.power.minutes_left_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the battery drains, and it is known how fast",
        unknown: "",
        read: |facts| Value::Bool(facts.device.power.time_left.is_some()),
    },
    Variable {
        name: "device.power.saver",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the user asked the device to save power",
        unknown: "false",
        read: |facts| Value::Bool(facts.device.power.saver.unwrap_or(false)),
    },
    Variable {
        name: "device.power.saver_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "it is known whether the device is to save power",
        unknown: "",
        read: |facts| Value::Bool(facts.device.power.saver.is_some()),
    },
    Variable {
        name: "device.power.watts",
        kind: Kind::Double,
        range: Range::NonNegative,
        meaning: "power that flows out of or into the battery, in watts",
        unknown: "0.0",
        read: |facts| Value::Double(watts(facts.device).unwrap_or(0.0)),
    },
    Variable {
        name: "device.power.watts_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the power that the battery gives or takes is known",
        unknown: "",
        read: |facts| Value::Bool(watts(facts.device).is_some()),
    },
    Variable {
        name: "device.pressure.cpu",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "share of the last ten seconds in which a task waited for a processor",
        unknown: "0.0",
        read: |facts| Value::Double(facts.device.pressure.cpu.unwrap_or(0.0)),
    },
    Variable {
        name: "device.pressure.io",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "share of the last ten seconds in which a task waited for a disk",
        unknown: "0.0",
        read: |facts| Value::Double(facts.device.pressure.io.unwrap_or(0.0)),
    },
    Variable {
        name: "device.pressure.known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "the pressure on memory is known",
        unknown: "",
        read: |facts| Value::Bool(facts.device.pressure.memory.is_some()),
    },
    Variable {
        name: "device.pressure.memory",
        kind: Kind::Double,
        range: Range::Ratio,
        meaning: "share of the last ten seconds in which a task waited for memory",
        unknown: "0.0",
        read: |facts| Value::Double(facts.device.pressure.memory.unwrap_or(0.0)),
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
        name: "device.thermal.headroom",
        kind: Kind::Double,
        range: Range::Any,
        meaning: "degrees Celsius left until heat slows the processor; negative beyond that",
        unknown: "100.0",
        read: |facts| Value::Double(facts.device.thermal.headroom_celsius.unwrap_or(100.0)),
    },
    Variable {
        name: "device.thermal.headroom_known",
        kind: Kind::Bool,
        range: Range::Any,
        meaning: "it is known how far the processor is from being slowed down",
        unknown: "",
        read: |facts| Value::Bool(facts.device.thermal.headroom_celsius.is_some()),
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

/// While nothing drains the battery there is no time left either.
fn minutes_left(device: &DeviceSnapshot) -> Option<f64> {
    device.power.time_left.map(|left| left.as_secs_f64() / 60.0)
}

fn watts(device: &DeviceSnapshot) -> Option<f64> {
    device.battery.as_ref()?.power_watts
}

/// A link that nobody would call slow, in megabits per second.
pub const FAST_MBPS: f64 = 1000.0;
const A_DAY_MINUTES: f64 = 1440.0;

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
    use std::{fmt::Write, time::Duration};

    use super::*;
    use crate::device::{Battery, Link, Power, Pressure, Thermal};

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

    #[test]
    fn what_is_known_of_the_device_is_read_and_what_is_not_is_harmless() {
        let known = DeviceSnapshot {
            battery: Some(Battery {
                level: 0.25,
                charging: false,
                power_watts: Some(7.5),
            }),
            power: Power {
                saver: Some(true),
                time_left: Some(Duration::from_mins(90)),
            },
            thermal: Thermal {
                celsius: Some(80.5),
                headroom_celsius: Some(-2.5),
                throttled: Some(true),
            },
            link: Link {
                online: Some(false),
                metered: Some(true),
                kind: Some(LinkKind::Mobile),
                rate_mbps: Some(50.0),
                rtt_ms: Some(120.0),
                throughput_mbps: Some(2.5),
            },
            memory_available_ratio: Some(0.125),
            cpu_load_ratio: Some(0.75),
            cpu_quota_ratio: Some(0.5),
            pressure: Pressure {
                cpu: Some(0.1),
                memory: Some(0.2),
                io: Some(0.3),
            },
        };
        let signals = Signals::default();
        let shown = |device: &DeviceSnapshot, name: &str| {
            let facts = Facts {
                signals: &signals,
                device,
                targets: &[],
            };
            facts.value(name).unwrap().shown(name)
        };
        let unknown = DeviceSnapshot::default();
        let mut table = String::new();
        for variable in VARIABLES {
            let name = variable.name;
            if name.starts_with("device.") {
                let (if_known, if_not) = (shown(&known, name), shown(&unknown, name));
                assert_ne!(if_known, if_not, "{name}");
                writeln!(table, "{name}: {if_known}, unknown: {if_not}").unwrap();
                let documented = variable.unknown.trim_matches('"');
                let documented = documented.strip_suffix(".0").unwrap_or(documented);
                assert!(documented.is_empty() || documented == if_not, "{name}");
            }
        }
        insta::assert_snapshot!(table);
    }
}
