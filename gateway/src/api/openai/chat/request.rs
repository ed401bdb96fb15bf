//! Reading a chat completion request.

use router::complexity::Role;

use crate::api::{
    Head, ParseError,
    document::{Document, Place, is_made_up},
    json::{Literal, LiteralKind, Path, Segment},
};

/// Indexes a request body and reads what routing needs from it.
///
/// # Errors
/// [`ParseError`] when the body is not JSON, or `model` or `messages` is not as the API demands.
pub(super) fn parse(body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
    let mut draft = HeadDraft::new();
    let document = Document::index(body, depth_limit, &place, &mut |path, literal| {
        draft.observe(path, literal);
    })?;
    Ok((draft.finish()?, document))
}

/// Which fields are structure, which are the conversation, and which are anything else.
fn place(path: &Path<'_>, kind: LiteralKind, text: &str) -> Place {
    if path.is(&["model"]) {
        return Place::Model;
    }
    if path.is(&["messages", "*", "content"]) || path.is(&["messages", "*", "content", "*", "text"])
    {
        return path
            .index(1)
            .map_or(Place::Free, |message| Place::Content { message });
    }
    // Parameters: `seed`, `max_tokens`, `temperature`.
    let is_parameter = path.segments().len() == 1 && kind == LiteralKind::Number;
    let is_role = path.is(&["messages", "*", "role"]) && role(text).is_some();
    let is_id = path.is(&["messages", "*", "tool_calls", "*", "id"])
        || path.is(&["messages", "*", "tool_call_id"]);
    if is_parameter || is_role || is_id && is_made_up(text) {
        return Place::Structural;
    }
    Place::Free
}

/// Who speaks under a role of this name.
pub(in crate::api::openai) fn role(name: &str) -> Option<Role> {
    match name {
        "system" | "developer" => Some(Role::System),
        "user" => Some(Role::User),
        "assistant" => Some(Role::Assistant),
        "tool" | "function" => Some(Role::Tool),
        _ => None,
    }
}

/// A [`Head`] in the making. Where a key stands twice, the last one counts, as for most parsers;
/// texts under the others are inspected all the same.
struct HeadDraft {
    head: Head,
    model_is_named: bool,
    messages_are_objects: bool,
}

impl HeadDraft {
    fn new() -> Self {
        Self {
            head: Head {
                answers: 1,
                ..Head::default()
            },
            model_is_named: false,
            messages_are_objects: true,
        }
    }

    fn observe(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let head = &mut self.head;
        let (kind, raw) = (literal.kind, literal.raw);
        match path.segments().len() {
            1 if path.is(&["model"]) && kind == LiteralKind::String => {
                head.model = literal.text().unwrap_or_default().into_owned();
                self.model_is_named = true;
            }
            1 if path.is(&["n"]) => head.answers = raw.parse().unwrap_or(head.answers),
            1 if path.is(&["stream"]) => head.stream = kind == LiteralKind::True,
            1 if path.is(&["max_tokens"]) || path.is(&["max_completion_tokens"]) => {
                head.max_output_tokens = raw.parse().ok().or(head.max_output_tokens);
            }
            2 if path.is(&["stream_options", "include_usage"]) => {
                head.include_usage = kind == LiteralKind::True;
            }
            2 if path.is(&["response_format", "type"]) && kind == LiteralKind::String => {
                head.json_answer = raw.contains("json");
                head.schema |= head.json_answer;
            }
            _ => {}
        }
        if let Some(Segment::Key(field)) = path.segments().first() {
            head.schema |= CONSTRAINTS.contains(&field.as_ref()) && kind != LiteralKind::Null;
        }
        if path.starts_with(&["messages", "*"]) {
            self.observe_message(path, literal);
        } else if path.starts_with(&["tools", "*"]) {
            head.tools = head.tools.max(path.index(1).map_or(0, |tool| tool + 1));
        }
    }

    fn observe_message(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let Some(message) = path.index(1) else { return };
        // A message is an object: the step into it is a key.
        self.messages_are_objects &= matches!(path.segments().get(2), Some(Segment::Key(_)));
        let roles = &mut self.head.roles;
        if roles.len() <= message {
            roles.resize(message + 1, None);
        }
        if literal.kind != LiteralKind::String {
            return;
        }
        if path.is(&["messages", "*", "role"])
            && let Some(slot) = roles.get_mut(message)
        {
            *slot = literal.text().ok().and_then(|name| role(&name));
        }
        if path.is(&["messages", "*", "content", "*", "type"])
            && !matches!(literal.raw, "\"text\"" | "\"refusal\"")
        {
            self.head.attachments += 1;
            self.head.images += u32::from(literal.raw.contains("image"));
        }
    }

    fn finish(self) -> Result<Head, ParseError> {
        if !self.model_is_named {
            return Err(ParseError::Field {
                field: "model",
                expected: "the name of a model",
            });
        }
        if self.head.roles.is_empty() || !self.messages_are_objects {
            return Err(ParseError::Field {
                field: "messages",
                expected: "an array of at least one message object",
            });
        }
        Ok(self.head)
    }
}

/// Fields that bind the answer's form, as the local engine reads them.
const CONSTRAINTS: [&str; 3] = ["guided_json", "guided_regex", "guided_choice"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_read_in_the_same_pass() {
        let body = r#"{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},
            "messages":[{"content":[{"type":"text","text":"hi"},{"type":"image_url","image_url":{"url":"x"}}],"role":"user"}],
            "tools":[{"type":"function","function":{"name":"f"}}],"max_tokens":7,
            "response_format":{"type":"json_object"}}"#;
        let (head, document) = parse(body, 32).unwrap();
        assert_eq!(head.model, "gpt-4o");
        assert!(head.stream && head.include_usage && head.json_answer);
        assert_eq!(head.roles, [Some(Role::User)]);
        assert_eq!(
            (head.tools, head.attachments, head.max_output_tokens),
            (1, 1, Some(7))
        );
        assert!(head.images == 1 && head.schema);
        let content: Vec<_> = document
            .texts(body)
            .into_iter()
            .filter(|text| matches!(text.place, Place::Content { .. }))
            .map(|text| text.text)
            .collect();
        assert_eq!(content, ["hi"]);
    }

    #[test]
    fn missing_fields_are_named() {
        let missing = |body| parse(body, 32).unwrap_err().to_string();
        assert_eq!(missing("{}"), "'model': expected the name of a model");
        assert_eq!(
            missing(r#"{"model":"m","messages":[]}"#),
            "'messages': expected an array of at least one message object"
        );
        for no_objects in [r#"["hi"]"#, r#"[["hi"]]"#, r#"{"content":"hi"}"#, r#""hi""#] {
            let body = format!(r#"{{"model":"m","messages":{no_objects}}}"#);
            assert!(parse(&body, 32).is_err(), "{body}");
        }
    }
}
