//! Tensors as a graph file declares them: name, type and shape of inputs and outputs.

use std::io::{Read, Seek};

use super::protobuf::{Content, Fields, Malformed};

/// An input or an output of a graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DeclaredTensor {
    pub(super) name: String,
    /// Number of its element type (`TensorProto.DataType`); 0 where the file does not say.
    element: u64,
    /// Its dimensions, as far as they are fixed.
    pub(super) dimensions: Vec<Option<u64>>,
}

impl DeclaredTensor {
    /// Bytes of one element; `None` for types that no cache is of.
    pub(super) fn element_bytes(&self) -> Option<u64> {
        match self.element {
            FLOAT => Some(4),
            FLOAT16 | BFLOAT16 => Some(2),
            _ => None,
        }
    }
}

/// Reads a `ValueInfoProto` of `length` bytes.
pub(super) fn read<S: Read + Seek>(
    fields: &mut Fields<S>,
    length: u64,
) -> Result<DeclaredTensor, Malformed> {
    let mut tensor = DeclaredTensor::default();
    let end = fields.offset() + length;
    while let Some((field, length)) = fields.next_part(end)? {
        match field {
            value::NAME => tensor.name = fields.text(length)?,
            value::TYPE => read_type(fields, length, &mut tensor)?,
            _ => fields.skip(length)?,
        }
    }
    Ok(tensor)
}

fn read_type<S: Read + Seek>(
    fields: &mut Fields<S>,
    length: u64,
    tensor: &mut DeclaredTensor,
) -> Result<(), Malformed> {
    let end = fields.offset() + length;
    while let Some((field, length)) = fields.next_part(end)? {
        if field != value_type::TENSOR {
            fields.skip(length)?;
            continue;
        }
        let end = fields.offset() + length;
        while let Some((field, content)) = fields.next(end)? {
            match (field, content) {
                (tensor_type::ELEMENT, Content::Number(element)) => tensor.element = element,
                (tensor_type::SHAPE, Content::Part(length)) => {
                    tensor.dimensions = read_shape(fields, length)?;
                }
                (_, Content::Part(length)) => fields.skip(length)?,
                (_, Content::Number(_)) => {}
            }
        }
    }
    Ok(())
}

/// The dimensions; `None` for one that only has a name, or a size that is none.
fn read_shape<S: Read + Seek>(
    fields: &mut Fields<S>,
    length: u64,
) -> Result<Vec<Option<u64>>, Malformed> {
    let mut dimensions = Vec::new();
    let end = fields.offset() + length;
    while let Some((field, length)) = fields.next_part(end)? {
        if field != shape::DIMENSION {
            fields.skip(length)?;
            continue;
        }
        let end = fields.offset() + length;
        let mut size = None;
        while let Some((field, content)) = fields.next(end)? {
            match (field, content) {
                // Those that read as negative stand for any size.
                (dimension::VALUE, Content::Number(number)) => {
                    size = i64::try_from(number).is_ok().then_some(number);
                }
                (_, Content::Part(length)) => fields.skip(length)?,
                (_, Content::Number(_)) => {}
            }
        }
        dimensions.push(size);
    }
    Ok(dimensions)
}

/// Values of `TensorProto.DataType`.
const FLOAT: u64 = 1;
const FLOAT16: u64 = 10;
const BFLOAT16: u64 = 16;

/// Field numbers of `ValueInfoProto`.
mod value {
    pub(super) const NAME: u64 = 1;
    pub(super) const TYPE: u64 = 2;
}

/// Field numbers of `TypeProto`.
mod value_type {
    pub(super) const TENSOR: u64 = 1;
}

/// Field numbers of `TypeProto.Tensor`.
mod tensor_type {
    pub(super) const ELEMENT: u64 = 1;
    pub(super) const SHAPE: u64 = 2;
}

/// Field numbers of `TensorShapeProto`.
mod shape {
    pub(super) const DIMENSION: u64 = 1;
}

/// Field numbers of `TensorShapeProto.Dimension`.
mod dimension {
    pub(super) const VALUE: u64 = 1;
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{super::protobuf::field, *};

    #[test]
    fn a_declared_tensor_has_its_type_and_the_sizes_that_are_fixed() {
        let size = |bytes: &[u8]| field(1, &[&[0x08], bytes].concat());
        let named = field(1, &field(2, b"batch"));
        let minus_one = [[0xff; 9].as_slice(), &[0x01]].concat();
        let shape = [named, size(&[2]), size(&minus_one), size(&[0x80, 0x02])].concat();
        let tensor = [vec![0x08, 10], field(2, &shape)].concat();
        let value = [field(1, b"past"), field(2, &field(1, &tensor))].concat();
        let (mut fields, end) = Fields::of(Cursor::new(value)).unwrap();
        let read = read(&mut fields, end).unwrap();
        assert_eq!(read.name, "past");
        assert_eq!(read.element_bytes(), Some(2));
        assert_eq!(read.dimensions, [None, Some(2), None, Some(256)]);
    }
}
