//! Fits the parameters to answers that were marked.

use super::{Confidence, Evidence, Line, TaskKind};

/// An answer that was marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// What was asked for.
    pub kind: TaskKind,
    /// What its tokens say.
    pub evidence: Evidence,
    /// Whether it was right.
    pub is_right: bool,
}

impl Confidence {
    /// The parameters under which what was seen is most likely, with weights of 0 or more. They are
    /// held near the usual ones as if by a few answers more, so that a few answers move them a
    /// little, and kinds without answers keep them.
    ///
    /// Penalized logistic regression by coordinate descent with Newton steps; the sum is convex, so
    /// the order of answers does not matter beyond rounding.
    pub fn fit(answers: &[Answer]) -> Self {
        TaskKind::ALL
            .into_iter()
            .fold(Self::default(), |fitted, kind| {
                let rows: Vec<Row> = answers
                    .iter()
                    .filter(|answer| answer.kind == kind)
                    .map(Row::of)
                    .collect();
                fitted.with(kind, fit_line(&rows))
            })
    }
}

/// An answer as numbers: a constant, then the evidence.
struct Row {
    terms: [f64; 4],
    right: f64,
}

impl Row {
    fn of(answer: &Answer) -> Self {
        let [least, low, middle] = answer.evidence.log_odds();
        Self {
            terms: [1.0, least, low, middle],
            right: f64::from(u8::from(answer.is_right)),
        }
    }

    fn predicted(&self, parameters: &[f64; 4]) -> f64 {
        let terms = self.terms.iter().zip(parameters);
        let logit: f64 = terms.map(|(term, parameter)| term * parameter).sum();
        1.0 / (1.0 + (-logit).exp())
    }
}

fn fit_line(rows: &[Row]) -> Line {
    let Line { offset, weights } = Line::UNFITTED;
    let [least, low, middle] = weights;
    let usual = [offset, least, low, middle];
    let mut fitted = usual;
    for _ in 0..SWEEPS {
        for at in 0..fitted.len() {
            step(rows, at, &usual, &mut fitted);
        }
    }
    let [offset, weights @ ..] = fitted;
    Line { offset, weights }
}

/// One Newton step along one parameter.
fn step(rows: &[Row], at: usize, usual: &[f64; 4], fitted: &mut [f64; 4]) {
    let (Some(&prior), Some(&now)) = (usual.get(at), fitted.get(at)) else {
        return;
    };
    let (mut slope, mut curvature) = (PENALTY * (now - prior), PENALTY);
    for row in rows {
        let Some(term) = row.terms.get(at) else {
            continue;
        };
        let predicted = row.predicted(fitted);
        slope += (predicted - row.right) * term;
        curvature += predicted * (1.0 - predicted) * term * term;
    }
    // A probability near 0 or 1 makes the curve flat and the step too long.
    let next = now - (slope / curvature).clamp(-1.0, 1.0);
    if let Some(parameter) = fitted.get_mut(at) {
        *parameter = if at == 0 { next } else { next.max(0.0) };
    }
}

/// Far more than it takes.
const SWEEPS: usize = 60;

/// How strongly parameters are held to the usual ones.
const PENALTY: f64 = 4.0;
