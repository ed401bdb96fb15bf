//! Fits a model's caches into what its weights leave of the budget.

use std::fmt;

use super::{Budget, Mebibytes};
use crate::{EngineOptions, Error, model::ModelFiles, onnx::Blueprint};

/// What a model needs, as its files say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    /// Bytes of [`WeightFiles::in_memory`].
    pub(crate) weights: u64,
    /// Bytes of the adapters' tensors.
    pub(crate) adapters: u64,
    /// Bytes of keys and values of one token.
    pub(crate) token_bytes: u64,
    /// The most tokens the model was made for; `None` where no file says it.
    pub(crate) window: Option<usize>,
    /// Rows of cache beside those of requests.
    pub(crate) spare_rows: usize,
}

/// Sizes of a model's caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CachePlan {
    /// Bytes that the weights take.
    pub(crate) weights: u64,
    /// Bytes that the adapters take.
    pub(crate) adapters: u64,
    /// Sequences at once.
    pub(crate) rows: usize,
    /// Tokens of one sequence.
    pub(crate) tokens: usize,
    /// Bytes of keys and values of all sequences, spare rows included.
    pub(crate) cache_bytes: u64,
    /// Bytes of the prefix cache, at most.
    pub(crate) prefix_bytes: u64,
}

impl CachePlan {
    /// As much of what `options` ask for as fits the budget.
    ///
    /// # Errors
    /// [`Error::MemoryShort`].
    pub(crate) fn fit(
        needs: &Needs,
        options: &EngineOptions,
        budget: Budget,
    ) -> Result<Self, Error> {
        let wanted = Self::wanted(needs, options);
        let Some(bytes) = budget.bytes else {
            return Ok(wanted);
        };
        let least = needs.sized(1, wanted.tokens.min(LEAST_CONTEXT));
        let weights = needs.weights.saturating_add(needs.adapters);
        let needed = weights.saturating_add(least.cache_bytes);
        let left = bytes.checked_sub(weights);
        let Some(left) = left.filter(|left| *left >= least.cache_bytes) else {
            return Err(Error::MemoryShort {
                needed,
                weights,
                context_tokens: least.tokens,
                budget: budget.to_string(),
            });
        };
        let fitted = wanted.with_fewer_rows(needs, left);
        let fitted = fitted.with_fewer_tokens(needs, left);
        let spare = left - fitted.cache_bytes.min(left);
        Ok(Self {
            prefix_bytes: wanted.prefix_bytes.min(spare),
            ..fitted
        })
    }

    /// What `options` ask for, whatever memory there is: whole windows as long as their own limit
    /// on the cache has room for one; at least one row of one token.
    fn wanted(needs: &Needs, options: &EngineOptions) -> Self {
        let affordable = options.cache_bytes / needs.token_bytes.max(1);
        let affordable = usize::try_from(affordable).unwrap_or(usize::MAX);
        let window = needs.window.unwrap_or(options.max_context);
        let tokens = window.min(options.max_context).min(affordable).max(1);
        let rows = (affordable / tokens).clamp(1, options.slots.max(1));
        Self {
            prefix_bytes: options.prefix_bytes,
            ..needs.sized(rows, tokens)
        }
    }

    fn with_fewer_rows(self, needs: &Needs, left: u64) -> Self {
        if self.cache_bytes <= left {
            return self;
        }
        let row = needs.sized(1, self.tokens).cache_bytes / (1 + needs.spare_rows as u64);
        let rows = usize::try_from(left / row.max(1)).unwrap_or(usize::MAX);
        let rows = rows.saturating_sub(needs.spare_rows).clamp(1, self.rows);
        needs.sized(rows, self.tokens)
    }

    fn with_fewer_tokens(self, needs: &Needs, left: u64) -> Self {
        if self.cache_bytes <= left {
            return self;
        }
        let token = needs.sized(1, 1).cache_bytes;
        let tokens = usize::try_from(left / token.max(1)).unwrap_or(usize::MAX);
        needs.sized(1, tokens.min(self.tokens))
    }

    /// Writes one line to the log: what was chosen and why; a warning where it is less than asked
    /// for.
    pub(crate) fn log(&self, needs: &Needs, options: &EngineOptions, budget: Budget) {
        let wanted = Self::wanted(needs, options);
        let less: Vec<String> = [
            (self.prefix_bytes < wanted.prefix_bytes).then(|| "a smaller prefix cache".to_owned()),
            (self.rows < wanted.rows).then(|| format!("fewer slots than {}", wanted.rows)),
            (self.tokens < wanted.tokens)
                .then(|| format!("a shorter context than {}", wanted.tokens)),
        ]
        .into_iter()
        .flatten()
        .collect();
        if less.is_empty() {
            tracing::info!("{self}, which fits {budget}");
        } else {
            let less = less.join(" and ");
            tracing::warn!("{self}: {less}, because no more fits {budget}");
        }
    }
}

impl fmt::Display for CachePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, tokens, .. } = self;
        if self.adapters > 0 {
            write!(f, "adapters take {}, ", Mebibytes(self.adapters))?;
        }
        let (weights, cache) = (Mebibytes(self.weights), Mebibytes(self.cache_bytes));
        let prefix = Mebibytes(self.prefix_bytes);
        write!(
            f,
            "weights take {weights}, {rows} slots of {tokens} tokens {cache}, the prefix cache \
             {prefix}"
        )
    }
}

impl Needs {
    /// What the graphs of a blueprint need.
    pub(crate) fn of(blueprint: &Blueprint, files: &ModelFiles) -> Self {
        Self {
            weights: blueprint.weights().in_memory(files.is_widened),
            adapters: blueprint.adapters().iter().map(|it| it.bytes).sum(),
            token_bytes: blueprint.token_bytes(),
            window: files.config.context_tokens,
            spare_rows: blueprint.spare_rows(),
        }
    }

    /// What two models need that work side by side, on as many rows of as many tokens.
    pub(crate) fn with(self, other: &Self) -> Self {
        Self {
            weights: self.weights.saturating_add(other.weights),
            adapters: self.adapters.saturating_add(other.adapters),
            token_bytes: self.token_bytes.saturating_add(other.token_bytes),
            window: self.window,
            spare_rows: self.spare_rows.max(other.spare_rows),
        }
    }

    /// A plan of so many rows and tokens, without a prefix cache.
    fn sized(&self, rows: usize, tokens: usize) -> CachePlan {
        let all = rows.saturating_add(self.spare_rows) as u64;
        let row = self.token_bytes.saturating_mul(tokens as u64);
        CachePlan {
            weights: self.weights,
            adapters: self.adapters,
            rows,
            tokens,
            cache_bytes: all.saturating_mul(row),
            prefix_bytes: 0,
        }
    }
}

/// Tokens of prompt and answer below which a model is of no use: it is rather not opened.
const LEAST_CONTEXT: usize = 512;
