//! The compatible path: graphs that return a longer cache from each step, as Optimum and the hub's
//! exports do. The longer cache becomes the next step's input without a copy.
//!
//! Rows run one after the other, so that requests take turns token by token but gain nothing from
//! each other's company.

use std::time::Duration;

use ort::{
    memory::{Allocator, MemoryInfo},
    session::{IoBinding, Session, SessionOutputs},
    value::DynTensor,
};

use super::{
    adapter::{AdapterId, Adapters},
    binding,
    cache_rows::CacheRows,
    inputs::{Step, StepInputs},
    scores::Scores,
    signature::{CacheTensor, LOGITS, Signature},
};
use crate::{Error, clock};

/// A graph with a growing cache.
#[derive(Debug)]
pub(super) struct GrowingDecoder {
    rows: Vec<Row>,
    session: Session,
    signature: Signature,
    inputs: StepInputs,
    scores: Scores,
    adapters: Adapters,
    run_time: Duration,
}

/// One sequence: its binding, and what the last step returned.
#[derive(Debug)]
struct Row {
    binding: IoBinding,
    /// The one that the binding uses.
    adapter: Option<AdapterId>,
    /// Keys and values, bound as the next step's past; empty before the first step.
    held: Vec<DynTensor>,
    /// Tokens in the cache.
    length: usize,
}

impl GrowingDecoder {
    /// Room for `rows` sequences of `capacity` tokens. The adapters fit the graph.
    ///
    /// # Errors
    /// [`Error::Inference`].
    pub(super) fn new(
        (session, signature): (Session, Signature),
        adapters: Adapters,
        rows: usize,
        capacity: usize,
    ) -> Result<Self, Error> {
        let row = || {
            Ok(Row {
                binding: session.create_binding()?,
                adapter: None,
                held: Vec::new(),
                length: 0,
            })
        };
        Ok(Self {
            rows: std::iter::repeat_with(row)
                .take(rows)
                .collect::<ort::Result<_>>()
                .map_err(Error::inference)?,
            inputs: StepInputs::new(&[&signature], 1, capacity),
            scores: Scores::new(signature.logits, signature.vocabulary, rows),
            signature,
            session,
            adapters,
            run_time: Duration::ZERO,
        })
    }

    /// Reads `tokens` into one row; leaves the scores of the last one as row `scores_row`.
    fn scored_step(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
        scores_row: usize,
    ) -> ort::Result<()> {
        let mut logits = self.step(row, past, tokens, adapter)?;
        if self
            .scores
            .take_last(binding::bytes(&mut logits), scores_row, 1)
        {
            Ok(())
        } else {
            Err(ort::Error::new("the graph gave no scores"))
        }
    }

    /// Reads `tokens` into one row; returns the scores.
    #[expect(unsafe_code, reason = "the binding keeps the addresses of the inputs")]
    fn step(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<DynTensor> {
        let Some(row) = self.rows.get_mut(row) else {
            return Err(ort::Error::new("there is no such row"));
        };
        if row.adapter != adapter {
            let mut binding = self.session.create_binding()?;
            self.adapters.bind(&mut binding, adapter)?;
            row.rebind(&self.signature.cache, binding)?;
            row.adapter = adapter;
        }
        if row.length != past || row.held.is_empty() {
            row.cut(&self.signature.cache, self.session.allocator(), past)?;
        }
        let step = Step::Read {
            past,
            tokens,
            scored: 1,
        };
        // SAFETY: the inputs are this struct's own and never move; the binding runs here only.
        unsafe {
            self.inputs.bind(&mut row.binding, &self.signature, step)?;
        }
        // Needed before each step: what a binding received in one would be written over in the
        // next.
        let device = MemoryInfo::default();
        row.binding.bind_output_to_device(LOGITS, &device)?;
        for tensor in &self.signature.cache {
            row.binding
                .bind_output_to_device(tensor.present.as_str(), &device)?;
        }
        let start = clock::now();
        let mut outputs = self.session.run_binding(&row.binding)?;
        self.run_time += clock::now() - start;
        let logits = take(&mut outputs, LOGITS)?;
        let cache = self.signature.cache.iter();
        let held: Vec<DynTensor> = cache
            .map(|tensor| take(&mut outputs, &tensor.present))
            .collect::<ort::Result<_>>()?;
        drop(outputs);
        row.hold(&self.signature.cache, held, past + tokens.len())?;
        Ok(logits)
    }
}

impl CacheRows for GrowingDecoder {
    fn read(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        self.scored_step(row, past, tokens, adapter, 0)
    }

    /// A row that read too much would have to be copied to be cut.
    fn check(
        &mut self,
        _row: usize,
        _past: usize,
        _tokens: &[u32],
        _adapter: Option<AdapterId>,
    ) -> ort::Result<bool> {
        Ok(false)
    }

    fn decode(
        &mut self,
        first: usize,
        pasts: &[usize],
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        for (index, (&past, token)) in pasts.iter().zip(tokens).enumerate() {
            let token = std::slice::from_ref(token);
            self.scored_step(first + index, past, token, adapter, index)?;
        }
        Ok(())
    }

    fn scores(&self, row: usize) -> &[f32] {
        self.scores.row(row)
    }

    fn swap(&mut self, a: usize, b: usize, _tokens: usize) {
        self.rows.swap(a, b);
    }

    fn copy(&mut self, from: usize, to: usize, tokens: usize) -> ort::Result<()> {
        let allocator = self.session.allocator();
        let Some(from) = self.rows.get_mut(from) else {
            return Ok(());
        };
        let held = from.first(&self.signature.cache, allocator, tokens)?;
        match self.rows.get_mut(to) {
            Some(to) => to.hold(&self.signature.cache, held, tokens),
            None => Ok(()),
        }
    }

    fn save(&mut self, row: usize, tokens: usize) -> Vec<u8> {
        let cache = &self.signature.cache;
        let bytes = cache
            .iter()
            .map(|tensor| tensor.heads().slab_bytes(tokens))
            .sum();
        let mut saved = vec![0; bytes];
        let mut rest = saved.as_mut_slice();
        let held = self.rows.get_mut(row).map(|row| &mut row.held);
        for (tensor, held) in cache.iter().zip(held.into_iter().flatten()) {
            let heads = tensor.heads();
            let (to, after) = rest.split_at_mut(heads.slab_bytes(tokens));
            heads.copy(binding::bytes(held), to, tokens);
            rest = after;
        }
        saved
    }

    fn restore(&mut self, row: usize, saved: &[u8], held: usize, tokens: usize) -> ort::Result<()> {
        let mut rest = saved;
        let mut restored = Vec::with_capacity(self.signature.cache.len());
        for tensor in &self.signature.cache {
            let heads = tensor.heads();
            let (from, after) = rest.split_at(heads.slab_bytes(held));
            let mut to = empty(tensor, self.session.allocator(), tokens)?;
            heads.copy(from, binding::bytes(&mut to), tokens);
            restored.push(to);
            rest = after;
        }
        match self.rows.get_mut(row) {
            Some(row) => row.hold(&self.signature.cache, restored, tokens),
            None => Ok(()),
        }
    }

    fn run_time(&self) -> Duration {
        self.run_time
    }
}

impl Row {
    /// Leaves the first `tokens` tokens.
    fn cut(
        &mut self,
        cache: &[CacheTensor],
        allocator: &Allocator,
        tokens: usize,
    ) -> ort::Result<()> {
        let held = self.first(cache, allocator, tokens)?;
        self.hold(cache, held, tokens)
    }

    /// A copy of the first `tokens` tokens.
    fn first(
        &mut self,
        cache: &[CacheTensor],
        allocator: &Allocator,
        tokens: usize,
    ) -> ort::Result<Vec<DynTensor>> {
        if tokens > self.length {
            return Err(ort::Error::new("the row holds fewer tokens"));
        }
        let mut copies = Vec::with_capacity(cache.len());
        for tensor in cache {
            copies.push(empty(tensor, allocator, tokens)?);
        }
        for ((tensor, held), copy) in cache.iter().zip(&mut self.held).zip(&mut copies) {
            let heads = tensor.heads();
            heads.copy(binding::bytes(held), binding::bytes(copy), tokens);
        }
        Ok(copies)
    }

    /// Takes `held` as the cache and binds it as the next step's past.
    fn hold(
        &mut self,
        cache: &[CacheTensor],
        held: Vec<DynTensor>,
        length: usize,
    ) -> ort::Result<()> {
        bind_past(&mut self.binding, cache, &held)?;
        self.held = held;
        self.length = length;
        Ok(())
    }

    /// Goes on with another binding.
    fn rebind(&mut self, cache: &[CacheTensor], mut binding: IoBinding) -> ort::Result<()> {
        bind_past(&mut binding, cache, &self.held)?;
        self.binding = binding;
        Ok(())
    }
}

fn bind_past(
    binding: &mut IoBinding,
    cache: &[CacheTensor],
    held: &[DynTensor],
) -> ort::Result<()> {
    for (tensor, value) in cache.iter().zip(held) {
        binding.bind_input(tensor.past.as_str(), value)?;
    }
    Ok(())
}

/// Room for `tokens` tokens of one sequence.
fn empty(tensor: &CacheTensor, allocator: &Allocator, tokens: usize) -> ort::Result<DynTensor> {
    let shape = [1, tensor.heads, tokens, tensor.head_size];
    DynTensor::new(allocator, tensor.element, shape)
}

fn take(outputs: &mut SessionOutputs<'_>, name: &str) -> ort::Result<DynTensor> {
    let value = outputs.remove(name);
    let missing = || ort::Error::new(format!("no `{name}` came back"));
    value.ok_or_else(missing)?.downcast()
}
