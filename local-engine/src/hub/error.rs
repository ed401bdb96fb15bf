//! Why a model could not be brought, found or removed, a variant per cause.
//!
//! Messages name models, files, hosts and sizes; never a token and never a signed address.

use std::{io, path::PathBuf, time::Duration};

/// Why the store or the hub could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// A model's name is not one that a hub gives.
    #[error("`{name}` is no model name: expected `org/name` or `org/name@revision`, {reason}")]
    NameInvalid {
        /// As given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// `HF_ENDPOINT` is no address.
    #[error("HF_ENDPOINT is `{endpoint}`: expected an address such as https://hub.example.com")]
    EndpointInvalid {
        /// As given.
        endpoint: String,
    },
    /// The user has no home folder, and no variable names one.
    #[error("no place for models: the user has no home folder; set HF_HOME")]
    NoHome,
    /// The token holds characters that no header can carry.
    #[error("the token holds characters that an HTTP header can't carry")]
    TokenInvalid,
    /// The network may not be used, and the store lacks the model.
    #[error("HF_HUB_OFFLINE is set, and the store does not hold all of `{name}`")]
    Offline {
        /// The model.
        name: String,
    },
    /// The hub, or the host it sent us to, can't be reached or keeps failing.
    #[error("{what} could not be had from {host} in {attempts} attempts: {reason}")]
    Unreachable {
        /// What was asked for.
        what: String,
        /// Where.
        host: String,
        /// How often without any progress.
        attempts: u32,
        /// How the last attempt failed.
        reason: String,
    },
    /// The hub wants us to come back much later.
    #[error("{host} asks to wait {} s before the next request: try again then, or give a token",
            .after.as_secs())]
    RateLimited {
        /// Who says so.
        host: String,
        /// When to come back.
        after: Duration,
    },
    /// The hub knows no such model, or hides it from who has no access.
    #[error(
        "{host} has no model `{name}`: check the spelling; a private model needs a token \
         (HF_TOKEN or --token-file) of an account that may read it"
    )]
    ModelUnknown {
        /// Who was asked.
        host: String,
        /// The model.
        name: String,
    },
    /// The model has no such branch, tag or commit.
    #[error("`{name}` has no revision `{revision}`")]
    RevisionUnknown {
        /// The model.
        name: String,
        /// As given.
        revision: String,
    },
    /// The model's authors ask for consent first.
    #[error(
        "`{name}` is gated: log in and accept its licence at {page}, then give a token of that \
         account in HF_TOKEN or with --token-file"
    )]
    Gated {
        /// The model.
        name: String,
        /// Where to accept.
        page: String,
    },
    /// The token is not valid or may not read the model.
    #[error(
        "{host} does not accept the token for `{name}` (status {status}): check that it is valid, \
         not expired and may read this model"
    )]
    TokenRefused {
        /// Who refused.
        host: String,
        /// The model.
        name: String,
        /// The HTTP status.
        status: u16,
    },
    /// A status that trying again won't change.
    #[error("{host} answered {status} for {what}")]
    Refused {
        /// Who answered.
        host: String,
        /// What was asked for.
        what: String,
        /// The HTTP status.
        status: u16,
    },
    /// An answer is not what the hub's API promises.
    #[error("the answer of {host} for {what} can't be used: {reason}")]
    AnswerInvalid {
        /// Who answered.
        host: String,
        /// What was asked for.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The hub lists a file whose path leaves the model's folder or is no path at all.
    #[error("the hub names a file {path:?}, which is no safe path inside a model's folder")]
    PathUnsafe {
        /// As the hub gave it.
        path: String,
    },
    /// The model has no graph that the engine could run.
    #[error(
        "`{name}` has no ONNX graph ({seen}): look for an export of it, often \
         `onnx-community/NAME`"
    )]
    NoGraph {
        /// The model.
        name: String,
        /// What it has in place of one.
        seen: String,
    },
    /// The model has no such variant.
    #[error("`{name}` has no variant `{variant}`: it has {}", .available.join(", "))]
    VariantUnknown {
        /// The model.
        name: String,
        /// As given.
        variant: String,
        /// What there is.
        available: Vec<String>,
    },
    /// A file came whole, but is not the one that the hub promised.
    #[error(
        "`{file}` is not what the hub promised: its {kind} is {found}, expected {expected}; \
         nothing of it was kept"
    )]
    HashMismatch {
        /// The file.
        file: String,
        /// `SHA-256` or `git SHA-1`.
        kind: &'static str,
        /// What came.
        found: String,
        /// What was promised.
        expected: String,
    },
    /// There is too little room, known before or found on the way.
    #[error(
        "the disk of `{}` is full: {} more are needed, {} are free; what is there is kept, so make \
         room and pull again to go on", .path.display(), megabytes(*.needed), megabytes(*.available)
    )]
    DiskFull {
        /// Where.
        path: PathBuf,
        /// Bytes still to come.
        needed: u64,
        /// Bytes free now.
        available: u64,
    },
    /// The disk refused something else.
    #[error("`{}` could not be {action}", .path.display())]
    Disk {
        /// `read`, `written`, `locked` or `removed`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// The store does not hold the model.
    #[error("model `{name}` is not in the store: `nearside models pull {name}` brings it")]
    NotPulled {
        /// The model, with its revision if one was asked for.
        name: String,
    },
    /// The store holds only a part of the model.
    #[error(
        "model `{name}` is in the store without an ONNX graph: `nearside models pull {name}` \
         brings the rest"
    )]
    Incomplete {
        /// The model, with its revision if one was asked for.
        name: String,
    },
    /// A model can't be removed while it is being pulled.
    #[error("`{name}` is being pulled right now: stop that first")]
    Busy {
        /// The model.
        name: String,
    },
    /// The user stopped it.
    #[error("stopped; what came is kept: pull again to go on")]
    Stopped,
}

impl HubError {
    /// A failed operation on a file, for `map_err`.
    pub(super) fn disk(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Disk {
            action,
            path,
            source,
        }
    }
}

/// Bytes as disks are measured, rounded up: what is needed is never told too small.
fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}
