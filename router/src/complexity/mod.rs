//! The complexity of a request: the probability that the local model fails where a far one
//! succeeds, calibrated for the local model's size or for the model itself.
//!
//! ```text
//! texts --scan, lines, lexicon--> counts --Features--> 51 numbers
//!       --forests (table)--> raw score: what is gained by going far
//!       --Calibration--> complexity
//! ```
//!
//! It asks for both models and not for difficulty: on the hardest requests both fail, and going far
//! wins nothing. Two more forests give the chance of each side by itself ([`Outlook`]), and two tell
//! everyday chat and demanding requests from what benchmarks ask. `router/training/train.py` makes
//! the forests, `router/models/complexity.md` is their card: what they were trained on, how good
//! they are, and where they are weak.
//!
//! Guarantees: linear in the length of the text, no allocation, never panics, the score is always
//! in `[0, 1]`. Not caught: meaning. The scorer knows what a prompt looks like, not what it asks.

mod calibration;
mod features;
mod forest;
mod letters;
mod lexicon;
mod lines;
mod scan;
mod scorer;
mod size;
#[path = "../../models/complexity.rs"]
mod table;

pub use self::{
    calibration::{Calibration, CalibrationError, Observation},
    features::{COUNT, Features},
    scorer::{Outlook, Scorer},
    size::SizeClass,
};

/// A rough count of the tokens of a text. Tokenizers differ from each other, and from this, by a
/// third and more in both directions.
pub fn tokens(text: &str) -> u32 {
    scan::Counts::of(text).tokens
}

/// Who wrote a text of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The operator's instructions.
    System,
    /// The person (or program) that asks.
    User,
    /// The model's earlier answers.
    Assistant,
    /// Results of tools.
    Tool,
}

#[cfg(test)]
mod tests;
