//! Any text: no panic, findings in order and on character boundaries, and a value planted on a line
//! of its own never survives.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use redactor::{Detector, Finding, Operator, Profile, Vault, propagate};

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::builtin);

/// Values that nothing around them makes anything else.
const PLANTED: [&str; 4] = [
    "jane.doe@example.com",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "078-05-1120",
];

fuzz_target!(|input: &[u8]| {
    let Some((choice, noise)) = input.split_first() else {
        return;
    };
    let noise = String::from_utf8_lossy(noise);
    let planted = PLANTED[usize::from(*choice) % PLANTED.len()];
    if noise.contains(planted) {
        // As a part of something longer it is another value.
        return;
    }
    let at = noise.floor_char_boundary(usize::from(*choice) % (noise.len() + 1));
    let (before, after) = noise.split_at(at);
    let text = format!("{before}\n\n{planted}\n\n{after}");

    let texts = [text.as_str(), after];
    let mut findings = texts.map(|text| DETECTOR.detect(text, None));
    check(&texts, &findings);
    DETECTOR.detect_split(&texts, &mut findings);
    check(&texts, &findings);
    propagate(&texts, &mut findings);
    check(&texts, &findings);

    let mask = Profile { default: Operator::Mask, kinds: Vec::new() };
    let mut vault = Vault::new();
    for (text, of_text) in texts.iter().zip(&findings) {
        let redacted = vault.redact(text, of_text, &mask);
        assert!(!redacted.contains(planted), "{planted:?} survives in {text:?}");
    }
});

fn check(texts: &[&str], findings: &[Vec<Finding>]) {
    for (text, of_text) in texts.iter().zip(findings) {
        let mut end = 0;
        for finding in of_text {
            let span = finding.span.clone();
            assert!(end <= span.start && span.start < span.end, "{findings:?} in {text:?}");
            assert!(text.get(span).is_some(), "{findings:?} in {text:?}");
            end = finding.span.end;
        }
    }
}
