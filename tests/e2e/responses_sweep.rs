//! The privacy sweep of the Responses API: requests with personal data in every place that holds a
//! string, against a provider that records what crosses and says all of it back, in pieces.

use e2e_tests::{
    answer::Answer,
    client::{Reply, Request},
    dice::Dice,
    everywhere::{Everywhere, strings},
    gateway::{EVERYTHING_FAR, Setup},
    planted::{Kind, Planter},
    provider::{Call, Provider},
    responses::{RESPONSES, Responded, answer, call, message, stream},
    sweep::{BETWEEN, sweep},
    wire::insert,
};
use serde_json::{Value, json};

const REQUESTS: u64 = 100;

#[tokio::test]
async fn no_original_crosses_and_every_answer_is_restored() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let requests = (0..REQUESTS).map(|seed| {
        let mut request = Everywhere::responses(&mut Planter::new(seed, Kind::ALL));
        Dice::new(seed).pick(FORMS).ask(&mut request.body);
        (RESPONSES, request)
    });
    sweep(gateway, &provider, requests, |asked, reply| {
        Form::asked(asked).said(reply)
    })
    .await;
}

#[tokio::test]
async fn a_part_that_cannot_be_read_does_not_cross() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let said = |part: Value| json!({"role": "user", "content": [part]});
    for item in [
        said(json!({"type": "input_image", "image_url": "data:image/png;base64,AAAA"})),
        said(json!({"type": "input_file", "file_id": "file-1"})),
        said(json!({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}})),
        said(json!({"type": "ada@example.com", "text": "Hello"})),
        json!({"type": "function_call_output", "call_id": "c",
            "output": [{"type": "input_image", "image_url": "https://example.com/a.png"}]}),
        json!({"type": "computer_call_output", "call_id": "c",
            "output": {"type": "computer_screenshot", "image_url": "https://example.com/a.png"}}),
        json!({"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "AAAA"}),
    ] {
        let body = json!({"model": "gpt-4o", "input": [item]});
        let reply = gateway
            .send(Request::post(RESPONSES, body.to_string()))
            .await;
        assert_eq!(reply.status(), 403, "{body}: {}", reply.shown());
    }
    assert!(provider.calls().is_empty());
}

/// The forms in which the provider says back what it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Prose,
    Json,
    Arguments,
    StreamOfProse,
    StreamOfArguments,
}

const FORMS: &[Form] = &[
    Form::Prose,
    Form::Json,
    Form::Arguments,
    Form::StreamOfProse,
    Form::StreamOfArguments,
];

impl Form {
    /// Makes the request ask for this form. Only whoever asked for JSON gets JSON.
    fn ask(self, request: &mut Value) {
        let streams = matches!(self, Self::StreamOfProse | Self::StreamOfArguments);
        let calls = matches!(self, Self::Arguments | Self::StreamOfArguments);
        insert(request, "stream", json!(streams));
        insert(request, "max_tool_calls", json!(u8::from(calls)));
        if self != Self::Json {
            request.as_object_mut().unwrap().shift_remove("text");
        }
    }

    fn asked(request: &Value) -> Self {
        let calls = request["max_tool_calls"] == 1;
        match (request["stream"] == true, calls) {
            (true, true) => Self::StreamOfArguments,
            (true, false) => Self::StreamOfProse,
            (false, true) => Self::Arguments,
            (false, false) if request.get("text").is_some() => Self::Json,
            (false, false) => Self::Prose,
        }
    }

    fn said(self, reply: &Reply) -> Vec<String> {
        let split = |text: &str| text.split(BETWEEN).map(str::to_owned).collect();
        let list = |text: &str| -> Vec<String> {
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
        };
        let whole = |pointer: &str| {
            let text = reply.json().pointer(pointer).cloned();
            text.as_ref().and_then(Value::as_str).unwrap().to_owned()
        };
        match self {
            Self::Prose => split(&whole("/output/0/content/0/text")),
            Self::Json => list(&whole("/output/0/content/0/text")),
            Self::Arguments => list(&whole("/output/0/arguments")),
            Self::StreamOfProse => split(Responded::read(reply.body()).text(0)),
            Self::StreamOfArguments => list(Responded::read(reply.body()).text(0)),
        }
    }
}

/// Answers with every string of the request, in the form that was asked for.
fn echo(seen: &Call) -> Answer {
    let request = seen.json();
    let seen = strings(&request);
    let (prose, list) = (seen.join(BETWEEN), json!(seen).to_string());
    match Form::asked(&request) {
        Form::Prose => Answer::json(200, &answer("resp_far", &[message(&prose)])),
        Form::Json => Answer::json(200, &answer("resp_far", &[message(&list)])),
        Form::Arguments => Answer::json(200, &answer("resp_far", &[call("echo", &list)])),
        Form::StreamOfProse => streamed(message(&prose), &prose),
        Form::StreamOfArguments => streamed(call("echo", &list), &list),
    }
}

fn streamed(item: Value, text: &str) -> Answer {
    let mut dice = Dice::new(text.len() as u64);
    let pieces = dice.cut_text(text, 60);
    Answer::stream(stream("resp_far", [(item, pieces)])).in_pieces(&mut dice, 3)
}
