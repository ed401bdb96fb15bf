//! How bytes are asked for. The engine has no HTTP client of its own: whoever pulls brings one.

use std::io::{self, Read};

/// The body of an answer, read as it comes. An error means that it was cut short.
pub type Body = Box<dyn Read + Send>;

/// An HTTP client, as plain as one can be.
///
/// Whoever implements it must follow no redirect, add no credentials, decompress nothing, and give
/// up by itself on a server that is silent for long; everything else (redirects, tokens, retries,
/// ranges) is done here, the same way for every client.
pub trait Transport: Send + Sync {
    /// Sends a request without a body; returns as soon as the head of the answer is there.
    ///
    /// # Errors
    /// When there is no answer: no connection, no TLS, or silence. Its text goes to the user.
    fn send(&self, request: http::Request<()>) -> io::Result<http::Response<Body>>;
}
