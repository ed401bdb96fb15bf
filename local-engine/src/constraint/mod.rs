//! Constraints: answers that follow a JSON schema, a regular expression, a grammar or a list.
//!
//! A [`Constraint`] is compiled against a model's [`Vocabulary`] into a [`Guide`], which says before
//! each token which ones may come next. Guarantees: the text of an answer that ends by itself is
//! in the constraint's language, and of one that was cut it is the start of such a text. The
//! tokens that end an answer are allowed only where the text is complete. What it does not catch:
//! a stop string cuts the text wherever it stands.
//!
//! The parsing is done by `llguidance`, which computes the allowed tokens in microseconds on the
//! processor; no other library does so for JSON schemas and context-free grammars at once.

mod grammar;
mod guide;
mod reason;
mod spelling;
mod vocabulary;

use std::fmt;

use serde_json::Value;

pub use guide::Guide;
pub(crate) use spelling::Spelling;
pub(crate) use vocabulary::Vocabulary;

/// What every answer to a request must follow, from its first character to its last.
#[derive(Clone, PartialEq)]
pub enum Constraint {
    /// JSON that fits the schema, of which `llguidance` supports nearly all of draft 2020-12; what
    /// it does not, like `not` or `uniqueItems`, is refused by name.
    JsonSchema(Value),
    /// Any JSON object.
    Json,
    /// Text that the regular expression matches whole. Syntax of the `regex` crate: no look-around,
    /// no references to earlier groups.
    Regex(String),
    /// Text that the grammar derives from its rule `start`. Lark's syntax, as `llguidance` reads it.
    Lark(String),
    /// One of the texts.
    Choice(Vec<String>),
}

impl Constraint {
    /// What kind of constraint it is, as messages name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::JsonSchema(_) => "JSON schema",
            Self::Json => "JSON object",
            Self::Regex(_) => "regular expression",
            Self::Lark(_) => "Lark grammar",
            Self::Choice(_) => "list of choices",
        }
    }
}

/// Prints the kind only: the rest is the client's text.
impl fmt::Debug for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

#[cfg(test)]
mod tests;
