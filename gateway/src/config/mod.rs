//! The checked configuration.
//!
//! Defaults, then the file, then `NEARSIDE_*` variables, then flags; the later wins. A [`Config`]
//! that exists is valid: every mistake was reported at once, with its place, before it was made.
//! Secrets are resolved from the variables and files that the configuration names.

mod budget;
mod check;
mod device;
mod environment;
mod file;
mod key;
mod local;
mod policy;
mod problem;
mod rules;
mod tagger;
mod target;
mod units;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use local_engine::{EngineOptions, ModelSource};
use redactor::Sensitive;
use router::{Api, PaceOptions, SteadyOptions, Zone, complexity::SizeClass};

use crate::calibration::Measured;
use crate::device::DeviceOverrides;
use crate::tagger::TaggerConfig;
use crate::telemetry::LOCAL_TARGET;

pub use self::environment::Environment;
pub use self::policy::PolicySource;
pub use self::problem::ConfigError;
pub(crate) use self::rules::check as check_rules;
pub use self::rules::detector;
pub(crate) use self::tagger::parse_model as parse_tagger;
pub(crate) use self::units::bytes;

/// Everything that the gateway was told.
///
/// ```
/// use std::path::Path;
/// use nearside::config::{Config, Environment};
///
/// let text = "
/// version: 1
/// listen: 127.0.0.1:8080
/// targets:
///   - { name: openai, zone: cloud, api: openai, base_url: https://api.openai.com/v1 }
/// ";
/// let environment = Environment::from_pairs([]);
/// let config = Config::parse("nearside.yaml", text, Path::new("."), &environment)?;
/// assert_eq!(config.listen.port(), 8080);
/// assert_eq!(config.targets[0].name, "openai");
/// # Ok::<(), nearside::config::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Config {
    /// Where the three APIs are served.
    pub listen: SocketAddr,
    /// Where `/metrics`, `/livez`, `/readyz`, `/device` and `/decisions` are served.
    pub admin: SocketAddr,
    /// Where the policies come from; the first one with a rule that holds decides.
    pub policies: Vec<PolicySource>,
    /// Files with rules of the user's own for what is sensitive.
    pub rules: Vec<PathBuf>,
    /// The model that finds names.
    pub tagger: TaggerConfig,
    /// The engine in this process; `None` turns it off.
    pub local: Option<LocalConfig>,
    /// Servers that requests may go to, in the order of the file.
    pub targets: Vec<TargetConfig>,
    /// The secret behind surrogates and hashes; `None` makes a random one at every start.
    pub redaction_key: Option<Sensitive<String>>,
    /// The audit log; `None` turns it off.
    pub audit: Option<AuditConfig>,
    /// What targets may charge; `None` for no limit.
    pub budget: Option<BudgetConfig>,
    /// What a client may ask of the gateway.
    pub limits: Limits,
    /// What to take for true about the device instead of measuring it.
    pub device: DeviceOverrides,
    /// How readings of the device are kept from flapping.
    pub steady: SteadyOptions,
    /// When the local engine slows down.
    pub pace: PaceOptions,
    /// Time between two samples of the device.
    pub device_interval: Duration,
    /// What is allowed but may not be meant; to be logged at the start.
    pub warnings: Vec<String>,
}

impl Config {
    /// Reads the file that `flags` or the environment name, if any, and applies the overrides of
    /// both.
    ///
    /// # Errors
    /// All mistakes of the file; or all mistakes of the overrides.
    pub fn load(flags: &Flags, environment: &Environment) -> Result<Self, ConfigError> {
        let path = flags
            .config
            .clone()
            .or_else(|| environment.var(CONFIG_VAR).map(PathBuf::from));
        let mut config = match path {
            Some(path) => Self::read(&path, environment)?,
            None => Self::default(),
        };
        check::apply_overrides(&mut config, flags, environment)?;
        check::warn(&mut config);
        Ok(config)
    }

    /// Reads and checks one file, without the overrides.
    ///
    /// # Errors
    /// Why the file can't be read, or all its mistakes.
    pub fn read(path: &Path, environment: &Environment) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::unreadable(&name, error.kind()))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::parse(&name, &text, folder, environment)
    }

    /// Checks the text of a file. Relative paths in it start at `folder`.
    ///
    /// # Errors
    /// All mistakes, each with its place in `name`.
    pub fn parse(
        name: &str,
        text: &str,
        folder: &Path,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let (file, mistakes) = router::yaml::parse_with_gaps(name, text);
        let Some(file) = file else {
            return Err(ConfigError::new(mistakes));
        };
        Self::try_from(check::Typed {
            name,
            file,
            mistakes,
            folder,
            environment,
        })
    }

    /// Names that policies may use: the targets' and the engine's.
    pub fn target_names(&self) -> Vec<&str> {
        let targets = self.targets.iter().map(|target| target.name.as_str());
        targets.chain([LOCAL_TARGET]).collect()
    }
}

/// The engine alone, policy `default`, this machine only, no audit log.
impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7070),
            admin: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7071),
            policies: vec![PolicySource::default()],
            rules: Vec::new(),
            tagger: TaggerConfig::default(),
            local: Some(LocalConfig::default()),
            targets: Vec::new(),
            redaction_key: None,
            audit: None,
            budget: None,
            limits: Limits::default(),
            device: DeviceOverrides::default(),
            steady: SteadyOptions::default(),
            pace: PaceOptions::default(),
            device_interval: Duration::from_secs(5),
            warnings: Vec::new(),
        }
    }
}

/// What the command line says; wins over file and environment.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The configuration file.
    pub config: Option<PathBuf>,
    /// Address of the three APIs.
    pub listen: Option<String>,
    /// Address of the admin port.
    pub admin: Option<String>,
    /// The local model, in place of the file's.
    pub model: Option<String>,
    /// Policy files or names of embedded policies, in place of the file's.
    pub policies: Vec<String>,
}

/// The engine in this process.
#[derive(Clone, Debug)]
pub struct LocalConfig {
    /// The model it runs.
    pub model: ModelSource,
    /// How large the model is; `None` = as its files say.
    pub size: Option<SizeClass>,
    /// What was measured for it.
    pub calibration: Option<Measured>,
    /// Which of its files, where, and within what.
    pub engine: EngineOptions,
    /// The model that makes vectors of texts; none unless it is named.
    pub embeddings: Option<ModelSource>,
}

impl Default for LocalConfig {
    fn default() -> Self {
        Self {
            model: ModelSource::Embedded,
            size: None,
            calibration: None,
            engine: EngineOptions::default(),
            embeddings: None,
        }
    }
}

/// A server that answers requests.
#[derive(Debug)]
pub struct TargetConfig {
    /// What policies and metrics call it; unique.
    pub name: String,
    /// How far away it is, which decides what must be redacted.
    pub zone: Zone,
    /// What it speaks.
    pub api: Api,
    /// Where its API starts: http or https, no query, no slash at the end.
    pub base_url: String,
    /// Whose credentials it gets.
    pub auth: Auth,
    /// What its models cost, by model name.
    pub price: BTreeMap<String, Price>,
    /// Share, 0 to 1, of what a capable model does well that it does well too; `None` = not known.
    pub quality: Option<f64>,
    /// How long to wait for it.
    pub timeouts: Timeouts,
    /// Most tokens of prompt and answer together; `None` = not known.
    pub context_tokens: Option<u32>,
    /// Models to list for it.
    pub models: Vec<String>,
    /// Whether it serves `OpenAI`'s Responses API, if it speaks `OpenAI`'s at all. Without it, such
    /// requests are put to it as chat completions.
    pub responses: bool,
}

/// Whose credentials a target gets.
#[derive(Debug)]
pub enum Auth {
    /// The client's own, forwarded.
    Passthrough,
    /// This key, in place of the client's.
    Key(Sensitive<String>),
    /// None; the client's are removed.
    None,
}

/// What a model costs, in US dollars for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Tokens of the prompt.
    pub input_per_million: f64,
    /// Tokens of the answer.
    pub output_per_million: f64,
}

impl Price {
    /// That of a model in a target's list. A target with one price has it for every model.
    pub(crate) fn of(prices: &BTreeMap<String, Self>, model: &str) -> Option<Self> {
        let only = || prices.values().next().filter(|_| prices.len() == 1);
        prices.get(model).or_else(only).copied()
    }
}

/// How long to wait for a target. There is no limit on the whole: streams may be long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// From the request to the first byte of the answer.
    pub first_byte: Duration,
    /// Between two pieces of the answer.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_mins(2),
            idle: Duration::from_mins(1),
        }
    }
}

/// The audit log.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    /// Where its lines go.
    pub file: PathBuf,
    /// True refuses requests that can't be recorded.
    pub required: bool,
}

/// The most that targets may charge.
#[derive(Clone, Debug)]
pub struct BudgetConfig {
    /// US dollars, above zero.
    pub usd: f64,
    /// How long they are to last.
    pub per: BudgetPeriod,
    /// Where the sum is kept over restarts; `None` starts with nothing spent.
    pub file: Option<PathBuf>,
}

/// A stretch of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetPeriod {
    /// From midnight to midnight.
    Day,
    /// From the first day of a month.
    Month,
}

/// What a client may ask of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest request body.
    pub body_bytes: usize,
    /// Largest header block of a request.
    pub header_bytes: usize,
    /// Deepest nesting of a JSON body.
    pub depth: usize,
    /// Most requests at a time.
    pub in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 32 << 20,
            header_bytes: 64 << 10,
            depth: 128,
            in_flight: 1024,
        }
    }
}

const CONFIG_VAR: &str = "NEARSIDE_CONFIG";
