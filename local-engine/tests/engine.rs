//! The engine as its callers see it, on the embedded model.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::{sync::Arc, thread, time::Duration};

use local_engine::{
    Completion, Engine, EngineLoad, EngineOptions, Error, Event, FinishReason, GenerateRequest,
    Generation, ModelSource, Pace, Prompt, Sampling, open,
};
use serde_json::json;

fn engine(options: &EngineOptions) -> Arc<dyn Engine> {
    open(&ModelSource::Embedded, options).unwrap()
}

fn text(prompt: &str, max_tokens: usize) -> GenerateRequest {
    GenerateRequest {
        max_tokens: Some(max_tokens),
        ignore_eos: true,
        ..GenerateRequest::greedy(Prompt::Text(prompt.to_owned()))
    }
}

fn collect(engine: &Arc<dyn Engine>, request: GenerateRequest) -> Completion {
    engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap()
}

/// A generation that has begun and has hundreds of tokens to go.
fn running(engine: &Arc<dyn Engine>) -> Generation {
    let mut generation = engine.generate(text("Hello", 1500)).unwrap();
    generation.events.blocking_recv().unwrap().unwrap();
    generation
}

#[test]
fn the_summary_tells_what_was_loaded() {
    let engine = engine(&EngineOptions {
        max_context: 100,
        ..EngineOptions::default()
    });
    let model = engine.model();
    assert_eq!(
        (model.name.as_str(), model.family.as_str()),
        ("nearside-tiny", "llama")
    );
    assert_eq!(model.context_tokens, 100);
    assert!(model.vocabulary > 500 && model.weight_bytes > 1_000_000);
    assert_eq!(engine.suggested_sampling(), Sampling::GREEDY);
}

#[test]
fn a_chat_is_answered_until_the_model_ends_it() {
    let engine = engine(&EngineOptions::default());
    let messages = vec![json!({"role": "user", "content": "Hello!"})];
    let prompt = Prompt::Chat {
        messages,
        tools: vec![],
    };
    let prompt_tokens = engine.count_tokens(&prompt).unwrap();
    let answer = collect(&engine, GenerateRequest::greedy(prompt));
    assert_eq!(answer.reason, FinishReason::Stop);
    assert_eq!(answer.usage.prompt_tokens, prompt_tokens);
    assert_eq!(answer.usage.completion_tokens, answer.ids.len());
    assert!(!answer.text.is_empty());
    assert!(!answer.timings.prefill.is_zero() && !answer.timings.decode.is_zero());
}

#[test]
fn max_tokens_ends_an_answer() {
    let engine = engine(&EngineOptions::default());
    for max_tokens in [0, 1, 7] {
        let answer = collect(&engine, text("Hello", max_tokens));
        assert_eq!(
            (answer.ids.len(), answer.reason),
            (max_tokens, FinishReason::Length)
        );
    }
}

#[test]
fn an_open_max_tokens_fills_the_context() {
    let engine = engine(&EngineOptions {
        max_context: 40,
        ..EngineOptions::default()
    });
    let answer = collect(
        &engine,
        GenerateRequest {
            max_tokens: None,
            ..text("Hello", 0)
        },
    );
    assert_eq!(
        answer.usage.prompt_tokens + answer.usage.completion_tokens,
        40
    );
}

#[test]
fn a_stop_string_ends_the_text_before_it() {
    let engine = engine(&EngineOptions::default());
    let whole = collect(&engine, text("Hello", 40)).text;
    let middle = whole
        .char_indices()
        .nth(whole.chars().count() / 2)
        .unwrap()
        .0;
    let stop: String = whole.get(middle..).unwrap().chars().take(5).collect();
    let request = GenerateRequest {
        stop: vec![stop.clone()],
        ..text("Hello", 40)
    };
    let answer = collect(&engine, request);
    assert_eq!(answer.reason, FinishReason::Stop);
    assert_eq!(answer.text, whole.split(&stop).next().unwrap());
}

#[test]
fn the_same_seed_gives_the_same_answer() {
    let engine = engine(&EngineOptions::default());
    let answer = |seed| {
        let sampling = Sampling {
            temperature: 1.5,
            seed: Some(seed),
            ..Sampling::default()
        };
        collect(
            &engine,
            GenerateRequest {
                sampling,
                ..text("Hello", 30)
            },
        )
        .ids
    };
    assert_eq!(answer(11), answer(11));
    assert_ne!(answer(11), answer(12));
}

#[test]
fn tokens_tell_their_bytes_and_the_likeliest_alternatives_when_asked() {
    let engine = engine(&EngineOptions::default());
    let messages = vec![json!({"role": "user", "content": "Hello!"})];
    let prompt = Prompt::Chat {
        messages,
        tools: vec![],
    };
    let request = GenerateRequest {
        top_logprobs: Some(5),
        ..GenerateRequest::greedy(prompt)
    };
    let mut generation = engine.generate(request).unwrap();
    let (mut spelled, mut said) = (Vec::new(), String::new());
    while let Some(event) = generation.events.blocking_recv() {
        match event.unwrap() {
            Event::Token {
                id,
                text,
                logprob,
                bytes,
                top,
            } => {
                if bytes.is_empty() {
                    assert!(text.is_empty() && top.is_empty(), "the end of the answer");
                    continue;
                }
                assert_eq!(top.len(), 5);
                assert!(top.is_sorted_by(|a, b| a.logprob >= b.logprob));
                assert_eq!((top[0].id, top[0].logprob), (id, logprob), "greedy");
                assert_eq!(top[0].bytes, bytes);
                spelled.extend(bytes);
                said.push_str(&text);
            }
            Event::Finished { text, .. } => said.push_str(&text),
        }
    }
    assert!(!said.is_empty());
    assert_eq!(String::from_utf8_lossy(&spelled), said);
    let refused = engine.generate(GenerateRequest {
        top_logprobs: Some(21),
        ..text("Hello", 1)
    });
    assert!(matches!(refused, Err(Error::LogprobsInvalid { .. })));
}

#[test]
fn tokens_tell_nothing_of_themselves_unasked() {
    let engine = engine(&EngineOptions::default());
    let mut generation = engine.generate(text("Hello", 3)).unwrap();
    while let Some(event) = generation.events.blocking_recv() {
        if let Event::Token { bytes, top, .. } = event.unwrap() {
            assert!(bytes.is_empty() && top.is_empty());
        }
    }
}

#[test]
fn what_does_not_fit_the_context_is_refused_before_it_starts() {
    let engine = engine(&EngineOptions {
        max_context: 50,
        ..EngineOptions::default()
    });
    let refused = |request| engine.generate(request).unwrap_err();
    let message = refused(text("Hello", 50)).to_string();
    assert!(
        message.contains("50 new ones") && message.contains("50 tokens"),
        "{message}"
    );
    let long = GenerateRequest::greedy(Prompt::Ids(vec![9; 50]));
    assert!(matches!(
        refused(long),
        Error::ContextExceeded {
            prompt_tokens: 50,
            ..
        }
    ));
}

#[test]
fn prompts_that_cannot_be_read_are_refused() {
    let engine = engine(&EngineOptions::default());
    let refused = |prompt| {
        engine
            .generate(GenerateRequest::greedy(prompt))
            .unwrap_err()
    };
    assert!(matches!(refused(Prompt::Ids(vec![])), Error::PromptEmpty));
    assert!(matches!(
        refused(Prompt::Ids(vec![1_000_000])),
        Error::TokenUnknown { .. }
    ));
    let sampling = Sampling {
        top_p: 2.0,
        ..Sampling::default()
    };
    let error = engine
        .generate(GenerateRequest {
            sampling,
            ..text("Hello", 1)
        })
        .unwrap_err();
    assert!(matches!(
        error,
        Error::SamplingInvalid {
            parameter: "top_p",
            ..
        }
    ));
}

#[test]
fn a_full_queue_refuses_and_a_cancelled_request_makes_room() {
    let engine = engine(&EngineOptions {
        queue_limit: 1,
        slots: 1,
        ..EngineOptions::default()
    });
    let first = running(&engine);
    let second = engine.generate(text("Hello", 1)).unwrap();
    assert_eq!(
        engine.load(),
        EngineLoad {
            waiting: 1,
            running: 1
        }
    );
    let refused = engine.generate(text("Hello", 1)).unwrap_err();
    assert!(matches!(refused, Error::QueueFull { limit: 1 }));
    drop(second);
    assert_eq!(engine.load().waiting, 0);
    let third = engine.generate(text("Hello", 1)).unwrap();
    drop(first);
    assert_eq!(third.blocking_collect().unwrap().ids.len(), 1);
}

#[test]
fn a_dropped_stream_stops_its_request() {
    let engine = engine(&EngineOptions::default());
    let whole = collect(&engine, text("Hello", 1500)).timings.decode;
    drop(running(&engine));
    let next = collect(&engine, text("Hello", 1));
    assert!(
        next.timings.queued < whole / 2,
        "{:?} of {whole:?}",
        next.timings.queued
    );
    while engine.load().running > 0 {
        thread::yield_now();
    }
}

#[test]
fn dropping_the_engine_ends_what_it_left_behind_with_an_error() {
    let engine = engine(&EngineOptions::default());
    let first = running(&engine);
    let second = engine.generate(text("Hello", 1)).unwrap();
    drop(engine);
    assert!(matches!(
        first.blocking_collect(),
        Err(Error::EngineStopped)
    ));
    assert!(matches!(
        second.blocking_collect(),
        Err(Error::EngineStopped)
    ));
}

#[test]
fn events_end_with_one_summary() {
    let engine = engine(&EngineOptions::default());
    let mut generation = engine.generate(text("Hello", 5)).unwrap();
    let mut events = Vec::new();
    while let Some(event) = generation.events.blocking_recv() {
        events.push(event.unwrap());
    }
    let (last, tokens) = events.split_last().unwrap();
    assert!(matches!(last, Event::Finished { .. }));
    assert_eq!(tokens.len(), 5);
    assert!(
        tokens
            .iter()
            .all(|event| matches!(event, Event::Token { .. }))
    );
}

#[test]
fn requests_from_many_threads_are_all_answered() {
    let engine = engine(&EngineOptions::default());
    thread::scope(|scope| {
        for tokens in 1..=20 {
            let engine = &engine;
            scope.spawn(move || {
                assert_eq!(collect(engine, text("Hello", tokens)).ids.len(), tokens);
            });
        }
    });
    assert_eq!(engine.load(), EngineLoad::default());
    assert_eq!(engine.stats().generated_tokens, (1..=20).sum::<u64>());
}

#[test]
fn a_slower_pace_pauses_and_answers_alike() {
    // Every prompt is read whole: this model rounds by what it reads together.
    let engine = engine(&EngineOptions {
        prefix_bytes: 0,
        prompt_lookup: false,
        ..EngineOptions::default()
    });
    let quick = collect(&engine, text("Once upon a time", 24));
    assert_eq!(engine.stats().paused, Duration::ZERO);
    assert_eq!(engine.stats().paced_slots, engine.stats().slots);
    engine.set_pace(Pace {
        slots: 2,
        duty: 0.5,
    });
    let slow = collect(&engine, text("Once upon a time", 24));
    assert_eq!(slow.ids, quick.ids);
    let stats = engine.stats();
    assert_eq!(stats.paced_slots, 2);
    assert!(stats.paused > Duration::ZERO);
    engine.set_pace(Pace::FULL);
    collect(&engine, text("Once upon a time", 24));
    assert_eq!(engine.stats().paused, stats.paused);
}
