//! Builds every part once, serves, drains.
//!
//! | Port | Runtime | Why |
//! | --- | --- | --- |
//! | API | the process's own | requests and streams |
//! | admin | one thread of its own | health and metrics answer while the API's threads are busy |

use std::{
    net::SocketAddr,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use axum::serve::ListenerExt;
use local_engine::Engine;
use router::{DeviceSnapshot, PaceOptions};
use tokio::{net::TcpListener, runtime, sync::watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    admin::{self, AdminState},
    budget::Ledger,
    clock::Clock,
    complexity,
    config::{self, Config, LocalConfig, TargetConfig},
    conversation::{Conversations, REMEMBERED_ANSWERS},
    device::{Device, DeviceOptions, LinkMeter},
    digest::{Digests, REMEMBERED_BYTES},
    error::Error,
    history::{self, History},
    inspector::Inspector,
    local::{Local, TextEncoder},
    pipeline::Pipeline,
    policies::Policies,
    stack,
    stored::Store,
    tagger::Tagger,
    targets::{FarTarget, Targets},
    telemetry::{self, Telemetry},
    upstream::{self, Upstream},
};

/// A gateway that serves. Stop it with [`Self::shutdown`].
#[derive(Debug)]
pub struct App {
    listen: SocketAddr,
    admin: SocketAddr,
    device: Device,
    telemetry: Telemetry,
    stop: CancellationToken,
    tasks: TaskTracker,
    admin_thread: Option<JoinHandle<()>>,
}

/// Why the gateway can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A policy can't be read or has mistakes.
    #[error(transparent)]
    Policy(#[from] config::ConfigError),
    /// ONNX Runtime is not here and could not be fetched, or the model can't be loaded.
    #[error("the local model can't be loaded")]
    Engine(#[from] local_engine::Error),
    /// The same for the model that makes vectors of texts.
    #[error("the local encoder can't be loaded")]
    Encoder(#[source] local_engine::Error),
    /// A target can't be set up.
    #[error(transparent)]
    Upstream(#[from] upstream::SetupError),
    /// Metrics or the audit log.
    #[error(transparent)]
    Telemetry(#[from] telemetry::Error),
    /// An address can't be listened on.
    #[error("can't listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A thread can't be started.
    #[error("can't start the admin thread")]
    Thread(#[source] std::io::Error),
}

impl App {
    /// Builds every part of the gateway and starts serving. ONNX Runtime is found, or fetched once,
    /// on the way.
    ///
    /// # Errors
    /// [`StartError`], which names the part that failed.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let local = match config.local.clone() {
            Some(local) => Some(open_engine(local).await?),
            None => None,
        };
        let tagger = open_tagger(&config).await?;
        Self::start_with(config, local, tagger).await
    }

    /// As [`Self::start`], with an engine and a tagger that are open already: several gateways of one
    /// process can share them.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_with(
        config: Config,
        engine: Option<Arc<dyn Engine>>,
        tagger: Tagger,
    ) -> Result<Self, StartError> {
        for warning in &config.warnings {
            tracing::warn!("{warning}");
        }
        let api = bind(config.listen).await?;
        let admin = bind(config.admin).await?;
        let (listen, admin_address) = (address(&api, config.listen), address(&admin, config.admin));
        let clock = Clock::system();
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();

        let meter = LinkMeter::new(&config.targets, clock.clone());
        let device = Device::open(DeviceOptions {
            overrides: config.device,
            steady: config.steady,
            meter,
            clock: clock.clone(),
            ..DeviceOptions::default()
        });
        let encoder = open_encoder(&config).await?;
        let local = LocalModels::new(engine.clone(), encoder, tagger.clone());
        let (pipeline, telemetry) = build(&config, local, &device, &clock)?;
        tasks.spawn(watch_device(
            device.clone(),
            config.device_interval,
            stop.clone(),
        ));
        if let Some(engine) = &engine {
            tasks.spawn(watch_energy(
                telemetry.history().clone(),
                Arc::clone(engine),
                &device,
                config.device_interval,
                stop.clone(),
            ));
        }
        tasks.spawn(follow_bus(device.clone(), stop.clone()));
        tasks.spawn(keep_budget(telemetry.budget().clone(), stop.clone()));
        let follower = DeviceFollower {
            telemetry: telemetry.clone(),
            engine: engine.clone(),
            pace: config.pace,
        };
        tasks.spawn(follower.run(device.watch(), stop.clone()));
        let state = AdminState::new(telemetry.clone(), device.clone(), engine, tagger);
        let admin_thread = serve_admin(admin, state, stop.clone()).map_err(StartError::Thread)?;
        tasks.spawn(serve_api(api, Arc::new(pipeline), stop.clone()));
        tracing::info!(%listen, admin = %admin_address, "serving");
        Ok(Self {
            listen,
            admin: admin_address,
            device,
            telemetry,
            stop,
            tasks,
            admin_thread: Some(admin_thread),
        })
    }

    /// Where the APIs are served.
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// Where `/metrics` and the like are served.
    pub fn admin(&self) -> SocketAddr {
        self.admin
    }

    /// The device as routing sees it; its readings can be overridden.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The metrics and the audit log.
    pub fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// Takes no more requests, lets those under way end for up to `drain`, and writes what the audit
    /// log still holds.
    pub async fn shutdown(mut self, drain: Duration) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(drain, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                seconds = drain.as_secs(),
                "requests were still under way at the end"
            );
        }
        let admin_thread = self.admin_thread.take();
        let telemetry = self.telemetry.clone();
        let closed = tokio::task::spawn_blocking(move || {
            telemetry.close();
            admin_thread.map(JoinHandle::join)
        });
        if !matches!(closed.await, Ok(None | Some(Ok(())))) {
            tracing::error!("the admin thread ended badly");
        }
    }
}

async fn open_engine(local: LocalConfig) -> Result<Arc<dyn Engine>, StartError> {
    let opened =
        tokio::task::spawn_blocking(move || local_engine::open(&local.model, &local.engine));
    match opened.await {
        Ok(engine) => Ok(engine?),
        Err(_) => Err(local_engine::Error::EngineStopped.into()),
    }
}

/// Opens the tagger. One that can't be opened does not keep the gateway from starting: what it
/// demands is that nothing crosses.
pub(crate) async fn open_tagger(config: &Config) -> Result<Tagger, StartError> {
    let thresholds = Policies::load(config)?.tag_thresholds();
    let config = config.tagger.clone();
    let opened = tokio::task::spawn_blocking(move || Tagger::open(&config, thresholds));
    Ok(opened.await.unwrap_or(Tagger::Missing))
}

/// Opens the encoder, where one is configured.
async fn open_encoder(config: &Config) -> Result<Option<TextEncoder>, StartError> {
    let Some(local) = config.local.clone() else {
        return Ok(None);
    };
    let Some(source) = local.embeddings else {
        return Ok(None);
    };
    let (threads, memory) = (local.engine.threads, local.engine.memory);
    let open = move || TextEncoder::open(&source, threads, memory);
    match tokio::task::spawn_blocking(open).await {
        Ok(encoder) => encoder.map(Some).map_err(StartError::Encoder),
        Err(_) => Err(StartError::Encoder(local_engine::Error::EngineStopped)),
    }
}

/// The models of this process.
struct LocalModels {
    engine: Option<Arc<dyn Engine>>,
    encoder: Option<TextEncoder>,
    tagger: Tagger,
}

impl LocalModels {
    fn new(engine: Option<Arc<dyn Engine>>, encoder: Option<TextEncoder>, tagger: Tagger) -> Self {
        Self {
            engine,
            encoder,
            tagger,
        }
    }
}

fn build(
    config: &Config,
    local: LocalModels,
    device: &Device,
    clock: &Clock,
) -> Result<(Pipeline, Telemetry), StartError> {
    let policies = Policies::load(config)?;
    let rules: Vec<&str> = policies.iter().flat_map(router::Policy::rules).collect();
    let telemetry = Telemetry::open(config, &rules, clock.clone())?;
    for (reason, side) in Error::REASONS {
        telemetry.expect_error(reason, side.name());
    }
    let far = config
        .targets
        .iter()
        .map(|target| far_target(target, device.meter()))
        .collect::<Result<_, _>>()?;
    let model = local.engine.as_deref().map(Engine::model);
    let scorer = complexity::scorer(config.local.as_ref(), model);
    let configured = config.local.as_ref();
    let keep_alive = configured.and_then(|local| local.engine.keep_alive);
    let confidence = complexity::confidence(configured);
    let engine = local.engine;
    let engine = engine.map(|engine| Local::new(engine, keep_alive, confidence));
    let pipeline = Pipeline {
        conversations: Conversations::new(REMEMBERED_ANSWERS),
        digests: Digests::new(REMEMBERED_BYTES),
        inspector: Inspector::new(config::detector(&config.rules)?, local.tagger, scorer),
        targets: Targets::new(engine, local.encoder, far, telemetry.history().clone()),
        device: device.watch(),
        telemetry: telemetry.clone(),
        limits: config.limits,
        stored: Arc::new(Store::new(clock.clone())),
        started: clock.wall().unix_seconds(),
        policies,
    };
    Ok((pipeline, telemetry))
}

fn far_target(
    config: &TargetConfig,
    meter: &LinkMeter,
) -> Result<(FarTarget, Option<u32>), StartError> {
    let upstream = Upstream::new(config, meter.target(&config.name))?;
    Ok((
        FarTarget {
            upstream,
            models: config.models.clone(),
            prices: config.price.clone(),
            quality: config.quality,
        },
        config.context_tokens,
    ))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })
}

/// The address with the port that the system chose, where it was 0.
fn address(listener: &TcpListener, asked: SocketAddr) -> SocketAddr {
    listener.local_addr().unwrap_or(asked)
}

async fn serve_api(listener: TcpListener, pipeline: Arc<Pipeline>, stop: CancellationToken) {
    // Without it, the first piece of every stream waits for an acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let served = axum::serve(listener, stack::service(pipeline))
        .with_graceful_shutdown(stop.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the API stopped serving");
    }
}

fn serve_admin(
    listener: TcpListener,
    state: AdminState,
    stop: CancellationToken,
) -> std::io::Result<JoinHandle<()>> {
    let listener = listener.into_std()?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let serve = async move {
        let listener = TcpListener::from_std(listener)?;
        axum::serve(listener, admin::router(state))
            .with_graceful_shutdown(stop.cancelled_owned())
            .await
    };
    thread::Builder::new().name("admin".into()).spawn(move || {
        if let Err(error) = runtime.block_on(serve) {
            tracing::error!(%error, "the admin port stopped serving");
        }
    })
}

async fn keep_budget(budget: Ledger, stop: CancellationToken) {
    stop.run_until_cancelled(budget.keep()).await;
}

async fn watch_device(device: Device, interval: Duration, stop: CancellationToken) {
    stop.run_until_cancelled(device.run(interval)).await;
}

fn watch_energy(
    history: History,
    engine: Arc<dyn Engine>,
    device: &Device,
    interval: Duration,
    stop: CancellationToken,
) -> impl Future<Output = Option<()>> + use<> {
    let device = device.clone();
    async move {
        let watch = history::watch_energy(history, engine, device.watch(), device.root(), interval);
        stop.run_until_cancelled(watch).await
    }
}

async fn follow_bus(device: Device, stop: CancellationToken) {
    stop.run_until_cancelled(device.follow_bus()).await;
}

/// Shows every new reading in the metrics, and lets the engine keep the pace that it allows.
struct DeviceFollower {
    telemetry: Telemetry,
    engine: Option<Arc<dyn Engine>>,
    pace: PaceOptions,
}

impl DeviceFollower {
    async fn run(self, mut device: watch::Receiver<DeviceSnapshot>, stop: CancellationToken) {
        let follow = async {
            loop {
                let snapshot = device.borrow_and_update().clone();
                self.take(&snapshot);
                if device.changed().await.is_err() {
                    return;
                }
            }
        };
        stop.run_until_cancelled(follow).await;
    }

    fn take(&self, snapshot: &DeviceSnapshot) {
        self.telemetry.device(snapshot);
        let pace = router::pace(snapshot, &self.pace);
        self.telemetry.pace(&pace);
        if let Some(engine) = &self.engine {
            engine.set_pace(local_engine::Pace {
                slots: pace.slots(engine.stats().slots),
                duty: pace.duty_ratio,
            });
        }
    }
}
