//! Throughput of detection and restoring: `cargo bench -p redactor`.

use std::{hint::black_box, sync::Arc};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use redactor::{
    Detector, EntityKind, Escape, Finding, Guard, Key, Operator, Profile, Restorer, Vault,
    rules::Description,
};
use regex::Regex;

const SIZE: usize = 256 * 1024;

/// English prose, as in most prompts: hardly a digit.
fn clean() -> String {
    let prose = "The committee met again after the long summer recess, and the chair asked every member \
        to read the report before the vote. Some had questions about the method, others about the price \
        of the new building; nobody doubted that the roof had to be repaired before winter. In 1998 the \
        town had paid for the first wing, and twelve years later for the second. The author of the report \
        proposed three options, each with its own key advantages and costs.\n";
    prose.repeat(SIZE / prose.len() + 1)
}

/// A log in which every line holds something.
fn dense() -> String {
    let line = |number: usize| {
        format!(
            "203.0.113.{} user{number}@example.com called +1 202-555-01{:02}, card 4111 1111 1111 1111\n",
            number % 200,
            number % 100,
        )
    };
    (0..SIZE / 96).map(line).collect()
}

fn detect(criterion: &mut Criterion) {
    let detector = Detector::builtin();
    let mut group = criterion.benchmark_group("detect");
    for (name, text) in [("clean", clean()), ("dense", dense())] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| detector.detect(black_box(&text), None)));
    }
    let message = "Could you explain the difference between a mutex and a semaphore?";
    group.throughput(Throughput::Bytes(message.len() as u64));
    group.bench_function("short message", |b| {
        b.iter(|| detector.detect(black_box(message), None));
    });
    group.finish();
}

/// What the same rules cost without anchors, shapes and windows: the expression of each, one after
/// the other over the whole text, with nothing checked.
fn naive(criterion: &mut Criterion) {
    let detector = Detector::builtin();
    let patterns: Vec<Regex> = detector.rules().filter_map(|rule| pattern(&rule)).collect();
    let count = |text: &str| -> usize {
        let matches = patterns
            .iter()
            .map(|pattern| pattern.find_iter(text).count());
        matches.sum()
    };
    let mut group = criterion.benchmark_group("one expression at a time");
    group.sample_size(10);
    for (name, text) in [("clean", clean()), ("dense", dense())] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| count(black_box(&text))));
    }
    group.finish();
}

/// A rule's expression, or one for all of its forms.
#[expect(
    clippy::expect_used,
    reason = "the detector has compiled these patterns, and forms become plain ones"
)]
fn pattern(rule: &Description<'_>) -> Option<Regex> {
    let forms: Vec<String> = rule.forms.iter().map(|form| expression(form)).collect();
    let pattern = if forms.is_empty() {
        rule.pattern.to_owned()
    } else {
        format!(r"(?-u:\b)(?:{})(?-u:\b)", forms.join("|"))
    };
    (!pattern.is_empty()).then(|| Regex::new(&pattern).expect("pattern compiles"))
}

/// A form as an expression.
fn expression(form: &str) -> String {
    let signs = form
        .split_inclusive(|_| true)
        .scan(false, |is_count, sign| {
            *is_count = sign == "{" || *is_count && sign != "}";
            Some(if *is_count { sign } else { class(sign) })
        });
    signs.collect()
}

fn class(sign: &str) -> &str {
    match sign {
        "9" => "[0-9]",
        "A" => "[A-Za-z]",
        "*" => "[0-9A-Za-z]",
        "-" => "[ ./_-]",
        "=" => "-",
        "~" => "[ ./_-]?",
        literal => literal,
    }
}

fn restore(criterion: &mut Criterion) {
    let text = dense();
    let mut vault = Vault::new();
    let findings = Detector::builtin().detect(&text, None);
    let redacted = vault
        .redact(&text, &findings, &Profile::default())
        .into_owned();
    let vault = Arc::new(vault);
    let mut group = criterion.benchmark_group("restore");
    group.throughput(Throughput::Bytes(redacted.len() as u64));
    group.bench_function("whole, dense", |b| {
        b.iter(|| redactor::restore(&vault, black_box(&redacted), Escape::None));
    });
    let prose = clean();
    group.throughput(Throughput::Bytes(prose.len() as u64));
    group.bench_function("whole, clean", |b| {
        b.iter(|| redactor::restore(&vault, black_box(&prose), Escape::None));
    });
    let mut restorer = Restorer::new(Arc::clone(&vault), Escape::Json);
    let mut out = String::new();
    group.throughput(Throughput::Elements(1));
    group.bench_function("stream chunk", |b| {
        b.iter(|| {
            out.clear();
            restorer.push(black_box("dear [EMAIL"), &mut out);
            restorer.push(black_box("_1], we"), &mut out);
        });
    });
    group.finish();
}

/// What a request goes through behind detection: stand-ins, then the last check.
fn redact(criterion: &mut Criterion) {
    let text = dense();
    let findings = Detector::builtin().detect(&text, None);
    let profile = Profile::default();
    let mut group = criterion.benchmark_group("redact");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("replace, dense", |b| {
        b.iter(|| {
            let mut vault = Vault::new();
            vault.reserve(black_box(&text));
            vault.redact(&text, &findings, &profile).len()
        });
    });
    let surrogates = Profile {
        default: Operator::Surrogate,
        kinds: Vec::new(),
    };
    group.bench_function("replace by surrogates, dense", |b| {
        b.iter(|| {
            let mut vault = Vault::keyed(Key::from_secret(b"of this bench"));
            vault.reserve(black_box(&text));
            vault.redact(&text, &findings, &surrogates).len()
        });
    });
    let mut vault = Vault::new();
    let redacted = vault.redact(&text, &findings, &profile).into_owned();
    group.bench_function("guard, dense", |b| {
        b.iter(|| {
            Guard::new(&vault)
                .check(black_box(redacted.as_bytes()))
                .is_ok()
        });
    });
    let prose = clean();
    group.throughput(Throughput::Bytes(prose.len() as u64));
    let guard = Guard::new(&vault);
    group.bench_function("guard, clean", |b| {
        b.iter(|| guard.check(black_box(prose.as_bytes())).is_ok());
    });
    group.finish();
}

/// Chunks of a stream, some with the beginnings of names that stand for others.
fn restore_surrogates(criterion: &mut Criterion) {
    let mut vault = Vault::keyed(Key::from_secret(b"of this bench"));
    let profile = Profile {
        default: Operator::Surrogate,
        kinds: Vec::new(),
    };
    let mut name = String::new();
    for value in ["Jane Doe", "Richard Roe", "Mary Major", "John Stiles"] {
        let finding = Finding {
            span: 0..value.len(),
            kind: EntityKind::Person,
            score: 1.0,
            recognizer: "bench".into(),
        };
        name = vault.redact(value, &[finding], &profile).into_owned();
    }
    let mut restorer = Restorer::new(Arc::new(vault), Escape::Json);
    let mut out = String::new();
    let mut group = criterion.benchmark_group("restore surrogates");
    for (title, chunk) in [
        ("stream chunk without", "dear members, we"),
        ("stream chunk with", name.as_str()),
    ] {
        group.throughput(Throughput::Elements(1));
        group.bench_function(title, |b| {
            b.iter(|| {
                out.clear();
                restorer.push(black_box(chunk), &mut out);
                restorer.push(black_box(", "), &mut out);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, detect, naive, redact, restore, restore_surrogates);
criterion_main!(benches);
