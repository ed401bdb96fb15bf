//! Checks a graph's files before ONNX Runtime reads them, so that a broken download is named as
//! such, and no graph reads files outside its own folder.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Cursor,
    path::{Component, Path, PathBuf},
};

use super::{
    declared::DeclaredTensor,
    protobuf::Malformed,
    scan::{self, Outline},
};
use crate::{Error, model::Graph};

/// What the files say about the graph, beyond its inputs and outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GraphFacts {
    /// Attention writes its cache in place, so past and present may share memory.
    pub(super) shares_cache: bool,
    /// Scales that depend on everything a run reads, so that rows and tokens read together round
    /// differently than alone.
    pub(super) quantizes_runs: bool,
    /// Bytes of the graph file.
    pub(super) file_bytes: u64,
    /// Bytes of its external weights.
    pub(super) external_bytes: u64,
}

impl GraphFacts {
    /// Bytes of the graph file and its external weights.
    pub(super) fn weight_bytes(self) -> u64 {
        self.file_bytes.saturating_add(self.external_bytes)
    }
}

/// A graph whose files are sound.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) facts: GraphFacts,
    /// What the graph takes, as its file declares it.
    pub(super) inputs: Vec<DeclaredTensor>,
    /// What it gives.
    pub(super) outputs: Vec<DeclaredTensor>,
}

/// Reads the outline of a graph and checks its external weights; `file` names it in errors.
///
/// # Errors
/// [`Error::GraphMalformed`], [`Error::FileUnreadable`] or [`Error::ExternalData`].
pub(super) fn check(graph: &Graph, file: &str) -> Result<Checked, Error> {
    let (outline, path) = match graph {
        Graph::Bytes(bytes) => (scan::outline(Cursor::new(bytes)), None),
        Graph::File(path) => {
            let opened = File::open(path).map_err(Malformed::Io);
            (opened.and_then(scan::outline), Some(path.as_path()))
        }
    };
    let outline = outline.map_err(|malformed| named(malformed, file))?;
    let facts = GraphFacts {
        shares_cache: outline.operators.contains("GroupQueryAttention"),
        quantizes_runs: outline.operators.contains("DynamicQuantizeLinear")
            || outline.operators.contains("DynamicQuantizeMatMul"),
        file_bytes: outline.bytes,
        external_bytes: external_bytes(&outline, path, file)?,
    };
    Ok(Checked {
        facts,
        inputs: outline.inputs,
        outputs: outline.outputs,
    })
}

/// Locations of a graph's external weights, as written in its file.
///
/// # Errors
/// [`Error::GraphMalformed`] or [`Error::FileUnreadable`].
pub(crate) fn external_files(path: &Path) -> Result<BTreeSet<String>, Error> {
    let outline = File::open(path)
        .map_err(Malformed::Io)
        .and_then(scan::outline);
    let outline = outline.map_err(|malformed| named(malformed, &path.display().to_string()))?;
    Ok(outline.external.into_keys().collect())
}

/// Bytes of the external weights, each of which must lie beside `graph` and be as long as the graph
/// says.
fn external_bytes(outline: &Outline, graph: Option<&Path>, file: &str) -> Result<u64, Error> {
    let mut bytes = 0;
    let folder = graph.and_then(Path::parent);
    let roots = graph.map(roots).unwrap_or_default();
    for (location, &wanted) in &outline.external {
        let refused = |problem| Error::ExternalData {
            file: file.to_owned(),
            location: location.clone(),
            problem,
        };
        let plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        let Some(folder) = folder.filter(|_| Path::new(location).components().all(plain)) else {
            return Err(refused("is outside the model's folder"));
        };
        let real = folder.join(location).canonicalize();
        let real = real.map_err(|_| refused("does not exist"))?;
        if !roots.iter().any(|root| real.starts_with(root)) {
            return Err(refused("is outside the model's folder"));
        }
        let metadata = real.metadata().map_err(|_| refused("does not exist"))?;
        if !metadata.is_file() {
            return Err(refused("is no file"));
        }
        if metadata.len() < wanted {
            return Err(refused("is shorter than the graph says"));
        }
        bytes += metadata.len();
    }
    Ok(bytes)
}

/// The graph's folder, and the one that its file really lies in: the Hugging Face cache keeps both
/// the graph and its weights as links to files of another folder.
fn roots(graph: &Path) -> Vec<PathBuf> {
    let real = graph.canonicalize().ok();
    let real = real.as_deref().and_then(Path::parent).map(PathBuf::from);
    let folder = graph.parent().and_then(|folder| folder.canonicalize().ok());
    real.into_iter().chain(folder).collect()
}

fn named(malformed: Malformed, file: &str) -> Error {
    match malformed {
        Malformed::At { reason, offset } => Error::GraphMalformed {
            file: file.to_owned(),
            reason,
            offset,
        },
        Malformed::Io(source) => Error::FileUnreadable {
            path: file.into(),
            source,
        },
    }
}
