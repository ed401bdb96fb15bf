//! One graph with `GroupQueryAttention`, bound to the rows of a cache that it may share.
//!
//! A binding for a row, or for a number of rows, is made when it is first needed and kept: from
//! then on a step binds its few inputs and nothing of the cache.
#![expect(unsafe_code, reason = "bindings keep the addresses of what they bind")]

use std::{ffi::CString, ops::Range, time::Duration};

use ort::session::{IoBinding, Session};

use super::{
    arena::Arena,
    binding,
    inputs::{Step, StepInputs},
    scores::Scores,
    signature::{LOGITS_C, Signature},
};
use crate::clock;

/// A session, and its bindings to the memory that its runs read and write.
#[derive(Debug)]
pub(super) struct BoundGraph {
    /// To read into one row; index: the row.
    readers: Vec<Option<IoBinding>>,
    /// To decode the first rows; index: how many, less one.
    decoders: Vec<Option<IoBinding>>,
    session: Session,
    signature: Signature,
    cache: Vec<Ends>,
    run_time: Duration,
}

/// What runs read and write. It outlives every binding to it, and none of it ever moves.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) arena: Arena,
    pub(super) inputs: StepInputs,
    pub(super) scores: Scores,
}

/// Names of the input and the output of one cache tensor.
#[derive(Debug)]
struct Ends {
    past: CString,
    present: CString,
}

impl BoundGraph {
    /// A graph that is not bound to anything yet; `rows` is how many there will be at most.
    ///
    /// # Errors
    /// A name in the graph can't be handed back to ONNX Runtime.
    pub(super) fn new(session: Session, signature: Signature, rows: usize) -> ort::Result<Self> {
        let name = |name: &str| {
            CString::new(name).map_err(|_| ort::Error::new("a name in the graph holds a zero byte"))
        };
        let mut cache = Vec::with_capacity(signature.cache.len());
        for tensor in &signature.cache {
            cache.push(Ends {
                past: name(&tensor.past)?,
                present: name(&tensor.present)?,
            });
        }
        let unbound = || std::iter::repeat_with(|| None).take(rows).collect();
        Ok(Self {
            readers: unbound(),
            decoders: unbound(),
            session,
            signature,
            cache,
            run_time: Duration::ZERO,
        })
    }

    /// Runs a [`Step::Read`] into `row`; leaves the scores of the tokens it asks for, or returns
    /// `false` where the graph gives fewer.
    ///
    /// # Safety
    /// `memory` is the same in every call and outlives this graph.
    pub(super) unsafe fn read(
        &mut self,
        row: usize,
        step: Step<'_>,
        memory: &mut Memory,
    ) -> ort::Result<bool> {
        let binding = kept(&mut self.readers, row, || {
            let mut binding = self.session.create_binding()?;
            // The scores first: they are read back as the first output.
            binding::bind_new_output(&mut binding, LOGITS_C)?;
            // SAFETY: the caller keeps the memory.
            unsafe { bind_cache(&mut binding, &self.cache, &mut memory.arena, row..row + 1)? };
            Ok(binding)
        })?;
        binding::bind_new_output(binding, LOGITS_C)?;
        // SAFETY: the caller keeps the memory.
        unsafe { memory.inputs.bind(binding, &self.signature, step)? };
        let start = clock::now();
        self.session.run_binding(binding)?;
        self.run_time += clock::now() - start;
        let scores = &mut memory.scores;
        binding::read_first_output(binding, |logits| scores.take_last(logits, 0, step.scored()))
    }

    /// Runs a [`Step::Decode`] over the first `rows` rows; leaves the scores of each.
    ///
    /// # Safety
    /// As for [`read`](Self::read).
    pub(super) unsafe fn decode(
        &mut self,
        rows: usize,
        step: Step<'_>,
        memory: &mut Memory,
    ) -> ort::Result<()> {
        let binding = kept(&mut self.decoders, rows - 1, || {
            let mut binding = self.session.create_binding()?;
            // SAFETY: the caller keeps the memory.
            unsafe {
                binding::bind_output(&mut binding, LOGITS_C, &memory.scores.place(rows)?)?;
                bind_cache(&mut binding, &self.cache, &mut memory.arena, 0..rows)?;
            }
            Ok(binding)
        })?;
        // SAFETY: the caller keeps the memory.
        unsafe { memory.inputs.bind(binding, &self.signature, step)? };
        let start = clock::now();
        self.session.run_binding(binding)?;
        self.run_time += clock::now() - start;
        memory.scores.arrived(rows);
        Ok(())
    }

    /// Time spent inside ONNX Runtime's run so far.
    pub(super) fn run_time(&self) -> Duration {
        self.run_time
    }
}

/// The binding at `index`, made if it isn't there.
fn kept(
    bindings: &mut [Option<IoBinding>],
    index: usize,
    make: impl FnOnce() -> ort::Result<IoBinding>,
) -> ort::Result<&mut IoBinding> {
    match bindings.get_mut(index) {
        Some(Some(binding)) => Ok(binding),
        Some(empty) => Ok(empty.insert(make()?)),
        None => Err(ort::Error::new("there is no such row")),
    }
}

/// Binds past and present of `rows` to the same memory.
///
/// # Safety
/// The arena outlives the binding.
unsafe fn bind_cache(
    binding: &mut IoBinding,
    cache: &[Ends],
    arena: &mut Arena,
    rows: Range<usize>,
) -> ort::Result<()> {
    for (ends, place) in cache.iter().zip(arena.places(rows)) {
        let place = place?;
        // SAFETY: the arena never moves, and the caller keeps it.
        unsafe {
            binding::bind_input(binding, &ends.past, &place)?;
            binding::bind_output(binding, &ends.present, &place)?;
        }
    }
    Ok(())
}
