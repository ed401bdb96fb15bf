//! LoRA adapters: tensors that a run gives for optional inputs of the graph.
//!
//! A graph that takes adapters has an input for each factor, with an empty one as its default. Here
//! the tensors of an adapter file are checked against those inputs and bound to them. Guarantees: a
//! damaged file is refused when the model is opened, and one that does not fit when it is loaded,
//! by the name of the tensor; a binding has the tensors of one adapter or of none. (ONNX Runtime's
//! own call for adapters has no effect on runs with a binding, and says what is wrong with a file
//! only when it is used.)

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use ort::{
    memory::Allocator,
    session::{IoBinding, Session},
    value::{DynTensor, TensorElementType, ValueType},
};

use super::{
    adapter_file::{self, Parameter},
    binding,
};
use crate::{AdapterSummary, Error, model::AdapterFile};

/// Which of a model's adapters: its place among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AdapterId(pub(crate) usize);

/// The adapters of a model, the same for all graphs of a pair and for all requests.
#[derive(Debug)]
pub(super) struct Adapters(Vec<Adapter>);

/// An adapter in memory.
#[derive(Debug)]
struct Adapter {
    /// By the name of the input.
    tensors: Vec<(String, DynTensor)>,
}

/// An optional input of a graph.
#[derive(Debug)]
pub(super) struct OptionalInput {
    name: String,
    element: TensorElementType,
    shape: Vec<Dimension>,
}

/// A dimension of an input.
#[derive(Debug)]
struct Dimension {
    /// `None` where the graph leaves it open.
    size: Option<usize>,
    /// What an open one is called; those of one name have one size in each run.
    name: String,
}

impl Adapters {
    /// Reads the adapters that were [summarized](summarize) for all of `graphs`, each with the name
    /// of its file.
    ///
    /// # Errors
    /// [`Error::FileUnreadable`], [`Error::AdapterMalformed`], [`Error::AdapterUnsupported`],
    /// [`Error::AdapterMismatch`], [`Error::ModelChanged`].
    pub(super) fn read(
        summaries: &[AdapterSummary],
        graphs: &[(&str, &[OptionalInput])],
    ) -> Result<Self, Error> {
        let adapters = summaries.iter();
        let adapters = adapters.map(|summary| Adapter::read(summary, graphs));
        Ok(Self(adapters.collect::<Result<_, _>>()?))
    }

    /// Has every run of a binding use an adapter; a new binding uses none.
    ///
    /// # Errors
    /// There is no such adapter, or the graph has no such input.
    pub(super) fn bind(
        &self,
        binding: &mut IoBinding,
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        let Some(AdapterId(index)) = adapter else {
            return Ok(());
        };
        let adapter = self.0.get(index);
        let adapter = adapter.ok_or_else(|| ort::Error::new("there is no such adapter"))?;
        for (name, tensor) in &adapter.tensors {
            binding.bind_input(name.as_str(), tensor)?;
        }
        Ok(())
    }
}

impl Adapter {
    fn read(summary: &AdapterSummary, graphs: &[(&str, &[OptionalInput])]) -> Result<Self, Error> {
        let path = &summary.file;
        let file = read(path)?;
        let parameters = parameters(&file, path)?;
        for (graph, inputs) in graphs {
            if inputs.is_empty() {
                return Err(Error::AdapterUnsupported {
                    graph: (*graph).to_owned(),
                });
            }
            check(&parameters, inputs).map_err(|(tensor, reason)| Error::AdapterMismatch {
                path: path.clone(),
                graph: (*graph).to_owned(),
                tensor,
                reason,
            })?;
        }
        if bytes(&parameters) != summary.bytes {
            return Err(Error::ModelChanged {
                file: path.display().to_string(),
            });
        }
        let tensors = parameters.iter().map(tensor).collect::<ort::Result<_>>();
        Ok(Self {
            tensors: tensors.map_err(Error::inference)?,
        })
    }
}

impl OptionalInput {
    /// Those of a session's graph.
    pub(super) fn all(session: &Session) -> Vec<Self> {
        let optional = session.overridable_initializers();
        let inputs = optional.iter().filter_map(|input| match input.dtype() {
            ValueType::Tensor {
                ty,
                shape,
                dimension_symbols,
            } => Some(Self {
                name: input.name().to_owned(),
                element: *ty,
                shape: shape
                    .iter()
                    .zip(dimension_symbols.iter())
                    .map(|(&size, name)| Dimension {
                        size: usize::try_from(size).ok(),
                        name: name.clone(),
                    })
                    .collect(),
            }),
            ValueType::Sequence(_) | ValueType::Map { .. } | ValueType::Optional(_) => None,
        });
        inputs.collect()
    }

    /// Why a tensor can't be given for this input.
    fn refusal(&self, tensor: &Parameter<'_>, shape: &[usize]) -> Option<String> {
        if tensor.element != self.element {
            let (given, expected) = (tensor.element, self.element);
            return Some(format!("holds {given}, expected {expected}"));
        }
        let fits = |(given, expected): (&usize, &Dimension)| {
            expected.size.is_none_or(|expected| *given == expected)
        };
        if shape.len() != self.shape.len() || !shape.iter().zip(&self.shape).all(fits) {
            let open = |dimension: &Dimension| match dimension.size {
                Some(size) => size.to_string(),
                None => "any".to_owned(),
            };
            let expected: Vec<String> = self.shape.iter().map(open).collect();
            let expected = expected.join(", ");
            return Some(format!("is {shape:?}, expected [{expected}]"));
        }
        let elements = shape.iter().product();
        (self.element.byte_size(elements) != Some(tensor.bytes.len()))
            .then(|| format!("has {} bytes, not those of its shape", tensor.bytes.len()))
    }
}

/// What a file says about an adapter, before the model is loaded.
///
/// # Errors
/// [`Error::FileUnreadable`], [`Error::AdapterMalformed`].
pub(super) fn summarize(AdapterFile { name, path }: &AdapterFile) -> Result<AdapterSummary, Error> {
    let file = read(path)?;
    Ok(AdapterSummary {
        name: name.clone(),
        file: path.clone(),
        bytes: bytes(&parameters(&file, path)?),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::FileUnreadable {
        path: path.to_owned(),
        source,
    })
}

fn parameters<'a>(file: &'a [u8], path: &Path) -> Result<Vec<Parameter<'a>>, Error> {
    adapter_file::parameters(file).map_err(|source| Error::AdapterMalformed {
        path: path.to_owned(),
        source,
    })
}

/// Bytes of all tensors.
fn bytes(parameters: &[Parameter<'_>]) -> u64 {
    let bytes = parameters.iter().map(|parameter| parameter.bytes.len());
    bytes.sum::<usize>() as u64
}

/// Checks that each tensor is one of the inputs, once, and that sizes of one name are equal.
///
/// # Errors
/// The name of a tensor, and what is wrong with it in words that follow its name.
fn check(parameters: &[Parameter<'_>], inputs: &[OptionalInput]) -> Result<(), (String, String)> {
    let mut seen = BTreeSet::new();
    let mut sizes = BTreeMap::new();
    for parameter in parameters {
        let refused = |reason: String| Err((parameter.name.to_owned(), reason));
        let input = inputs.iter().find(|input| input.name == parameter.name);
        let Some(input) = input else {
            return refused("is no optional input of the graph".to_owned());
        };
        if !seen.insert(parameter.name) {
            return refused("is there twice".to_owned());
        }
        let Some(shape) = shape(parameter) else {
            return refused("has an impossible shape".to_owned());
        };
        if let Some(reason) = input.refusal(parameter, &shape) {
            return refused(reason);
        }
        let open = input.shape.iter().zip(&shape);
        for (dimension, &size) in open.filter(|(dimension, _)| !dimension.name.is_empty()) {
            let (other, expected) = *sizes
                .entry(dimension.name.as_str())
                .or_insert((parameter.name, size));
            if size != expected {
                return refused(format!("has rank {size} where `{other}` has {expected}"));
            }
        }
    }
    Ok(())
}

/// The shape, if its product is a size.
fn shape(parameter: &Parameter<'_>) -> Option<Vec<usize>> {
    let sizes = parameter
        .shape
        .iter()
        .map(|size| usize::try_from(size).ok());
    let shape: Vec<usize> = sizes.collect::<Option<_>>()?;
    let elements = shape
        .iter()
        .try_fold(1_usize, |all, size| all.checked_mul(*size))?;
    elements.checked_mul(size_of::<f64>())?;
    Some(shape)
}

/// A tensor of ONNX Runtime's own memory, which bindings share without a copy.
fn tensor(parameter: &Parameter<'_>) -> ort::Result<(String, DynTensor)> {
    let mut tensor = DynTensor::new(
        &Allocator::default(),
        parameter.element,
        parameter.shape.iter().collect::<Vec<i64>>(),
    )?;
    binding::bytes(&mut tensor).copy_from_slice(parameter.bytes);
    Ok((parameter.name.to_owned(), tensor))
}
