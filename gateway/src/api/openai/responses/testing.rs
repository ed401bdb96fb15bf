//! What the tests of this API share.

use std::sync::{Arc, OnceLock};

use redactor::{Detector, Profile, Vault};

use crate::{
    api::dialect::{AnswerHead, Repeated, Times},
    clock::Clock,
};

/// What `[EMAIL_1]` of [`vault`] stands for.
pub(super) const ADDRESS: &str = "jane.doe@example.com";

/// A vault in which `[EMAIL_1]` stands for [`ADDRESS`].
pub(super) fn vault() -> Arc<Vault> {
    static VAULT: OnceLock<Arc<Vault>> = OnceLock::new();
    let made = VAULT.get_or_init(|| {
        let mut vault = Vault::new();
        let findings = Detector::builtin().detect(ADDRESS, None);
        let redacted = vault.redact(ADDRESS, &findings, &Profile::default());
        assert_eq!(redacted, "[EMAIL_1]");
        Arc::new(vault)
    });
    Arc::clone(made)
}

/// What an answer begins with.
pub(super) fn head() -> AnswerHead {
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
