//! The main job of the gateway, shown and checked.
//!
//! ```text
//! client --HTTP--> gateway (the real one, in this process) --HTTP--> stand-in for a cloud provider
//!                     |                                               (or a relay to a real one)
//!                     v                                                     |
//!                 audit log  ----------->  act: facts and checks  <---- recorder: every byte
//! ```
//!
//! Client and far side read and write the wire with code of their own, and originals are searched
//! with code of their own: a mistake in the gateway's would not show otherwise. What a request was
//! decided by comes from the audit log, as an operator would read it.

mod act;
mod audit_log;
mod client;
mod leak;
mod placeholder;
mod printout;
mod recorder;
mod relay;
mod reply;
mod scenario;
mod setup;
mod stand_in;
mod summary;

#[cfg(test)]
mod tests;

use std::{io, path::PathBuf, time::Duration};

use redactor::Sensitive;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    act::FarSide,
    client::Client,
    recorder::Recorder,
    scenario::{Original, Scene},
    summary::Summary,
};
use crate::{App, StartError, clock::Clock, device::DeviceOverrides};

pub(crate) use self::{
    act::Act,
    printout::{Page, as_json},
};

/// How to run the demo.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Serve on the usual ports, so that the gateway can be used afterwards.
    pub(crate) fixed_ports: bool,
    /// A real provider, in place of the stand-in.
    pub(crate) provider: Option<Provider>,
}

/// A real provider with an `OpenAI`-compatible API.
#[derive(Debug)]
pub(crate) struct Provider {
    /// Up to and including `/v1`.
    pub(crate) base_url: String,
    pub(crate) model: String,
    pub(crate) key: Option<Sensitive<String>>,
}

/// Everything that takes part, serving.
#[derive(Debug)]
pub(crate) struct Demo {
    app: App,
    recorder: Recorder,
    far_side: FarSide,
    pub(crate) setting: Setting,
    clock: Clock,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// Who takes part, and where.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// The client's base URL.
    pub(crate) base_url: String,
    /// Where the metrics are.
    pub(crate) admin_url: String,
    /// The local model.
    pub(crate) local_model: String,
    /// The model on the far side.
    pub(crate) far_model: String,
    /// Where requests that cross end up.
    pub(crate) far_url: String,
    pub(crate) is_stand_in: bool,
    pub(crate) audit_log: PathBuf,
    /// From nothing to serving.
    pub(crate) start: Duration,
}

/// What came of all requests.
#[derive(Debug)]
pub(crate) struct Run {
    acts: Vec<Act>,
    summary: Summary,
}

/// Why the demo can't go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// The folder of the audit log.
    #[error("can't make the folder {path} for the audit log")]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// The far side.
    #[error("the far side can't listen on the loopback interface")]
    Loopback(#[source] io::Error),
    /// Not shown: a URL can hold a password.
    #[error(
        "--cloud: expected the base URL of an OpenAI-compatible API, such as https://api.example.com/v1"
    )]
    CloudUrl,
    /// The demo's own client.
    #[error("the HTTP client can't be set up")]
    Client(#[source] reqwest::Error),
    /// The gateway.
    #[error("the gateway can't start")]
    Start(#[from] StartError),
    /// The connection to the gateway broke.
    #[error("request {number}: the gateway did not answer")]
    Request {
        number: usize,
        #[source]
        source: reqwest::Error,
    },
    /// The log can't be read.
    #[error("the audit log {path} can't be read")]
    Log {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A request left no record.
    #[error("request {number}: the audit log {path} has no record of it")]
    NoRecord { number: usize, path: PathBuf },
}

impl Demo {
    /// Starts the far side and the gateway. ONNX Runtime is found, or fetched once, on the way.
    ///
    /// # Errors
    /// What can't start.
    pub(crate) async fn start(options: Options) -> Result<Self, DemoError> {
        setup::start(options).await
    }

    /// Sends every request, one after the other; `shown` sees each as it is done.
    ///
    /// # Errors
    /// The gateway does not answer at all, or leaves no record.
    pub(crate) async fn run(&self, mut shown: impl FnMut(usize, &Act)) -> Result<Run, DemoError> {
        let client =
            Client::new(&self.setting.base_url, self.clock.clone()).map_err(DemoError::Client)?;
        let scenes = scenario::scenes();
        let originals: Vec<Original> = scenes
            .iter()
            .flat_map(|scene| scene.originals.iter().copied())
            .collect();
        let mut acts = Vec::new();
        for (position, scene) in scenes.into_iter().enumerate() {
            let act = self.play(position + 1, scene, &client, &originals).await?;
            shown(position + 1, &act);
            acts.push(act);
        }
        let log = &self.setting.audit_log;
        let chain = audit_log::verify(log).map_err(|source| DemoError::Log {
            path: log.clone(),
            source,
        })?;
        let summary = Summary::of(&acts, chain);
        Ok(Run { acts, summary })
    }

    /// Lets go of the simulated device; only the link of a stand-in on this machine stays up.
    pub(crate) fn release_device(&self) {
        let online = self.setting.is_stand_in.then_some(true);
        self.app.device().set_override(DeviceOverrides {
            online,
            ..DeviceOverrides::default()
        });
    }

    /// Ends everything.
    pub(crate) async fn stop(self) {
        self.app.shutdown(DRAIN).await;
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(DRAIN, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("the far side did not end in time");
        }
    }

    async fn play(
        &self,
        number: usize,
        scene: Scene,
        client: &Client,
        originals: &[Original],
    ) -> Result<Act, DemoError> {
        self.app.device().set_override(scene.device);
        let before = self.recorder.len();
        let response = client
            .send(&scene.request)
            .await
            .map_err(|source| DemoError::Request { number, source })?;
        let log = &self.setting.audit_log;
        let record = audit_log::record(log, response.nearside("request-id"))
            .await
            .map_err(|source| DemoError::Log {
                path: log.clone(),
                source,
            })?
            .ok_or_else(|| DemoError::NoRecord {
                number,
                path: log.clone(),
            })?;
        let crossings = self.recorder.since(before);
        Ok(Act::judge(
            scene,
            response,
            record,
            crossings,
            self.far_side,
            originals,
        ))
    }
}

impl Run {
    /// True when every expectation held.
    pub(crate) fn held(&self) -> bool {
        self.acts.iter().all(Act::held) && self.summary.held()
    }
}

/// How long the end of the demo may take.
const DRAIN: Duration = Duration::from_secs(2);
