//! The tensors that are made anew for every step.

use ort::value::{DynTensor, PrimitiveTensorElementType, Tensor, TensorElementType};

use super::signature::Input;

/// The tensor for `input` when `tokens` follow `past` earlier ones.
pub(super) fn tensor(
    input: Input,
    element: TensorElementType,
    past: usize,
    tokens: &[u32],
) -> ort::Result<DynTensor> {
    let new = tokens.len();
    let total = past + new;
    match input {
        Input::TokenIds => integers(element, &[1, new], tokens.iter().map(|id| i64::from(*id))),
        Input::AttentionMask => integers(element, &[1, total], std::iter::repeat_n(1, total)),
        Input::PositionIds => integers(element, &[1, new], (past..total).map(as_i64)),
        Input::LogitsToKeep => integers(element, &[], std::iter::once(1)),
        Input::UseCacheBranch => owned(&[1], vec![past > 0]),
    }
}

/// 64-bit integers, or 32-bit ones where the graph wants them.
fn integers(
    element: TensorElementType,
    shape: &[usize],
    values: impl Iterator<Item = i64>,
) -> ort::Result<DynTensor> {
    if element == TensorElementType::Int32 {
        // Ids and positions are far below 2^31: both are bounded by the context and vocabulary.
        owned(
            shape,
            values
                .map(|value| i32::try_from(value).unwrap_or(i32::MAX))
                .collect(),
        )
    } else {
        owned(shape, values.collect())
    }
}

/// A tensor that owns its memory, so that binding it copies nothing.
fn owned<T>(shape: &[usize], values: Vec<T>) -> ort::Result<DynTensor>
where
    T: PrimitiveTensorElementType + std::fmt::Debug + Clone + 'static,
{
    Ok(Tensor::from_array((shape.to_vec(), values))?.upcast())
}

fn as_i64(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
