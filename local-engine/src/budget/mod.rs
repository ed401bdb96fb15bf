//! One budget of memory for a model's weights and for its caches.
//!
//! What the weights take comes first, those of adapters included. What is left goes to the caches,
//! in this order: where it is too little for all that was asked for, the prefix cache shrinks; then
//! fewer requests run at once; then the context gets shorter, down to 512 tokens. A model that does
//! not fit even so is not loaded. All of it is computed from the files, before ONNX Runtime reads
//! them.
//!
//! Not counted: ONNX Runtime's own code and buffers (some 30 MiB), tokenizers, and what answers hold
//! on their way out.

mod plan;
#[cfg(test)]
mod tests;

use std::fmt;

pub(crate) use plan::{CachePlan, Needs};

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
        // Rounded down, where what is needed is rounded up.
        match self.bytes.map(|bytes| bytes >> 20) {
            Some(whole) if self.is_set => write!(f, "the memory limit of {whole} MiB"),
            Some(whole) => write!(f, "three quarters of the free memory ({whole} MiB)"),
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

/// A size for people, rounded up.
pub(crate) struct Mebibytes(pub(crate) u64);

impl fmt::Display for Mebibytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB", self.0.div_ceil(1 << 20))
    }
}
