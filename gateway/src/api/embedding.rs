//! Texts as vectors, in no API's words.
//!
//! Vectors of two models can't be compared. Which model makes them must therefore never depend on
//! what a text says, only on the model that the client names: see `Targets::narrow_embedding`.

use std::fmt;

use bytes::Bytes;

use super::ParseError;

/// What an API has to say of texts as vectors.
pub(crate) trait EmbeddingDialect: Sync {
    /// Reads a request whose texts the local encoder is to embed.
    ///
    /// # Errors
    /// Names a field of the wrong type, or that the local encoder can't serve.
    fn read_texts(&self, body: &str) -> Result<EmbedRequest, ParseError>;

    /// Writes the answer to `request`.
    fn write_vectors(&self, model: &str, request: &EmbedRequest, embedded: &Embedded) -> Bytes;
}

/// What is to be embedded.
#[derive(Clone, PartialEq)]
pub(crate) struct EmbedRequest {
    pub(crate) texts: Vec<String>,
    /// The field in which they stand.
    pub(crate) field: &'static str,
    /// Texts longer than the encoder's window are cut; otherwise they are an error.
    pub(crate) cuts: bool,
    /// How many components a vector is to have; `None` for as many as the model gives.
    pub(crate) dimensions: Option<u64>,
    pub(crate) encoding: Encoding,
}

/// How a vector is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As numbers.
    #[default]
    Float,
    /// As base64 (RFC 4648, section 4) of its components, 32 bits each, the lowest byte first.
    Base64,
}

/// Vectors, and what they cost.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Embedded {
    /// As many as there were texts.
    pub(crate) vectors: Vec<Vec<f32>>,
    pub(crate) prompt_tokens: u64,
    pub(crate) total_nanoseconds: u64,
}

/// What stands in the way of a request for vectors where no encoder takes it.
pub(crate) const NO_CONVERSATION: ParseError = ParseError::Field {
    field: "input",
    expected: "a target of the client's API, or an encoder in `local.embeddings`",
};

/// Prints sizes only.
impl fmt::Debug for EmbedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbedRequest")
            .field("texts", &self.texts.len())
            .field("encoding", &self.encoding)
            .finish_non_exhaustive()
    }
}
