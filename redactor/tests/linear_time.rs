//! Texts that are made to take long don't.
//!
//! Tests of time without a clock: in quadratic time these texts would take hours to read all. The
//! example `hostile` measures the same texts.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "../testdata/hostile.rs"]
mod hostile;

use redactor::{Detector, propagate};

const SIZE: usize = 20_000;

#[test]
fn hostile_texts_are_read_in_linear_time() {
    let detector = Detector::builtin();
    for text in hostile::texts(SIZE) {
        let mut findings = [detector.detect(&text, Some("password"))];
        propagate(&[&text], &mut findings);
    }
}

#[test]
fn many_small_texts_are_joined_in_linear_time() {
    let detector = Detector::builtin();
    for whole in hostile::texts(SIZE / 2) {
        let texts: Vec<&str> = whole.split_inclusive([' ', '\n', ',', '-']).collect();
        let mut findings = vec![Vec::new(); texts.len()];
        detector.detect_split(&texts, &mut findings);
        propagate(&texts, &mut findings);
        assert_eq!(findings.len(), texts.len());
    }
}
