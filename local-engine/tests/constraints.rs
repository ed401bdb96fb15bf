//! Constrained answers, on the embedded model and on random models of every family: whatever a
//! model would rather say, what it says follows the constraint.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking, helpers too"
)]

use std::{fs, path::Path, sync::Arc};

use local_engine::{
    Completion, Constraint, Engine, EngineOptions, Error, FinishReason, GenerateRequest,
    ModelSource, Prompt, Sampling, open,
};
use serde_json::{Value, json};

fn embedded() -> Arc<dyn Engine> {
    open(&ModelSource::Embedded, &EngineOptions::default()).unwrap()
}

/// Hot enough to leave the model's usual paths, with everything that may change scores.
fn request(constraint: Constraint, seed: u64) -> GenerateRequest {
    GenerateRequest {
        sampling: Sampling {
            temperature: 1.2,
            top_p: 0.98,
            top_k: 200,
            min_p: 0.001,
            repetition_penalty: 1.05,
            presence_penalty: 0.3,
            frequency_penalty: 0.2,
            seed: Some(seed),
        },
        max_tokens: Some(200),
        logit_bias: vec![(5, 2.0), (17, -100.0)],
        constraint: Some(constraint),
        ..GenerateRequest::greedy(Prompt::Chat {
            messages: vec![json!({"role": "user", "content": "Who is it?"})],
            tools: vec![],
        })
    }
}

fn collect(engine: &Arc<dyn Engine>, request: GenerateRequest) -> Completion {
    let generation = engine.generate(request).unwrap();
    generation.blocking_collect().unwrap()
}

fn person() -> Constraint {
    Constraint::JsonSchema(json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 12},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "kind": {"enum": ["friend", "customer", "Überraschung 🙂"]},
            "tags": {"type": "array", "items": {"type": "boolean"}, "maxItems": 3},
        },
        "required": ["name", "age", "kind", "tags"],
        "additionalProperties": false,
    }))
}

fn assert_is_person(text: &str) {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let fields = value.as_object().unwrap();
    assert_eq!(fields.len(), 4, "{text}");
    assert!(
        fields["name"].as_str().unwrap().chars().count() <= 12,
        "{text}"
    );
    assert!(fields["age"].as_u64().unwrap() <= 150, "{text}");
    let kinds = ["friend", "customer", "Überraschung 🙂"];
    assert!(kinds.contains(&fields["kind"].as_str().unwrap()), "{text}");
    let tags = fields["tags"].as_array().unwrap();
    assert!(
        tags.len() <= 3 && tags.iter().all(Value::is_boolean),
        "{text}"
    );
}

#[test]
fn json_follows_its_schema_whatever_is_sampled() {
    let engine = embedded();
    for seed in 0..20 {
        let answer = collect(&engine, request(person(), seed));
        assert_eq!(answer.reason, FinishReason::Stop, "{}", answer.text);
        assert_is_person(&answer.text);
    }
}

#[test]
fn random_models_of_every_family_follow_constraints_too() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models/tiny");
    if !folder.is_dir() {
        println!("skipped: {} is missing", folder.display());
        return;
    }
    let mut whole = 0;
    for family in fs::read_dir(folder).unwrap() {
        let graph = family.unwrap().path().join("onnx/model.onnx");
        if !graph.is_file() {
            continue;
        }
        let engine = open(&ModelSource::Path(graph), &EngineOptions::default()).unwrap();
        let prompt = Prompt::Text("Once".into());
        for seed in 0..3 {
            let with_text = |constraint| GenerateRequest {
                prompt: prompt.clone(),
                ..request(constraint, seed)
            };
            let answer = collect(&engine, with_text(person()));
            // Random models may write blanks and digits until they are cut.
            if answer.reason == FinishReason::Stop {
                assert_is_person(&answer.text);
                whole += 1;
            }
            let spaced = Constraint::Regex("  (a|é|東)b{2,4} ".into());
            let answer = collect(&engine, with_text(spaced)).text;
            let inner = answer
                .strip_prefix("  ")
                .and_then(|it| it.strip_suffix(' '));
            let inner = inner.unwrap_or_else(|| panic!("{answer:?}"));
            assert!(inner.starts_with(['a', 'é', '東']), "{answer:?}");
        }
        println!("{}: follows", engine.model().family);
    }
    assert!(whole >= 12, "{whole} answers were whole");
}

#[test]
fn a_choice_is_one_of_the_texts_and_the_model_s_favourite_of_them() {
    let engine = embedded();
    let choices = ["positive", "negative", "neutral"].map(str::to_owned);
    let messages = vec![json!({
        "role": "user",
        "content": "Is this review positive or negative? I love it, it works very well.",
    })];
    let mut greedy = GenerateRequest::greedy(Prompt::Chat {
        messages,
        tools: vec![],
    });
    greedy.constraint = Some(Constraint::Choice(choices.to_vec()));
    let answer = collect(&engine, greedy);
    assert_eq!(answer.text, "positive");
    assert_eq!(answer.reason, FinishReason::Stop);
}

#[test]
fn what_is_cut_is_the_start_of_what_would_have_been_allowed() {
    let only = "The library closes at seven, and at noon on Saturdays.";
    let cut = GenerateRequest {
        max_tokens: Some(6),
        ..request(Constraint::Choice(vec![only.to_owned()]), 3)
    };
    let cut = collect(&embedded(), cut);
    assert_eq!(cut.reason, FinishReason::Length);
    assert!(only.starts_with(&cut.text) && !cut.text.is_empty());
}

#[test]
fn a_complete_text_ends_the_answer_without_another_token() {
    let engine = embedded();
    for ignore_eos in [false, true] {
        let answer = collect(
            &engine,
            GenerateRequest {
                ignore_eos,
                ..request(Constraint::Regex("[a-z]{5}".into()), 1)
            },
        );
        assert_eq!(answer.text.len(), 5);
        assert_eq!(answer.reason, FinishReason::Stop);
        assert_eq!(answer.usage.completion_tokens, answer.ids.len());
    }
}

#[test]
fn a_stop_string_cuts_even_a_constrained_answer() {
    let engine = embedded();
    let answer = collect(
        &engine,
        GenerateRequest {
            stop: vec!["\"age\"".to_owned()],
            ..request(person(), 1)
        },
    );
    assert_eq!(answer.reason, FinishReason::Stop);
    assert!(answer.text.starts_with('{') && !answer.text.contains("age"));
}

#[test]
fn constrained_and_free_requests_run_side_by_side() {
    let engine = embedded();
    let free = GenerateRequest {
        constraint: None,
        ..request(Constraint::Json, 5)
    };
    let expected = collect(&engine, free.clone()).ids;
    let constrained = engine.generate(request(person(), 5)).unwrap();
    let free = engine.generate(free).unwrap();
    assert_is_person(&constrained.blocking_collect().unwrap().text);
    assert_eq!(free.blocking_collect().unwrap().ids, expected);
}

#[test]
fn a_constraint_that_cannot_be_followed_is_refused_before_it_starts() {
    let engine = embedded();
    let unsupported = Constraint::JsonSchema(json!({"not": {"type": "string"}}));
    let error = engine.generate(request(unsupported, 0)).unwrap_err();
    assert!(matches!(error, Error::ConstraintInvalid { .. }));
    assert_eq!(
        error.to_string(),
        "the JSON schema can't be followed: Unimplemented keys not"
    );
}
