//! The embedded model answers as its reference does, which the training scripts recorded with
//! ONNX Runtime (`testdata/nearside-tiny.json`).
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::sync::{Arc, LazyLock};

use local_engine::{
    Completion, Engine, EngineOptions, FinishReason, GenerateRequest, ModelSource, Prompt, open,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Reference {
    model_sha256: String,
    stop_ids: Vec<u32>,
    plain: Vec<Plain>,
    chats: Vec<Chat>,
}

#[derive(Deserialize)]
struct Plain {
    prompt: String,
    prompt_ids: Vec<u32>,
    greedy_ids: Vec<u32>,
}

#[derive(Deserialize)]
struct Chat {
    name: String,
    messages: Vec<serde_json::Value>,
    chat_ids: Vec<u32>,
    chat_greedy_ids: Vec<u32>,
    chat_text: String,
    min_margin: f64,
}

/// Below this distance between the two best scores another processor may choose differently.
const SAFE_MARGIN: f64 = 0.02;

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    serde_json::from_slice(include_bytes!("../testdata/nearside-tiny.json")).unwrap()
});

/// Reads every prompt whole, as the reference did: the model quantizes dynamically, so a prompt
/// that starts from an earlier one's cache is rounded differently.
fn engine() -> Arc<dyn Engine> {
    let options = EngineOptions {
        prefix_bytes: 0,
        ..EngineOptions::default()
    };
    open(&ModelSource::Embedded, &options).unwrap()
}

fn answer(engine: &Arc<dyn Engine>, request: GenerateRequest) -> Completion {
    engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap()
}

#[test]
fn the_reference_was_recorded_from_the_embedded_model() {
    let digest = Sha256::digest(include_bytes!("../models/nearside-tiny/model.onnx"));
    let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest.concat(), REFERENCE.model_sha256);
}

#[test]
fn plain_prompts_are_continued_token_for_token() {
    let engine = engine();
    for case in &REFERENCE.plain {
        let prompt = Prompt::Text(case.prompt.clone());
        assert_eq!(engine.count_tokens(&prompt).unwrap(), case.prompt_ids.len());
        for prompt in [prompt, Prompt::Ids(case.prompt_ids.clone())] {
            let mut request = GenerateRequest::greedy(prompt);
            request.max_tokens = Some(case.greedy_ids.len());
            request.ignore_eos = true;
            assert_eq!(
                answer(&engine, request).ids,
                case.greedy_ids,
                "{}",
                case.prompt
            );
        }
    }
}

#[test]
fn chats_are_answered_token_for_token_and_end_by_themselves() {
    let engine = engine();
    for case in &REFERENCE.chats {
        if case.min_margin < SAFE_MARGIN {
            println!(
                "skipped: {}, its scores are too close to each other",
                case.name
            );
            continue;
        }
        let prompt = Prompt::Chat {
            messages: case.messages.clone(),
            tools: vec![],
        };
        let answer = answer(&engine, GenerateRequest::greedy(prompt));
        assert_eq!(
            answer.usage.prompt_tokens,
            case.chat_ids.len(),
            "{}",
            case.name
        );
        assert_eq!(answer.ids, case.chat_greedy_ids, "{}", case.name);
        assert_eq!(answer.text, case.chat_text, "{}", case.name);
        assert_eq!(answer.reason, FinishReason::Stop, "{}", case.name);
        assert!(
            REFERENCE.stop_ids.contains(answer.ids.last().unwrap()),
            "{}",
            case.name
        );
    }
}
