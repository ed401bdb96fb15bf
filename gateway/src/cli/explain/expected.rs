//! What `nearside explain` shows of the targets that were weighed.

use router::{
    Decision, TargetState,
    utility::{Candidate, Forecast, Utility},
};
use serde_json::{Value, json};

use crate::telemetry::{CandidateView, WeightsView};

/// Two lines for each candidate, the second where it was weighed.
pub(super) fn lines(decision: &Decision, targets: &[TargetState]) -> Vec<String> {
    let named = named(decision, targets);
    named.flat_map(|(target, it)| of(target, it)).collect()
}

/// The weights that put the targets in order, and what was expected of each.
pub(super) fn to_json(decision: &Decision, targets: &[TargetState]) -> (Value, Value) {
    let candidates: Vec<CandidateView<'_>> = named(decision, targets)
        .map(|(target, it)| CandidateView::new(&target.name, target.zone, it))
        .collect();
    let weights = decision.weights.as_ref().map(WeightsView::from);
    (json!(weights), json!(candidates))
}

fn named<'a>(
    decision: &'a Decision,
    targets: &'a [TargetState],
) -> impl Iterator<Item = (&'a TargetState, &'a Candidate)> {
    let candidates = decision.candidates.iter();
    candidates.filter_map(|it| Some((targets.get(it.target)?, it)))
}

fn of(target: &TargetState, candidate: &Candidate) -> Vec<String> {
    let Forecast {
        success,
        usd,
        seconds,
        joules,
        megabytes,
    } = candidate.forecast;
    let shown = [
        (success, format!("success {:.3}", success.value)),
        (usd, format!("${:.6}", usd.value)),
        (seconds, format!("{:.2} s", seconds.value)),
        (joules, format!("{:.1} J", joules.value)),
        (megabytes, format!("{:.3} MB", megabytes.value)),
    ];
    let words = shown.map(|(estimate, text)| {
        let mark = if estimate.is_assumed { "~" } else { "" };
        format!("{mark}{text}")
    });
    let mut lines = vec![format!("  {:<12}{}", target.name, words.join(", "))];
    if let Some(utility) = candidate.utility {
        lines.push(format!("  {:<12}{}", "", sum(&utility)));
    }
    lines
}

fn sum(utility: &Utility) -> String {
    format!(
        "utility {:.3} = {:.3} success - {:.3} price - {:.3} latency - {:.3} energy - {:.3} bytes",
        utility.total(),
        utility.success,
        0.0 - utility.price,
        0.0 - utility.latency,
        0.0 - utility.energy,
        0.0 - utility.bytes,
    )
}
