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

    /// Whether there is an answer in it already.
    pub(crate) fn is_continued(&self) -> bool {
        self.head.roles.iter().copied().any(is_answer)
    }

    /// What the conversation opens with: all before the first answer.
    pub(crate) fn opening<'t>(&self, texts: &[Text<'t>]) -> impl Iterator<Item = &'t str> {
        let roles = &self.head.roles;
        let end = roles.iter().copied().position(is_answer);
        let end = end.unwrap_or(roles.len());
        said_before(end, texts)
    }

    /// What led to the last answer: all before it.
    pub(crate) fn before_last_answer<'t>(
        &self,
        texts: &[Text<'t>],
    ) -> impl Iterator<Item = &'t str> {
        let roles = &self.head.roles;
        let end = roles.iter().rposition(|role| is_answer(*role));
        let end = end.unwrap_or(roles.len());
        said_before(end, texts)
    }

    /// All that is said in the conversation.
    pub(crate) fn said<'t>(&self, texts: &[Text<'t>]) -> impl Iterator<Item = &'t str> {
        said_before(self.head.roles.len(), texts)
    }

    /// Every text of the request.
    pub(crate) fn texts(&self) -> Vec<Text<'_>> {
        self.document.texts(self.text())
    }
}

fn is_answer(role: Option<Role>) -> bool {
    role == Some(Role::Assistant)
}

/// What is said in the messages before the one of this number.
fn said_before<'t>(end: usize, texts: &[Text<'t>]) -> impl Iterator<Item = &'t str> {
    texts.iter().filter_map(move |text| match text.place {
        Place::Content { message } => (message < end).then_some(text.text),
        Place::Free | Place::Key | Place::Model | Place::Structural | Place::Sealed => None,
    })
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
