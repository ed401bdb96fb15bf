//! Steps of an answer as this API's stream.
//!
//! Guarantees: `response.created` and `response.in_progress` first, with the answer as it begins; every
//! item and every part with its beginning and its end, and its text whole at the end; one last event
//! with the whole answer; events numbered from 0 without gaps. An item that is not a call ends before
//! the next one begins; calls may grow side by side, told apart by their index.

use bytes::{Bytes, BytesMut};

use super::{
    event::{Event, names, write},
    output::{Item, ItemKind, Part, Status},
    response::{Ending, Response},
};
use crate::api::{
    conversation::{AnswerEvent, FinishReason, Usage},
    dialect::{AnswerHead, StreamWriter},
    openai::logprobs::TokenLogprobs,
};

/// Writes one stream; of several answers, the first.
#[derive(Debug)]
pub(super) struct ResponseWriter {
    head: AnswerHead,
    items: Vec<Item>,
    /// The last item is a message, or thoughts, and has not ended. Its last part is open.
    is_open: bool,
    /// The calls that have not ended: the number of each, and of its item.
    calls: Vec<(u32, usize)>,
    has_refusal: bool,
    finish: Option<FinishReason>,
    usage: Option<Usage>,
    next: u64,
}

impl ResponseWriter {
    pub(super) fn new(head: AnswerHead) -> Self {
        Self {
            head,
            items: Vec::new(),
            is_open: false,
            calls: Vec::new(),
            has_refusal: false,
            finish: None,
            usage: None,
            next: 0,
        }
    }

    /// More of a text. `empty` is the part that it belongs to, as it begins.
    fn grow(&mut self, empty: Part, more: &str, logprobs: &[TokenLogprobs], out: &mut BytesMut) {
        self.open(empty, out);
        let Some((number, item)) = self.items.iter_mut().enumerate().next_back() else {
            return;
        };
        let (id, parts) = (&item.id, item.kind.parts());
        let Some((index, part)) = parts.and_then(|parts| parts.iter_mut().enumerate().next_back())
        else {
            return;
        };
        part.text_mut().push_str(more);
        if let Part::OutputText { logprobs: all, .. } = part {
            all.extend_from_slice(logprobs);
        }
        let place = Event::at(id, number, index, part);
        let names = names(part);
        let of_tokens = matches!(part, Part::OutputText { .. }).then_some(logprobs);
        let event = Event {
            r#type: names.delta,
            delta: Some(more),
            logprobs: of_tokens,
            ..place
        };
        write(event, &mut self.next, out);
    }

    /// Makes a part like `empty` the one that grows.
    fn open(&mut self, empty: Part, out: &mut BytesMut) {
        let same = std::mem::discriminant(&empty);
        let last = self.items.last_mut().filter(|_| self.is_open);
        let last = last.and_then(|item| item.kind.parts()?.last());
        match (last, &empty) {
            (Some(last), _) if std::mem::discriminant(last) == same => return,
            // Both are said, in one message.
            (
                Some(Part::OutputText { .. } | Part::Refusal { .. }),
                Part::OutputText { .. } | Part::Refusal { .. },
            ) => self.end_part(out),
            (_, Part::SummaryText { .. }) => {
                let summary = Vec::new();
                self.begin_item(ItemKind::Reasoning { summary }, out);
                self.is_open = true;
            }
            (_, Part::OutputText { .. } | Part::Refusal { .. }) => {
                self.begin_item(ItemKind::message(), out);
                self.is_open = true;
            }
        }
        let Some((number, item)) = self.items.iter_mut().enumerate().next_back() else {
            return;
        };
        let (id, parts) = (&item.id, item.kind.parts());
        let Some(parts) = parts else { return };
        let index = parts.len();
        let event = Event {
            r#type: names(&empty).added,
            part: Some(&empty),
            ..Event::at(id, number, index, &empty)
        };
        write(event, &mut self.next, out);
        parts.push(empty);
    }

    fn begin_item(&mut self, kind: ItemKind, out: &mut BytesMut) {
        self.end_items(Status::Completed, out);
        self.add_item(kind, out);
    }

    fn add_item(&mut self, kind: ItemKind, out: &mut BytesMut) {
        let number = self.items.len();
        let item = Item::begin(&self.head.request_id, number, kind);
        let event = Event {
            r#type: "response.output_item.added",
            output_index: Some(number),
            item: Some(&item),
            ..Event::default()
        };
        write(event, &mut self.next, out);
        self.items.push(item);
    }

    /// A call begins beside those that have not ended.
    fn begin_call(&mut self, call: u32, id: &str, name: &str, out: &mut BytesMut) {
        if self.is_open {
            self.end_items(Status::Completed, out);
        }
        self.calls.push((call, self.items.len()));
        self.add_item(ItemKind::call(id, name), out);
    }

    fn grow_call(&mut self, call: u32, json: &str, out: &mut BytesMut) {
        let Some((_, number)) = self.calls.iter().find(|(known, _)| *known == call) else {
            return;
        };
        let Some(item) = self.items.get_mut(*number) else {
            return;
        };
        if let ItemKind::FunctionCall { arguments, .. } = &mut item.kind {
            arguments.push_str(json);
        }
        let event = Event {
            r#type: "response.function_call_arguments.delta",
            item_id: Some(&item.id),
            output_index: Some(*number),
            delta: Some(json),
            ..Event::default()
        };
        write(event, &mut self.next, out);
    }

    /// Ends the part that grows.
    fn end_part(&mut self, out: &mut BytesMut) {
        let Some((number, item)) = self.items.iter_mut().enumerate().next_back() else {
            return;
        };
        let (id, parts) = (&item.id, item.kind.parts());
        let Some((index, part)) = parts.and_then(|parts| parts.iter().enumerate().next_back())
        else {
            return;
        };
        let place = Event::at(id, number, index, part);
        let names = names(part);
        let (text, refusal, logprobs) = match part {
            Part::OutputText { text, logprobs, .. } => (Some(text), None, Some(logprobs)),
            Part::SummaryText { text } => (Some(text), None, None),
            Part::Refusal { refusal } => (None, Some(refusal), None),
        };
        let event = Event {
            r#type: names.text_done,
            text: text.map(String::as_str),
            refusal: refusal.map(String::as_str),
            logprobs: logprobs.map(Vec::as_slice),
            ..place
        };
        write(event, &mut self.next, out);
        let event = Event {
            r#type: names.done,
            part: Some(part),
            ..Event::at(id, number, index, part)
        };
        write(event, &mut self.next, out);
    }

    /// Ends every item that has not ended; the last one with this status.
    fn end_items(&mut self, last: Status, out: &mut BytesMut) {
        if std::mem::take(&mut self.is_open) {
            self.end_part(out);
            self.end_item(self.items.len().saturating_sub(1), last, out);
        }
        for (_, number) in std::mem::take(&mut self.calls) {
            self.end_call(number, out);
            let is_last = number + 1 == self.items.len();
            self.end_item(number, if is_last { last } else { Status::Completed }, out);
        }
    }

    fn end_call(&mut self, number: usize, out: &mut BytesMut) {
        let Some(item) = self.items.get(number) else {
            return;
        };
        if let ItemKind::FunctionCall {
            name, arguments, ..
        } = &item.kind
        {
            let event = Event {
                r#type: "response.function_call_arguments.done",
                item_id: Some(&item.id),
                output_index: Some(number),
                name: Some(name),
                arguments: Some(arguments),
                ..Event::default()
            };
            write(event, &mut self.next, out);
        }
    }

    fn end_item(&mut self, number: usize, status: Status, out: &mut BytesMut) {
        let Some(item) = self.items.get_mut(number) else {
            return;
        };
        item.end(status);
        let event = Event {
            r#type: "response.output_item.done",
            output_index: Some(number),
            item: Some(item),
            ..Event::default()
        };
        write(event, &mut self.next, out);
    }
}

impl StreamWriter for ResponseWriter {
    fn begin(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        for kind in ["response.created", "response.in_progress"] {
            let event = Event {
                r#type: kind,
                response: Some(Response::begun(&self.head)),
                ..Event::default()
            };
            write(event, &mut self.next, &mut out);
        }
        out.freeze()
    }

    fn push(&mut self, event: &AnswerEvent) -> Bytes {
        let mut out = BytesMut::new();
        match event {
            AnswerEvent::Text {
                answer: 0,
                text,
                logprobs,
            } => self.grow(Part::text(String::new()), text, logprobs, &mut out),
            AnswerEvent::Refusal { answer: 0, text } => {
                self.has_refusal = true;
                let refusal = String::new();
                self.grow(Part::Refusal { refusal }, text, &[], &mut out);
            }
            AnswerEvent::Reasoning { answer: 0, text } => {
                let empty = String::new();
                self.grow(Part::SummaryText { text: empty }, text, &[], &mut out);
            }
            AnswerEvent::ToolCall {
                answer: 0,
                call,
                id,
                name,
            } => self.begin_call(*call, id, name, &mut out),
            AnswerEvent::Arguments {
                answer: 0,
                call,
                json,
            } => self.grow_call(*call, json, &mut out),
            AnswerEvent::Finish { answer: 0, reason } => self.finish = Some(reason.clone()),
            AnswerEvent::Usage(usage) => self.usage = Some(*usage),
            AnswerEvent::Text { .. }
            | AnswerEvent::Reasoning { .. }
            | AnswerEvent::Refusal { .. }
            | AnswerEvent::ToolCall { .. }
            | AnswerEvent::Arguments { .. }
            | AnswerEvent::Finish { .. } => {}
        }
        out.freeze()
    }

    fn end(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        let ending = Ending::of(self.finish.as_ref(), self.has_refusal);
        if self.items.is_empty() {
            self.open(Part::text(String::new()), &mut out);
        }
        self.end_items(ending.item_status(), &mut out);
        let response = Response::ended(&self.head, ending, &self.items, self.usage);
        let event = Event {
            r#type: ending.event(),
            response: Some(response),
            ..Event::default()
        };
        write(event, &mut self.next, &mut out);
        out.freeze()
    }

    fn next_number(&self) -> u64 {
        self.next
    }
}

#[cfg(test)]
mod tests;
