use local_engine::TokenLogprob;

use super::*;
use crate::api::openai::responses::testing::head;

const STOP: FinishReason = FinishReason::Stop { sequence: None };

fn text(text: &str) -> AnswerEvent {
    AnswerEvent::Text {
        answer: 0,
        text: text.into(),
        logprobs: Vec::new(),
    }
}

fn thought(text: &str) -> AnswerEvent {
    let text = text.into();
    AnswerEvent::Reasoning { answer: 0, text }
}

fn call(call: u32) -> AnswerEvent {
    AnswerEvent::ToolCall {
        answer: 0,
        call,
        id: format!("call_{call}"),
        name: "f".into(),
    }
}

fn arguments(call: u32, json: &str) -> AnswerEvent {
    AnswerEvent::Arguments {
        answer: 0,
        call,
        json: json.into(),
    }
}

fn finish(reason: FinishReason) -> AnswerEvent {
    AnswerEvent::Finish { answer: 0, reason }
}

const USAGE: AnswerEvent = AnswerEvent::Usage(Usage {
    prompt: 3,
    completion: 2,
    cached: Some(1),
    reasoning: None,
});

fn stream(events: &[AnswerEvent]) -> String {
    let mut writer = ResponseWriter::new(head());
    let mut stream = vec![writer.begin()];
    stream.extend(events.iter().map(|event| writer.push(event)));
    stream.push(writer.end());
    String::from_utf8(stream.concat()).unwrap()
}

#[test]
fn a_text_has_its_item_its_part_and_its_copies() {
    let events = [text("Hi"), text("!"), finish(STOP), USAGE];
    insta::assert_snapshot!(stream(&events));
}

#[test]
fn thoughts_come_as_an_item_of_their_own() {
    let events = [thought("Hm"), thought("."), text("Hi"), finish(STOP)];
    insta::assert_snapshot!(stream(&events));
}

#[test]
fn calls_grow_side_by_side_and_end_with_the_answer() {
    let events = [
        text("Calling."),
        call(0),
        arguments(0, "{\"a\":"),
        call(1),
        arguments(1, "{}"),
        arguments(0, "1}"),
        finish(FinishReason::ToolCalls),
    ];
    insta::assert_snapshot!(stream(&events));
}

#[test]
fn a_refusal_is_a_part_beside_the_text() {
    let text_of_refusal = AnswerEvent::Refusal {
        answer: 0,
        text: "No.".into(),
    };
    let events = [
        text("Well:"),
        text_of_refusal,
        finish(FinishReason::Refused),
    ];
    insta::assert_snapshot!(stream(&events));
}

#[test]
fn an_answer_that_was_cut_short_is_incomplete() {
    let events = [text("Hi"), finish(FinishReason::Length), USAGE];
    insta::assert_snapshot!(stream(&events));
}

#[test]
fn an_answer_of_nothing_is_an_empty_message() {
    insta::assert_snapshot!(stream(&[finish(STOP)]));
}

#[test]
fn log_probabilities_stand_beside_their_text() {
    let top = vec![TokenLogprob {
        id: 1,
        bytes: b"Hi".to_vec(),
        logprob: -0.25,
    }];
    let event = AnswerEvent::Text {
        answer: 0,
        text: "Hi".into(),
        logprobs: vec![TokenLogprobs::new(b"Hi".to_vec(), -0.25, top)],
    };
    insta::assert_snapshot!(stream(&[event, finish(STOP)]));
}
