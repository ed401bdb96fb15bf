//! Opens graphs in ONNX Runtime sessions.

use ort::{
    environment::Environment,
    session::{Session, builder::SessionBuilder},
};

use super::{graph_files, graph_files::GraphFacts, library};
use crate::{Error, model::Graph};

/// A session on a graph whose files were checked before, and what they said.
///
/// `threads` of `None` takes as many as there are physical cores, fewer for very small models.
///
/// # Errors
/// The graph is malformed, keeps weights where it must not, or is refused by ONNX Runtime.
pub(super) fn open(graph: &Graph, threads: Option<usize>) -> Result<(Session, GraphFacts), Error> {
    let file = graph.file();
    let facts = graph_files::check(graph, &file)?;
    let environment = library::environment()?;
    let threads = threads.unwrap_or_else(|| default_threads(facts.weight_bytes));
    let refused = |source: ort::Error| Error::Session {
        file: file.clone(),
        source: Box::new(source),
    };
    let session = commit(environment, graph, threads).map_err(refused)?;
    Ok((session, facts))
}

/// Physical cores, at most as many as the process may use, and no more than there are megabytes
/// of weights: below that, handing work out costs more than it saves.
fn default_threads(weight_bytes: u64) -> usize {
    let cores = num_cpus::get_physical().min(num_cpus::get());
    let worthwhile = usize::try_from(weight_bytes.div_ceil(1 << 20)).unwrap_or(usize::MAX);
    cores.min(worthwhile).max(1)
}

fn commit(environment: &Environment, graph: &Graph, threads: usize) -> ort::Result<Session> {
    let mut builder = options(Session::builder(environment)?, threads)?;
    match graph {
        Graph::Bytes(bytes) => builder.commit_from_memory(bytes),
        Graph::File(path) => builder.commit_from_file(path),
    }
}

/// Session settings. Workers spin while a step runs, which is worth about a fifth of decode speed,
/// and stop with it, so that an idle engine costs nothing and the pools of two graphs never spin
/// against each other. Lengths change with every step, so memory patterns and inter-operator
/// threads would only cost.
fn options(builder: SessionBuilder, threads: usize) -> ort::Result<SessionBuilder> {
    Ok(builder
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        .with_memory_pattern(false)?
        .with_config_entry("session.force_spinning_stop", "1")?)
}
