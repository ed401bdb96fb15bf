//! Any answer, cut anywhere: restoring the chunks gives what restoring the whole gives.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use redactor::{EntityKind, Escape, Finding, Operator, Profile, Restorer, Vault, restore};

static VAULT: LazyLock<Arc<Vault>> = LazyLock::new(|| {
    let mut vault = Vault::new();
    let profile = Profile { default: Operator::Placeholder, kinds: Vec::new() };
    for (kind, value) in [
        (EntityKind::Email, "jane@example.com"),
        (EntityKind::Email, "[EMAIL_1]"),
        (EntityKind::CreditCard, "quote \" and\nline"),
        (EntityKind::Person, "Zoë"),
    ] {
        let finding = Finding {
            span: 0..value.len(),
            kind,
            score: 1.0,
            recognizer: "fuzz".into(),
        };
        vault.redact(value, &[finding], &profile);
    }
    Arc::new(vault)
});

fuzz_target!(|input: &[u8]| {
    // The first bytes say how long the chunks are, each the next.
    let (lengths, answer) = input.split_at(input.len().min(8));
    let answer = String::from_utf8_lossy(answer);
    for escape in [Escape::None, Escape::Json] {
        let mut restorer = Restorer::new(Arc::clone(&VAULT), escape);
        let mut out = String::new();
        let mut rest = answer.as_ref();
        let mut lengths = lengths.iter().cycle();
        while !rest.is_empty() {
            let length = lengths.next().map_or(1, |length| 1 + usize::from(length % 32));
            let (chunk, more) = rest.split_at(rest.ceil_char_boundary(length.min(rest.len())));
            restorer.push(chunk, &mut out);
            rest = more;
        }
        restorer.finish(&mut out);
        assert_eq!(out, restore(&VAULT, &answer, escape));
    }
});
