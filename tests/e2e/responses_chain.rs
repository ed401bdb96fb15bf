//! Conversations that go on from an answer by its id.

use e2e_tests::{
    answer::Answer,
    client::{Reply, Request},
    gateway::{EVERYTHING_FAR, NEAR_ANSWER, Setup},
    messages,
    provider::{Call, Provider},
    responses::{RESPONSES, Responded, answer, message, say, stream, text_answer},
    trace,
    wire::{insert, provider_error},
};
use serde_json::{Value, json};

const ADDRESS: &str = "ada@example.com";
const OTHER: &str = "bo@example.org";

/// What says `near` or holds a secret stays, all else goes far.
const BOTH: &str = "
version: 1
name: both
redaction:
  reversible: { default: placeholder }
rules:
  - { name: near, when: privacy.counts.SECRET > 0, route: [local] }
  - { name: far, route: [cloud, local], redact: reversible }
";

const SECRET: &str = concat!("sk-", "AAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBB");

fn request(body: &Value) -> Request {
    Request::post(RESPONSES, body.to_string())
}

fn go_on(id: &str, input: &str) -> Value {
    let mut body = say(input);
    insert(&mut body, "previous_response_id", json!(id));
    body
}

fn said(reply: &Reply) -> String {
    let json = reply.json();
    let text = json["output"][0]["content"][0]["text"].as_str();
    text.unwrap_or_else(|| panic!("no text: {}", reply.shown()))
        .to_owned()
}

fn id(reply: &Reply) -> String {
    reply.json()["id"].as_str().unwrap().to_owned()
}

/// Answers with what it was asked, under ids of its own.
fn echo(call: &Call) -> Answer {
    let request = call.json();
    let asked = request["input"].as_str().unwrap_or("[EMAIL_1]").to_owned();
    let id = match request["previous_response_id"].as_str() {
        None => "resp_first",
        Some("resp_first") => "resp_second",
        Some(_) => "resp_third",
    };
    let said = format!("{asked}, [EMAIL_1]");
    if request["stream"] == true {
        return Answer::stream(stream(id, [(message(&said), vec![said.as_str()])]));
    }
    Answer::json(200, &answer(id, &[message(&said)]))
}

#[tokio::test]
async fn a_provider_goes_on_and_what_it_hid_before_is_restored() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let first = gateway
        .send(request(&say(&format!("I am {ADDRESS}"))))
        .await;
    assert_eq!(said(&first), format!("I am {ADDRESS}, {ADDRESS}"));
    // Nothing is found in it, but the answer speaks of what was hidden before.
    let second = gateway.send(request(&go_on("resp_first", "And now"))).await;
    assert_eq!(said(&second), format!("And now, {ADDRESS}"));
    // The same value keeps its stand-in, another one gets another.
    let third = format!("{OTHER} and {ADDRESS}");
    let third = gateway.send(request(&go_on("resp_second", &third))).await;
    assert_eq!(said(&third), format!("{OTHER} and {ADDRESS}, {ADDRESS}"));
    let calls = provider.calls();
    assert_eq!(calls[1].json(), go_on("resp_first", "And now"));
    assert_eq!(
        calls[2].json(),
        go_on("resp_second", "[EMAIL_2] and [EMAIL_1]")
    );
    for call in calls {
        trace::assert_none(&call.bytes(), &[ADDRESS, OTHER], "what crossed");
    }
}

#[tokio::test]
async fn what_the_last_check_stops_is_not_told_again_as_a_whole() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    gateway.send(request(&say("Hello"))).await;
    let mut next = go_on("resp_first", "Write to x@example.com.");
    // The address between bytes that are no text: only the last check sees it.
    insert(
        &mut next,
        "metadata",
        json!({"state": "//79eEBleGFtcGxlLmNvbf/+"}),
    );
    let reply = gateway.send(request(&next)).await;
    assert_eq!(reply.json()["error"]["code"], "egress_blocked");
    assert_eq!(provider.calls().len(), 1);
    let remains = gateway.stop().await;
    let blocked = remains.metrics.count("nearside_egress_blocked_total", &[]);
    let inspected = remains.metrics.count("nearside_complexity_count", &[]);
    assert_eq!((blocked, inspected), (1, 2));
}

#[tokio::test]
async fn a_stream_is_gone_on_from_too() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let mut first = say(&format!("I am {ADDRESS}"));
    insert(&mut first, "stream", json!(true));
    let told = Responded::read(gateway.send(request(&first)).await.body());
    assert_eq!(told.response["id"], "resp_first");
    let second = gateway.send(request(&go_on("resp_first", "And now"))).await;
    assert_eq!(said(&second), format!("And now, {ADDRESS}"));
}

#[tokio::test]
async fn an_answer_that_is_not_known_is_never_gone_on_from() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let mut unkept = say("Hello");
    insert(&mut unkept, "store", json!(false));
    gateway.send(request(&unkept)).await;
    for unknown in ["resp_first", "resp_before_the_restart"] {
        let reply = gateway.send(request(&go_on(unknown, "And now"))).await;
        let error = &reply.json()["error"];
        assert_eq!(
            (reply.status(), &error["code"]),
            (400, &json!("previous_response_not_found"))
        );
        assert_eq!(error["param"], "previous_response_id");
    }
    assert_eq!(provider.calls().len(), 1);
}

#[tokio::test]
async fn the_local_model_goes_on_from_its_own_answers() {
    let gateway = Setup::new().start().await;
    let mut first = say("Hello!");
    insert(&mut first, "model", json!("local"));
    let first = gateway.send(request(&first)).await;
    let mut second = go_on(&id(&first), "And now?");
    insert(&mut second, "model", json!("local"));
    let second = gateway.send(request(&second)).await;
    assert_eq!(said(&second), NEAR_ANSWER);
    let tokens = |reply: &Reply| reply.json()["usage"]["input_tokens"].as_u64().unwrap();
    assert!(tokens(&second) > tokens(&first), "{}", second.shown());
}

#[tokio::test]
async fn a_provider_of_another_api_is_told_the_whole_conversation() {
    let answered = Answer::json(200, &messages::text_answer("To [EMAIL_1]."));
    let provider = Provider::answering(answered).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.anthropic("far", &provider).start().await;
    let first = gateway
        .send(request(&say(&format!("I am {ADDRESS}"))))
        .await;
    let second = gateway.send(request(&go_on(&id(&first), "Who?"))).await;
    assert_eq!(said(&second), format!("To {ADDRESS}."));
    let crossed = provider.calls().pop().unwrap();
    trace::assert_none(&crossed.bytes(), &[ADDRESS], "what crossed");
    let texts: Vec<String> = crossed.json()["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["content"].to_string())
        .collect();
    assert!(
        texts[0].contains("I am [EMAIL_1]") && texts[1].contains("To [EMAIL_1]."),
        "{texts:?}"
    );
    assert!(texts[2].contains("Who?"));
}

#[tokio::test]
async fn a_conversation_may_change_sides() {
    let provider = Provider::start(echo).await;
    let gateway = Setup::new()
        .policy(BOTH)
        .cloud("far", &provider)
        .start()
        .await;
    gateway
        .send(request(&say(&format!("I am {ADDRESS}"))))
        .await;
    // A secret keeps the next turn on the device, which is told what was said before.
    let near = go_on("resp_first", &format!("Is {SECRET} a key?"));
    let near = gateway.send(request(&near)).await;
    assert_eq!(
        (near.header("x-nearside-route"), said(&near).as_str()),
        ("local", NEAR_ANSWER)
    );
    // The secret is a part of the conversation now, and so is what follows.
    let last = gateway.send(request(&go_on(&id(&near), "Thanks"))).await;
    assert_eq!(
        (last.header("x-nearside-route"), last.status()),
        ("local", 200)
    );
    assert_eq!(provider.calls().len(), 1);
}

#[tokio::test]
async fn another_target_takes_over_from_one_that_fails() {
    let provider = Provider::start(|call: &Call| {
        if call.json().get("previous_response_id").is_some() {
            return Answer::json(500, &provider_error("Broken", "server_error", "x"));
        }
        echo(call)
    })
    .await;
    let setup = Setup::new().policy(BOTH).cloud("far", &provider);
    let gateway = setup.start().await;
    gateway
        .send(request(&say(&format!("I am {ADDRESS}"))))
        .await;
    let second = gateway.send(request(&go_on("resp_first", "Who?"))).await;
    // Told the whole conversation, the provider does not need its own copy.
    assert_eq!(said(&second), format!("{ADDRESS}, {ADDRESS}"));
    assert_eq!(second.header("x-nearside-target"), "far");
    let calls = provider.calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[2].json()["input"][0]["content"], "I am [EMAIL_1]");
    trace::assert_none(&calls[2].bytes(), &[ADDRESS], "what crossed");
}

#[tokio::test]
async fn references_to_items_become_the_items() {
    let provider = Provider::answering(Answer::json(200, &text_answer("To [EMAIL_1]."))).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    gateway
        .send(request(&say(&format!("I am {ADDRESS}"))))
        .await;
    let mut next = say("");
    let asked = json!({"role": "user", "content": format!("I am {ADDRESS}")});
    let reference = json!({"type": "item_reference", "id": "msg_far"});
    let more = json!({"role": "user", "content": "Who?"});
    insert(&mut next, "input", json!([asked, reference, more]));
    let reply = gateway.send(request(&next)).await;
    assert_eq!(said(&reply), format!("To {ADDRESS}."));
    let crossed = provider.calls().pop().unwrap();
    trace::assert_none(&crossed.bytes(), &[ADDRESS], "what crossed");
    assert_eq!(crossed.json()["input"][1], message("To [EMAIL_1]."));
    insert(
        &mut next,
        "input",
        json!([{"type": "item_reference", "id": "msg_unknown"}]),
    );
    let reply = gateway.send(request(&next)).await;
    assert_eq!(
        (reply.status(), &reply.json()["error"]["param"]),
        (400, &json!("input"))
    );
}
