//! Opens graphs in ONNX Runtime sessions.

use ort::{
    environment::Environment,
    session::{Session, builder::SessionBuilder},
};

use super::{graph_files, graph_files::GraphFacts, library, provider};
use crate::{Error, Provider, model::Graph, provider::names};

/// A session on a graph whose files were checked before.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) session: Session,
    /// What the files said.
    pub(super) facts: GraphFacts,
    /// The execution providers that were taken.
    pub(super) providers: Vec<Provider>,
}

/// Opens a graph on the first of the wanted `providers` that are there.
///
/// `threads` of `None` takes as many as there are physical cores, fewer for very small models.
///
/// # Errors
/// The graph is malformed, keeps weights where it must not, or is refused by ONNX Runtime; no wanted
/// provider is there.
pub(super) fn open(
    graph: &Graph,
    threads: Option<usize>,
    providers: &[Provider],
) -> Result<Opened, Error> {
    let file = graph.file();
    let facts = graph_files::check(graph, &file)?.facts;
    let environment = library::environment()?;
    let threads = threads.unwrap_or_else(|| default_threads(facts.weight_bytes()));
    let refused = |source: ort::Error| Error::Session {
        file: file.clone(),
        source: Box::new(source),
    };
    let mut builder = builder(environment, threads).map_err(refused)?;
    let providers = provider::add(&mut builder, providers)?;
    tracing::info!(file, providers = names(&providers), "the model runs on");
    let session = commit(builder, graph).map_err(refused)?;
    Ok(Opened {
        session,
        facts,
        providers,
    })
}

/// Physical cores, at most as many as the process may use, and no more than there are megabytes
/// of weights: below that, handing work out costs more than it saves.
fn default_threads(weight_bytes: u64) -> usize {
    let cores = num_cpus::get_physical().min(num_cpus::get());
    let worthwhile = usize::try_from(weight_bytes.div_ceil(1 << 20)).unwrap_or(usize::MAX);
    cores.min(worthwhile).max(1)
}

fn commit(mut builder: SessionBuilder, graph: &Graph) -> ort::Result<Session> {
    match graph {
        Graph::Bytes(bytes) => builder.commit_from_memory(bytes),
        Graph::File(path) => builder.commit_from_file(path),
    }
}

/// Session settings. Workers spin while a step runs, which is worth about a fifth of decode speed,
/// and stop with it, so that an idle engine costs nothing and the pools of two graphs never spin
/// against each other. Lengths change with every step, so memory patterns and inter-operator
/// threads would only cost.
fn builder(environment: &Environment, threads: usize) -> ort::Result<SessionBuilder> {
    Ok(Session::builder(environment)?
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        .with_memory_pattern(false)?
        .with_config_entry("session.force_spinning_stop", "1")?)
}
