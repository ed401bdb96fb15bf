//! One graph with `GroupQueryAttention`, bound to the rows of a cache that it may share.
//!
//! A binding for a row, or for neighbouring rows, under an adapter or none, is made when it is
//! first needed and kept: from then on a step binds its few inputs and nothing of the cache or the
//! adapter.
#![expect(unsafe_code, reason = "bindings keep the addresses of what they bind")]

use std::{
    collections::{HashMap, hash_map::Entry},
    ffi::CString,
    ops::Range,
    time::Duration,
};

use ort::session::{IoBinding, Session};

use super::{
    adapter::{AdapterId, Adapters},
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
    /// To read into one row.
    readers: Bindings,
    /// To decode one token for each of several rows.
    decoders: Bindings,
    session: Session,
    signature: Signature,
    cache: Vec<Ends>,
    /// How many there are.
    rows: usize,
    run_time: Duration,
}

/// Bindings by the rows that they cover and the adapter that they use.
type Bindings = HashMap<(Range<usize>, Option<AdapterId>), IoBinding>;

/// What runs read and write. It outlives every binding to it, and none of it ever moves.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) arena: Arena,
    pub(super) inputs: StepInputs,
    pub(super) scores: Scores,
    pub(super) adapters: Adapters,
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
        Ok(Self {
            readers: HashMap::new(),
            decoders: HashMap::new(),
            session,
            signature,
            cache,
            rows,
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
        adapter: Option<AdapterId>,
    ) -> ort::Result<bool> {
        let rows = self.existing(row..row + 1)?;
        let binding = kept(&mut self.readers, (rows.clone(), adapter), || {
            let mut binding = self.session.create_binding()?;
            // The scores first: they are read back as the first output.
            binding::bind_new_output(&mut binding, LOGITS_C)?;
            // SAFETY: the caller keeps the memory.
            unsafe { bind_cache(&mut binding, &self.cache, &mut memory.arena, rows)? };
            memory.adapters.bind(&mut binding, adapter)?;
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

    /// Runs a [`Step::Decode`] over `rows`; leaves the scores of each.
    ///
    /// # Safety
    /// As for [`read`](Self::read).
    pub(super) unsafe fn decode(
        &mut self,
        rows: Range<usize>,
        step: Step<'_>,
        memory: &mut Memory,
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        let rows = self.existing(rows)?;
        let count = rows.len();
        let binding = kept(&mut self.decoders, (rows.clone(), adapter), || {
            let mut binding = self.session.create_binding()?;
            // SAFETY: the caller keeps the memory.
            unsafe {
                binding::bind_output(&mut binding, LOGITS_C, &memory.scores.place(count)?)?;
                bind_cache(&mut binding, &self.cache, &mut memory.arena, rows)?;
            }
            memory.adapters.bind(&mut binding, adapter)?;
            Ok(binding)
        })?;
        // SAFETY: the caller keeps the memory.
        unsafe { memory.inputs.bind(binding, &self.signature, step)? };
        let start = clock::now();
        self.session.run_binding(binding)?;
        self.run_time += clock::now() - start;
        memory.scores.arrived(count);
        Ok(())
    }

    /// `rows`, if all of them are there.
    fn existing(&self, rows: Range<usize>) -> ort::Result<Range<usize>> {
        if rows.end <= self.rows {
            Ok(rows)
        } else {
            Err(ort::Error::new("there is no such row"))
        }
    }

    /// Time spent inside ONNX Runtime's run so far.
    pub(super) fn run_time(&self) -> Duration {
        self.run_time
    }
}

/// The binding of that key, made if it isn't there.
fn kept(
    bindings: &mut Bindings,
    key: (Range<usize>, Option<AdapterId>),
    make: impl FnOnce() -> ort::Result<IoBinding>,
) -> ort::Result<&mut IoBinding> {
    if bindings.len() >= MOST_KEPT && !bindings.contains_key(&key) {
        bindings.clear();
    }
    match bindings.entry(key) {
        Entry::Occupied(binding) => Ok(binding.into_mut()),
        Entry::Vacant(place) => Ok(place.insert(make()?)),
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

/// So many bindings take a few megabytes; with several adapters on many rows there could be
/// thousands.
const MOST_KEPT: usize = 256;
