//! The values between the stages of a request: `Parsed -> Inspected -> Redacted`.
//!
//! Privacy is a type. Each value can only be made from the one before, and the upstream client takes
//! nothing but [`Redacted`]: what has not been inspected, redacted under a profile and checked once
//! more byte for byte cannot be sent.
//!
//! ```
//! use nearside::{stage::Redacted, upstream::{CallOptions, Credentials, Upstream}};
//!
//! async fn send(upstream: &Upstream, redacted: &Redacted, credentials: &Credentials) {
//!     let _answer = upstream.send(redacted, credentials, &CallOptions::default()).await;
//! }
//! ```
//!
//! The same with what was only inspected does not compile:
//!
//! ```compile_fail,E0308
//! use nearside::{stage::Inspected, upstream::{CallOptions, Credentials, Upstream}};
//!
//! async fn send(upstream: &Upstream, inspected: &Inspected, credentials: &Credentials) {
//!     let _answer = upstream.send(inspected, credentials, &CallOptions::default()).await;
//! }
//! ```
//!
//! Nor can anyone outside this module make a [`Redacted`] by hand:
//!
//! ```compile_fail,E0451
//! use nearside::stage::Redacted;
//!
//! fn forge(body: bytes::Bytes, redacted: Redacted) -> Redacted {
//!     Redacted { body, ..redacted }
//! }
//! ```

mod inspected;
mod parsed;
mod privacy;
mod redacted;

pub use inspected::Inspected;
pub(crate) use inspected::{Beside, to_tag};
pub use parsed::Parsed;
pub use redacted::Redacted;
