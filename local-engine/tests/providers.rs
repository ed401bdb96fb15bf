//! Where a model runs: the first wanted provider that is there.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::sync::Arc;

use local_engine::{
    Engine, EngineOptions, Error, GenerateRequest, ModelOptions, ModelSource, Prompt, Provider,
    open, runtime,
};

fn open_on(providers: &[Provider]) -> Result<Arc<dyn Engine>, Error> {
    let options = EngineOptions {
        model: ModelOptions {
            providers: providers.to_vec(),
            ..ModelOptions::default()
        },
        ..EngineOptions::default()
    };
    open(&ModelSource::Embedded, &options)
}

/// Providers that the loaded runtime was built without.
fn absent() -> Vec<Provider> {
    let offered = runtime::providers().unwrap();
    let all = Provider::ALL.into_iter();
    all.filter(|provider| !offered.contains(provider)).collect()
}

#[test]
fn the_processor_is_always_offered_and_taken_unless_asked_otherwise() {
    assert!(runtime::providers().unwrap().contains(&Provider::Cpu));
    let engine = open_on(&[]).unwrap();
    assert_eq!(engine.model().providers, [Provider::Cpu]);
}

#[test]
fn absent_providers_are_passed_over_on_the_way_to_the_processor() {
    let mut wanted = absent();
    wanted.push(Provider::Cpu);
    let engine = open_on(&wanted).unwrap();
    assert_eq!(engine.model().providers, [Provider::Cpu]);
    let mut request = GenerateRequest::greedy(Prompt::Text("Thank you".to_owned()));
    request.max_tokens = Some(3);
    let answer = engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap();
    assert!(answer.usage.completion_tokens > 0);
}

#[test]
fn without_the_processor_in_the_list_it_is_an_error_that_names_each() {
    let absent = absent();
    assert!(!absent.is_empty(), "no build of ONNX Runtime has them all");
    let message = open_on(&absent).unwrap_err().to_string();
    for provider in absent {
        assert!(message.contains(provider.name()), "{provider}: {message}");
    }
    assert!(message.contains("offers cpu"), "{message}");
}
