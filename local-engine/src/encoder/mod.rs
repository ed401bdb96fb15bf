//! Encoders: models that read a whole text at once, for embeddings and for labels.
//!
//! Guarantees: a text gives the same answer alone and in a batch, up to rounding; ranges are exact
//! bytes of the text that was given, at character boundaries; texts of any length are labelled, in
//! windows that overlap. Calls from several threads wait for each other.

mod letter_case;
mod pooling;
mod scores;
#[cfg(test)]
mod tests;
mod windows;

use std::{
    ops::Range,
    sync::{Mutex, PoisonError},
};

use crate::{
    Error, ModelOptions, ModelSource, Provider,
    model::{EncoderBytes, EncoderConfig, EncoderFiles, Machine},
    onnx::{Answer, Batch, EncoderGraph, Output},
};
use windows::{Cut, Window, Windows};

/// A loaded encoder.
///
/// What it can do depends on its graph: [`embed`](Self::embed) needs hidden states or a sentence
/// embedding, [`classify`](Self::classify) scores of the text, [`tag`](Self::tag) scores of each
/// token.
#[derive(Debug)]
pub struct Encoder {
    graph: Mutex<EncoderGraph>,
    windows: Windows,
    config: EncoderConfig,
    output: Output,
    name: String,
    file: String,
    providers: Vec<Provider>,
}

/// Settings of an encoder.
#[derive(Debug, Clone, Default)]
pub struct EncoderOptions {
    /// Threads that compute; `None` for the number of physical cores, fewer for small models.
    pub threads: Option<usize>,
    /// Bytes of memory that a variant must fit to be chosen; `None` for three quarters of what this
    /// process may still take.
    pub memory: Option<u64>,
    /// Which files of the model to run, and where.
    pub model: ModelOptions,
}

/// A text as a point in space.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    /// The components, as many for every text of one model. Of length 1 where the model's
    /// `modules.json` says so.
    pub vector: Vec<f32>,
    /// Tokens that were read, special ones included.
    pub tokens: usize,
    /// The text is longer than the model's window; its end was not read.
    pub is_cut: bool,
}

/// A token of a text with its probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedToken {
    /// Bytes of the text that the token stands for.
    pub bytes: Range<usize>,
    /// Probability of each of the encoder's [labels](Encoder::labels).
    pub probabilities: Vec<f32>,
}

impl Encoder {
    /// Loads an encoder from a folder of transformers, sentence-transformers or Optimum, or from
    /// one `.onnx` file with its tokenizer beside it or in the folder above.
    ///
    /// # Errors
    /// Any error about ONNX Runtime or the model's files.
    ///
    /// # Examples
    /// ```
    /// use local_engine::{Encoder, EncoderOptions, ModelSource};
    ///
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/encoder/tagger");
    /// let source = ModelSource::Path(folder.into());
    /// let tagger = Encoder::open(&source, &EncoderOptions::default())?;
    /// let tokens = tagger.tag(&["Ann in Bern"])?.remove(0);
    /// assert_eq!(tokens[0].bytes, 0..3);
    /// assert_eq!(tokens[0].probabilities.len(), tagger.labels().len());
    /// # Ok::<(), local_engine::Error>(())
    /// ```
    pub fn open(source: &ModelSource, options: &EncoderOptions) -> Result<Self, Error> {
        let path = match source {
            ModelSource::Path(path) => path,
            ModelSource::Embedded => {
                return Err(Error::NotAnEncoder {
                    file: "the embedded model".to_owned(),
                    reason: "it writes text".to_owned(),
                });
            }
        };
        let machine = Machine::with_limit(options.memory);
        let files = EncoderFiles::choose(path, &options.model, machine)?;
        Self::load(files, options)
    }

    /// Loads an encoder that is part of the program.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn from_bytes(bytes: &EncoderBytes, options: &EncoderOptions) -> Result<Self, Error> {
        Self::load(EncoderFiles::in_memory(bytes, &options.model)?, options)
    }

    fn load(files: EncoderFiles, options: &EncoderOptions) -> Result<Self, Error> {
        let graph = EncoderGraph::load(&files, options.threads)?;
        tracing::info!(name = files.name, variant = files.variant, "encoder loaded");
        Ok(Self {
            windows: Windows::new(&files.tokenizer, &files.config)?,
            output: graph.output(),
            providers: graph.providers().to_vec(),
            graph: Mutex::new(graph),
            config: files.config,
            name: files.name,
            file: files.graph.file(),
        })
    }

    /// Name of the model's folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Family as its configuration calls it (`bert`, `roberta`, ...); `unknown` without one.
    pub fn family(&self) -> &str {
        &self.config.family
    }

    /// What the scores stand for, in their order; empty for embeddings.
    pub fn labels(&self) -> &[String] {
        &self.config.labels
    }

    /// The most tokens that are read together, special ones included.
    pub fn window_tokens(&self) -> usize {
        self.config.window_tokens
    }

    /// Where the graph runs, the most wanted first.
    pub fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// The embedding of each text. What is longer than the window is cut, as sentence-transformers
    /// does it.
    ///
    /// # Errors
    /// [`Error::NotAnEncoder`] for a graph that gives scores, [`Error::Tokenizer`],
    /// [`Error::Inference`].
    pub fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, Error> {
        self.expect(&[Output::Hidden, Output::Sentence], "embeddings")?;
        let mut firsts = Vec::new();
        let mut cut = Vec::new();
        for text in texts {
            let mut windows = self.windows.of(text, Cut::Full)?;
            cut.push(windows.len() > 1);
            windows.truncate(1);
            firsts.append(&mut windows);
        }
        let states = self.run(&firsts)?;
        let embeddings = firsts.iter().zip(states).zip(cut);
        Ok(embeddings
            .map(|((window, states), is_cut)| Embedding {
                vector: self.pooled(states),
                tokens: window.ids.len(),
                is_cut,
            })
            .collect())
    }

    /// The probability of each label for each text. A text longer than the window gets the mean of
    /// its windows, each counted by its tokens.
    ///
    /// # Errors
    /// [`Error::NotAnEncoder`] for a graph that does not score texts, [`Error::Tokenizer`],
    /// [`Error::Inference`].
    pub fn classify(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Error> {
        self.expect(&[Output::TextScores], "scores of a text")?;
        self.in_windows(texts, Cut::Full, |windows, answers| {
            let scored = windows.iter().zip(answers).map(|(window, answer)| {
                let probabilities = scores::probabilities(&answer.values, self.config.scoring);
                (window.tokens.len().max(1), probabilities)
            });
            scores::weighted_mean(scored)
        })
    }

    /// The tokens of each text with the probability of each label. In a text longer than the window,
    /// a token's are those of the window that shows most of what is around it.
    ///
    /// # Errors
    /// [`Error::NotAnEncoder`] for a graph that does not score tokens, [`Error::Tokenizer`],
    /// [`Error::Inference`].
    pub fn tag(&self, texts: &[&str]) -> Result<Vec<Vec<TaggedToken>>, Error> {
        self.expect(&[Output::TokenScores], "scores of tokens")?;
        self.in_windows(texts, Cut::Even, |windows, answers| {
            scores::tagged(windows, answers, self.config.scoring)
        })
    }

    /// Runs every window of every text, and joins those of each text.
    fn in_windows<T>(
        &self,
        texts: &[&str],
        cut: Cut,
        join: impl Fn(&[Window], &[Answer]) -> T,
    ) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        let mut counts = Vec::new();
        for text in texts {
            let mut windows = self.windows.of(text, cut)?;
            counts.push(windows.len());
            all.append(&mut windows);
        }
        let answers = self.run(&all)?;
        let (mut windows, mut answers) = (&all[..], &answers[..]);
        let mut joined = Vec::new();
        for count in counts {
            let (these, later) = windows.split_at(count);
            let (its, others) = answers.split_at(count);
            joined.push(join(these, its));
            (windows, answers) = (later, others);
        }
        Ok(joined)
    }

    /// The answers for `windows`, in their order and without filling. Windows of like length share a
    /// batch.
    fn run(&self, windows: &[Window]) -> Result<Vec<Answer>, Error> {
        let mut by_length: Vec<(usize, &Window)> = windows.iter().enumerate().collect();
        by_length.sort_by_key(|(_, window)| window.ids.len());
        let mut answers = Vec::new();
        for group in by_length.chunks(BATCH) {
            let batch = self.batch(group);
            let mut graph = self.graph.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = graph.run(&batch)?;
            drop(graph);
            answers.extend(self.rows(group, &batch, &answer));
        }
        answers.sort_by_key(|(place, _)| *place);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    fn batch(&self, group: &[(usize, &Window)]) -> Batch {
        let lengths = group.iter().map(|(_, window)| window.ids.len());
        let mut batch = Batch {
            rows: group.len(),
            tokens: lengths.max().unwrap_or(0),
            ..Batch::default()
        };
        for (_, window) in group {
            let filling = batch.tokens - window.ids.len();
            batch.ids.extend(window.ids.iter().map(|id| i64::from(*id)));
            batch
                .ids
                .extend(std::iter::repeat_n(i64::from(self.config.pad_id), filling));
            batch.types.extend(&window.types);
            batch.types.extend(std::iter::repeat_n(0, filling));
            batch.mask.extend(std::iter::repeat_n(1, window.ids.len()));
            batch.mask.extend(std::iter::repeat_n(0, filling));
        }
        batch
    }

    /// One answer for each row, with its place.
    fn rows<'w>(
        &self,
        group: &'w [(usize, &'w Window)],
        batch: &Batch,
        answer: &'w Answer,
    ) -> impl Iterator<Item = (usize, Answer)> + use<'w> {
        let per_token = matches!(self.output, Output::Hidden | Output::TokenScores);
        let width = answer.width;
        let row = width * if per_token { batch.tokens } else { 1 };
        let rows = answer.values.chunks(row.max(1));
        group.iter().zip(rows).map(move |((place, window), row)| {
            let used = width * if per_token { window.ids.len() } else { 1 };
            let values = row.iter().take(used).copied().collect();
            (*place, Answer { values, width })
        })
    }

    fn pooled(&self, states: Answer) -> Vec<f32> {
        let mut vector = match self.output {
            Output::Hidden => pooling::pool(&states, self.config.pooling),
            Output::Sentence | Output::TextScores | Output::TokenScores => states.values,
        };
        if self.config.normalize {
            pooling::normalize(&mut vector);
        }
        vector
    }

    fn expect(&self, outputs: &[Output], what: &str) -> Result<(), Error> {
        if outputs.contains(&self.output) {
            return Ok(());
        }
        Err(Error::NotAnEncoder {
            file: self.file.clone(),
            reason: format!("its graph does not give {what}"),
        })
    }
}

/// Windows that are read in one run: more would only take memory.
const BATCH: usize = 16;
