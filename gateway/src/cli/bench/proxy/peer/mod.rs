//! Those beside the gateway in a measurement: who sends, who answers, and who passes through.
//!
//! Nothing in here knows the gateway. The example `bench_peer` runs them as processes of their own.

pub(crate) mod load;
pub(crate) mod passthrough;
pub(crate) mod upstream;
mod wire;
