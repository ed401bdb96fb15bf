//! A request whose texts are known.

use std::fmt;

use bytes::Bytes;
use router::complexity::Role;

use crate::{
    api::{
        Head, ParseError,
        dialect::Dialect,
        document::{Document, Place, Text},
    },
    error::Error,
};

/// A request body that was read, and the place of every text in it. The bytes are kept: what is not
/// redacted goes on as it came.
pub struct Parsed {
    dialect: &'static dyn Dialect,
    body: Bytes,
    document: Document,
    head: Head,
}

impl Parsed {
    /// Reads a request of the client's dialect.
    ///
    /// # Errors
    /// [`Error::Body`] when the body is not JSON in UTF-8, nests deeper than `depth_limit`, or lacks
    /// what the API demands.
    pub(crate) fn new(
        dialect: &'static dyn Dialect,
        body: Bytes,
        depth_limit: usize,
    ) -> Result<Self, Error> {
        let text = std::str::from_utf8(&body).map_err(|error| ParseError::NotUtf8 {
            at: error.valid_up_to(),
        })?;
        let (head, document) = dialect.parse(text, depth_limit)?;
        Ok(Self {
            dialect,
            body,
            document,
            head,
        })
    }

    /// What the client speaks.
    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// The body as it came.
    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text.
    #[expect(
        clippy::expect_used,
        reason = "made from UTF-8 only, and bytes don't change"
    )]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// What the request says, in the gateway's words.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// Where its texts lie.
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// What the conversation opens with: all before the first answer.
    pub(crate) fn opening<'t>(&self, texts: &[Text<'t>]) -> impl Iterator<Item = &'t str> {
        let roles = &self.head.roles;
        let is_answer = |role: &Option<Role>| *role == Some(Role::Assistant);
        let end = roles.iter().position(is_answer).unwrap_or(roles.len());
        texts.iter().filter_map(move |text| match text.place {
            Place::Content { message } => (message < end).then_some(text.text),
            Place::Free | Place::Key | Place::Model | Place::Structural | Place::Sealed => None,
        })
    }

    /// Every text of the request.
    pub(crate) fn texts(&self) -> Vec<Text<'_>> {
        self.document.texts(self.text())
    }
}

/// Prints sizes only.
impl fmt::Debug for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parsed")
            .field("dialect", &self.dialect)
            .field("bytes", &self.body.len())
            .field("messages", &self.head.roles.len())
            .finish_non_exhaustive()
    }
}
