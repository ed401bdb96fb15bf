//! What holds for every text.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::{fmt::Write, sync::Arc};

use base64::Engine;
use proptest::prelude::*;
use redactor::{
    Detector, EntityKind, Escape, Finding, Guard, Key, Operator, Profile, Restorer, Vault,
    propagate, restore,
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

const SURROGATES: Profile = Profile {
    default: Operator::Surrogate,
    kinds: Vec::new(),
};

/// An empty vault with a key.
fn keyed() -> Vault {
    Vault::keyed(Key::from_secret(b"of these properties"))
}

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

/// Other ways to write a value, all of which mean the same.
fn in_other_writing(value: &str) -> Vec<String> {
    let each = |write: fn(char) -> String| value.chars().map(write).collect::<String>();
    vec![
        each(|c| format!("{c}\u{200b}")),
        each(|c| {
            char::from_u32(u32::from(c) + 0xfee0)
                .filter(|_| c != ' ')
                .unwrap_or(c)
                .into()
        }),
        each(|c| format!("\\u{:04x}", u32::from(c))),
        each(|c| format!("\\\\u{:04x}", u32::from(c))),
        each(|c| format!("&#{};", u32::from(c))),
        each(|c| format!("%{:02X}", u32::from(c))),
        each(|c| format!("%25{:02X}", u32::from(c))),
        each(|c| format!("{:02x}", u32::from(c))),
        base64::engine::general_purpose::STANDARD.encode(value),
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
    fn surrogates_restore_and_pass_the_guard((text, values) in text()) {
        let mut findings = [detect(&text)];
        propagate(&[&text], &mut findings);
        let mut vault = keyed();
        vault.reserve(&text);
        let redacted = vault.redact(&text, &findings[0], &SURROGATES).into_owned();
        for value in &values {
            prop_assert!(!redacted.contains(value.as_str()), "{} in {}", value, redacted);
        }
        prop_assert_eq!(Guard::new(&vault).check(redacted.as_bytes()), Ok(()));
        prop_assert_eq!(restore(&vault, &redacted, Escape::None), text);
    }

    #[test]
    fn the_guard_reads_every_encoding(
        before in "[a-z ]{0,5}",
        value in "[A-Za-z0-9@./+\"\\\\ äé€😀-]{8,40}",
        encoding in 0u32..7,
    ) {
        let mut vault = Vault::new();
        let finding = Finding { span: 0..value.len(), kind: EntityKind::Org, score: 1.0, recognizer: "test".into() };
        vault.redact(&value, &[finding], &PLACEHOLDERS);
        let bytes = encoded(&format!("{before} {value}"), encoding);
        prop_assert!(Guard::new(&vault).check(bytes.as_bytes()).is_err(), "{}", bytes);
    }

    #[test]
    fn values_are_found_in_other_writing(value in value()) {
        for written in in_other_writing(&value) {
            let text = format!("Some words; {written} ; and more.");
            let start = text.find(&written).unwrap();
            let end = start + written.trim_end_matches('\u{200b}').len();
            let found = detect(&text);
            let is_found = found.iter().any(|f| f.span.start <= start && end <= f.span.end);
            prop_assert!(is_found, "{} in {}: {:?}", value, text, found);
        }
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
        prop_assert_eq!(in_pieces(&vault, &answer, &cuts), restore(&vault, &answer, Escape::Json));
    }

    #[test]
    fn any_chunking_of_surrogates_equals_the_whole(
        parts in prop::collection::vec((0usize..SURROGATE_PARTS, answer_part()), 0..12),
        cuts in prop::collection::vec(0usize..400, 0..40),
    ) {
        let (vault, forms) = vault_of_surrogates();
        let pieces = parts.iter().flat_map(|(form, other)| [forms[*form].as_str(), other]);
        let answer: String = pieces.collect();
        prop_assert_eq!(in_pieces(&vault, &answer, &cuts), restore(&vault, &answer, Escape::Json));
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

/// The text, written in one of the ways in which a request may hold it.
fn encoded(text: &str, encoding: u32) -> String {
    use base64::{
        Engine,
        engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    };
    let json = |text: &str| serde_json::to_string(text).unwrap();
    let joined = |written: &mut dyn Iterator<Item = String>| written.collect::<String>();
    match encoding {
        0 => text.to_owned(),
        1 => json(text),
        2 => json(&json(text)),
        3 => joined(&mut json(text).chars().map(|c| match c as u32 {
            code @ 0x80..0x10000 => format!("\\u{code:04x}"),
            _ => c.to_string(),
        })),
        4 => joined(&mut text.bytes().map(|byte| format!("%{byte:02X}"))),
        5 => STANDARD.encode(text) + &URL_SAFE_NO_PAD.encode(text),
        _ => joined(&mut text.bytes().map(|byte| format!("{byte:02x}"))),
    }
}

/// Restored in pieces, cut where `cuts` say.
fn in_pieces(vault: &Arc<Vault>, answer: &str, cuts: &[usize]) -> String {
    let mut restorer = Restorer::new(Arc::clone(vault), Escape::Json);
    let mut out = String::new();
    let mut cuts: Vec<_> = cuts
        .iter()
        .copied()
        .filter(|&at| answer.is_char_boundary(at))
        .collect();
    cuts.extend([0, answer.len()]);
    cuts.sort_unstable();
    for (start, end) in cuts.iter().zip(cuts.iter().skip(1)) {
        restorer.push(answer.get(*start..*end).unwrap(), &mut out);
    }
    restorer.finish(&mut out);
    out
}

/// How many forms [`vault_of_surrogates`] gives.
const SURROGATE_PARTS: usize = 8;

/// A vault with surrogates, and what an answer may make of them.
fn vault_of_surrogates() -> (Arc<Vault>, [String; SURROGATE_PARTS]) {
    let mut vault = keyed();
    let mut made = |kind, value: &str| {
        let finding = Finding {
            span: 0..value.len(),
            kind,
            score: 1.0,
            recognizer: "test".into(),
        };
        vault.redact(value, &[finding], &SURROGATES).into_owned()
    };
    let name = made(EntityKind::Person, "Zoë O'Roe-Doe");
    let email = made(EntityKind::Email, "zoe.doe@example.com");
    let phone = made(EntityKind::Phone, "+1 202-555-0143");
    let forms = [
        name.split(' ').next().unwrap().to_owned(),
        name.to_uppercase(),
        name.replace(' ', "\\u0020"),
        name,
        email.replace('@', "%40"),
        email.replace('.', "\\."),
        email,
        phone,
    ];
    (Arc::new(vault), forms)
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
            recognizer: "test".into(),
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
