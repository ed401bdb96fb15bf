//! Prompts that a model goes on writing: at a server of the same API, at a chat model of another one,
//! and on the device.

use e2e_tests::{
    answer::Answer,
    client::{COMPLETIONS, Reply, Request},
    dice::Dice,
    everywhere::{Everywhere, strings},
    gateway::{EVERYTHING_FAR, FAR_THEN_NEAR, Gateway, NEAR_ANSWER, Setup},
    messages::text_answer,
    planted::{Kind, Planter},
    provider::{Call, Provider},
    sweep::{BETWEEN, sweep},
    wire::{DONE, event, insert},
};
use serde_json::{Value, json};

const REQUESTS: u64 = 60;

#[tokio::test]
async fn no_original_crosses_and_every_answer_is_restored() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let requests = (0..REQUESTS).map(|seed| {
        let mut request = Everywhere::completion(&mut Planter::new(seed, Kind::ALL));
        let streams = Dice::new(seed).below(2) == 0;
        insert(&mut request.body, "stream", json!(streams));
        (COMPLETIONS, request)
    });
    sweep(gateway, &provider, requests, |asked, reply| {
        let said = if asked["stream"] == true {
            joined(reply)
        } else {
            text(reply)
        };
        said.split(BETWEEN).map(str::to_owned).collect()
    })
    .await;
}

#[tokio::test]
async fn a_server_of_the_same_api_gets_the_bytes_and_its_answer_comes_back_byte_for_byte() {
    let answer = text_completion("world");
    let provider = Provider::answering(Answer::json(200, &answer)).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let body =
        r#"{ "model":"gpt-3.5-turbo-instruct",  "prompt":"Hello", "suffix":"!", "x":[1.50] }"#;
    let reply = gateway.send(Request::post(COMPLETIONS, body)).await;
    assert_eq!(reply.body(), answer.to_string().as_bytes());
    let call = provider.call();
    assert!(call.head.first_line().starts_with("POST /v1/completions "));
    assert_eq!(call.body, body.as_bytes());
}

#[tokio::test]
async fn a_chat_model_of_another_api_gets_the_prompt_as_a_message() {
    let provider = Provider::answering(Answer::json(200, &text_answer("To [EMAIL_1]"))).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.anthropic("far", &provider).start().await;
    let asked = json!({"model": "claude", "prompt": "Ask ada@example.com"});
    let reply = complete(&gateway, &asked).await;
    assert_eq!(text(&reply), "To ada@example.com");
    assert_eq!(reply.json()["object"], "text_completion");
    let said = provider.call().json();
    assert_eq!(said["messages"][0]["content"][0]["text"], "Ask [EMAIL_1]");

    let two = json!({"model": "claude", "prompt": ["a", "b"]});
    let reply = complete(&gateway, &two).await;
    assert_eq!(reply.status(), 400);
    assert_eq!(reply.json()["error"]["param"], "prompt");
}

#[tokio::test]
async fn the_local_model_goes_on_writing_each_prompt() {
    let gateway = Setup::new().start().await;
    let asked = json!({"model": "local", "prompt": ["Once", "Twice"], "n": 2, "echo": true});
    let reply = complete(&gateway, &asked).await;
    let choices = reply.json()["choices"].clone();
    let texts: Vec<&str> = choices.as_array().unwrap().iter().map(said).collect();
    let expected =
        ["Once", "Once", "Twice", "Twice"].map(|prompt| format!("{prompt}{NEAR_ANSWER}"));
    assert_eq!(texts, expected);
    assert_eq!(choices[3]["index"], 3);
    assert!(reply.json()["usage"]["completion_tokens"].as_u64().unwrap() > 0);

    let streamed = json!({"model": "local", "prompt": "Once", "echo": true, "stream": true,
        "stream_options": {"include_usage": true}});
    let reply = complete(&gateway, &streamed).await;
    assert_eq!(joined(&reply), format!("Once{NEAR_ANSWER}"));
    let chunks = chunks(&reply);
    assert_eq!(chunks.last().unwrap()["choices"], json!([]));
    assert!(chunks.last().unwrap()["usage"]["prompt_tokens"].is_u64());
}

#[tokio::test]
async fn token_ids_stay_on_the_device_where_the_policy_redacts() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(FAR_THEN_NEAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let far = json!({"model": "gpt-3.5-turbo-instruct", "prompt": [[1212, 318], [257]]});
    let reply = complete(&gateway, &far).await;
    let error = reply.json()["error"].clone();
    assert_eq!((reply.status(), &error["param"]), (400, &json!("prompt")));
    let near = json!({"model": "local", "prompt": [0, 1]});
    assert_eq!(text(&complete(&gateway, &near).await), NEAR_ANSWER);
    assert!(provider.calls().is_empty());
}

#[tokio::test]
async fn token_ids_cross_where_the_policy_lets_originals_cross() {
    let provider = Provider::answering(Answer::json(200, &text_completion("!"))).await;
    let policy = "
version: 1
name: as-it-is
rules:
  - { name: site, route: [site], redact: none }
";
    let setup = Setup::new().policy(policy);
    let setup = setup.target("premises", &provider.base_url(), "zone: site");
    let gateway = setup.start().await;
    let body = json!({"model": "m", "prompt": [50256, 99999]});
    assert_eq!(text(&complete(&gateway, &body).await), "!");
    assert_eq!(provider.call().json(), body);
}

async fn complete(gateway: &Gateway, body: &Value) -> Reply {
    gateway
        .send(Request::post(COMPLETIONS, body.to_string()))
        .await
}

fn said(choice: &Value) -> &str {
    choice["text"].as_str().unwrap()
}

fn text(reply: &Reply) -> String {
    let json = reply.json();
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    said(&json["choices"][0]).to_owned()
}

fn chunks(reply: &Reply) -> Vec<Value> {
    let body = std::str::from_utf8(reply.body()).unwrap();
    let data = body.lines().filter_map(|line| line.strip_prefix("data: "));
    let mut chunks: Vec<Value> = Vec::new();
    let mut is_done = false;
    for data in data {
        assert!(!is_done, "{data}");
        is_done = data == "[DONE]";
        if !is_done {
            chunks.push(serde_json::from_str(data).unwrap());
        }
    }
    assert!(is_done, "{body}");
    chunks
}

/// The first answer of a stream.
fn joined(reply: &Reply) -> String {
    let chunks = chunks(reply);
    let choices = chunks.iter().filter_map(|chunk| chunk["choices"].get(0));
    choices.map(said).collect()
}

fn text_completion(text: &str) -> Value {
    let choice = json!({"text": text, "index": 0, "logprobs": null, "finish_reason": "stop"});
    json!({"id": "cmpl-far", "object": "text_completion", "created": 1_700_000_000, "model": "m",
        "choices": [choice], "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}})
}

/// Answers with every string of the request; a stream in pieces of 1 to 3 bytes.
fn echo(call: &Call) -> Answer {
    let request = call.json();
    let seen = strings(&request).join(BETWEEN);
    if request["stream"] != true {
        return Answer::json(200, &text_completion(&seen));
    }
    let mut dice = Dice::new(seen.len() as u64);
    let mut pieces = dice.cut_text(&seen, 40).into_iter().peekable();
    let mut events = Vec::new();
    while let Some(piece) = pieces.next() {
        let mut chunk = text_completion(piece);
        chunk["choices"][0]["finish_reason"] = json!(pieces.peek().is_none().then_some("stop"));
        events.push(event(&chunk));
    }
    events.push(DONE.to_owned());
    Answer::stream(events).in_pieces(&mut dice, 3)
}
