//! The arguments that control what the local engine says.

use std::path::PathBuf;

use clap::Args;

/// How the next token is chosen.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sampling")]
pub struct SamplingArgs {
    /// Always take the likeliest token, whatever the other options say
    #[arg(long)]
    pub greedy: bool,
    /// How freely tokens are chosen; 0 is greedy [default: the model's own]
    #[arg(long, value_name = "T")]
    pub temperature: Option<f32>,
    /// Choose among the likeliest tokens with this much probability together
    #[arg(long, value_name = "P")]
    pub top_p: Option<f32>,
    /// Choose among this many of the likeliest tokens
    #[arg(long, value_name = "K")]
    pub top_k: Option<usize>,
    /// Leave out tokens less likely than this share of the likeliest one's probability
    #[arg(long, value_name = "P")]
    pub min_p: Option<f32>,
    /// Divide the scores of tokens that were said or read by this; 1 for none
    #[arg(long, value_name = "R")]
    pub repetition_penalty: Option<f32>,
    /// Take this from the score of every token said so far, -2 to 2
    #[arg(long, value_name = "A", allow_negative_numbers = true)]
    pub presence_penalty: Option<f32>,
    /// Take this from the score of a token for each time it was said, -2 to 2
    #[arg(long, value_name = "A", allow_negative_numbers = true)]
    pub frequency_penalty: Option<f32>,
    /// Add to the score of a token, -100 to ban it; may be given several times
    #[arg(long, value_name = "ID=BIAS", value_parser = token_bias)]
    pub logit_bias: Vec<(u32, f32)>,
    /// Start of the random numbers, for the same answer again
    #[arg(long, value_name = "SEED")]
    pub seed: Option<u64>,
}

/// What the answer must follow.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Constraints")]
#[group(multiple = false)]
pub struct ConstraintArgs {
    /// Answer with JSON that fits the JSON schema in this file
    #[arg(long, value_name = "FILE")]
    pub json_schema: Option<PathBuf>,
    /// Answer with a JSON object
    #[arg(long)]
    pub json_object: bool,
    /// Answer with text that this regular expression matches whole
    #[arg(long, value_name = "PATTERN")]
    pub regex: Option<String>,
    /// Answer with one of these texts; given several times
    #[arg(long, value_name = "TEXT")]
    pub choice: Vec<String>,
    /// Answer with text that the Lark grammar in this file derives from its rule `start`
    #[arg(long, value_name = "FILE")]
    pub lark: Option<PathBuf>,
}

fn token_bias(text: &str) -> Result<(u32, f32), &'static str> {
    const EXPECTED: &str = "expected a token id and a number, as in 17=-100";
    let (id, bias) = text.split_once('=').ok_or(EXPECTED)?;
    let id = id.parse().map_err(|_| EXPECTED)?;
    let bias: f32 = bias.parse().map_err(|_| EXPECTED)?;
    if !bias.is_finite() {
        return Err(EXPECTED);
    }
    Ok((id, bias))
}
