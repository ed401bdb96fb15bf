//! A model's graph, or pair of graphs, ready to read and decode.

use std::time::Duration;

use ort::session::Session;

use super::{
    adapter::{AdapterId, Adapters},
    blueprint::Blueprint,
    cache_rows::CacheRows,
    graph_files::GraphFacts,
    growing::GrowingDecoder,
    session,
    shared::{MOST_CHECKED, SharedDecoder},
    signature::Signature,
};
use crate::{
    AdapterSummary, Error, Provider,
    budget::CachePlan,
    model::{Graph, ModelFiles},
};
#[cfg(test)]
use crate::{
    EngineOptions,
    budget::{Budget, Needs},
};

/// A loaded model: rows of cache, and what fills them. See [`CacheRows`] for what a row is.
#[derive(Debug)]
pub(crate) struct Decoder {
    cache: Box<dyn CacheRows>,
    rows: usize,
    context_tokens: usize,
    vocabulary: usize,
    token_bytes: usize,
    providers: Vec<Provider>,
    quantizes_runs: bool,
}

impl Decoder {
    /// The most tokens that [`check`](Self::check) takes.
    pub(crate) const MOST_CHECKED: usize = MOST_CHECKED;

    /// Loads the graphs and adapters of a blueprint and allocates the cache that was planned for
    /// them; `threads` of `None` takes as many as there are physical cores.
    ///
    /// # Errors
    /// A graph is malformed, refused by ONNX Runtime, no decoder the engine can feed, or not the
    /// one of the blueprint any more; two graphs don't fit one cache; an adapter does not fit a
    /// graph; there is no memory for the cache.
    pub(crate) fn load(
        files: &ModelFiles,
        blueprint: &Blueprint,
        plan: CachePlan,
        threads: Option<usize>,
    ) -> Result<Self, Error> {
        let open = |graph, expected| OpenGraph::open(graph, expected, files, threads);
        let graph = open(&files.graph, blueprint.decoder)?;
        let readers = files.prefill.as_ref().zip(blueprint.reader);
        let reader = readers.map(|(graph, expected)| open(graph, expected));
        let reader = reader.transpose()?;
        if let Some(reader) = &reader {
            graph.check_pair(reader)?;
        }
        let adapters = graph.adapters(reader.as_ref(), &blueprint.adapters)?;
        let facts = graph.facts;
        let vocabulary = graph.signature.vocabulary;
        let token_bytes = graph.signature.token_bytes();
        let CachePlan { rows, tokens, .. } = plan;
        let decoder = (graph.session, graph.signature);
        let reader = reader.map(|reader| (reader.session, reader.signature));
        let cache: Box<dyn CacheRows> = if facts.shares_cache {
            Box::new(SharedDecoder::new(decoder, reader, adapters, rows, tokens)?)
        } else {
            Box::new(GrowingDecoder::new(decoder, adapters, rows, tokens)?)
        };
        let mut loaded = Self {
            cache,
            rows,
            context_tokens: tokens,
            vocabulary,
            token_bytes,
            providers: graph.providers,
            quantizes_runs: facts.quantizes_runs,
        };
        loaded.try_adapters(&blueprint.adapters)?;
        Ok(loaded)
    }

    /// Runs one token under each adapter: shapes can't tell whether every factor has its partner.
    fn try_adapters(&mut self, adapters: &[AdapterSummary]) -> Result<(), Error> {
        for (index, summary) in adapters.iter().enumerate() {
            let adapter = Some(AdapterId(index));
            let read = self.cache.read(0, 0, &[0], adapter);
            let decoded = read.and_then(|()| self.cache.decode(0, &[0], &[0], adapter));
            decoded.map_err(|source| Error::AdapterUnusable {
                path: summary.file.clone(),
                source: Box::new(source),
            })?;
        }
        Ok(())
    }

    /// Reads `tokens` (at least one) into `row` after its first `past` tokens, which were read
    /// under the same adapter. The scores of what follows the last one are row 0 of
    /// [`scores`](Self::scores).
    ///
    /// # Errors
    /// [`Error::Inference`]; the row's first `past` tokens are as they were.
    pub(crate) fn read(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> Result<(), Error> {
        let read = self.cache.read(row, past, tokens, adapter);
        read.map_err(Error::inference)
    }

    /// Reads `tokens`, at most [`MOST_CHECKED`](Self::MOST_CHECKED), like [`read`](Self::read), but
    /// with the graph that decodes; the scores of what follows token `i` are row `i` of
    /// [`scores`](Self::scores). `false` where the graph can't, or would score tokens that it reads
    /// together differently.
    ///
    /// # Errors
    /// [`Error::Inference`]; the row's first `past` tokens are as they were.
    pub(crate) fn check(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> Result<bool, Error> {
        if self.quantizes_runs {
            return Ok(false);
        }
        let checked = self.cache.check(row, past, tokens, adapter);
        checked.map_err(Error::inference)
    }

    /// Reads one token into each of the rows from `first` on, all under one adapter: row
    /// `first + i` holds `pasts[i]` tokens and reads `tokens[i]`. The scores of what follows there
    /// are row `i` of [`scores`](Self::scores).
    ///
    /// # Errors
    /// [`Error::Inference`]; the first `pasts[i]` tokens of each row are as they were.
    pub(crate) fn decode(
        &mut self,
        first: usize,
        pasts: &[usize],
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> Result<(), Error> {
        let decoded = self.cache.decode(first, pasts, tokens, adapter);
        decoded.map_err(Error::inference)
    }

    /// Scores of the next token, one for each id of the vocabulary, until the next run.
    pub(crate) fn scores(&self, row: usize) -> &[f32] {
        self.cache.scores(row)
    }

    /// Exchanges the first `tokens` tokens of two rows.
    pub(crate) fn swap(&mut self, a: usize, b: usize, tokens: usize) {
        if a != b {
            self.cache.swap(a, b, tokens);
        }
    }

    /// Copies the first `tokens` tokens of a row to another one.
    ///
    /// # Errors
    /// [`Error::Inference`].
    pub(crate) fn copy(&mut self, from: usize, to: usize, tokens: usize) -> Result<(), Error> {
        self.cache.copy(from, to, tokens).map_err(Error::inference)
    }

    /// The first `tokens` tokens of a row, packed.
    pub(crate) fn save(&mut self, row: usize, tokens: usize) -> Vec<u8> {
        self.cache.save(row, tokens)
    }

    /// Puts the first `tokens` of `held` tokens that [`save`](Self::save) packed into a row.
    ///
    /// # Errors
    /// [`Error::Inference`].
    pub(crate) fn restore(
        &mut self,
        row: usize,
        saved: &[u8],
        held: usize,
        tokens: usize,
    ) -> Result<(), Error> {
        let restored = self.cache.restore(row, saved, held, tokens);
        restored.map_err(Error::inference)
    }

    /// Time spent inside ONNX Runtime's run so far.
    pub(crate) fn run_time(&self) -> Duration {
        self.cache.run_time()
    }

    /// The most sequences at once.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The most tokens of one sequence.
    pub(crate) fn context_tokens(&self) -> usize {
        self.context_tokens
    }

    /// Bytes of keys and values of one token.
    pub(crate) fn token_bytes(&self) -> usize {
        self.token_bytes
    }

    /// The execution providers that were taken.
    pub(crate) fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// Number of token ids.
    pub(crate) fn vocabulary(&self) -> usize {
        self.vocabulary
    }
}

#[cfg(test)]
impl Decoder {
    /// A decoder with as much cache as `options` ask for.
    pub(crate) fn open(files: &ModelFiles, options: &EngineOptions) -> Result<Self, Error> {
        let blueprint = Blueprint::read(files)?;
        let needs = Needs::of(&blueprint, files);
        let plan = CachePlan::fit(&needs, options, Budget::UNKNOWN)?;
        Self::load(files, &blueprint, plan, options.threads)
    }

    /// The same decoder, but every run that reads `bad_token` fails.
    pub(crate) fn failing_on(self, bad_token: u32) -> Self {
        let inner = self.cache;
        let faulty = super::faulty::FaultyRows { inner, bad_token };
        Self {
            cache: Box::new(faulty),
            ..self
        }
    }
}

/// A graph in its session, and what is known about it.
struct OpenGraph {
    file: String,
    session: Session,
    signature: Signature,
    facts: GraphFacts,
    providers: Vec<Provider>,
}

impl OpenGraph {
    /// Opens a graph of which only what was `expected` is taken.
    fn open(
        graph: &Graph,
        expected: GraphFacts,
        files: &ModelFiles,
        threads: Option<usize>,
    ) -> Result<Self, Error> {
        let file = graph.file();
        let opened = session::open(graph, threads, &files.providers)?;
        if opened.facts != expected {
            return Err(Error::ModelChanged { file });
        }
        let signature = Signature::read(&opened.session, &files.config, &file)?;
        Ok(Self {
            file,
            session: opened.session,
            signature,
            facts: opened.facts,
            providers: opened.providers,
        })
    }

    /// Loads adapters for this graph and the one that reads prompts for it, where there is one.
    fn adapters(
        &self,
        reader: Option<&Self>,
        summaries: &[AdapterSummary],
    ) -> Result<Adapters, Error> {
        let graphs = [Some(self), reader].into_iter().flatten();
        let graphs: Vec<_> = graphs
            .map(|graph| (graph.file.as_str(), graph.signature.optional.as_slice()))
            .collect();
        Adapters::read(summaries, &graphs)
    }

    /// Refuses a graph that can't read prompts for this one.
    fn check_pair(&self, reader: &Self) -> Result<(), Error> {
        let reason = if !(self.facts.shares_cache && reader.facts.shares_cache) {
            "both need GroupQueryAttention, which reads and writes one cache"
        } else if !self.signature.fits(&reader.signature) {
            "their caches, vocabularies or types differ"
        } else {
            return Ok(());
        };
        Err(Error::PairMismatch {
            prefill: reader.file.clone(),
            decode: self.file.clone(),
            reason,
        })
    }
}
