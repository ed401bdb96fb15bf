//! What the tokens of an answer say about it.

/// Log-odds of three telling tokens of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    log_odds: [f64; 3],
}

impl Evidence {
    /// From the natural log-probabilities of the tokens; `None` for an answer without tokens. What
    /// is no number counts as impossible, what is above 0 as certain.
    ///
    /// Quantiles are those of the inverse distribution function (definition 1 of Hyndman and Fan,
    /// *Sample quantiles in statistical packages*, 1996): always a token's own value, and the same
    /// for an answer and for the answer said twice.
    pub fn of(log_probabilities: &[f32]) -> Option<Self> {
        let mut sorted: Vec<f64> = log_probabilities.iter().map(|&log| sound(log)).collect();
        sorted.sort_by(f64::total_cmp);
        // Parts of ten, so that ranks are whole numbers: rank = ceil(n * tenths / 10), from 1.
        let quantile = |tenths: usize| {
            let rank = (sorted.len() * tenths).div_ceil(10).max(1);
            sorted.get(rank - 1).copied().map(log_odds)
        };
        let log_odds = [quantile(0)?, quantile(1)?, quantile(5)?];
        Some(Self { log_odds })
    }

    /// Of the least likely token, of the one that a tenth are not above, and of the middle one.
    pub fn log_odds(&self) -> [f64; 3] {
        self.log_odds
    }
}

fn sound(log_probability: f32) -> f64 {
    let log = f64::from(log_probability);
    if log.is_nan() {
        return f64::NEG_INFINITY;
    }
    log.min(0.0)
}

/// `ln(p / (1 - p))`, at most [`MOST`] either way.
fn log_odds(log_probability: f64) -> f64 {
    let of_rest = (-log_probability.exp_m1()).ln();
    (log_probability - of_rest).clamp(-MOST, MOST)
}

/// A thousand to one: the four digits of single precision say no more.
const MOST: f64 = 7.0;
