//! Constraints against the embedded model's vocabulary, one byte sequence at a time.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::*;
use crate::{Error, ModelSource, clock, model::ModelFiles, tokenizer::TextTokenizer};

/// A vocabulary with the ids of `<|end|>` and of the tokenizer.
struct Fixture {
    vocabulary: Vocabulary,
    tokenizer: Arc<TextTokenizer>,
    eos: u32,
}

impl Fixture {
    fn new() -> Self {
        let files = ModelFiles::read(&ModelSource::Embedded).unwrap();
        let tokenizer = Arc::new(TextTokenizer::parse(&files.tokenizer).unwrap());
        let vocabulary = Vocabulary::new(Arc::clone(&tokenizer), &files.config.eos).unwrap();
        Self {
            vocabulary,
            tokenizer,
            eos: files.config.eos[0],
        }
    }

    fn guide(&self, constraint: &Constraint) -> Guide {
        self.vocabulary.guide(constraint).unwrap()
    }

    /// Whether a text that is written a byte a token is allowed to its end, and may end there.
    fn accepts(&self, constraint: &Constraint, text: &str) -> bool {
        let mut guide = self.guide(constraint);
        let mut complete = false;
        for byte in text.bytes() {
            if complete {
                return false;
            }
            let id = (0..self.tokenizer.vocabulary())
                .find(|&id| !self.tokenizer.is_special(id) && self.tokenizer.bytes(id) == [byte])
                .unwrap();
            // Not `allowed`: where one text only may follow, that wants the tokenizer's own ids.
            match guide.take(id) {
                Ok(done) => complete = done,
                Err(Error::ConstraintFailed { .. }) => return false,
                Err(other) => panic!("{other}"),
            }
        }
        complete || guide.allowed().unwrap().is_allowed(self.eos)
    }

    fn refusal(&self, constraint: &Constraint) -> String {
        self.vocabulary.guide(constraint).unwrap_err().to_string()
    }
}

#[test]
fn each_kind_accepts_its_language_and_nothing_else() {
    let fixture = Fixture::new();
    let schema = Constraint::JsonSchema(json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2},
        },
        "required": ["name", "age"],
        "additionalProperties": false,
    }));
    let choice = Constraint::Choice(vec!["yes".into(), "no".into(), "say \"no\"\n".into()]);
    let lark = Constraint::Lark("start: term (\"+\" term)*\nterm: /[0-9]+/".into());
    for (constraint, accepted, refused) in [
        (
            &schema,
            &[
                r#"{"name":"Ann","age":7}"#,
                r#"{"name": "é🙂", "age": 150, "tags": ["a", "b"]}"#,
            ][..],
            &[
                r#"{"name":"","age":7}"#,
                r#"{"name":"A","age":151}"#,
                r#"{"name":"A"}"#,
                r#"{"name":"A","age":1,"more":1}"#,
                r#"{"name":"A","age":1,"tags":["c"]}"#,
                "{  \"name\":\"A\",\"age\":1}",
                "{\n\"name\":\"A\",\"age\":1}",
                "",
            ][..],
        ),
        (
            &Constraint::Json,
            &["{}", r#"{"a": [1, null, {"b": true}]}"#],
            &["[]", "{", "1", "{}{}"],
        ),
        (
            &Constraint::Regex(r"\d{3}-[a-f]+|é?".into()),
            &["123-abc", "é", ""],
            &["123-", "1234-a", "x"],
        ),
        (&lark, &["1", "12+3+45"], &["", "+1", "1+"]),
        (
            &choice,
            &["yes", "no", "say \"no\"\n"],
            &["ye", "yesno", "Yes", ""],
        ),
    ] {
        for text in accepted {
            assert!(fixture.accepts(constraint, text), "{constraint:?}: {text}");
        }
        for text in refused {
            assert!(!fixture.accepts(constraint, text), "{constraint:?}: {text}");
        }
    }
}

#[test]
fn the_end_is_allowed_only_where_the_text_is_complete() {
    let fixture = Fixture::new();
    let mut guide = fixture.guide(&Constraint::Regex("a{2,3}".into()));
    let a = fixture.tokenizer.encode_rendered("a").unwrap()[0];
    let mut may_end = Vec::new();
    for _ in 0..3 {
        may_end.push(guide.allowed().unwrap().is_allowed(fixture.eos));
        may_end.push(guide.take(a).unwrap());
    }
    assert_eq!(may_end, [false, false, false, false, true, true]);
}

#[test]
fn what_is_forced_is_written_in_the_tokenizer_s_own_tokens() {
    let fixture = Fixture::new();
    let text = "the customer name";
    let mut guide = fixture.guide(&Constraint::Choice(vec![text.into()]));
    let mut ids = Vec::new();
    loop {
        let allowed: Vec<u32> = guide.allowed().unwrap().iter().collect();
        assert_eq!(allowed.len(), 1, "one text leaves one token");
        ids.push(allowed[0]);
        if guide.take(allowed[0]).unwrap() {
            break;
        }
    }
    assert_eq!(ids, fixture.tokenizer.encode_rendered(text).unwrap());
}

#[test]
fn a_refusal_names_what_is_unsupported_and_nothing_of_the_client() {
    let fixture = Fixture::new();
    let schema = |schema| fixture.refusal(&Constraint::JsonSchema(schema));
    let message = schema(json!({"type": "array", "uniqueItems": true, "not": {"const": "Jane"}}));
    assert!(
        message.starts_with("the JSON schema can't be followed")
            && message.contains("not")
            && message.contains("uniqueItems"),
        "{message}"
    );
    for message in [
        message,
        schema(json!({"type": "Jane"})),
        schema(json!({"$ref": "#/$defs/Jane"})),
        schema(json!({"$ref": "https://example.org/Jane"})),
        schema(json!({"required": "Jane"})),
        schema(json!({"type": "string", "format": "Jane"})),
        schema(json!({"type": "string", "pattern": "(Jane"})),
        schema(json!({"oneOf": [{"type": "string", "pattern": "Jane"}, {"type": "string"}]})),
        schema(json!({"type": "integer", "minimum": 9, "maximum": 7})),
        schema(json!("Jane")),
        fixture.refusal(&Constraint::Regex("(?=Jane)".into())),
        fixture.refusal(&Constraint::Regex("(Jane".into())),
        fixture.refusal(&Constraint::Lark("start: Jane".into())),
        fixture.refusal(&Constraint::Lark("Jane Jane Jane".into())),
        fixture.refusal(&Constraint::Choice(vec![])),
    ] {
        println!("{message}");
        assert!(
            !message.contains("Jane") && !message.ends_with(": "),
            "{message}"
        );
    }
}

#[test]
fn what_would_take_too_much_work_is_refused() {
    let fixture = Fixture::new();
    let nested = (0..1000).fold(json!({}), |inner, _| json!({"items": inner}));
    for constraint in [
        Constraint::JsonSchema(nested),
        Constraint::JsonSchema(json!({"enum": ["x".repeat(70_000)]})),
        Constraint::Regex("(".repeat(1000) + &")".repeat(1000)),
        Constraint::Regex("x".repeat(70_000)),
        Constraint::Lark(format!(
            "start: {}\"x\"{}",
            "(".repeat(9000),
            ")".repeat(9000)
        )),
        Constraint::Choice(vec!["x".repeat(70_000)]),
    ] {
        let message = fixture.refusal(&constraint);
        assert!(message.contains("64"), "{message}");
    }
}

/// On the small stack of a test's thread.
#[test]
fn what_is_not_refused_is_done_in_bounded_work() {
    let fixture = Fixture::new();
    let chain = |link: &str| -> String {
        let rules = (0..2000).map(|i| format!("r{i}: {link} r{}\n", i + 1));
        format!("start: r0\n{}r2000: \"x\"", rules.collect::<String>())
    };
    let loops = (0..600).map(|i| {
        let next = json!({"$ref": format!("#/$defs/d{}", (i + 1) % 600)});
        let schema = json!({"type": "object", "properties": {"p": next}});
        (format!("d{i}"), schema)
    });
    let loops: serde_json::Map<_, _> = loops.collect();
    let options: Vec<_> = (0..500)
        .map(|i| json!({"properties": {"a": {"const": i}}}))
        .collect();
    for constraint in [
        Constraint::Regex("((a{1,1000}){1,1000}){1,1000}".into()),
        Constraint::Regex("(a|aa|aaa)*b(.{0,500}c){50}".into()),
        Constraint::Regex("(x*)*".repeat(2000)),
        Constraint::Lark(chain("\"x\"")),
        Constraint::Lark(chain("")),
        Constraint::Lark("start: start start | \"a\" | \"\"".into()),
        Constraint::Lark("start: a a a a\na: b b b b\nb: c c c c\nc: /.*/ | c c".into()),
        Constraint::JsonSchema(json!({"anyOf": options})),
        Constraint::JsonSchema(json!({"$ref": "#/$defs/d0", "$defs": loops})),
        Constraint::JsonSchema(json!({"$ref": "#"})),
        Constraint::JsonSchema(json!({"type": "array", "minItems": 100_000_000})),
        Constraint::JsonSchema(json!({"type": "string", "minLength": 100_000_000})),
        Constraint::JsonSchema(json!({"type": "object", "minProperties": 100_000})),
    ] {
        let start = clock::now();
        if let Ok(mut guide) = fixture.vocabulary.guide(&constraint) {
            for step in 0..50 {
                let Ok(allowed) = guide.allowed() else { break };
                let id = allowed.iter().nth(step % 3);
                if guide.take(id.unwrap_or(fixture.eos)).unwrap_or(true) {
                    break;
                }
            }
        }
        let took = clock::now() - start;
        assert!(took < Duration::from_secs(20), "{constraint:?}: {took:?}");
    }
}

#[test]
fn a_schema_s_own_options_are_not_ours() {
    let fixture = Fixture::new();
    let lenient = json!({"x-guidance": {"lenient": true}, "type": "string", "not": {}});
    let message = fixture.refusal(&Constraint::JsonSchema(lenient));
    assert!(message.contains("not"), "{message}");
}

#[test]
fn tokens_of_a_foreign_tokenizer_have_their_bytes() {
    let fixture = Fixture::new();
    let text = "Grüße, 東京 🙂\n\tx";
    let ids = fixture.tokenizer.encode_rendered(text).unwrap();
    let bytes: Vec<u8> = ids
        .iter()
        .flat_map(|&id| fixture.tokenizer.bytes(id))
        .collect();
    assert_eq!(bytes, text.as_bytes());
    assert!(fixture.tokenizer.bytes(1 << 20).is_empty());
}
