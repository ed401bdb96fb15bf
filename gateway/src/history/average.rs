//! A mean that forgets.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// An exponentially weighted mean of samples that come at any time.
///
/// A sample counts half after [`HALF_LIFE_MILLIS`], and together the earlier ones never count for more
/// than [`MOST_EVIDENCE`] of a new one. When too little is left of all, the mean is unknown again.
///
/// Lock-free: readers and writers never wait for each other. Two writers at the same moment may
/// decay the past by each other's time, which is nothing.
#[derive(Debug, Default)]
pub(super) struct Average {
    /// The mean and the weight behind it at `at_millis`, two `f32`.
    state: AtomicU64,
    /// Time of the last sample.
    at_millis: AtomicU64,
}

impl Average {
    /// Adds a sample. One that is no finite number is left out.
    pub(super) fn add(&self, sample: f64, now_millis: u64) {
        if !sample.is_finite() {
            return;
        }
        let before = self.at_millis.fetch_max(now_millis, Relaxed);
        let kept = decay(before, now_millis);
        let add = |packed| {
            let (mean, weight) = unpack(packed);
            let weight = (weight * kept).min(MOST_EVIDENCE);
            let mean = (mean * weight + sample) / (weight + 1.0);
            Some(pack(mean, weight + 1.0))
        };
        // The closure always gives a value, so this can't fail.
        self.state.fetch_update(Relaxed, Relaxed, add).ok();
    }

    /// The mean, as long as there is evidence for it.
    pub(super) fn get(&self, now_millis: u64) -> Option<f64> {
        let (mean, weight) = unpack(self.state.load(Relaxed));
        let weight = weight * decay(self.at_millis.load(Relaxed), now_millis);
        (weight >= LEAST_EVIDENCE).then_some(mean)
    }
}

/// What a sample's weight is multiplied with from one moment to a later one.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of one process")]
fn decay(from_millis: u64, to_millis: u64) -> f64 {
    let age = to_millis.saturating_sub(from_millis) as f64;
    (-age / HALF_LIFE_MILLIS).exp2()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seven digits of a mean are enough"
)]
fn pack(mean: f64, weight: f64) -> u64 {
    let [mean, weight] = [mean, weight].map(|number| u64::from((number as f32).to_bits()));
    mean << 32 | weight
}

fn unpack(packed: u64) -> (f64, f64) {
    let half = |shift: u32| {
        let bits = u32::try_from((packed >> shift) & u64::from(u32::MAX)).unwrap_or(0);
        f64::from(f32::from_bits(bits))
    };
    (half(32), half(0))
}

/// Ten minutes: a provider's bad hour is soon forgotten, its good one too.
const HALF_LIFE_MILLIS: f64 = 600_000.0;
/// However many came before, a sample counts for a twentieth.
const MOST_EVIDENCE: f64 = 19.0;
/// A single sample is forgotten after some forty minutes, many after an hour and a half.
const LEAST_EVIDENCE: f64 = 0.05;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60_000;

    #[test]
    fn nothing_is_known_before_the_first_sample_and_long_after_the_last() {
        let average = Average::default();
        assert_eq!(average.get(0), None);
        average.add(2.0, 0);
        assert_eq!(average.get(0), Some(2.0));
        assert_eq!(average.get(40 * MINUTE), Some(2.0));
        assert_eq!(average.get(44 * MINUTE), None);
        average.add(f64::NAN, 44 * MINUTE);
        assert_eq!(average.get(44 * MINUTE), None);
        average.add(3.0, 50 * MINUTE);
        assert!(average.get(50 * MINUTE).unwrap() > 2.9);
    }

    #[test]
    fn a_sample_counts_half_after_a_half_life() {
        let average = Average::default();
        average.add(0.0, 0);
        average.add(3.0, 10 * MINUTE);
        assert!((average.get(10 * MINUTE).unwrap() - 2.0).abs() < 1e-6);
    }

    #[test]
    fn the_past_never_drowns_the_present() {
        let average = Average::default();
        for _ in 0..10_000 {
            average.add(1.0, 0);
        }
        for _ in 0..60 {
            average.add(5.0, 0);
        }
        assert!(average.get(0).unwrap() > 4.5);
    }

    proptest! {
        #[test]
        fn the_mean_lies_between_the_samples(
            samples in proptest::collection::vec((0.0..1e6, 0_u64..MINUTE), 1..50),
        ) {
            let average = Average::default();
            let mut now = 0;
            for (sample, pause) in &samples {
                now += pause;
                average.add(*sample, now);
            }
            let mean = average.get(now).unwrap();
            let least = samples.iter().map(|(sample, _)| *sample).fold(f64::MAX, f64::min);
            let most = samples.iter().map(|(sample, _)| *sample).fold(0.0, f64::max);
            prop_assert!(mean >= least * 0.999 - 1e-3 && mean <= most * 1.001 + 1e-3, "{mean}");
        }
    }
}
