//! What a decoder graph takes and gives, read from its inputs and outputs and not assumed.

use std::{collections::BTreeSet, ffi::CStr};

use ort::{
    session::Session,
    value::{Outlet, TensorElementType, ValueType},
};

use super::{adapter::OptionalInput, slab::Heads};
use crate::{
    Error,
    model::{CacheNames, ModelConfig},
};

/// Inputs and outputs of a decoder graph.
#[derive(Debug)]
pub(super) struct Signature {
    /// Inputs that say what to read, with their element types.
    pub(super) inputs: Vec<(Input, TensorElementType)>,
    /// Element type of `logits`.
    pub(super) logits: TensorElementType,
    /// Number of token ids.
    pub(super) vocabulary: usize,
    /// Keys and values of all layers.
    pub(super) cache: Vec<CacheTensor>,
    /// Inputs that adapters give.
    pub(super) optional: Vec<OptionalInput>,
}

/// An input that is written anew for every step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// `input_ids` [rows, new].
    TokenIds,
    /// `attention_mask` [rows, past + new], ones, with zeros after the end of shorter rows.
    AttentionMask,
    /// `position_ids` [rows, new].
    PositionIds,
    /// `num_logits_to_keep`, a number: 1 asks for the last token's logits only.
    LogitsToKeep,
    /// `use_cache_branch` [1]: whether there is a past, for graphs with two branches.
    UseCacheBranch,
}

impl Input {
    const ALL: [Self; 5] = [
        Self::TokenIds,
        Self::AttentionMask,
        Self::PositionIds,
        Self::LogitsToKeep,
        Self::UseCacheBranch,
    ];

    /// Name of the graph's input.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TokenIds => "input_ids",
            Self::AttentionMask => "attention_mask",
            Self::PositionIds => "position_ids",
            Self::LogitsToKeep => "num_logits_to_keep",
            Self::UseCacheBranch => "use_cache_branch",
        }
    }

    /// The same name as ONNX Runtime takes it.
    pub(super) fn c_name(self) -> &'static CStr {
        match self {
            Self::TokenIds => c"input_ids",
            Self::AttentionMask => c"attention_mask",
            Self::PositionIds => c"position_ids",
            Self::LogitsToKeep => c"num_logits_to_keep",
            Self::UseCacheBranch => c"use_cache_branch",
        }
    }

    /// Number of dimensions the engine fills.
    fn rank(self) -> usize {
        match self {
            Self::TokenIds | Self::AttentionMask | Self::PositionIds => 2,
            Self::UseCacheBranch => 1,
            Self::LogitsToKeep => 0,
        }
    }

    fn takes(self, element: TensorElementType) -> bool {
        if self == Self::UseCacheBranch {
            element == TensorElementType::Bool
        } else {
            matches!(element, TensorElementType::Int64 | TensorElementType::Int32)
        }
    }
}

/// The keys or the values of one layer, [rows, heads, tokens, head size].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CacheTensor {
    /// Name of the graph's input.
    pub(super) past: String,
    /// Name of the graph's output.
    pub(super) present: String,
    /// Element type.
    pub(super) element: TensorElementType,
    /// Number of heads.
    pub(super) heads: usize,
    /// Width of a head.
    pub(super) head_size: usize,
}

impl CacheTensor {
    /// Shape of one row.
    pub(super) fn heads(&self) -> Heads {
        Heads {
            count: self.heads,
            token_bytes: self.element.byte_size(self.head_size).unwrap_or(0),
        }
    }
}

impl Signature {
    /// Bytes of keys and values that one token takes in all layers.
    pub(super) fn token_bytes(&self) -> usize {
        let bytes = |tensor: &CacheTensor| tensor.heads().slab_bytes(1);
        self.cache.iter().map(bytes).sum()
    }

    /// Whether two graphs can work on one cache and be fed from the same buffers. One may want inputs
    /// that the other does without.
    pub(super) fn fits(&self, other: &Self) -> bool {
        let agrees = |(input, element): &(Input, TensorElementType)| {
            let others = other.inputs.iter();
            others
                .filter(|(name, _)| name == input)
                .all(|(_, other)| other == element)
        };
        self.cache == other.cache
            && self.logits == other.logits
            && self.vocabulary == other.vocabulary
            && self.inputs.iter().all(agrees)
    }

    /// Reads the signature of a session's graph; `file` names it in errors.
    ///
    /// # Errors
    /// [`Error::NotADecoder`] or [`Error::InputUnsupported`].
    pub(super) fn read(session: &Session, config: &ModelConfig, file: &str) -> Result<Self, Error> {
        let graph = GraphEnds {
            inputs: session.inputs(),
            outputs: session.outputs(),
            file,
        };
        let cache = graph.cache(config)?;
        let inputs = graph.step_inputs(&cache)?;
        let (logits, vocabulary) = graph.logits()?;
        Ok(Self {
            inputs,
            logits,
            vocabulary,
            cache,
            optional: OptionalInput::all(session),
        })
    }
}

/// The graph's inputs and outputs while they are being read.
struct GraphEnds<'a> {
    inputs: &'a [Outlet],
    outputs: &'a [Outlet],
    file: &'a str,
}

impl GraphEnds<'_> {
    /// The cache, layer by layer until a layer has none.
    fn cache(&self, config: &ModelConfig) -> Result<Vec<CacheTensor>, Error> {
        let CacheNames { past, present } = &config.cache_names;
        let mut cache = Vec::new();
        for layer in 0.. {
            let layer = layer.to_string();
            let before = cache.len();
            for (past, present) in past.iter().zip(present) {
                let (past, present) = (past.replace("%d", &layer), present.replace("%d", &layer));
                if let Some(input) = self.inputs.iter().find(|input| input.name() == past) {
                    cache.push(self.cache_tensor(input, present, config)?);
                }
            }
            if cache.len() == before {
                break;
            }
        }
        if cache.is_empty() {
            return Err(self.not_a_decoder(format!("no input is called `{}`", past.join("` or `"))));
        }
        Ok(cache)
    }

    fn cache_tensor(
        &self,
        input: &Outlet,
        present: String,
        config: &ModelConfig,
    ) -> Result<CacheTensor, Error> {
        let past = input.name().to_owned();
        let refused = |reason: &str| Err(self.unsupported(&past, reason));
        if !self.outputs.iter().any(|output| output.name() == present) {
            return Err(self.not_a_decoder(format!("no output is called `{present}`")));
        }
        let Some((element, dimensions)) = tensor(input.dtype()) else {
            return refused("it is no tensor");
        };
        let &[batch, heads, tokens, head_size] = dimensions else {
            return refused("a cache of four dimensions is expected");
        };
        if let Some(reason) = fixed_batch(batch) {
            return refused(&reason);
        }
        if !matches!(
            element,
            TensorElementType::Float32 | TensorElementType::Float16
        ) {
            return refused("a cache of float32 or float16 is expected");
        }
        if tokens >= 0 {
            let reason = format!("its length is fixed at {tokens}, expected any length");
            return refused(&reason);
        }
        let size = |fixed: i64, configured| usize::try_from(fixed).ok().or(configured);
        let Some(heads) = size(heads, config.kv_heads) else {
            return refused("neither the graph nor a configuration file gives the number of heads");
        };
        let Some(head_size) = size(head_size, config.head_size) else {
            return refused("neither the graph nor a configuration file gives the size of a head");
        };
        Ok(CacheTensor {
            past,
            present,
            element,
            heads,
            head_size,
        })
    }

    /// The inputs beside the cache; each must be one the engine knows how to fill.
    fn step_inputs(&self, cache: &[CacheTensor]) -> Result<Vec<(Input, TensorElementType)>, Error> {
        let cached: BTreeSet<&str> = cache.iter().map(|tensor| tensor.past.as_str()).collect();
        let mut inputs = Vec::new();
        for outlet in self
            .inputs
            .iter()
            .filter(|outlet| !cached.contains(outlet.name()))
        {
            let name = outlet.name();
            let Some(input) = Input::ALL.into_iter().find(|input| input.name() == name) else {
                return Err(self.unsupported(name, "it is not an input of plain text decoders"));
            };
            match tensor(outlet.dtype()) {
                Some((element, dimensions))
                    if input.takes(element) && dimensions.len() == input.rank() =>
                {
                    if let Some(reason) = fixed(dimensions) {
                        return Err(self.unsupported(name, &reason));
                    }
                    inputs.push((input, element));
                }
                _ => return Err(self.unsupported(name, "its type or shape is not the usual one")),
            }
        }
        if inputs.iter().any(|(input, _)| *input == Input::TokenIds) {
            Ok(inputs)
        } else {
            Err(self.not_a_decoder("no input is called `input_ids`".to_owned()))
        }
    }

    /// Element type of the logits, and the size of the vocabulary.
    fn logits(&self) -> Result<(TensorElementType, usize), Error> {
        let output = self.outputs.iter().find(|output| output.name() == LOGITS);
        let Some((element, dimensions)) = output.and_then(|output| tensor(output.dtype())) else {
            return Err(self.not_a_decoder(format!("no output is called `{LOGITS}`")));
        };
        let known = matches!(
            element,
            TensorElementType::Float32 | TensorElementType::Float16 | TensorElementType::Bfloat16
        );
        match dimensions {
            &[_, _, vocabulary] if known => match usize::try_from(vocabulary) {
                Ok(vocabulary) => Ok((element, vocabulary)),
                Err(_) => Err(self.not_a_decoder("the vocabulary's size is not fixed".to_owned())),
            },
            _ => Err(self.not_a_decoder(format!(
                "`{LOGITS}` is {element} {dimensions:?}, expected floats in three dimensions"
            ))),
        }
    }

    fn not_a_decoder(&self, reason: String) -> Error {
        Error::NotADecoder {
            file: self.file.to_owned(),
            reason,
        }
    }

    fn unsupported(&self, input: &str, reason: &str) -> Error {
        Error::InputUnsupported {
            file: self.file.to_owned(),
            input: input.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// Why an input [batch, tokens] can't be filled: a size that other texts than one will have.
fn fixed(dimensions: &[i64]) -> Option<String> {
    let batch = dimensions.first().copied().and_then(fixed_batch);
    batch.or_else(|| {
        let tokens = dimensions.get(1).copied().filter(|tokens| *tokens >= 0);
        tokens.map(|tokens| format!("its length is fixed at {tokens}, expected any length"))
    })
}

fn fixed_batch(batch: i64) -> Option<String> {
    (batch > 1).then(|| format!("its batch is fixed at {batch}, expected 1 or any"))
}

/// Element type and dimensions of a tensor; open dimensions are -1.
fn tensor(value: &ValueType) -> Option<(TensorElementType, &[i64])> {
    match value {
        ValueType::Tensor { ty, shape, .. } => Some((*ty, shape)),
        ValueType::Sequence(_) | ValueType::Map { .. } | ValueType::Optional(_) => None,
    }
}

/// Name of the output that holds the scores.
pub(super) const LOGITS: &str = "logits";

/// The same name as ONNX Runtime takes it.
pub(super) const LOGITS_C: &CStr = c"logits";
