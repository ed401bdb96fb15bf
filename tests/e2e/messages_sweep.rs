//! The privacy sweep of the Anthropic API: requests with personal data in every place that holds a
//! string, against a provider that records what crosses and says all of it back, in pieces.

use e2e_tests::{
    answer::Answer,
    client::{Reply, Request},
    dice::Dice,
    everywhere::{Everywhere, strings},
    gateway::{EVERYTHING_FAR, Setup},
    messages::{MESSAGES, Told, stream, text_answer, text_block, tool_answer, tool_block},
    planted::{Kind, Planter},
    provider::{Call, Provider},
    sweep::{BETWEEN, sweep},
    wire::insert,
};
use serde_json::{Value, json};

const REQUESTS: u64 = 100;

#[tokio::test]
async fn no_original_crosses_and_every_answer_is_restored() {
    let provider = Provider::start(echo).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.anthropic("far", &provider).start().await;
    let requests = (0..REQUESTS).map(|seed| {
        let mut request = Everywhere::messages(&mut Planter::new(seed, Kind::ALL));
        Dice::new(seed).pick(FORMS).ask(&mut request.body);
        (MESSAGES, request)
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
        Form::StreamOfProse => streamed(&seen.join(BETWEEN), |pieces| text_block(0, pieces)),
        Form::StreamOfInput => streamed(&input.to_string(), |pieces| tool_block(0, pieces)),
    }
}

fn streamed(text: &str, block: impl Fn(Vec<&str>) -> Vec<String>) -> Answer {
    let mut dice = Dice::new(text.len() as u64);
    let events = block(dice.cut_text(text, 60));
    Answer::stream(stream(events, "end_turn")).in_pieces(&mut dice, 3)
}
