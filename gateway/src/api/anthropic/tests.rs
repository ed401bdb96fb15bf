use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// A request with every member that the API knows of; `next` gives each text.
fn request(next: &mut impl FnMut() -> String) -> Value {
    let mut text = || next();
    json!({
        "model": text(), "max_tokens": 7, "metadata": {"user_id": text()},
        "system": [{"type": "text", "text": text(), "cache_control": {"type": "ephemeral"}}],
        "stop_sequences": [text()],
        "tools": [{"name": text(), "description": text(), "input_schema": {"type": "object",
            "properties": {"to": {"description": text(), "enum": [text()]}}}}],
        "tool_choice": {"type": "tool", "name": text()},
        "output_config": {"format": {"type": "json_schema", "schema": {"title": text()}}},
        "container": text(), "mcp_servers": [{"url": text(), "authorization_token": text()}],
        "messages": [
            {"role": "user", "content": text()},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": text(), "signature": text()},
                {"type": "redacted_thinking", "data": text()},
                {"type": "tool_use", "id": text(), "name": text(), "input": {"to": [text()]}},
                {"type": "server_tool_use", "id": text(), "input": {"query": text()}},
                {"type": "web_search_tool_result", "content": [{"title": text(), "encrypted_content": text()}]},
                {"type": "text", "text": text(), "citations": [{"cited_text": text(), "encrypted_index": text()}]}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": text(), "content": text()},
                {"type": "tool_result", "tool_use_id": text(), "content": [{"type": "text", "text": text()}]},
                {"type": "image", "source": {"type": "url", "url": text()}},
                {"type": "document", "title": text(), "context": text(),
                    "source": {"type": "text", "media_type": "text/plain", "data": text()}},
                {"type": "search_result", "source": text(), "title": text(),
                    "content": [{"type": "text", "text": text()}]},
                {"type": "a_block_of_tomorrow", "new": {"deep": [text()]}}]}],
        "a_field_of_tomorrow": text()
    })
}

#[test]
fn every_text_of_a_request_is_in_the_index() {
    let mut count = 0;
    let body = request(&mut || {
        count += 1;
        format!("text {count}")
    })
    .to_string();
    let (_, document) = Messages::Create.parse(&body, 32).unwrap();
    let texts = document.texts(&body);
    let indexed: BTreeSet<&str> = texts.iter().map(|text| text.text).collect();
    for number in 1..=count {
        assert!(
            indexed.contains(format!("text {number}").as_str()),
            "text {number}"
        );
    }
}

proptest! {
    /// Nothing is taken for a provider's own that only looks a little like it.
    #[test]
    fn no_text_of_a_client_is_sealed(text in ".{0,40}") {
        use crate::api::document::Place;
        let body = request(&mut || text.clone()).to_string();
        let (_, document) = Messages::Create.parse(&body, 32).unwrap();
        let texts = document.texts(&body);
        prop_assert!(texts.iter().all(|text| text.place != Place::Sealed));
    }

    #[test]
    fn any_bytes_are_read_without_panic(body in any::<String>()) {
        let read = Messages::Create.parse(&body, 8);
        prop_assert!(read.is_err());
    }
}
