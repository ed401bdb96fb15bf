//! How far probabilities can be trusted: what was predicted beside what came.

/// A probability and what came of it, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Forecast {
    pub(super) predicted: f64,
    pub(super) came: f64,
}

/// Forecasts of neighbouring probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bin {
    /// Mean of what was predicted.
    pub(super) predicted: f64,
    /// Mean of what came.
    pub(super) came: f64,
    pub(super) count: usize,
}

/// Ten bins of as many forecasts each, the lowest first; fewer where there are few forecasts.
pub(super) fn bins(forecasts: &[Forecast]) -> Vec<Bin> {
    let mut sorted = forecasts.to_vec();
    sorted.sort_by(|left, right| left.predicted.total_cmp(&right.predicted));
    let size = sorted.len().div_ceil(BINS).max(1);
    let bins = sorted.chunks(size).map(|chunk| Bin {
        predicted: mean(chunk, |forecast| forecast.predicted),
        came: mean(chunk, |forecast| forecast.came),
        count: chunk.len(),
    });
    bins.collect()
}

/// Expected calibration error: the mean distance between what was predicted and what came, over
/// [`bins`] (Naeini et al., *Obtaining Well Calibrated Probabilities Using Bayesian Binning*, 2015,
/// with bins of equal counts).
pub(super) fn error(forecasts: &[Forecast]) -> f64 {
    let bins = bins(forecasts);
    let count: usize = bins.iter().map(|bin| bin.count).sum();
    let distances = bins
        .iter()
        .map(|bin| (bin.predicted - bin.came).abs() * real(bin.count));
    distances.sum::<f64>() / real(count.max(1))
}

/// A diagram of text: a line a bin, `#` up to what came, `|` where it was predicted.
pub(super) fn diagram(bins: &[Bin]) -> String {
    let head = "predicted   came  count  0                  0.5                   1";
    let lines = bins.iter().map(|bin| {
        let (came, predicted) = (column(bin.came), column(bin.predicted));
        let bar: String = (0..=WIDTH)
            .map(|at| match at {
                at if at == predicted => '|',
                at if at < came => '#',
                _ => ' ',
            })
            .collect();
        let Bin {
            predicted,
            came,
            count,
        } = bin;
        let bar = bar.trim_end();
        format!("{predicted:9.2} {came:6.2} {count:6}  {bar}")
    });
    let lines: Vec<String> = [head.to_owned()].into_iter().chain(lines).collect();
    lines.join("\n") + "\n"
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to WIDTH"
)]
fn column(probability: f64) -> usize {
    (probability.clamp(0.0, 1.0) * real(WIDTH)).round() as usize
}

fn mean(forecasts: &[Forecast], of: fn(&Forecast) -> f64) -> f64 {
    forecasts.iter().map(of).sum::<f64>() / real(forecasts.len().max(1))
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines of a file")]
fn real(count: usize) -> f64 {
    count as f64
}

const BINS: usize = 10;

/// Columns of the diagram.
const WIDTH: usize = 42;

#[cfg(test)]
mod tests {
    use super::*;

    fn forecasts() -> Vec<Forecast> {
        let came = |index: usize, every: usize| f64::from(u8::from(index.is_multiple_of(every)));
        let low = (0..50).map(|index| Forecast {
            predicted: 0.1,
            came: came(index, 10),
        });
        let high = (0..50).map(|index| Forecast {
            predicted: 0.9,
            came: came(index, 2),
        });
        low.chain(high).collect()
    }

    #[test]
    fn the_error_is_how_far_forecasts_are_off() {
        // The first half is right, the second is off by 0.4.
        assert!((error(&forecasts()) - 0.2).abs() < 1e-9);
        assert!((error(&[]) - 0.0).abs() < 1e-9);
    }

    #[test]
    fn the_diagram_shows_what_came_and_what_was_predicted() {
        insta::assert_snapshot!(diagram(&bins(&forecasts())));
    }
}
