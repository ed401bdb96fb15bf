//! How requests and local answers are judged: by the size of the local model, or as `nearside
//! calibrate` measured it.

use local_engine::{ModelSource, ModelSummary};
use router::{
    complexity::{Scorer, SizeClass},
    confidence::Confidence,
};

use crate::config::LocalConfig;

/// The scorer for this local model. Its size is what the configuration says, what the calibration
/// was made for, or what the files of the loaded model look like, in this order.
///
/// Without a local model every request goes far, and the score is for the record: a medium one.
pub(crate) fn scorer(local: Option<&LocalConfig>, model: Option<&ModelSummary>) -> Scorer {
    let Some(local) = local else {
        return Scorer::default();
    };
    let measured = local.calibration.as_ref();
    let size = local
        .size
        .or_else(|| measured.map(|measured| measured.size))
        .or_else(|| model.map(size_of))
        .unwrap_or_else(|| usual_size(&local.model));
    match measured.and_then(|measured| measured.complexity.clone()) {
        Some((calibration, _)) => Scorer::calibrated(size, calibration),
        None => Scorer::new(size),
    }
}

/// How far the answers of this local model can be trusted: as measured, else as any model's.
pub(crate) fn confidence(local: Option<&LocalConfig>) -> Confidence {
    let measured = local.and_then(|local| local.calibration.as_ref());
    let confidence = measured.and_then(|measured| measured.confidence.as_ref());
    confidence.map_or_else(Confidence::default, |measured| measured.confidence.clone())
}

/// The size of a model that is not loaded.
fn usual_size(source: &ModelSource) -> SizeClass {
    match source {
        ModelSource::Embedded => SizeClass::Small,
        ModelSource::Path(_) => SizeClass::default(),
    }
}

/// From the bytes of the weights and the bits of each. Embeddings often have more bits than the rest,
/// so that models under a billion may look larger: `local.size` says it better.
pub(crate) fn size_of(model: &ModelSummary) -> SizeClass {
    SizeClass::of_parameters(model.weight_bytes * 8 / bits(&model.variant))
}

/// Bits of a weight, by the name of the variant; of names that say nothing, the usual 8.
fn bits(variant: &str) -> u64 {
    let variant = variant.to_ascii_lowercase();
    let has = |names: &[&str]| names.iter().any(|name| variant.contains(name));
    if has(&["q4", "int4", "bnb4", "pair"]) {
        4
    } else if has(&["fp16", "bf16", "f16"]) {
        16
    } else if has(&["fp32", "f32"]) {
        32
    } else {
        8
    }
}

#[cfg(test)]
mod tests {
    use router::complexity::{Calibration, Features, Role};

    use super::*;
    use crate::calibration::Measured;

    #[test]
    fn sizes_are_seen_from_the_weights() {
        let check = |bytes: u64, variant: &str, expected| {
            let parameters = bytes * 8 / bits(variant);
            assert_eq!(SizeClass::of_parameters(parameters), expected, "{variant}");
        };
        check(250_000_000, "q4", SizeClass::Small);
        check(988_000_000, "fp16", SizeClass::Small);
        check(2_200_000_000, "q4f16", SizeClass::Medium);
        check(3_100_000_000, "int8", SizeClass::Medium);
        check(16_000_000_000, "fp16", SizeClass::Large);
    }

    #[test]
    fn the_configuration_wins_over_the_calibration_and_that_over_the_model() {
        let points = vec![(0.0, 0.75), (1.0, 0.75)];
        let measured = Measured {
            model: "m".to_owned(),
            size: SizeClass::Large,
            complexity: Some((Calibration::from_points(points).unwrap(), 100)),
            confidence: None,
        };
        let mut local = LocalConfig::default();
        assert_eq!(scorer(Some(&local), None).size(), SizeClass::Small);
        local.calibration = Some(measured);
        let measured = scorer(Some(&local), None);
        assert_eq!(measured.size(), SizeClass::Large);
        let hello = Features::extract([(Role::User, "Hello")].into_iter(), 0);
        assert!((measured.score(&hello) - 0.75).abs() < 1e-9);
        local.size = Some(SizeClass::Medium);
        assert_eq!(scorer(Some(&local), None).size(), SizeClass::Medium);
        assert_eq!(scorer(None, None).size(), SizeClass::default());
    }
}
