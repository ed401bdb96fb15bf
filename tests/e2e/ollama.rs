//! Clients of the Ollama API: answered by the local model, by a provider of the `OpenAI` API, and by
//! another Ollama on the premises; and a client of the `OpenAI` API that an Ollama answers.

use e2e_tests::{
    answer::Answer,
    client::Request,
    dice::Dice,
    everywhere::{Everywhere, strings},
    gateway::{EVERYTHING_FAR, EVERYTHING_ON_SITE, Gateway, NEAR_ANSWER, Setup},
    lines::{CHAT, GENERATE, Lines, chat, line, prompt, prompt_lines, text_lines, whole},
    planted::{Kind, Planter},
    provider::Provider,
    sweep::sweep,
    trace::Haystack,
    wire::{
        self, DONE, ask, ask_streaming, completion, insert, provider_error, text_events, tool_call,
    },
};
use serde_json::{Value, json};

const ADDRESS: &str = "ada@example.com";
const SAID: &str = "Write to ada@example.com!";

fn post(path: &str, body: &Value) -> Request {
    Request::post(path, body.to_string())
}

/// With a member more, or another.
fn with(mut body: Value, name: &str, value: Value) -> Value {
    insert(&mut body, name, value);
    body
}

async fn openai_upstream(provider: &Provider) -> Gateway {
    Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", provider)
        .start()
        .await
}

async fn ollama_upstream(provider: &Provider) -> Gateway {
    Setup::new()
        .policy(EVERYTHING_ON_SITE)
        .ollama("workstation", provider)
        .start()
        .await
}

#[tokio::test]
async fn the_local_model_answers_in_lines() {
    let gateway = Setup::new().start().await;
    for (path, request) in [(CHAT, chat("Hello!")), (GENERATE, prompt("Hello!"))] {
        let request = with(request, "model", json!("local"));
        let reply = gateway.send(post(path, &request)).await;
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        assert_eq!(reply.header("content-type"), "application/x-ndjson");
        assert_eq!(reply.header("x-nearside-route"), "local");
        let lines = reply.lines();
        assert_eq!(lines.text, NEAR_ANSWER);
        let last = lines.last();
        assert_eq!(
            (&last["done"], &last["done_reason"]),
            (&json!(true), &json!("stop"))
        );
        assert_eq!(
            (&last["model"], &last["eval_count"]),
            (&json!("stub"), &json!(5))
        );
        assert!(
            last["total_duration"]
                .as_u64()
                .is_some_and(|nanoseconds| nanoseconds > 0)
        );

        let request = with(request, "stream", json!(false));
        let reply = gateway.send(post(path, &request)).await;
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(Lines::read(reply.body()).text, NEAR_ANSWER);
    }
    let records = gateway.stop().await.records();
    assert!(
        records.iter().all(|record| record["api"] == "ollama"),
        "{records:?}"
    );
}

#[tokio::test]
async fn a_request_with_nothing_to_answer_loads_the_model() {
    let gateway = Setup::new().start().await;
    for (path, keep_alive, reason) in [
        (CHAT, json!("5m"), "load"),
        (GENERATE, json!(null), "load"),
        (CHAT, json!(0), "unload"),
    ] {
        let request = json!({"model": "local", "keep_alive": keep_alive});
        let reply = gateway.send(post(path, &request)).await;
        let lines = reply.lines();
        assert_eq!(lines.last()["done_reason"], reason, "{}", reply.shown());
        assert!(lines.is_done() && lines.text.is_empty());
    }
    let reply = gateway.send(post(CHAT, &json!({"model": "other"}))).await;
    assert_eq!(reply.status(), 404, "{}", reply.shown());
}

#[tokio::test]
async fn a_request_needs_no_content_type() {
    let gateway = Setup::new().start().await;
    let body = with(chat("Hello!"), "model", json!("local")).to_string();
    for request in [
        Request::new("POST", CHAT, body.clone()),
        Request::new("POST", CHAT, body.clone()).header("content-type", "application/octet-stream"),
    ] {
        assert_eq!(gateway.send(request).await.lines().text, NEAR_ANSWER);
    }
}

#[tokio::test]
async fn a_provider_of_another_api_answers_whole() {
    let answer = completion("I wrote to [EMAIL_1].");
    let provider = Provider::answering(Answer::json(200, &answer)).await;
    let gateway = openai_upstream(&provider).await;
    let request = with(
        chat(SAID),
        "options",
        json!({"temperature": 0.5, "num_predict": 7}),
    );
    let reply = gateway
        .send(post(CHAT, &with(request, "stream", json!(false))))
        .await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let json = reply.json();
    let expected = json!({"role": "assistant", "content": "I wrote to ada@example.com."});
    assert_eq!(json["message"], expected);
    let counts = (&json["prompt_eval_count"], &json["eval_count"]);
    assert_eq!(counts, (&json!(9), &json!(4)));

    let crossed = provider.call().json();
    let sent = json!([{"role": "user", "content": "Write to [EMAIL_1]!"}]);
    assert_eq!(crossed["messages"], sent);
    assert_eq!(crossed["temperature"], 0.5);
    assert!(!crossed["stream"].as_bool().unwrap_or_default());
}

#[tokio::test]
async fn a_provider_of_another_api_answers_in_a_stream() {
    let pieces = ["I wrote to ", "[", "EM", "AIL", "_1", "]", "."];
    let mut events = text_events(pieces);
    let usage = json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}});
    events.push(wire::event(&usage));
    events.push(DONE.to_owned());
    let whole = Answer::stream(events);
    for longest in [1, 3, 64] {
        let answer = whole.clone().in_pieces(&mut Dice::new(7), longest);
        let provider = Provider::answering(answer).await;
        let gateway = openai_upstream(&provider).await;
        for (path, request) in [(CHAT, chat(SAID)), (GENERATE, prompt(SAID))] {
            let reply = gateway.send(post(path, &request)).await;
            assert_eq!(reply.header("content-type"), "application/x-ndjson");
            let lines = reply.lines();
            assert_eq!(
                lines.text,
                "I wrote to ada@example.com.",
                "{}",
                reply.shown()
            );
            let last = lines.last();
            assert_eq!(
                (&last["done_reason"], &last["eval_count"]),
                (&json!("stop"), &json!(4))
            );
        }
        for call in provider.calls() {
            assert!(
                Haystack::new(&call.bytes()).find(ADDRESS).is_none(),
                "{}",
                call.text()
            );
        }
    }
}

#[tokio::test]
async fn calls_of_tools_come_as_objects_whoever_makes_them() {
    let tools = json!([{"type": "function", "function": {"name": "send", "parameters": {"type": "object"}}}]);
    let request = with(chat(SAID), "tools", tools);
    let arguments = "{\"to\":\"[EMAIL_1]\"}";
    let far = Provider::answering(Answer::json(200, &tool_call("send", arguments))).await;
    let call = json!({"function": {"name": "send", "arguments": {"to": "[EMAIL_1]"}}});
    let message = json!({"role": "assistant", "content": "", "tool_calls": [call]});
    let site = Answer::lines([line(&message), text_lines([]).remove(0)]);
    let site = Provider::answering(site).await;
    for (gateway, stream) in [
        (openai_upstream(&far).await, false),
        (ollama_upstream(&site).await, true),
    ] {
        let request = with(request.clone(), "stream", json!(stream));
        let reply = gateway.send(post(CHAT, &request)).await;
        let lines = Lines::read(reply.body());
        let function = &lines.tool_calls[0]["function"];
        assert_eq!(
            function["arguments"],
            json!({"to": ADDRESS}),
            "{}",
            reply.shown()
        );
        assert_eq!(
            (&function["name"], lines.tool_calls.len()),
            (&json!("send"), 1)
        );
    }
}

#[tokio::test]
async fn to_another_ollama_only_what_was_found_changes() {
    let provider = Provider::answering(Answer::json(200, &whole("Hi"))).await;
    let gateway = ollama_upstream(&provider).await;
    let body = "{ \"model\" : \"llama3.2\",\r\n\t\"x_new\": [1e0, 0.10],\n \"stream\":false, \"messages\":[{\"role\":\"user\",\
        \"content\":\"Tell \\u0061da@example.com \\u00fcber 7\"}],\"options\":{\"seed\":123456789}, \"keep_alive\":\"5m\"}";
    let redacted = body.replace(
        "\"Tell \\u0061da@example.com \\u00fcber 7\"",
        "\"Tell [EMAIL_1] \u{fc}ber 7\"",
    );
    let reply = gateway.send(Request::post(CHAT, body)).await;
    assert_eq!(reply.body(), &whole("Hi").to_string());
    assert_eq!(provider.call().text(), redacted);
}

#[tokio::test]
async fn another_ollamas_lines_are_restored_however_they_come() {
    let lines = text_lines(["I wrote to ", "[", "EM", "AIL", "_1", "]", ". See [EMA"]);
    for longest in [1, 3, 64] {
        let answer = Answer::lines(lines.clone()).in_pieces(&mut Dice::new(7), longest);
        let provider = Provider::answering(answer).await;
        let gateway = ollama_upstream(&provider).await;
        let reply = gateway.send(post(CHAT, &chat(SAID))).await;
        let streamed = reply.lines();
        assert_eq!(streamed.text, "I wrote to ada@example.com. See [EMA");
        assert!(streamed.is_done());
        // What was measured there is told here.
        assert_eq!(streamed.last()["total_duration"], 9);
        assert_eq!(gateway.stop().await.record()["outcome"], "ok");
    }
}

#[tokio::test]
async fn an_ollama_answers_clients_of_another_api() {
    let site = Provider::start(|call| {
        if call.json()["stream"] == json!(true) {
            Answer::lines(text_lines(["Mail [EM", "AIL_1]", "."]))
        } else {
            Answer::json(200, &whole("Mail [EMAIL_1]."))
        }
    })
    .await;
    let gateway = ollama_upstream(&site).await;
    let reply = gateway.chat(&ask(SAID)).await;
    assert_eq!(reply.text(), "Mail ada@example.com.", "{}", reply.shown());
    let stream = gateway.chat(&ask_streaming(SAID)).await.stream();
    assert_eq!(stream.text(), "Mail ada@example.com.");
    assert!(stream.is_done);
    for call in site.calls() {
        assert!(call.head.first_line().starts_with("POST /api/chat "));
        assert!(Haystack::new(&call.bytes()).find(ADDRESS).is_none());
    }
}

#[tokio::test]
async fn errors_are_texts() {
    let gateway = Setup::new().start().await;
    let reply = gateway.send(Request::post(CHAT, "{")).await;
    assert_eq!(reply.status(), 400);
    assert!(reply.json()["error"].is_string(), "{}", reply.shown());
    let reply = gateway.send(post(CHAT, &chat("Hello!"))).await;
    assert_eq!(reply.status(), 404, "{}", reply.shown());
    assert!(
        reply.json()["error"]
            .as_str()
            .is_some_and(|text| text.contains("not found"))
    );
    let reply = gateway.send(Request::get(CHAT)).await;
    assert_eq!(reply.status(), 405);
    assert!(reply.json()["error"].is_string(), "{}", reply.shown());
}

#[tokio::test]
async fn a_providers_error_keeps_its_words() {
    let error = provider_error("No credit left for ada@example.com", "billing", "x");
    let far = Provider::answering(Answer::json(402, &error)).await;
    let site = Provider::answering(Answer::json(
        402,
        &json!({"error": "No credit left for [EMAIL_1]"}),
    ));
    let site = site.await;
    for gateway in [openai_upstream(&far).await, ollama_upstream(&site).await] {
        let reply = gateway.send(post(CHAT, &chat(SAID))).await;
        assert_eq!(reply.status(), 402, "{}", reply.shown());
        let expected = json!({"error": "No credit left for ada@example.com"});
        assert_eq!(reply.json(), expected);
    }
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_an_error_line() {
    let lines = text_lines(["I wrote to [EMAIL", "_1"]);
    let cut = Answer::lines(lines[..2].to_vec()).cut_off();
    let failed = Answer::lines([
        lines[0].clone(),
        "{\"error\":\"out of memory\"}\n".to_owned(),
    ]);
    for (answer, outcome) in [(cut, "provider_error"), (failed, "provider_error")] {
        let provider = Provider::answering(answer).await;
        let gateway = ollama_upstream(&provider).await;
        let lines = gateway.send(post(CHAT, &chat(SAID))).await.lines();
        assert!(lines.last()["error"].is_string(), "{lines:?}");
        assert!(lines.text.starts_with("I wrote to "));
        assert_eq!(gateway.stop().await.record()["outcome"], outcome);
    }
}

#[tokio::test]
async fn what_cannot_be_read_does_not_cross() {
    let provider = Provider::answering(Answer::json(200, &whole("Hi"))).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .target("far", &provider.base_url(), "zone: cloud")
        .start()
        .await;
    let picture = json!([{"role": "user", "content": "x", "images": ["iVBORw0KGgo="]}]);
    for (path, request) in [
        (CHAT, with(chat("x"), "messages", picture)),
        (GENERATE, with(prompt("x"), "context", json!([1, 128_009]))),
    ] {
        let reply = gateway.send(post(path, &request)).await;
        assert_eq!(reply.status(), 403, "{}", reply.shown());
    }
    assert!(provider.calls().is_empty());
}

#[tokio::test]
async fn what_another_api_can_not_say_is_named() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = openai_upstream(&provider).await;
    let request = with(prompt("x"), "suffix", json!("y"));
    let reply = gateway.send(post(GENERATE, &request)).await;
    assert_eq!(reply.status(), 400);
    let error = reply.json()["error"].as_str().map(str::to_owned);
    assert!(
        error.is_some_and(|error| error.contains("'suffix'")),
        "{}",
        reply.shown()
    );
    assert!(provider.calls().is_empty());
}

/// Says back every string that it saw.
fn echo(call: &e2e_tests::provider::Call) -> Answer {
    let seen = Value::from(strings(&call.json())).to_string();
    let mut dice = Dice::new(seen.len() as u64);
    let pieces = dice.cut_text(&seen, 7);
    let lines = if call.head.first_line().contains(GENERATE) {
        prompt_lines(pieces)
    } else {
        text_lines(pieces)
    };
    Answer::lines(lines).in_pieces(&mut dice, 50)
}

#[tokio::test]
async fn no_original_crosses_and_every_answer_is_restored() {
    let provider = Provider::start(echo).await;
    let gateway = ollama_upstream(&provider).await;
    let requests = (0..100).map(|seed| {
        let mut planter = Planter::new(seed, Kind::ALL);
        if seed % 2 == 0 {
            (CHAT, Everywhere::ollama_chat(&mut planter))
        } else {
            (GENERATE, Everywhere::ollama_prompt(&mut planter))
        }
    });
    sweep(gateway, &provider, requests, |_, reply| {
        serde_json::from_str(&reply.lines().text)
            .unwrap_or_else(|error| panic!("{error}: {}", reply.shown()))
    })
    .await;
}
