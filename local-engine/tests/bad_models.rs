//! Models that can't be opened say why, and never crash the process.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking, helpers too"
)]

use std::{error::Error as _, fs, path::Path};

use local_engine::{EngineOptions, Error, ModelSource, open};

/// A copy of the embedded model's files that a test then damages.
fn model_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/nearside-tiny");
    for file in [
        "model.onnx",
        "tokenizer.json",
        "tokenizer_config.json",
        "config.json",
    ] {
        fs::copy(original.join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn refusal(folder: &Path) -> Error {
    let source = ModelSource::Path(folder.to_owned());
    open(&source, &EngineOptions::default()).expect_err("the model is broken")
}

/// A protocol-buffer field with a length below 128.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    assert!(length < 128);
    [&[number << 3 | 2, length], content].concat()
}

/// An ONNX file with one node, `y = Identity(x)`, and the graph's other parts as given.
fn identity_graph(other_parts: &[u8]) -> Vec<u8> {
    let node = [field(1, b"x"), field(2, b"y"), field(4, b"Identity")].concat();
    let float_vector = field(
        1,
        &[vec![0x08, 1], field(2, &field(1, &[0x08, 4]))].concat(),
    );
    let end = |name: &[u8]| [field(1, name), field(2, &float_vector)].concat();
    let ends = [field(11, &end(b"x")), field(12, &end(b"y"))].concat();
    let graph = [field(1, &node), field(2, b"g"), ends, other_parts.to_vec()].concat();
    let opset = [0x10, 17];
    [vec![0x08, 8], field(7, &graph), field(8, &opset)].concat()
}

#[test]
fn the_undamaged_copy_opens() {
    let folder = model_folder();
    open(
        &ModelSource::Path(folder.path().to_owned()),
        &EngineOptions::default(),
    )
    .unwrap();
}

#[test]
fn a_graph_cut_short_is_named() {
    let folder = model_folder();
    let graph = folder.path().join("model.onnx");
    let bytes = fs::read(&graph).unwrap();
    for length in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&graph, &bytes[..length]).unwrap();
        let error = refusal(folder.path());
        assert!(matches!(error, Error::GraphMalformed { .. }), "{error:?}");
        assert!(error.to_string().contains("model.onnx"), "{error}");
    }
}

#[test]
fn an_unknown_operator_gives_an_error_of_onnx_runtime() {
    let folder = model_folder();
    let graph = folder.path().join("model.onnx");
    let mut bytes = fs::read(&graph).unwrap();
    // The field of a node that names its operator: its key, its length, the name.
    let operator = b"\x22\x13GroupQueryAttention";
    let at = bytes
        .windows(operator.len())
        .position(|window| window == operator)
        .unwrap();
    bytes[at + 2] = b'X';
    fs::write(&graph, &bytes).unwrap();
    let error = refusal(folder.path());
    assert!(matches!(error, Error::Session { .. }), "{error:?}");
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains("XroupQueryAttention"), "{cause}");
}

#[test]
fn a_missing_tokenizer_is_named() {
    let folder = model_folder();
    fs::remove_file(folder.path().join("tokenizer.json")).unwrap();
    let error = refusal(folder.path());
    assert!(error.to_string().contains("tokenizer.json"), "{error}");
}

#[test]
fn a_tokenizer_that_is_none_is_refused() {
    let folder = model_folder();
    fs::write(folder.path().join("tokenizer.json"), "{}").unwrap();
    assert!(matches!(refusal(folder.path()), Error::Tokenizer { .. }));
}

#[test]
fn a_template_that_does_not_parse_is_refused() {
    let folder = model_folder();
    fs::write(folder.path().join("chat_template.jinja"), "{% if %}").unwrap();
    assert!(matches!(refusal(folder.path()), Error::Template { .. }));
}

#[test]
fn a_graph_that_is_no_decoder_is_refused() {
    let folder = model_folder();
    fs::write(folder.path().join("model.onnx"), identity_graph(&[])).unwrap();
    let error = refusal(folder.path());
    assert!(matches!(error, Error::NotADecoder { .. }), "{error:?}");
    assert!(error.to_string().contains("past_key_values"), "{error}");
}

#[test]
fn weights_outside_the_folder_or_missing_are_refused() {
    for (location, problem) in [
        (&b"../weights.bin"[..], "is outside the model's folder"),
        (b"/etc/hostname", "is outside the model's folder"),
        (b"weights.bin", "does not exist"),
    ] {
        let folder = model_folder();
        let entry = [field(1, b"location"), field(2, location)].concat();
        let tensor = [field(8, b"w"), field(13, &entry), vec![0x70, 1]].concat();
        let graph = identity_graph(&field(5, &tensor));
        fs::write(folder.path().join("model.onnx"), graph).unwrap();
        let error = refusal(folder.path());
        assert!(error.to_string().ends_with(problem), "{error}");
    }
}

/// A folder with the graph of that name in `testdata/bad_models`, whose script says what is wrong.
fn folder_with_graph(name: &str) -> tempfile::TempDir {
    let folder = model_folder();
    let graphs = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bad_models");
    let graph = graphs.join(format!("{name}.onnx"));
    fs::copy(graph, folder.path().join("model.onnx")).unwrap();
    folder
}

#[test]
fn the_sound_decoder_opens() {
    let folder = folder_with_graph("sound");
    let source = ModelSource::Path(folder.path().to_owned());
    let engine = open(&source, &EngineOptions::default()).unwrap();
    assert_eq!(engine.model().vocabulary, 1600);
}

#[test]
fn graphs_that_the_engine_cannot_feed_are_refused_by_the_input_s_name() {
    let check = |graph: &str, input: &str, reason: &str| {
        let error = refusal(folder_with_graph(graph).path());
        let message = error.to_string();
        assert!(matches!(error, Error::InputUnsupported { .. }), "{message}");
        assert!(message.contains(&format!("`{input}`")), "{message}");
        assert!(message.contains(reason), "{message}");
    };
    check(
        "fixed_batch",
        "past_key_values.0.key",
        "batch is fixed at 2",
    );
    check("fixed_length", "input_ids", "length is fixed at 1");
    check(
        "fixed_cache",
        "past_key_values.0.key",
        "length is fixed at 128",
    );
    check(
        "bfloat16_cache",
        "past_key_values.0.key",
        "float32 or float16",
    );
    check("convolution", "past_conv.0", "not an input of plain text");
    check("recurrent", "past_ssm.0", "not an input of plain text");
    check("images", "pixel_values", "not an input of plain text");
    check("embeddings", "inputs_embeds", "not an input of plain text");
}

#[test]
fn a_head_size_that_nothing_tells_is_asked_for() {
    let folder = folder_with_graph("open_head_size");
    fs::remove_file(folder.path().join("config.json")).unwrap();
    let message = refusal(folder.path()).to_string();
    assert!(message.contains("the size of a head"), "{message}");
}

#[test]
fn a_graph_without_layers_is_refused() {
    let error = refusal(folder_with_graph("zero_layers").path());
    assert!(matches!(error, Error::NotADecoder { .. }), "{error}");
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let message = refusal(folder_with_graph("small_vocabulary").path()).to_string();
    assert_eq!(
        message,
        "the tokenizer has 1536 tokens, but the graph scores only 3: they are of different models"
    );
}

#[test]
fn operators_and_versions_that_onnx_runtime_lacks_give_its_own_words() {
    let check = |graph: &str, words: &str| {
        let error = refusal(folder_with_graph(graph).path());
        assert!(matches!(error, Error::Session { .. }), "{error:?}");
        let cause = error.source().unwrap().to_string();
        assert!(cause.contains(words), "{cause}");
    };
    check("unknown_domain", "nobody.knows");
    check("future_opset", "999");
}

/// Bytes of the weights that `external.onnx` keeps in `weights.bin`.
const EXTERNAL_BYTES: usize = 6400;

#[test]
fn weights_are_as_long_as_the_graph_says() {
    let folder = folder_with_graph("external");
    let weights = folder.path().join("weights.bin");
    fs::write(&weights, [0; EXTERNAL_BYTES]).unwrap();
    let source = ModelSource::Path(folder.path().to_owned());
    let engine = open(&source, &EngineOptions::default()).unwrap();
    assert!(engine.model().weight_bytes > EXTERNAL_BYTES as u64);
    fs::write(&weights, [0; EXTERNAL_BYTES - 1]).unwrap();
    let message = refusal(folder.path()).to_string();
    assert!(
        message.ends_with("which is shorter than the graph says"),
        "{message}"
    );
    fs::remove_file(&weights).unwrap();
    fs::create_dir(&weights).unwrap();
    let message = refusal(folder.path()).to_string();
    assert!(message.ends_with("which is no file"), "{message}");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    use std::os::unix::fs::symlink;

    let elsewhere = tempfile::tempdir().unwrap();
    let folder = folder_with_graph("external");
    fs::write(elsewhere.path().join("weights.bin"), [0; EXTERNAL_BYTES]).unwrap();
    symlink(
        elsewhere.path().join("weights.bin"),
        folder.path().join("weights.bin"),
    )
    .unwrap();
    let message = refusal(folder.path()).to_string();
    assert!(
        message.ends_with("which is outside the model's folder"),
        "{message}"
    );
    for file in ["model.onnx", "tokenizer.json", "config.json"] {
        let folder = model_folder();
        let path = folder.path().join(file);
        fs::rename(&path, elsewhere.path().join(file)).unwrap();
        symlink(elsewhere.path().join(file), &path).unwrap();
        let error = refusal(folder.path());
        assert!(
            matches!(error, Error::OutsideFolder { .. }),
            "{file}: {error}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_snapshot_of_the_hugging_face_cache_opens() {
    use std::os::unix::fs::symlink;

    let root = tempfile::tempdir().unwrap();
    let model = root.path().join("models--me--external");
    let snapshot = model.join("snapshots/0a1b2c");
    fs::create_dir_all(&snapshot).unwrap();
    fs::create_dir(model.join("blobs")).unwrap();
    let files = folder_with_graph("external");
    fs::write(files.path().join("weights.bin"), [0; EXTERNAL_BYTES]).unwrap();
    for entry in fs::read_dir(files.path()).unwrap() {
        let file = entry.unwrap();
        fs::rename(file.path(), model.join("blobs").join(file.file_name())).unwrap();
        let target = Path::new("../../blobs").join(file.file_name());
        symlink(target, snapshot.join(file.file_name())).unwrap();
    }
    open(&ModelSource::Path(snapshot), &EngineOptions::default()).unwrap();
}

#[test]
fn tokenizers_that_are_broken_are_refused() {
    let folder = model_folder();
    let file = folder.path().join("tokenizer.json");
    let whole = fs::read_to_string(&file).unwrap();
    let cut = whole.get(..whole.len() / 2).unwrap();
    for text in [
        "",
        "null",
        "[1, 2]",
        cut,
        r#"{"version": "1.0", "model": {"type": "Magic"}}"#,
    ] {
        fs::write(&file, text).unwrap();
        assert!(matches!(refusal(folder.path()), Error::Tokenizer { .. }));
    }
}

#[test]
fn an_unknown_name_lists_what_was_looked_for() {
    let message = ModelSource::resolve("no-such-model")
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("nearside-tiny") && message.contains("no-such-model"),
        "{message}"
    );
}
