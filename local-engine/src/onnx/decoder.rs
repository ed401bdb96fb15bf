//! A model's graph, or pair of graphs, ready to read and decode.

use std::time::Duration;

use ort::session::Session;

use super::{
    cache_rows::CacheRows,
    graph_files::GraphFacts,
    growing::GrowingDecoder,
    session,
    shared::{MOST_CHECKED, SharedDecoder},
    signature::Signature,
};
use crate::{
    EngineOptions, Error, Provider,
    model::{Graph, ModelFiles},
};

/// A loaded model: rows of cache, and what fills them. See [`CacheRows`] for what a row is.
#[derive(Debug)]
pub(crate) struct Decoder {
    cache: Box<dyn CacheRows>,
    rows: usize,
    context_tokens: usize,
    vocabulary: usize,
    weight_bytes: u64,
    token_bytes: usize,
    providers: Vec<Provider>,
    quantizes_runs: bool,
}

impl Decoder {
    /// The most tokens that [`check`](Self::check) takes.
    pub(crate) const MOST_CHECKED: usize = MOST_CHECKED;

    /// Loads a model's graphs and allocates as much cache as `options` allow.
    ///
    /// # Errors
    /// A graph is malformed, refused by ONNX Runtime, or no decoder the engine can feed; two
    /// graphs don't fit one cache; there is no memory for the cache.
    pub(crate) fn load(files: &ModelFiles, options: &EngineOptions) -> Result<Self, Error> {
        let open = |graph| OpenGraph::open(graph, files, options);
        let graph = open(&files.graph)?;
        let reader = files.prefill.as_ref().map(open).transpose()?;
        if let Some(reader) = &reader {
            graph.check_pair(reader)?;
        }
        let facts = graph.facts;
        let reader_bytes = reader
            .as_ref()
            .map_or(0, |reader| reader.facts.weight_bytes);
        let vocabulary = graph.signature.vocabulary;
        let token_bytes = graph.signature.token_bytes();
        let window = files.config.context_tokens.unwrap_or(options.max_context);
        let CacheSize { rows, tokens } = CacheSize::within(options, window, token_bytes);
        let decoder = (graph.session, graph.signature);
        let reader = reader.map(|reader| (reader.session, reader.signature));
        let cache: Box<dyn CacheRows> = if facts.shares_cache {
            Box::new(SharedDecoder::new(decoder, reader, rows, tokens)?)
        } else {
            Box::new(GrowingDecoder::new(decoder, rows, tokens)?)
        };
        Ok(Self {
            cache,
            rows,
            context_tokens: tokens,
            vocabulary,
            weight_bytes: facts.weight_bytes + reader_bytes,
            token_bytes,
            providers: graph.providers,
            quantizes_runs: facts.quantizes_runs,
        })
    }

    /// Reads `tokens` (at least one) into `row` after its first `past` tokens. The scores of what
    /// follows the last one are row 0 of [`scores`](Self::scores).
    ///
    /// # Errors
    /// [`Error::Inference`]; the row's first `past` tokens are as they were.
    pub(crate) fn read(&mut self, row: usize, past: usize, tokens: &[u32]) -> Result<(), Error> {
        let read = self.cache.read(row, past, tokens);
        read.map_err(Error::inference)
    }

    /// Reads `tokens`, at most [`MOST_CHECKED`](Self::MOST_CHECKED), like [`read`](Self::read), but
    /// with the graph that decodes; the scores of what follows token `i` are row `i` of
    /// [`scores`](Self::scores). `false` where the graph can't, or would score tokens that it reads
    /// together differently.
    ///
    /// # Errors
    /// [`Error::Inference`]; the row's first `past` tokens are as they were.
    pub(crate) fn check(&mut self, row: usize, past: usize, tokens: &[u32]) -> Result<bool, Error> {
        if self.quantizes_runs {
            return Ok(false);
        }
        let checked = self.cache.check(row, past, tokens);
        checked.map_err(Error::inference)
    }

    /// Reads one token into each of the first rows: row `i` holds `pasts[i]` tokens and reads
    /// `tokens[i]`. The scores of what follows in row `i` are row `i` of [`scores`](Self::scores).
    ///
    /// # Errors
    /// [`Error::Inference`]; the first `pasts[i]` tokens of each row are as they were.
    pub(crate) fn decode(&mut self, pasts: &[usize], tokens: &[u32]) -> Result<(), Error> {
        self.cache.decode(pasts, tokens).map_err(Error::inference)
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

    /// Bytes of the graph files and their external weights.
    pub(crate) fn weight_bytes(&self) -> u64 {
        self.weight_bytes
    }
}

#[cfg(test)]
impl Decoder {
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
    fn open(graph: &Graph, files: &ModelFiles, options: &EngineOptions) -> Result<Self, Error> {
        let file = graph.file();
        let opened = session::open(graph, options.threads, &files.providers)?;
        let signature = Signature::read(&opened.session, &files.config, &file)?;
        Ok(Self {
            file,
            session: opened.session,
            signature,
            facts: opened.facts,
            providers: opened.providers,
        })
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

/// How many sequences of how many tokens a cache holds.
#[derive(Debug, PartialEq, Eq)]
struct CacheSize {
    rows: usize,
    tokens: usize,
}

impl CacheSize {
    /// Whole windows as long as the budget has room for one; at least one row of one token.
    fn within(options: &EngineOptions, window: usize, token_bytes: usize) -> Self {
        let token_bytes = token_bytes.max(1) as u64;
        let affordable = usize::try_from(options.cache_bytes / token_bytes).unwrap_or(usize::MAX);
        let tokens = window.min(options.max_context).min(affordable).max(1);
        let rows = (affordable / tokens).clamp(1, options.slots.max(1));
        Self { rows, tokens }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(cache_bytes: u64, slots: usize) -> (usize, usize) {
        let options = EngineOptions {
            max_context: 100,
            cache_bytes,
            slots,
            ..EngineOptions::default()
        };
        let CacheSize { rows, tokens } = CacheSize::within(&options, 200, 10);
        (rows, tokens)
    }

    #[test]
    fn a_budget_holds_whole_windows_and_never_more_slots_than_asked_for() {
        assert_eq!(size(10_000, 4), (4, 100));
        assert_eq!(size(2_999, 4), (2, 100));
    }

    #[test]
    fn a_budget_below_one_window_shortens_it() {
        assert_eq!(size(500, 4), (1, 50));
        assert_eq!(size(0, 0), (1, 1));
    }
}
