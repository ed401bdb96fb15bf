//! The sides of a measurement, each with async threads of its own, told apart by their names.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use router::{Api, Zone};
use tokio::net::TcpListener;
use tokio::runtime;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::super::super::CliError;
use super::super::process;
use super::peer::{passthrough, upstream};
use crate::App;
use crate::config::{AuditConfig, Auth, Config, TargetConfig, Timeouts};
use crate::device::DeviceOverrides;
use crate::tagger::Tagger;

/// Everything that takes part.
pub(super) struct Sides {
    pub(super) client: Side,
    targets: [Target; 3],
    others: [Side; 2],
    gateway: Side,
    app: App,
    _folder: Folder,
}

/// Something to put load on.
pub(super) struct Target {
    pub(super) name: &'static str,
    pub(super) address: SocketAddr,
    is_own_thread: Option<fn(&str) -> bool>,
}

/// Async threads of one name.
pub(super) struct Side {
    runtime: runtime::Runtime,
    tasks: TaskTracker,
}

impl Sides {
    pub(super) fn start() -> Result<Self, CliError> {
        let failed = |error| CliError::failed("the measurement can't be set up", error);
        let client = Side::start(CLIENT).map_err(failed)?;
        let far = Side::start(UPSTREAM).map_err(failed)?;
        let (listener, far_address) = far.listen().map_err(failed)?;
        far.tasks.spawn_on(
            upstream::serve(listener, far.tasks.clone()),
            far.runtime.handle(),
        );
        let floor = Side::start(PASSTHROUGH).map_err(failed)?;
        let (listener, floor_address) = floor.listen().map_err(failed)?;
        let serve = passthrough::serve(listener, far_address, floor.tasks.clone());
        floor.tasks.spawn_on(serve, floor.runtime.handle());

        let folder = Folder::new().map_err(failed)?;
        let gateway = Side::start("bench-gateway").map_err(failed)?;
        let starting = App::start_with(config(far_address, &folder.0), None, Tagger::Off);
        let app = gateway
            .runtime
            .block_on(starting)
            .map_err(|error| CliError::failed("the gateway can't start", error))?;
        let target = |name, address, is_own_thread| Target {
            name,
            address,
            is_own_thread,
        };
        let targets = [
            target("direct", far_address, None),
            target(
                "pass-through",
                floor_address,
                Some(|name| name == PASSTHROUGH),
            ),
            target("nearside", app.listen(), Some(is_of_gateway)),
        ];
        Ok(Self {
            client,
            targets,
            others: [far, floor],
            gateway,
            app,
            _folder: folder,
        })
    }

    pub(super) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter()
    }

    /// Ends the gateway in good order, then the rest at once.
    pub(super) fn stop(self) {
        self.gateway.runtime.block_on(self.app.shutdown(DRAIN));
        for side in self.others {
            side.runtime.shutdown_background();
        }
    }
}

/// Audit log and admin port have threads too; the main thread only waits.
fn is_of_gateway(thread: &str) -> bool {
    ![CLIENT, UPSTREAM, PASSTHROUGH].contains(&thread)
}

impl Target {
    /// What its threads have taken so far; `None` where it has none or that is not known.
    pub(super) fn processor_time(&self) -> Option<Duration> {
        process::thread_time(self.is_own_thread?)
    }
}

impl Side {
    fn start(name: &str) -> io::Result<Self> {
        let runtime = runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name(name)
            .build()?;
        Ok(Self {
            runtime,
            tasks: TaskTracker::new(),
        })
    }

    fn listen(&self) -> io::Result<(TcpListener, SocketAddr)> {
        let listener = self
            .runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }

    /// Runs something on the threads of this side, and waits for it.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> io::Result<T> {
        let working = self.tasks.spawn_on(work, self.runtime.handle());
        self.runtime.block_on(working).map_err(io::Error::other)
    }
}

/// The default policy: without a local model its last rule sends everything to the cloud, after
/// all conditions were looked at.
fn config(upstream: SocketAddr, folder: &Path) -> Config {
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let target = TargetConfig {
        name: "upstream".to_owned(),
        zone: Zone::Cloud,
        api: Api::OpenAi,
        base_url: format!("http://{upstream}/v1"),
        auth: Auth::Passthrough,
        price: [].into(),
        quality: None,
        timeouts: Timeouts::default(),
        context_tokens: None,
        responses: true,
        models: Vec::new(),
    };
    Config {
        listen: free,
        admin: free,
        local: None,
        targets: vec![target],
        audit: Some(AuditConfig {
            file: folder.join("audit.jsonl"),
            required: false,
        }),
        device: DeviceOverrides {
            online: Some(true),
            ..DeviceOverrides::default()
        },
        ..Config::default()
    }
}

/// A folder of its own, gone when the measurement is.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let id = Uuid::new_v4().simple();
        let path = std::env::temp_dir().join(format!("nearside-bench-{id}"));
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the folder for temporary files is the system's to clear.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Linux keeps 15 bytes of a thread's name.
const CLIENT: &str = "bench-client";
const UPSTREAM: &str = "bench-upstream";
const PASSTHROUGH: &str = "bench-floor";

const DRAIN: Duration = Duration::from_secs(5);
