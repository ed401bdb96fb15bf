//! How the stand-in's answers look on the wire.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{MODEL, composer::Composed};

/// What is said to one request, and the tokens it would be charged for.
pub(super) struct Answer {
    pub(super) composed: Composed,
    pub(super) usage: Value,
}

impl Answer {
    /// The whole answer as one body.
    pub(super) fn body(&self) -> Value {
        let Composed { text, call } = &self.composed;
        let message = match call {
            Some((name, arguments)) => {
                let function = json!({ "name": name, "arguments": arguments });
                let call = json!({ "id": CALL_ID, "type": "function", "function": function });
                json!({ "role": "assistant", "content": null, "tool_calls": [call] })
            }
            None => json!({ "role": "assistant", "content": text, "refusal": null }),
        };
        let choice =
            json!({ "index": 0, "message": message, "finish_reason": self.finish_reason() });
        json!({
            "id": ANSWER_ID, "object": "chat.completion", "created": 0, "model": MODEL,
            "choices": [choice], "usage": self.usage,
        })
    }

    /// The same as the events of a stream.
    pub(super) fn events(&self, with_usage: bool) -> Vec<String> {
        let mut chunks: Vec<Value> = self
            .deltas()
            .into_iter()
            .map(|delta| chunk(&choice(&delta, None)))
            .collect();
        chunks.push(chunk(&choice(&json!({}), Some(self.finish_reason()))));
        if with_usage {
            chunks.push(json!({
                "id": ANSWER_ID, "object": "chat.completion.chunk", "created": 0, "model": MODEL,
                "choices": [], "usage": self.usage,
            }));
        }
        let mut events: Vec<String> = chunks
            .iter()
            .map(|chunk| format!("data: {chunk}\n\n"))
            .collect();
        events.push("data: [DONE]\n\n".to_owned());
        events
    }

    fn deltas(&self) -> Vec<Value> {
        let mut deltas = vec![json!({ "role": "assistant", "content": "" })];
        deltas.extend(tokens(&self.composed.text).map(|token| json!({ "content": token })));
        if let Some((name, arguments)) = &self.composed.call {
            let function = json!({ "name": name, "arguments": "" });
            let opening =
                json!({ "index": 0, "id": CALL_ID, "type": "function", "function": function });
            deltas.push(json!({ "tool_calls": [opening] }));
            deltas.extend(tokens(arguments).map(|token| {
                json!({ "tool_calls": [{ "index": 0, "function": { "arguments": token } }] })
            }));
        }
        deltas
    }

    fn finish_reason(&self) -> &'static str {
        if self.composed.call.is_some() {
            "tool_calls"
        } else {
            "stop"
        }
    }
}

/// The events in as many packets, each of which ends inside an event but the last.
pub(super) fn packets(events: &[String]) -> Vec<Bytes> {
    let mut packets = Vec::new();
    let mut carried = Vec::new();
    for (position, event) in events.iter().enumerate() {
        let is_last = position + 1 == events.len();
        let cut = if is_last {
            event.len()
        } else {
            event.len() * 5 / 8
        };
        let (now, later) = event.as_bytes().split_at(cut);
        carried.extend_from_slice(now);
        packets.push(Bytes::from(std::mem::replace(&mut carried, later.to_vec())));
    }
    packets
}

fn choice(delta: &Value, finish_reason: Option<&str>) -> Value {
    json!({ "index": 0, "delta": delta, "finish_reason": finish_reason })
}

fn chunk(choice: &Value) -> Value {
    json!({
        "id": ANSWER_ID, "object": "chat.completion.chunk", "created": 0, "model": MODEL,
        "choices": [choice],
    })
}

/// Cuts a text as a tokenizer might, without regard for placeholders.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut lengths = [6, 4, 7, 3, 5].into_iter().cycle();
    std::iter::from_fn(move || {
        let length = lengths.next()?;
        let end = rest
            .char_indices()
            .nth(length)
            .map_or(rest.len(), |(at, _)| at);
        let (token, after) = rest.split_at_checked(end)?;
        rest = after;
        (!token.is_empty()).then_some(token)
    })
}

const ANSWER_ID: &str = "chatcmpl-stand-in";
const CALL_ID: &str = "call_stand_in";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{reply::Reply, stand_in::composer::compose};

    fn answer(request: &Value) -> Answer {
        Answer {
            composed: compose(request),
            usage: json!({ "total_tokens": 7 }),
        }
    }

    fn question(text: &str) -> Value {
        json!({ "messages": [{ "role": "user", "content": text }] })
    }

    fn check(request: &Value) -> Reply {
        let answer = answer(request);
        let body = Reply::read(answer.body().to_string().as_bytes());
        let events = answer.events(true).concat();
        assert_eq!(Reply::read(events.as_bytes()), body, "{request}");
        assert!(events.contains(r#""usage":{"#) && events.ends_with("data: [DONE]\n\n"));
        body
    }

    #[test]
    fn stream_and_body_say_the_same() {
        let prose = check(&question("Decide: [EMAIL_1] and [PHONE_1]"));
        assert!(prose.text.contains("[EMAIL_1]") && prose.text.contains("[PHONE_1]"));

        let function = json!({ "name": "f", "parameters": { "properties": { "email": {} } } });
        let mut request = question("Call it for [EMAIL_1]");
        request["tools"] = json!([{ "type": "function", "function": function }]);
        assert_eq!(
            check(&request).tool_calls[0].arguments,
            r#"{"email":"[EMAIL_1]"}"#
        );
    }

    #[test]
    fn packets_end_inside_events_and_lose_nothing() {
        let events = answer(&question("[IBAN_1]")).events(false);
        let packets = packets(&events);
        assert_eq!(packets.concat(), events.concat().as_bytes());
        let (last, others) = packets.split_last().unwrap();
        assert!(last.ends_with(b"[DONE]\n\n"));
        assert!(others.iter().all(|packet| !packet.ends_with(b"\n\n")));
    }

    #[test]
    fn tokens_cut_placeholders_apart() {
        let cut: Vec<_> = tokens("ask [EMAIL_1] – now").collect();
        assert_eq!(cut, ["ask [E", "MAIL", "_1] – n", "ow"]);
    }
}
