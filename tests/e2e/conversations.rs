//! Conversations that stay with the target that answered before, and tool loops that are not split.

use std::slice;

use e2e_tests::{
    answer::Answer,
    gateway::Setup,
    provider::Provider,
    wire::{MODEL, completion, tool_call},
};
use serde_json::{Value, json};

/// The first turn goes far, later ones near, unless the conversation stays.
fn policy(sticky: &str) -> String {
    format!(
        "
version: 1
name: turns
sticky: {sticky}
redaction:
  reversible: {{ default: placeholder }}
rules:
  - {{ name: secret, when: privacy.counts.SECRET > 0, route: [local] }}
  - {{ name: opening, when: request.turns == 1 && !request.tool_result, route: [second] }}
  - {{ name: rest, route: [local, first, second] }}
"
    )
}

fn chat(messages: &[Value]) -> Value {
    json!({ "model": MODEL, "messages": messages })
}

fn said(role: &str, content: &str) -> Value {
    json!({ "role": role, "content": content })
}

#[tokio::test]
async fn stay_with_the_target_that_answered() {
    let provider = Provider::answering(Answer::json(200, &completion("Far."))).await;
    for (sticky, second_turn) in [("conversation", "second"), ("never", "local")] {
        let gateway = Setup::new()
            .policy(&policy(sticky))
            .cloud("first", &provider)
            .cloud("second", &provider)
            .start()
            .await;
        let opening = said("user", "Plan a week in Lisbon");
        let reply = gateway.chat(&chat(slice::from_ref(&opening))).await;
        assert_eq!(reply.header("x-nearside-target"), "second");
        let next = [
            opening,
            said("assistant", "Far."),
            said("user", "And in June?"),
        ];
        let reply = gateway.chat(&chat(&next)).await;
        assert_eq!(reply.header("x-nearside-target"), second_turn, "{sticky}");
        let other = [
            said("user", "Hi"),
            said("assistant", "Yes?"),
            said("user", "And in June?"),
        ];
        let reply = gateway.chat(&chat(&other)).await;
        assert_eq!(
            reply.header("x-nearside-target"),
            "local",
            "nothing is known of it"
        );
    }
}

#[tokio::test]
async fn privacy_comes_before_staying() {
    let provider = Provider::answering(Answer::json(200, &completion("Far."))).await;
    let gateway = Setup::new()
        .policy(&policy("conversation"))
        .cloud("first", &provider)
        .cloud("second", &provider)
        .start()
        .await;
    let opening = said("user", "Check my deployment");
    gateway.chat(&chat(slice::from_ref(&opening))).await;
    let secret = "My password is Tr0ub4dor&3, is that good?";
    let next = [opening, said("assistant", "Far."), said("user", secret)];
    let reply = gateway.chat(&chat(&next)).await;
    assert_eq!(reply.header("x-nearside-rule"), "secret");
    assert_eq!(reply.header("x-nearside-target"), "local");
    assert_eq!(provider.calls().len(), 1);
}

#[tokio::test]
async fn the_result_of_a_tool_goes_back_to_where_it_was_called_from() {
    let provider = Provider::answering(Answer::json(200, &tool_call("weather", "{}"))).await;
    let gateway = Setup::new()
        .policy(&policy("never"))
        .cloud("first", &provider)
        .cloud("second", &provider)
        .start()
        .await;
    let tools = json!([{ "type": "function", "function": { "name": "weather" } }]);
    let ask = |messages: &[Value]| {
        let mut request = chat(messages);
        e2e_tests::wire::insert(&mut request, "tools", tools.clone());
        request
    };
    let question = said("user", "Will it rain in Lisbon?");
    let reply = gateway.chat(&ask(slice::from_ref(&question))).await;
    assert_eq!(reply.header("x-nearside-target"), "second");
    let call = reply.json()["choices"][0]["message"].clone();
    let result = json!({ "role": "tool", "tool_call_id": "call_1", "content": "No." });
    let reply = gateway
        .chat(&ask(&[question, call.clone(), result.clone()]))
        .await;
    assert_eq!(reply.header("x-nearside-rule"), "rest");
    assert_eq!(reply.header("x-nearside-target"), "second");
    let elsewhere = [said("user", "Is it windy in Porto?"), call, result];
    let reply = gateway.chat(&ask(&elsewhere)).await;
    assert_ne!(
        reply.header("x-nearside-target"),
        "second",
        "called before this gateway knew"
    );
}
