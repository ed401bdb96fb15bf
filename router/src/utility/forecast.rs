//! What one request is expected to give and to take at one target.

use super::assumed;
use crate::{
    signals::{Output, Signals},
    target::{Rates, TargetState, Zone},
};

/// What one request is expected to give and to take at one target. All values are finite and zero or
/// more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Probability of a good answer, 0 to 1.
    pub success: Estimate,
    /// Price, in US dollars.
    pub usd: Estimate,
    /// Time to the last token, in seconds.
    pub seconds: Estimate,
    /// Energy that the device spends on computing, in joules. Zero for far targets: what the radio
    /// takes grows with the bytes, and is weighed with them.
    pub joules: Estimate,
    /// Bytes on the link both ways, in megabytes (10^6). Zero but for the cloud: a server on the
    /// premises is reached over their own network. Attachments, whose size is not known here, are not
    /// counted.
    pub megabytes: Estimate,
}

/// A value, and whether all that it was made from is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value, in the unit of its field.
    pub value: f64,
    /// Something in it is [`assumed`]; otherwise it was configured or measured.
    pub is_assumed: bool,
}

impl Forecast {
    /// The forecast for a request at a target.
    pub fn of(signals: &Signals, target: &TargetState) -> Self {
        let (rates, zone) = (&target.rates, target.zone);
        let tokens = Tokens::of(signals, rates);
        Self {
            success: success(signals, rates, zone),
            usd: usd(tokens, rates, zone),
            seconds: seconds(tokens, rates, zone),
            joules: joules(tokens, rates, zone),
            megabytes: megabytes(tokens, signals.stream, zone),
        }
    }
}

impl Estimate {
    const ZERO: Self = Self::known(0.0);

    const fn known(value: f64) -> Self {
        Self {
            value,
            is_assumed: false,
        }
    }

    /// A reading, or what is assumed where there is none that makes sense.
    fn or_assumed(reading: Option<f64>, assumed: f64) -> Self {
        match reading.filter(|value| value.is_finite() && *value >= 0.0) {
            Some(value) => Self::known(value),
            None => Self {
                value: assumed,
                is_assumed: true,
            },
        }
    }

    /// As [`Self::or_assumed`], for a rate, which is above zero.
    fn rate(reading: Option<f64>, assumed: f64) -> Self {
        Self::or_assumed(reading.filter(|value| *value > 0.0), assumed)
    }

    fn map(self, change: impl FnOnce(f64) -> f64) -> Self {
        Self {
            value: change(self.value),
            ..self
        }
    }

    fn with(self, other: Self, join: impl FnOnce(f64, f64) -> f64) -> Self {
        Self {
            value: join(self.value, other.value),
            is_assumed: self.is_assumed || other.is_assumed,
        }
    }
}

/// How long prompt and answer are.
#[derive(Clone, Copy)]
struct Tokens {
    prompt: f64,
    output: Estimate,
}

impl Tokens {
    /// The answer is as long as this target's answers usually are, up to the client's limit. A limit
    /// alone is no forecast: clients set it far above what they get.
    fn of(signals: &Signals, rates: &Rates) -> Self {
        let most = match signals.output {
            Output::Answer => signals.max_output_tokens,
            Output::Vectors => Some(0),
        };
        let limit = most.map_or(f64::MAX, f64::from);
        let usual = Estimate::or_assumed(rates.output_tokens, assumed::OUTPUT_TOKENS);
        Self {
            prompt: f64::from(signals.prompt_tokens),
            output: usual.map(|tokens| tokens.min(limit)),
        }
    }
}

/// Two chances: that the local model answers well, and that a capable far one does.
///
/// The complexity is the chance that the first fails where the second does not. Taken for the chance
/// that the local model fails at all, it leaves the far one with what is assumed.
struct Odds {
    local: Estimate,
    far: Estimate,
}

impl Odds {
    fn of(signals: &Signals) -> Self {
        let complexity = Some(signals.complexity);
        Self {
            local: Estimate::or_assumed(complexity, assumed::COMPLEXITY)
                .map(|complexity| (1.0 - complexity).clamp(0.0, 1.0)),
            far: Estimate::known(assumed::FAR_SUCCESS),
        }
    }
}

fn success(signals: &Signals, rates: &Rates, zone: Zone) -> Estimate {
    let odds = Odds::of(signals);
    match zone {
        Zone::Device => odds.local,
        Zone::Site | Zone::Cloud => {
            let quality = Estimate::or_assumed(rates.quality, assumed::quality(zone));
            odds.far
                .with(quality, |far, quality| far * quality.clamp(0.0, 1.0))
        }
    }
}

fn usd(tokens: Tokens, rates: &Rates, zone: Zone) -> Estimate {
    if zone == Zone::Device {
        return Estimate::ZERO;
    }
    let charged = rates
        .price
        .map(|price| price.usd(tokens.prompt, tokens.output.value));
    let assumed = assumed::price(zone).usd(tokens.prompt, tokens.output.value);
    let charged = Estimate::or_assumed(charged, assumed);
    charged.with(tokens.output, |charged, _| charged)
}

fn seconds(tokens: Tokens, rates: &Rates, zone: Zone) -> Estimate {
    let wait = Estimate::or_assumed(rates.wait_seconds, assumed::wait_seconds(zone));
    let speed = Estimate::rate(
        rates.output_tokens_per_second,
        assumed::output_tokens_per_second(zone),
    );
    let writing = tokens.output.with(speed, |tokens, speed| tokens / speed);
    let answered = wait.with(writing, |wait, writing| wait + writing);
    if zone != Zone::Device {
        return answered;
    }
    let speed = Estimate::rate(
        rates.prompt_tokens_per_second,
        assumed::PROMPT_TOKENS_PER_SECOND,
    );
    answered.with(speed, |seconds, speed| seconds + tokens.prompt / speed)
}

fn joules(tokens: Tokens, rates: &Rates, zone: Zone) -> Estimate {
    if zone != Zone::Device {
        return Estimate::ZERO;
    }
    let bytes = rates.model_bytes.unwrap_or(assumed::MODEL_BYTES);
    let per_token = Estimate::or_assumed(
        rates.joules_per_output_token,
        assumed::joules_per_output_token(bytes),
    );
    tokens.output.with(per_token, |output, joules| {
        joules * (output + tokens.prompt * assumed::PROMPT_ENERGY_SHARE)
    })
}

fn megabytes(tokens: Tokens, stream: bool, zone: Zone) -> Estimate {
    if zone != Zone::Cloud {
        return Estimate::ZERO;
    }
    let per_token = if stream {
        assumed::BYTES_PER_STREAMED_TOKEN
    } else {
        assumed::BYTES_PER_TOKEN
    };
    tokens.output.map(|output| {
        let prompt = tokens.prompt * assumed::BYTES_PER_TOKEN;
        (assumed::EXCHANGE_BYTES + prompt + output * per_token) / 1e6
    })
}
