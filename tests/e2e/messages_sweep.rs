//! The privacy sweep of the Anthropic API: requests with personal data in every place that holds a
//! string, against a provider that records what crosses and says all of it back, in pieces.

use e2e_tests::{
    answer::Answer,
    client::{Reply, Request},
    dice::Dice,
    everywhere::{Everywhere, strings},
    gateway::{EVERYTHING_FAR, Setup},
    logs,
    messages::{MESSAGES, Told, stream, text_answer, text_block, tool_answer, tool_block},
    planted::{Kind, Planter},
    provider::{Call, Provider},
    trace::{self, Haystack},
    wire::insert,
};
use serde_json::{Value, json};

const REQUESTS: u64 = 100;

#[tokio::test]
async fn no_original_crosses_and_every_answer_is_restored() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.anthropic("far", &provider).start().await;
    let mut originals = Vec::new();
    for seed in 0..REQUESTS {
        let form = *Dice::new(seed).pick(FORMS);
        let mut request = Everywhere::messages(&mut Planter::new(seed, Kind::ALL));
        form.ask(&mut request.body);
        let reply = gateway
            .send(Request::post(MESSAGES, request.body.to_string()))
            .await;
        assert_eq!(reply.status(), 200, "seed {seed}: {}", reply.shown());
        let crossed = provider.calls().pop().unwrap().bytes();
        let haystack = Haystack::new(&crossed);
        for (place, plant) in &request.plants {
            assert_eq!(
                haystack.find(&plant.original),
                None,
                "seed {seed}: {place}: {plant:?}"
            );
        }
        assert_eq!(
            form.said(&reply),
            strings(&request.body),
            "seed {seed}, {form:?}"
        );
        originals.extend(request.plants.into_iter().map(|(_, plant)| plant.original));
    }
    let remains = gateway.stop().await;
    assert_eq!(remains.records().len() as u64, REQUESTS);
    trace::assert_none(&remains.audit, &originals, "the audit log");
    trace::assert_none(remains.metrics.0.as_bytes(), &originals, "the metrics");
    trace::assert_none(&logs::captured().bytes(), &originals, "the log");
}

#[tokio::test]
async fn a_part_that_cannot_be_read_does_not_cross() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.anthropic("far", &provider).start().await;
    let data = json!({"type": "base64", "media_type": "image/png", "data": "AAAA"});
    for part in [
        json!({"type": "image", "source": data}),
        json!({"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}}),
        json!({"type": "tool_result", "tool_use_id": "t", "content": [{"type": "image", "source": data}]}),
        json!({"type": "container_upload", "file_id": "file_1"}),
        json!({"type": "ada@example.com", "text": "Hello"}),
    ] {
        let messages = json!([{"role": "user", "content": [part]}]);
        let body = json!({"model": "claude-sonnet", "max_tokens": 9, "messages": messages});
        let reply = gateway
            .send(Request::post(MESSAGES, body.to_string()))
            .await;
        assert_eq!(reply.status(), 403, "{}", reply.shown());
    }
    assert!(provider.calls().is_empty());
}

/// The forms in which the provider says back what it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Prose,
    Json,
    Input,
    StreamOfProse,
    StreamOfInput,
}

const FORMS: &[Form] = &[
    Form::Prose,
    Form::Json,
    Form::Input,
    Form::StreamOfProse,
    Form::StreamOfInput,
];

/// Stands between strings in prose; longer than a byte, so that a cut can go through it.
const BETWEEN: &str = " \u{a6} ";

impl Form {
    /// Makes the request ask for this form. Only whoever asked for JSON gets JSON.
    fn ask(self, request: &mut Value) {
        let streams = matches!(self, Self::StreamOfProse | Self::StreamOfInput);
        insert(request, "stream", json!(streams));
        insert(
            request,
            "top_k",
            json!(u8::from(matches!(self, Self::Input | Self::StreamOfInput))),
        );
        if self != Self::Json {
            request
                .as_object_mut()
                .unwrap()
                .shift_remove("output_config");
        }
    }

    fn asked(request: &Value) -> Self {
        let is_input = request["top_k"] == 1;
        match (request["stream"] == true, is_input) {
            (true, true) => Self::StreamOfInput,
            (true, false) => Self::StreamOfProse,
            (false, true) => Self::Input,
            (false, false) if request.get("output_config").is_some() => Self::Json,
            (false, false) => Self::Prose,
        }
    }

    fn said(self, reply: &Reply) -> Vec<String> {
        let split = |text: &str| text.split(BETWEEN).map(str::to_owned).collect();
        let list = |said: &Value| -> Vec<String> { serde_json::from_value(said.clone()).unwrap() };
        let from_json = |text: &str| -> Value {
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
        };
        match self {
            Self::Prose => split(reply.json()["content"][0]["text"].as_str().unwrap()),
            Self::Json => {
                let json = reply.json();
                list(&from_json(json["content"][0]["text"].as_str().unwrap()))
            }
            Self::Input => list(&reply.json()["content"][0]["input"]["said"]),
            Self::StreamOfProse => split(Told::read(reply.body()).text(0)),
            Self::StreamOfInput => list(&from_json(Told::read(reply.body()).text(0))["said"]),
        }
    }
}

/// Answers with every string of the request, in the form that was asked for.
fn echo(call: &Call) -> Answer {
    let request = call.json();
    let seen = strings(&request);
    let input = json!({"said": seen});
    match Form::asked(&request) {
        Form::Prose => Answer::json(200, &text_answer(&seen.join(BETWEEN))),
        Form::Json => Answer::json(200, &text_answer(&json!(seen).to_string())),
        Form::Input => Answer::json(200, &tool_answer("echo", &input)),
        Form::StreamOfProse => streamed(text_block(0, cut(&seen.join(BETWEEN)))),
        Form::StreamOfInput => streamed(tool_block(0, cut(&input.to_string()))),
    }
}

fn streamed(block: Vec<String>) -> Answer {
    let mut dice = Dice::new(block.len() as u64);
    Answer::stream(stream(block, "end_turn")).in_pieces(&mut dice, 3)
}

fn cut(text: &str) -> Vec<&str> {
    let mut dice = Dice::new(text.len() as u64);
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = rest.ceil_char_boundary((1 + dice.below(60)).min(rest.len()));
        let (piece, after) = rest.split_at(at);
        pieces.push(piece);
        rest = after;
    }
    pieces
}
