//! A decoder graph in an ONNX Runtime session: loaded, checked, run step by step.

use ort::{
    environment::Environment,
    memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType},
    session::{IoBinding, Session, builder::SessionBuilder},
    value::{DynValue, TensorElementType},
};

use super::{
    cache::CacheKind,
    graph_files::{self, GraphFacts},
    inputs, library,
    signature::{LOGITS, Signature},
};
use crate::{
    Error,
    model::{Graph, ModelConfig, ModelFiles},
};

/// A loaded decoder.
#[derive(Debug)]
pub(crate) struct Decoder {
    session: Session,
    signature: Signature,
    cache_kind: CacheKind,
    memory: MemoryInfo<'static>,
    weight_bytes: u64,
    /// The scores of the last step, reused.
    logits: Vec<f32>,
}

/// One text being read and written: its bindings and its cache.
#[derive(Debug)]
pub(crate) struct Sequence {
    binding: IoBinding,
    /// Tokens in the cache.
    length: usize,
}

impl Decoder {
    /// Loads a model's graph.
    ///
    /// `threads` of `None` takes as many as there are physical cores, fewer for very small models.
    ///
    /// # Errors
    /// The graph is malformed, refused by ONNX Runtime, or no decoder the engine can feed.
    pub(crate) fn load(files: &ModelFiles, threads: Option<usize>) -> Result<Self, Error> {
        let file = files.graph.file();
        let facts = graph_files::check(&files.graph, &file)?;
        let environment = library::environment()?;
        let threads = threads.unwrap_or_else(|| default_threads(facts.weight_bytes));
        let refused = |source: ort::Error| Error::Session {
            file: file.clone(),
            source: Box::new(source),
        };
        let session = session(environment, &files.graph, threads).map_err(refused)?;
        Self::new(session, &files.config, &file, &facts)
    }

    fn new(
        session: Session,
        config: &ModelConfig,
        file: &str,
        facts: &GraphFacts,
    ) -> Result<Self, Error> {
        let signature = Signature::read(&session, config, file)?;
        let cache_kind = if facts.shares_cache {
            CacheKind::Shared
        } else {
            CacheKind::Growing
        };
        let (device, kind) = (AllocationDevice::CPU, AllocatorType::Device);
        let memory = MemoryInfo::new(device, 0, kind, MemoryType::Default).map_err(failed)?;
        Ok(Self {
            session,
            signature,
            cache_kind,
            memory,
            weight_bytes: facts.weight_bytes,
            logits: Vec::new(),
        })
    }

    /// Starts an empty sequence with room for `capacity` tokens.
    ///
    /// # Errors
    /// [`Error::Inference`] when there is no memory for the cache.
    pub(crate) fn start(&self, capacity: usize) -> Result<Sequence, Error> {
        let mut binding = self.session.create_binding().map_err(failed)?;
        let allocator = self.session.allocator();
        self.cache_kind
            .bind_empty(&mut binding, &self.signature.cache, allocator, capacity)
            .map_err(failed)?;
        Ok(Sequence { binding, length: 0 })
    }

    /// Reads `tokens` (at least one) after what `sequence` holds; returns the scores of the next
    /// token, one for each id of the vocabulary.
    ///
    /// # Errors
    /// [`Error::Inference`].
    pub(crate) fn step(
        &mut self,
        sequence: &mut Sequence,
        tokens: &[u32],
    ) -> Result<&[f32], Error> {
        let grown = self.run(sequence, tokens).map_err(failed)?;
        let cache = &self.signature.cache;
        CacheKind::bind_grown(&mut sequence.binding, cache, &grown).map_err(failed)?;
        sequence.length += tokens.len();
        Ok(&self.logits)
    }

    /// Runs the graph once; leaves the scores in `self.logits` and returns the grown cache.
    fn run(&mut self, sequence: &mut Sequence, tokens: &[u32]) -> ort::Result<Vec<DynValue>> {
        let Sequence { binding, length } = sequence;
        let signature = &self.signature;
        for &(input, element) in &signature.inputs {
            let tensor = inputs::tensor(input, element, *length, tokens)?;
            binding.bind_input(input.name(), &tensor)?;
        }
        binding.bind_output_to_device(LOGITS, &self.memory)?;
        self.cache_kind
            .before_step(binding, &signature.cache, &self.memory)?;
        let mut outputs = self.session.run_binding(binding)?;
        let logits = outputs
            .remove(LOGITS)
            .ok_or_else(|| ort::Error::new("no logits came back"))?;
        last_row(
            &logits,
            signature.logits,
            signature.vocabulary,
            &mut self.logits,
        )?;
        self.cache_kind.after_step(&mut outputs, &signature.cache)
    }

    /// Number of token ids.
    pub(crate) fn vocabulary(&self) -> usize {
        self.signature.vocabulary
    }

    /// Bytes of the graph file and its external weights.
    pub(crate) fn weight_bytes(&self) -> u64 {
        self.weight_bytes
    }
}

/// Physical cores, at most as many as the process may use, and no more than there are megabytes
/// of weights: below that, handing work out costs more than it saves.
fn default_threads(weight_bytes: u64) -> usize {
    let cores = num_cpus::get_physical().min(num_cpus::get());
    let worthwhile = usize::try_from(weight_bytes.div_ceil(1 << 20)).unwrap_or(usize::MAX);
    cores.min(worthwhile).max(1)
}

fn session(environment: &Environment, graph: &Graph, threads: usize) -> ort::Result<Session> {
    let mut builder = options(Session::builder(environment)?, threads)?;
    match graph {
        Graph::Bytes(bytes) => builder.commit_from_memory(bytes),
        Graph::File(path) => builder.commit_from_file(path),
    }
}

/// Session settings. Workers spin while a step runs, which is worth about a fifth of decode speed,
/// and stop with it, so that an idle engine costs nothing. Lengths change with every step, so memory patterns and
/// inter-operator threads would only cost.
fn options(builder: SessionBuilder, threads: usize) -> ort::Result<SessionBuilder> {
    Ok(builder
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        .with_memory_pattern(false)?
        .with_config_entry("session.force_spinning_stop", "1")?)
}

/// Copies the last row of logits [1, tokens, vocabulary] into `row`, as float32.
fn last_row(
    logits: &DynValue,
    element: TensorElementType,
    vocabulary: usize,
    row: &mut Vec<f32>,
) -> ort::Result<()> {
    row.clear();
    if element == TensorElementType::Float16 {
        let (_, values) = logits.try_extract_tensor::<half::f16>()?;
        row.extend(tail(values, vocabulary).iter().map(|value| value.to_f32()));
    } else if element == TensorElementType::Bfloat16 {
        let (_, values) = logits.try_extract_tensor::<half::bf16>()?;
        row.extend(tail(values, vocabulary).iter().map(|value| value.to_f32()));
    } else {
        let (_, values) = logits.try_extract_tensor::<f32>()?;
        row.extend_from_slice(tail(values, vocabulary));
    }
    Ok(())
}

fn tail<T>(values: &[T], length: usize) -> &[T] {
    values.split_at(values.len().saturating_sub(length)).1
}

fn failed(source: ort::Error) -> Error {
    Error::Inference {
        source: Box::new(source),
    }
}
