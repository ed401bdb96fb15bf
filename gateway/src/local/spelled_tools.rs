//! Tools for a model whose chat template has no place for them.
//!
//! They are told in the first message, and earlier calls and results become text, in the form that
//! [`CallReader`](super::calls::CallReader) reads. Such a model was hardly trained to call tools; what
//! makes its calls sound is the constraint of a client that demands one.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Rewrites messages in the form of chat templates, so that they tell of `tools` and of calls by
/// their text alone.
pub(super) fn spell_out(messages: &mut [Value], tools: &[Value]) {
    let mut untold = (!tools.is_empty()).then(|| told(tools));
    for message in messages.iter_mut().filter_map(Value::as_object_mut) {
        spell_calls(message);
        spell_result(message);
        let role = message.get("role").and_then(Value::as_str);
        if matches!(role, Some("system" | "user"))
            && let Some(tools) = untold.take()
        {
            let text = format!("{tools}\n\n{}", content(message));
            message.insert("content".into(), text.trim_end().into());
        }
    }
}

/// What a model is told about its tools.
fn told(tools: &[Value]) -> String {
    let mut text = String::from("You can call these tools:\n");
    for tool in tools {
        // A `String` takes everything.
        _ = writeln!(text, "{}", tool.get("function").unwrap_or(tool));
    }
    text.push_str(
        "To call one, answer with its name and its arguments as JSON:\n\
         <tool_call>{\"name\": ..., \"arguments\": {...}}</tool_call>",
    );
    text
}

fn spell_calls(message: &mut Map<String, Value>) {
    let Some(Value::Array(calls)) = message.remove("tool_calls") else {
        return;
    };
    let mut texts = vec![content(message).to_owned()];
    texts.retain(|text| !text.is_empty());
    texts.extend(calls.iter().map(|call| {
        let mut function = call.get("function").cloned().unwrap_or_default();
        if let Some(function) = function.as_object_mut() {
            function.retain(|member, _| matches!(member.as_str(), "name" | "arguments"));
        }
        format!("<tool_call>{function}</tool_call>")
    }));
    message.insert("content".into(), texts.join("\n").into());
}

fn spell_result(message: &mut Map<String, Value>) {
    if message.get("role").and_then(Value::as_str) != Some("tool") {
        return;
    }
    let text = format!("<tool_response>{}</tool_response>", content(message));
    message.retain(|member, _| member == "content");
    message.insert("role".into(), "user".into());
    message.insert("content".into(), text.into());
}

fn content(message: &Map<String, Value>) -> &str {
    let content = message.get("content").and_then(Value::as_str);
    content.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tools_calls_and_results_are_told_as_text() {
        let call = json!({"id": "c1", "type": "function",
            "function": {"name": "weather", "arguments": {"city": "Bern"}}});
        let mut messages = [
            json!({"role": "user", "content": "How is it?"}),
            json!({"role": "assistant", "content": "", "tool_calls": [call]}),
            json!({"role": "tool", "tool_call_id": "c1", "content": "Sunny"}),
            json!({"role": "user", "content": "Thanks"}),
        ];
        let tools = [json!({"type": "function", "function": {"name": "weather"}})];
        spell_out(&mut messages, &tools);
        let messages = serde_json::to_string_pretty(&messages).unwrap();
        insta::assert_snapshot!(messages);
    }

    #[test]
    fn a_conversation_without_tools_stays_as_it_is() {
        let mut messages = [
            json!({"role": "system", "content": "Be brief"}),
            json!({"role": "user", "content": "Hi"}),
        ];
        let before = messages.clone();
        spell_out(&mut messages, &[]);
        assert_eq!(messages, before);
    }
}
