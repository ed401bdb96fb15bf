//! The tagger's model on ONNX Runtime.

use local_engine::{Encoder, EncoderOptions, Error, ModelSource};
use redactor::tagger::{EntityTagger, Label, TaggedToken, TaggingError};

use super::TaggerModel;

/// An encoder that gives tokens the labels of the tagger.
#[derive(Debug)]
pub(super) struct Model {
    encoder: Encoder,
    /// Where each label is among the encoder's.
    places: [usize; Label::ALL.len()],
}

/// Why there is no tagger.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// ONNX Runtime is not here and could not be fetched, or the model's files are not sound.
    #[error("the tagger's model can't be loaded")]
    Encoder(#[from] Error),
    /// The model was made for something else.
    #[error("the tagger's model has no label `{label}`; it has {known}")]
    Label {
        /// The one that is missing.
        label: &'static str,
        /// Those that it has.
        known: String,
    },
    /// The program was built without the feature `tagger`.
    #[error("this program was built without a tagger's model")]
    NotEmbedded,
}

impl Model {
    pub(super) fn open(source: &TaggerModel, threads: Option<usize>) -> Result<Self, OpenError> {
        let options = EncoderOptions {
            threads,
            ..EncoderOptions::default()
        };
        let encoder = match source {
            TaggerModel::Embedded => embedded(&options)?,
            TaggerModel::Path(path) => Encoder::open(&ModelSource::Path(path.clone()), &options)?,
        };
        let mut places = [0; Label::ALL.len()];
        for (label, place) in Label::ALL.iter().zip(&mut places) {
            let position = encoder
                .labels()
                .iter()
                .position(|known| known == label.name());
            *place = position.ok_or_else(|| OpenError::Label {
                label: label.name(),
                known: encoder.labels().join(", "),
            })?;
        }
        Ok(Self { encoder, places })
    }
}

impl EntityTagger for Model {
    fn tag(&self, texts: &[&str]) -> Result<Vec<Vec<TaggedToken>>, TaggingError> {
        let tagged = self.encoder.tag(texts).map_err(|error| {
            TaggingError::from(Box::<dyn std::error::Error + Send + Sync>::from(error))
        })?;
        let of_token = |token: local_engine::TaggedToken| TaggedToken {
            bytes: token.bytes,
            probabilities: self
                .places
                .map(|place| token.probabilities.get(place).copied().unwrap_or(0.0)),
        };
        Ok(tagged
            .into_iter()
            .map(|tokens| tokens.into_iter().map(of_token).collect())
            .collect())
    }
}

#[cfg(feature = "tagger")]
fn embedded(options: &EncoderOptions) -> Result<Encoder, OpenError> {
    use redactor::tagger::embedded;

    let bytes = local_engine::EncoderBytes {
        name: embedded::NAME,
        graph: embedded::GRAPH,
        tokenizer: embedded::TOKENIZER,
        config: embedded::CONFIG,
    };
    Ok(Encoder::from_bytes(&bytes, options)?)
}

#[cfg(not(feature = "tagger"))]
fn embedded(_: &EncoderOptions) -> Result<Encoder, OpenError> {
    Err(OpenError::NotEmbedded)
}

/// Whether the program carries a model.
pub(super) const HAS_EMBEDDED: bool = cfg!(feature = "tagger");

#[cfg(test)]
#[cfg(feature = "tagger")]
mod tests {
    use serde_json::Value;

    use super::*;

    fn model() -> Model {
        Model::open(&TaggerModel::Embedded, Some(1)).unwrap()
    }

    /// What the model's training saw in the same texts, in another runtime.
    #[test]
    fn tokens_and_probabilities_are_those_of_the_training() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../redactor/testdata/tagger.json"
        );
        let reference: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let labels: Vec<&str> = Label::ALL.iter().map(|label| label.name()).collect();
        assert_eq!(reference["labels"], Value::from(labels));
        let model = model();
        for case in reference["cases"].as_array().unwrap() {
            let text = case["text"].as_str().unwrap();
            let tokens = model.tag(&[text]).unwrap().remove(0);
            let expected = case["tokens"].as_array().unwrap();
            assert_eq!(tokens.len(), expected.len(), "{text}");
            let probabilities = case["probabilities"].as_array().unwrap();
            for ((token, range), expected) in tokens.iter().zip(expected).zip(probabilities) {
                let found = [token.bytes.start, token.bytes.end];
                assert_eq!(serde_json::json!(found), *range, "{text}");
                for (found, expected) in
                    token.probabilities.iter().zip(expected.as_array().unwrap())
                {
                    let difference = f64::from(*found) - expected.as_f64().unwrap();
                    assert!(difference.abs() < 0.01, "{text}: {token:?}, {expected}");
                }
            }
        }
    }

    #[test]
    fn a_model_of_other_labels_is_refused_by_the_label_it_lacks() {
        let other = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../local-engine/testdata/encoder/tagger"
        );
        let error = Model::open(&TaggerModel::Path(other.into()), None).unwrap_err();
        let message =
            "the tagger's model has no label `PERSON`; it has O, B-NAME, I-NAME, B-PLACE, I-PLACE";
        assert_eq!(error.to_string(), message);
    }
}
