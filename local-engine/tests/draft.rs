//! A draft model through the front door: opened beside the model, or refused with the reason.

use std::path::{Path, PathBuf};

use local_engine::{
    DraftOptions, EngineOptions, Error, GenerateRequest, ModelOptions, ModelSource, Prompt, open,
};

fn testdata(file: &str) -> ModelSource {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/exported");
    ModelSource::Path(folder.join(file))
}

fn with_draft(source: ModelSource) -> EngineOptions {
    EngineOptions {
        threads: Some(1),
        max_context: 512,
        draft: Some(DraftOptions {
            source,
            model: ModelOptions::default(),
        }),
        ..EngineOptions::default()
    }
}

#[test]
fn a_draft_of_the_same_vocabulary_is_opened_and_changes_no_answer() {
    let source = testdata("tiny-llama-pair/decode.onnx");
    let answers = [None, Some(testdata("tiny-llama-pair/prefill.onnx"))].map(|draft| {
        let options = EngineOptions {
            draft: None,
            ..with_draft(ModelSource::Embedded)
        };
        let options = draft.map_or(options, with_draft);
        let engine = open(&source, &options).unwrap();
        let file = engine.model().draft_file.as_ref();
        let is_draft = |file: &String| file.ends_with("prefill.onnx");
        assert_eq!(options.draft.is_some(), file.is_some_and(is_draft));
        let request = GenerateRequest {
            max_tokens: Some(200),
            ignore_eos: true,
            ..GenerateRequest::greedy(Prompt::Ids((7..50).collect()))
        };
        let answer = engine.generate(request).unwrap().blocking_collect();
        let stats = engine.stats();
        for guesses in [stats.lookup, stats.draft] {
            assert!(guesses.accepted <= guesses.guessed);
            assert_eq!(guesses.acceptance_rate().is_some(), guesses.guessed > 0);
        }
        answer.unwrap().ids
    });
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn a_draft_of_another_vocabulary_is_refused_with_the_first_token_that_differs() {
    let error = open(
        &testdata("tiny-llama-pair/decode.onnx"),
        &with_draft(ModelSource::Embedded),
    )
    .unwrap_err();
    let message = error.to_string();
    let Error::DraftMismatch {
        id, ours, theirs, ..
    } = error
    else {
        panic!("{message}");
    };
    assert_ne!(ours, theirs);
    assert!(
        message.contains(&format!("token {id} is {theirs}")),
        "{message}"
    );
}

#[test]
fn a_draft_is_not_opened_for_a_graph_that_can_t_check_guesses() {
    // Scores the last token alone.
    let source = testdata("tiny-llama/model.onnx");
    let engine = open(&source, &with_draft(source.clone())).unwrap();
    assert_eq!(engine.model().draft_file, None);
    // Quantizes by what it reads.
    let engine = open(&ModelSource::Embedded, &with_draft(ModelSource::Embedded)).unwrap();
    assert_eq!(engine.model().draft_file, None);
}

#[test]
fn a_draft_that_is_not_there_is_an_error() {
    let missing = ModelSource::Path(PathBuf::from("no/such/draft.onnx"));
    let error = open(&testdata("tiny-llama/model.onnx"), &with_draft(missing)).unwrap_err();
    assert!(matches!(error, Error::FileMissing { .. }), "{error}");
}
