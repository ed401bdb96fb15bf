//! `local:`: which model runs in this process, from which of its files, where, and within what.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use local_engine::{
    AdapterSummary, DraftOptions, EngineOptions, Load, ModelOptions, ModelSource, Provider,
};
use router::{complexity::SizeClass, yaml::Spanned};

use super::LocalConfig;
use super::file::{DraftFile, LocalFile};
use super::problem::{Place, Problems, Typed};
use super::units;
use crate::calibration::Measured;

/// Checks the engine's settings; `None` where it is turned off.
pub(super) fn check(
    local: &LocalFile,
    folder: &Path,
    problems: &mut Problems,
) -> Option<LocalConfig> {
    let model = problems
        .parse("local.model", local.model.as_ref(), |text| {
            resolve_model(text, folder)
        })
        .unwrap_or(ModelSource::Embedded);
    let embeddings = problems.parse("local.embeddings", local.embeddings.as_ref(), |text| {
        resolve_encoder(text, folder)
    });
    let size = problems
        .parse("local.size", local.size.as_ref(), parse_size)
        .flatten();
    let calibration = problems.parse("local.calibration", local.calibration.as_ref(), |text| {
        let read = Measured::read(&folder.join(text));
        read.map_err(|error| format!("a file that `nearside calibrate` made ({error})"))
    });
    let engine = check_engine(local, folder, problems);
    let enabled = local.enabled.unwrap_or(true);
    enabled.then_some(LocalConfig {
        model,
        size,
        calibration,
        engine,
        embeddings,
    })
}

fn parse_size(text: &str) -> Result<Option<SizeClass>, &'static str> {
    match text {
        "auto" => Ok(None),
        name => SizeClass::from_name(name)
            .map(Some)
            .ok_or("auto, small, medium or large"),
    }
}

/// What `local.model` means: `text` as a path beside `folder`, else as the engine resolves names.
///
/// # Errors
/// What was expected, and why `text` is none of it.
pub(super) fn resolve_model(text: &str, folder: &Path) -> Result<ModelSource, String> {
    let beside = folder.join(text);
    let found = match beside.to_str() {
        Some(path) if beside.exists() => ModelSource::resolve(path),
        Some(_) | None => ModelSource::resolve(text),
    };
    found.map_err(|error| {
        format!("an embedded model, a model of the store, a folder, or an .onnx file ({error})")
    })
}

fn resolve_encoder(text: &str, folder: &Path) -> Result<ModelSource, String> {
    const EXPECTED: &str = "a sentence encoder: a model of the store, a folder, or an .onnx file";
    match resolve_model(text, folder) {
        Ok(ModelSource::Path(path)) => Ok(ModelSource::Path(path)),
        Ok(ModelSource::Embedded) | Err(_) => Err(EXPECTED.to_owned()),
    }
}

fn check_engine(local: &LocalFile, folder: &Path, problems: &mut Problems) -> EngineOptions {
    let usual = EngineOptions::default();
    let model = check_model(local, problems);
    let draft = local.draft.as_ref();
    let draft = draft.and_then(|draft| check_draft(draft, &model, folder, problems));
    let mut count = |key: &str, number: Option<&Spanned<u64>>, expected, usual| {
        let checked = problems.number(key, number, expected, units::positive);
        checked.unwrap_or(usual)
    };
    let max_context = count(
        "local.max_context",
        local.max_context.as_ref(),
        "a number of tokens, 1 or more",
        usual.max_context,
    );
    let queue_limit = count(
        "local.queue",
        local.queue.as_ref(),
        REQUESTS,
        usual.queue_limit,
    );
    let slots = count("local.slots", local.slots.as_ref(), REQUESTS, usual.slots);
    let mut memory = |key: &str, size: Option<&Spanned<String>>, usual| {
        let checked = problems.parse(key, size, units::bytes);
        checked.map_or(usual, |bytes| bytes as u64)
    };
    let cache_bytes = memory("local.cache", local.cache.as_ref(), usual.cache_bytes);
    let prefix_bytes = memory(
        "local.prefix_cache",
        local.prefix_cache.as_ref(),
        usual.prefix_bytes,
    );
    EngineOptions {
        threads: problems
            .parse("local.threads", local.threads.as_ref(), parse_threads)
            .unwrap_or(usual.threads),
        max_context,
        queue_limit,
        slots,
        cache_bytes,
        prefix_bytes,
        memory: problems
            .parse("local.memory", local.memory.as_ref(), parse_memory)
            .unwrap_or(usual.memory),
        load: problems
            .parse("local.load", local.load.as_ref(), parse_load)
            .unwrap_or(usual.load),
        keep_alive: problems
            .parse(
                "local.keep_alive",
                local.keep_alive.as_ref(),
                parse_keep_alive,
            )
            .unwrap_or(usual.keep_alive),
        prompt_lookup: local.prompt_lookup.unwrap_or(usual.prompt_lookup),
        draft,
        model,
    }
}

pub(super) fn parse_threads(text: &str) -> Result<Option<usize>, &'static str> {
    const EXPECTED: &str = "auto or a number of threads from 1 to 1024";
    match text {
        "auto" => Ok(None),
        _ => match text.parse() {
            Ok(threads @ 1..=1024) => Ok(Some(threads)),
            Ok(_) | Err(_) => Err(EXPECTED),
        },
    }
}

fn parse_memory(text: &str) -> Result<Option<u64>, &'static str> {
    match text {
        "auto" => Ok(None),
        _ => match units::bytes(text) {
            Ok(bytes @ 1..) => Ok(Some(bytes as u64)),
            Ok(_) | Err(_) => Err("auto, or a size such as `512MiB` or `4GiB`"),
        },
    }
}

fn parse_load(text: &str) -> Result<Load, &'static str> {
    match text {
        "start" => Ok(Load::AtOpen),
        "first_request" => Ok(Load::AtFirstRequest),
        _ => Err("start or first_request"),
    }
}

fn parse_keep_alive(text: &str) -> Result<Option<Duration>, &'static str> {
    match text {
        "never" => Ok(None),
        "0" => Ok(Some(Duration::ZERO)),
        _ => match units::duration(text) {
            Ok(time) => Ok(Some(time)),
            Err(_) => Err("never, 0, or a duration such as `30s`, `5m` or `1h`"),
        },
    }
}

/// Checks what can be known without the model's folder. Whether a variant exists is known when the
/// engine opens it.
fn check_model(local: &LocalFile, problems: &mut Problems) -> ModelOptions {
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
        adapters: check_adapters(&local.adapters, problems),
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

/// Whether a file fits the model is known when the engine opens it.
fn check_adapters(
    files: &BTreeMap<String, Spanned<String>>,
    problems: &mut Problems,
) -> BTreeMap<String, PathBuf> {
    let mut adapters = BTreeMap::new();
    for (name, file) in files {
        let key = format!("local.adapters.{name}");
        if !AdapterSummary::is_name(name) {
            let expected = "a name of 1 to 64 letters, digits, `-`, `_` and `.`";
            problems.note(Place::of(file), format!("{key}: expected {expected}"));
        }
        let path = problems.parse(&key, Some(file), parse_adapter);
        adapters.extend(path.map(|path| (name.clone(), path)));
    }
    adapters
}

fn parse_adapter(text: &str) -> Result<PathBuf, &'static str> {
    let path = PathBuf::from(text);
    if path.extension().is_some_and(|end| end == "onnx_adapter") {
        Ok(path)
    } else {
        Err("an .onnx_adapter file")
    }
}

/// A draft that runs where the model does. Whether its vocabulary is the model's is known when the
/// engine opens both.
fn check_draft(
    draft: &Spanned<DraftFile>,
    model: &ModelOptions,
    folder: &Path,
    problems: &mut Problems,
) -> Option<DraftOptions> {
    let DraftFile {
        model: source,
        variant,
    } = &draft.value;
    if source.is_none() {
        problems.note(Place::of(draft), "local.draft.model: is missing".to_owned());
    }
    let variant = problems
        .parse("local.draft.variant", variant.as_ref(), parse_variant)
        .flatten();
    let source = problems.parse("local.draft.model", source.as_ref(), |text| {
        resolve_model(text, folder)
    })?;
    Some(DraftOptions {
        source,
        model: ModelOptions {
            variant,
            providers: model.providers.clone(),
            ..ModelOptions::default()
        },
    })
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

const REQUESTS: &str = "a number of requests, 1 or more";
