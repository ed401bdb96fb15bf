//! Indexing a request: what each text of it is, and what routing needs to know.
//!
//! Opaque are pictures and `context`, the numbers that stand for an earlier conversation: nobody can
//! look through them, so both count as attachments, and the policy says whether they may cross. They
//! do so as they are, or not at all.

use router::complexity::Role;

use super::Endpoint;
use crate::api::{
    Head, ParseError,
    document::{Document, Place, is_made_up},
    json::{Literal, LiteralKind, Path, Segment},
};

/// Indexes a request body and reads what routing needs from it.
///
/// # Errors
/// [`ParseError`] when the body is not JSON, names no model, or has messages that are no objects.
/// A request without messages or prompt is one: it loads the model.
pub(super) fn parse(
    endpoint: Endpoint,
    body: &str,
    depth_limit: usize,
) -> Result<(Head, Document), ParseError> {
    let place_of = |path: &Path<'_>, kind, text: &str| place(endpoint, path, kind, text);
    let mut draft = HeadDraft::new(endpoint);
    let document = Document::index(body, depth_limit, &place_of, &mut |path, literal| {
        draft.observe(path, literal);
    })?;
    Ok((draft.finish()?, document))
}

/// A model's name as the gateway knows it: to Ollama's clients, `name` and `name:latest` are one.
pub(crate) fn plain_name(model: &str) -> &str {
    model.strip_suffix(LATEST).unwrap_or(model)
}

/// Which fields are structure, which are the conversation, and which are anything else.
fn place(endpoint: Endpoint, path: &Path<'_>, kind: LiteralKind, text: &str) -> Place {
    let is_numeral = kind == LiteralKind::Number;
    if path.is(&["model"]) {
        return Place::Model;
    }
    if let Some(message) = spoken(endpoint, path) {
        return Place::Content { message };
    }
    if is_role(path) && role(text).is_some()
        || is_id(path) && is_made_up(text)
        || is_number(path) && is_numeral
    {
        return Place::Structural;
    }
    let is_context = path.is(&["context", "*"]) && is_numeral;
    if is_context || is_picture(path) && looks_like_picture(text) {
        return Place::Sealed;
    }
    Place::Free
}

/// The message of which the text at `path` is what is said.
fn spoken(endpoint: Endpoint, path: &Path<'_>) -> Option<usize> {
    match endpoint {
        Endpoint::Chat if path.is(&["messages", "*", "content"]) => path.index(1),
        Endpoint::Generate if path.is(&["system"]) => Some(SYSTEM),
        Endpoint::Generate if path.is(&["prompt"]) || path.is(&["suffix"]) => Some(PROMPT),
        Endpoint::Chat | Endpoint::Generate => None,
    }
}

fn is_role(path: &Path<'_>) -> bool {
    path.is(&["messages", "*", "role"])
}

fn is_id(path: &Path<'_>) -> bool {
    path.is(&["messages", "*", "tool_calls", "*", "id"])
        || path.is(&["messages", "*", "tool_call_id"])
}

/// Fields that hold numbers and no one's number.
pub(super) fn is_number(path: &Path<'_>) -> bool {
    let is_option = || {
        let name = path.label().unwrap_or_default();
        path.segments().len() == 2 && path.starts_with(&["options"]) && NUMBERS.contains(&name)
    };
    path.is(&["keep_alive"]) || is_option()
}

fn is_picture(path: &Path<'_>) -> bool {
    path.is(&["images", "*"]) || path.is(&["messages", "*", "images", "*"])
}

/// Base64 of something that begins as the picture formats do.
fn looks_like_picture(text: &str) -> bool {
    PICTURE_STARTS.iter().any(|start| text.starts_with(start))
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

/// Who speaks; capitals don't matter to Ollama.
pub(super) fn role(name: &str) -> Option<Role> {
    [
        ("system", Role::System),
        ("user", Role::User),
        ("assistant", Role::Assistant),
        ("tool", Role::Tool),
    ]
    .into_iter()
    .find_map(|(known, role)| known.eq_ignore_ascii_case(name).then_some(role))
}

/// A [`Head`] in the making. Where a key stands twice, the last one counts, as for most parsers;
/// texts under the others are inspected all the same.
struct HeadDraft {
    endpoint: Endpoint,
    head: Head,
    messages_are_objects: bool,
    has_context: bool,
}

impl HeadDraft {
    fn new(endpoint: Endpoint) -> Self {
        let roles = match endpoint {
            Endpoint::Chat => Vec::new(),
            // In the order of `SYSTEM` and `PROMPT`.
            Endpoint::Generate => vec![Some(Role::System), Some(Role::User)],
        };
        Self {
            endpoint,
            head: Head {
                stream: true,
                include_usage: true,
                roles,
                ..Head::default()
            },
            messages_are_objects: true,
            has_context: false,
        }
    }

    fn observe(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let (kind, raw) = (literal.kind, literal.raw);
        let depth = path.segments().len();
        if kind == LiteralKind::Key {
            self.head.json_answer |= depth > 1 && path.starts_with(&["format"]);
        } else if path.is(&["model"]) && kind == LiteralKind::String {
            let model = literal.text().unwrap_or_default();
            plain_name(&model).clone_into(&mut self.head.model);
        } else if path.is(&["stream"]) {
            self.head.stream = kind != LiteralKind::False;
        } else if path.is(&["format"]) {
            self.head.json_answer = kind == LiteralKind::String && raw != "\"\"";
        } else if path.is(&["options", "num_predict"]) {
            self.head.max_output_tokens = raw.parse().ok().filter(|most| *most > 0);
        } else if path.starts_with(&["context", "*"]) {
            self.has_context = true;
        } else if is_picture(path) {
            self.head.attachments += 1;
            self.head.images += 1;
        }
        if path.starts_with(&["tools", "*"]) {
            let tools = path.index(1).map_or(0, |tool| tool + 1);
            self.head.tools = self.head.tools.max(tools);
        }
        if self.endpoint == Endpoint::Chat && path.starts_with(&["messages"]) {
            self.observe_message(path, literal);
        }
    }

    fn observe_message(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let is_key_itself = path.segments().len() == 1 && literal.kind == LiteralKind::Key;
        if is_key_itself || path.is(&["messages"]) && literal.kind == LiteralKind::Null {
            return;
        }
        // Messages are a list, and a message is an object: the step into it is a key.
        let is_in_object = matches!(path.segments().get(2), Some(Segment::Key(_)));
        self.messages_are_objects &= is_in_object;
        let Some(message) = path.index(1) else {
            self.messages_are_objects = false;
            return;
        };
        let roles = &mut self.head.roles;
        if roles.len() <= message {
            roles.resize(message + 1, None);
        }
        if is_role(path)
            && literal.kind == LiteralKind::String
            && let Some(slot) = roles.get_mut(message)
        {
            *slot = literal.text().ok().and_then(|name| role(&name));
        }
    }

    fn finish(mut self) -> Result<Head, ParseError> {
        if self.head.model.is_empty() {
            return Err(ParseError::Field {
                field: "model",
                expected: "the name of a model",
            });
        }
        if !self.messages_are_objects {
            return Err(ParseError::Field {
                field: "messages",
                expected: "an array of message objects",
            });
        }
        self.head.attachments += u32::from(self.has_context);
        self.head.schema = self.head.json_answer;
        Ok(self.head)
    }
}

const LATEST: &str = ":latest";

/// Of a request to generate, the number of what its `system` says.
const SYSTEM: usize = 0;
/// And of its prompt.
const PROMPT: usize = 1;

/// Options that are numbers.
const NUMBERS: &[&str] = &[
    "draft_num_predict",
    "frequency_penalty",
    "main_gpu",
    "min_p",
    "num_batch",
    "num_ctx",
    "num_gpu",
    "num_keep",
    "num_predict",
    "num_thread",
    "presence_penalty",
    "repeat_last_n",
    "repeat_penalty",
    "seed",
    "temperature",
    "top_k",
    "top_p",
    "typical_p",
];

/// PNG, JPEG, GIF, RIFF (WebP) and BMP in base64, as far as whole characters of it are the same for
/// every picture.
const PICTURE_STARTS: &[&str] = &["iVBORw0KGg", "/9j/", "R0lGOD", "UklGR", "Qk"];

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: &str = r#"{"model":"llama3.2:latest","messages":[
        {"role":"System","content":"Be brief"},
        {"role":"user","content":"hi","images":["iVBORw0KGgo=","/9j/4AAQ"]},
        {"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f","arguments":{"to":"x"}}}]},
        {"role":"tool","tool_name":"f","content":"done"}],
        "tools":[{"type":"function","function":{"name":"f"}}],
        "format":{"type":"object"},"options":{"num_predict":7,"seed":123456789,"stop":["END"]}}"#;

    fn content(endpoint: Endpoint, body: &str) -> Vec<(usize, String)> {
        let (_, document) = parse(endpoint, body, 32).unwrap();
        let texts = document.texts(body).into_iter();
        let spoken = texts.filter_map(|text| {
            let Place::Content { message } = text.place else {
                return None;
            };
            Some((message, text.text.to_owned()))
        });
        spoken.collect()
    }

    #[test]
    fn a_chats_head_is_read_in_the_same_pass() {
        let (head, _) = parse(Endpoint::Chat, CHAT, 32).unwrap();
        assert_eq!(head.model, "llama3.2");
        assert!(head.stream && head.include_usage && head.json_answer && head.schema);
        let roles = [Role::System, Role::User, Role::Assistant, Role::Tool];
        assert_eq!(head.roles, roles.map(Some));
        let counted = (head.tools, head.attachments, head.images);
        assert_eq!(counted, (1, 2, 2));
        assert_eq!(head.max_output_tokens, Some(7));
        let said = content(Endpoint::Chat, CHAT);
        let said: Vec<_> = said.iter().map(|(at, text)| (*at, text.as_str())).collect();
        assert_eq!(said, [(0, "Be brief"), (1, "hi"), (3, "done")]);
    }

    #[test]
    fn a_generations_head_is_read_in_the_same_pass() {
        let body = r#"{"model":"m","prompt":"Hi","system":"Be brief","suffix":"end","stream":false,
            "format":"","context":[128000,7],"images":["iVBORw0KGgo="],"options":{"num_predict":-1}}"#;
        let (head, _) = parse(Endpoint::Generate, body, 32).unwrap();
        assert!(!head.stream && !head.json_answer);
        assert_eq!((head.attachments, head.images), (2, 1));
        assert_eq!(head.max_output_tokens, None);
        let said = content(Endpoint::Generate, body);
        let said: Vec<_> = said.iter().map(|(at, text)| (*at, text.as_str())).collect();
        assert_eq!(said, [(1, "Hi"), (0, "Be brief"), (1, "end")]);
    }

    #[test]
    fn only_structure_is_exempt_and_what_is_opaque_sealed() {
        let at = |place, endpoint, body: &str| -> Vec<String> {
            let (_, document) = parse(endpoint, body, 32).unwrap();
            let texts = document.texts(body).into_iter();
            let there = texts.filter(|text| text.place == place);
            there.map(|text| text.text.to_owned()).collect()
        };
        let roles_and_ids = ["System", "user", "assistant", "call_1", "tool", "123456789"];
        assert_eq!(at(Place::Structural, Endpoint::Chat, CHAT), roles_and_ids);
        let pictures = ["iVBORw0KGgo=", "/9j/4AAQ"];
        assert_eq!(at(Place::Sealed, Endpoint::Chat, CHAT), pictures);
        // What only stands where a picture, an id, a role or a number should stand is looked through.
        let chat = r#"{"model":"m","messages":[{"role":"Jane Doe","content":"","images":["ada@example.com"],
            "tool_call_id":"078-05-1120","x":5551234}],"options":{"seed":"ada@example.com","mine":12345}}"#;
        let prompt = r#"{"model":"m","prompt":"","context":["Jane",128009],"images":["Jane"]}"#;
        for place in [Place::Structural, Place::Sealed] {
            assert_eq!(at(place, Endpoint::Chat, chat), [""; 0]);
        }
        assert_eq!(at(Place::Sealed, Endpoint::Generate, prompt), ["128009"]);
        assert_eq!(at(Place::Structural, Endpoint::Generate, prompt), [""; 0]);
    }

    #[test]
    fn a_request_without_messages_loads_the_model() {
        for body in [
            r#"{"model":"m"}"#,
            r#"{"model":"m","messages":[]}"#,
            r#"{"model":"m","messages":null}"#,
        ] {
            assert!(parse(Endpoint::Chat, body, 8).unwrap().0.roles.is_empty());
        }
    }

    #[test]
    fn missing_fields_are_named() {
        let wrong = |body: &str| {
            let error = parse(Endpoint::Chat, body, 32).unwrap_err();
            error.to_string()
        };
        for body in ["{}", r#"{"model":""}"#, r#"{"model":7}"#] {
            assert_eq!(wrong(body), "'model': expected the name of a model");
        }
        for no_objects in [r#"["hi"]"#, r#"[["hi"]]"#, r#"{"content":"hi"}"#, r#""hi""#] {
            let body = format!(r#"{{"model":"m","messages":{no_objects}}}"#);
            let expected = "'messages': expected an array of message objects";
            assert_eq!(wrong(&body), expected);
        }
    }
}
