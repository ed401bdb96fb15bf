//! Reads ONNX Runtime's adapter files (`.onnx_adapter`): named tensors in `FlatBuffers`.
//!
//! The schema is `lora/adapter_format/adapter_schema.fbs` of ONNX Runtime, format version 1.
//! Guarantee: a file is verified whole before anything of it is read, in time and memory bounded by
//! its length.
#![expect(
    unsafe_code,
    reason = "fields of a verified buffer are read by their place in the schema"
)]

use flatbuffers::{
    Follow, ForwardsUOffset, InvalidFlatbuffer, Table, VOffsetT, Vector, Verifiable, Verifier,
    VerifierOptions, buffer_has_identifier, root_with_opts,
};
use ort::value::TensorElementType;

use crate::error::Cause;

/// A tensor of an adapter file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter<'a> {
    /// Name of the graph input that it is for.
    pub(super) name: &'a str,
    /// Element type.
    pub(super) element: TensorElementType,
    pub(super) shape: Vector<'a, i64>,
    /// The elements, little-endian, the last dimension innermost.
    pub(super) bytes: &'a [u8],
}

/// The tensors of an adapter file.
///
/// # Errors
/// The file is no adapter file, is damaged, or holds what the engine does not know.
pub(super) fn parameters(file: &[u8]) -> Result<Vec<Parameter<'_>>, Cause> {
    if file.len() < SHORTEST || !buffer_has_identifier(file, IDENTIFIER, false) {
        return Err("it does not begin as one".into());
    }
    let options = VerifierOptions {
        // Lists are not shared in files that are written by ONNX Runtime.
        max_apparent_size: file.len().saturating_mul(2),
        ..VerifierOptions::default()
    };
    let AdapterTable(adapter) = root_with_opts::<AdapterTable<'_>>(&options, file)?;
    // SAFETY: both fields were verified with these types.
    let (version, parameters) = unsafe {
        (
            adapter.get::<i32>(field::FORMAT_VERSION, Some(0)),
            adapter.get::<List<'_, ParameterOffset<'_>>>(field::PARAMETERS, None),
        )
    };
    if version != Some(FORMAT_VERSION) {
        return Err(format!("its format version is not {FORMAT_VERSION}").into());
    }
    let parameters = parameters.into_iter().flatten();
    parameters.map(parameter).collect()
}

fn parameter(ParameterTable(table): ParameterTable<'_>) -> Result<Parameter<'_>, Cause> {
    // SAFETY: the fields were verified with these types.
    let (name, shape, element, bytes) = unsafe {
        (
            table.get::<ForwardsUOffset<&str>>(field::NAME, None),
            table.get::<List<'_, i64>>(field::DIMS, None),
            table.get::<i32>(field::DATA_TYPE, Some(0)),
            table.get::<List<'_, u8>>(field::RAW_DATA, None),
        )
    };
    let (Some(name), Some(shape), Some(bytes)) = (name, shape, bytes) else {
        return Err("a tensor lacks its name, shape or data".into());
    };
    // Numbered as in ONNX (`TensorProto.DataType`).
    let element = match element {
        Some(1) => TensorElementType::Float32,
        Some(10) => TensorElementType::Float16,
        Some(16) => TensorElementType::Bfloat16,
        _ => return Err(format!("`{name}` holds no floats of 16 or 32 bits").into()),
    };
    Ok(Parameter {
        name,
        element,
        shape,
        bytes: bytes.bytes(),
    })
}

/// `table Adapter`.
struct AdapterTable<'a>(Table<'a>);

/// `table Parameter`.
struct ParameterTable<'a>(Table<'a>);

type ParameterOffset<'a> = ForwardsUOffset<ParameterTable<'a>>;
type List<'a, T> = ForwardsUOffset<Vector<'a, T>>;

impl<'a> Follow<'a> for AdapterTable<'a> {
    type Inner = Self;

    unsafe fn follow(buffer: &'a [u8], place: usize) -> Self {
        // SAFETY: the caller found a table there.
        Self(unsafe { Table::new(buffer, place) })
    }
}

impl<'a> Follow<'a> for ParameterTable<'a> {
    type Inner = Self;

    unsafe fn follow(buffer: &'a [u8], place: usize) -> Self {
        // SAFETY: the caller found a table there.
        Self(unsafe { Table::new(buffer, place) })
    }
}

impl Verifiable for AdapterTable<'_> {
    fn run_verifier(
        verifier: &mut Verifier<'_, '_>,
        place: usize,
    ) -> Result<(), InvalidFlatbuffer> {
        verifier
            .visit_table(place)?
            .visit_field::<i32>("format_version", field::FORMAT_VERSION, false)?
            .visit_field::<List<'_, ParameterOffset<'_>>>("parameters", field::PARAMETERS, false)?
            .finish();
        Ok(())
    }
}

impl Verifiable for ParameterTable<'_> {
    fn run_verifier(
        verifier: &mut Verifier<'_, '_>,
        place: usize,
    ) -> Result<(), InvalidFlatbuffer> {
        verifier
            .visit_table(place)?
            .visit_field::<ForwardsUOffset<&str>>("name", field::NAME, false)?
            .visit_field::<List<'_, i64>>("dims", field::DIMS, false)?
            .visit_field::<i32>("data_type", field::DATA_TYPE, false)?
            .visit_field::<List<'_, u8>>("raw_data", field::RAW_DATA, false)?
            .finish();
        Ok(())
    }
}

/// Places of fields in their tables: 4 for the first of the schema, 2 more for each that follows.
mod field {
    use super::VOffsetT;

    /// Of `Adapter`.
    pub(super) const FORMAT_VERSION: VOffsetT = 4;
    pub(super) const PARAMETERS: VOffsetT = 10;

    /// Of `Parameter`.
    pub(super) const NAME: VOffsetT = 4;
    pub(super) const DIMS: VOffsetT = 6;
    pub(super) const DATA_TYPE: VOffsetT = 8;
    pub(super) const RAW_DATA: VOffsetT = 10;
}

const IDENTIFIER: &str = "TORT";
const FORMAT_VERSION: i32 = 1;

/// An offset and the identifier.
const SHORTEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const BLUE: &[u8] =
        include_bytes!("../../testdata/exported/tiny-llama-adapters/adapters/blue.onnx_adapter");

    #[test]
    fn a_file_of_onnx_runtime_gives_its_tensors() {
        let parameters = parameters(BLUE).unwrap();
        assert_eq!(parameters.len(), 4);
        let name = "model.layers.1.attn.qkv_proj.lora_A.MatMul.weight";
        let factor = parameters.iter().find(|parameter| parameter.name == name);
        let factor = factor.unwrap();
        assert_eq!(factor.element, TensorElementType::Float32);
        assert_eq!(factor.shape.iter().collect::<Vec<_>>(), [32, 12]);
        assert_eq!(factor.bytes.len(), 32 * 12 * 4);
    }

    #[test]
    fn damaged_files_are_refused_or_hold_tensors_within_the_file() {
        // The last three bytes may be padding.
        for length in 0..BLUE.len() - 3 {
            let (cut, _) = BLUE.split_at(length);
            assert!(parameters(cut).is_err(), "{length} bytes");
        }
        for place in 0..BLUE.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut damaged = BLUE.to_vec();
                damaged[place] = value;
                for parameter in parameters(&damaged).into_iter().flatten() {
                    assert!(parameter.name.len() + parameter.bytes.len() < BLUE.len());
                }
            }
        }
    }

    #[test]
    fn other_files_are_refused() {
        for bytes in [&b""[..], b"{}", b"version https://git-lfs", &[0xff; 64]] {
            assert!(parameters(bytes).is_err());
        }
    }
}
