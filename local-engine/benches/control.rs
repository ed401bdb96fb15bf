//! Time that choosing a token takes, and finding the tokens that a constraint allows.
//!
//! `cargo bench -p local-engine --bench control`. Criterion prints a confidence interval of the
//! mean; the percentiles printed before it are of single tokens.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark fails by panicking"
)]

use std::{hint::black_box, path::Path, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use local_engine::{
    Constraint, Sampling,
    measure::{Choosing, Constraining},
};
use serde_json::{Value, json};

/// Tokens of `SmolLM2`.
const VOCABULARY: usize = 49_152;

fn choosing(c: &mut Criterion) {
    let logits = logits();
    let open = Sampling {
        seed: Some(1),
        ..Sampling::default()
    };
    let penalties = Sampling {
        repetition_penalty: 1.1,
        presence_penalty: 0.2,
        frequency_penalty: 0.2,
        ..Sampling::GREEDY
    };
    let all = Sampling {
        temperature: 0.8,
        top_k: 50,
        top_p: 0.95,
        min_p: 0.05,
        ..penalties
    };
    for (name, sampling, top) in [
        ("greedy", Sampling::GREEDY, 0),
        ("greedy_20_logprobs", Sampling::GREEDY, 20),
        ("greedy_penalties", penalties, 0),
        ("temperature", open, 0),
        ("top_k_50", Sampling { top_k: 50, ..open }, 0),
        (
            "top_p_95",
            Sampling {
                top_p: 0.95,
                ..open
            },
            0,
        ),
        (
            "min_p_05",
            Sampling {
                min_p: 0.05,
                ..open
            },
            0,
        ),
        ("all", all, 20),
    ] {
        let mut choosing = Choosing::new(sampling, Vec::new(), top);
        let name = format!("choose_{name}");
        let mut call = || {
            let start = now();
            choosing.choose(&logits).unwrap();
            start.elapsed()
        };
        print_percentiles(&name, (0..1000).map(|_| call()).collect());
        c.bench_function(&name, |b| {
            b.iter(|| choosing.choose(black_box(&logits)).unwrap());
        });
    }
}

fn constraining(c: &mut Criterion) {
    let embedded =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("models/nearside-tiny/tokenizer.json");
    let embedded = std::fs::read(embedded).unwrap();
    for (name, tokenizer, eos) in [
        ("embedded", embedded, 2),
        ("49152", tokenizer(), VOCABULARY - 1),
    ] {
        let constraining = Constraining::new(&tokenizer, &[u32::try_from(eos).unwrap()]).unwrap();
        for (kind, constraint, text) in cases() {
            let ids = constraining.ids(text).unwrap();
            let name = format!("mask_{kind}_{name}");
            let mut times = Vec::new();
            for _ in 0..50 {
                let guide = constraining.guide(&constraint).unwrap();
                walk(guide, &ids, |time| times.push(time));
            }
            print_percentiles(&name, times);
            c.bench_function(&format!("{name}_whole_answer_{}_tokens", ids.len()), |b| {
                let guide = || constraining.guide(&constraint).unwrap();
                b.iter_batched(
                    guide,
                    |guide| walk(guide, &ids, |_| ()),
                    BatchSize::LargeInput,
                );
            });
        }
    }
}

/// Constraints, each with a text that follows it.
fn cases() -> [(&'static str, Constraint, &'static str); 3] {
    let schema = json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 80},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "address": {"$ref": "#/$defs/address"},
            "tags": {"type": "array", "items": {"enum": ["new", "loyal", "late"]}},
            "note": {"type": "string"},
        },
        "required": ["name", "age", "address", "tags", "note"],
        "additionalProperties": false,
        "$defs": {"address": {
            "type": "object",
            "properties": {
                "street": {"type": "string"},
                "zip": {"type": "string", "pattern": "^[0-9]{5}$"},
            },
            "required": ["street", "zip"],
            "additionalProperties": false,
        }},
    });
    let answer = r#"{"name": "Ada Quill of the Long House", "age": 36, "address": {"street": "12 Mill Lane, by the river", "zip": "01234"}, "tags": ["new", "late"], "note": "She asked when the parcel will come; it is late by three days.\nCall back."}"#;
    let lark = "start: expr\nexpr: term ((\" + \" | \" - \") term)*\n\
                term: NUMBER | NAME | \"(\" expr \")\"\nNUMBER: /[0-9]+/\nNAME: /[a-z]{1,12}/";
    [
        ("json_schema", Constraint::JsonSchema(schema), answer),
        ("json", Constraint::Json, answer),
        (
            "lark",
            Constraint::Lark(lark.to_owned()),
            "12 + (alpha - 7) - beta + (gamma + 1234)",
        ),
    ]
}

/// Follows an answer to its end.
fn walk(mut guide: local_engine::measure::Guide, ids: &[u32], mut told: impl FnMut(Duration)) {
    for &id in ids {
        let start = now();
        let allowed = guide.allowed().unwrap();
        assert!(allowed.is_allowed(id), "the answer leaves the constraint");
        guide.take(id).unwrap();
        told(start.elapsed());
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::print_stdout, reason = "figures are the purpose")]
fn print_percentiles(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    let (p50, p90, p99) = (at(50), at(90), at(99));
    println!("{name}: p50 {p50:?}, p90 {p90:?}, p99 {p99:?} a token");
}

/// Scores like those of a language model: a bell of which the best stand out.
fn logits() -> Vec<f32> {
    let mut dice = Dice(1);
    let sum = |dice: &mut Dice| -> f32 { (0..12).map(|_| dice.unit()).sum() };
    (0..VOCABULARY)
        .map(|_| (sum(&mut dice) - 6.0) * 3.0)
        .collect()
}

/// A byte-level tokenizer as large as those of small models, of words grown a letter at a time.
fn tokenizer() -> Vec<u8> {
    let alphabet: Vec<char> = (0x21..0x7f)
        .chain(0xa1..0xad)
        .chain(0xae..0x180)
        .take(256)
        .filter_map(char::from_u32)
        .collect();
    let letters: Vec<char> = "etaoinshrdlucmfwypvbgkEST0123456789 ,\""
        .replace(' ', "Ġ")
        .chars()
        .collect();
    let mut dice = Dice(2);
    let mut words: Vec<String> = alphabet.iter().map(char::to_string).collect();
    words.extend(
        (0xad..=0xad)
            .chain(0x100..0x144)
            .filter_map(char::from_u32)
            .map(String::from),
    );
    words.sort();
    words.dedup();
    let mut known: std::collections::BTreeSet<String> = words.iter().cloned().collect();
    let mut merges = Vec::new();
    while words.len() < VOCABULARY - 1 {
        let stem = words[dice.below(words.len())].clone();
        let letter = letters[dice.below(letters.len())];
        let word = format!("{stem}{letter}");
        if word.chars().count() <= 14 && known.insert(word.clone()) {
            merges.push(json!([stem, letter.to_string()]));
            words.push(word);
        }
    }
    let vocab: serde_json::Map<String, Value> = words
        .into_iter()
        .enumerate()
        .map(|(id, word)| (word, json!(id)))
        .collect();
    let byte_level = json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true});
    let end = json!({"id": VOCABULARY - 1, "content": "<|end|>", "special": true, "single_word": false,
        "lstrip": false, "rstrip": false, "normalized": false});
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [end],
        "normalizer": null, "pre_tokenizer": byte_level, "post_processor": null,
        "decoder": byte_level, "model": {"type": "BPE", "vocab": vocab, "merges": merges},
    });
    serde_json::to_vec(&tokenizer).unwrap()
}

/// Numbers without a pattern, the same each time (Numerical Recipes' linear congruence).
struct Dice(u32);

impl Dice {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }

    #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float32 exactly")]
    fn unit(&mut self) -> f32 {
        self.next() as f32 / (1_u32 << 24) as f32
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap() % end
    }
}

criterion_group!(benches, choosing, constraining);
criterion_main!(benches);
