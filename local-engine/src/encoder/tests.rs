//! Encoders against what numpy computes from the same weights: `testdata/encoder` has the models,
//! the reference and the script that made both.

use std::{fs, path::PathBuf};

use serde::Deserialize;

use crate::{Encoder, EncoderOptions, Error, ModelSource};

#[derive(Deserialize)]
struct Reference {
    text: String,
    tokens: usize,
    mean: Vec<f32>,
    first: Vec<f32>,
    topics: Vec<f32>,
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    bytes: [usize; 2],
    scores: Vec<f32>,
}

fn references() -> Vec<Reference> {
    serde_json::from_str(include_str!("../../testdata/encoder/expected.json")).unwrap()
}

fn texts(references: &[Reference]) -> Vec<&str> {
    references
        .iter()
        .map(|reference| reference.text.as_str())
        .collect()
}

fn folder(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "testdata", "encoder", name]
        .iter()
        .collect()
}

fn open(folder: PathBuf) -> Result<Encoder, Error> {
    Encoder::open(&ModelSource::Path(folder), &EncoderOptions::default())
}

fn assert_close(found: &[f32], expected: &[f32], case: &str) {
    assert_eq!(found.len(), expected.len(), "{case}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < 2e-6,
            "{case}: {found} is not {expected}"
        );
    }
}

#[test]
fn embeddings_are_the_normalized_means_of_the_states() {
    let references = references();
    let encoder = open(folder("embedder")).unwrap();
    let embeddings = encoder.embed(&texts(&references)).unwrap();
    for (embedding, reference) in embeddings.iter().zip(&references) {
        assert_close(&embedding.vector, &reference.mean, &reference.text);
        let room = encoder.window_tokens() - 2;
        assert_eq!(embedding.tokens, reference.tokens.min(room) + 2);
        assert_eq!(embedding.is_cut, reference.tokens > room);
    }
}

#[test]
fn the_first_state_is_taken_where_the_model_says_so() {
    let copy = tempfile::tempdir().unwrap();
    for file in [
        "model.onnx",
        "tokenizer.json",
        "config.json",
        "modules.json",
    ] {
        fs::copy(folder("embedder").join(file), copy.path().join(file)).unwrap();
    }
    fs::create_dir(copy.path().join("1_Pooling")).unwrap();
    let pooling = r#"{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}"#;
    fs::write(copy.path().join("1_Pooling/config.json"), pooling).unwrap();
    let references = references();
    let encoder = open(copy.path().to_owned()).unwrap();
    for reference in &references {
        let embedding = encoder.embed(&[&reference.text]).unwrap().remove(0);
        assert_close(&embedding.vector, &reference.first, &reference.text);
    }
}

#[test]
fn long_texts_are_classified_in_windows() {
    let references = references();
    let encoder = open(folder("classifier")).unwrap();
    assert_eq!(encoder.labels(), ["weather", "money", "health"]);
    let found = encoder.classify(&texts(&references)).unwrap();
    for (found, reference) in found.iter().zip(&references) {
        assert_close(found, &reference.topics, &reference.text);
    }
}

#[test]
fn every_token_is_tagged_once_at_its_place_in_the_text() {
    let references = references();
    let encoder = open(folder("tagger")).unwrap();
    let found = encoder.tag(&texts(&references)).unwrap();
    for (tokens, reference) in found.iter().zip(&references) {
        let text = &reference.text;
        assert_eq!(tokens.len(), reference.tags.len(), "{text}");
        for (token, expected) in tokens.iter().zip(&reference.tags) {
            assert_eq!(
                [token.bytes.start, token.bytes.end],
                expected.bytes,
                "{text}"
            );
            assert!(text.get(token.bytes.clone()).is_some(), "{text}");
            assert_close(&token.probabilities, &expected.scores, text);
        }
    }
}

#[test]
fn many_texts_are_answered_as_each_alone() {
    let references = references();
    let encoder = open(folder("tagger")).unwrap();
    let many: Vec<&str> = texts(&references).into_iter().cycle().take(50).collect();
    let together = encoder.tag(&many).unwrap();
    for (text, together) in many.iter().zip(together) {
        let alone = encoder.tag(&[text]).unwrap().remove(0);
        assert_eq!(alone.len(), together.len());
        for (alone, together) in alone.iter().zip(&together) {
            assert_close(&together.probabilities, &alone.probabilities, text);
        }
    }
    assert!(encoder.tag(&[]).unwrap().is_empty());
}

#[test]
fn an_encoder_says_what_it_cannot_do() {
    let encoder = open(folder("tagger")).unwrap();
    let message = encoder.embed(&["a"]).unwrap_err().to_string();
    assert!(
        message.ends_with("its graph does not give embeddings"),
        "{message}"
    );
    let message = open("models/nearside-tiny".into()).unwrap_err().to_string();
    assert!(message.contains("past_key_values.0.key"), "{message}");
    let embedded = Encoder::open(&ModelSource::Embedded, &EncoderOptions::default());
    assert!(matches!(embedded, Err(Error::NotAnEncoder { .. })));
}
