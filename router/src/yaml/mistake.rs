//! What went wrong while reading a struct from the tree, kept structured until it is printed.

use std::fmt;

use serde::de;

use super::{
    Diagnostic, Position,
    tree::{Content, Node, NodeId},
};
use crate::suggest::{did_you_mean, quoted_list};

/// A mistake that will be reported.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: Position,
    pub(super) message: String,
}

impl Mistake {
    pub(super) fn new(at: Position, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }

    pub(super) fn in_file(self, file: &str) -> Diagnostic {
        Diagnostic {
            file: file.to_owned(),
            line: self.at.line,
            column: self.at.column,
            message: self.message,
        }
    }
}

/// The error type of our deserializers: serde's causes, plus the node at fault.
#[derive(Debug)]
pub(super) struct Error {
    pub(super) cause: Cause,
    /// Filled in by the innermost node that the error passes through.
    pub(super) place: Option<Place>,
}

impl Error {
    pub(super) fn new(cause: Cause) -> Self {
        Self { cause, place: None }
    }

    pub(super) fn expected(what: impl Into<String>, node: &Node) -> Self {
        Self::new(Cause::WrongType {
            expected: what.into(),
        })
        .at(node)
    }

    /// Sets the place unless one nearer to the fault is known already.
    pub(super) fn at(mut self, node: &Node) -> Self {
        if self.place.is_none() {
            self.place = Some(Place::of(self.cause.culprit(node).unwrap_or(node)));
        }
        self
    }

    /// Like [`Self::at`], for errors that a stand-in caused.
    pub(super) fn at_stand_in(mut self, node: &Node) -> Self {
        if self.place.is_none() {
            self.place = Some(Place {
                stand_in: true,
                ..Place::of(node)
            });
        }
        self
    }
}

/// The node at fault and how it may be shown.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) node: NodeId,
    pub(super) at: Position,
    /// The node's value for people, never that of a secret.
    found: String,
    secret: bool,
    /// The error comes from a stand-in, so the user has already been told the cause.
    pub(super) stand_in: bool,
}

impl Place {
    pub(super) fn of(node: &Node) -> Self {
        let found = node.shown();
        Self {
            node: node.id,
            at: node.at,
            found,
            secret: node.secret,
            stand_in: false,
        }
    }
}

/// The cause of an error, as serde tells it.
#[derive(Debug)]
pub(super) enum Cause {
    UnknownKey {
        key: String,
        expected: &'static [&'static str],
    },
    UnknownVariant {
        value: String,
        expected: &'static [&'static str],
    },
    MissingKey {
        key: &'static str,
    },
    WrongType {
        expected: String,
    },
    /// From a `Deserialize` impl of the struct's own.
    Custom {
        message: String,
    },
}

impl Cause {
    /// What to tell the user.
    pub(super) fn message(&self, place: &Place) -> String {
        match self {
            Self::UnknownKey { key, expected } => format!(
                "unknown key '{key}', expected one of {}{}",
                quoted_list(expected.iter().copied()),
                did_you_mean(key, expected.iter().copied()),
            ),
            Self::UnknownVariant { value, expected } => format!(
                "expected one of {}, found {}{}",
                quoted_list(expected.iter().copied()),
                place.found,
                if place.secret {
                    String::new()
                } else {
                    did_you_mean(value, expected.iter().copied())
                },
            ),
            Self::MissingKey { key } => format!("missing key '{key}'"),
            Self::WrongType { expected } => format!("expected {expected}, found {}", place.found),
            Self::Custom { .. } if place.secret => "invalid value (not shown)".to_owned(),
            Self::Custom { message } => message.clone(),
        }
    }

    /// The child of `node` that is to blame, when serde only knew the whole (it buffers tagged
    /// enums and so loses places).
    fn culprit<'n>(&self, node: &'n Node) -> Option<&'n Node> {
        let Content::Mapping(entries) = &node.content else {
            return None;
        };
        match self {
            Self::UnknownKey { key, .. } => entries
                .iter()
                .map(|(name, _)| name)
                .find(|name| name.is_text(key)),
            Self::UnknownVariant { value, .. } => entries
                .iter()
                .map(|(_, child)| child)
                .find(|child| child.is_text(value)),
            Self::MissingKey { .. } | Self::WrongType { .. } | Self::Custom { .. } => None,
        }
    }
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Cause::Custom {
            message: message.to_string(),
        })
    }

    fn invalid_type(_found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Cause::WrongType {
            expected: expected.to_string(),
        })
    }

    fn invalid_value(_found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Cause::WrongType {
            expected: expected.to_string(),
        })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Cause::UnknownKey {
            key: field.to_owned(),
            expected,
        })
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(Cause::UnknownVariant {
            value: variant.to_owned(),
            expected,
        })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Cause::MissingKey { key: field })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.cause)
    }
}

impl std::error::Error for Error {}
