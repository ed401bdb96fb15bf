use proptest::prelude::*;

use super::*;
use crate::{
    api::{
        anthropic::stream_reader::MessageReader,
        conversation::{Collector, Usage, WholeAnswer},
        dialect::{Repeated, StreamReader, Times},
    },
    clock::Clock,
};

fn head() -> AnswerHead {
    AnswerHead {
        request_id: "1".into(),
        created_ns: 0,
        model: "nearside-tiny".into(),
        answers: 1,
        include_usage: true,
        prompt_tokens: Some(7),
        times: Times {
            received: Clock::manual().now(),
            clock: Clock::manual(),
            begun: None,
        },
        repeated: Repeated::default(),
    }
}

fn written(events: &[AnswerEvent]) -> String {
    let mut writer = MessageWriter::new(head());
    let mut out = writer.begin().to_vec();
    for event in events {
        out.extend_from_slice(&writer.push(event));
    }
    out.extend_from_slice(&writer.end());
    String::from_utf8(out).unwrap()
}

fn text(text: &str) -> AnswerEvent {
    AnswerEvent::Text {
        answer: 0,
        text: text.into(),
        logprobs: Vec::new(),
    }
}

fn reasoning(text: &str) -> AnswerEvent {
    AnswerEvent::Reasoning {
        answer: 0,
        text: text.into(),
    }
}

fn call(number: u32) -> AnswerEvent {
    AnswerEvent::ToolCall {
        answer: 0,
        call: number,
        id: format!("toolu_{number}"),
        name: "look".into(),
    }
}

fn arguments(number: u32, json: &str) -> AnswerEvent {
    AnswerEvent::Arguments {
        answer: 0,
        call: number,
        json: json.into(),
    }
}

fn finish(reason: FinishReason) -> AnswerEvent {
    AnswerEvent::Finish { answer: 0, reason }
}

const USAGE: AnswerEvent = AnswerEvent::Usage(Usage {
    prompt: 9,
    completion: 4,
    cached: Some(2),
    reasoning: None,
});

#[test]
fn text_is_one_block() {
    let stop = FinishReason::Stop {
        sequence: Some("END".into()),
    };
    let events = [text("Hi"), text(""), text(" \"é\"\n"), finish(stop), USAGE];
    insta::assert_snapshot!(written(&events));
}

#[test]
fn thoughts_text_and_calls_are_blocks_in_order() {
    let events = [
        reasoning("Hm."),
        text("I look."),
        call(0),
        arguments(0, "{\"at\":"),
        arguments(0, "1}"),
        call(1),
        finish(FinishReason::ToolCalls),
        USAGE,
    ];
    insta::assert_snapshot!(written(&events));
}

#[test]
fn calls_that_mix_are_told_one_after_the_other() {
    let events = [
        call(0),
        call(1),
        arguments(1, "{\"b\":1}"),
        arguments(0, "{\"a\":1}"),
        finish(FinishReason::ToolCalls),
    ];
    insta::assert_snapshot!(written(&events));
}

#[test]
fn an_answer_that_says_nothing_has_no_block() {
    insta::assert_snapshot!(written(&[finish(FinishReason::Length)]));
}

#[test]
fn of_several_answers_the_first_is_told() {
    let other = AnswerEvent::Text {
        answer: 1,
        text: "no".into(),
        logprobs: Vec::new(),
    };
    assert_eq!(written(&[other]), written(&[]));
}

/// Steps as models make them: texts, thoughts, and calls whose arguments mix.
fn any_steps() -> impl Strategy<Value = Vec<AnswerEvent>> {
    let step = prop_oneof![
        ".{1,6}".prop_map(Step::Text),
        ".{1,6}".prop_map(Step::Reasoning),
        prop::collection::vec(("[a-z\"é]{0,6}", 1_usize..4), 1..4).prop_map(Step::Calls),
    ];
    prop::collection::vec(step, 0..6).prop_map(|steps| {
        let mut events = Vec::new();
        let mut calls = 0;
        for step in &steps {
            step.write(&mut calls, &mut events);
        }
        events.extend([finish(FinishReason::ToolCalls), USAGE]);
        events
    })
}

#[derive(Debug)]
enum Step {
    Text(String),
    Reasoning(String),
    /// The arguments' only value, and the number of letters in a piece.
    Calls(Vec<(String, usize)>),
}

impl Step {
    fn write(&self, calls: &mut u32, events: &mut Vec<AnswerEvent>) {
        match self {
            Self::Text(said) => events.push(text(said)),
            Self::Reasoning(thought) => events.push(reasoning(thought)),
            Self::Calls(wanted) => {
                let first = *calls;
                *calls += u32::try_from(wanted.len()).unwrap();
                events.extend((first..*calls).map(call));
                let pieces = |(value, size): &(String, usize)| -> Vec<String> {
                    let json = format!("{{\"a\":{}}}", json::quote(value));
                    let letters: Vec<char> = json.chars().collect();
                    letters
                        .chunks(*size)
                        .map(|piece| piece.iter().collect())
                        .collect()
                };
                let pieces: Vec<_> = wanted.iter().map(pieces).collect();
                let longest = pieces.iter().map(Vec::len).max().unwrap_or_default();
                for at in 0..longest {
                    for (number, pieces) in (first..).zip(&pieces) {
                        events.extend(pieces.get(at).map(|piece| arguments(number, piece)));
                    }
                }
            }
        }
    }
}

fn collected(events: Vec<AnswerEvent>) -> WholeAnswer {
    let mut collector = Collector::default();
    for event in events {
        collector.push(event);
    }
    collector.finish()
}

proptest! {
    #[test]
    fn what_was_written_reads_the_same_however_it_is_cut(
        events in any_steps(),
        size in 1_usize..9,
    ) {
        let stream = written(&events);
        let mut reader = MessageReader::new();
        let mut read = Vec::new();
        for chunk in stream.as_bytes().chunks(size) {
            reader.push(chunk, &mut read).unwrap();
        }
        let (read, told) = (collected(read), collected(events));
        prop_assert_eq!(&read.choices[0].parts, &told.choices[0].parts);
        prop_assert_eq!(&read.choices[0].finish, &told.choices[0].finish);
        prop_assert_eq!(read.usage, told.usage);
    }

    #[test]
    fn blocks_begin_and_end_one_after_the_other(events in any_steps()) {
        let mut open = None;
        let mut next = 0;
        for data in written(&events).lines().filter_map(|line| line.strip_prefix("data: ")) {
            let event: serde_json::Value = serde_json::from_str(data).unwrap();
            match event["type"].as_str().unwrap() {
                "content_block_start" => {
                    prop_assert_eq!(open.replace(next), None);
                    prop_assert_eq!(event["index"].as_u64(), Some(next));
                    next += 1;
                }
                "content_block_delta" => prop_assert_eq!(event["index"].as_u64(), open),
                "content_block_stop" => prop_assert_eq!(event["index"].as_u64(), open.take()),
                _ => prop_assert_eq!(open, None),
            }
        }
    }
}
