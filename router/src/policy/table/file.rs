//! A table of tests as typed.

use serde::Deserialize;

use super::Given;
use crate::{
    signals::RouteWish,
    yaml::{Entries, Spanned},
};

/// The whole file. `policies/README.md` is the reference for users.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub(super) version: Spanned<u32>,
    pub(super) policy: Spanned<String>,
    #[serde(default)]
    pub(super) targets: Option<Vec<TargetFile>>,
    pub(super) tests: Spanned<Vec<CaseFile>>,
}

/// A target to choose from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetFile {
    pub(super) name: String,
    pub(super) zone: Spanned<String>,
    #[serde(default)]
    pub(super) context_tokens: Option<u32>,
    #[serde(default)]
    pub(super) tools: bool,
    #[serde(default)]
    pub(super) attachments: bool,
}

/// One test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseFile {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) messages: Vec<MessageFile>,
    #[serde(default)]
    pub(super) wish: WishFile,
    /// The target that gave the conversation's last answer.
    #[serde(default)]
    pub(super) previous: Option<Spanned<String>>,
    /// Values of variables.
    #[serde(default)]
    pub(super) given: Entries<Given>,
    #[serde(default)]
    pub(super) unreachable: Vec<Spanned<String>>,
    pub(super) expect: ExpectFile,
}

/// A message of the request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageFile {
    pub(super) role: String,
    pub(super) content: String,
}

/// What the client asks for.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WishFile {
    #[default]
    Auto,
    Local,
    Cloud,
}

/// What the decision is to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectFile {
    #[serde(default)]
    pub(super) rule: Option<String>,
    /// Names of targets in order; empty for a refusal.
    #[serde(default)]
    pub(super) chain: Option<Vec<Spanned<String>>>,
    /// A profile, or `none`.
    #[serde(default)]
    pub(super) redact: Option<String>,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) max_output_tokens: Option<u32>,
    #[serde(default)]
    pub(super) timeout: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) cascade: Option<f64>,
    #[serde(default)]
    pub(super) digest: Option<u32>,
}

impl From<WishFile> for RouteWish {
    fn from(wish: WishFile) -> Self {
        match wish {
            WishFile::Auto => Self::Auto,
            WishFile::Local => Self::Local,
            WishFile::Cloud => Self::Cloud,
        }
    }
}
