//! A whole answer: read from a provider, written for a client.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    block::Block,
    to_json,
    usage::{WireUsage, finish_reason, stop_reason},
};
use crate::api::{
    ParseError,
    conversation::{AnswerPart, Choice, ToolCall, WholeAnswer},
    dialect::AnswerHead,
};

/// Reads a provider's answer. Signatures of thoughts and citations are left out.
///
/// # Errors
/// `body` is no message of this API.
pub(super) fn read(body: &[u8]) -> Result<WholeAnswer, ParseError> {
    let message: ReadMessage = serde_json::from_slice(body).map_err(|_| ParseError::Field {
        field: "content",
        expected: "an array of blocks, as in an Anthropic message",
    })?;
    let parts = message.content.into_iter().filter_map(part).collect();
    let finish = message
        .stop_reason
        .map(|reason| finish_reason(&reason, message.stop_sequence));
    let choice = Choice {
        parts,
        finish,
        logprobs: Vec::new(),
    };
    Ok(WholeAnswer {
        choices: vec![choice],
        usage: message.usage.and_then(|usage| usage.usage()),
    })
}

/// Writes an answer; of several, the first.
pub(super) fn write(head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
    let choice = answer.choices.first();
    let parts = choice.map(|choice| choice.parts.as_slice());
    let content = parts.unwrap_or_default().iter().map(block).collect();
    let finish = choice.and_then(|choice| choice.finish.as_ref());
    let (stop_reason, stop_sequence) = finish.map(stop_reason).unzip();
    Bytes::from(to_json(&WrittenMessage {
        id: message_id(head),
        r#type: "message",
        role: "assistant",
        model: &head.model,
        content,
        stop_reason,
        stop_sequence: stop_sequence.flatten(),
        usage: answer
            .usage
            .map_or_else(|| WireUsage::at_start(head.prompt_tokens), WireUsage::of),
    }))
}

/// The id of an answer, as this API's look.
pub(super) fn message_id(head: &AnswerHead) -> String {
    format!("msg_{}", head.request_id)
}

/// The arguments of a call as the object that this API has for them. A model that was cut off leaves
/// none: then what there is of it is told as text.
pub(super) fn input(arguments: &str) -> Value {
    match serde_json::from_str(arguments) {
        Ok(Value::Object(input)) => Value::Object(input),
        _ if arguments.trim().is_empty() => Value::Object(Map::new()),
        Ok(_) | Err(_) => serde_json::json!({"arguments": arguments}),
    }
}

#[derive(Debug, Deserialize)]
struct ReadMessage {
    content: Vec<Block>,
    stop_reason: Option<String>,
    stop_sequence: Option<String>,
    usage: Option<WireUsage>,
}

fn part(block: Block) -> Option<AnswerPart> {
    match block {
        Block::Text { text } => Some(AnswerPart::Text(text)),
        Block::Thinking { thinking, .. } => Some(AnswerPart::Reasoning(thinking)),
        Block::ToolUse { id, name, input } => Some(AnswerPart::ToolCall(ToolCall {
            id,
            name,
            arguments: input.to_string(),
        })),
        // Enciphered thoughts, and what tools of the provider leave, which nobody asked for.
        Block::RedactedThinking {}
        | Block::Image { .. }
        | Block::Document { .. }
        | Block::SearchResult { .. }
        | Block::ToolResult { .. }
        | Block::Other => None,
    }
}

#[derive(Debug, Serialize)]
struct WrittenMessage<'a> {
    id: String,
    r#type: &'static str,
    role: &'static str,
    model: &'a str,
    content: Vec<Block>,
    stop_reason: Option<&'static str>,
    stop_sequence: Option<&'a str>,
    usage: WireUsage,
}

fn block(part: &AnswerPart) -> Block {
    match part {
        AnswerPart::Text(text) | AnswerPart::Refusal(text) => Block::Text { text: text.clone() },
        AnswerPart::Reasoning(thinking) => Block::Thinking {
            thinking: thinking.clone(),
            signature: String::new(),
        },
        AnswerPart::ToolCall(call) => Block::ToolUse {
            id: call.id.clone(),
            name: call.name.clone(),
            input: input(&call.arguments),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::{
            conversation::{FinishReason, Usage},
            dialect::{Repeated, Times},
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
            prompt_tokens: None,
            times: Times {
                received: Clock::manual().now(),
                clock: Clock::manual(),
                begun: None,
            },
            repeated: Repeated::default(),
        }
    }

    fn answer() -> WholeAnswer {
        let parts = vec![
            AnswerPart::Reasoning("Hm.".into()),
            AnswerPart::Text("I send it.".into()),
            AnswerPart::ToolCall(ToolCall {
                id: "toolu_1".into(),
                name: "send".into(),
                arguments: r#"{"to":"ada@example.com","n":[1,2.5]}"#.into(),
            }),
        ];
        WholeAnswer {
            choices: vec![Choice {
                parts,
                finish: Some(FinishReason::ToolCalls),
                logprobs: Vec::new(),
            }],
            usage: Some(Usage {
                prompt: 9,
                completion: 4,
                cached: Some(2),
                reasoning: None,
            }),
        }
    }

    #[test]
    fn a_whole_answer_has_every_field_that_clients_read() {
        let body = write(&head(), &answer());
        insta::assert_snapshot!(std::str::from_utf8(&body).unwrap());
    }

    #[test]
    fn an_answer_that_was_written_reads_back() {
        let read = read(&write(&head(), &answer())).unwrap();
        let (choice, wrote) = (&read.choices[0], answer());
        assert_eq!(choice.parts, wrote.choices[0].parts);
        assert_eq!(choice.finish, wrote.choices[0].finish);
        assert_eq!(read.usage, wrote.usage);
    }

    #[test]
    fn arguments_that_are_no_object_are_not_lost() {
        assert_eq!(input(" "), serde_json::json!({}));
        assert_eq!(
            input(r#"{"to":"#),
            serde_json::json!({"arguments": "{\"to\":"})
        );
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        for body in ["", "[]", "{}", r#"{"content":"text"}"#] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
