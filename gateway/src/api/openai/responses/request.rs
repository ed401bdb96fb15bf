//! Reading what routing needs of a request.

use std::borrow::Cow;

use router::complexity::Role;

use super::place::place;
use crate::api::{
    Head, ParseError,
    document::Document,
    json::{Literal, LiteralKind, Path, Segment},
    openai::chat::role,
};

/// Indexes a request body and reads what routing needs from it. The instructions are message 0, the
/// items of the input follow.
///
/// # Errors
/// [`ParseError`] when the body is not JSON, `model` or `input` is not as the API demands, or the
/// request is for something that only the provider's own store could give.
pub(super) fn parse(body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
    let mut draft = HeadDraft::default();
    let document = Document::index(body, depth_limit, &place, &mut |path, literal| {
        draft.observe(path, literal);
    })?;
    Ok((draft.finish()?, document))
}

/// A [`Head`] in the making. Where a key stands twice, the last one counts, as for most parsers;
/// texts under the others are inspected all the same.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a field of the request"
)]
#[derive(Debug, Default)]
struct HeadDraft {
    head: Head,
    model_is_named: bool,
    items: Vec<Item>,
    /// Some item is no object, or the input is neither text nor a list.
    is_misshapen: bool,
    has_prompt: bool,
    is_background: bool,
    has_conversation: bool,
    is_not_kept: bool,
}

/// What is known of an item of the input.
#[derive(Debug, Default)]
struct Item {
    speaker: Option<Role>,
    has_id: bool,
    has_role: bool,
    /// Its type, where it has one, says that it only names another one.
    is_reference: Option<bool>,
}

impl HeadDraft {
    fn observe(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        match path.segments() {
            [Segment::Key(field)] => self.observe_field(field, literal),
            [Segment::Key(field), Segment::Index(at), rest @ ..] => match field.as_ref() {
                "input" => self.observe_item(*at, rest, literal),
                "tools" => self.head.tools = self.head.tools.max(at + 1),
                _ => {}
            },
            [Segment::Key(field), ..] => {
                self.is_misshapen |= field == "input";
                self.has_prompt |= field == "prompt";
                self.has_conversation |= field == "conversation";
                if path.is(&["text", "format", "type"]) && literal.kind == LiteralKind::String {
                    self.head.json_answer = literal.raw.contains("json");
                }
            }
            [] | [Segment::Index(_), ..] => {}
        }
    }

    fn observe_field(&mut self, field: &str, literal: &Literal<'_>) {
        let head = &mut self.head;
        if literal.kind == LiteralKind::Key {
            return;
        }
        let is_string = literal.kind == LiteralKind::String;
        let is_true = literal.kind == LiteralKind::True;
        match field {
            "model" if is_string => {
                head.model = literal.text().unwrap_or_default().into_owned();
                self.model_is_named = true;
            }
            "input" if is_string => {
                let speaker = Some(Role::User);
                self.items = vec![Item {
                    speaker,
                    ..Item::default()
                }];
            }
            "input" => self.is_misshapen = true,
            "stream" => head.stream = is_true,
            "store" => self.is_not_kept = literal.kind == LiteralKind::False,
            "previous_response_id" => {
                let id = literal.text().ok().filter(|_| is_string);
                head.refers.previous = id.map(Cow::into_owned);
            }
            "max_output_tokens" => {
                head.max_output_tokens = literal.raw.parse().ok().or(head.max_output_tokens);
            }
            "background" => self.is_background = is_true,
            "conversation" => self.has_conversation = is_string,
            _ => {}
        }
    }

    fn observe_item(&mut self, at: usize, rest: &[Segment<'_>], literal: &Literal<'_>) {
        if self.items.len() <= at {
            self.items.resize_with(at + 1, Item::default);
        }
        let [Segment::Key(member), rest @ ..] = rest else {
            self.is_misshapen = true;
            return;
        };
        if literal.kind != LiteralKind::String {
            return;
        }
        let (Ok(text), Some(item)) = (literal.text(), self.items.get_mut(at)) else {
            return;
        };
        match (member.as_ref(), rest) {
            ("id", []) => item.has_id = true,
            ("role", []) => {
                item.has_role = true;
                item.speaker = role(&text).or(item.speaker);
            }
            ("type", []) => {
                item.speaker = speaker(&text).or(item.speaker);
                item.is_reference = Some(text == "item_reference");
                self.head.attachments += u32::from(!is_item_of_text(&text));
            }
            ("content" | "output", [Segment::Index(_), Segment::Key(key)]) if key == "type" => {
                self.head.attachments += u32::from(!is_part_of_text(&text));
                self.head.images += u32::from(text == "input_image");
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Result<Head, ParseError> {
        let has_input = !self.items.is_empty() || self.has_prompt;
        for (is_wrong, field, expected) in [
            (!self.model_is_named, "model", "the name of a model"),
            (
                self.is_misshapen || !has_input,
                "input",
                "text, or an array of at least one item",
            ),
            (
                self.is_background,
                "background",
                "false: answers that are made later can't be asked for here",
            ),
            (
                self.has_conversation,
                "conversation",
                "'previous_response_id' or the whole conversation in its place",
            ),
        ] {
            if is_wrong {
                return Err(ParseError::Field { field, expected });
            }
        }
        self.head.refers.has_references = self.items.iter().any(Item::is_reference);
        self.head.refers.is_kept = !self.is_not_kept;
        let instructions = std::iter::once(Some(Role::System));
        let speakers = self.items.into_iter().map(|item| item.speaker);
        self.head.roles = instructions.chain(speakers).collect();
        self.head.answers = 1;
        self.head.schema = self.head.json_answer;
        // Every stream of this API tells it.
        self.head.include_usage = true;
        Ok(self.head)
    }
}

impl Item {
    /// Whether it only names another one. The type may be left out.
    fn is_reference(&self) -> bool {
        self.is_reference.unwrap_or(self.has_id && !self.has_role)
    }
}

/// Whose an item of this type is.
fn speaker(kind: &str) -> Option<Role> {
    if kind.ends_with("_output") {
        Some(Role::Tool)
    } else if kind.ends_with("_call") || kind == "reasoning" {
        Some(Role::Assistant)
    } else {
        None
    }
}

/// Whether all that an item of this type holds is text, or parts that tell their own type.
fn is_item_of_text(kind: &str) -> bool {
    matches!(
        kind,
        "message"
            | "reasoning"
            | "item_reference"
            | "compaction"
            | "function_call"
            | "function_call_output"
            | "custom_tool_call"
            | "custom_tool_call_output"
            | "web_search_call"
            | "file_search_call"
            | "local_shell_call"
            | "local_shell_call_output"
            | "shell_call"
            | "shell_call_output"
            | "apply_patch_call"
            | "apply_patch_call_output"
            | "mcp_call"
            | "mcp_list_tools"
            | "mcp_approval_request"
            | "mcp_approval_response"
    )
}

fn is_part_of_text(kind: &str) -> bool {
    matches!(
        kind,
        "input_text" | "output_text" | "text" | "refusal" | "reasoning_text" | "summary_text"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::document::Place;

    const SEAL: &str = "gAAAAABoc2VhbGVkX2J5X3RoZV9wcm92aWRlcl9hbmRfbm9fb25lX2Vsc2VfY2FuX3JlYWQ=";

    fn said(body: &str) -> Vec<String> {
        let (_, document) = parse(body, 32).unwrap();
        let texts = document.texts(body);
        let said = texts.iter().filter_map(|text| match text.place {
            Place::Content { message } => Some(format!("{}{message}", text.text)),
            Place::Free | Place::Key | Place::Model | Place::Structural | Place::Sealed => None,
        });
        said.collect()
    }

    #[test]
    fn the_head_is_read_in_the_same_pass() {
        let body = r#"{"model":"gpt-4o","stream":true,"max_output_tokens":7,"instructions":"s",
            "input":[{"role":"developer","content":"a"},
              {"type":"message","role":"user","content":[{"type":"input_text","text":"b"},
                {"type":"input_image","image_url":"x"},{"type":"input_file","file_id":"file-1"}]},
              {"type":"reasoning","summary":[]},
              {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
              {"type":"function_call_output","call_id":"c1","output":"c"},
              {"type":"computer_call_output","call_id":"c2","output":{"type":"computer_screenshot"}}],
            "tools":[{"type":"function","name":"f"},{"type":"web_search"}],
            "text":{"format":{"type":"json_schema","schema":{}}}}"#;
        let (head, _) = parse(body, 32).unwrap();
        assert_eq!(head.model, "gpt-4o");
        assert!(head.stream && head.include_usage && head.json_answer && head.schema);
        let roles = [
            Role::System,
            Role::System,
            Role::User,
            Role::Assistant,
            Role::Assistant,
            Role::Tool,
            Role::Tool,
        ];
        assert_eq!(head.roles, roles.map(Some));
        assert_eq!((head.tools, head.attachments, head.images), (2, 3, 1));
        assert_eq!((head.max_output_tokens, head.answers), (Some(7), 1));
        assert_eq!(said(body), ["s0", "a1", "b2", "c5"]);
        assert_eq!(said(r#"{"model":"m","input":"a"}"#), ["a1"]);
    }

    #[test]
    fn what_it_refers_to_is_read() {
        let check = |members: &str, previous: Option<&str>, has_references, is_kept| {
            let (head, _) = parse(&format!(r#"{{"model":"m",{members}}}"#), 32).unwrap();
            let refers = head.refers;
            assert_eq!(refers.previous.as_deref(), previous, "{members}");
            let read = (refers.has_references, refers.is_kept);
            assert_eq!(read, (has_references, is_kept), "{members}");
        };
        check(r#""input":"x""#, None, false, true);
        check(r#""input":"x","store":false"#, None, false, false);
        check(
            r#""input":"x","store":null,"previous_response_id":null"#,
            None,
            false,
            true,
        );
        check(
            r#""input":"x","previous_response_id":"resp_1""#,
            Some("resp_1"),
            false,
            true,
        );
        check(
            r#""input":[{"type":"item_reference","id":"a"}]"#,
            None,
            true,
            true,
        );
        check(r#""input":[{"id":"a"}]"#, None, true, true);
        check(r#""input":[{"id":"a","role":"user"}]"#, None, false, true);
        check(
            r#""input":[{"id":"a","type":"reasoning"}]"#,
            None,
            false,
            true,
        );
    }

    #[test]
    fn a_cipher_is_sealed_and_other_text_in_its_place_is_not() {
        let body = format!(
            r#"{{"model":"m","input":[{{"type":"reasoning","id":"rs_1","encrypted_content":"{SEAL}",
            "summary":[{{"type":"summary_text","text":"a"}}]}},
            {{"type":"reasoning","id":"Jane Doe","encrypted_content":"Jane Doe","summary":[]}}]}}"#
        );
        let (_, document) = parse(&body, 32).unwrap();
        let places: Vec<_> = document.texts(&body);
        let of = |wanted: Place| -> Vec<&str> {
            let found = places.iter().filter(|text| text.place == wanted);
            found.map(|text| text.text).collect()
        };
        assert_eq!(of(Place::Sealed), [SEAL]);
        assert_eq!(of(Place::Free), ["Jane Doe", "Jane Doe"]);
        assert_eq!(
            of(Place::Structural),
            ["reasoning", "rs_1", "summary_text", "reasoning"]
        );
        assert_eq!(said(&body), ["a1"]);
    }

    #[test]
    fn what_is_missing_or_kept_elsewhere_is_named() {
        for (body, field) in [
            ("{}", "model"),
            (r#"{"model":"m"}"#, "input"),
            (r#"{"model":"m","input":[]}"#, "input"),
            (r#"{"model":"m","input":["hi"]}"#, "input"),
            (r#"{"model":"m","input":{"role":"user"}}"#, "input"),
            (r#"{"model":"m","input":5}"#, "input"),
            (
                r#"{"model":"m","input":"a","background":true}"#,
                "background",
            ),
            (
                r#"{"model":"m","input":"a","conversation":"conv_1"}"#,
                "conversation",
            ),
            (
                r#"{"model":"m","input":"a","conversation":{"id":"conv_1"}}"#,
                "conversation",
            ),
        ] {
            let error = parse(body, 32).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("'{field}': ")),
                "{body}: {error}"
            );
        }
        let absent = r#"{"model":"m","input":"a","background":false,"conversation":null}"#;
        assert!(parse(absent, 32).is_ok());
        assert!(parse(r#"{"model":"m","prompt":{"id":"pmpt_1"}}"#, 32).is_ok());
    }
}
