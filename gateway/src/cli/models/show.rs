//! `nearside models show`: what a model is, and its files.

use local_engine::hub::{Description, Store, StoredModel};
use serde_json::{Value, json};

use super::{not_here, reference, short, size};
use crate::cli::{CliError, ModelsShowArgs, Style, Terminal};

/// Prints a page, or one object.
pub(super) fn run(
    args: &ModelsShowArgs,
    store: &Store,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let model = store.find(&reference(&args.name)?).map_err(not_here)?;
    let description = model.describe();
    if args.json {
        let description = description.as_ref().ok();
        writeln!(terminal.out(), "{}", to_json(&model, description))?;
        return Ok(());
    }
    let name = terminal.paint(Style::Bold, &model.name);
    writeln!(terminal.out(), "{name}")?;
    let about = match &description {
        Ok(description) => facts(description),
        Err(error) => vec![("problem", error.to_string())],
    };
    for (label, value) in about.into_iter().chain(place(&model)) {
        let label = terminal.paint(Style::Dim, format_args!("{label:<14}"));
        writeln!(terminal.out(), "  {label} {value}")?;
    }
    let longest = model.files.iter().map(|file| file.path.len()).max();
    let width = longest.unwrap_or_default().max("FILE".len());
    let heading = format!("{:<width$}  {:>7}", "FILE", "SIZE");
    let heading = terminal.paint(Style::Dim, heading);
    writeln!(terminal.out(), "\n  {heading}")?;
    for file in &model.files {
        let bytes = size::bytes(file.bytes);
        writeln!(terminal.out(), "  {:<width$}  {bytes:>7}", file.path)?;
    }
    Ok(())
}

/// What the model is.
fn facts(description: &Description) -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_owned();
    let chat = match (description.chat_template, description.tools) {
        (true, true) => "yes, with tools",
        (true, false) => "yes, without tools",
        (false, _) => "no: it continues text",
    };
    let tokens = |tokens| format!("{} tokens", size::grouped(tokens));
    vec![
        ("family", description.family.clone()),
        (
            "parameters",
            description.parameters.map_or_else(unknown, size::weights),
        ),
        (
            "bits",
            description
                .bits
                .map_or_else(unknown, |bits| bits.to_string()),
        ),
        (
            "context",
            description.context_tokens.map_or_else(unknown, tokens),
        ),
        ("chat template", chat.to_owned()),
        (
            "licence",
            description.licence.clone().unwrap_or_else(unknown),
        ),
    ]
}

/// Where it is, and of when.
fn place(model: &StoredModel) -> [(&'static str, String); 4] {
    let revision = match model.revisions.as_slice() {
        [] => model.commit.clone(),
        names => format!("{} ({})", names.join(", "), short(&model.commit)),
    };
    let (bytes, count) = (size::bytes(model.bytes()), model.files.len());
    [
        ("variant", model.variants.join(", ")),
        ("revision", revision),
        ("size", format!("{bytes} in {count} files")),
        ("folder", model.folder.display().to_string()),
    ]
}

fn to_json(model: &StoredModel, description: Option<&Description>) -> Value {
    let files = model.files.iter();
    let files = files.map(|file| json!({"path": file.path, "bytes": file.bytes}));
    json!({
        "name": model.name.as_str(),
        "commit": model.commit,
        "revisions": model.revisions,
        "variants": model.variants,
        "family": description.map(|it| &it.family),
        "parameters": description.and_then(|it| it.parameters),
        "bits": description.and_then(|it| it.bits),
        "context_tokens": description.and_then(|it| it.context_tokens),
        "chat_template": description.map(|it| it.chat_template),
        "tools": description.map(|it| it.tools),
        "licence": description.and_then(|it| it.licence.as_ref()),
        "bytes": model.bytes(),
        "files": files.collect::<Vec<_>>(),
        "folder": model.folder,
    })
}
