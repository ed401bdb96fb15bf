//! What is taken for true about a target where nothing is known: the neutral of every term.
//!
//! Neutral means an ordinary target of its zone, so that an unknown one is neither preferred for being
//! unknown nor shut out: it is asked, and from then on measured. Configuration (`price`, `quality`) and
//! measurements replace these one by one.

use crate::target::{TokenPrice, Zone};

/// Chance that a capable far model answers well, where the scorer gives one number only.
pub const FAR_SUCCESS: f64 = 1.0;

/// Complexity of a request whose score is no number: even odds.
pub const COMPLEXITY: f64 = 0.5;

/// Share of what a capable far model does well that a target does well, by zone. A server on the
/// premises runs smaller models than a provider, as a rule.
pub const fn quality(zone: Zone) -> f64 {
    match zone {
        Zone::Device => 1.0,
        Zone::Site => 0.85,
        Zone::Cloud => 0.95,
    }
}

/// What a target of the zone charges: a provider 2.50 and 10 US dollars for a million tokens of prompt
/// and answer, the order of a general model's list price in 2025; a server of one's own nothing a token.
pub const fn price(zone: Zone) -> TokenPrice {
    match zone {
        Zone::Device | Zone::Site => TokenPrice {
            usd_per_million_prompt_tokens: 0.0,
            usd_per_million_output_tokens: 0.0,
        },
        Zone::Cloud => TokenPrice {
            usd_per_million_prompt_tokens: 2.5,
            usd_per_million_output_tokens: 10.0,
        },
    }
}

/// Seconds until a target of the zone begins.
pub const fn wait_seconds(zone: Zone) -> f64 {
    match zone {
        Zone::Device => 0.1,
        Zone::Site => 0.4,
        Zone::Cloud => 0.8,
    }
}

/// How fast a target of the zone writes, in tokens per second.
pub const fn output_tokens_per_second(zone: Zone) -> f64 {
    match zone {
        Zone::Device => 20.0,
        Zone::Site => 40.0,
        Zone::Cloud => 60.0,
    }
}

/// How fast the device reads a prompt, in tokens per second.
pub const PROMPT_TOKENS_PER_SECOND: f64 = 200.0;

/// Tokens of an answer, where there is no history; a lower limit of the client's wins.
pub const OUTPUT_TOKENS: f64 = 250.0;

/// Bytes of the device's model, where its size is not known.
pub const MODEL_BYTES: u64 = 1_000_000_000;

/// Energy to write one token with a model of this size, in joules.
///
/// Writing a token reads every weight once. A laptop's processor reads some 40 GB/s while it takes
/// some 20 W more than idle, which is half a joule for a gigabyte.
#[expect(
    clippy::cast_precision_loss,
    reason = "an order of magnitude is all that is asked for"
)]
pub const fn joules_per_output_token(model_bytes: u64) -> f64 {
    model_bytes as f64 / 1e9 * JOULES_PER_GIGABYTE
}

/// Energy to read one token of a prompt, as a share of the energy to write one: prompts are read many
/// tokens at a time, for which the weights are read once.
pub const PROMPT_ENERGY_SHARE: f64 = 0.2;

/// Bytes of one request beside its text: request line, headers and TLS records both ways.
pub const EXCHANGE_BYTES: f64 = 2_000.0;

/// Bytes of one token in a JSON body.
pub const BYTES_PER_TOKEN: f64 = 4.5;

/// Bytes of one token in an event stream: every event repeats the answer's id, model and structure.
pub const BYTES_PER_STREAMED_TOKEN: f64 = 250.0;

const JOULES_PER_GIGABYTE: f64 = 0.5;
