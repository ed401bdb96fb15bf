//! The calibration file as it stands there.

use router::{
    complexity::{Calibration, SizeClass},
    confidence::{Confidence, Line, TaskKind},
    yaml::{Diagnostic, Spanned},
};
use serde::Deserialize;

use super::{Measured, MeasuredConfidence, VERSION};
use crate::config::ConfigError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalibrationFile {
    version: Spanned<u32>,
    model: String,
    size: Spanned<String>,
    complexity: Option<Spanned<ComplexityFile>>,
    #[serde(default)]
    confidence: Vec<Spanned<ConfidenceFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComplexityFile {
    requests: u64,
    points: Vec<PointFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PointFile {
    score: f64,
    probability: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfidenceFile {
    task: String,
    answers: u64,
    offset: f64,
    weights: [f64; 3],
}

impl CalibrationFile {
    /// What the file says, if all of it makes sense.
    pub(super) fn check(self, name: &str) -> Result<Measured, ConfigError> {
        let mut wrong = Wrong {
            file: name,
            found: Vec::new(),
        };
        if self.version.value != VERSION {
            let version = self.version.value;
            wrong.at(
                &self.version,
                format!("expected version 1, found {version}"),
            );
        }
        let size = SizeClass::from_name(&self.size.value);
        if size.is_none() {
            let expected = format!(
                "expected small, medium or large, found '{}'",
                self.size.value
            );
            wrong.at(&self.size, expected);
        }
        let complexity = self.complexity.and_then(|part| wrong.complexity(&part));
        let confidence = wrong.confidence(&self.confidence);
        if !wrong.found.is_empty() {
            return Err(ConfigError::new(wrong.found));
        }
        Ok(Measured {
            model: self.model,
            size: size.unwrap_or_default(),
            complexity,
            confidence,
        })
    }
}

/// Mistakes found so far.
struct Wrong<'f> {
    file: &'f str,
    found: Vec<Diagnostic>,
}

impl Wrong<'_> {
    fn at<T>(&mut self, place: &Spanned<T>, message: String) {
        self.found.push(Diagnostic {
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            message,
        });
    }

    fn complexity(&mut self, part: &Spanned<ComplexityFile>) -> Option<(Calibration, u64)> {
        let points = part.value.points.iter();
        let points = points.map(|point| (point.score, point.probability));
        match Calibration::from_points(points.collect()) {
            Ok(calibration) => Some((calibration, part.value.requests)),
            Err(error) => {
                self.at(part, error.to_string());
                None
            }
        }
    }

    fn confidence(&mut self, parts: &[Spanned<ConfidenceFile>]) -> Option<MeasuredConfidence> {
        let (mut confidence, mut answers) = (Confidence::default(), Vec::new());
        for part in parts {
            let ConfidenceFile {
                ref task,
                answers: count,
                offset,
                weights,
            } = part.value;
            let Some(kind) = TaskKind::from_name(task) else {
                let names = TaskKind::ALL.map(TaskKind::name).join(", ");
                self.at(
                    part,
                    format!("expected one of {names} as task, found '{task}'"),
                );
                continue;
            };
            let is_weight = |weight: &f64| weight.is_finite() && *weight >= 0.0;
            if !offset.is_finite() || !weights.iter().all(is_weight) {
                self.at(
                    part,
                    "expected finite numbers, and weights of 0 or more".to_owned(),
                );
                continue;
            }
            confidence = confidence.with(kind, Line { offset, weights });
            answers.push((kind, count));
        }
        (!answers.is_empty()).then_some(MeasuredConfidence {
            confidence,
            answers,
        })
    }
}
