//! A policy as typed.

use serde::{Deserialize, Deserializer};

use super::{
    Consistency, Names, Sticky,
    choice::{ChooseFile, WeightsFile},
};
use crate::yaml::{Entries, Spanned};

/// The whole file. `policies/README.md` is the reference for users.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyFile {
    pub(super) version: Spanned<u32>,
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) redaction: Entries<ProfileFile>,
    /// For rules that don't say.
    #[serde(default)]
    pub(super) sticky: Sticky,
    pub(super) rules: Spanned<Vec<RuleFile>>,
}

/// One redaction profile.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileFile {
    pub(super) default: Spanned<String>,
    #[serde(default)]
    pub(super) kinds: Entries<Spanned<String>>,
    /// How far the same value gets the same surrogate and hash.
    #[serde(default)]
    pub(super) consistent_within: Consistency,
    /// Whether a request may cross that no tagger has looked through.
    #[serde(default)]
    pub(super) names: Names,
    /// The probability from which what the tagger found counts, by kind.
    #[serde(default)]
    pub(super) thresholds: Entries<Spanned<f32>>,
}

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) name: Spanned<String>,
    /// Left out, the rule always holds; left empty, it is a mistake.
    #[serde(default, deserialize_with = "given")]
    pub(super) when: Option<Spanned<String>>,
    pub(super) route: Spanned<Vec<Spanned<String>>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) redact: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) attachments: AttachmentsFile,
    #[serde(default)]
    pub(super) choose: ChooseFile,
    #[serde(default, deserialize_with = "given")]
    pub(super) weights: Option<Spanned<WeightsFile>>,
    #[serde(default)]
    pub(super) limits: LimitsFile,
    /// The least probability of being right with which the local model's answer is taken.
    #[serde(default, deserialize_with = "given")]
    pub(super) cascade: Option<Spanned<f64>>,
    /// The most tokens of a message that leave the device.
    #[serde(default, deserialize_with = "given")]
    pub(super) digest: Option<Spanned<u32>>,
    /// For targets off the device.
    #[serde(default)]
    pub(super) headers: Entries<Spanned<String>>,
    /// Left out, the policy's applies.
    #[serde(default, deserialize_with = "given")]
    pub(super) sticky: Option<Sticky>,
}

/// The limits of a rule.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsFile {
    #[serde(default, deserialize_with = "given")]
    pub(super) max_output_tokens: Option<Spanned<u32>>,
    #[serde(default, deserialize_with = "given")]
    pub(super) timeout: Option<Spanned<String>>,
}

/// How far attachments may go.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AttachmentsFile {
    #[default]
    Local,
    Site,
    Cloud,
}

/// For keys that may be left out but not be left empty.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}
