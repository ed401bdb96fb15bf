//! `nearside serve`: the gateway, until it is told to stop.

use std::time::Duration;

use tokio::runtime;

use super::{CliError, ServeArgs, Style, Terminal};
use crate::{
    App, StartError,
    config::{Config, Environment, Flags},
    telemetry::log,
};

/// Serves until Ctrl-C or SIGTERM, then lets requests under way end.
pub(super) fn run(
    args: &ServeArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let level = args.log_level.clone().or_else(|| environment.var(LOG_VAR));
    log::start(
        args.log_format,
        level.as_deref().unwrap_or("info"),
        terminal.has_colours(),
    )
    .map_err(|error| CliError::Usage(error.to_string()))?;
    let flags = Flags {
        config: args.config.clone(),
        listen: args.listen.clone(),
        admin: args.admin.clone(),
        model: args.model.clone(),
        policies: args.policy.clone(),
    };
    let config = Config::load(&flags, environment)?;
    if config.local.is_some() {
        // Fetched once, with pip's own progress, before any thread of ours is there to wait for it.
        local_engine::runtime::load()
            .map_err(|error| CliError::failed("the local model can't run", error))?;
    }
    runtime()?.block_on(async {
        let app = App::start(config).await.map_err(start_failed)?;
        let base = terminal.paint_err(Style::Bold, format!("http://{}/v1", app.listen()));
        writeln!(
            terminal.err(),
            "serving on {base}, admin on http://{}",
            app.admin()
        )?;
        stopped().await?;
        writeln!(
            terminal.err(),
            "stopping: waiting up to {} s for requests",
            DRAIN.as_secs()
        )?;
        app.shutdown(DRAIN).await;
        Ok(())
    })
}

/// The runtime of the gateway: a worker a core.
pub(super) fn runtime() -> Result<runtime::Runtime, CliError> {
    runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::failed("the async runtime can't be started", error))
}

/// A policy's mistakes are wrong configuration; the rest is a failure.
pub(super) fn start_failed(error: StartError) -> CliError {
    if let StartError::Policy(error) = error {
        return CliError::Config(error);
    }
    CliError::failed("the gateway can't start", error)
}

/// Waits for Ctrl-C, or for SIGTERM where there is one.
pub(super) async fn stopped() -> Result<(), CliError> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

const LOG_VAR: &str = "NEARSIDE_LOG";

/// Long enough for most answers under way; systemd's own patience is 90 s.
const DRAIN: Duration = Duration::from_secs(30);
