//! Everything that can end a request badly, and what each means to the client, to the metrics and
//! to a fallback.
//!
//! Messages name what failed and what was expected. They never hold text of a request or an answer,
//! a header's value or a key.

use std::time::Duration;

use http::StatusCode;
use redactor::Sensitive;

pub use crate::api::{ParseError, ScanError};
use crate::upstream;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The body could not be read as the API's request.
    #[error("the request body is not acceptable")]
    Body(#[from] ParseError),
    /// The body is larger than the configured limit.
    #[error("the request body is larger than {limit_bytes} bytes")]
    BodyTooLarge {
        /// The configured limit.
        limit_bytes: u64,
    },
    /// The request asks for something that the local model can't do; another target may.
    #[error("the local model can't serve this request")]
    LocalField(#[source] ParseError),
    /// The target speaks another API than the client, and that API can't say what the request asks;
    /// another target may.
    #[error("the target's API can't say what this request asks")]
    Untranslatable(#[source] ParseError),
    /// A text is told as token ids, which nobody can look through, and the policy redacts what goes
    /// to this target; another target may take it.
    #[error("'{field}': expected text, since token ids can't be redacted")]
    TokenIds {
        /// Where it stands.
        field: &'static str,
    },
    /// The request goes on from an answer that is not kept here.
    #[error(
        "the earlier answer is not known here: answers are kept in memory for a day, and not beyond a restart"
    )]
    UnknownAnswer,
    /// The client went away or broke off while sending.
    #[error("the request body did not arrive whole")]
    BodyIncomplete,
    /// A gateway header has a value it can't have.
    #[error("header '{name}': expected {expected}")]
    Header {
        /// Its name.
        name: &'static str,
        /// What it may hold.
        expected: &'static str,
    },
    /// The API has this call, but the gateway leaves what it does to others.
    #[error("{instead}")]
    NotOffered {
        /// What an SDK makes of it.
        status: StatusCode,
        /// What to do instead.
        instead: &'static str,
    },
    /// No API of the gateway has this path.
    #[error("no such path")]
    UnknownPath,
    /// The path exists, but not with this method.
    #[error("method not allowed on this path, expected {expected}")]
    Method {
        /// The methods that are.
        expected: &'static str,
    },
    /// No target serves the model.
    #[error("the model does not exist here; GET /v1/models lists those that do")]
    UnknownModel,
    /// The model's name says that it is the local one, with an adapter that it does not have.
    #[error("the local model has no such adapter: it has {}", if .known.is_empty() { "none" } else { .known })]
    UnknownAdapter {
        /// Names of those that it has.
        known: String,
    },
    /// The policy lets no target have this request.
    #[error("refused by policy rule '{rule}': {reason}")]
    Refused {
        /// The rule that decided.
        rule: String,
        /// Its reason, free of request text.
        reason: String,
    },
    /// The last check on the outgoing bytes found an original.
    #[error("the last check before sending found a value of kind {} that should have been redacted; nothing was sent", .kind.name())]
    EgressBlocked {
        /// The kind of the original.
        kind: redactor::EntityKind,
    },
    /// Nobody looked for names in the request, and the policy lets no such request cross.
    #[error("names were not looked for, so that nothing may cross: {}", .reason)]
    NamesUnknown {
        /// Why they were not.
        reason: &'static str,
    },
    /// The rule has what is long shortened before it goes far, and that can't be done.
    #[error("what is long was not shortened, so that it may not cross: {}", .reason)]
    Undigested {
        /// Why it was not.
        reason: &'static str,
        /// It may be another time.
        passing: bool,
    },
    /// A provider could not be used.
    #[error("upstream '{target}' failed")]
    Upstream {
        /// The target's name.
        target: String,
        /// What happened.
        #[source]
        source: upstream::Error,
    },
    /// A provider that speaks another API than the client said no. Its words are for the client
    /// alone.
    #[error("upstream '{target}' answered with an error")]
    Answered {
        /// The target's name.
        target: String,
        /// The provider's status.
        status: StatusCode,
        /// Its message, restored.
        message: Sensitive<String>,
    },
    /// The local model failed.
    #[error("the local model failed")]
    Engine(#[from] local_engine::Error),
    /// The local model took longer to begin than the rule or the client's deadline lets it.
    #[error("the local model did not begin to answer within {} ms", limit.as_millis())]
    LocalTimeout {
        /// The time it had.
        limit: Duration,
    },
    /// More requests than the gateway takes at once.
    #[error("too many requests at once; try again")]
    Overloaded,
    /// The policy demands an audit record, and none can be written.
    #[error("the audit log can't be written, and the configuration demands it")]
    AuditUnavailable,
    /// A defect of the gateway.
    #[error("internal error")]
    Internal,
}

/// Where the cause lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The request itself.
    Client,
    /// The far side.
    Provider,
    /// The local model.
    Engine,
    /// The gateway.
    Internal,
}

impl Error {
    /// Every [`Self::reason`] with its side, so that metrics can show each at 0.
    pub const REASONS: &[(&str, Side)] = &[
        ("invalid_body", Side::Client),
        ("unsupported_locally", Side::Client),
        ("unsupported_by_target", Side::Client),
        ("token_ids", Side::Client),
        ("body_too_large", Side::Client),
        ("body_incomplete", Side::Client),
        ("invalid_header", Side::Client),
        ("not_offered", Side::Client),
        ("unknown_path", Side::Client),
        ("method_not_allowed", Side::Client),
        ("model_not_found", Side::Client),
        ("previous_response_not_found", Side::Client),
        ("refused_by_policy", Side::Client),
        ("upstream_dialect", Side::Provider),
        ("upstream_connect", Side::Provider),
        ("upstream_status", Side::Provider),
        ("upstream_timeout", Side::Provider),
        ("upstream_cut", Side::Provider),
        ("upstream_garbage", Side::Provider),
        ("upstream_too_large", Side::Provider),
        ("engine_failed", Side::Engine),
        ("engine_timeout", Side::Engine),
        ("undigested", Side::Engine),
        ("egress_blocked", Side::Internal),
        ("names_unknown", Side::Internal),
        ("overloaded", Side::Internal),
        ("audit_unavailable", Side::Internal),
        ("internal", Side::Internal),
    ];

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Body(_)
            | Self::LocalField(_)
            | Self::Untranslatable(_)
            | Self::TokenIds { .. }
            | Self::Header { .. }
            | Self::UnknownAnswer
            | Self::BodyIncomplete => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnknownPath | Self::UnknownModel | Self::UnknownAdapter { .. } => {
                StatusCode::NOT_FOUND
            }
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Refused { .. } | Self::Undigested { passing: false, .. } => StatusCode::FORBIDDEN,
            Self::Upstream { source, .. } => source.status(),
            Self::Answered { status, .. } | Self::NotOffered { status, .. } => *status,
            Self::Engine(error) => engine_status(error),
            Self::LocalTimeout { .. } => StatusCode::GATEWAY_TIMEOUT,
            Self::Overloaded
            | Self::AuditUnavailable
            | Self::NamesUnknown { .. }
            | Self::Undigested { passing: true, .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::EgressBlocked { .. } | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A bounded name, used as a metric label and as the error's code on the wire.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Body(_) => "invalid_body",
            Self::LocalField(_) => "unsupported_locally",
            Self::Untranslatable(_) => "unsupported_by_target",
            Self::TokenIds { .. } => "token_ids",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::BodyIncomplete => "body_incomplete",
            Self::Header { .. } => "invalid_header",
            Self::NotOffered { .. } => "not_offered",
            Self::UnknownPath => "unknown_path",
            Self::Method { .. } => "method_not_allowed",
            Self::UnknownModel | Self::UnknownAdapter { .. } => "model_not_found",
            Self::UnknownAnswer => "previous_response_not_found",
            Self::Refused { .. } => "refused_by_policy",
            Self::EgressBlocked { .. } => "egress_blocked",
            Self::NamesUnknown { .. } => "names_unknown",
            Self::Undigested { .. } => "undigested",
            Self::Upstream { source, .. } => source.reason(),
            Self::Answered { .. } => "upstream_status",
            Self::Engine(_) => "engine_failed",
            Self::LocalTimeout { .. } => "engine_timeout",
            Self::Overloaded => "overloaded",
            Self::AuditUnavailable => "audit_unavailable",
            Self::Internal => "internal",
        }
    }

    /// Where the cause lies.
    pub fn side(&self) -> Side {
        match self {
            Self::Body(_)
            | Self::LocalField(_)
            | Self::Untranslatable(_)
            | Self::TokenIds { .. }
            | Self::BodyTooLarge { .. }
            | Self::BodyIncomplete
            | Self::Header { .. }
            | Self::NotOffered { .. }
            | Self::UnknownPath
            | Self::Method { .. }
            | Self::UnknownModel
            | Self::UnknownAdapter { .. }
            | Self::UnknownAnswer
            | Self::Refused { .. } => Side::Client,
            Self::Upstream { .. } | Self::Answered { .. } => Side::Provider,
            Self::Engine(_) | Self::LocalTimeout { .. } | Self::Undigested { .. } => Side::Engine,
            Self::EgressBlocked { .. }
            | Self::NamesUnknown { .. }
            | Self::Overloaded
            | Self::AuditUnavailable
            | Self::Internal => Side::Internal,
        }
    }

    /// Whether no far target may be tried any more: a defect of the redaction was caught, or what is to
    /// be shortened first was not.
    pub fn forbids_far(&self) -> bool {
        matches!(self, Self::EgressBlocked { .. } | Self::Undigested { .. })
    }

    /// Whether the next target of the chain may be tried.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::LocalField(_)
            | Self::Untranslatable(_)
            | Self::TokenIds { .. }
            | Self::Upstream { .. }
            | Self::Engine(_)
            | Self::LocalTimeout { .. }
            | Self::EgressBlocked { .. }
            | Self::NamesUnknown { .. }
            | Self::Undigested { .. }
            // Of this target: a name that none has is found out before any is asked.
            | Self::UnknownModel => true,
            Self::Body(_)
            | Self::BodyTooLarge { .. }
            | Self::BodyIncomplete
            | Self::Header { .. }
            | Self::NotOffered { .. }
            | Self::UnknownPath
            | Self::Method { .. }
            | Self::UnknownAdapter { .. }
            | Self::UnknownAnswer
            | Self::Refused { .. }
            | Self::Answered { .. }
            | Self::Overloaded
            | Self::AuditUnavailable
            | Self::Internal => false,
        }
    }

    /// The message with its causes, as the client reads it. Not for logs: it may be a provider's own,
    /// with originals in it.
    pub fn chain(&self) -> String {
        if let Self::Answered { message, .. } = self {
            return message.expose().clone();
        }
        with_causes(self, ": ")
    }
}

/// An error's message with its causes, `between` before each.
pub(crate) fn with_causes(error: &dyn std::error::Error, between: &str) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(between);
        message.push_str(&error.to_string());
        cause = error.source();
    }
    message
}

impl Side {
    /// A bounded name, used as a metric label.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Provider => "provider",
            Self::Engine => "engine",
            Self::Internal => "internal",
        }
    }
}

/// The status that an engine error has on the wire.
fn engine_status(error: &local_engine::Error) -> StatusCode {
    use local_engine::Error as Engine;
    let is_requests_fault = matches!(
        error,
        Engine::ContextExceeded { .. }
            | Engine::PromptEmpty
            | Engine::TokenUnknown { .. }
            | Engine::AdapterUnknown { .. }
            | Engine::SamplingInvalid { .. }
            | Engine::LogprobsInvalid { .. }
            | Engine::ConstraintInvalid { .. }
            | Engine::Template { .. }
            | Engine::TemplateMissing
    );
    let is_passing = matches!(
        error,
        Engine::QueueFull { .. } | Engine::EngineStopped | Engine::LoadFailed
    );
    if is_requests_fault {
        StatusCode::BAD_REQUEST
    } else if is_passing {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_shown_at_zero_from_the_start() {
        let garbage = upstream::Error::Garbage;
        let errors = [
            Error::Body(ParseError::NotUtf8 { at: 0 }),
            Error::BodyTooLarge { limit_bytes: 1 },
            Error::Refused {
                rule: String::new(),
                reason: String::new(),
            },
            Error::EgressBlocked {
                kind: redactor::EntityKind::Email,
            },
            Error::Upstream {
                target: String::new(),
                source: garbage,
            },
            Error::Engine(local_engine::Error::EngineStopped),
            Error::LocalTimeout {
                limit: Duration::from_millis(1),
            },
            Error::Overloaded,
        ];
        for error in errors {
            let label = (error.reason(), error.side());
            assert!(Error::REASONS.contains(&label), "{label:?}");
        }
    }

    #[test]
    fn the_chain_names_every_cause() {
        let error = Error::Body(ParseError::Field {
            field: "model",
            expected: "a name",
        });
        let chain = "the request body is not acceptable: 'model': expected a name";
        assert_eq!(error.chain(), chain);
    }
}
