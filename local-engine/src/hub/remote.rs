//! What a hub has: a model's files at a revision, the hash and length of each, and their bytes.

use std::{fmt, io::Read};

use http::{HeaderMap, Method, StatusCode, header};
use serde::Deserialize;
use url::Url;

use super::{
    Body, Hub, HubError, ModelName, Progress, digest::Digest, name::is_commit, path::RepoPath,
    retry::Failure,
};

/// A model at one commit.
#[derive(Debug)]
pub(super) struct RemoteModel<'h> {
    hub: &'h Hub,
    name: &'h ModelName,
    /// The commit that the revision stands for.
    pub(super) commit: String,
    /// Its files, those with unsafe paths left out.
    pub(super) files: Vec<RepoPath>,
}

/// A file of a model, ready to be fetched.
#[derive(Debug, Clone)]
pub(super) struct RemoteFile {
    pub(super) path: RepoPath,
    pub(super) digest: Digest,
    /// Its length in bytes, if the hub says so.
    pub(super) size: Option<u64>,
}

/// A part of a file on its way.
pub(super) struct Part {
    pub(super) body: Body,
    /// Where in the file the body begins: the offset asked for, or 0 from a server without ranges.
    pub(super) offset: u64,
    /// Whether the server gives parts at all.
    pub(super) ranged: bool,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

impl<'h> RemoteModel<'h> {
    /// Asks the hub for the files of a model at a revision:
    /// `GET /api/models/{name}/revision/{revision}`.
    ///
    /// # Errors
    /// When the hub has no such model or revision, refuses it, or can't be reached.
    pub(super) fn look_up(
        hub: &'h Hub,
        name: &'h ModelName,
        revision: &str,
        progress: &dyn Progress,
    ) -> Result<Self, HubError> {
        let parts = ["api", "models"]
            .into_iter()
            .chain(name.as_str().split('/'));
        let url = hub.address(parts.chain(["revision", revision]));
        let what = format!("the list of files of `{name}`");
        let listing: Listing = hub.persist(&what, progress, || {
            let response = hub.send(&Method::GET, &url, None, never)?;
            let status = response.status();
            if status != StatusCode::OK {
                return Err(hub.refusal(name, revision, &what, status, response.headers()));
            }
            let mut text = Vec::new();
            let mut body = response.into_body().take(LONGEST_LISTING);
            body.read_to_end(&mut text).map_err(Failure::network)?;
            let listing: Listing = serde_json::from_slice(&text)
                .map_err(|error| hub.invalid(&what, format!("no list of files ({error})")))?;
            if is_commit(&listing.sha) {
                Ok(listing)
            } else {
                Err(hub.invalid(&what, "`sha` is no commit").into())
            }
        })?;
        let files = listing.siblings.iter().filter_map(|file| {
            RepoPath::parse(&file.rfilename)
                .inspect_err(|error| tracing::warn!("left out: {error}"))
                .ok()
        });
        Ok(Self {
            hub,
            name,
            commit: listing.sha,
            files: files.collect(),
        })
    }

    /// Asks for a file's hash and length: `HEAD /{name}/resolve/{commit}/{path}`. Large files answer
    /// with a redirect that carries both (`X-Linked-Etag`, `X-Linked-Size`).
    ///
    /// # Errors
    /// As [`Self::look_up`], and [`HubError::AnswerInvalid`] without a hash.
    pub(super) fn file(
        &self,
        path: &RepoPath,
        progress: &dyn Progress,
    ) -> Result<RemoteFile, HubError> {
        let what = format!("`{}`", path.as_str());
        let url = self.address(path);
        self.hub.persist(&what, progress, || {
            let response = self.hub.send(&Method::HEAD, &url, None, is_linked)?;
            let (status, headers) = (response.status(), response.headers());
            if !status.is_success() && !status.is_redirection() {
                return Err(self.refusal(&what, status, headers));
            }
            let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
            let etag = text(LINKED_ETAG).or_else(|| text(header::ETAG.as_str()));
            let Some(digest) = etag.and_then(Digest::from_etag) else {
                return Err(self.hub.invalid(&what, "it has no hash to check by").into());
            };
            let length = if status.is_redirection() {
                None
            } else {
                text(header::CONTENT_LENGTH.as_str())
            };
            Ok(RemoteFile {
                path: path.clone(),
                digest,
                size: text(LINKED_SIZE)
                    .or(length)
                    .and_then(|size| size.parse().ok()),
            })
        })
    }

    /// Begins to fetch a file, from `start` on and, with an `end`, up to but without it.
    ///
    /// # Errors
    /// When there is no answer, or one that is neither the part nor the whole file.
    pub(super) fn open(
        &self,
        file: &RemoteFile,
        start: u64,
        end: Option<u64>,
    ) -> Result<Part, Failure> {
        let what = format!("`{}`", file.path.as_str());
        let range = match end {
            Some(end) => Some(format!("bytes={start}-{}", end.saturating_sub(1))),
            None if start > 0 => Some(format!("bytes={start}-")),
            None => None,
        };
        let url = self.address(&file.path);
        let response = self.hub.send(&Method::GET, &url, range.as_deref(), never)?;
        let (status, headers) = (response.status(), response.headers());
        let offset = match status {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if first_byte(headers) == Some(start) => start,
            StatusCode::PARTIAL_CONTENT => {
                return Err(self
                    .hub
                    .invalid(&what, "another range than asked for")
                    .into());
            }
            _ => return Err(self.refusal(&what, status, headers)),
        };
        Ok(Part {
            body: response.into_body(),
            offset,
            ranged: status == StatusCode::PARTIAL_CONTENT,
        })
    }

    /// The hub that has it.
    pub(super) fn hub(&self) -> &'h Hub {
        self.hub
    }

    fn address(&self, path: &RepoPath) -> Url {
        let name = self.name.as_str().split('/');
        let parts = name.chain(["resolve", &self.commit]).chain(path.parts());
        self.hub.address(parts)
    }

    fn refusal(&self, what: &str, status: StatusCode, headers: &HeaderMap) -> Failure {
        let commit = &self.commit;
        self.hub.refusal(self.name, commit, what, status, headers)
    }
}

/// The hub's answer about a model; the rest of it is not needed.
#[derive(Debug, Deserialize)]
struct Listing {
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Debug, Deserialize)]
struct Sibling {
    rfilename: String,
}

fn never(_: &HeaderMap) -> bool {
    false
}

/// A redirect to large storage that says already what is there.
fn is_linked(headers: &HeaderMap) -> bool {
    headers.contains_key(LINKED_ETAG)
}

/// The first byte of `Content-Range: bytes first-last/total` (RFC 9110, 14.4).
fn first_byte(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (start, _) = range.strip_prefix("bytes ")?.split_once('-')?;
    start.trim().parse().ok()
}

const LINKED_ETAG: &str = "x-linked-etag";
const LINKED_SIZE: &str = "x-linked-size";
/// A list of a hundred thousand files is far below.
const LONGEST_LISTING: u64 = 64 << 20;
