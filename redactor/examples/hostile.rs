//! Measures texts that are made to take long: the time of 1 MB against that of 20 kB.
//!
//! `cargo run --release -p redactor --example hostile`; fails when one takes more than its share.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measuring tool prints, reads the clock and fails where it stands"
)]

#[path = "../testdata/hostile.rs"]
mod hostile;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use redactor::{Detector, propagate};

const SMALL: usize = 20_000;
const LARGE: usize = 1_000_000;
/// Linear time gives fifty, and a little for caches that the larger text does not fit.
const MOST: f64 = 60.0;

fn main() -> ExitCode {
    let detector = Detector::builtin();
    let mut worst = 0.0_f64;
    println!("{:>12} {:>12} {:>7}  begins", "20 kB", "1 MB", "ratio");
    for (small, large) in hostile::texts(SMALL).zip(hostile::texts(LARGE)) {
        // The first pass fills the caches of the automata.
        time(&detector, &small);
        let short = (0..5).map(|_| time(&detector, &small)).min().unwrap();
        let long = (0..2).map(|_| time(&detector, &large)).min().unwrap();
        let ratio = long.as_secs_f64() / short.as_secs_f64();
        let begins: String = small.chars().take(24).collect();
        println!("{short:>12.1?} {long:>12.1?} {ratio:>7.1}  {begins:?}");
        worst = worst.max(ratio);
    }
    println!("worst {worst:.1}, allowed {MOST}");
    if worst > MOST {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn time(detector: &Detector, text: &str) -> Duration {
    let start = Instant::now();
    let mut findings = [detector.detect(text, Some("password"))];
    propagate(&[text], &mut findings);
    start.elapsed()
}
