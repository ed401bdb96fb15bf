//! The keys and values of the tokens a sequence has read, carried from step to step without
//! copies.
//!
//! Two kinds of graph exist. One built on `GroupQueryAttention` writes new keys and values into the
//! buffer that holds the old ones, so both ends are bound to the same memory once. Any other graph
//! returns a longer cache from each step, which becomes the input of the next.

use ort::{
    memory::{Allocator, MemoryInfo},
    session::{IoBinding, SessionOutputs},
    value::{DynTensor, DynValue},
};

use super::signature::CacheTensor;

/// How a graph treats its cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CacheKind {
    /// Past and present share one buffer of fixed capacity.
    Shared,
    /// Each step returns a longer cache.
    Growing,
}

impl CacheKind {
    /// Binds an empty cache with room for `capacity` tokens.
    pub(super) fn bind_empty(
        self,
        binding: &mut IoBinding,
        cache: &[CacheTensor],
        allocator: &Allocator,
        capacity: usize,
    ) -> ort::Result<()> {
        for tensor in cache {
            let tokens = match self {
                Self::Shared => capacity,
                Self::Growing => 0,
            };
            let shape = [1, tensor.heads, tokens, tensor.head_size];
            // `ort` fills new CPU tensors with zeros; attention never reads past the length anyway.
            let buffer = DynTensor::new(allocator, tensor.element, shape)?;
            binding.bind_input(tensor.past.as_str(), &buffer)?;
            if self == Self::Shared {
                binding.bind_output(tensor.present.as_str(), buffer)?;
            }
        }
        Ok(())
    }

    /// Asks ONNX Runtime for room for the longer cache. Needed before each step: what a binding
    /// received in one step would be written over in the next.
    pub(super) fn before_step(
        self,
        binding: &mut IoBinding,
        cache: &[CacheTensor],
        memory: &MemoryInfo<'_>,
    ) -> ort::Result<()> {
        if self == Self::Growing {
            for tensor in cache {
                binding.bind_output_to_device(tensor.present.as_str(), memory)?;
            }
        }
        Ok(())
    }

    /// Takes the longer cache out of a step's outputs.
    pub(super) fn after_step(
        self,
        outputs: &mut SessionOutputs<'_>,
        cache: &[CacheTensor],
    ) -> ort::Result<Vec<DynValue>> {
        if self == Self::Shared {
            return Ok(Vec::new());
        }
        let mut take = |tensor: &CacheTensor| {
            let missing = || ort::Error::new(format!("no `{}` came back", tensor.present));
            outputs.remove(tensor.present.as_str()).ok_or_else(missing)
        };
        cache.iter().map(&mut take).collect()
    }

    /// Binds what [`after_step`](Self::after_step) took as the past of the next step.
    pub(super) fn bind_grown(
        binding: &mut IoBinding,
        cache: &[CacheTensor],
        grown: &[DynValue],
    ) -> ort::Result<()> {
        for (tensor, value) in cache.iter().zip(grown) {
            binding.bind_input(tensor.past.as_str(), value)?;
        }
        Ok(())
    }
}
