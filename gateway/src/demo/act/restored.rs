//! Whether an answer came back with every placeholder replaced by its original, and nothing else
//! changed.

use serde_json::Value;

use crate::demo::{
    reply::{Reply, ToolCall},
    scenario::Original,
};

/// True when `came` is what the far side `said`, with every placeholder replaced by its original.
/// Tool arguments are JSON, and compared by what they mean.
pub(super) fn is_exact(said: &Reply, came: &Reply, originals: &[Original]) -> bool {
    let calls = || came.tool_calls.iter().zip(&said.tool_calls);
    came.finished
        && came.text == put_back(&said.text, originals)
        && came.tool_calls.len() == said.tool_calls.len()
        && calls().all(|(came, said)| is_exact_call(said, came, originals))
}

/// True when no placeholder of the request is left in an answer.
pub(super) fn has_no_placeholder(came: &Reply, originals: &[Original]) -> bool {
    let mut texts = came
        .tool_calls
        .iter()
        .map(|call| &call.arguments)
        .chain([&came.text]);
    let is_left = |text: &String| {
        let mut placeholders = originals.iter().filter_map(|original| original.placeholder);
        placeholders.any(|placeholder| text.contains(placeholder))
    };
    !texts.any(is_left)
}

/// True when every original is somewhere in the answer.
pub(super) fn holds_all(came: &Reply, originals: &[Original]) -> bool {
    let mut shown = came.text.clone();
    let arguments = came.tool_calls.iter().map(|call| &call.arguments);
    for arguments in arguments.filter_map(|json| serde_json::from_str::<Value>(json).ok()) {
        shown.push_str(&arguments.to_string());
    }
    originals
        .iter()
        .all(|original| shown.contains(original.value))
}

fn is_exact_call(said: &ToolCall, came: &ToolCall, originals: &[Original]) -> bool {
    let said_arguments = serde_json::from_str::<Value>(&said.arguments);
    let came_arguments = serde_json::from_str::<Value>(&came.arguments);
    match (said_arguments, came_arguments) {
        (Ok(said_arguments), Ok(came_arguments)) => {
            came.name == said.name && came_arguments == put_back_in(said_arguments, originals)
        }
        _ => false,
    }
}

fn put_back(text: &str, originals: &[Original]) -> String {
    originals.iter().fold(text.to_owned(), |text, original| {
        match original.placeholder {
            Some(placeholder) => text.replace(placeholder, original.value),
            None => text,
        }
    })
}

fn put_back_in(value: Value, originals: &[Original]) -> Value {
    match value {
        Value::String(text) => put_back(&text, originals).into(),
        Value::Array(items) => items
            .into_iter()
            .map(|item| put_back_in(item, originals))
            .collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, item)| (key, put_back_in(item, originals)))
            .collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_)) => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGINALS: &[Original] = &[
        Original {
            value: r#"a "quoted" value"#,
            placeholder: Some("[OTHER_ID_1]"),
        },
        Original {
            value: "jane@example.com",
            placeholder: Some("[EMAIL_1]"),
        },
    ];

    fn text(text: &str) -> Reply {
        Reply {
            text: text.to_owned(),
            finished: true,
            ..Reply::default()
        }
    }

    fn call(arguments: &str) -> Reply {
        let call = ToolCall {
            name: "f".to_owned(),
            arguments: arguments.to_owned(),
        };
        Reply {
            tool_calls: vec![call],
            finished: true,
            ..Reply::default()
        }
    }

    fn check(said: &Reply, came: &Reply, expected: bool) {
        assert_eq!(
            is_exact(said, came, ORIGINALS),
            expected,
            "{said:?} -> {came:?}"
        );
    }

    #[test]
    fn texts_are_compared_letter_by_letter() {
        check(
            &text("To **[EMAIL_1]**"),
            &text("To **jane@example.com**"),
            true,
        );
        check(&text("To [EMAIL_1]"), &text("To jane@example.com."), false);
        check(&text("To [EMAIL_1]"), &text("To [EMAIL_1]"), false);
        check(
            &text("Hi"),
            &Reply {
                finished: false,
                ..text("Hi")
            },
            false,
        );
    }

    #[test]
    fn arguments_must_still_be_json() {
        let said = call(r#"{"note":"[OTHER_ID_1]"}"#);
        check(&said, &call(r#"{"note": "a \"quoted\" value"}"#), true);
        check(&said, &call(r#"{"note":"a "quoted" value"}"#), false);
        check(&said, &text(""), false);
    }

    #[test]
    fn what_is_left_and_what_is_back_is_seen() {
        assert!(!has_no_placeholder(
            &call(r#"{"to":"[EMAIL_1]"}"#),
            ORIGINALS
        ));
        assert!(!has_no_placeholder(&text("[OTHER_ID_1]"), ORIGINALS));
        assert!(has_no_placeholder(&text("[EMAIL_2]"), ORIGINALS));
        let beside_a_call = Reply {
            text: "[EMAIL_1]".to_owned(),
            ..call("{}")
        };
        assert!(!has_no_placeholder(&beside_a_call, ORIGINALS));
        assert!(holds_all(
            &text("jane@example.com, a \"quoted\" value"),
            ORIGINALS
        ));
        assert!(!holds_all(&text("jane@example.com"), ORIGINALS));
    }
}
