//! Reading what routing needs of a request.

use router::complexity::Role;

use super::place::{SignedThoughts, place};
use crate::api::{
    Head, ParseError,
    document::Document,
    json::{Literal, LiteralKind, Path, Segment},
};

/// Indexes a request body and reads what routing needs from it. The instructions are message 0, the
/// messages follow.
///
/// # Errors
/// [`ParseError`] when the body is not JSON, or `model` or `messages` is not as the API demands.
pub(super) fn parse(body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
    let signed = SignedThoughts::find(body, depth_limit)?;
    let mut draft = HeadDraft::new();
    let document = Document::index(
        body,
        depth_limit,
        &|path, kind, text| place(path, kind, text, &signed),
        &mut |path, literal| draft.observe(path, literal),
    )?;
    Ok((draft.finish()?, document))
}

/// A [`Head`] in the making. Where a key stands twice, the last one counts, as for most parsers;
/// texts under the others are inspected all the same.
#[derive(Debug)]
struct HeadDraft {
    head: Head,
    model_is_named: bool,
    messages: Vec<Speaker>,
    messages_are_objects: bool,
}

/// Who speaks in a message: results of tools come in the name of the user.
#[derive(Debug, Clone, Copy, Default)]
struct Speaker {
    role: Option<Role>,
    has_results: bool,
    says_more: bool,
}

impl HeadDraft {
    fn new() -> Self {
        Self {
            head: Head {
                // Every stream of this API tells it.
                include_usage: true,
                ..Head::default()
            },
            model_is_named: false,
            messages: Vec::new(),
            messages_are_objects: true,
        }
    }

    fn observe(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let head = &mut self.head;
        let is_string = literal.kind == LiteralKind::String;
        match path.segments().len() {
            1 if path.is(&["model"]) && is_string => {
                head.model = literal.text().unwrap_or_default().into_owned();
                self.model_is_named = true;
            }
            1 if path.is(&["stream"]) => head.stream = literal.kind == LiteralKind::True,
            1 if path.is(&["max_tokens"]) => {
                head.max_output_tokens = literal.raw.parse().ok().or(head.max_output_tokens);
            }
            2 | 3 if is_string && is_format(path) => {
                head.json_answer = literal.raw.contains("json");
            }
            _ => {}
        }
        if path.starts_with(&["messages", "*"]) {
            self.observe_message(path, literal);
        } else if path.starts_with(&["tools", "*"]) {
            head.tools = head.tools.max(path.index(1).map_or(0, |tool| tool + 1));
        }
    }

    fn observe_message(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let Some(at) = path.index(1) else { return };
        // A message is an object: the step into it is a key.
        self.messages_are_objects &= matches!(path.segments().get(2), Some(Segment::Key(_)));
        if self.messages.len() <= at {
            self.messages.resize(at + 1, Speaker::default());
        }
        let Some(message) = self.messages.get_mut(at) else {
            return;
        };
        if literal.kind != LiteralKind::String {
            return;
        }
        if path.is(&["messages", "*", "role"]) {
            message.role = role(literal.raw);
        } else if path.is(&["messages", "*", "content"]) {
            message.says_more = true;
        } else if path.is(&["messages", "*", "content", "*", "type"]) {
            let is_result = literal.raw == "\"tool_result\"";
            message.has_results |= is_result;
            message.says_more |= !is_result;
            self.head.attachments += u32::from(!is_block_of_text(literal.raw));
            self.head.images += u32::from(is_image(literal.raw));
        } else if path.is(&["messages", "*", "content", "*", "content", "*", "type"]) {
            self.head.images += u32::from(is_image(literal.raw));
        } else if is_source_type(path) {
            let is_text = matches!(literal.raw, "\"text\"" | "\"content\"");
            self.head.attachments += u32::from(!is_text);
        }
    }

    fn finish(mut self) -> Result<Head, ParseError> {
        if !self.model_is_named {
            return Err(ParseError::Field {
                field: "model",
                expected: "the name of a model",
            });
        }
        if self.messages.is_empty() || !self.messages_are_objects {
            return Err(ParseError::Field {
                field: "messages",
                expected: "an array of at least one message object",
            });
        }
        let instructions = std::iter::once(Some(Role::System));
        let speakers = self.messages.iter().map(|speaker| speaker.role());
        self.head.roles = instructions.chain(speakers).collect();
        self.head.schema = self.head.json_answer;
        Ok(self.head)
    }
}

impl Speaker {
    fn role(self) -> Option<Role> {
        if self.role == Some(Role::User) && self.has_results && !self.says_more {
            return Some(Role::Tool);
        }
        self.role
    }
}

fn role(raw: &str) -> Option<Role> {
    match raw {
        "\"user\"" => Some(Role::User),
        "\"assistant\"" => Some(Role::Assistant),
        "\"system\"" => Some(Role::System),
        _ => None,
    }
}

fn is_image(raw: &str) -> bool {
    raw == "\"image\""
}

/// Whether a block of this type holds text; pictures and documents are counted by their source.
fn is_block_of_text(raw: &str) -> bool {
    let of_tools = raw.ends_with("_tool_use\"") || raw.ends_with("_tool_result\"");
    of_tools
        || matches!(
            raw,
            "\"text\""
                | "\"thinking\""
                | "\"redacted_thinking\""
                | "\"tool_use\""
                | "\"tool_result\""
                | "\"search_result\""
                | "\"image\""
                | "\"document\""
        )
}

/// The form of the answer, under the name it has now and the one it had at first.
fn is_format(path: &Path<'_>) -> bool {
    path.is(&["output_config", "format", "type"]) || path.is(&["output_format", "type"])
}

/// The kind of source of a picture or document, in a message, a tool's result or another document.
fn is_source_type(path: &Path<'_>) -> bool {
    let segments = path.segments();
    let is_key = |at: usize, name: &str| match segments.get(at) {
        Some(Segment::Key(key)) => key == name,
        Some(Segment::Index(_)) | None => false,
    };
    let length = segments.len();
    is_key(length - 1, "type") && is_key(length.saturating_sub(2), "source") && !is_key(4, "input")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::Place;

    const SEAL: &str = "EqQBCgIYAhIMzbN0c2VhbGVkzbN0c2VhbGVkzbN0c2VhbGVkzbN0c2VhbGVkzbN0c2VhbGVk";

    fn places(body: &str) -> Vec<(String, Place)> {
        let (_, document) = parse(body, 32).unwrap();
        let texts = document.texts(body);
        let said = texts.iter().filter(|text| text.place != Place::Key);
        said.map(|text| (text.text.to_owned(), text.place))
            .collect()
    }

    #[test]
    fn the_head_is_read_in_the_same_pass() {
        let body = r#"{"max_tokens":7,"messages":[
              {"role":"user","content":"hi"},
              {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{"source":{"type":"url"}}}]},
              {"content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"x"}}]}],"role":"user"},
              {"role":"user","content":[{"type":"document","source":{"type":"text","data":"x"}},
                {"type":"document","source":{"type":"url","url":"x"}}]}],
            "model":"claude","stream":true,"tools":[{"name":"f"},{"name":"g"}],"system":"s",
            "output_config":{"format":{"type":"json_schema","schema":{}}}}"#;
        let (head, _) = parse(body, 32).unwrap();
        assert_eq!((head.model.as_str(), head.stream), ("claude", true));
        assert!(head.include_usage && head.json_answer && head.schema);
        let roles = [
            Role::System,
            Role::User,
            Role::Assistant,
            Role::Tool,
            Role::User,
        ];
        assert_eq!(head.roles, roles.map(Some));
        assert_eq!((head.tools, head.attachments, head.images), (2, 2, 1));
        let upload = r#"{"model":"m","messages":[{"role":"user","content":[{"type":"upload"}]}]}"#;
        assert_eq!(parse(upload, 32).unwrap().0.attachments, 1);
        assert_eq!(head.max_output_tokens, Some(7));
    }

    #[test]
    fn what_is_said_knows_its_message() {
        let body = r#"{"model":"m","system":[{"type":"text","text":"a"}],"messages":[
            {"role":"user","content":"b"},
            {"role":"user","content":[{"type":"text","text":"c"},
              {"type":"tool_result","tool_use_id":"t1","content":"d"},
              {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"e"}]},
              {"type":"thinking","thinking":"f","signature":"short"}]}]}"#;
        let said: Vec<_> = places(body)
            .into_iter()
            .filter_map(|(text, place)| {
                let Place::Content { message } = place else {
                    return None;
                };
                Some(format!("{text}{message}"))
            })
            .collect();
        assert_eq!(said, ["a0", "b1", "c2", "d2", "e2", "f2"]);
    }

    #[test]
    fn thoughts_are_sealed_under_a_providers_signature_only() {
        let body = format!(
            r#"{{"model":"m","messages":[{{"role":"assistant","content":[
            {{"type":"thinking","thinking":"one","signature":"{SEAL}"}},
            {{"type":"thinking","thinking":"two","signature":""}},
            {{"type":"redacted_thinking","data":"{SEAL}"}},
            {{"type":"redacted_thinking","data":"Jane Doe"}},
            {{"type":"tool_use","id":"t1","name":"f","input":{{"signature":"{SEAL}","encrypted_content":"{SEAL}"}}}}]}}]}}"#
        );
        let sealed: Vec<_> = places(&body)
            .into_iter()
            .filter(|(_, place)| *place == Place::Sealed)
            .map(|(text, _)| text)
            .collect();
        assert_eq!(sealed, ["one", SEAL, SEAL]);
    }

    #[test]
    fn ids_and_types_are_structure_unless_they_could_be_somebodys() {
        let body = r#"{"model":"m","max_tokens":4096,"thinking":{"type":"enabled","budget_tokens":2048},
            "tools":[{"type":"web_search_20250305","name":"web_search"}],
            "messages":[{"role":"assistant","content":[
              {"type":"tool_use","id":"toolu_01","name":"f","input":{"id":"x1","type":"a1"}},
              {"type":"tool_use","id":"Jane Doe","name":"f","input":{}}]}]}"#;
        let free: Vec<_> = places(body)
            .into_iter()
            .filter(|(_, place)| *place == Place::Free)
            .map(|(text, _)| text)
            .collect();
        assert_eq!(free, ["web_search", "f", "x1", "a1", "Jane Doe", "f"]);
    }

    #[test]
    fn missing_fields_are_named() {
        let missing = |body: &str| parse(body, 32).unwrap_err().to_string();
        assert_eq!(missing("{}"), "'model': expected the name of a model");
        for no_objects in [r#"["hi"]"#, r#"[["hi"]]"#, "[]", r#""hi""#] {
            assert_eq!(
                missing(&format!(r#"{{"model":"m","messages":{no_objects}}}"#)),
                "'messages': expected an array of at least one message object"
            );
        }
    }
}
