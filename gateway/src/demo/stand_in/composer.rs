//! What the stand-in says: fixed sentences around the placeholders that it was given.

use serde_json::{Map, Value};

use crate::demo::placeholder::{kind, names};

/// An answer: prose, or a call of a tool with its arguments as JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Composed {
    pub(super) text: String,
    pub(super) call: Option<(String, String)>,
}

/// Answers a chat completion request: with a call of its first tool where it has tools, in prose
/// otherwise.
pub(super) fn compose(request: &Value) -> Composed {
    let messages = request
        .get("messages")
        .map(Value::to_string)
        .unwrap_or_default();
    let given = names(&messages);
    match request.pointer("/tools/0/function") {
        Some(function) => Composed {
            text: String::new(),
            call: Some(call(function, &given)),
        },
        None => Composed {
            text: prose(request, &given),
            call: None,
        },
    }
}

fn prose(request: &Value, given: &[&str]) -> String {
    if given.is_empty() {
        let question = last_question(request);
        let words = question.split_whitespace().count();
        return format!(
            "I only stand in for a large cloud model, so this answer is canned. I was asked {words} \
             words, beginning “{}”, and they name nobody. A real model would now answer at length.",
            opening(&question)
        );
    }
    let steps: Vec<String> = (1..)
        .zip(given)
        .map(|(number, placeholder)| format!("{number}. {}\n", sentence(placeholder)))
        .collect();
    format!(
        "I only stand in for a large cloud model, so this answer is canned; but I use what I was \
         given as a real one would.\n{}Shall I write to {} now?",
        steps.concat(),
        given.first().unwrap_or(&"them")
    )
}

/// What a model might say about a value that it doesn't know.
fn sentence(placeholder: &str) -> String {
    match kind(placeholder) {
        "EMAIL" => format!("Write to **{placeholder}** and say what was decided."),
        "PHONE" => format!("Call {placeholder} if no reply comes by noon."),
        "CREDIT_CARD" => format!("Block card **{placeholder}** until the bank answers."),
        "IBAN" => format!("Refund to `{placeholder}`, not to the card."),
        "NATIONAL_ID" => format!("Never ask for {placeholder} by e-mail."),
        "IP" => format!("Compare {placeholder}'s earlier logins with this one."),
        _ => format!("Check {placeholder} once more."),
    }
}

/// Calls `function` with every parameter filled in.
fn call(function: &Value, given: &[&str]) -> (String, String) {
    let name = function
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let parameters = function
        .pointer("/parameters/properties")
        .and_then(Value::as_object);
    let arguments: Map<String, Value> = parameters
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), argument(name, schema, given)))
        .collect();
    (name.to_owned(), Value::Object(arguments).to_string())
}

fn argument(name: &str, schema: &Value, given: &[&str]) -> Value {
    if let Some(first) = schema.pointer("/enum/0") {
        return first.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => return 1.into(),
        Some("boolean") => return true.into(),
        _ => {}
    }
    let name = name.to_ascii_uppercase();
    if let Some(value) = given
        .iter()
        .find(|placeholder| name.contains(kind(placeholder)))
    {
        return (*value).into();
    }
    match given.first() {
        Some(value) => format!("Reported as \"urgent\" by {value}.\nPlease check.").into(),
        None => "Reported as \"urgent\".".into(),
    }
}

fn last_question(request: &Value) -> String {
    let messages = request.get("messages").and_then(Value::as_array);
    let asked = messages
        .into_iter()
        .flatten()
        .rev()
        .find(|message| message.get("role").and_then(Value::as_str) == Some("user"));
    let content = asked
        .and_then(|message| message.get("content"))
        .and_then(Value::as_str);
    content.unwrap_or_default().to_owned()
}

fn opening(question: &str) -> String {
    question
        .split_whitespace()
        .take(6)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prose_uses_every_placeholder_it_was_given() {
        let content = "Help [EMAIL_1], [IP_1] and [EMAIL_1] again";
        let request = json!({ "messages": [{ "role": "user", "content": content }] });
        let text = compose(&request).text;
        assert!(
            text.contains("**[EMAIL_1]**") && text.contains("[IP_1]'s"),
            "{text}"
        );
    }

    #[test]
    fn a_tool_is_called_with_arguments_that_are_json() {
        let parameters = json!({ "type": "object", "properties": {
            "email": { "type": "string" }, "note": { "type": "string" },
            "priority": { "enum": ["high", "low"] }, "count": { "type": "integer" },
        }});
        let request = json!({
            "messages": [{ "role": "user", "content": "Ticket for [PHONE_1], [EMAIL_2]" }],
            "tools": [{ "type": "function",
                "function": { "name": "open_ticket", "parameters": parameters } }],
        });
        let (name, arguments) = compose(&request).call.unwrap();
        assert_eq!(name, "open_ticket");
        let arguments: Value = serde_json::from_str(&arguments).unwrap();
        assert_eq!(arguments["email"], "[EMAIL_2]");
        assert_eq!(
            arguments["note"],
            "Reported as \"urgent\" by [PHONE_1].\nPlease check."
        );
        assert_eq!(
            (&arguments["priority"], &arguments["count"]),
            (&json!("high"), &json!(1))
        );
    }

    #[test]
    fn without_placeholders_it_says_what_it_was_asked() {
        let request =
            json!({ "messages": [{ "role": "user", "content": "Why is the sky blue?" }] });
        assert!(
            compose(&request)
                .text
                .contains("5 words, beginning “Why is the sky blue?”")
        );
    }
}
