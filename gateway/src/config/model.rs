//! The part of `local:` that says which files of the model run, and where.

use std::path::PathBuf;

use local_engine::{ModelOptions, Provider};
use router::yaml::Spanned;

use super::file::LocalFile;
use super::problem::{Place, Problems, Typed};

/// Checks what can be known without the model's folder. Whether a variant exists is known when the
/// engine opens it.
pub(super) fn check_options(local: &LocalFile, problems: &mut Problems) -> ModelOptions {
    let variant = problems
        .parse("local.variant", local.variant.as_ref(), parse_variant)
        .flatten();
    let mut graph =
        |key: &str, name: Option<&Spanned<String>>| problems.parse(key, name, parse_graph);
    let prefill = graph("local.prefill", local.prefill.as_ref());
    let decode = graph("local.decode", local.decode.as_ref());
    check_pair(local, problems);
    ModelOptions {
        variant,
        prefill,
        decode,
        memory: None,
        providers: check_providers(&local.providers, problems),
        template_variables: local.template.clone(),
    }
}

fn parse_variant(text: &str) -> Result<Option<String>, &'static str> {
    match text {
        "" => Err("auto, or the name of a variant such as q4, fp16, pair or a folder"),
        "auto" => Ok(None),
        name => Ok(Some(name.to_owned())),
    }
}

fn parse_graph(text: &str) -> Result<PathBuf, &'static str> {
    let path = PathBuf::from(text);
    if path.extension().is_some_and(|end| end == "onnx") {
        Ok(path)
    } else {
        Err("an .onnx file")
    }
}

/// Two graphs run one model, or one does.
fn check_pair(local: &LocalFile, problems: &mut Problems) {
    let (alone, missing) = match (&local.prefill, &local.decode) {
        (Some(prefill), None) => (prefill, "local.decode beside local.prefill"),
        (None, Some(decode)) => (decode, "local.prefill beside local.decode"),
        (Some(_), Some(_)) | (None, None) => return,
    };
    problems.note(Place::of(alone), format!("expected {missing}"));
}

fn check_providers(names: &[Spanned<String>], problems: &mut Problems) -> Vec<Provider> {
    let mut providers = Vec::new();
    for name in names {
        if let Ok(provider) = name.value.parse() {
            providers.push(provider);
            continue;
        }
        let typed = Typed {
            key: "local.providers",
            value: &name.value,
            place: Place::of(name),
        };
        problems.expected(typed, "cpu, cuda, coreml, directml, openvino or qnn");
    }
    providers
}
