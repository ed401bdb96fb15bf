//! `nearside calibrate`: makes scores and confidence probabilities that hold for one local model.
//!
//! What is printed as "after" comes from curves fitted without the requests they are shown for (five
//! folds); the file gets the curve fitted to all. Files are written whole or not at all, and no text
//! of a request is in them.

mod reliability;
mod svg;

use std::fs;
use std::path::Path;

use router::{
    complexity::{Calibration, Observation, Scorer, SizeClass},
    confidence::{Answer, Confidence, Evidence, TaskKind},
};
use serde::Deserialize;

use self::reliability::Forecast;
use super::request::Request;
use super::{CalibrateArgs, CliError, Terminal, input};
use crate::calibration::{Measured, MeasuredConfidence};

/// Reads what was measured, fits, shows how good it is and writes the file and the plot.
pub(super) fn run(args: &CalibrateArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let size = args
        .size
        .map_or_else(|| usual_size(&args.model), SizeClass::from);
    let mut plots = Vec::new();
    let complexity = match &args.data {
        Some(path) => {
            let (part, plot) = complexity(path, size, terminal)?;
            plots.push((args.output.with_extension("svg"), plot));
            Some(part)
        }
        None => None,
    };
    let confidence = match &args.answers {
        Some(path) => {
            let (part, plot) = confidence(path, terminal)?;
            plots.push((args.output.with_extension("confidence.svg"), plot));
            Some(part)
        }
        None => None,
    };
    let measured = Measured {
        model: args.model.clone(),
        size,
        complexity,
        confidence,
    };
    plots.insert(0, (args.output.clone(), measured.to_string()));
    for (path, text) in plots {
        write_whole(&path, &text)?;
        writeln!(terminal.err(), "wrote {}", path.display())?;
    }
    Ok(())
}

/// What the configuration takes for the size of a model that it knows by name only.
fn usual_size(model: &str) -> SizeClass {
    if model == "nearside-tiny" {
        SizeClass::Small
    } else {
        SizeClass::default()
    }
}

/// From raw score to complexity.
fn complexity(
    path: &Path,
    size: SizeClass,
    terminal: &mut Terminal,
) -> Result<((Calibration, u64), String), CliError> {
    let scorer = Scorer::new(size);
    let expected = r#"an object with "prompt" or "messages", and "local" and "far" from 0 to 1"#;
    let seen = input::read_lines(path, expected, |line: MeasuredRequest| {
        line.observe(&scorer)
    })?;
    let curve = Calibration::fit(&seen).ok_or_else(|| empty(path))?;
    let forecast = |predicted: f64, seen: &Observation| Forecast {
        predicted,
        came: seen.need,
    };
    let before: Vec<Forecast> = seen.iter().map(|seen| forecast(seen.score, seen)).collect();
    let after = cross_fitted(&seen, |known, left_out| {
        let curve = Calibration::fit(known)?;
        Some(forecast(curve.apply(left_out.score), left_out))
    });
    let title = "Complexity: the local model fails where the far one succeeds";
    let plot = show(title, &before, &after, terminal)?;
    Ok(((curve, seen.len() as u64), plot))
}

/// From log-probabilities to the probability of being right.
fn confidence(
    path: &Path,
    terminal: &mut Terminal,
) -> Result<(MeasuredConfidence, String), CliError> {
    let expected = r#"an object with "task", "logprobs" and "right""#;
    let seen = input::read_lines(path, expected, MarkedAnswer::read)?;
    if seen.is_empty() {
        return Err(empty(path));
    }
    let forecast = |confidence: &Confidence, answer: &Answer| Forecast {
        predicted: confidence.right(&answer.evidence, answer.kind),
        came: f64::from(u8::from(answer.is_right)),
    };
    let unfitted = Confidence::default();
    let before: Vec<Forecast> = seen
        .iter()
        .map(|answer| forecast(&unfitted, answer))
        .collect();
    let folds: Vec<Confidence> = (0..FOLDS)
        .map(|fold| Confidence::fit(&without(&seen, fold)))
        .collect();
    let after: Vec<Forecast> = seen
        .iter()
        .zip(folds.iter().cycle())
        .map(|(answer, confidence)| forecast(confidence, answer))
        .collect();
    let plot = show(
        "Confidence: the local answer is right",
        &before,
        &after,
        terminal,
    )?;
    let count = |kind| seen.iter().filter(|answer| answer.kind == kind).count() as u64;
    let counts = TaskKind::ALL.map(|kind| (kind, count(kind)));
    let counts = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    let measured = MeasuredConfidence {
        confidence: Confidence::fit(&seen),
        answers: counts,
    };
    Ok((measured, plot))
}

/// What is predicted of each observation by a curve that was fitted without it.
fn cross_fitted(
    seen: &[Observation],
    predict: impl Fn(&[Observation], &Observation) -> Option<Forecast>,
) -> Vec<Forecast> {
    let mut forecasts = Vec::new();
    for fold in 0..FOLDS {
        let known = without(seen, fold);
        let left_out = seen.iter().skip(fold).step_by(FOLDS);
        forecasts.extend(left_out.filter_map(|seen| predict(&known, seen)));
    }
    forecasts
}

/// All but every fifth.
fn without<T: Copy>(seen: &[T], fold: usize) -> Vec<T> {
    let numbered = seen.iter().enumerate();
    let known = numbered.filter(|(index, _)| index % FOLDS != fold);
    known.map(|(_, seen)| *seen).collect()
}

/// Prints the diagram after calibration, and draws both.
fn show(
    title: &str,
    before: &[Forecast],
    after: &[Forecast],
    terminal: &mut Terminal,
) -> Result<String, CliError> {
    let bins = reliability::bins(after);
    let (was, is) = (reliability::error(before), reliability::error(after));
    let out = terminal.out();
    writeln!(out, "{title}")?;
    writeln!(
        out,
        "{} observations, calibration error {was:.3} before, {is:.3} after",
        before.len()
    )?;
    write!(out, "{}", reliability::diagram(&bins))?;
    Ok(svg::plot(title, &reliability::bins(before), &bins))
}

/// A file beside the wanted one, then renamed.
fn write_whole(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error| CliError::failed(format!("{} can't be written", path.display()), error);
    let beside = path.with_extension("part");
    fs::write(&beside, text).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

fn empty(path: &Path) -> CliError {
    CliError::message(format!("{} holds nothing to fit to", path.display()))
}

/// A request with the quality of both answers.
#[derive(Deserialize)]
struct MeasuredRequest {
    #[serde(flatten)]
    request: Request,
    local: f64,
    far: f64,
}

impl MeasuredRequest {
    fn observe(self, scorer: &Scorer) -> Result<Observation, String> {
        let is_quality = |quality: f64| (0.0..=1.0).contains(&quality);
        if !is_quality(self.local) || !is_quality(self.far) {
            return Err(r#"expected "local" and "far" from 0 to 1"#.to_owned());
        }
        Ok(Observation {
            score: scorer.raw(&self.request.features()?),
            need: (self.far - self.local).max(0.0),
        })
    }
}

/// A local answer with its mark.
#[derive(Deserialize)]
struct MarkedAnswer {
    task: String,
    logprobs: Vec<f32>,
    right: bool,
}

impl MarkedAnswer {
    fn read(self) -> Result<Answer, String> {
        let kind = TaskKind::from_name(&self.task).ok_or_else(|| {
            let names = TaskKind::ALL.map(TaskKind::name).join(", ");
            format!(r#"expected one of {names} as "task""#)
        })?;
        let evidence = Evidence::of(&self.logprobs)
            .ok_or(r#"expected a log-probability or more in "logprobs""#)?;
        Ok(Answer {
            kind,
            evidence,
            is_right: self.right,
        })
    }
}

const FOLDS: usize = 5;
