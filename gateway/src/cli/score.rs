//! `nearside score --jsonl`: the complexity of prompts, as routing sees it.

use router::complexity::Scorer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::request::Request;
use super::{CliError, ScoreArgs, Terminal, input};
use crate::calibration::Measured;
use crate::clock::Clock;

/// Prints `{"id","score","seconds"}` for every request.
pub(super) fn run(args: &ScoreArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let clock = Clock::system();
    let scorer = scorer(args)?;
    let expected = r#"an object with "id" and "prompt" or "messages""#;
    input::map_lines(&args.files, expected, terminal, |line: Line| {
        let start = clock.now();
        let score = scorer.score(&line.request.features()?);
        let seconds = (clock.now() - start).as_secs_f64();
        Ok(Scored {
            id: line.id,
            score,
            seconds,
        })
    })
}

fn scorer(args: &ScoreArgs) -> Result<Scorer, CliError> {
    let measured = args
        .calibration
        .as_deref()
        .map(Measured::read)
        .transpose()?;
    let size = match (args.size, &measured) {
        (Some(size), _) => size.into(),
        (None, Some(measured)) => measured.size,
        (None, None) => return Ok(Scorer::default()),
    };
    Ok(match measured.and_then(|measured| measured.complexity) {
        Some((calibration, _)) => Scorer::calibrated(size, calibration),
        None => Scorer::new(size),
    })
}

#[derive(Deserialize)]
struct Line {
    id: Value,
    #[serde(flatten)]
    request: Request,
}

#[derive(Serialize)]
struct Scored {
    id: Value,
    score: f64,
    seconds: f64,
}
