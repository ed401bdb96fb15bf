//! The privacy sweep: requests with personal data in every place that holds a string, against a
//! provider that records what crosses and says all of it back.

use e2e_tests::{
    answer::Answer,
    client::{CHAT, Reply, Request},
    dice::Dice,
    everywhere::{Everywhere, strings},
    gateway::{EVERYTHING_FAR, NEAR_ANSWER, Setup},
    planted::{Kind, Planter},
    provider::{Call, Provider},
    sweep::{BETWEEN, leaked, sweep},
    trace::Haystack,
    wire::{DONE, completion, event, insert, text_events, tool_call},
};
use serde_json::{Value, json};

const REQUESTS: usize = 200;

#[tokio::test]
async fn no_original_crosses_and_every_answer_is_restored() {
    let provider = Provider::start(echo).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", &provider)
        .start()
        .await;
    let requests = seeds(REQUESTS).map(|seed| {
        let mut request = Everywhere::request(&mut Planter::new(seed, Kind::ALL));
        Dice::new(seed).pick(FORMS).ask(&mut request.body);
        (CHAT, request)
    });
    sweep(gateway, &provider, requests, |asked, reply| {
        Form::asked(asked).said(reply)
    })
    .await;
}

#[tokio::test]
async fn secrets_do_not_cross_at_all_under_the_default_policy() {
    let provider = Provider::start(echo).await;
    let gateway = Setup::new().cloud("far", &provider).start().await;
    for seed in seeds(REQUESTS) {
        let mut request = Everywhere::request(&mut Planter::new(seed, Kind::SECRETS));
        leave_out_what_the_local_engine_refuses(&mut request.body);
        let reply = gateway.chat(&request.body).await;
        assert_eq!(
            (reply.status(), reply.text().as_str()),
            (200, NEAR_ANSWER),
            "seed {seed}"
        );
        assert_eq!(
            reply.header("x-nearside-rule"),
            "secrets-stay",
            "seed {seed}"
        );
        assert_eq!(reply.header("x-nearside-route"), "local", "seed {seed}");
    }
    assert!(provider.calls().is_empty());
}

/// By name; what is left has a secret in every other place.
fn leave_out_what_the_local_engine_refuses(body: &mut Value) {
    insert(body, "stream", json!(false));
    insert(body, "tool_choice", json!("auto"));
    insert(body, "web_search_options", Value::Null);
    for message in body["messages"].as_array_mut().into_iter().flatten() {
        let is_known = ["system", "user", "assistant", "tool"]
            .contains(&message["role"].as_str().unwrap_or_default());
        if !is_known {
            insert(message, "role", json!("user"));
        }
    }
}

#[tokio::test]
async fn one_secret_in_any_place_is_enough_to_stay() {
    let provider = Provider::start(echo).await;
    let gateway = Setup::new().cloud("far", &provider).start().await;
    let full = Everywhere::request(&mut Planter::new(7, Kind::SECRETS));
    for (place, plant) in full
        .plants
        .iter()
        .filter(|(_, plant)| plant.kind != Kind::Card)
    {
        let others = full.plants.iter().filter(|(other, _)| other != place);
        let mut body = full.body.to_string();
        for (_, other) in others {
            for form in [&other.text, &other.original] {
                body = without(&body, form);
            }
        }
        assert!(
            Haystack::new(body.as_bytes())
                .find(&plant.original)
                .is_some(),
            "{place}: not planted"
        );
        // A client may ask for the cloud; it does not get it.
        let request = Request::post(CHAT, body).header("x-nearside-route", "cloud");
        let reply = gateway.send(request).await;
        assert_eq!(reply.status(), 403, "{place}: {}", reply.shown());
        assert!(provider.calls().is_empty(), "{place}");
    }
}

#[tokio::test]
async fn personal_data_that_goes_far_by_the_default_policy_goes_redacted() {
    let provider = Provider::start(echo).await;
    let gateway = Setup::new().cloud("far", &provider).start().await;
    for seed in seeds(20) {
        let mut request = Everywhere::request(&mut Planter::new(1000 + seed, Kind::PERSONAL));
        let form = *Dice::new(seed).pick(FORMS);
        form.ask(&mut request.body);
        let asked = Request::chat(&request.body).header("x-nearside-route", "cloud");
        let reply = gateway.send(asked).await;
        assert_eq!(reply.status(), 200, "seed {seed}: {}", reply.shown());
        let crossed = provider.calls().pop().unwrap();
        assert_eq!(leaked(&request, &crossed), [""; 0], "seed {seed}");
        let said = form.said(&reply);
        assert_eq!(said, strings(&request.body), "seed {seed}, {form:?}");
    }
}

#[tokio::test]
async fn a_part_that_cannot_be_read_does_not_cross() {
    let provider = Provider::start(echo).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", &provider)
        .start()
        .await;
    for part in [
        json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}),
        json!({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}),
        json!({"type": "file", "file": {"file_data": "AAAA"}}),
        json!({"type": "ada@example.com", "text": "Hello"}),
    ] {
        let request = json!({"model": "gpt-4o", "messages": [{"role": "user", "content": [part]}]});
        let reply = gateway.chat(&request).await;
        assert_eq!(reply.status(), 403, "{}", reply.shown());
    }
    assert!(provider.calls().is_empty());
}

fn seeds(count: usize) -> impl Iterator<Item = u64> {
    (0..).take(count)
}

/// `body` with a 1, which may stand anywhere, in the place of `planted`, however it is escaped there.
fn without(body: &str, planted: &str) -> String {
    let mut escaped = planted.to_owned();
    let mut body = body.to_owned();
    for _ in 0..4 {
        body = body.replace(&escaped, "1");
        let quoted = Value::from(escaped).to_string();
        escaped = quoted.trim_matches('"').to_owned();
    }
    let percent: String = planted
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    body.replace(&percent, "1")
}

/// The forms in which the provider says back what it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Prose,
    Json,
    Arguments,
    StreamOfProse,
    StreamOfJson,
}

const FORMS: &[Form] = &[
    Form::Prose,
    Form::Json,
    Form::Arguments,
    Form::StreamOfProse,
    Form::StreamOfJson,
];

impl Form {
    /// Makes the request ask for this form. Only whoever asked for JSON gets JSON.
    fn ask(self, request: &mut Value) {
        insert(
            request,
            "stream",
            json!(matches!(self, Self::StreamOfProse | Self::StreamOfJson)),
        );
        insert(request, "logprobs", json!(self == Self::Arguments));
        if matches!(self, Self::Prose | Self::StreamOfProse) {
            let members = request.as_object_mut().unwrap();
            members.shift_remove("response_format");
        }
    }

    fn asked(request: &Value) -> Self {
        let streams = request["stream"] == true;
        match (
            request["logprobs"] == true,
            request.get("response_format").is_some(),
        ) {
            (true, _) => Self::Arguments,
            (false, true) if streams => Self::StreamOfJson,
            (false, true) => Self::Json,
            (false, false) if streams => Self::StreamOfProse,
            (false, false) => Self::Prose,
        }
    }

    fn said(self, reply: &Reply) -> Vec<String> {
        let from_json = |text: &str| {
            serde_json::from_str::<Vec<String>>(text)
                .unwrap_or_else(|error| panic!("{error}: {text}"))
        };
        let from_prose = |text: &str| text.split(BETWEEN).map(str::to_owned).collect();
        match self {
            Self::Prose => from_prose(&reply.text()),
            Self::Json => from_json(&reply.text()),
            Self::Arguments => {
                let json = reply.json();
                let function = &json["choices"][0]["message"]["tool_calls"][0]["function"];
                from_json(function["arguments"].as_str().unwrap())
            }
            Self::StreamOfProse => from_prose(reply.stream().text()),
            Self::StreamOfJson => from_json(reply.stream().text()),
        }
    }
}

/// Answers with every string of the request, in the form that was asked for.
fn echo(call: &Call) -> Answer {
    let request = call.json();
    let seen = strings(&request);
    let as_json = Value::from(seen.clone()).to_string();
    match Form::asked(&request) {
        Form::Prose => Answer::json(200, &completion(&seen.join(BETWEEN))),
        Form::Json => Answer::json(200, &completion(&as_json)),
        Form::Arguments => Answer::json(200, &tool_call("echo", &as_json)),
        Form::StreamOfProse => streamed(&seen.join(BETWEEN)),
        Form::StreamOfJson => streamed(&as_json),
    }
}

fn streamed(text: &str) -> Answer {
    let mut dice = Dice::new(text.len() as u64);
    let mut events = text_events(dice.cut_text(text, 60));
    events.push(event(
        &json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}),
    ));
    events.push(DONE.to_owned());
    Answer::stream(events).in_pieces(&mut dice, 50)
}
