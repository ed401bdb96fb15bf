//! Values where a scan of one text after another would not see them.

use e2e_tests::{
    answer::Answer,
    gateway::{EVERYTHING_FAR, Setup},
    provider::Provider,
    trace,
    wire::{ask, completion, insert},
};
use serde_json::{Value, json};

/// Sends the request where everything may go far, and looks for the pieces in what crossed.
async fn check(request: &Value, pieces: &[&str]) {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", &provider)
        .start()
        .await;
    let reply = gateway.chat(request).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let calls = provider.calls();
    assert_eq!(calls.len(), 1);
    for call in &calls {
        trace::assert_none(&call.body, pieces, "what crossed");
    }
    gateway.stop().await;
}

fn user(content: &Value) -> Value {
    json!({ "role": "user", "content": content })
}

fn messages(messages: &[Value]) -> Value {
    json!({ "model": "gpt-4o", "messages": messages })
}

#[tokio::test]
async fn values_split_over_two_messages_are_found() {
    let request = messages(&[
        user(&json!("my SSN starts with 219-09")),
        user(&json!("and ends with -9999")),
    ]);
    check(&request, &["219-09", "9999"]).await;
}

#[tokio::test]
async fn values_split_over_two_parts_are_found() {
    let part = |text: &str| json!({ "type": "text", "text": text });
    let parts = json!([part("the card is 4111 1111"), part("1111 1111, thanks")]);
    check(&messages(&[user(&parts)]), &["4111", "1111 1111"]).await;
}

#[tokio::test]
async fn values_split_over_a_key_and_its_value_are_found() {
    let mut request = ask("Who is it?");
    insert(
        &mut request,
        "metadata",
        json!({ "jane.doe@": "example.com" }),
    );
    check(&request, &["jane.doe@", "example.com"]).await;
}

#[tokio::test]
async fn tool_schemas_and_their_descriptions_are_inspected() {
    let mut request = ask("Call her.");
    let schema = json!({
        "type": "object",
        "description": "mail jane.doe@example.com first",
        "properties": { "to": { "type": "string", "default": "+1 202-555-0143", "enum": ["219-09-9999"] } },
    });
    let tool = json!({ "type": "function", "function": { "name": "call", "parameters": schema } });
    insert(&mut request, "tools", json!([tool]));
    check(
        &request,
        &["jane.doe@example.com", "202-555-0143", "219-09-9999"],
    )
    .await;
}

#[tokio::test]
async fn file_names_are_inspected() {
    let mut request = ask("See the file.");
    insert(
        &mut request,
        "attachment",
        json!({ "filename": "219-09-9999.pdf" }),
    );
    check(&request, &["219-09-9999"]).await;
}

#[tokio::test]
async fn data_urls_and_stacked_encodings_are_opened() {
    // jane.doe@example.com in base64, in base64 of base64, and percent-encoded twice.
    for hidden in [
        "data:text/plain;base64,amFuZS5kb2VAZXhhbXBsZS5jb20=",
        "YW1GdVpTNWtiMlZBWlhoaGJYQnNaUzVqYjIwPQ==",
        "jane.doe%2540example.com",
    ] {
        let request = ask(&format!("Read this: {hidden} and answer."));
        check(&request, &[hidden]).await;
    }
}

#[tokio::test]
async fn the_day_in_a_models_name_is_left() {
    let mut request = ask("Write to jane.doe@example.com by noon.");
    insert(&mut request, "model", json!("gpt-4o-2024-08-06"));
    check(&request, &["jane.doe@example.com"]).await;
}

#[tokio::test]
async fn digits_in_quotes_are_no_parameter() {
    let mut request = ask("Who is it?");
    insert(&mut request, "x_contact", json!("2025550143"));
    check(&request, &["2025550143"]).await;
}
