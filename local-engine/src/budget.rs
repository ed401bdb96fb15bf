//! One budget of memory for a model's weights and for its caches.
//!
//! What the weights take comes first. What is left goes to the caches, in this order: where it is
//! too little for all that was asked for, the prefix cache shrinks; then fewer requests run at
//! once; then the context gets shorter, down to [`LEAST_CONTEXT`]. A model that does not fit even
//! so is not loaded. All of it is computed from the files, before ONNX Runtime reads them.
//!
//! Not counted: ONNX Runtime's own code and buffers (some 30 MiB), tokenizers, and what answers hold
//! on their way out.

use std::fmt;

use crate::{EngineOptions, Error, model::ModelFiles, onnx::Blueprint};

/// The most memory that a model may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Bytes; `None` where nobody set a limit and the system does not say what is free.
    pub(crate) bytes: Option<u64>,
    /// Whoever opens the model chose it.
    pub(crate) is_set: bool,
}

impl Budget {
    /// No limit.
    #[cfg(test)]
    pub(crate) const UNKNOWN: Self = Self {
        bytes: None,
        is_set: false,
    };

    /// The limit that was set, or else three quarters of what is `free`: the rest is for requests
    /// on their way and for others on the machine.
    pub(crate) fn new(limit: Option<u64>, free: Option<u64>) -> Self {
        if let (Some(limit), Some(free)) = (limit, free)
            && limit > free
        {
            let (limit, free) = (Mebibytes(limit), Mebibytes(free));
            tracing::warn!("the memory limit of {limit} is more than the {free} that are free");
        }
        Self {
            bytes: limit.or(free.map(|free| free / 4 * 3)),
            is_set: limit.is_some(),
        }
    }
}

/// In words that follow "fits".
impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes.map(Mebibytes) {
            Some(bytes) if self.is_set => write!(f, "the memory limit of {bytes}"),
            Some(bytes) => write!(f, "three quarters of the free memory ({bytes})"),
            None => f.write_str("memory of unknown size"),
        }
    }
}

/// Bytes of a model's graphs on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct WeightFiles {
    /// Of graph files, weights inside.
    pub(crate) inside: u64,
    /// Of external weights.
    pub(crate) external: u64,
}

impl WeightFiles {
    /// Bytes on disk.
    pub(crate) fn stored(self) -> u64 {
        self.inside.saturating_add(self.external)
    }

    /// Bytes that the weights take once they are loaded, and what runs need beside the caches.
    ///
    /// External weights are mapped, and packed anew where an operator wants them in another order,
    /// after which the mapping is dropped: 1.0 to 1.25 times their size. Those inside a graph file
    /// exist twice for a while: 1.1 to 1.6 times. (Peaks of models of 135 million parameters, 8-bit,
    /// 4-bit and float32.) Where the processor lacks 16-bit floats, `widened` weights are kept as
    /// 32-bit ones besides.
    pub(crate) fn in_memory(self, widened: bool) -> u64 {
        let loaded = (self.inside + self.inside / 2).saturating_add(self.external);
        let loaded = loaded.saturating_add(self.external / 4);
        let wider = if widened { self.stored() * 2 } else { 0 };
        loaded.saturating_add(wider)
    }
}

/// What a model needs, as its files say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    /// Bytes of [`WeightFiles::in_memory`].
    pub(crate) weights: u64,
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
        let needed = needs.weights.saturating_add(least.cache_bytes);
        let left = bytes.checked_sub(needs.weights);
        let Some(left) = left.filter(|left| *left >= least.cache_bytes) else {
            return Err(Error::MemoryShort {
                needed,
                weights: needs.weights,
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
            token_bytes: blueprint.token_bytes(),
            window: files.config.context_tokens,
            spare_rows: blueprint.spare_rows(),
        }
    }

    /// A plan of so many rows and tokens, without a prefix cache.
    fn sized(&self, rows: usize, tokens: usize) -> CachePlan {
        let all = rows.saturating_add(self.spare_rows) as u64;
        let row = self.token_bytes.saturating_mul(tokens as u64);
        CachePlan {
            weights: self.weights,
            rows,
            tokens,
            cache_bytes: all.saturating_mul(row),
            prefix_bytes: 0,
        }
    }
}

/// A size for people.
pub(crate) struct Mebibytes(pub(crate) u64);

impl fmt::Display for Mebibytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB", self.0.div_ceil(1 << 20))
    }
}

/// Tokens of prompt and answer below which a model is of no use: it is rather not opened.
const LEAST_CONTEXT: usize = 512;

#[cfg(test)]
mod tests;
