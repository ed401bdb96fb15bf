//! What the JSON files of an encoder say: labels, window, pooling.
//!
//! `config.json` and `tokenizer_config.json` are those of transformers; `modules.json`,
//! `sentence_bert_config.json` and the configuration of the pooling module are those of
//! sentence-transformers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Number;

use super::{config, folder::Surroundings};
use crate::Error;

/// An encoder's settings, from whichever files exist.
#[derive(Debug, Clone)]
pub(crate) struct EncoderConfig {
    /// `model_type`, or `unknown`.
    pub(crate) family: String,
    /// Names of the scores, in the graph's order; empty without `id2label`.
    pub(crate) labels: Vec<String>,
    /// How scores of a text become probabilities.
    pub(crate) scoring: Scoring,
    /// The most tokens that are read together, special ones included.
    pub(crate) window_tokens: usize,
    /// How the states of tokens become one embedding.
    pub(crate) pooling: Pooling,
    /// Embeddings have length 1.
    pub(crate) normalize: bool,
    /// Fills the shorter texts of a batch.
    pub(crate) pad_id: u32,
    /// What the graph's `token_type_ids` stand for.
    pub(crate) token_types: TokenTypes,
}

/// What the graph's second input stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenTypes {
    /// Which of two joined texts a token is from: always the first.
    #[default]
    Segment,
    /// In what letters the text has a token, for tokenizers that read small letters only.
    LetterCase,
}

/// How scores become probabilities, as transformers' pipelines do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scoring {
    /// Exactly one label holds: softmax.
    OneOf,
    /// Each label holds or not: sigmoid.
    Each,
}

/// How the states of tokens become one embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pooling {
    /// Their mean.
    Mean,
    /// The first token's.
    First,
    /// The last token's.
    Last,
    /// The largest of each component.
    Max,
}

impl EncoderConfig {
    /// # Errors
    /// [`Error::ConfigInvalid`], which names the file.
    pub(super) fn read(files: &impl Documents) -> Result<Self, Error> {
        let config: HubConfig = read(files, "config.json")?;
        let tokenizer: TokenizerConfig = read(files, "tokenizer_config.json")?;
        let sentence: SentenceConfig = read(files, "sentence_bert_config.json")?;
        let modules: Vec<Module> = read(files, "modules.json")?;
        let scoring = config.scoring();
        Ok(Self {
            window_tokens: config.window(&tokenizer, &sentence),
            labels: config.labels()?,
            scoring,
            pooling: pooling(files, &modules)?,
            normalize: modules
                .iter()
                .any(|module| module.kind.ends_with("Normalize")),
            pad_id: config.pad_token_id.unwrap_or(0),
            token_types: config.token_types,
            family: config.model_type.unwrap_or_else(|| "unknown".to_owned()),
        })
    }
}

/// Where an encoder's JSON files are.
pub(super) trait Documents {
    /// The file of that name, if there is one.
    ///
    /// # Errors
    /// It is there and can't be read.
    fn document(&self, name: &str) -> Result<Option<Vec<u8>>, Error>;
}

impl Documents for Surroundings {
    fn document(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.first(name)
    }
}

fn read<T>(files: &impl Documents, name: &str) -> Result<T, Error>
where
    T: serde::de::DeserializeOwned + Default,
{
    match files.document(name)? {
        Some(bytes) => config::from_json(name, &bytes),
        None => Ok(T::default()),
    }
}

/// The pooling that `modules.json` leads to; the mean without it, as sentence-transformers does.
fn pooling(files: &impl Documents, modules: &[Module]) -> Result<Pooling, Error> {
    let Some(module) = modules.iter().find(|one| one.kind.ends_with("Pooling")) else {
        return Ok(Pooling::Mean);
    };
    let name = format!("{}/config.json", module.path);
    let Some(bytes) = files.document(&name)? else {
        return Ok(Pooling::Mean);
    };
    let modes: BTreeMap<String, serde_json::Value> = config::from_json(&name, &bytes)?;
    let old = modes
        .iter()
        .filter(|(key, value)| key.starts_with("pooling_mode_") && **value == true)
        .map(|(key, _)| key.trim_start_matches("pooling_mode_"));
    let new = modes.get("pooling_mode").and_then(|value| value.as_str());
    let chosen: Vec<&str> = old.chain(new).collect();
    match chosen[..] {
        [] | ["mean_tokens" | "mean"] => Ok(Pooling::Mean),
        ["cls_token" | "cls"] => Ok(Pooling::First),
        ["lasttoken"] => Ok(Pooling::Last),
        ["max_tokens" | "max"] => Ok(Pooling::Max),
        _ => Err(Error::ConfigInvalid {
            file: name,
            expected: "one way of pooling: mean_tokens, cls_token, max_tokens or lasttoken",
            source: None,
        }),
    }
}

#[derive(Debug, Default, Deserialize)]
struct HubConfig {
    model_type: Option<String>,
    max_position_embeddings: Option<usize>,
    pad_token_id: Option<u32>,
    problem_type: Option<String>,
    /// Nearside's own: `segment` or `letter_case`.
    #[serde(default)]
    token_types: TokenTypes,
    #[serde(default)]
    id2label: BTreeMap<String, String>,
}

impl HubConfig {
    /// The labels by number, which must count up from 0.
    fn labels(&self) -> Result<Vec<String>, Error> {
        let numbered: BTreeMap<usize, &String> = self
            .id2label
            .iter()
            .filter_map(|(id, label)| Some((id.parse().ok()?, label)))
            .collect();
        if numbered.len() == self.id2label.len() && numbered.keys().copied().eq(0..numbered.len()) {
            Ok(numbered.into_values().cloned().collect())
        } else {
            Err(Error::ConfigInvalid {
                file: "config.json".to_owned(),
                expected: "`id2label` to number its labels from 0",
                source: None,
            })
        }
    }

    fn scoring(&self) -> Scoring {
        let is_multi_label = self.problem_type.as_deref() == Some("multi_label_classification");
        if is_multi_label || self.id2label.len() == 1 {
            Scoring::Each
        } else {
            Scoring::OneOf
        }
    }

    /// The least of what the files allow.
    fn window(&self, tokenizer: &TokenizerConfig, sentence: &SentenceConfig) -> usize {
        // RoBERTa's positions start after the padding token's.
        let roberta = ["roberta", "xlm-roberta", "camembert", "mpnet"];
        let family = self.model_type.as_deref().unwrap_or_default();
        let offset = if roberta.contains(&family) { 2 } else { 0 };
        let positions = self.max_position_embeddings;
        let positions = positions.map(|count| count.saturating_sub(offset));
        // Tokenizers without a limit of their own write 10^30.
        let limit = tokenizer.model_max_length.as_ref().and_then(Number::as_u64);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        let known = [positions, limit, sentence.max_seq_length];
        let least = known.into_iter().flatten().filter(|count| *count > 0).min();
        least.unwrap_or(USUAL_WINDOW)
    }
}

/// BERT's.
const USUAL_WINDOW: usize = 512;

#[derive(Debug, Default, Deserialize)]
struct TokenizerConfig {
    model_max_length: Option<Number>,
}

#[derive(Debug, Default, Deserialize)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
struct Module {
    path: String,
    #[serde(rename = "type")]
    kind: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str)]) -> Result<EncoderConfig, Error> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        EncoderConfig::read(&Surroundings::of(folder.path()))
    }

    const MODULES: &str = r#"[{"path": "", "type": "sentence_transformers.models.Transformer"},
        {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]"#;

    #[test]
    fn pooling_follows_the_modules() {
        let check = |modes: &str, expected| {
            let files = [("modules.json", MODULES), ("1_Pooling/config.json", modes)];
            assert_eq!(read(&files).ok().map(|it| it.pooling), expected, "{modes}");
        };
        check(r#"{"pooling_mode_cls_token": true}"#, Some(Pooling::First));
        check(
            r#"{"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}"#,
            Some(Pooling::Mean),
        );
        check(r#"{"pooling_mode_lasttoken": true}"#, Some(Pooling::Last));
        check(r#"{"pooling_mode": "max"}"#, Some(Pooling::Max));
        check(r#"{"pooling_mode_weightedmean_tokens": true}"#, None);
        check(
            r#"{"pooling_mode_cls_token": true, "pooling_mode_max_tokens": true}"#,
            None,
        );
        assert_eq!(read(&[]).unwrap().pooling, Pooling::Mean);
    }

    #[test]
    fn the_window_is_the_least_that_a_file_allows() {
        let check = |files: &[(&str, &str)], expected| {
            assert_eq!(read(files).unwrap().window_tokens, expected, "{files:?}");
        };
        let positions = r#"{"max_position_embeddings": 512}"#;
        check(&[("config.json", positions)], 512);
        let roberta = r#"{"max_position_embeddings": 514, "model_type": "roberta"}"#;
        check(&[("config.json", roberta)], 512);
        let open = ("tokenizer_config.json", r#"{"model_max_length": 1e30}"#);
        check(&[("config.json", positions), open], 512);
        let shorter = ("sentence_bert_config.json", r#"{"max_seq_length": 256}"#);
        check(&[("config.json", positions), open, shorter], 256);
        check(&[], 512);
    }

    #[test]
    fn labels_are_numbered_from_zero() {
        let many: Vec<String> = (0..12).map(|id| format!(r#""{id}": "L{id}""#)).collect();
        let config = format!(r#"{{"id2label": {{{}}}}}"#, many.join(", "));
        let labels = read(&[("config.json", &config)]).unwrap().labels;
        assert_eq!((labels.len(), labels[10].as_str()), (12, "L10"));
        let gap = r#"{"id2label": {"0": "a", "2": "b"}}"#;
        assert!(read(&[("config.json", gap)]).is_err());
    }

    #[test]
    fn token_types_are_segments_unless_the_file_says_otherwise() {
        let types = |config: &str| read(&[("config.json", config)]).map(|it| it.token_types);
        assert_eq!(types("{}").unwrap(), TokenTypes::Segment);
        let case = r#"{"token_types": "letter_case"}"#;
        assert_eq!(types(case).unwrap(), TokenTypes::LetterCase);
        assert!(types(r#"{"token_types": "colour"}"#).is_err());
    }

    #[test]
    fn scores_are_of_one_label_unless_the_file_says_otherwise() {
        let scoring = |config: &str| read(&[("config.json", config)]).unwrap().scoring;
        assert_eq!(
            scoring(r#"{"id2label": {"0": "a", "1": "b"}}"#),
            Scoring::OneOf
        );
        assert_eq!(scoring(r#"{"id2label": {"0": "a"}}"#), Scoring::Each);
        let several = r#"{"problem_type": "multi_label_classification"}"#;
        assert_eq!(scoring(several), Scoring::Each);
    }
}
