use std::sync::Arc;

use local_engine::{EngineOptions, ModelSource, stub::StubEngine};
use proptest::prelude::*;
use router::confidence::Confidence;
use serde_json::{Value, json};

use super::*;
use crate::api::openai;

const DEPTH: usize = 32;
const MOST: u32 = 100;
const SUMMARY: &str = "The contract ends in May.";

fn document(lines: usize) -> String {
    "Either party may end this agreement with three months of notice.\n".repeat(lines)
}

fn parsed(messages: &Value) -> Parsed {
    let body = json!({"model": "m", "messages": messages}).to_string();
    Parsed::new(&openai::chat::Chat, body.into(), DEPTH).unwrap()
}

fn local(engine: StubEngine) -> Local {
    Local::new(Arc::new(engine), None, Confidence::default())
}

async fn digest(messages: &Value) -> Result<Option<Value>, String> {
    let local = local(StubEngine::answering(SUMMARY));
    let (digests, parsed) = (Digests::new(REMEMBERED_BYTES), parsed(messages));
    let digest = digests.digest(&parsed, Some(&local), MOST, DEPTH).await;
    let digest = digest.map_err(|error| error.to_string())?;
    Ok(digest
        .map(|digest| serde_json::from_str::<Value>(digest.text()).unwrap()["messages"].clone()))
}

#[tokio::test]
async fn a_document_is_told_in_few_words_between_those_that_it_came_with() {
    let text = format!("When does it end?\n{}Thanks!", document(50));
    let messages = json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": text, "name": "ann"},
    ]);
    let digest = digest(&messages).await.unwrap().unwrap();
    assert_eq!(digest[0], messages[0]);
    let said = digest[1]["content"].as_str().unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        (lines[0], lines[2], lines[3]),
        ("When does it end?", SUMMARY, "Thanks!")
    );
    assert!(lines[1].starts_with("(shortened from about "));
    assert_eq!(digest[1]["name"], "ann");
}

#[tokio::test]
async fn what_is_short_stays_as_it_is() {
    let messages =
        json!([{"role": "user", "content": document(2)}, {"role": "user", "content": document(2)}]);
    assert_eq!(digest(&messages).await, Ok(None));
}

#[tokio::test]
async fn parts_of_a_long_message_share_what_it_may_say() {
    let part = |lines| json!({"type": "text", "text": document(lines)});
    let messages =
        json!([{"role": "user", "content": [part(5), part(5), {"type": "text", "text": "Why?"}]}]);
    let digest = digest(&messages).await.unwrap().unwrap();
    let parts = digest[0]["content"].as_array().unwrap();
    assert!(parts[0]["text"].as_str().unwrap().contains(SUMMARY));
    assert_eq!(parts[0], parts[1]);
    assert_eq!(parts[2]["text"], "Why?");
}

#[tokio::test]
async fn a_long_text_in_json_is_shortened_where_it_stands() {
    let result = json!({"page": 3, "text": document(50)}).to_string();
    let messages = json!([{"role": "tool", "tool_call_id": "c", "content": result}]);
    let digest = digest(&messages).await.unwrap().unwrap();
    let result: Value = serde_json::from_str(digest[0]["content"].as_str().unwrap()).unwrap();
    assert_eq!(result["page"], 3);
    assert!(result["text"].as_str().unwrap().contains(SUMMARY));
}

#[tokio::test]
async fn arguments_of_calls_and_unknown_members_are_shortened_too() {
    let arguments = json!({"body": document(50)}).to_string();
    let call = json!({"id": "c", "type": "function", "function": {"name": "send", "arguments": arguments}});
    let messages = json!([
        {"role": "user", "content": "Send it."},
        {"role": "assistant", "content": null, "tool_calls": [call], "note": document(50)},
    ]);
    let digest = digest(&messages).await.unwrap().unwrap();
    assert_eq!(digest[0], messages[0]);
    let arguments = digest[1]["tool_calls"][0]["function"]["arguments"]
        .as_str()
        .unwrap();
    assert!(arguments.contains(SUMMARY), "{arguments}");
    assert!(digest[1]["note"].as_str().unwrap().contains(SUMMARY));
    let body = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}],
        "prediction": {"type": "content", "content": document(50)}});
    let parsed = Parsed::new(&openai::chat::Chat, body.to_string().into(), DEPTH).unwrap();
    let digests = Digests::new(REMEMBERED_BYTES);
    let local = local(StubEngine::answering(SUMMARY));
    let digest = digests.digest(&parsed, Some(&local), MOST, DEPTH).await;
    assert!(digest.unwrap().unwrap().text().contains(SUMMARY));
}

#[tokio::test]
async fn many_small_numbers_are_long() {
    let series: Vec<f64> = (0..400).map(|at| 4.0 + f64::from(at) / 1000.0).collect();
    let result = json!({"glucose": series}).to_string();
    let messages = json!([{"role": "tool", "tool_call_id": "c", "content": result}]);
    let error = digest(&messages).await.unwrap_err();
    assert!(
        error.contains("no text that can be told in fewer words"),
        "{error}"
    );
    let noted = json!({"text": document(50), "glucose": series}).to_string();
    let messages = json!([{"role": "tool", "tool_call_id": "c", "content": noted}]);
    let error = digest(&messages).await.unwrap_err();
    assert!(error.contains("too much of it"), "{error}");
}

#[tokio::test]
async fn what_describes_tools_is_as_long_as_it_has_to_be() {
    let tool = json!({"type": "function", "function": {"name": "f", "description": document(50)}});
    let body =
        json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}], "tools": [tool]});
    let parsed = Parsed::new(&openai::chat::Chat, body.to_string().into(), DEPTH).unwrap();
    let digest = Digests::new(REMEMBERED_BYTES)
        .digest(&parsed, None, MOST, DEPTH)
        .await;
    assert!(digest.unwrap().is_none());
}

#[tokio::test]
async fn what_has_no_text_to_shorten_stays() {
    let rows: Vec<Value> = (0..100)
        .map(|at| json!({"name": format!("row {at}")}))
        .collect();
    let messages =
        json!([{"role": "tool", "tool_call_id": "c", "content": json!(rows).to_string()}]);
    let error = digest(&messages).await.unwrap_err();
    assert!(
        error.contains("no text that can be told in fewer words"),
        "{error}"
    );
}

#[tokio::test]
async fn a_model_that_says_too_little_or_too_much_shortens_nothing() {
    let messages = json!([{"role": "user", "content": document(50)}]);
    for (answer, reason) in [
        ("", "says nothing"),
        ("<think>Hm.</think>", "says nothing"),
        (
            "Rechtsschutzversicherungsgesellschaften "
                .repeat(40)
                .as_str(),
            "too much of it",
        ),
    ] {
        let local = local(StubEngine::answering(answer));
        let digests = Digests::new(REMEMBERED_BYTES);
        let digest = digests
            .digest(&parsed(&messages), Some(&local), 32, DEPTH)
            .await;
        let error = digest.unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let digests = Digests::new(REMEMBERED_BYTES);
    let embedded = local_engine::open(&ModelSource::Embedded, &EngineOptions::default()).unwrap();
    let embedded = Local::new(embedded, None, Confidence::default());
    let digest = digests
        .digest(&parsed(&messages), Some(&embedded), MOST, DEPTH)
        .await;
    let error = digest.unwrap_err().to_string();
    assert!(error.contains("too small"), "{error}");
    let digest = digests.digest(&parsed(&messages), None, MOST, DEPTH).await;
    assert!(matches!(digest, Err(Error::Undigested { .. })));
}

#[tokio::test]
async fn the_same_text_is_not_shortened_twice() {
    let digests = Digests::new(REMEMBERED_BYTES);
    let messages = json!([{"role": "user", "content": document(50)}]);
    let mut texts = Vec::new();
    for answer in [SUMMARY, "Something else."] {
        let local = local(StubEngine::answering(answer));
        let digest = digests
            .digest(&parsed(&messages), Some(&local), MOST, DEPTH)
            .await;
        texts.push(digest.unwrap().unwrap().text().to_owned());
    }
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn a_document_with_one_line_has_no_words_around_it() {
    let framed = |text| {
        let Framed {
            before,
            middle,
            after,
        } = Framed::of(text);
        (before, middle, after)
    };
    assert_eq!(framed("one"), ("", "one", ""));
    assert_eq!(framed("Why?\n\none\ntwo"), ("Why?", "\none", "two"));
    assert_eq!(framed("Why?\none"), ("Why?", "one", ""));
}

proptest! {
    #[test]
    fn pieces_are_the_text_and_have_room(text in "(\\PC{0,30}[ \n]){0,40}", most in 20..60_u32) {
        let pieces = pieces(&text, most);
        prop_assert_eq!(pieces.concat(), text);
        for piece in pieces {
            prop_assert!(tokens(&piece) <= 2 * most, "{piece:?}");
        }
    }
}
