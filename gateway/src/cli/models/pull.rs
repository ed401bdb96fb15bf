//! `nearside models pull`: a model from the hub, while somebody may be watching.

use local_engine::hub::{Hub, HubError, Pull, Settings};

use super::{reference, short, watch::Watch};
use crate::{
    cli::{CliError, ModelsPullArgs, Style, Terminal},
    hub_client::HubClient,
};

/// Pulls, and prints the model's folder.
pub(super) fn run(
    args: &ModelsPullArgs,
    settings: &Settings,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let failed = |error| CliError::failed("the model can't be pulled", error);
    let reference = reference(&args.name)?;
    if settings.offline {
        let here = settings.store.find(&reference);
        let model = here.map_err(|_| {
            let name = reference.to_string();
            failed(HubError::Offline { name })
        })?;
        writeln!(
            terminal.err(),
            "HF_HUB_OFFLINE is set; {reference} is here already"
        )?;
        writeln!(terminal.out(), "{}", model.folder.display())?;
        return Ok(());
    }
    let client = HubClient::new(&settings.endpoint)
        .map_err(|error| CliError::failed("the HTTP client can't be set up", error))?;
    let transport = Box::new(client.clone());
    let hub = Hub::new(&settings.endpoint, settings.token(), transport).map_err(failed)?;
    client.stop_on_interrupt(hub.stop().clone());
    let pull = Pull {
        reference: reference.clone(),
        variant: args.variant.clone(),
        connections: usize::from(args.connections),
    };
    let watch = Watch::new(reference.name.as_str(), terminal);
    let pulled = pull.run(&hub, &settings.store, &watch);
    let summary = watch.finish();
    let pulled = pulled.map_err(failed)?;
    let name = terminal.paint_err(Style::Bold, &reference.name);
    let (commit, variant) = (short(&pulled.commit), &pulled.variant);
    writeln!(
        terminal.err(),
        "{name} is here: {summary}, variant {variant}, commit {commit}"
    )?;
    let hint = format!("nearside serve --model {reference}");
    let hint = terminal.paint_err(Style::Dim, hint);
    writeln!(terminal.err(), "  {hint}")?;
    writeln!(terminal.out(), "{}", pulled.folder.display())?;
    Ok(())
}
