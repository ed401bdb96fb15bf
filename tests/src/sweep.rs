//! The privacy sweep: requests full of personal data against a provider that says back what it saw.

use serde_json::Value;

use crate::{
    client::{Reply, Request},
    everywhere::{Everywhere, strings},
    gateway::Gateway,
    logs,
    planted::Plant,
    provider::{Call, Provider},
    trace::{self, Haystack},
};

/// Stands between strings in prose; longer than a byte, so that a cut can go through it.
pub const BETWEEN: &str = " \u{a6} ";

/// Sends each request to its path. Nothing planted crosses or stays behind, and the client reads every
/// string of its request, which `said` takes from the answer to a body.
///
/// # Panics
/// When that does not hold; of what crossed, all is told at once.
pub async fn sweep(
    gateway: Gateway,
    provider: &Provider,
    requests: impl IntoIterator<Item = (&'static str, Everywhere)>,
    said: impl Fn(&Value, &Reply) -> Vec<String>,
) {
    let (mut leaks, mut originals) = (Vec::new(), Vec::new());
    let mut sent = 0;
    for (path, request) in requests {
        let reply = gateway
            .send(Request::post(path, request.body.to_string()))
            .await;
        assert_eq!(reply.status(), 200, "{path}, {sent}: {}", reply.shown());
        let call = provider.calls().pop().expect("something crossed");
        let leaked = leaked(&request, &call);
        leaks.extend(leaked.iter().map(|leak| format!("{path}, {sent}: {leak}")));
        let body = &request.body;
        assert_eq!(said(body, &reply), strings(body), "{path}, {sent}");
        originals.extend(request.plants.into_iter().map(|(_, plant)| plant.original));
        sent += 1;
    }
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );

    let remains = gateway.stop().await;
    assert_eq!(remains.records().len(), sent);
    trace::assert_none(&remains.audit, &originals, "the audit log");
    trace::assert_none(remains.metrics.0.as_bytes(), &originals, "the metrics");
    trace::assert_none(&logs::captured().bytes(), &originals, "the log");
}

/// Every plant whose original shows in what crossed, with its place.
pub fn leaked(request: &Everywhere, call: &Call) -> Vec<String> {
    let bytes = call.bytes();
    let haystack = Haystack::new(&bytes);
    let show = |(place, plant): &(&str, Plant)| {
        let form = haystack.find(&plant.original)?;
        let (kind, original) = (plant.kind, &plant.original);
        Some(format!("{place}: {kind:?} {original:?} ({form})"))
    };
    request.plants.iter().filter_map(show).collect()
}
