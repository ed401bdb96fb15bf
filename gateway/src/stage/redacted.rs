//! A request that may leave the device.

use std::{borrow::Cow, fmt, sync::Arc};

use bytes::Bytes;
use redactor::{
    EntityKind, Finding, Guard, Profile, Vault,
    tagger::{self, TagThresholds},
};

use super::{Inspected, inspected::NamesSought};
use crate::{
    api::{
        dialect::Dialect,
        document::{Place, Text},
        limit::limit_output,
    },
    error::Error,
    redaction::Redaction,
};

/// A request body from which a redaction profile has taken what is sensitive, and what is needed to
/// put it back into the answer. That it exists means that the egress guard found none of the
/// originals in its bytes.
pub struct Redacted {
    dialect: &'static dyn Dialect,
    body: Bytes,
    vault: Arc<Vault>,
    redactions: Vec<(EntityKind, u32)>,
}

impl Redacted {
    /// Redacts a request as its rule says, for a provider that knows the model as `model` (`None`
    /// leaves the client's name).
    ///
    /// # Errors
    /// [`Error::TokenIds`] when a text is told as token ids; [`Error::NamesUnknown`] when nobody looked for names and the profile demands it, or the tagger
    /// failed; [`Error::EgressBlocked`] when an original is still in the bytes: a defect was caught, and the
    /// request must not leave.
    pub(crate) fn new(
        inspected: &Inspected,
        redaction: &Redaction,
        model: Option<&str>,
    ) -> Result<Self, Error> {
        check_names(inspected.names(), redaction)?;
        let parsed = inspected.parsed();
        if let Some(field) = parsed.head().token_ids {
            return Err(Error::TokenIds { field });
        }
        let texts = parsed.texts();
        let mut vault = redaction.vault(inspected);
        let findings = counting(inspected.findings(), redaction.thresholds());
        let has_findings = findings.iter().any(|of_text| !of_text.is_empty());
        if has_findings {
            // What is sealed holds the stand-ins of earlier turns, which stay what they were.
            for text in texts.iter().filter(|text| text.place != Place::Sealed) {
                vault.reserve(text.text);
            }
        }
        let profile = redaction.profile();
        let replacements = replace(&texts, &findings, profile, model, &mut vault);
        let spliced = parsed
            .document()
            .splice(parsed.text(), &mut replacements.into_iter());
        let body = spliced.map_or_else(|| parsed.body().clone(), Bytes::from);
        let hides = has_findings || !vault.is_empty();
        if hides && let Err(breach) = Guard::new(&vault).check(&body) {
            return Err(Error::EgressBlocked { kind: breach.kind });
        }
        let redactions = vault.counts().collect();
        Ok(Self {
            dialect: parsed.dialect(),
            body,
            vault: Arc::new(vault),
            redactions,
        })
    }

    /// The request for a target on the premises that the policy lets have the original text: nothing
    /// is redacted but the model's name.
    pub(crate) fn exempt(inspected: &Inspected, model: Option<&str>) -> Self {
        let parsed = inspected.parsed();
        let texts = parsed.texts();
        let replacements: Vec<_> = texts.iter().map(|text| renamed(text, model)).collect();
        let spliced = parsed
            .document()
            .splice(parsed.text(), &mut replacements.into_iter());
        let body = spliced.map_or_else(|| parsed.body().clone(), Bytes::from);
        Self {
            dialect: parsed.dialect(),
            body,
            vault: parsed.known().cloned().unwrap_or_default(),
            redactions: Vec::new(),
        }
    }

    /// The same request in a target's dialect. It is read from the redacted bytes, so that nothing else
    /// can get into it, and checked again, because what was apart may now stand together.
    ///
    /// # Errors
    /// [`Error::Untranslatable`] names what the target's dialect can't say; [`Error::EgressBlocked`] as
    /// for [`Self::new`].
    pub(crate) fn translated(self, dialect: &'static dyn Dialect) -> Result<Self, Error> {
        let text = std::str::from_utf8(&self.body).map_err(|_| Error::Internal)?;
        let conversation = self.dialect.read(text).map_err(Error::Untranslatable)?;
        let body = conversation
            .as_chat()
            .and_then(|()| dialect.write(&conversation))
            .map_err(Error::Untranslatable)?;
        let body = Bytes::from(body);
        if let Err(breach) = Guard::new(&self.vault).check(&body) {
            return Err(Error::EgressBlocked { kind: breach.kind });
        }
        Ok(Self {
            dialect,
            body,
            ..self
        })
    }

    /// With at most so many tokens of answer. Nothing but numbers and a field's name is added, so
    /// what the guard has seen holds.
    #[must_use]
    pub(crate) fn limited(self, depth_limit: usize, most: u32) -> Self {
        let text = std::str::from_utf8(&self.body).ok();
        let fields = self.dialect.output_limits();
        let limited = text.and_then(|body| limit_output(body, depth_limit, fields, most));
        Self {
            body: limited.map_or(self.body, Bytes::from),
            ..self
        }
    }

    /// What the body speaks.
    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// The bytes that cross.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// What puts the originals back.
    pub(crate) fn vault(&self) -> &Arc<Vault> {
        &self.vault
    }

    /// Number of replacements made, per kind.
    pub(crate) fn redactions(&self) -> &[(EntityKind, u32)] {
        &self.redactions
    }
}

fn check_names(names: NamesSought, redaction: &Redaction) -> Result<(), Error> {
    match names {
        NamesSought::Failed => Err(Error::NamesUnknown {
            reason: "the tagger failed",
        }),
        NamesSought::Off if redaction.requires_names() => Err(Error::NamesUnknown {
            reason: "the tagger is off, and the policy requires it",
        }),
        NamesSought::Off | NamesSought::Yes => Ok(()),
    }
}

/// The findings without those of the tagger that are less likely than the profile demands.
fn counting<'f>(
    findings: &'f [Vec<Finding>],
    thresholds: &TagThresholds,
) -> Cow<'f, [Vec<Finding>]> {
    let counts = |finding: &Finding| tagger::counts(finding, thresholds);
    if findings.iter().flatten().all(counts) {
        return Cow::Borrowed(findings);
    }
    let of_text =
        |findings: &Vec<Finding>| findings.iter().filter(|it| counts(it)).cloned().collect();
    findings.iter().map(of_text).collect()
}

/// The new text of each text, `None` where it stays. What is sealed always stays: the guard stops a
/// request in which it holds an original.
fn replace(
    texts: &[Text<'_>],
    findings: &[Vec<Finding>],
    profile: &Profile,
    model: Option<&str>,
    vault: &mut Vault,
) -> Vec<Option<String>> {
    let redact = |(text, findings): (&Text<'_>, &Vec<Finding>)| {
        if let Some(name) = renamed(text, model) {
            return Some(name);
        }
        if findings.is_empty() {
            return None;
        }
        match vault.redact(text.text, findings, profile) {
            Cow::Owned(redacted) if text.place != Place::Sealed => Some(redacted),
            Cow::Owned(_) | Cow::Borrowed(_) => None,
        }
    };
    texts.iter().zip(findings).map(redact).collect()
}

fn renamed(text: &Text<'_>, model: Option<&str>) -> Option<String> {
    match text.place {
        Place::Model => model.map(str::to_owned),
        Place::Content { .. } | Place::Free | Place::Key | Place::Structural | Place::Sealed => {
            None
        }
    }
}

/// Prints sizes only.
impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacted")
            .field("bytes", &self.body.len())
            .field("redactions", &self.redactions)
            .finish_non_exhaustive()
    }
}
