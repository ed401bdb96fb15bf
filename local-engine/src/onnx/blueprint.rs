//! What a model's files say before any of them is loaded: enough to fit its caches into the
//! memory, and to count tokens while it is not loaded.

use super::{
    adapter,
    declared::DeclaredTensor,
    graph_files::{self, GraphFacts},
    signature::LOGITS,
};
use crate::{
    AdapterSummary, Error,
    budget::WeightFiles,
    model::{CacheNames, Graph, ModelConfig, ModelFiles},
};

/// A model's graph, or pair of graphs, unloaded.
#[derive(Debug)]
pub(crate) struct Blueprint {
    pub(super) decoder: GraphFacts,
    /// Of a pair, the graph that reads prompts.
    pub(super) reader: Option<GraphFacts>,
    /// In the order of [`ModelFiles::adapters`].
    pub(super) adapters: Vec<AdapterSummary>,
    token_bytes: u64,
    vocabulary: Option<usize>,
}

impl Blueprint {
    /// Checks a model's graph and adapter files and reads their outlines. Whether an adapter fits
    /// the graph is known when it is loaded.
    ///
    /// # Errors
    /// [`Error::GraphMalformed`], [`Error::FileUnreadable`], [`Error::ExternalData`] or
    /// [`Error::AdapterMalformed`].
    pub(crate) fn read(files: &ModelFiles) -> Result<Self, Error> {
        let check = |graph: &Graph| graph_files::check(graph, &graph.file());
        let decoder = check(&files.graph)?;
        let reader = files.prefill.as_ref().map(check).transpose()?;
        let adapters = files.adapters.iter().map(adapter::summarize);
        let logits = decoder.outputs.iter().find(|output| output.name == LOGITS);
        let vocabulary = logits.and_then(|logits| *logits.dimensions.last()?);
        Ok(Self {
            token_bytes: token_bytes(&decoder.inputs, &files.config),
            vocabulary: vocabulary.and_then(|ids| usize::try_from(ids).ok()),
            decoder: decoder.facts,
            reader: reader.map(|reader| reader.facts),
            adapters: adapters.collect::<Result<_, _>>()?,
        })
    }

    /// What the graphs take on disk, all together.
    pub(crate) fn weights(&self) -> WeightFiles {
        let graphs = self.graphs();
        graphs.fold(WeightFiles::default(), |sum, graph| WeightFiles {
            inside: sum.inside.saturating_add(graph.file_bytes),
            external: sum.external.saturating_add(graph.external_bytes),
        })
    }

    /// The adapters that requests may name; an [`AdapterId`](super::AdapterId) is a place among
    /// them.
    pub(crate) fn adapters(&self) -> &[AdapterSummary] {
        &self.adapters
    }

    /// Bytes of keys and values that one token takes in all layers; 0 where neither graph nor
    /// configuration tells, which loading refuses.
    pub(crate) fn token_bytes(&self) -> u64 {
        self.token_bytes
    }

    /// Rows of cache that are needed beside those that requests have: a graph whose cache grows
    /// holds the old and the new one of a row while it runs.
    pub(crate) fn spare_rows(&self) -> usize {
        usize::from(!self.decoder.shares_cache)
    }

    /// Number of token ids; `None` where the file leaves it open.
    pub(crate) fn vocabulary(&self) -> Option<usize> {
        self.vocabulary
    }

    fn graphs(&self) -> impl Iterator<Item = GraphFacts> {
        std::iter::once(self.decoder).chain(self.reader)
    }
}

/// Bytes of one token in every layer's keys and values, as the graph declares them.
fn token_bytes(inputs: &[DeclaredTensor], config: &ModelConfig) -> u64 {
    let CacheNames { past, .. } = &config.cache_names;
    let in_layer = |layer: usize| -> u64 {
        let names = past
            .iter()
            .map(|name| name.replace("%d", &layer.to_string()));
        let tensors = names.filter_map(|name| inputs.iter().find(|input| input.name == name));
        tensors
            .filter_map(|tensor| bytes_in_tensor(tensor, config))
            .sum()
    };
    // There are no more layers than inputs.
    let layers = (0..inputs.len()).map(in_layer);
    layers.take_while(|bytes| *bytes > 0).sum()
}

/// Bytes of one token in a cache [batch, heads, tokens, head size].
fn bytes_in_tensor(tensor: &DeclaredTensor, config: &ModelConfig) -> Option<u64> {
    let size = |place: usize, configured: Option<usize>| {
        let declared = tensor.dimensions.get(place).copied().flatten();
        declared.or(configured.and_then(|size| u64::try_from(size).ok()))
    };
    let heads = size(1, config.kv_heads)?;
    let head_size = size(3, config.head_size)?;
    heads
        .checked_mul(head_size)?
        .checked_mul(tensor.element_bytes()?)
}
