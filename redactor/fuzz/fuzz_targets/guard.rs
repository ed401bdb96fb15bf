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
    // Of an original in the noise the guard may find more than the detector, encoded or grown
    // together with other words: it must refuse that.
    if let (1, Err(breach)) = (findings[0].len(), guard.check(redacted.as_bytes())) {
        let stands_alone = breach.encoding == "plain" && !is_grown(&redacted, breach.offset);
        assert!(!stands_alone, "{breach} in {redacted:?} of {text:?}");
    }

    let first = findings[0].first().map(|finding| finding.span.clone());
    let Some((0, end)) = first.map(|span| (span.start, span.end)) else {
        panic!("{ORIGINAL} is not found in {text:?}");
    };
    // What follows may be the original again, as the start of a longer value. The vault then holds
    // the two as one value, and does not know the original by itself.
    if end != ORIGINAL.len() {
        return;
    }
    let form = FORMS[usize::from(*choice) % FORMS.len()];
    let leaking = format!("{redacted}\n{form}\n{noise}");
    assert!(guard.check(leaking.as_bytes()).is_err(), "{form:?} passes in {leaking:?}");
});

/// True when a letter or digit touches the original that begins at `start`.
fn is_grown(text: &str, start: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[start + ORIGINAL.len()..].chars().next();
    [before, after].into_iter().flatten().any(char::is_alphanumeric)
}
