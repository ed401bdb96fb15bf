//! What a client may ask of the local model's answers: a form, several of them, their
//! log-probabilities. On the embedded model.

use e2e_tests::{
    gateway::{Gateway, Setup},
    wire::{ask, ask_streaming, insert},
};
use local_engine::{EngineOptions, ModelSource};
use serde_json::{Value, json};

/// A gateway whose answers to `request` are the same to the last digit: with one slot, no guesses,
/// and the prompt read before. The embedded model quantizes its inputs a step at a time, so scores differ a little
/// with what else is in the step.
async fn undisturbed(request: Value) -> Gateway {
    let options = EngineOptions {
        slots: 1,
        prompt_lookup: false,
        ..EngineOptions::default()
    };
    let open = move || local_engine::open(&ModelSource::Embedded, &options).unwrap();
    let engine = tokio::task::spawn_blocking(open).await.unwrap();
    let gateway = Setup::new().engine(engine).start().await;
    let read = gateway.chat(&local(request, json!({}))).await;
    assert_eq!(read.status(), 200, "{}", read.shown());
    gateway
}

/// A request to the embedded model, with more fields.
fn local(mut request: Value, fields: Value) -> Value {
    insert(&mut request, "model", json!("nearside-tiny"));
    insert(&mut request, "max_tokens", json!(150));
    let Value::Object(fields) = fields else {
        panic!("fields are an object")
    };
    for (name, value) in fields {
        insert(&mut request, &name, value);
    }
    request
}

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "kind": {"enum": ["greeting", "question"]},
            "words": {"type": "integer", "minimum": 1, "maximum": 9},
            "polite": {"type": "boolean"},
        },
        "required": ["kind", "words", "polite"],
        "additionalProperties": false,
    })
}

fn assert_fits(text: &str) {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(value.as_object().unwrap().len(), 3, "{text}");
    assert!(
        value["kind"] == "greeting" || value["kind"] == "question",
        "{text}"
    );
    assert!(
        (1..=9).contains(&value["words"].as_u64().unwrap()),
        "{text}"
    );
    assert!(value["polite"].is_boolean(), "{text}");
}

#[tokio::test]
async fn an_answer_follows_the_schema_whole_and_streamed() {
    let gateway = Gateway::embedded().await;
    let format = json!({
        "type": "json_schema",
        "json_schema": {"name": "message", "strict": true, "schema": schema()},
    });
    for seed in 0..4 {
        let fields = json!({"response_format": format, "temperature": 1.3, "seed": seed});
        let whole = gateway.chat(&local(ask("Hello!"), fields.clone())).await;
        assert_eq!(whole.status(), 200, "{}", whole.shown());
        assert_eq!(whole.json()["choices"][0]["finish_reason"], "stop");
        assert_fits(&whole.text());
        let stream = gateway
            .chat(&local(ask_streaming("Hello!"), fields))
            .await
            .stream();
        assert_fits(stream.text());
        assert!(stream.is_done);
    }
}

#[tokio::test]
async fn other_constraints_are_followed_under_their_names() {
    let gateway = Gateway::embedded().await;
    let text = async |fields| gateway.chat(&local(ask("Hello!"), fields)).await.text();
    let choice = text(json!({"guided_choice": ["near", "far"]})).await;
    assert!(choice == "near" || choice == "far", "{choice}");
    let number = text(json!({"guided_regex": "[0-9]{4}"})).await;
    assert!(
        number.len() == 4 && number.parse::<u32>().is_ok(),
        "{number}"
    );
    assert_fits(&text(json!({"guided_json": schema()})).await);
    let object = text(json!({"response_format": {"type": "json_object"}, "seed": 1})).await;
    assert!(object.starts_with('{'), "{object}");
}

#[tokio::test]
async fn a_schema_that_cannot_be_followed_is_refused_by_name() {
    let gateway = Gateway::embedded().await;
    let format = json!({
        "type": "json_schema",
        "json_schema": {"name": "x", "schema": {"not": {"const": "Ada Quill"}}},
    });
    let reply = gateway
        .chat(&local(ask("Hello!"), json!({"response_format": format})))
        .await;
    assert_eq!(reply.status(), 400, "{}", reply.shown());
    let message = reply.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.contains("JSON schema") && message.contains("not"),
        "{message}"
    );
    assert!(!message.contains("Quill"), "{message}");
}

#[tokio::test]
async fn log_probabilities_come_with_their_tokens_and_alternatives() {
    let gateway = undisturbed(ask("Hello!")).await;
    let fields = json!({"logprobs": true, "top_logprobs": 3});
    let whole = gateway.chat(&local(ask("Hello!"), fields.clone())).await;
    assert_eq!(whole.status(), 200, "{}", whole.shown());
    let told = whole.json()["choices"][0]["logprobs"]["content"].clone();
    let tokens = told.as_array().unwrap();
    let mut bytes = Vec::new();
    for token in tokens {
        let top = token["top_logprobs"].as_array().unwrap();
        assert_eq!(top.len(), 3);
        assert_eq!(top[0]["token"], token["token"], "the answer is greedy");
        assert!(token["logprob"].as_f64().unwrap() <= 0.0);
        let spelled = token["bytes"].as_array().unwrap();
        bytes.extend(
            spelled
                .iter()
                .map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap()),
        );
    }
    assert_eq!(String::from_utf8(bytes).unwrap(), whole.text());

    let stream = gateway
        .chat(&local(ask_streaming("Hello!"), fields))
        .await
        .stream();
    let streamed: Vec<Value> = stream
        .events
        .iter()
        .filter_map(|event| event["choices"][0]["logprobs"]["content"].as_array())
        .flatten()
        .cloned()
        .collect();
    assert_eq!(Value::Array(streamed), told);
}

#[tokio::test]
async fn log_probabilities_are_null_unasked() {
    let gateway = Gateway::embedded().await;
    let json = gateway.chat(&local(ask("Hello!"), json!({}))).await.json();
    assert_eq!(json["choices"][0]["logprobs"], Value::Null);
}

#[tokio::test]
async fn several_answers_differ_and_come_again_with_their_seed() {
    let gateway = undisturbed(ask("Write something.")).await;
    let fields = |seed| json!({"n": 3, "seed": seed, "temperature": 2.0, "max_tokens": 30});
    let texts = async |request: Value| -> Vec<String> {
        let reply = gateway.chat(&request).await;
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        let json = reply.json();
        let choices = json["choices"].as_array().unwrap();
        for (index, choice) in choices.iter().enumerate() {
            assert_eq!(choice["index"], index);
        }
        let usage = &json["usage"];
        assert!(usage["completion_tokens"].as_u64().unwrap() >= 3, "{usage}");
        let text = |choice: &Value| choice["message"]["content"].as_str().unwrap().to_owned();
        choices.iter().map(text).collect()
    };
    let first = texts(local(ask("Write something."), fields(7))).await;
    assert_eq!(first.len(), 3);
    assert!(first[0] != first[1] || first[1] != first[2], "{first:?}");
    assert_eq!(
        first,
        texts(local(ask("Write something."), fields(7))).await
    );
    assert_ne!(
        first,
        texts(local(ask("Write something."), fields(8))).await
    );

    let stream = gateway
        .chat(&local(ask_streaming("Write something."), fields(7)))
        .await
        .stream();
    assert!(stream.is_done);
    for (index, text) in first.iter().enumerate() {
        let streamed: String = stream
            .events
            .iter()
            .filter_map(|event| event["choices"].get(0))
            .filter(|choice| choice["index"] == index)
            .filter_map(|choice| choice["delta"]["content"].as_str())
            .collect();
        assert_eq!(&streamed, text);
    }
}

#[tokio::test]
async fn more_answers_than_there_is_room_for_are_refused() {
    let gateway = Gateway::embedded().await;
    let reply = gateway.chat(&local(ask("Hello!"), json!({"n": 17}))).await;
    assert_eq!(reply.status(), 400, "{}", reply.shown());
    assert!(
        reply.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("'n'")
    );
}
