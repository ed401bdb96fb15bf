//! Builds everything that takes part in the demo.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use local_engine::{Engine, EngineOptions, ModelSource};
use reqwest::Url;
use router::{Api, Zone};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::{
    Demo, DemoError, Options, Provider, Setting, act::FarSide, client::outbound,
    recorder::Recorder, relay, scenario::CALM, stand_in,
};
use crate::{
    App, StartError,
    app::open_tagger,
    clock::Clock,
    config::{AuditConfig, Auth, Config, PolicySource, TargetConfig, Timeouts},
};

/// Starts far side and gateway.
pub(super) async fn start(options: Options) -> Result<Demo, DemoError> {
    let clock = Clock::system();
    let started = clock.now();
    let (tasks, stop, recorder) = (
        TaskTracker::new(),
        CancellationToken::new(),
        Recorder::default(),
    );
    let is_stand_in = options.provider.is_none();
    let far = match options.provider {
        Some(provider) => real(provider, &recorder, &tasks, &stop).await?,
        None => pretended(&recorder, &tasks, &stop).await?,
    };
    let far_model = far.target.models.concat();
    let engine = engine().await?;
    let local_model = engine.model().name.clone();

    let audit_log = audit_log()?;
    let config = config(options.fixed_ports, far.target, audit_log.clone());
    let tagger = open_tagger(&config).await?;
    let app = App::start_with(config, Some(engine), tagger).await;
    let app = app.inspect_err(|_| remove_unused(&audit_log))?;

    let setting = Setting {
        base_url: format!("http://{}/v1", app.listen()),
        admin_url: format!("http://{}", app.admin()),
        local_model,
        far_model,
        far_url: far.url,
        is_stand_in,
        audit_log,
        start: clock.now() - started,
    };
    let far_side = if is_stand_in {
        FarSide::StandIn
    } else {
        FarSide::Provider
    };
    Ok(Demo {
        app,
        recorder,
        far_side,
        setting,
        clock,
        tasks,
        stop,
    })
}

/// A far side that listens, as a target of the gateway.
struct Far {
    target: TargetConfig,
    /// Where requests end up.
    url: String,
}

async fn pretended(
    recorder: &Recorder,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<Far, DemoError> {
    let address = stand_in::start(recorder.clone(), tasks, stop.clone())
        .await
        .map_err(DemoError::Loopback)?;
    let target = target("stand-in", address, Auth::None, stand_in::MODEL.to_owned());
    Ok(Far {
        url: target.base_url.clone(),
        target,
    })
}

async fn real(
    provider: Provider,
    recorder: &Recorder,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<Far, DemoError> {
    let url: Url = provider.base_url.parse().map_err(|_| DemoError::CloudUrl)?;
    let is_base = matches!(url.scheme(), "http" | "https") && url.has_host();
    if !is_base || !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return Err(DemoError::CloudUrl);
    }
    let http = outbound().map_err(DemoError::Client)?;
    let address = relay::start(&url, http, recorder.clone(), tasks, stop.clone())
        .await
        .map_err(DemoError::Loopback)?;
    let auth = provider.key.map_or(Auth::None, Auth::Key);
    let target = target("provider", address, auth, provider.model);
    Ok(Far {
        url: url.to_string(),
        target,
    })
}

fn target(name: &str, address: SocketAddr, auth: Auth, model: String) -> TargetConfig {
    TargetConfig {
        name: name.to_owned(),
        zone: Zone::Cloud,
        api: Api::OpenAi,
        base_url: format!("http://{address}/v1"),
        auth,
        price: BTreeMap::new(),
        quality: None,
        timeouts: Timeouts::default(),
        context_tokens: None,
        responses: true,
        models: vec![model],
    }
}

fn config(fixed_ports: bool, target: TargetConfig, audit_log: PathBuf) -> Config {
    let usual = Config::default();
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Config {
        listen: if fixed_ports { usual.listen } else { free },
        admin: if fixed_ports { usual.admin } else { free },
        policies: vec![PolicySource::Embedded("default".to_owned())],
        targets: vec![target],
        audit: Some(AuditConfig {
            file: audit_log,
            required: true,
        }),
        device: CALM,
        ..usual
    }
}

async fn engine() -> Result<Arc<dyn Engine>, StartError> {
    let open = || local_engine::open(&ModelSource::Embedded, &EngineOptions::default());
    match tokio::task::spawn_blocking(open).await {
        Ok(engine) => Ok(engine?),
        Err(_) => Err(local_engine::Error::EngineStopped.into()),
    }
}

/// A file in a folder of its own, which stays after the demo.
fn audit_log() -> Result<PathBuf, DemoError> {
    let id = Uuid::new_v4().as_fields().0;
    let path = std::env::temp_dir().join(format!("nearside-demo-{id:08x}"));
    match std::fs::create_dir(&path) {
        Ok(()) => Ok(path.join("audit.jsonl")),
        Err(source) => Err(DemoError::Folder { path, source }),
    }
}

/// Removes the folder that nothing was written to.
fn remove_unused(audit_log: &Path) {
    if let Some(folder) = audit_log.parent()
        && let Err(error) = std::fs::remove_dir(folder)
    {
        tracing::debug!(%error, "the folder of the audit log stays");
    }
}
