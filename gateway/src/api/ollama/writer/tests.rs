use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{
    api::{
        conversation::{Choice, Collector},
        dialect::{Repeated, StreamReader, Times},
        ollama::reader::{self, LineReader},
    },
    clock::Clock,
};

/// An answer that began two seconds after its request came.
fn head() -> AnswerHead {
    let clock = Clock::manual();
    let received = clock.now();
    clock.advance(Duration::from_secs(2));
    AnswerHead {
        request_id: "r".into(),
        created_ns: 0,
        model: "nearside-tiny".into(),
        answers: 1,
        include_usage: true,
        prompt_tokens: Some(5),
        times: Times {
            begun: Some(clock.now()),
            received,
            clock,
        },
        repeated: Repeated::default(),
    }
}

fn text(text: &str) -> AnswerEvent {
    AnswerEvent::Text {
        answer: 0,
        text: text.to_owned(),
        logprobs: Vec::new(),
    }
}

fn reasoning(text: &str) -> AnswerEvent {
    AnswerEvent::Reasoning {
        answer: 0,
        text: text.to_owned(),
    }
}

fn call(call: u32, name: &str) -> AnswerEvent {
    AnswerEvent::ToolCall {
        answer: 0,
        call,
        id: format!("call_{call}"),
        name: name.to_owned(),
    }
}

fn arguments(call: u32, json: &str) -> AnswerEvent {
    AnswerEvent::Arguments {
        answer: 0,
        call,
        json: json.to_owned(),
    }
}

fn finish(reason: FinishReason) -> AnswerEvent {
    AnswerEvent::Finish { answer: 0, reason }
}

fn usage() -> AnswerEvent {
    AnswerEvent::Usage(Usage {
        prompt: 7,
        completion: 3,
        ..Usage::default()
    })
}

/// The lines, written half a second apart.
fn stream(endpoint: Endpoint, events: &[AnswerEvent]) -> String {
    let head = head();
    let clock = head.times.clock.clone();
    let mut writer = LineWriter::new(endpoint, head);
    let mut out = writer.begin().to_vec();
    for event in events {
        out.extend_from_slice(&writer.push(event));
        clock.advance(Duration::from_millis(500));
    }
    out.extend_from_slice(&writer.end());
    String::from_utf8(out).unwrap()
}

const STOP: FinishReason = FinishReason::Stop { sequence: None };

#[test]
fn a_chat_is_thoughts_text_and_a_last_line() {
    let events = [
        reasoning("hm"),
        text("Hi"),
        text(""),
        text(" you"),
        finish(STOP),
        usage(),
    ];
    insta::assert_snapshot!(stream(Endpoint::Chat, &events));
}

#[test]
fn a_prompts_answer_has_the_same_under_other_names() {
    let events = [
        reasoning("hm"),
        text("Hi"),
        finish(FinishReason::Length),
        usage(),
    ];
    insta::assert_snapshot!(stream(Endpoint::Generate, &events));
}

#[test]
fn calls_come_whole_when_all_are_known() {
    let events = [
        call(0, "weather"),
        call(1, "time"),
        arguments(0, "{\"city\":"),
        arguments(1, ""),
        arguments(0, "\"Paris\"}"),
        finish(FinishReason::ToolCalls),
        usage(),
    ];
    insta::assert_snapshot!(stream(Endpoint::Chat, &events));
}

#[test]
fn half_a_call_is_text_and_no_call() {
    let events = [
        call(0, "send"),
        arguments(0, "{\"to\":\"ad"),
        finish(FinishReason::Length),
    ];
    let written = stream(Endpoint::Chat, &events);
    assert!(!written.contains("tool_calls"), "{written}");
    assert!(written.contains(r#""content":"{\"to\":\"ad""#), "{written}");
}

#[test]
fn log_probabilities_stand_beside_their_text() {
    let top = vec![local_engine::TokenLogprob {
        id: 1,
        bytes: b"Hi".to_vec(),
        logprob: -0.25,
    }];
    let event = AnswerEvent::Text {
        answer: 0,
        text: "Hi".into(),
        logprobs: vec![TokenLogprobs::new(b"Hi".to_vec(), -0.25, top)],
    };
    insta::assert_snapshot!(stream(
        Endpoint::Chat,
        &[event, finish(FinishReason::Refused)]
    ));
}

#[test]
fn a_whole_answer_has_every_field_that_clients_validate() {
    let answer = WholeAnswer {
        choices: vec![Choice {
            parts: vec![
                AnswerPart::Reasoning("hm".into()),
                AnswerPart::Text("Hi".into()),
                AnswerPart::ToolCall(ToolCall {
                    id: "call_0".into(),
                    name: "f".into(),
                    arguments: "{\"b\":1,\"a\":2}".into(),
                }),
            ],
            finish: Some(FinishReason::ToolCalls),
            logprobs: Vec::new(),
        }],
        usage: None,
    };
    let mut unmeasured = head();
    unmeasured.times.begun = None;
    let bodies = [
        whole(Endpoint::Chat, &head(), &answer),
        whole(Endpoint::Generate, &unmeasured, &answer),
    ];
    let bodies = bodies.map(|body| String::from_utf8(body.to_vec()).unwrap());
    insta::assert_snapshot!(bodies.join("\n"));
}

fn any_event() -> impl Strategy<Value = AnswerEvent> {
    prop_oneof![
        ".{0,6}".prop_map(|piece| text(&piece)),
        ".{0,6}".prop_map(|piece| reasoning(&piece)),
    ]
}

proptest! {
    #[test]
    fn what_is_written_reads_as_it_was(
        said in prop::collection::vec(any_event(), 0..8),
        calls in 0_u32..3,
        endpoint in prop_oneof![Just(Endpoint::Chat), Just(Endpoint::Generate)],
        size in 1_usize..16,
    ) {
        let mut events = said;
        for number in 0..calls {
            events.push(call(number, "f"));
            events.push(arguments(number, "{\"a\":1}"));
        }
        events.push(finish(if calls == 0 { STOP } else { FinishReason::ToolCalls }));
        events.push(usage());
        let collect = |events: Vec<AnswerEvent>| {
            let mut whole = Collector::default();
            for event in events {
                whole.push(event);
            }
            whole.finish()
        };
        let shown = |answer: &WholeAnswer| {
            let choice = answer.choices.first().cloned().unwrap_or_default();
            let (mut thought, mut said, mut calls) = (String::new(), String::new(), Vec::new());
            for part in choice.parts {
                match part {
                    AnswerPart::Reasoning(text) => thought.push_str(&text),
                    AnswerPart::Text(text) | AnswerPart::Refusal(text) => said.push_str(&text),
                    AnswerPart::ToolCall(call) => calls.push(call),
                }
            }
            (thought, said, calls, choice.finish, answer.usage)
        };
        let mut read = Vec::new();
        let mut lines = LineReader::default();
        for chunk in stream(endpoint, &events).as_bytes().chunks(size) {
            lines.push(chunk, &mut read).unwrap();
        }
        let written = collect(events);
        prop_assert_eq!(shown(&collect(read)), shown(&written));
        // And so is the same in one object.
        let body = whole(endpoint, &head(), &written);
        prop_assert_eq!(shown(&reader::whole(&body).unwrap()), shown(&written));
    }
}
