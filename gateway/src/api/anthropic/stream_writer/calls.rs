//! The calls of an answer, one after the other.
//!
//! A call's arguments are JSON, so that it shows when they are complete: until then, the next call
//! waits. Steps of calls that do not mix are ready at once.

use std::collections::VecDeque;

use serde::de::IgnoredAny;

/// Brings the calls into order.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// The first one has begun for the client, the others wait.
    calls: VecDeque<Call>,
}

#[derive(Debug)]
struct Call {
    number: u32,
    id: String,
    name: String,
    /// Its arguments so far.
    json: String,
}

/// What can be told now. Arguments are those of the call that began last.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ready {
    Begin { id: String, name: String },
    Arguments(String),
}

impl Calls {
    /// A call begins.
    pub(super) fn begin(&mut self, number: u32, id: &str, name: &str) -> Vec<Ready> {
        let mut ready = Vec::new();
        self.calls.push_back(Call {
            number,
            id: id.to_owned(),
            name: name.to_owned(),
            json: String::new(),
        });
        if let [only] = self.calls.make_contiguous() {
            only.tell(&mut ready);
        }
        self.advance(&mut ready);
        ready
    }

    /// A call's arguments go on. Those of a call that has ended, or never began, mean nothing.
    pub(super) fn grow(&mut self, number: u32, json: &str) -> Vec<Ready> {
        let mut ready = Vec::new();
        let at = self.calls.iter().position(|call| call.number == number);
        let Some(call) = at.and_then(|at| self.calls.get_mut(at)) else {
            return ready;
        };
        call.json.push_str(json);
        if at == Some(0) && !json.is_empty() {
            ready.push(Ready::Arguments(json.to_owned()));
            self.advance(&mut ready);
        }
        ready
    }

    /// All calls end; those that waited are told.
    pub(super) fn end(&mut self) -> Vec<Ready> {
        let mut ready = Vec::new();
        for waiting in self.calls.drain(..).skip(1) {
            waiting.tell(&mut ready);
        }
        ready
    }

    /// Goes on to the next call while there is one and the first is complete.
    fn advance(&mut self, ready: &mut Vec<Ready>) {
        while self.calls.len() > 1 && self.calls.front().is_some_and(Call::is_complete) {
            self.calls.pop_front();
            if let Some(next) = self.calls.front() {
                next.tell(ready);
            }
        }
    }
}

impl Call {
    fn tell(&self, ready: &mut Vec<Ready>) {
        ready.push(Ready::Begin {
            id: self.id.clone(),
            name: self.name.clone(),
        });
        if !self.json.is_empty() {
            ready.push(Ready::Arguments(self.json.clone()));
        }
    }

    fn is_complete(&self) -> bool {
        serde_json::from_str::<IgnoredAny>(&self.json).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(id: &str) -> Ready {
        Ready::Begin {
            id: id.into(),
            name: "f".into(),
        }
    }

    fn json(json: &str) -> Ready {
        Ready::Arguments(json.into())
    }

    #[test]
    fn calls_that_follow_each_other_never_wait() {
        let mut calls = Calls::default();
        assert_eq!(calls.begin(0, "a", "f"), [begun("a")]);
        assert_eq!(calls.grow(0, "{\"x\":"), [json("{\"x\":")]);
        assert_eq!(calls.grow(0, "1}"), [json("1}")]);
        assert_eq!(calls.begin(1, "b", "f"), [begun("b")]);
        assert_eq!(calls.grow(1, "{}"), [json("{}")]);
        assert_eq!(calls.end(), []);
    }

    #[test]
    fn a_call_waits_until_the_one_before_is_complete() {
        let mut calls = Calls::default();
        calls.begin(0, "a", "f");
        assert_eq!(calls.begin(1, "b", "f"), []);
        assert_eq!(calls.begin(2, "c", "f"), []);
        assert_eq!(calls.grow(2, "{"), []);
        assert_eq!(calls.grow(1, "{}"), []);
        let ready = [json("{}"), begun("b"), json("{}"), begun("c"), json("{")];
        assert_eq!(calls.grow(0, "{}"), ready);
    }

    #[test]
    fn calls_that_never_became_complete_are_told_at_the_end() {
        let mut calls = Calls::default();
        calls.begin(0, "a", "f");
        calls.grow(0, "{");
        calls.begin(1, "b", "f");
        calls.grow(1, "[");
        assert_eq!(calls.end(), [begun("b"), json("[")]);
    }
}
