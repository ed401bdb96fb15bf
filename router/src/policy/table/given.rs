//! The values that a test gives to variables, and the signals and device state they stand for.

use std::{fmt, time::Duration};

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

use crate::{
    budget::Budget,
    content::{Domain, Language, Task},
    device::{Battery, DeviceSnapshot, LinkKind},
    policy::variable::{
        COUNTS, FAST_MBPS, LONGEST_DEADLINE, UNKNOWN_LINK, VARIABLES, find, full_name,
    },
    signals::{Api, PrivacyClass, Signals},
    suggest::did_you_mean,
};

/// What a decision is made from, but for the targets.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// What is known of the request.
    pub signals: Signals,
    /// The state of the device.
    pub device: DeviceSnapshot,
}

/// A value as typed.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// `true`
    Bool(bool),
    /// `3`
    Int(i64),
    /// `0.5`
    Double(f64),
    /// `phi`
    Text(String),
    /// `[batch]`
    Texts(Vec<String>),
}

impl Situation {
    /// An easy, harmless request for a chat, on a device of which nothing is known. `kinds` are
    /// those of findings, which are counted as zero.
    pub fn unremarkable(kinds: &[&'static str]) -> Self {
        let signals = Signals {
            model: "auto".to_owned(),
            turns: 1,
            messages: 1,
            prompt_tokens: 50,
            counts: kinds.iter().map(|kind| (*kind, 0)).collect(),
            complexity: 0.2,
            ..Signals::default()
        };
        Self {
            signals,
            device: DeviceSnapshot::default(),
        }
    }

    /// Makes the variable of this name read this value.
    ///
    /// # Errors
    /// What was expected: the name of a variable that can be set, or a value of its type and range.
    pub fn set(&mut self, name: &str, given: &Given) -> Result<(), String> {
        let name = full_name(name.to_owned());
        if let Some(kind) = name.strip_prefix(COUNTS) {
            let mut counts = self.signals.counts.iter_mut();
            let (_, count) = counts
                .find(|(known, _)| *known == kind)
                .ok_or_else(|| format!("unknown kind '{kind}'"))?;
            *count = given.count()?;
            return Ok(());
        }
        if find(&name).is_none() {
            let hint = did_you_mean(&name, VARIABLES.iter().map(|variable| variable.name));
            return Err(format!("unknown variable '{name}'{hint}"));
        }
        match name.split_once('.') {
            Some(("budget", rest)) => self.set_budget(rest, given),
            Some(("device", rest)) => self.set_device(rest, given),
            Some(("request", rest)) => self.set_request(rest, given),
            Some(_) | None => self.set_other(&name, given),
        }
    }

    fn set_budget(&mut self, name: &str, given: &Given) -> Result<(), String> {
        let budget = &mut self.signals.budget;
        match name {
            "known" => *budget = given.bool()?.then_some(UNSPENT),
            "remaining_usd" => {
                let left = given.positive()?;
                let budget = budget.get_or_insert(UNSPENT);
                budget.limit_usd = budget.limit_usd.max(left);
                budget.spent_usd = budget.limit_usd - left;
            }
            "spent_ratio" => {
                let budget = budget.get_or_insert(UNSPENT);
                budget.spent_usd = budget.limit_usd * given.ratio()?;
            }
            _ => return Err(derived(&format!("budget.{name}"))),
        }
        Ok(())
    }

    fn set_device(&mut self, name: &str, given: &Given) -> Result<(), String> {
        let device = &mut self.device;
        match name {
            "battery.known" => device.battery = given.bool()?.then_some(FULL),
            "battery.level" => device.battery.get_or_insert(FULL).level = given.ratio()?,
            "battery.charging" => device.battery.get_or_insert(FULL).charging = given.bool()?,
            "cpu.known" => device.cpu_load_ratio = given.bool()?.then_some(0.0),
            "cpu.load" => device.cpu_load_ratio = Some(given.ratio()?),
            "cpu.quota" => device.cpu_quota_ratio = Some(given.ratio()?),
            "cpu.quota_known" => device.cpu_quota_ratio = given.bool()?.then_some(0.0),
            "link.kind" => device.link.kind = given.link()?,
            "link.known" => device.link.online = given.bool()?.then_some(true),
            "link.metered" => device.link.metered = Some(given.bool()?),
            "link.online" => device.link.online = Some(given.bool()?),
            "link.rate_known" => device.link.rate_mbps = given.bool()?.then_some(FAST_MBPS),
            "link.rate_mbps" => device.link.rate_mbps = Some(given.positive()?),
            "link.rtt_known" => device.link.rtt_ms = given.bool()?.then_some(0.0),
            "link.rtt_ms" => device.link.rtt_ms = Some(given.positive()?),
            "link.throughput_known" => {
                device.link.throughput_mbps = given.bool()?.then_some(FAST_MBPS);
            }
            "link.throughput_mbps" => device.link.throughput_mbps = Some(given.positive()?),
            "memory.available" => device.memory_available_ratio = Some(given.ratio()?),
            "memory.known" => device.memory_available_ratio = given.bool()?.then_some(1.0),
            "power.minutes_left" => device.power.time_left = Some(given.minutes()?),
            "power.minutes_left_known" => device.power.time_left = given.bool()?.then_some(A_DAY),
            "power.saver" => device.power.saver = Some(given.bool()?),
            "power.saver_known" => device.power.saver = given.bool()?.then_some(false),
            "power.watts" => {
                device.battery.get_or_insert(FULL).power_watts = Some(given.positive()?);
            }
            "power.watts_known" => {
                device.battery.get_or_insert(FULL).power_watts = given.bool()?.then_some(0.0);
            }
            "pressure.cpu" => device.pressure.cpu = Some(given.ratio()?),
            "pressure.io" => device.pressure.io = Some(given.ratio()?),
            "pressure.known" => device.pressure.memory = given.bool()?.then_some(0.0),
            "pressure.memory" => device.pressure.memory = Some(given.ratio()?),
            "thermal.celsius" => device.thermal.celsius = Some(given.double()?),
            "thermal.headroom" => device.thermal.headroom_celsius = Some(given.double()?),
            "thermal.headroom_known" => {
                device.thermal.headroom_celsius = given.bool()?.then_some(100.0);
            }
            "thermal.known" => device.thermal.celsius = given.bool()?.then_some(25.0),
            "thermal.throttled" => device.thermal.throttled = Some(given.bool()?),
            _ => return Err(derived(&format!("device.{name}"))),
        }
        Ok(())
    }

    fn set_request(&mut self, name: &str, given: &Given) -> Result<(), String> {
        let signals = &mut self.signals;
        let content = &mut signals.content;
        match name {
            "api" => signals.api = given.named(&Api::ALL, Api::name)?,
            "attachments" => signals.attachments = given.count()?,
            "code" => content.code = given.bool()?,
            "constraints" => content.constraints = given.count()?,
            "deadline_ms" => signals.deadline = Some(given.deadline()?),
            "domain" => content.domain = given.named(&Domain::ALL, Domain::name)?,
            "images" => signals.images = given.count()?,
            "language" => content.language = given.named(&Language::ALL, Language::name)?,
            "math" => content.math = given.bool()?,
            "max_output_tokens" => signals.max_output_tokens = Some(given.count()?),
            "messages" => signals.messages = given.count()?,
            "model" => signals.model = given.text()?,
            "prompt_tokens" => signals.prompt_tokens = given.count()?,
            "schema" => signals.schema = given.bool()?,
            "steps" => content.steps = given.count()?,
            "stream" => signals.stream = given.bool()?,
            "tags" => signals.tags = given.texts()?,
            "task" => content.task = given.named(&Task::ALL, Task::name)?,
            "tool_result" => signals.tool_result = given.bool()?,
            "tools" => signals.tools = given.count()?,
            "turns" => signals.turns = given.count()?,
            _ => return Err(derived(&format!("request.{name}"))),
        }
        Ok(())
    }

    fn set_other(&mut self, name: &str, given: &Given) -> Result<(), String> {
        let signals = &mut self.signals;
        match name {
            "complexity" => signals.complexity = given.ratio()?,
            "privacy.class" => {
                signals.privacy = given.named(&PrivacyClass::ALL, PrivacyClass::name)?;
            }
            "privacy.demographic" => signals.demographic = given.count()?,
            "privacy.health" => signals.health = given.count()?,
            "tenant" => signals.tenant = given.text()?,
            _ => return Err(derived(name)),
        }
        Ok(())
    }
}

/// Variables that follow from others.
fn derived(name: &str) -> String {
    let from = match name {
        "privacy.total" => "the counts per kind",
        "request.previous_zone" => "`previous`, a target",
        "request.window_share" => "'request.prompt_tokens' and the targets' `context_tokens`",
        _ => "other variables",
    };
    format!("'{name}' can't be set: it follows from {from}")
}

impl Given {
    fn bool(&self) -> Result<bool, String> {
        match self {
            Self::Bool(value) => Ok(*value),
            Self::Int(_) | Self::Double(_) | Self::Text(_) | Self::Texts(_) => {
                Err(self.unlike("true or false"))
            }
        }
    }

    fn count(&self) -> Result<u32, String> {
        let whole = match self {
            Self::Int(value) => u32::try_from(*value).ok(),
            Self::Bool(_) | Self::Double(_) | Self::Text(_) | Self::Texts(_) => None,
        };
        whole.ok_or_else(|| self.unlike("a whole number from 0 up"))
    }

    #[expect(clippy::cast_precision_loss, reason = "people type small numbers")]
    fn double(&self) -> Result<f64, String> {
        match self {
            Self::Int(value) => Ok(*value as f64),
            Self::Double(value) => Ok(*value),
            Self::Bool(_) | Self::Text(_) | Self::Texts(_) => Err(self.unlike("a number")),
        }
    }

    fn ratio(&self) -> Result<f64, String> {
        let value = self
            .double()
            .ok()
            .filter(|value| (0.0..=1.0).contains(value));
        value.ok_or_else(|| self.unlike("a number from 0 to 1"))
    }

    fn positive(&self) -> Result<f64, String> {
        let value = self.double().ok().filter(|value| *value >= 0.0);
        value.ok_or_else(|| self.unlike("a number from 0 up"))
    }

    fn minutes(&self) -> Result<Duration, String> {
        let expected = || self.unlike("a number of minutes from 0 up");
        Duration::try_from_secs_f64(self.double()? * 60.0).map_err(|_| expected())
    }

    /// The last name stands for a link of which nothing is known.
    fn link(&self) -> Result<Option<LinkKind>, String> {
        let [a, b, c, d] = LinkKind::ALL.map(Some);
        self.named(&[a, b, c, d, None], |kind| {
            kind.map_or(UNKNOWN_LINK, LinkKind::name)
        })
    }

    fn deadline(&self) -> Result<Duration, String> {
        let millis = Duration::from_millis(u64::from(self.count()?));
        let allowed = !millis.is_zero() && millis <= LONGEST_DEADLINE;
        let expected = || self.unlike("a whole number from 1 to 86400000");
        allowed.then_some(millis).ok_or_else(expected)
    }

    fn text(&self) -> Result<String, String> {
        match self {
            Self::Text(value) => Ok(value.clone()),
            Self::Bool(_) | Self::Int(_) | Self::Double(_) | Self::Texts(_) => {
                Err(self.unlike("a text"))
            }
        }
    }

    fn texts(&self) -> Result<Vec<String>, String> {
        match self {
            Self::Texts(values) => Ok(values.clone()),
            Self::Bool(_) | Self::Int(_) | Self::Double(_) | Self::Text(_) => {
                Err(self.unlike("a list of texts"))
            }
        }
    }

    fn named<T: Copy>(&self, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
        let text = self.text()?;
        let found = all.iter().copied().find(|value| name(*value) == text);
        found.ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
            let hint = did_you_mean(&text, names.iter().copied());
            format!("expected one of {}, found '{text}'{hint}", names.join(", "))
        })
    }

    fn unlike(&self, expected: &str) -> String {
        let found = match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Double(value) => value.to_string(),
            Self::Text(value) => format!("'{value}'"),
            Self::Texts(_) => "a list".to_owned(),
        };
        format!("expected {expected}, found {found}")
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GivenVisitor)
    }
}

struct GivenVisitor;

impl<'de> Visitor<'de> for GivenVisitor {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false, a number, a text or a list of texts")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Given, E> {
        Ok(Given::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Given, E> {
        Ok(Given::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Given, E> {
        Ok(Given::Int(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Given, E> {
        Ok(Given::Double(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Given, E> {
        Ok(Given::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Given, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Given::Texts(texts))
    }
}

const A_DAY: Duration = Duration::from_hours(24);

/// A budget of which nothing more is said.
const UNSPENT: Budget = Budget {
    limit_usd: 100.0,
    spent_usd: 0.0,
};

/// A battery of which nothing more is said.
const FULL: Battery = Battery {
    level: 1.0,
    charging: false,
    power_watts: None,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::variable::{Facts, Kind, Range, Value};

    /// A value of the variable's range that it does not have by itself.
    fn remarkable(kind: Kind, range: Range) -> Given {
        match (kind, range) {
            (Kind::Bool, _) => Given::Bool(true),
            (Kind::Int, _) => Given::Int(7),
            (Kind::Double, _) => Given::Double(0.5),
            (Kind::Text, Range::Names(names)) => Given::Text(names[names.len() - 2].to_owned()),
            (Kind::Text, _) => Given::Text("some".to_owned()),
            (Kind::Texts, _) => Given::Texts(vec!["some".to_owned()]),
        }
    }

    #[test]
    fn every_variable_can_be_set_and_reads_what_was_given() {
        for variable in VARIABLES {
            let mut situation = Situation::unremarkable(&["EMAIL"]);
            let given = remarkable(variable.kind, variable.range);
            if let Err(message) = situation.set(variable.name, &given) {
                assert!(
                    message.contains("it follows from"),
                    "{}: {message}",
                    variable.name
                );
                assert!(!message.contains("other variables"), "{message}");
                continue;
            }
            let facts = Facts {
                signals: &situation.signals,
                device: &situation.device,
                targets: &[],
            };
            let read = match facts.value(variable.name).unwrap() {
                Value::Bool(value) => Given::Bool(value),
                Value::Int(value) => Given::Int(value),
                Value::Double(value) => Given::Double(value),
                Value::Text(value) => Given::Text(value.to_owned()),
                Value::Texts(values) => Given::Texts(values.to_vec()),
            };
            assert_eq!(read, given, "{}", variable.name);
        }
    }
}
