//! Reads an ONNX file's outline without loading it: which operators it uses, what it takes and
//! gives, and where its external weights are.
//!
//! The file is a protocol buffer (`onnx.proto` of ONNX IR version 10). Only the fields needed here
//! are read, the rest is skipped by its length, so that the cost does not grow with the weights.
//! Every place where the format allows a tensor is looked at, so that no weights hide from the
//! checks: nested graphs, attributes, functions, sparse tensors.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Seek},
};

use super::{
    declared::{self, DeclaredTensor},
    protobuf::{Fields, Malformed},
};

/// What the file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// Operator types of all nodes, those of branches, loops and functions included.
    pub(super) operators: BTreeSet<String>,
    /// Locations of external weights, as written in the file, each with the bytes it must hold.
    pub(super) external: BTreeMap<String, u64>,
    /// What the graph takes.
    pub(super) inputs: Vec<DeclaredTensor>,
    /// What it gives.
    pub(super) outputs: Vec<DeclaredTensor>,
    /// Length of the file in bytes.
    pub(super) bytes: u64,
}

/// Reads the outline of an ONNX file.
pub(super) fn outline(source: impl Read + Seek) -> Result<Outline, Malformed> {
    let (mut fields, end) = Fields::of(source)?;
    let mut outline = Outline {
        bytes: end,
        ..Outline::default()
    };
    let mut has_graph = false;
    while let Some((field, length)) = fields.next_part(end)? {
        has_graph |= field == model::GRAPH;
        match Message::Model.inner(field) {
            Some(message) => read(&mut fields, message, length, 0, &mut outline)?,
            None => fields.skip(length)?,
        }
    }
    if has_graph {
        Ok(outline)
    } else {
        Err(fields.malformed("no graph"))
    }
}

/// Which message a field holds, of those that can lead to operators or external weights.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Function,
    SparseTensor,
    Tensor,
}

impl Message {
    /// The message in field `number` of this one, if weights or operators can hide in it.
    fn inner(self, number: u64) -> Option<Self> {
        let fields: &[(u64, Self)] = match self {
            Self::Model => &[
                (model::GRAPH, Self::Graph),
                (model::FUNCTION, Self::Function),
            ],
            Self::Graph => &[
                (graph::NODE, Self::Node),
                (graph::INITIALIZER, Self::Tensor),
                (graph::SPARSE_INITIALIZER, Self::SparseTensor),
            ],
            Self::Node => &[(node::ATTRIBUTE, Self::Attribute)],
            Self::Attribute => &[
                (attribute::TENSOR, Self::Tensor),
                (attribute::GRAPH, Self::Graph),
                (attribute::TENSORS, Self::Tensor),
                (attribute::GRAPHS, Self::Graph),
                (attribute::SPARSE_TENSOR, Self::SparseTensor),
                (attribute::SPARSE_TENSORS, Self::SparseTensor),
            ],
            Self::Function => &[
                (function::NODE, Self::Node),
                (function::ATTRIBUTE, Self::Attribute),
            ],
            Self::SparseTensor => &[
                (sparse::VALUES, Self::Tensor),
                (sparse::INDICES, Self::Tensor),
            ],
            Self::Tensor => &[],
        };
        let found = fields.iter().find(|(field, _)| *field == number);
        found.map(|(_, message)| *message)
    }
}

/// Reads a message of `length` bytes and what it holds, down to the nested graphs of branches and
/// loops.
fn read<S: Read + Seek>(
    fields: &mut Fields<S>,
    message: Message,
    length: u64,
    depth: usize,
    outline: &mut Outline,
) -> Result<(), Malformed> {
    if depth > DEEPEST {
        return Err(fields.malformed("graphs are nested too deeply"));
    }
    let end = fields.offset() + length;
    let mut external = External::default();
    while let Some((field, length)) = fields.next_part(end)? {
        match (message, field) {
            (Message::Node, node::OPERATOR) => {
                outline.operators.insert(fields.text(length)?);
            }
            (Message::Tensor, tensor::EXTERNAL_DATA) => external.read(fields, length)?,
            // Those of branches and loops are theirs alone.
            (Message::Graph, graph::INPUT) if depth == 0 => {
                outline.inputs.push(declared::read(fields, length)?);
            }
            (Message::Graph, graph::OUTPUT) if depth == 0 => {
                outline.outputs.push(declared::read(fields, length)?);
            }
            _ => match message.inner(field) {
                Some(inner) => read(fields, inner, length, depth + 1, outline)?,
                None => fields.skip(length)?,
            },
        }
    }
    if let Some(location) = external.location {
        let wanted = external.offset.checked_add(external.length);
        let wanted = wanted.ok_or_else(|| fields.malformed("a length is impossible"))?;
        let bytes = outline.external.entry(location).or_default();
        *bytes = wanted.max(*bytes);
    }
    Ok(())
}

/// Where a tensor's weights are, outside the file.
#[derive(Default)]
struct External {
    location: Option<String>,
    offset: u64,
    length: u64,
}

impl External {
    /// Reads one entry, a key and its value.
    fn read<S: Read + Seek>(
        &mut self,
        fields: &mut Fields<S>,
        length: u64,
    ) -> Result<(), Malformed> {
        let end = fields.offset() + length;
        let (mut key, mut value) = (String::new(), String::new());
        while let Some((field, length)) = fields.next_part(end)? {
            match field {
                entry::KEY => key = fields.text(length)?,
                entry::VALUE => value = fields.text(length)?,
                _ => fields.skip(length)?,
            }
        }
        let number = || {
            value
                .parse()
                .map_err(|_| fields.malformed("an offset is no number"))
        };
        match key.as_str() {
            "offset" => self.offset = number()?,
            "length" => self.length = number()?,
            "location" => self.location = Some(value),
            _ => {}
        }
        Ok(())
    }
}

/// Deeper than any graph in use: a nested graph adds three levels.
const DEEPEST: usize = 100;

/// Field numbers of `ModelProto`.
mod model {
    pub(super) const GRAPH: u64 = 7;
    pub(super) const FUNCTION: u64 = 25;
}

/// Field numbers of `GraphProto`.
mod graph {
    pub(super) const NODE: u64 = 1;
    pub(super) const INITIALIZER: u64 = 5;
    pub(super) const INPUT: u64 = 11;
    pub(super) const OUTPUT: u64 = 12;
    pub(super) const SPARSE_INITIALIZER: u64 = 15;
}

/// Field numbers of `NodeProto`.
mod node {
    pub(super) const OPERATOR: u64 = 4;
    pub(super) const ATTRIBUTE: u64 = 5;
}

/// Field numbers of `AttributeProto`.
mod attribute {
    pub(super) const TENSOR: u64 = 5;
    pub(super) const GRAPH: u64 = 6;
    pub(super) const TENSORS: u64 = 10;
    pub(super) const GRAPHS: u64 = 11;
    pub(super) const SPARSE_TENSOR: u64 = 22;
    pub(super) const SPARSE_TENSORS: u64 = 23;
}

/// Field numbers of `FunctionProto`.
mod function {
    pub(super) const NODE: u64 = 7;
    pub(super) const ATTRIBUTE: u64 = 11;
}

/// Field numbers of `SparseTensorProto`.
mod sparse {
    pub(super) const VALUES: u64 = 1;
    pub(super) const INDICES: u64 = 2;
}

/// Field numbers of `TensorProto`.
mod tensor {
    pub(super) const EXTERNAL_DATA: u64 = 13;
}

/// Field numbers of `StringStringEntryProto`.
mod entry {
    pub(super) const KEY: u64 = 1;
    pub(super) const VALUE: u64 = 2;
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{super::protobuf::field, *};

    fn small_file() -> Vec<u8> {
        let entry = [field(1, b"location"), field(2, b"weights.bin")].concat();
        let node = [field(1, b"x"), field(4, b"Add")].concat();
        let tensor = [vec![0x08, 3], field(13, &entry)].concat();
        let graph = [field(1, &node), field(5, &tensor)].concat();
        [vec![0x08, 10], field(7, &graph)].concat()
    }

    #[test]
    fn operators_and_external_weights_are_found() {
        let file = small_file();
        let bytes = file.len() as u64;
        let found = outline(Cursor::new(file)).unwrap();
        let expected = Outline {
            operators: ["Add".to_owned()].into(),
            external: [("weights.bin".to_owned(), 0)].into(),
            bytes,
            ..Outline::default()
        };
        assert_eq!(found, expected);
    }

    /// A tensor whose weights are elsewhere.
    fn external_tensor(pairs: &[(&str, &str)]) -> Vec<u8> {
        let entries = pairs.iter().map(|(key, value)| {
            let entry = [field(1, key.as_bytes()), field(2, value.as_bytes())].concat();
            field(13, &entry)
        });
        entries.collect::<Vec<_>>().concat()
    }

    #[test]
    fn weights_are_found_wherever_they_hide() {
        let tensor = external_tensor(&[("location", "w")]);
        let in_node = |attribute: Vec<u8>| field(1, &field(5, &attribute));
        let graph = |content: Vec<u8>| field(7, &content);
        for (place, file) in [
            ("an initializer", graph(field(5, &tensor))),
            ("an attribute", graph(in_node(field(5, &tensor)))),
            ("a list in an attribute", graph(in_node(field(10, &tensor)))),
            ("a branch", graph(in_node(field(6, &field(5, &tensor))))),
            ("a branch of a branch", {
                let inner = in_node(field(6, &field(5, &tensor)));
                graph(in_node(field(11, &inner)))
            }),
            ("a sparse tensor", graph(field(15, &field(1, &tensor)))),
        ] {
            let found = outline(Cursor::new(file)).unwrap();
            assert_eq!(found.external.len(), 1, "{place}");
        }
        // Field numbers above 15 take a second byte.
        let node = field(7, &field(5, &field(5, &tensor)));
        let length = u8::try_from(node.len()).unwrap();
        let function = [vec![0xca, 0x01, length], node].concat();
        let file = [field(7, b""), function].concat();
        assert_eq!(outline(Cursor::new(file)).unwrap().external.len(), 1);
    }

    #[test]
    fn external_weights_say_how_long_their_file_is() {
        let check = |pairs: &[(&str, &str)], expected: Option<u64>| {
            let file = field(7, &field(5, &external_tensor(pairs)));
            let found = outline(Cursor::new(file)).ok();
            assert_eq!(
                found.map(|found| found.external["w"]),
                expected,
                "{pairs:?}"
            );
        };
        check(
            &[("location", "w"), ("offset", "8"), ("length", "4")],
            Some(12),
        );
        check(&[("length", "4"), ("location", "w")], Some(4));
        check(&[("location", "w"), ("offset", "-8")], None);
        let most = u64::MAX.to_string();
        check(
            &[("location", "w"), ("offset", &most), ("length", "1")],
            None,
        );
    }

    #[test]
    fn graphs_nested_without_end_are_refused() {
        // A field whose length takes two bytes.
        let long = |number: u8, content: Vec<u8>| {
            let length = content.len();
            let bytes = [length & 0x7f | 0x80, length >> 7].map(|byte| u8::try_from(byte).unwrap());
            [vec![number << 3 | 2], bytes.to_vec(), content].concat()
        };
        let mut graph = field(4, b"Add");
        for _ in 0..60 {
            graph = long(1, long(5, long(6, graph)));
        }
        let error = outline(Cursor::new(long(7, graph))).unwrap_err();
        assert!(matches!(
            error,
            Malformed::At {
                reason: "graphs are nested too deeply",
                ..
            }
        ));
    }

    #[test]
    fn every_truncation_is_refused() {
        let file = small_file();
        for length in 0..file.len() {
            assert!(
                outline(Cursor::new(&file[..length])).is_err(),
                "{length} bytes"
            );
        }
    }

    #[test]
    fn bytes_that_are_no_onnx_file_are_refused() {
        for bytes in [&b"version https://git-lfs"[..], b"", b"{}", &[0xff; 64]] {
            assert!(outline(Cursor::new(bytes)).is_err());
        }
    }
}
