//! `nearside models list`: a line for every model on this machine.

use local_engine::hub::{Description, Store, StoredModel};
use serde_json::{Value, json};

use super::{short, size};
use crate::cli::{CliError, ModelsListArgs, Style, Terminal};

/// Prints a table, or a list of objects.
pub(super) fn run(
    args: &ModelsListArgs,
    store: &Store,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let models = store
        .models()
        .map_err(|error| CliError::failed("the model store can't be read", error))?;
    // A model whose files are broken is listed all the same; `show` says what is wrong with it.
    let described: Vec<(&StoredModel, Option<Description>)> = models
        .iter()
        .map(|model| (model, model.describe().ok()))
        .collect();
    if args.json {
        let models: Vec<Value> = described.iter().map(to_json).collect();
        writeln!(terminal.out(), "{}", Value::from(models))?;
        return Ok(());
    }
    if models.is_empty() {
        let folder = store.folder().display();
        writeln!(
            terminal.err(),
            "no models in {folder}; `nearside models pull NAME` brings one"
        )?;
        return Ok(());
    }
    let rows: Vec<[String; 6]> = described.iter().map(row).collect();
    let headings = HEADINGS.map(str::to_owned);
    let widths: [usize; 6] = std::array::from_fn(|column| {
        let cells = rows.iter().chain([&headings]);
        let widths = cells.filter_map(|row| Some(row.get(column)?.chars().count()));
        widths.max().unwrap_or_default()
    });
    let headings = terminal.paint(Style::Bold, aligned(&headings, &widths));
    writeln!(terminal.out(), "{headings}")?;
    for row in &rows {
        writeln!(terminal.out(), "{}", aligned(row, &widths))?;
    }
    Ok(())
}

fn row((model, description): &(&StoredModel, Option<Description>)) -> [String; 6] {
    let known = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let family = description.as_ref().map(|it| it.family.clone());
    let context = description.as_ref().and_then(|it| it.context_tokens);
    let revision = match model.revisions.as_slice() {
        [] => short(&model.commit).to_owned(),
        names => format!("{} ({})", short(&model.commit), names.join(", ")),
    };
    [
        model.name.to_string(),
        model.variants.join(", "),
        known(family),
        known(context.map(size::grouped)),
        size::bytes(model.bytes()),
        revision,
    ]
}

fn to_json((model, description): &(&StoredModel, Option<Description>)) -> Value {
    json!({
        "name": model.name.as_str(),
        "commit": model.commit,
        "revisions": model.revisions,
        "variants": model.variants,
        "family": description.as_ref().map(|it| &it.family),
        "context_tokens": description.as_ref().and_then(|it| it.context_tokens),
        "bytes": model.bytes(),
        "folder": model.folder,
    })
}

/// Words to the left, numbers to the right; nothing after the last word.
fn aligned(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let columns = cells.iter().zip(widths).zip(HEADINGS);
    let columns = columns.map(|((cell, &width), heading)| {
        if NUMBERS.contains(&heading) {
            format!("{cell:>width$}")
        } else {
            format!("{cell:<width$}")
        }
    });
    let line: Vec<String> = columns.collect();
    line.join("  ").trim_end().to_owned()
}

const HEADINGS: [&str; 6] = ["MODEL", "VARIANT", "FAMILY", "CONTEXT", "SIZE", "REVISION"];
const NUMBERS: [&str; 2] = ["CONTEXT", "SIZE"];
