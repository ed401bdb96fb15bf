//! Weights and caches share one budget of memory.

use std::sync::Arc;

use local_engine::{
    Engine, EngineOptions, Error, GenerateRequest, MemoryUse, ModelSource, Prompt, open,
};

fn open_within(memory: u64) -> Result<Arc<dyn Engine>, Error> {
    let options = EngineOptions {
        threads: Some(1),
        memory: Some(memory),
        ..EngineOptions::default()
    };
    open(&ModelSource::Embedded, &options)
}

fn total(memory: MemoryUse) -> u64 {
    memory.weights + memory.adapters + memory.cache + memory.prefix_cache
}

#[test]
fn what_is_set_aside_never_exceeds_the_budget() {
    let usual = open(&ModelSource::Embedded, &EngineOptions::default()).unwrap();
    let (all, slots) = (usual.stats().memory, usual.stats().slots);
    assert!(all.budget.is_none_or(|budget| total(all) <= budget));

    // A slot less, and nothing left of the prefix cache.
    let slot = all.cache / slots as u64;
    let engine = open_within(all.weights + all.cache - slot).unwrap();
    let fitted = engine.stats();
    assert_eq!(fitted.slots, slots - 1);
    assert_eq!(fitted.memory.prefix_cache, 0);
    assert!(fitted.memory.budget.unwrap() >= total(fitted.memory));
    let context = usual.model().context_tokens;
    assert_eq!(engine.model().context_tokens, context);
}

#[test]
fn a_request_beyond_the_context_that_fits_is_refused_before_it_starts() {
    let usual = open(&ModelSource::Embedded, &EngineOptions::default()).unwrap();
    let all = usual.stats();
    let token = all.memory.cache / (all.slots * usual.model().context_tokens) as u64;
    let engine = open_within(all.memory.weights + 700 * token).unwrap();
    assert_eq!(
        (engine.model().context_tokens, engine.stats().slots),
        (700, 1)
    );

    let ask = |max_tokens| {
        let mut request = GenerateRequest::greedy(Prompt::Ids(vec![9; 690]));
        request.max_tokens = Some(max_tokens);
        request.ignore_eos = true;
        engine.generate(request)
    };
    let refused = ask(11);
    assert!(
        matches!(
            refused,
            Err(Error::ContextExceeded {
                context_tokens: 700,
                ..
            })
        ),
        "{refused:?}"
    );
    let answer = ask(10).unwrap().blocking_collect().unwrap();
    assert_eq!(answer.usage.completion_tokens, 10);
}

#[test]
fn a_model_that_does_not_fit_is_refused_with_what_to_do() {
    let message = open_within(1 << 20).unwrap_err().to_string();
    let wanted = [
        "the model needs",
        "the memory limit of 1 MiB",
        "set a higher memory limit",
    ];
    for words in wanted {
        assert!(message.contains(words), "{message}");
    }
}
