//! Any text: what was redacted passes the guard, and an original beside it does not.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use redactor::{Detector, Guard, Operator, Profile, Vault, propagate};

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::builtin);

const ORIGINAL: &str = "jane.doe@example.com";

/// The original as a provider could read it.
const FORMS: [&str; 5] = [
    ORIGINAL,
    "JANE.DOE@EXAMPLE.COM",
    "jane.doe\\u0040example.com",
    "jane.doe%40example.com",
    "amFuZS5kb2VAZXhhbXBsZS5jb20=",
];

fuzz_target!(|input: &[u8]| {
    let Some((choice, noise)) = input.split_first() else {
        return;
    };
    let noise = String::from_utf8_lossy(noise);
    let text = format!("{ORIGINAL}\n\n{noise}");
    let mut findings = [DETECTOR.detect(&text, None)];
    propagate(&[&text], &mut findings);

    let placeholders = Profile { default: Operator::Placeholder, kinds: Vec::new() };
    let mut vault = Vault::new();
    vault.reserve(&text);
    let redacted = vault.redact(&text, &findings[0], &placeholders).into_owned();
    let guard = Guard::new(&vault);
    // Of an original in the noise the guard may find more than the detector: it must refuse that.
    if let (1, Err(breach)) = (findings[0].len(), guard.check(redacted.as_bytes())) {
        assert_ne!(breach.encoding, "plain", "{breach} in {redacted:?} of {text:?}");
    }

    let form = FORMS[usize::from(*choice) % FORMS.len()];
    let leaking = format!("{redacted}\n{form}\n{noise}");
    assert!(guard.check(leaking.as_bytes()).is_err(), "{form:?} passes in {leaking:?}");
});
