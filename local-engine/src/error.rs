//! What can go wrong, a variant per cause.
//!
//! Messages never hold prompt text or generated text; counts, names of files and names of
//! graph inputs are all they quote.

use std::{error::Error as StdError, io, path::PathBuf};

use crate::{budget::Mebibytes, hub::HubError};

/// An error of an underlying library, kept as the source of ours.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// Why the engine could not load a model or serve a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `ORT_DYLIB_PATH` names a file that does not exist.
    #[error("ORT_DYLIB_PATH names `{}`, which does not exist", .path.display())]
    RuntimeMissing {
        /// The value of the variable.
        path: PathBuf,
    },
    /// No pinned build of ONNX Runtime exists for this system.
    #[error(
        "no pinned ONNX Runtime for {os} on {arch}: build or install ONNX Runtime 1.24 or newer \
         and set ORT_DYLIB_PATH to its shared library"
    )]
    RuntimeUnsupported {
        /// Operating system, as Rust names it.
        os: &'static str,
        /// Processor architecture, as Rust names it.
        arch: &'static str,
    },
    /// ONNX Runtime is not on this machine and could not be fetched.
    #[error(
        "ONNX Runtime is not on this machine and could not be fetched ({reason}): put \
         `{library}` from the Python package `{package}` (built for {platform}) into `{}` or \
         beside the program, or set ORT_DYLIB_PATH to it", .folder.display()
    )]
    RuntimeFetch {
        /// What stopped the fetch.
        reason: String,
        /// File name of the wanted library.
        library: &'static str,
        /// Name and version of the package that holds it.
        package: &'static str,
        /// Platform tag of that package.
        platform: &'static str,
        /// Folder of the cache where the library is looked for.
        folder: PathBuf,
    },
    /// The shared library was found but did not load.
    #[error("`{}` could not be loaded as ONNX Runtime", .path.display())]
    RuntimeLoad {
        /// The library.
        path: PathBuf,
        /// The loader's own words.
        #[source]
        source: Cause,
    },
    /// A model was asked for by a name or a path that is neither embedded nor on disk.
    #[error("no model `{name}`: looked for an embedded model of that name ({embedded}) and for a folder or `.onnx` file at `{}`", .path.display())]
    ModelNotFound {
        /// The name as given.
        name: String,
        /// Names of the embedded models.
        embedded: &'static str,
        /// The path tried.
        path: PathBuf,
    },
    /// A model of the store is not there, or not usable.
    #[error(transparent)]
    Store(#[from] HubError),
    /// A file that a model needs is missing.
    #[error("model file missing: looked for {}", list(.looked_for))]
    FileMissing {
        /// Every path tried, in order.
        looked_for: Vec<PathBuf>,
    },
    /// A model has no variant of the wanted name.
    #[error("the model has no variant `{wanted}`: it has {available}")]
    VariantMissing {
        /// The name as given.
        wanted: String,
        /// Names of the variants that are there.
        available: String,
    },
    /// One file of a pair was named without the other.
    #[error("a prefill graph and a decode graph are named together or not at all")]
    PairIncomplete,
    /// A file of a model is a link to something outside the model's folder.
    #[error("`{}` leads outside the model's folder", .path.display())]
    OutsideFolder {
        /// The link.
        path: PathBuf,
    },
    /// A file exists but could not be read.
    #[error("`{}` could not be read", .path.display())]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A configuration file of a model is not what its name promises.
    #[error("`{file}` is not valid: expected {expected}")]
    ConfigInvalid {
        /// The file.
        file: String,
        /// What it should hold.
        expected: &'static str,
        /// The parser's own words.
        #[source]
        source: Option<Cause>,
    },
    /// The graph file is cut short or is no ONNX file at all.
    #[error("`{file}` is not a complete ONNX file: {reason} at byte {offset}")]
    GraphMalformed {
        /// The file.
        file: String,
        /// What is wrong there.
        reason: &'static str,
        /// Where.
        offset: u64,
    },
    /// The graph keeps weights in a file that is missing or outside the model's folder.
    #[error("`{file}` keeps weights in `{location}`, which {problem}")]
    ExternalData {
        /// The graph file.
        file: String,
        /// The location as the graph gives it.
        location: String,
        /// What is wrong with it, in words that follow the location.
        problem: &'static str,
    },
    /// No execution provider has this name.
    #[error("no execution provider `{name}`: expected one of {known}")]
    ProviderUnknown {
        /// The name as given.
        name: String,
        /// Every name there is.
        known: String,
    },
    /// None of the wanted execution providers can be had.
    #[error("no wanted execution provider can be had ({refused}); ONNX Runtime offers {offered}")]
    ProvidersMissing {
        /// Each wanted one with the reason.
        refused: String,
        /// What the loaded runtime was built with.
        offered: String,
    },
    /// ONNX Runtime refused the graph.
    #[error("ONNX Runtime could not load `{file}`")]
    Session {
        /// The graph file.
        file: String,
        /// ONNX Runtime's own words.
        #[source]
        source: Cause,
    },
    /// The graph is no decoder with a key-value cache.
    #[error("`{file}` is not a text decoder with a KV cache: {reason}")]
    NotADecoder {
        /// The graph file.
        file: String,
        /// What is missing.
        reason: String,
    },
    /// The graph is no encoder, or not one for what was asked.
    #[error("`{file}` is not a text encoder: {reason}")]
    NotAnEncoder {
        /// The graph file.
        file: String,
        /// What is missing.
        reason: String,
    },
    /// The graph wants an input, or a form of one, that the engine cannot give.
    #[error("`{file}` needs input `{input}`, which the engine cannot give: {reason}")]
    InputUnsupported {
        /// The graph file.
        file: String,
        /// Name of the graph's input.
        input: String,
        /// Why not.
        reason: String,
    },
    /// The two graphs of a model can't share a cache.
    #[error("`{prefill}` can't read prompts for `{decode}`: {reason}")]
    PairMismatch {
        /// The graph that reads prompts.
        prefill: String,
        /// The graph that decodes.
        decode: String,
        /// What they lack or where they differ.
        reason: &'static str,
    },
    /// The model does not fit the memory that it may take.
    #[error(
        "the model needs {} of memory, {} of it for weights and the rest for a context of \
         {context_tokens} tokens, which does not fit {budget}: set a higher memory limit, or \
         choose a smaller model or variant", Mebibytes(*.needed), Mebibytes(*.weights)
    )]
    MemoryShort {
        /// Bytes that it needs at least.
        needed: u64,
        /// Bytes of them for weights, those of adapters included.
        weights: u64,
        /// The shortest context that is worth opening it for.
        context_tokens: usize,
        /// What it may take, and by which rule.
        budget: String,
    },
    /// The model was to be loaded for a request and could not be; the log says why.
    #[error("the model could not be loaded")]
    LoadFailed,
    /// The model's files are others than when it was opened.
    #[error("`{file}` has changed since the model was opened: open it anew")]
    ModelChanged {
        /// A graph or adapter file.
        file: String,
    },
    /// An adapter's name can't stand in the name of a model.
    #[error(
        "the name of the adapter `{}` is not 1 to 64 letters, digits, `-`, `_` and `.`",
        .path.display()
    )]
    AdapterName {
        /// The adapter's file.
        path: PathBuf,
    },
    /// A file is no adapter, or is damaged.
    #[error("`{}` is not an adapter file of ONNX Runtime", .path.display())]
    AdapterMalformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Cause,
    },
    /// The model has adapters, but the graph has no optional inputs.
    #[error("`{graph}` takes no adapters: none of its inputs is optional")]
    AdapterUnsupported {
        /// The graph file.
        graph: String,
    },
    /// A tensor of an adapter is not one that the graph takes.
    #[error("adapter `{}` does not fit `{graph}`: `{tensor}` {reason}", .path.display())]
    AdapterMismatch {
        /// The adapter's file.
        path: PathBuf,
        /// The graph file.
        graph: String,
        /// Name of the tensor.
        tensor: String,
        /// What is wrong with it, in words that follow its name.
        reason: String,
    },
    /// The tensors of an adapter fit one by one, but the graph does not run with them.
    #[error("the model does not run with adapter `{}`", .path.display())]
    AdapterUnusable {
        /// The adapter's file.
        path: PathBuf,
        /// ONNX Runtime's own words.
        #[source]
        source: Cause,
    },
    /// A request names an adapter that the model does not have.
    #[error("the model has no such adapter: it has {}", if .known.is_empty() { "none" } else { .known })]
    AdapterUnknown {
        /// Names of those that it has.
        known: String,
    },
    /// The draft model has other tokens than the model.
    #[error(
        "the draft model `{draft}` has another vocabulary: token {id} is {theirs}, expected {ours}"
    )]
    DraftMismatch {
        /// The draft's graph file.
        draft: String,
        /// The first id that differs.
        id: u32,
        /// What the id means to the model, quoted, or that it is none.
        ours: String,
        /// What it means to the draft.
        theirs: String,
    },
    /// There is no memory for the cache.
    #[error("no memory for {bytes} bytes of KV cache")]
    CacheMemory {
        /// Bytes of one layer's keys or values.
        bytes: usize,
        /// The system's own words.
        #[source]
        source: io::Error,
    },
    /// The tokenizer knows more tokens than the graph gives scores for.
    #[error(
        "the tokenizer has {tokens} tokens, but the graph scores only {vocabulary}: they are of \
         different models"
    )]
    VocabularyMismatch {
        /// Tokens of the tokenizer, without those added later.
        tokens: usize,
        /// Scores of the graph.
        vocabulary: usize,
    },
    /// The tokenizer file is not valid, or the tokenizer failed on a text.
    #[error("the tokenizer {action} failed")]
    Tokenizer {
        /// `file`, `encoding` or `decoding`.
        action: &'static str,
        /// The tokenizer's own words.
        #[source]
        source: Cause,
    },
    /// A chat was given to a model without a chat template.
    #[error("the model has no chat template: send a plain text prompt")]
    TemplateMissing,
    /// The chat template is not valid or refused the messages.
    #[error("the chat template failed")]
    Template {
        /// The template engine's own words, or what the template raised.
        #[source]
        source: Cause,
    },
    /// The chat template did more than a template has to.
    #[error("the chat template went on past {limit}")]
    TemplateUnbounded {
        /// The bound that it reached.
        limit: &'static str,
    },
    /// The prompt holds no token.
    #[error("the prompt is empty: expected at least one token")]
    PromptEmpty,
    /// The prompt holds a token id that the model does not know.
    #[error("token id {id} is outside the vocabulary of {vocabulary}")]
    TokenUnknown {
        /// The id.
        id: u32,
        /// Number of ids the model knows.
        vocabulary: usize,
    },
    /// Prompt and answer do not fit the context window.
    #[error(
        "{prompt_tokens} prompt tokens and {max_tokens} new ones exceed the context window of \
         {context_tokens} tokens"
    )]
    ContextExceeded {
        /// Tokens of the prompt.
        prompt_tokens: usize,
        /// Tokens asked for (1 when the request left it open).
        max_tokens: usize,
        /// Tokens that fit.
        context_tokens: usize,
    },
    /// A sampling parameter is out of its range.
    #[error("{parameter} is {value}: expected {expected}")]
    SamplingInvalid {
        /// Name of the parameter.
        parameter: &'static str,
        /// Its value.
        value: f32,
        /// The range.
        expected: &'static str,
    },
    /// More alternatives to each token were asked for than are given.
    #[error("{count} log-probabilities a token: expected at most {most}")]
    LogprobsInvalid {
        /// As many as were asked for.
        count: usize,
        /// The most there are.
        most: usize,
    },
    /// A constraint can't be compiled.
    #[error("the {kind} can't be followed: {reason}")]
    ConstraintInvalid {
        /// What the constraint is.
        kind: &'static str,
        /// What is wrong with it or not supported, free of the client's text.
        reason: String,
    },
    /// The model's tokens have no bytes that a constraint could be matched against.
    #[error("the model's tokenizer does not allow constraints")]
    ConstraintsUnavailable,
    /// A constraint could not be followed to its end.
    #[error("the constraint could not be followed any further: {reason}")]
    ConstraintFailed {
        /// Why, free of the client's text.
        reason: String,
    },
    /// The queue holds as many waiting requests as it may.
    #[error("the engine's queue is full: {limit} requests are waiting")]
    QueueFull {
        /// The most requests that may wait.
        limit: usize,
    },
    /// The engine was dropped, or its thread ended, before the request was done.
    #[error("the engine has stopped")]
    EngineStopped,
    /// The engine's thread could not be started.
    #[error("the engine's thread could not be started")]
    Thread {
        /// Why.
        #[source]
        source: io::Error,
    },
    /// ONNX Runtime failed while running the graph.
    #[error("ONNX Runtime failed while running the model")]
    Inference {
        /// ONNX Runtime's own words.
        #[source]
        source: Cause,
    },
    /// The model answered with numbers that are no scores.
    #[error("the model's scores are not finite numbers")]
    LogitsInvalid,
    /// The engine hit a bug of its own while serving the request; others go on.
    #[error("the engine failed while serving the request")]
    RequestPanicked,
}

impl Error {
    /// ONNX Runtime's words about a run.
    pub(crate) fn inference(source: impl Into<Cause>) -> Self {
        Self::Inference {
            source: source.into(),
        }
    }
}

fn list(paths: &[PathBuf]) -> String {
    let quoted: Vec<String> = paths
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    quoted.join(", ")
}
