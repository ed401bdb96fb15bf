//! A request whose texts are known.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use redactor::Vault;
use router::complexity::Role;

use crate::{
    api::{
        Head, ParseError,
        dialect::{Dialect, Repeated},
        document::{Document, Place, Text},
    },
    error::Error,
    stored::StoredAnswer,
};

/// A request body that was read, and the place of every text in it. The bytes are kept: what is not
/// redacted goes on as it came.
pub struct Parsed {
    dialect: &'static dyn Dialect,
    body: Bytes,
    document: Document,
    head: Head,
    earlier: Option<Arc<StoredAnswer>>,
    /// What was found in another wording of the request.
    hidden: Option<Arc<Vault>>,
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
            earlier: None,
            hidden: None,
        })
    }

    /// The same request with another body.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub(crate) fn again(&self, body: Bytes, depth_limit: usize) -> Result<Self, Error> {
        Ok(Self {
            earlier: self.earlier.clone(),
            ..Self::new(self.dialect, body, depth_limit)?
        })
    }

    /// The same request, in which these values are to be hidden too.
    #[must_use]
    pub(crate) fn hiding(self, hidden: Arc<Vault>) -> Self {
        Self {
            hidden: Some(hidden),
            ..self
        }
    }

    /// The same request, which goes on from an earlier answer by its id.
    #[must_use]
    pub(crate) fn going_on_from(self, earlier: Arc<StoredAnswer>) -> Self {
        Self {
            earlier: Some(earlier),
            ..self
        }
    }

    /// The answer that it goes on from by its id.
    pub(crate) fn earlier(&self) -> Option<&Arc<StoredAnswer>> {
        self.earlier.as_ref()
    }

    /// The target that alone can go on from it.
    pub(crate) fn holder(&self) -> Option<&str> {
        self.earlier()?.holder()
    }

    /// Values that are to be hidden wherever they stand: what earlier requests hid from that target, or
    /// another wording of this one held.
    pub(crate) fn known(&self) -> Option<&Arc<Vault>> {
        let earlier = || self.earlier()?.vault();
        self.hidden.as_ref().or_else(earlier)
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

    /// What its answer says again of it.
    pub(crate) fn repeated(&self) -> Repeated {
        self.dialect.repeated(self.text())
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
