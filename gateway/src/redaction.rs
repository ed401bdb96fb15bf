//! A redaction profile with the key that its surrogates and hashes need.
//!
//! A conversation's key comes from what it opens with, which clients send again with every turn: so
//! the same person keeps the same made-up name from turn to turn, without anything being stored, and
//! another conversation gives another name. Two conversations that open with the same words share
//! their key.

use std::sync::Arc;

use redactor::{
    EntityKind, Key, Operator, Profile, Vault,
    tagger::{Label, TagThresholds},
};
use router::{Consistency, Names, RedactionProfile};

use crate::stage::Inspected;

/// What a request is redacted with.
#[derive(Debug)]
pub(crate) struct Redaction {
    profile: Profile,
    consistent_within: Consistency,
    names: Names,
    thresholds: TagThresholds,
    root: Arc<Key>,
}

impl Redaction {
    /// A checked profile of a policy. `root` is the secret that all keys are made from.
    pub(crate) fn new(profile: &RedactionProfile, root: Arc<Key>) -> Self {
        // The router checked the names against the redactor's own, so none is lost here.
        let operator = |name: &str| Operator::from_name(name).unwrap_or(Operator::Mask);
        let kinds = profile.kinds.iter().filter_map(|(kind, name)| {
            EntityKind::from_name(kind).map(|kind| (kind, operator(name)))
        });
        Self {
            profile: Profile {
                default: operator(&profile.default),
                kinds: kinds.collect(),
            },
            consistent_within: profile.consistent_within,
            names: profile.names,
            thresholds: thresholds(profile),
            root,
        }
    }

    /// Which operator serves which kind.
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether only requests may cross in which a tagger has looked for names.
    pub(crate) fn requires_names(&self) -> bool {
        self.names == Names::Required
    }

    /// The probabilities from which what the tagger found counts.
    pub(crate) fn thresholds(&self) -> &TagThresholds {
        &self.thresholds
    }

    /// A vault for a request: an empty one, or the one of the request before where a target keeps the
    /// conversation.
    pub(crate) fn vault(&self, inspected: &Inspected) -> Vault {
        if let Some(known) = inspected.parsed().known() {
            return known.continued();
        }
        if !self.profile.is_keyed() {
            return Vault::new();
        }
        let tenant = inspected.signals().tenant.as_str();
        let mut names = vec!["tenant", tenant];
        let parsed = inspected.parsed();
        let texts = parsed.texts();
        if self.consistent_within == Consistency::Conversation {
            names.push("conversation");
            names.extend(parsed.opening(&texts));
        }
        Vault::keyed(self.root.derive(&names))
    }
}

/// Placeholders, and masks for secrets.
impl Default for Redaction {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            consistent_within: Consistency::default(),
            names: Names::default(),
            thresholds: TagThresholds::default(),
            root: Arc::new(Key::from_secret(&[])),
        }
    }
}

/// The standard thresholds, with the profile's over them.
fn thresholds(profile: &RedactionProfile) -> TagThresholds {
    let mut thresholds = TagThresholds::default();
    for (kind, threshold) in &profile.thresholds {
        let label = Label::ALL.into_iter().find(|label| label.name() == kind);
        if let Some(label) = label {
            thresholds.set(label, *threshold);
        }
    }
    thresholds
}

/// A secret that lasts as long as this process.
pub(crate) fn random_key() -> Key {
    let random = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()];
    Key::from_secret(random.map(uuid::Uuid::into_bytes).as_flattened())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use redactor::Detector;
    use router::RouteWish;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        api::openai::chat::Chat,
        stage::{Parsed, Redacted},
        tagger::Tags,
    };

    /// What crosses of a conversation.
    fn crosses(consistent_within: Consistency, messages: &Value) -> String {
        let profile = RedactionProfile {
            name: "p".to_owned(),
            default: "surrogate".to_owned(),
            kinds: Vec::new(),
            consistent_within,
            names: Names::default(),
            thresholds: Vec::new(),
        };
        let root = Arc::new(Key::from_secret(b"of these tests"));
        let redaction = Redaction::new(&profile, root);
        let body = json!({ "model": "auto", "messages": messages });
        let parsed = Parsed::new(&Chat, Bytes::from(body.to_string()), 32).unwrap();
        let scorer = router::complexity::Scorer::default();
        let detector = Detector::builtin();
        let inspected = Inspected::new(parsed, &detector, Tags::Off, RouteWish::Auto, &scorer);
        let redacted = Redacted::new(&inspected, &redaction, None).unwrap();
        let body: Value = serde_json::from_slice(redacted.body()).unwrap();
        body["messages"].to_string()
    }

    fn user(content: &str) -> Value {
        json!({ "role": "user", "content": content })
    }

    fn answer(content: &str) -> Value {
        json!({ "role": "assistant", "content": content })
    }

    #[test]
    fn a_conversation_keeps_its_surrogates_from_turn_to_turn() {
        let first = user("Write to jane@clinic.example");
        let turn = crosses(Consistency::Conversation, &json!([first]));
        let next = json!([
            first,
            answer("Done."),
            user("And to jane@clinic.example again")
        ]);
        let next = crosses(Consistency::Conversation, &next);
        assert!(!turn.contains("jane@clinic"), "{turn}");
        assert!(next.starts_with(turn.trim_end_matches(']')), "{next}");
        let address = turn
            .split(['"', ' '])
            .find(|word| word.contains('@'))
            .unwrap();
        assert_eq!(next.matches(address).count(), 2);
    }

    #[test]
    fn another_conversation_gets_other_surrogates_unless_the_tenant_shares_them() {
        let one = json!([user("jane@clinic.example"), answer("Yes?")]);
        let other = json!([user("Hi!"), answer("Yes?"), user("jane@clinic.example")]);
        let address = |within, messages| {
            let crossed = crosses(within, messages);
            let mut words = crossed.split(['"', ' ']);
            words.find(|word| word.contains('@')).map(str::to_owned)
        };
        let conversation = |messages| address(Consistency::Conversation, messages);
        assert_ne!(conversation(&one), conversation(&other));
        let tenant = |messages| address(Consistency::Tenant, messages);
        assert_eq!(tenant(&one), tenant(&other));
    }
}
