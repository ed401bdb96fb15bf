//! `options`: how tokens are drawn, by Ollama's names.
//!
//! | Option | Is |
//! | --- | --- |
//! | `temperature`, `top_p`, `top_k`, `min_p`, `seed`, `stop`, `num_predict`, `presence_penalty`, `frequency_penalty`, `repeat_penalty` | carried over |
//! | `typical_p` other than 1 | refused: it changes the answer, and nobody else knows it |
//! | `num_ctx`, `num_keep`, `truncate`, `shift` | left out: what fits is up to the model that answers |
//! | `repeat_last_n` | left out, but for 0, which turns `repeat_penalty` off |
//! | `num_batch`, `num_gpu`, `main_gpu`, `num_thread`, `use_mmap` ... | left out: they set up Ollama's machine, not the answer |
//! | any other | left out, as Ollama does |

use serde_json::{Map, Value, json};

use super::member::{member, strings, wrong};
use crate::api::{
    ParseError,
    conversation::{Conversation, Sampling},
};

/// Reads `options` into a conversation.
///
/// # Errors
/// An option of the wrong type, or one that no other server can serve.
pub(super) fn read(
    options: &Map<String, Value>,
    conversation: &mut Conversation,
) -> Result<(), ParseError> {
    let typical = number(options, "options.typical_p")?;
    if typical.is_some_and(|typical| typical < 1.0) {
        return Err(wrong("options.typical_p", "1, which leaves it off"));
    }
    conversation.sampling = Sampling {
        temperature: number(options, "options.temperature")?,
        top_p: number(options, "options.top_p")?,
        top_k: whole(options, "options.top_k")?.and_then(|most| u32::try_from(most).ok()),
        min_p: number(options, "options.min_p")?,
        frequency_penalty: number(options, "options.frequency_penalty")?,
        presence_penalty: number(options, "options.presence_penalty")?,
        // Below 0 means any.
        seed: whole(options, "options.seed")?.filter(|seed| *seed >= 0),
        ..Sampling::default()
    };
    let penalty = number(options, "options.repeat_penalty")?;
    let is_off = whole(options, "options.repeat_last_n")? == Some(0);
    conversation.local.repetition_penalty = penalty.filter(|_| !is_off);
    // 0 and below mean no limit.
    let most = whole(options, "options.num_predict")?;
    conversation.max_output_tokens = most
        .and_then(|most| u64::try_from(most).ok())
        .filter(|most| *most > 0);
    conversation.stop = stop(options)?;
    Ok(())
}

/// Writes what of a conversation is an option.
///
/// # Errors
/// A wish that Ollama has no option for.
pub(super) fn write(conversation: &Conversation) -> Result<Map<String, Value>, ParseError> {
    let sampling = &conversation.sampling;
    if !sampling.logit_bias.is_empty() {
        return Err(wrong("logit_bias", "nothing, since Ollama knows none"));
    }
    let mut options = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            options.insert(name.to_owned(), value);
        }
    };
    set("temperature", sampling.temperature.map(shortest));
    set("top_p", sampling.top_p.map(shortest));
    set("top_k", sampling.top_k.map(Value::from));
    set("min_p", sampling.min_p.map(shortest));
    set("seed", sampling.seed.map(Value::from));
    let penalties = [
        ("frequency_penalty", sampling.frequency_penalty),
        ("presence_penalty", sampling.presence_penalty),
        ("repeat_penalty", conversation.local.repetition_penalty),
    ];
    for (name, penalty) in penalties {
        set(name, penalty.map(shortest));
    }
    set(
        "num_predict",
        conversation.max_output_tokens.map(Value::from),
    );
    let stop = (!conversation.stop.is_empty()).then(|| json!(conversation.stop));
    set("stop", stop);
    Ok(options)
}

/// Ollama takes a list; some clients send a single string.
fn stop(options: &Map<String, Value>) -> Result<Vec<String>, ParseError> {
    match options.get("stop") {
        Some(Value::String(stop)) if stop.is_empty() => Ok(Vec::new()),
        Some(Value::String(stop)) => Ok(vec![stop.clone()]),
        _ => strings(options, "options.stop"),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "no sampling parameter needs more digits"
)]
fn number(options: &Map<String, Value>, name: &'static str) -> Result<Option<f32>, ParseError> {
    let number = member(options, name, "a number", Value::as_f64)?;
    Ok(number.map(|number| number as f32))
}

/// A whole number; fractions are cut off, as Ollama does.
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is out of range is the largest or smallest number"
)]
fn whole(options: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, ParseError> {
    let read = |value: &Value| {
        let exact = value.as_i64();
        exact.or_else(|| value.as_f64().map(|number| number as i64))
    };
    member(options, name, "a whole number", read)
}

/// The number in as few digits as name it: 0.7, not 0.699999988.
fn shortest(number: f32) -> Value {
    let nearest = number.to_string().parse();
    Value::from(nearest.unwrap_or(f64::from(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_options(options: &Value) -> Result<Conversation, ParseError> {
        let mut conversation = Conversation::default();
        read(options.as_object().unwrap(), &mut conversation)?;
        Ok(conversation)
    }

    #[test]
    fn what_is_carried_over_comes_out_as_it_went_in() {
        let options = json!({
            "temperature": 0.7, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "seed": 42,
            "frequency_penalty": 0.5, "presence_penalty": -1.5, "repeat_penalty": 1.1,
            "num_predict": 128, "stop": ["END", "\n\n"],
        });
        let conversation = read_options(&options).unwrap();
        assert_eq!(Value::Object(write(&conversation).unwrap()), options);
    }

    #[test]
    fn what_means_no_limit_or_sets_up_a_machine_is_left_out() {
        let options = json!({
            "num_predict": -1, "seed": -1, "repeat_penalty": 1.1, "repeat_last_n": 0, "top_k": null,
            "num_ctx": 8192, "num_gpu": 1, "num_thread": 4, "use_mmap": true, "typical_p": 1.0, "mine": {},
        });
        let conversation = read_options(&options).unwrap();
        assert!(write(&conversation).unwrap().is_empty());
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        let conversation = read_options(&json!({"num_predict": 7.0, "stop": "END"})).unwrap();
        assert_eq!(conversation.max_output_tokens, Some(7));
        assert_eq!(conversation.stop, ["END"]);
    }

    #[test]
    fn what_is_wrong_is_named_without_its_value() {
        for (options, expected) in [
            (
                json!({"temperature": "jane"}),
                "'options.temperature': expected a number",
            ),
            (
                json!({"seed": "jane"}),
                "'options.seed': expected a whole number",
            ),
            (
                json!({"stop": ["END", 1]}),
                "'options.stop': expected an array of strings",
            ),
            (
                json!({"typical_p": 0.5}),
                "'options.typical_p': expected 1, which leaves it off",
            ),
        ] {
            assert_eq!(read_options(&options).unwrap_err().to_string(), expected);
        }
    }
}
