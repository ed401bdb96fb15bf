//! Calibration files: what `nearside calibrate` measured for a local model, and `local.calibration`
//! names.
//!
//! ```yaml
//! version: 1
//! model: "my-model"
//! size: small
//! complexity:
//!   requests: 500
//!   points:
//!     - { score: 0.0, probability: 0.0 }
//!     - { score: 1.0, probability: 1.0 }
//! confidence:
//!   - { task: choice, answers: 300, offset: 0.1, weights: [0.2, 0.1, 0.1] }
//! ```
//!
//! A file that was read is sound: points rise, kinds of task are known. Every mistake is reported
//! with its line.

mod file;

use std::fmt::{self, Write as _};
use std::path::Path;

use router::{
    complexity::{Calibration, SizeClass},
    confidence::{Confidence, TaskKind},
};

use crate::config::ConfigError;

use self::file::CalibrationFile;

/// What was measured for a local model.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The model's name, for people.
    pub model: String,
    /// Its size, which the scores were made for.
    pub size: SizeClass,
    /// From raw score to complexity, and from how many requests; `None` where only confidence was
    /// measured.
    pub complexity: Option<(Calibration, u64)>,
    /// How far its answers can be trusted; `None` where only complexity was measured.
    pub confidence: Option<MeasuredConfidence>,
}

/// How far the answers of a model can be trusted.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredConfidence {
    /// From log-probabilities to the probability of being right.
    pub confidence: Confidence,
    /// How many answers of each kind were marked; kinds without any are not listed.
    pub answers: Vec<(TaskKind, u64)>,
}

impl Measured {
    /// Reads a file.
    ///
    /// # Errors
    /// Why it can't be read, or all its mistakes.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::unreadable(&name, error.kind()))?;
        Self::parse(&name, &text)
    }

    /// Checks the text of a file; `name` is the file that messages speak of.
    ///
    /// # Errors
    /// All its mistakes.
    pub fn parse(name: &str, text: &str) -> Result<Self, ConfigError> {
        let (file, mistakes) = router::yaml::parse_with_gaps::<CalibrationFile>(name, text);
        match file {
            Some(file) if mistakes.is_empty() => file.check(name),
            Some(_) | None => Err(ConfigError::new(mistakes)),
        }
    }
}

/// The text of the file.
impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A JSON string is a YAML string.
        let model = serde_json::Value::from(self.model.as_str());
        writeln!(f, "# Made by `nearside calibrate`.")?;
        writeln!(f, "version: {VERSION}\nmodel: {model}\nsize: {}", self.size)?;
        if let Some((calibration, requests)) = &self.complexity {
            writeln!(f, "complexity:\n  requests: {requests}\n  points:")?;
            for (score, probability) in calibration.points() {
                let (score, probability) = (Short(*score), Short(*probability));
                writeln!(f, "    - {{ score: {score}, probability: {probability} }}")?;
            }
        }
        let Some(MeasuredConfidence {
            confidence,
            answers,
        }) = &self.confidence
        else {
            return Ok(());
        };
        writeln!(f, "confidence:")?;
        for (kind, count) in answers {
            let line = confidence.line(*kind);
            let [least, low, middle] = line.weights.map(Short);
            let (kind, offset) = (kind.name(), Short(line.offset));
            writeln!(
                f,
                "  - {{ task: {kind}, answers: {count}, offset: {offset}, \
                 weights: [{least}, {low}, {middle}] }}"
            )?;
        }
        Ok(())
    }
}

/// A number with enough digits, and a point, so that YAML reads it as one.
struct Short(f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        write!(text, "{:.6}", self.0)?;
        let text = text.trim_end_matches('0');
        let dot = if text.ends_with('.') { "0" } else { "" };
        write!(f, "{text}{dot}")
    }
}

/// The format of the file.
const VERSION: u32 = 1;

#[cfg(test)]
mod tests;
