//! The learned tagger in this process, and what it said before.
//!
//! Guarantees: a text's answer is the same whether it comes from the model or from the cache; the
//! cache holds no text, only a keyed hash and places; a tagger that was asked for and can't answer
//! is told from one that is off, and then nothing may cross.

mod cache;
mod model;
mod passage;
mod ready;
mod stats;

use std::{fmt, path::PathBuf, sync::Arc};

use redactor::tagger::{EntityTagger, TagThresholds, Tagged};

use crate::error::with_causes;

use self::model::Model;
pub use self::model::OpenError;
pub(crate) use self::passage::Passage;
pub use self::ready::Ready;
pub use self::stats::TaggerStats;

/// What the configuration says of the tagger.
#[derive(Clone, Debug)]
pub struct TaggerConfig {
    /// Which model; `None` turns the tagger off.
    pub model: Option<TaggerModel>,
    /// Threads that compute; `None` for as many as the cores serve.
    pub threads: Option<usize>,
    /// Bytes that are kept of earlier answers.
    pub cache_bytes: u64,
}

/// Where the tagger's model is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaggerModel {
    /// The one in this program.
    Embedded,
    /// A folder with a graph, a tokenizer and a configuration.
    Path(PathBuf),
}

impl Default for TaggerConfig {
    fn default() -> Self {
        Self {
            model: model::HAS_EMBEDDED.then_some(TaggerModel::Embedded),
            threads: None,
            cache_bytes: 32 << 20,
        }
    }
}

/// The tagger as requests meet it.
#[derive(Clone)]
pub enum Tagger {
    /// The configuration, or how the program was built, leaves it out.
    Off,
    /// It was asked for and could not be opened.
    Missing,
    /// It answers.
    Ready(Arc<Ready>),
}

/// What the tagger says of the texts of a request.
#[derive(Debug, Clone)]
pub enum Tags {
    /// It is off.
    Off,
    /// It was asked for and did not answer: names may be anywhere.
    Failed,
    /// What it says of each text, in order.
    Of(Vec<Arc<Tagged>>),
}

impl Tagger {
    /// Opens the model, or says in the log why there is none. What is less likely than `thresholds`
    /// demand is not found. Blocks while weights are read.
    pub fn open(config: &TaggerConfig, thresholds: TagThresholds) -> Self {
        match Self::try_open(config, thresholds) {
            Ok(Self::Off) => {
                tracing::warn!("no tagger: names, places and organisations are not found");
                Self::Off
            }
            Ok(tagger) => tagger,
            Err(error) => {
                let error = with_causes(&error, ": ");
                tracing::error!(%error, "the tagger can't be opened: nothing will cross");
                Self::Missing
            }
        }
    }

    /// Opens the model.
    ///
    /// # Errors
    /// Why it can't be opened.
    pub fn try_open(config: &TaggerConfig, thresholds: TagThresholds) -> Result<Self, OpenError> {
        let Some(source) = &config.model else {
            return Ok(Self::Off);
        };
        let model = Model::open(source, config.threads)?;
        Ok(Self::ready(Box::new(model), thresholds, config.cache_bytes))
    }

    /// A tagger that runs this model.
    pub fn ready(
        model: Box<dyn EntityTagger>,
        thresholds: TagThresholds,
        cache_bytes: u64,
    ) -> Self {
        Self::Ready(Arc::new(Ready::new(model, thresholds, cache_bytes)))
    }

    /// What it has done so far.
    pub fn stats(&self) -> TaggerStats {
        match self {
            Self::Off | Self::Missing => TaggerStats::default(),
            Self::Ready(ready) => ready.stats(),
        }
    }

    /// What it says of passages without running the model; `None` where the model has to run.
    pub(crate) fn recall<'t>(&self, passages: impl FnOnce() -> Vec<Passage<'t>>) -> Option<Tags> {
        match self {
            Self::Off => Some(Tags::Off),
            Self::Missing => Some(Tags::Failed),
            Self::Ready(ready) => ready.recall(&passages()).map(Tags::Of),
        }
    }

    /// What it says of `passages`. Blocks while the model runs.
    pub(crate) fn tag(&self, passages: &[Passage<'_>]) -> Tags {
        match self {
            Self::Off => Tags::Off,
            Self::Missing => Tags::Failed,
            Self::Ready(ready) => match ready.tag(passages) {
                Ok(tagged) => Tags::Of(tagged),
                Err(error) => {
                    let error = with_causes(&error, ": ");
                    tracing::error!(%error, "the tagger failed: the request will not cross");
                    Tags::Failed
                }
            },
        }
    }
}

impl fmt::Debug for Tagger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "Off",
            Self::Missing => "Missing",
            Self::Ready(_) => "Ready",
        })
    }
}
