//! What holds for every text.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::{fmt::Write, sync::Arc};

use proptest::prelude::*;
use redactor::{
    Detector, EntityKind, Escape, Finding, Guard, Operator, Profile, Restorer, Vault, propagate,
    restore,
};

/// One detector for all cases: building it is dear.
fn detect(text: &str) -> Vec<Finding> {
    use std::sync::LazyLock;
    static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::builtin);
    DETECTOR.detect(text, None)
}

const PLACEHOLDERS: Profile = Profile {
    default: Operator::Placeholder,
    kinds: Vec::new(),
};

/// Something a detector must find.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{3,8}\\.[a-z]{3,8}@example\\.(com|org|net)",
        "\\+1 202-555-01[0-9]{2}",
        Just("4111 1111 1111 1111".to_owned()),
        Just("DE89 3704 0044 0532 0130 00".to_owned()),
        "203\\.0\\.113\\.(1|2)[0-9]{2}".prop_filter("an octet", |ip| {
            ip.parse::<std::net::Ipv4Addr>().is_ok()
        }),
        "078-05-[1-9][0-9]{3}",
    ]
}

/// Text around values, with what could confuse.
fn filler() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z ,.\n]{0,20}",
        "\\PC{0,12}",
        Just("[EMAIL_1]".to_owned()),
        Just("\\[phone 2\\]".to_owned()),
        Just("%5B【\\[[".to_owned()),
        Just("[CREDIT_".to_owned()),
    ]
}

/// Values and the text around them, with spaces between.
fn text() -> impl Strategy<Value = (String, Vec<String>)> {
    prop::collection::vec((filler(), value()), 1..5).prop_map(|parts| {
        let mut text = String::new();
        for (filler, value) in &parts {
            write!(text, "{filler} ; {value} ; ").unwrap();
        }
        (text, parts.into_iter().map(|(_, value)| value).collect())
    })
}

proptest! {
    #[test]
    fn redact_then_restore_is_identity((text, _) in text()) {
        let mut vault = Vault::new();
        vault.reserve(&text);
        let redacted = vault.redact(&text, &detect(&text), &PLACEHOLDERS).into_owned();
        prop_assert_eq!(restore(&vault, &redacted, Escape::None), text);
    }

    #[test]
    fn planted_values_never_leave((text, values) in text()) {
        let mut findings = [detect(&text)];
        propagate(&[&text], &mut findings);
        let mut vault = Vault::new();
        vault.reserve(&text);
        let redacted = vault.redact(&text, &findings[0], &Profile::default());
        for value in &values {
            prop_assert!(!redacted.contains(value.as_str()), "{} in {}", value, redacted);
        }
        prop_assert_eq!(Guard::new(&vault).check(redacted.as_bytes()), Ok(()));
    }

    #[test]
    fn the_guard_catches_what_is_not_redacted((text, _) in text()) {
        let mut vault = Vault::new();
        vault.redact(&text, &detect(&text), &Profile::default());
        prop_assert!(Guard::new(&vault).check(text.as_bytes()).is_err());
    }

    #[test]
    fn bytes_outside_findings_stay((text, _) in text()) {
        let findings = detect(&text);
        let mut vault = Vault::new();
        let profile = Profile { default: Operator::Mask, kinds: Vec::new() };
        let redacted = vault.redact(&text, &findings, &profile).into_owned();
        let mut expected = String::new();
        let mut done = 0;
        for finding in &findings {
            expected.push_str(text.get(done..finding.span.start).unwrap());
            expected.push_str("****");
            done = finding.span.end;
        }
        expected.push_str(text.get(done..).unwrap());
        prop_assert_eq!(redacted, expected);
    }

    #[test]
    fn findings_are_in_order_and_on_boundaries(text in "\\PC{0,60}", (more, _) in text()) {
        let text = text + &more;
        let mut end = 0;
        for finding in detect(&text) {
            prop_assert!(end <= finding.span.start && finding.span.start < finding.span.end);
            prop_assert!(text.get(finding.span.clone()).is_some());
            end = finding.span.end;
        }
    }

    #[test]
    fn any_chunking_equals_the_whole(
        parts in prop::collection::vec(answer_part(), 0..12),
        cuts in prop::collection::vec(0usize..400, 0..40),
    ) {
        let answer = parts.concat();
        let vault = Arc::new(vault());
        let mut restorer = Restorer::new(Arc::clone(&vault), Escape::Json);
        let mut out = String::new();
        let mut cuts: Vec<_> = cuts.into_iter().filter(|&at| answer.is_char_boundary(at)).collect();
        cuts.extend([0, answer.len()]);
        cuts.sort_unstable();
        for pair in cuts.windows(2) {
            restorer.push(answer.get(pair[0]..pair[1]).unwrap(), &mut out);
        }
        restorer.finish(&mut out);
        prop_assert_eq!(out, restore(&vault, &answer, Escape::Json));
    }

    #[test]
    fn the_same_texts_give_the_same_placeholders((text, _) in text()) {
        let once = || {
            let mut vault = Vault::new();
            vault.reserve(&text);
            vault.redact(&text, &detect(&text), &PLACEHOLDERS).into_owned()
        };
        prop_assert_eq!(once(), once());
    }
}

fn vault() -> Vault {
    let mut vault = Vault::new();
    for (kind, value) in [
        (EntityKind::Email, "jane@example.com"),
        (EntityKind::Email, "[EMAIL_1]"),
        (EntityKind::CreditCard, "quote \" and\nline"),
    ] {
        let finding = Finding {
            span: 0..value.len(),
            kind,
            score: 1.0,
            recognizer: "test",
        };
        vault.redact(value, &[finding], &PLACEHOLDERS);
    }
    vault
}

/// Placeholders, whole and broken, and what surrounds them.
fn answer_part() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\\\{0,3}(\\[|%5B|【)[*_ ]{0,4}(EMAIL|email|Credit Card|CREDIT\\\\_CARD)[_ -]{0,2}[0-9]{0,2}('s)?[*]{0,2}\\\\{0,2}(\\]|%5D|】)?",
        "[a-z \\[\\]\\\\%]{0,10}",
        "\\PC{0,8}",
    ]
}
