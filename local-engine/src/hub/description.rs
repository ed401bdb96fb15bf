//! What a stored model is: what its configuration, its card and the names of its files say.

use std::{fs, path::Path};

use serde_json::Value;

use super::{StoredModel, path::RepoPath, variant::Variant};
use crate::{Error, ModelSource, model::ModelFiles, template::ChatTemplates};

/// What a model is, as far as its files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// `model_type`, such as `qwen3`.
    pub family: String,
    /// Weights in all, computed from the sizes that the configuration gives.
    pub parameters: Option<u64>,
    /// Bits of a weight, by the name of the preferred variant.
    pub bits: Option<u8>,
    /// The most tokens of prompt and answer together.
    pub context_tokens: Option<usize>,
    /// Whether it can chat, and so has a template.
    pub chat_template: bool,
    /// Whether its template shows tools to it.
    pub tools: bool,
    /// The licence that its card names.
    pub licence: Option<String>,
}

impl StoredModel {
    /// Reads what the model is. Its graph is not opened.
    ///
    /// # Errors
    /// What is missing or broken among its configuration, tokenizer and template.
    pub fn describe(&self) -> Result<Description, Error> {
        let files = ModelFiles::read(&ModelSource::Path(self.folder.clone()))?;
        let config = files.config;
        let chat_template = !config.templates.is_empty();
        let templates = ChatTemplates::compile(&config.templates, config.special_tokens)?;
        let paths = self.files.iter();
        let paths: Vec<RepoPath> = paths
            .filter_map(|file| RepoPath::parse(&file.path).ok())
            .collect();
        let variant = Variant::all(&paths).into_iter().next();
        let beside = variant.as_ref().and_then(|variant| {
            let config = variant.entry.below(&self.folder);
            parameters(config.parent()?)
        });
        Ok(Description {
            parameters: beside.or_else(|| parameters(&self.folder)),
            bits: variant.and_then(|variant| variant.bits()),
            family: config.family,
            context_tokens: config.context_tokens,
            tools: templates.renders_tools(),
            chat_template,
            licence: licence(&self.folder),
        })
    }
}

/// The licence in the front matter of a model's card (`README.md`): `license`, or `license_name`
/// where that says no more than `other`.
fn licence(snapshot: &Path) -> Option<String> {
    let card = fs::read_to_string(snapshot.join("README.md")).ok()?;
    let front = card.strip_prefix("---")?.split("\n---").next()?;
    let value = |key: &str| {
        let mut lines = front.lines();
        let rest = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        let text = match rest.trim() {
            "" => lines.next()?.trim().strip_prefix('-')?.trim(),
            text => text,
        };
        let text = text.trim_matches(['"', '\'']);
        (!text.is_empty()).then(|| text.to_owned())
    };
    match value("license") {
        Some(licence) if licence == "other" => value("license_name").or(Some(licence)),
        licence => licence,
    }
}

/// The number of weights of a decoder with gated feed-forward layers: embedding (twice unless the
/// head shares it), and per layer the four attention projections, the three feed-forward matrices
/// (of each expert, and a gate to choose among them) and two norms.
fn parameters(folder: &Path) -> Option<u64> {
    let text = fs::read(folder.join("config.json")).ok()?;
    let config: Value = serde_json::from_slice(&text).ok()?;
    let config = config.get("text_config").unwrap_or(&config);
    let family = config.get("model_type")?.as_str()?;
    if !GATED.iter().any(|known| family.starts_with(known)) {
        return None;
    }
    let number = |key: &str| config.get(key).and_then(Value::as_u64);
    let hidden = number("hidden_size")?;
    let heads = number("num_attention_heads")?;
    let head_size = number("head_dim").or_else(|| hidden.checked_div(heads))?;
    let cached_heads = number("num_key_value_heads").unwrap_or(heads);
    let experts = number("num_local_experts").or_else(|| number("num_experts"));
    let wide = experts.and_then(|_| number("moe_intermediate_size"));
    let wide = wide.or_else(|| number("intermediate_size"))?;
    let tied = config.get("tie_word_embeddings").and_then(Value::as_bool);
    let embeddings = if tied.unwrap_or(true) { 1 } else { 2 };

    let attention = 2 * hidden * head_size * (heads + cached_heads);
    let gate = experts.map_or(0, |experts| hidden * experts);
    let feed_forward = 3 * hidden * wide * experts.unwrap_or(1) + gate;
    let layers = number("num_hidden_layers")? * (attention + feed_forward + 2 * hidden);
    Some(embeddings * number("vocab_size")? * hidden + layers + hidden)
}

/// Families whose layers are built so, by the start of their `model_type`.
const GATED: [&str; 9] = [
    "llama", "mistral", "mixtral", "qwen2", "qwen3", "phi3", "gemma", "smollm3", "granite",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_licence_is_read_from_the_front_of_the_card() {
        let check = |card: &str, expected: Option<&str>| {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("README.md"), card).unwrap();
            assert_eq!(licence(folder.path()).as_deref(), expected, "{card}");
        };
        check("---\nlicense: apache-2.0\n---\n# A", Some("apache-2.0"));
        check("---\ntags:\n- x\nlicense: 'mit'\n---\n", Some("mit"));
        check("---\nlicense:\n- bsd\n---\n", Some("bsd"));
        check(
            "---\nlicense: other\nlicense_name: qwen-research\n---\n",
            Some("qwen-research"),
        );
        check("---\nlicense: other\n---\n", Some("other"));
        check("# A\nlicense: mit\n", None);
        check("---\ntags: []\n---\nlicense: mit\n", None);
    }

    #[test]
    fn weights_are_counted_from_the_shape() {
        let check = |config: &str, expected: Option<u64>| {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join("config.json"), config).unwrap();
            assert_eq!(parameters(folder.path()), expected);
        };
        // SmolLM2-135M.
        check(
            r#"{"model_type": "llama", "hidden_size": 576, "intermediate_size": 1536,
                "num_attention_heads": 9, "num_key_value_heads": 3, "num_hidden_layers": 30,
                "vocab_size": 49152, "tie_word_embeddings": true}"#,
            Some(134_515_008),
        );
        // Mixtral-8x7B.
        check(
            r#"{"model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336,
                "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 32,
                "num_local_experts": 8, "vocab_size": 32000, "tie_word_embeddings": false}"#,
            Some(46_702_792_704),
        );
        check(r#"{"model_type": "bert", "hidden_size": 384}"#, None);
    }
}
