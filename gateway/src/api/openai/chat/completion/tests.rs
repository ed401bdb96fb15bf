use local_engine::TokenLogprob;

use super::*;
use crate::{
    api::{
        conversation::ToolCall,
        dialect::{Repeated, Times},
    },
    clock::Clock,
};

fn head() -> AnswerHead {
    AnswerHead {
        request_id: "1".into(),
        created_ns: 7_000_000_001,
        model: "nearside-tiny".into(),
        answers: 1,
        include_usage: true,
        prompt_tokens: None,
        times: Times {
            received: Clock::manual().now(),
            clock: Clock::manual(),
            begun: None,
        },
        repeated: Repeated::default(),
    }
}

const USAGE: Usage = Usage {
    prompt: 3,
    completion: 2,
    cached: None,
    reasoning: None,
};

fn of_tokens() -> Vec<TokenLogprobs> {
    let top = vec![TokenLogprob {
        id: 1,
        bytes: b"Hi".to_vec(),
        logprob: -0.25,
    }];
    vec![TokenLogprobs::new(vec![0xc3], f32::NEG_INFINITY, top)]
}

fn says(parts: Vec<AnswerPart>, finish: FinishReason) -> Choice {
    Choice {
        parts,
        finish: Some(finish),
        logprobs: Vec::new(),
    }
}

fn body(choices: Vec<Choice>) -> String {
    let answer = WholeAnswer {
        choices,
        usage: Some(USAGE),
    };
    String::from_utf8(whole(&head(), &answer).to_vec()).unwrap()
}

const STOP: FinishReason = FinishReason::Stop { sequence: None };

#[test]
fn a_whole_answer_has_every_field_that_clients_validate() {
    let choice = says(vec![AnswerPart::Text("Hi".into())], STOP);
    insta::assert_snapshot!(body(vec![choice]));
}

#[test]
fn several_answers_have_their_index_and_log_probabilities() {
    let choices = [Vec::new(), of_tokens()].map(|logprobs| Choice {
        logprobs,
        ..says(vec![AnswerPart::Text("é".into())], FinishReason::Length)
    });
    insta::assert_snapshot!(body(choices.into()));
}

#[test]
fn calls_refusals_and_thoughts_have_their_places() {
    let call = ToolCall {
        id: "call_1".into(),
        name: "f".into(),
        arguments: "{}".into(),
    };
    let called = vec![
        AnswerPart::Reasoning("Hm.".into()),
        AnswerPart::ToolCall(call),
    ];
    let refused = vec![AnswerPart::Refusal("No.".into())];
    insta::assert_snapshot!(body(vec![
        says(called, FinishReason::ToolCalls),
        says(refused, FinishReason::Refused),
        says(Vec::new(), STOP),
    ]));
}

fn stream(head: AnswerHead, events: &[AnswerEvent]) -> String {
    let mut writer = ChunkWriter::new(head);
    let mut stream = vec![writer.begin()];
    stream.extend(events.iter().map(|event| writer.push(event)));
    stream.push(writer.end());
    String::from_utf8(stream.concat()).unwrap()
}

#[test]
fn a_stream_is_role_text_finish_usage_done() {
    let text = |answer, text: &str, logprobs| AnswerEvent::Text {
        answer,
        text: text.into(),
        logprobs,
    };
    let events = [
        text(0, "Hi", Vec::new()),
        text(1, "", of_tokens()),
        AnswerEvent::Finish {
            answer: 0,
            reason: FinishReason::Length,
        },
        AnswerEvent::Usage(USAGE),
    ];
    insta::assert_snapshot!(stream(head(), &events));
}

#[test]
fn a_call_has_its_id_and_name_once() {
    let arguments = |json: &str| AnswerEvent::Arguments {
        answer: 0,
        call: 0,
        json: json.into(),
    };
    let events = [
        AnswerEvent::ToolCall {
            answer: 0,
            call: 0,
            id: "call_1".into(),
            name: "f".into(),
        },
        arguments("{\"a\":"),
        arguments("1}"),
        AnswerEvent::Finish {
            answer: 0,
            reason: FinishReason::ToolCalls,
        },
    ];
    let head = AnswerHead {
        include_usage: false,
        ..head()
    };
    insta::assert_snapshot!(stream(head, &events));
}
