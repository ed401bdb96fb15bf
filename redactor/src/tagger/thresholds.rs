//! The probabilities from which labels count.

use super::Label;

/// The probability from which a word has a label, for each label. Lower finds more.
///
/// The standard ones were chosen on annotated text that the model was not trained on, with a missed
/// name counted much dearer than a word redacted in vain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TagThresholds([f32; Label::ALL.len()]);

impl TagThresholds {
    /// The threshold of a label, above 0 and up to 1.
    pub fn of(&self, label: Label) -> f32 {
        self.0.get(label as usize).copied().unwrap_or(1.0)
    }

    /// For each label the lower one of two.
    #[must_use]
    pub fn least(mut self, other: &Self) -> Self {
        for (mine, other) in self.0.iter_mut().zip(other.0) {
            *mine = mine.min(other);
        }
        self
    }

    /// Sets the threshold of a label, which is kept between 0.01 and 1.
    pub fn set(&mut self, label: Label, threshold: f32) {
        if let Some(of_label) = self.0.get_mut(label as usize) {
            *of_label = threshold.clamp(0.01, 1.0);
        }
    }
}

impl Default for TagThresholds {
    fn default() -> Self {
        let mut thresholds = Self([0.5; Label::ALL.len()]);
        for (label, threshold) in STANDARD {
            thresholds.set(label, threshold);
        }
        thresholds
    }
}

const STANDARD: [(Label, f32); 6] = [
    (Label::Person, 0.1),
    (Label::Location, 0.2),
    (Label::Address, 0.25),
    (Label::Org, 0.25),
    (Label::Date, 0.25),
    (Label::Age, 0.25),
];
