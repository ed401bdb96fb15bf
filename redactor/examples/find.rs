//! Findings of documents, for measuring: reads `{"id", "text"}` a line on standard input, writes
//! `{"id", "spans": [{"start", "end", "type", "rule"}], "seconds"}` a line, offsets in bytes.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a measuring tool prints, reads the clock and fails where it stands"
)]

use std::{error::Error, io, time::Instant};

use redactor::{Detector, propagate};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let detector = Detector::builtin();
    for line in io::stdin().lines() {
        let document: Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("a document has a text")?;
        let start = Instant::now();
        let mut findings = [detector.detect(text, None)];
        propagate(&[text], &mut findings);
        let seconds = start.elapsed().as_secs_f64();
        let spans: Vec<Value> = findings
            .iter()
            .flatten()
            .map(|found| {
                json!({
                    "start": found.span.start,
                    "end": found.span.end,
                    "type": found.kind.name(),
                    "rule": found.recognizer,
                })
            })
            .collect();
        println!(
            "{}",
            json!({ "id": document["id"], "spans": spans, "seconds": seconds })
        );
    }
    Ok(())
}
