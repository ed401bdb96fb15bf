//! Harness of the end-to-end tests: a gateway in this process, a provider that records and plays
//! what a test scripts, and a client that sees every byte.
//!
//! Everything listens on port 0 and nothing is shared between tests but the process and its log.
//! Nothing sleeps to let something happen: what has to be awaited is awaited, [`within`] a limit
//! that only a defect reaches.
//!
//! | Module | Plays |
//! | --- | --- |
//! | [`gateway`] | the gateway, with a policy and targets of the test's choice |
//! | [`provider`], [`answer`] | the far side: records requests, answers as scripted |
//! | [`client`], [`http`] | the near side: sends bytes, reads bytes, leaves |
//! | [`wire`] | the `OpenAI` shapes, written independently of the gateway's own |
//! | [`responses`], [`messages`], [`lines`] | responses of `OpenAI`, the Anthropic and the Ollama shapes, likewise |
//! | [`engine`] | an engine that never ends |
//! | [`planted`], [`everywhere`], [`trace`], [`sweep`] | personal data, a request full of it, the search for it, and all of that for many requests |
//! | [`logs`] | what the gateway logged |
//! | [`dice`] | chance from a seed |

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a harness fails the test that uses it, with a message"
)]

pub mod answer;
pub mod client;
pub mod dice;
pub mod engine;
pub mod everywhere;
pub mod gateway;
pub mod http;
pub mod lines;
pub mod logs;
pub mod messages;
pub mod planted;
pub mod provider;
pub mod responses;
pub mod sweep;
pub mod trace;
pub mod wire;

use std::time::Duration;

/// The value of `future`, which only a defect keeps from coming within `limit`.
///
/// # Panics
/// When it does not come.
pub async fn within<T>(limit: Duration, what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(limit, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {limit:?}"))
}

/// Far longer than anything takes, short enough to fail in.
pub const PATIENCE: Duration = Duration::from_secs(20);
