//! From features to the probability that a request needs the far model.

use super::{
    COUNT, Calibration, Features, SizeClass,
    calibration::interpolate,
    forest::{Forest, logistic},
    table::{CALIBRATION, DEMANDING, EVERYDAY, FAR, GAIN, IS_DEMANDING, IS_EVERYDAY, LOCAL, SHIFT},
};

/// Scores requests for a local model of one size, calibrated.
///
/// ```
/// use router::complexity::{Features, Role, Scorer, SizeClass};
///
/// let scorer = Scorer::new(SizeClass::Medium);
/// let score = |prompt| scorer.score(&Features::extract([(Role::User, prompt)].into_iter(), 0));
/// assert!(score("Hello, how are you?") < 0.35);
/// assert!(score("Prove by induction that every integer n > 1 has a prime factor.") > 0.6);
/// ```
#[derive(Debug, Clone)]
pub struct Scorer {
    size: SizeClass,
    /// In place of the one that was made with the model.
    calibration: Option<Calibration>,
}

/// How likely each side is to answer well; before calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// Probability that the local model succeeds.
    pub local: f64,
    /// Probability that the far one succeeds.
    pub far: f64,
}

impl Scorer {
    /// With the calibration that was made for local models of this size.
    pub const fn new(size: SizeClass) -> Self {
        Self {
            size,
            calibration: None,
        }
    }

    /// With a calibration that was measured for the local model itself.
    pub const fn calibrated(size: SizeClass, calibration: Calibration) -> Self {
        Self {
            size,
            calibration: Some(calibration),
        }
    }

    /// The size of the local model.
    pub const fn size(&self) -> SizeClass {
        self.size
    }

    /// Probability in `[0, 1]` that the local model fails where the far one succeeds. How far it
    /// can be trusted is in the model's card, `router/models/complexity.md`.
    pub fn score(&self, features: &Features) -> f64 {
        let raw = self.raw(features);
        match &self.calibration {
            Some(calibration) => calibration.apply(raw),
            None => interpolate(self.size.pick(CALIBRATION), raw),
        }
    }

    /// The score in `[0, 1]` that calibrations start from, the same for all sizes: `(1 + gain) / 2`,
    /// where the gain is how much better the far answer is expected to be; where it is worse, that
    /// counts three quarters.
    pub fn raw(&self, features: &Features) -> f64 {
        Judge::of(features).probability(&GAIN, |anchor| anchor.gain)
    }

    /// How likely each side is to answer well. Before calibration, and each for itself: the score
    /// is not made from it.
    pub fn outlook(&self, features: &Features) -> Outlook {
        let judge = Judge::of(features);
        let local = judge.probability(&LOCAL, |anchor| anchor.local);
        Outlook {
            local: logistic(logit(local) + self.size.pick(SHIFT)),
            far: judge.probability(&FAR, |anchor| anchor.far),
        }
    }
}

/// For a medium model.
impl Default for Scorer {
    fn default() -> Self {
        Self::new(SizeClass::default())
    }
}

/// What requests of one kind are judged as, whatever else they look like.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) local: f64,
    pub(super) far: f64,
    /// `(1 + gain) / 2`.
    pub(super) gain: f64,
}

/// A request, and how much it is like those that no benchmark has.
struct Judge {
    values: [f32; COUNT],
    everyday: f64,
    demanding: f64,
}

impl Judge {
    fn of(features: &Features) -> Self {
        let values = features.values().map(|(_, value)| value);
        // Doubtful likeness is none: where the forests know better, they are left alone.
        let likeness = |forest: &Forest| (2.0 * forest.probability(&values) - 1.0).max(0.0);
        let is_anchored = !features.is_exam();
        let is_everyday = is_anchored && !features.has_tools();
        let everyday = if is_everyday {
            likeness(&IS_EVERYDAY)
        } else {
            0.0
        };
        let demanding = if is_anchored {
            likeness(&IS_DEMANDING)
        } else {
            0.0
        };
        // What both claim, they share.
        let claimed = (everyday + demanding).max(1.0);
        Self {
            values,
            everyday: everyday / claimed,
            demanding: demanding / claimed,
        }
    }

    /// What the anchors say, as far as the request is like them, and the forest for the rest.
    fn probability(&self, forest: &Forest, of: fn(&Anchor) -> f64) -> f64 {
        let rest = 1.0 - self.everyday - self.demanding;
        self.everyday * of(&EVERYDAY)
            + self.demanding * of(&DEMANDING)
            + rest * forest.probability(&self.values)
    }
}

fn logit(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}
