//! A gateway in this process, on ports of its own.

use std::{
    fmt::Write,
    net::SocketAddr,
    path::Path,
    sync::{Arc, OnceLock},
};

use local_engine::{Engine, EngineOptions, ModelSource, stub::StubEngine};
use nearside::{
    App,
    config::{Config, Environment},
    tagger::{Tagger, TaggerConfig},
    telemetry::Telemetry,
};
use redactor::tagger::TagThresholds;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    PATIENCE,
    client::{OpenReply, Reply, Request},
    logs,
    provider::Provider,
    within,
};

/// What a gateway is to be like.
#[derive(Debug)]
pub struct Setup {
    policy: Option<String>,
    targets: String,
    settings: String,
    engine: Option<Arc<dyn Engine>>,
    tagger: Tagger,
}

impl Setup {
    /// The shipped default policy, no target, and an engine that always says [`NEAR_ANSWER`].
    pub fn new() -> Self {
        Self {
            policy: None,
            targets: String::new(),
            settings: String::new(),
            engine: Some(Arc::new(StubEngine::answering(NEAR_ANSWER))),
            tagger: Tagger::Off,
        }
    }

    /// Another policy, as YAML.
    #[must_use]
    pub fn policy(self, policy: &str) -> Self {
        Self {
            policy: Some(policy.to_owned()),
            ..self
        }
    }

    /// A target in the cloud.
    #[must_use]
    pub fn cloud(self, name: &str, provider: &Provider) -> Self {
        self.target(name, &provider.base_url(), "zone: cloud")
    }

    /// A target; `rest` is the rest of its configuration as YAML's flow style.
    #[must_use]
    pub fn target(self, name: &str, base_url: &str, rest: &str) -> Self {
        self.target_of("openai", name, base_url, rest)
    }

    /// A target in the cloud that speaks Anthropic's API.
    #[must_use]
    pub fn anthropic(self, name: &str, provider: &Provider) -> Self {
        self.target_of("anthropic", name, &provider.root_url(), "zone: cloud")
    }

    /// A target on the premises that speaks Ollama's API.
    #[must_use]
    pub fn ollama(self, name: &str, provider: &Provider) -> Self {
        self.target_of("ollama", name, &provider.root_url(), "zone: site")
    }

    /// A target that speaks `api`.
    #[must_use]
    pub fn target_of(mut self, api: &str, name: &str, base_url: &str, rest: &str) -> Self {
        let target =
            format!("  - {{ name: {name}, api: {api}, base_url: \"{base_url}\", {rest} }}\n");
        self.targets.push_str(&target);
        self
    }

    /// Another engine.
    #[must_use]
    pub fn engine(self, engine: Arc<dyn Engine>) -> Self {
        Self {
            engine: Some(engine),
            ..self
        }
    }

    /// Another tagger than none.
    #[must_use]
    pub fn tagger(self, tagger: Tagger) -> Self {
        Self { tagger, ..self }
    }

    /// No engine.
    #[must_use]
    pub fn without_engine(self) -> Self {
        Self {
            engine: None,
            ..self
        }
    }

    /// One more line of configuration.
    #[must_use]
    pub fn setting(mut self, line: &str) -> Self {
        self.settings.push_str(line);
        self.settings.push('\n');
        self
    }

    /// Starts it.
    ///
    /// # Panics
    /// When the configuration has mistakes or the gateway can't start.
    pub async fn start(self) -> Gateway {
        logs::captured();
        let folder = tempfile::tempdir().expect("a folder for the audit log");
        let config = self.config(folder.path());
        let app = App::start_with(config, self.engine, self.tagger)
            .await
            .expect("the gateway starts");
        let telemetry = app.telemetry().clone();
        Gateway {
            app,
            telemetry,
            folder,
        }
    }

    fn config(&self, folder: &Path) -> Config {
        let mut text = CONFIG.to_owned();
        if let Some(policy) = &self.policy {
            std::fs::write(folder.join("policy.yaml"), policy).expect("the folder is writable");
            text.push_str("policy: ./policy.yaml\n");
        }
        if !self.targets.is_empty() {
            write!(text, "targets:\n{}", self.targets).expect("a string takes any text");
        }
        text.push_str(&self.settings);
        let environment = Environment::from_pairs([]);
        Config::parse("test.yaml", &text, folder, &environment)
            .unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self::new()
    }
}

/// The tagger of the program. All share one: loading it is what takes time.
///
/// # Panics
/// When it can't be opened.
pub async fn tagger() -> Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    let open = || {
        Tagger::try_open(&TaggerConfig::default(), TagThresholds::default())
            .expect("the tagger opens")
    };
    tokio::task::spawn_blocking(move || TAGGER.get_or_init(open).clone())
        .await
        .expect("opening does not panic")
}

/// A gateway that serves.
#[derive(Debug)]
pub struct Gateway {
    app: App,
    telemetry: Telemetry,
    folder: TempDir,
}

impl Gateway {
    /// A gateway with the embedded model. All share one engine: loading it is what takes time.
    ///
    /// # Panics
    /// When the model can't be opened.
    pub async fn embedded() -> Self {
        static ENGINE: OnceLock<Arc<dyn Engine>> = OnceLock::new();
        let open = || {
            local_engine::open(&ModelSource::Embedded, &EngineOptions::default())
                .expect("the embedded model opens")
        };
        let shared = move || Arc::clone(ENGINE.get_or_init(open));
        let engine = tokio::task::spawn_blocking(shared)
            .await
            .expect("opening the model does not panic");
        Setup::new().engine(engine).start().await
    }

    /// Where the API is.
    pub fn address(&self) -> SocketAddr {
        self.app.listen()
    }

    /// Where health and metrics are.
    pub fn admin(&self) -> SocketAddr {
        self.app.admin()
    }

    /// The gateway itself.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When no whole answer comes.
    pub async fn send(&self, request: Request) -> Reply {
        request.send(self.address()).await
    }

    /// Sends a chat completion request and reads the whole answer.
    ///
    /// # Panics
    /// When no whole answer comes.
    pub async fn chat(&self, body: &Value) -> Reply {
        self.send(Request::chat(body)).await
    }

    /// Sends a request and reads the answer's head.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn open(&self, request: Request) -> OpenReply {
        request.open(self.address()).await
    }

    /// The metrics now.
    ///
    /// # Panics
    /// When they can't be read.
    pub fn metrics(&self) -> Metrics {
        Metrics::of(&self.telemetry)
    }

    /// Shuts the gateway down as its process would, and returns what it leaves behind.
    ///
    /// # Panics
    /// When it does not come to an end.
    pub async fn stop(self) -> Remains {
        within(
            PATIENCE * 2,
            "the end of the gateway",
            self.app.shutdown(PATIENCE),
        )
        .await;
        let audit = std::fs::read(self.folder.path().join(AUDIT)).expect("an audit log");
        Remains {
            audit,
            metrics: Metrics::of(&self.telemetry),
        }
    }
}

/// The metrics in Prometheus' text format.
#[derive(Debug, Clone)]
pub struct Metrics(pub String);

impl Metrics {
    fn of(telemetry: &Telemetry) -> Self {
        let text = telemetry.scrape().expect("metrics can be written");
        Self(String::from_utf8(text).expect("metrics are text"))
    }

    /// The sum of all samples of a metric that have these labels. It is one that counts.
    ///
    /// # Panics
    /// When the metric does not exist, or does not count.
    pub fn count(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let value = |line: &str| {
            let (series, value) = line.rsplit_once(' ')?;
            let rest = series.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with('{'))
                .then_some((rest.to_owned(), value.to_owned()))
        };
        let samples: Vec<_> = self.0.lines().filter_map(value).collect();
        assert!(!samples.is_empty(), "no metric {name}");
        let has_labels = |series: &str| {
            labels
                .iter()
                .all(|(label, value)| series.contains(&format!("{label}=\"{value}\"")))
        };
        let counted = samples.iter().filter(|(series, _)| has_labels(series));
        counted
            .map(|(_, value)| value.parse::<u64>().expect("a whole number"))
            .sum()
    }

    /// How many requests ended so.
    ///
    /// # Panics
    /// Never, as long as the metric exists.
    pub fn requests(&self, outcome: &str) -> u64 {
        self.count("nearside_requests_total", &[("outcome", outcome)])
    }

    /// The names of all metrics.
    pub fn names(&self) -> Vec<&str> {
        let types = self
            .0
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE "));
        types.filter_map(|line| line.split(' ').next()).collect()
    }
}

/// What a gateway leaves behind.
#[derive(Debug)]
pub struct Remains {
    /// The audit log's bytes.
    pub audit: Vec<u8>,
    /// The last metrics.
    pub metrics: Metrics,
}

impl Remains {
    /// The records of requests, in the order of the log.
    ///
    /// # Panics
    /// When a line is not JSON.
    pub fn records(&self) -> Vec<Value> {
        let lines = self
            .audit
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let parsed = lines.map(|line| serde_json::from_slice::<Value>(line).expect("a JSON line"));
        parsed.filter(|line| line["event"] == "request").collect()
    }

    /// The only record.
    ///
    /// # Panics
    /// When there is none, or there are several.
    pub fn record(&self) -> Value {
        let mut records = self.records();
        assert_eq!(
            records.len(),
            1,
            "audit records: {}",
            String::from_utf8_lossy(&self.audit)
        );
        records.remove(0)
    }
}

/// What the engine says when a test does not care.
pub const NEAR_ANSWER: &str = "Answered on the near side.";

/// Everything goes to the cloud, secrets too, behind placeholders.
pub const EVERYTHING_FAR: &str = "
version: 1
name: everything-far
redaction:
  reversible: { default: placeholder }
rules:
  - { name: far, route: [cloud], redact: reversible }
";

/// The same for a server on the premises.
pub const EVERYTHING_ON_SITE: &str = "
version: 1
name: everything-on-site
redaction:
  reversible: { default: placeholder }
rules:
  - { name: site, route: [site], redact: reversible }
";

/// The cloud, and where it fails the engine.
pub const FAR_THEN_NEAR: &str = "
version: 1
name: far-then-near
redaction:
  reversible: { default: placeholder }
rules:
  - { name: far-first, route: [cloud, local], redact: reversible }
";

/// The device is taken to be online, whatever the machine that runs the test says.
const CONFIG: &str = "
version: 1
listen: 127.0.0.1:0
admin: 127.0.0.1:0
audit: { file: audit.jsonl }
device: { online: true }
";

const AUDIT: &str = "audit.jsonl";
