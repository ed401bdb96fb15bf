//! Which target gave the last answer of each conversation, for those that are to stay where they
//! are.
//!
//! A conversation is known again by what was said in it: first by all that led to the last answer,
//! which only a continuation of it repeats, then, where a client has cut old messages, by what it
//! opens with. Guarantees: bounded memory, the least used forgotten first; what is kept is a keyed
//! hash and the name of a target. Not caught: two conversations that open with the same words and
//! were both cut are taken for one. Nothing but the order of targets that may have the request
//! depends on it.

use std::sync::Arc;

use quick_cache::sync::Cache;
use redactor::Key;

use crate::{redaction::random_key, stage::Inspected};

/// What is remembered of conversations, in this process and until it ends.
pub(crate) struct Conversations {
    key: Key,
    targets: Cache<[u8; 32], Arc<str>>,
}

impl Conversations {
    /// Of at most so many answers.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            key: random_key(),
            targets: Cache::new(most * PLACES_PER_ANSWER),
        }
    }

    /// The target that gave the last answer in this request.
    pub(crate) fn previous(&self, inspected: &Inspected) -> Option<Arc<str>> {
        let parsed = inspected.parsed();
        if !parsed.is_continued() {
            return None;
        }
        let texts = parsed.texts();
        let exact = self.place(inspected, WHOLE, parsed.before_last_answer(&texts));
        let known = self.targets.get(&exact);
        known.or_else(|| {
            let opening = self.place(inspected, OPENING, parsed.opening(&texts));
            self.targets.get(&opening)
        })
    }

    /// Notes that this target answers this request.
    pub(crate) fn remember(&self, inspected: &Inspected, target: &str) {
        let parsed = inspected.parsed();
        let texts = parsed.texts();
        let target: Arc<str> = target.into();
        let whole = self.place(inspected, WHOLE, parsed.said(&texts));
        self.targets.insert(whole, Arc::clone(&target));
        let opening = self.place(inspected, OPENING, parsed.opening(&texts));
        self.targets.insert(opening, target);
    }

    fn place<'t>(
        &self,
        inspected: &Inspected,
        kind: &'t str,
        texts: impl Iterator<Item = &'t str>,
    ) -> [u8; 32] {
        let names: Vec<&str> = texts.collect();
        let of_kind = self
            .key
            .derive(&[inspected.signals().tenant.as_str(), kind]);
        of_kind.derive(&names).hash(&[])
    }
}

/// Prints a size only.
impl std::fmt::Debug for Conversations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversations")
            .field("places", &self.targets.len())
            .finish_non_exhaustive()
    }
}

/// Some 150 bytes each.
pub(crate) const REMEMBERED_ANSWERS: usize = 32_768;

/// By all that was said, and by what it opened with.
const PLACES_PER_ANSWER: usize = 2;
const WHOLE: &str = "whole";
const OPENING: &str = "opening";

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use bytes::Bytes;
    use redactor::Detector;
    use router::{RouteWish, complexity::Scorer};
    use serde_json::{Value, json};

    use super::*;
    use crate::{api::openai::chat::Chat, stage::Parsed, tagger::Tags};

    fn request(messages: &Value) -> Inspected {
        // Slow to build in an unoptimised program.
        static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::builtin);
        let body = json!({ "model": "auto", "messages": messages }).to_string();
        let parsed = Parsed::new(&Chat, Bytes::from(body), 32).unwrap();
        Inspected::new(
            parsed,
            &DETECTOR,
            Tags::Off,
            RouteWish::Auto,
            &Scorer::default(),
        )
    }

    fn user(text: &str) -> Value {
        json!({ "role": "user", "content": text })
    }

    fn answer(text: &str) -> Value {
        json!({ "role": "assistant", "content": text })
    }

    #[test]
    fn a_conversation_is_known_by_what_led_to_its_last_answer() {
        let known = Conversations::new(8);
        known.remember(&request(&json!([user("Hi")])), "local");
        known.remember(
            &request(&json!([user("Hi"), answer("Yes?"), user("Why?")])),
            "far",
        );
        let of = |messages: Value| known.previous(&request(&messages));
        let first = json!([user("Hi"), answer("Yes?"), user("How?")]);
        assert_eq!(of(first).as_deref(), Some("local"));
        let second = json!([
            user("Hi"),
            answer("Yes?"),
            user("Why?"),
            answer("So."),
            user("Oh")
        ]);
        assert_eq!(of(second).as_deref(), Some("far"));
        let cut = json!([
            user("Hi"),
            answer("So."),
            user("What else?"),
            answer("This."),
            user("Ah")
        ]);
        assert_eq!(of(cut).as_deref(), Some("far"), "by what it opens with");
        assert_eq!(of(json!([user("Hi")])), None, "nothing was answered yet");
        assert_eq!(of(json!([user("Ho"), answer("Yes?"), user("How?")])), None);
    }

    #[test]
    fn memory_is_bounded() {
        let known = Conversations::new(4);
        for turn in 0..200 {
            known.remember(&request(&json!([user(&format!("Question {turn}"))])), "far");
        }
        assert!(known.targets.len() <= 8, "{known:?}");
    }
}
