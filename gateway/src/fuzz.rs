//! What the fuzz targets call: readers of bytes from outside, and what holds for every input.
//!
//! Part of builds with `--cfg fuzzing`, and of the unit tests, which run the seeds.

use std::sync::Arc;

use redactor::{EntityKind, Finding, Operator, Profile, Vault};

use crate::api::{
    anthropic::Messages,
    dialect::{Dialect, StreamError},
    ollama::{Endpoint, embed::Embeds},
    openai::{completions::Completions, embeddings::Embeddings, responses::Responses},
};

/// Any stream of lines of the Ollama API: however it is cut, it reads and restores the same, and what
/// can't be read is an error. The first bytes say how long the chunks are, each the next.
///
/// # Panics
/// When that does not hold.
pub fn ollama_lines(input: &[u8]) {
    chunks_say_what_the_whole_says(&Endpoint::Chat, input);
    chunks_say_what_the_whole_says(&Endpoint::Generate, input);
}

/// The same for any event stream of the Anthropic API.
///
/// # Panics
/// When that does not hold.
pub fn anthropic_events(input: &[u8]) {
    chunks_say_what_the_whole_says(&Messages::Create, input);
}

/// The same for any event stream that completes a prompt of the `OpenAI` API; and any body of a request
/// for that, or for vectors, is taken and read or is an error.
///
/// # Panics
/// When that does not hold.
pub fn openai_prompts(input: &[u8]) {
    chunks_say_what_the_whole_says(&Completions, input);
    let Ok(body) = std::str::from_utf8(input) else {
        return;
    };
    let dialects: [&dyn Dialect; 4] = [&Completions, &Embeddings, &Embeds::Texts, &Embeds::Prompt];
    for dialect in dialects {
        let Ok((head, document)) = dialect.parse(body, DEPTH) else {
            continue;
        };
        assert!(head.token_ids.is_none() || body.contains(|char: char| char.is_ascii_digit()));
        assert_eq!(document.splice(body, &mut std::iter::repeat(None)), None);
        let conversation = dialect.read(body);
        let request = dialect.embeds().map(|embeds| embeds.read_texts(body));
        let prompts = conversation.ok().and_then(|it| it.continues);
        let texts = request.and_then(Result::ok);
        assert!(prompts.is_none() || texts.is_none());
    }
}

/// The same for any event stream of a response of `OpenAI`.
///
/// # Panics
/// When that does not hold.
pub fn response_events(input: &[u8]) {
    chunks_say_what_the_whole_says(&Responses, input);
}

fn chunks_say_what_the_whole_says(dialect: &dyn Dialect, input: &[u8]) {
    let (lengths, stream) = input.split_at(input.len().min(LENGTHS));
    let vault = vault();
    let restore = |chunks: &[&[u8]]| restored(dialect, &vault, chunks);
    assert_eq!(restore(&cut(stream, lengths)), restore(&[stream]));
    let read = |chunks: &[&[u8]]| read(dialect, chunks);
    assert_eq!(read(&cut(stream, lengths)), read(&[stream]));
}

fn restored(
    dialect: &dyn Dialect,
    vault: &Arc<Vault>,
    chunks: &[&[u8]],
) -> Result<Vec<u8>, StreamError> {
    let mut restorer = dialect.restorer(Arc::clone(vault), true);
    let mut out = Vec::new();
    for chunk in chunks {
        out.extend_from_slice(&restorer.push(chunk)?);
    }
    out.extend_from_slice(&restorer.finish()?);
    Ok(out)
}

/// The steps as text: they have no other equality.
fn read(dialect: &dyn Dialect, chunks: &[&[u8]]) -> Result<String, StreamError> {
    let mut reader = dialect.stream_reader();
    let mut events = Vec::new();
    for chunk in chunks {
        reader.push(chunk, &mut events)?;
    }
    Ok(format!("{events:?} {:?}", reader.failure()))
}

fn cut<'s>(stream: &'s [u8], lengths: &[u8]) -> Vec<&'s [u8]> {
    let mut chunks = Vec::new();
    let mut rest = stream;
    let mut lengths = lengths.iter().cycle();
    while !rest.is_empty() {
        let length = lengths
            .next()
            .map_or(1, |length| 1 + usize::from(length % 32));
        let (chunk, more) = rest.split_at(length.min(rest.len()));
        chunks.push(chunk);
        rest = more;
    }
    chunks
}

/// A vault in which `[EMAIL_1]` stands for an address, and `[PERSON_1]` for what must be escaped.
fn vault() -> Arc<Vault> {
    let mut vault = Vault::new();
    let profile = Profile {
        default: Operator::Placeholder,
        kinds: Vec::new(),
    };
    for (kind, value) in [
        (EntityKind::Email, "jane@example.com"),
        (EntityKind::Person, "quote \" and\nline"),
    ] {
        let finding = Finding {
            span: 0..value.len(),
            kind,
            score: 1.0,
            recognizer: "fuzz".into(),
        };
        vault.redact(value, &[finding], &profile);
    }
    Arc::new(vault)
}

/// Deeper than any honest request.
const DEPTH: usize = 32;

/// Chunk lengths that repeat.
const LENGTHS: usize = 8;

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;

    /// Runs a target with each of its seeds, as they are and damaged in one place.
    fn seeds_hold(target: &str, damage: Option<(Index, u8)>, run: impl Fn(&[u8])) {
        let seeds = format!("{}/fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
        let mut count = 0;
        for seed in std::fs::read_dir(seeds).unwrap() {
            let mut input = std::fs::read(seed.unwrap().path()).unwrap();
            if let Some((at, byte)) = damage {
                let at = at.index(input.len());
                input[at] = byte;
            }
            run(&input);
            count += 1;
        }
        assert!(count > 0);
    }

    #[test]
    fn seeds_hold_as_they_are() {
        seeds_hold("ollama_lines", None, ollama_lines);
        seeds_hold("anthropic_events", None, anthropic_events);
        seeds_hold("openai_prompts", None, openai_prompts);
        seeds_hold("response_events", None, response_events);
    }

    proptest! {
        #[test]
        fn damaged_seeds_hold(at in any::<Index>(), byte in any::<u8>()) {
            seeds_hold("ollama_lines", Some((at, byte)), ollama_lines);
            seeds_hold("anthropic_events", Some((at, byte)), anthropic_events);
            seeds_hold("openai_prompts", Some((at, byte)), openai_prompts);
            seeds_hold("response_events", Some((at, byte)), response_events);
        }
    }
}
