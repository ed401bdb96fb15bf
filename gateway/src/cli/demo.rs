//! `nearside demo`: the main job on embedded models, shown and checked.

use std::io::{self, IsTerminal};

use redactor::Sensitive;
use terminal_size::{Width, terminal_size};

use super::{CliError, DemoArgs, Terminal, serve};
use crate::{
    config::Environment,
    demo::{Act, Demo, DemoError, Options, Page, Provider, Run, as_json},
};

/// Shows every request as it is answered. Fails when an expectation does not hold.
pub(super) fn run(
    args: &DemoArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let page = page(environment);
    serve::runtime()?.block_on(async {
        if args.json {
            as_document(args, terminal, environment).await
        } else {
            as_text(page, args, terminal, environment).await
        }
    })
}

async fn as_text(
    page: Page,
    args: &DemoArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    print(terminal, &page.introduction(args.cloud.is_none()))?;
    let demo = start(args, environment).await?;
    print(terminal, &page.setting(&demo.setting))?;
    let mut printed = Ok(());
    let shown = |number, act: &Act| {
        if printed.is_ok() {
            printed = print(terminal, &page.act(number, act));
        }
    };
    let run = demo.run(shown).await.map_err(failed)?;
    printed?;
    print(terminal, &page.summary(&demo.setting, &run))?;
    if args.keep {
        demo.release_device();
        print(terminal, &page.keep(&demo.setting))?;
        serve::stopped().await?;
    }
    demo.stop().await;
    verdict(&run)
}

async fn as_document(
    args: &DemoArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let demo = start(args, environment).await?;
    let run = demo.run(|_, _| {}).await.map_err(failed)?;
    print(terminal, &format!("{:#}\n", as_json(&demo.setting, &run)))?;
    if args.keep {
        demo.release_device();
        serve::stopped().await?;
    }
    demo.stop().await;
    verdict(&run)
}

async fn start(args: &DemoArgs, environment: &Environment) -> Result<Demo, CliError> {
    let provider = args.cloud.as_ref().map(|base_url| Provider {
        base_url: base_url.clone(),
        model: args.model.clone(),
        key: environment.var(KEY_VAR).map(Sensitive::new),
    });
    Demo::start(Options {
        fixed_ports: args.keep,
        provider,
    })
    .await
    .map_err(failed)
}

fn failed(error: DemoError) -> CliError {
    match error {
        DemoError::CloudUrl => CliError::Usage(error.to_string()),
        DemoError::Start(error) => serve::start_failed(error),
        DemoError::Folder { .. }
        | DemoError::Loopback(_)
        | DemoError::Client(_)
        | DemoError::Request { .. }
        | DemoError::Log { .. }
        | DemoError::NoRecord { .. } => CliError::failed("the demo can't go on", error),
    }
}

fn verdict(run: &Run) -> Result<(), CliError> {
    if run.held() {
        return Ok(());
    }
    Err(CliError::message("not all expectations of the demo held"))
}

/// Each piece is to be seen at once.
fn print(terminal: &mut Terminal, text: &str) -> Result<(), CliError> {
    terminal.out().write_all(text.as_bytes())?;
    Ok(terminal.flush()?)
}

/// As wide as the terminal, within what reads well.
fn page(environment: &Environment) -> Page {
    let is_terminal = io::stdout().is_terminal();
    let width = terminal_size().map_or(DEFAULT_WIDTH, |(Width(width), _)| usize::from(width));
    Page {
        width: if is_terminal {
            width.clamp(60, 110)
        } else {
            DEFAULT_WIDTH
        },
        colours: is_terminal && !environment.no_color(),
    }
}

const DEFAULT_WIDTH: usize = 100;
const KEY_VAR: &str = "OPENAI_API_KEY";
