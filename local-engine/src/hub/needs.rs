//! Which of a repository's files the engine needs.

use super::{HubError, layout::Layout, path::RepoPath, remote::RemoteFile, variant::Variant};
use crate::onnx;

/// The files to fetch: the variant's own, and what stands around every graph.
pub(super) fn needed(files: &[RepoPath], variant: &Variant) -> Vec<RepoPath> {
    let around = |file: &&RepoPath| {
        let folder = file.folder();
        (folder.is_empty() || folder == variant.entry.folder()) && stands_around(file.file_name())
            || AROUND_IN_FOLDERS.contains(&file.as_str())
            || folder == "additional_chat_templates"
    };
    let mut needed: Vec<RepoPath> = files.iter().filter(around).cloned().collect();
    needed.extend(variant.files.iter().cloned());
    needed.sort();
    needed.dedup();
    needed
}

/// External weights that the graphs name and no name told.
pub(super) fn external(
    files: &[RepoPath],
    fetched: &[RemoteFile],
    variant: &Variant,
    layout: &Layout,
) -> Result<Vec<RepoPath>, HubError> {
    let mut more = Vec::new();
    let graphs = fetched
        .iter()
        .filter(|file| variant.files.contains(&file.path) && file.path.is_graph());
    for graph in graphs {
        let blob = layout.blob(&graph.digest);
        // A broken graph is told when it is opened, with the place where it breaks.
        for location in onnx::external_files(&blob).unwrap_or_default() {
            let folder = graph.path.folder();
            let separator = if folder.is_empty() { "" } else { "/" };
            let path = RepoPath::parse(&format!("{folder}{separator}{location}"))?;
            if files.contains(&path) && !fetched.iter().any(|file| file.path == path) {
                more.push(path);
            }
        }
    }
    more.sort();
    more.dedup();
    Ok(more)
}

/// Files that stand beside a graph in every layout: configuration, tokenizer, templates, licence.
fn stands_around(name: &str) -> bool {
    let starts = ["tokenizer", "chat_template", "LICENSE", "LICENCE", "NOTICE"];
    AROUND.contains(&name) || starts.iter().any(|start| name.starts_with(start))
}

/// What a repository without a graph has in place of one.
pub(super) fn seen(files: &[RepoPath]) -> String {
    let count = |extension: &str| {
        let ends = |file: &&RepoPath| file.as_str().ends_with(extension);
        files.iter().filter(ends).count()
    };
    let kinds = [".onnx", ".safetensors", ".gguf"]
        .map(|extension| (extension, count(extension)))
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(extension, count)| format!("{count} of `{extension}`"))
        .collect::<Vec<_>>();
    match kinds.as_slice() {
        [] => format!("{} files, none of them weights", files.len()),
        kinds => format!("{} files, {} among them", files.len(), kinds.join(" and ")),
    }
}

const AROUND: [&str; 15] = [
    "README.md",
    "added_tokens.json",
    "config.json",
    "config_sentence_transformers.json",
    "generation_config.json",
    "genai_config.json",
    "merges.txt",
    "modules.json",
    "quantize_config.json",
    "sentence_bert_config.json",
    "special_tokens_map.json",
    "spiece.model",
    "vocab.json",
    "vocab.txt",
    "USE_POLICY.md",
];
/// How a sentence encoder pools, by the layout of Sentence Transformers.
const AROUND_IN_FOLDERS: [&str; 1] = ["1_Pooling/config.json"];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[&str], expected: &[&str]) {
        let files: Vec<RepoPath> = files
            .iter()
            .map(|file| RepoPath::parse(file).unwrap())
            .collect();
        let best = Variant::all(&files).remove(0);
        let needed = needed(&files, &best);
        let needed: Vec<&str> = needed.iter().map(RepoPath::as_str).collect();
        assert_eq!(needed, expected);
    }

    #[test]
    fn a_graph_needs_its_tokenizer_template_and_card() {
        check(
            &[
                ".gitattributes",
                "LICENSE",
                "README.md",
                "chat_template.jinja",
                "config.json",
                "onnx/model.onnx",
                "onnx/model_q4.onnx",
                "pytorch_model.bin",
                "sample.png",
                "tokenizer.json",
                "tokenizer.model",
            ],
            &[
                "LICENSE",
                "README.md",
                "chat_template.jinja",
                "config.json",
                "onnx/model_q4.onnx",
                "tokenizer.json",
                "tokenizer.model",
            ],
        );
    }

    #[test]
    fn a_folder_needs_what_stands_in_it_and_at_the_root() {
        check(
            &[
                "README.md",
                "cpu/config.json",
                "cpu/genai_config.json",
                "cpu/model.onnx",
                "cpu/tokenizer.json",
                "cuda/genai_config.json",
                "cuda/model.onnx",
                "cuda/tokenizer.json",
            ],
            &[
                "README.md",
                "cpu/config.json",
                "cpu/genai_config.json",
                "cpu/model.onnx",
                "cpu/tokenizer.json",
            ],
        );
    }

    #[test]
    fn a_sentence_encoder_needs_to_know_how_it_pools() {
        check(
            &[
                "1_Pooling/config.json",
                "2_Dense/model.safetensors",
                "modules.json",
                "onnx/model.onnx",
            ],
            &["1_Pooling/config.json", "modules.json", "onnx/model.onnx"],
        );
    }
}
