//! Requests and answers as people read them.

use serde_json::Value;

use crate::demo::reply::{Reply, ToolCall};

/// The messages of a request body: the text alone where there is one message, with roles where
/// there are more. Tools are named after them. What has no messages is shown as it is.
pub(super) fn request(body: &Value) -> String {
    let Some(messages) = body.get("messages").and_then(Value::as_array) else {
        return body.to_string();
    };
    let tools: Vec<String> = body
        .get("tools")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(tool)
        .collect();
    let mut lines: Vec<String> = match messages.as_slice() {
        [message] if tools.is_empty() => vec![content(message)],
        messages => messages.iter().map(message).collect(),
    };
    if !tools.is_empty() {
        lines.push(format!("may call: {}", tools.join(", ")));
    }
    lines.join("\n")
}

/// What an answer says: its text, its tool calls, its error.
pub(super) fn reply(reply: &Reply) -> String {
    let mut lines = Vec::new();
    if !reply.text.is_empty() {
        lines.push(reply.text.clone());
    }
    let calls = reply
        .tool_calls
        .iter()
        .map(|ToolCall { name, arguments }| call(name, arguments));
    lines.extend(calls);
    lines.extend(reply.error.as_ref().map(|error| format!("error: {error}")));
    lines.join("\n")
}

fn message(message: &Value) -> String {
    let role = string(message, "/role");
    let calls = message
        .get("tool_calls")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let calls: Vec<String> = calls
        .map(|one| {
            call(
                string(one, "/function/name"),
                string(one, "/function/arguments"),
            )
        })
        .collect();
    match (content(message), calls.join("; ")) {
        (text, calls) if calls.is_empty() => format!("{role}: {text}"),
        (text, calls) if text.is_empty() => format!("{role} {calls}"),
        (text, calls) => format!("{role}: {text}; {calls}"),
    }
}

fn call(name: &str, arguments: &str) -> String {
    format!("calls {name} {arguments}")
}

fn tool(tool: &Value) -> String {
    let name = string(tool, "/function/name");
    let parameters = tool
        .pointer("/function/parameters/properties")
        .and_then(Value::as_object);
    let names: Vec<&str> = parameters
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .map(String::as_str)
        .collect();
    format!("{name}({})", names.join(", "))
}

fn content(message: &Value) -> String {
    string(message, "/content").to_owned()
}

fn string<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_message_is_shown_by_its_text() {
        let body = json!({ "messages": [{ "role": "user", "content": "Hello!" }] });
        assert_eq!(request(&body), "Hello!");
        assert_eq!(request(&json!({ "prompt": 1 })), r#"{"prompt":1}"#);
    }

    #[test]
    fn conversations_show_roles_calls_and_tools() {
        let call = json!({ "function": { "name": "f", "arguments": "{\"a\":1}" } });
        let body = json!({
            "messages": [
                { "role": "user", "content": "Do it" },
                { "role": "assistant", "content": null, "tool_calls": [call] },
                { "role": "tool", "content": "done" },
            ],
            "tools": [{ "function": { "name": "f", "parameters": { "properties": { "a": {} } } } }],
        });
        assert_eq!(
            request(&body),
            "user: Do it\nassistant calls f {\"a\":1}\ntool: done\nmay call: f(a)"
        );
    }
}
