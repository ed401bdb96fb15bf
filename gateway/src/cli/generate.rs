//! `nearside generate`: text from the local engine, without the gateway around it.

use std::time::Duration;

use local_engine::{
    Constraint, Engine, EngineOptions, Event, FinishReason, GenerateRequest, ModelOptions,
    ModelSource, Priority, Prompt, Sampling, Timings, TokenLogprob, Usage,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{CliError, ConstraintArgs, GenerateArgs, SamplingArgs, Style, Terminal, draft, input};

/// Prints the text as it comes; or everything at the end, with `--json`.
pub(super) fn run(args: GenerateArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let engine = {
        let source = ModelSource::resolve(&args.model)
            .map_err(|error| CliError::failed("the model can't be found", error))?;
        let options = EngineOptions {
            threads: args.threads,
            max_context: args.max_context,
            memory: args.files.memory,
            model: ModelOptions {
                variant: args.files.variant.clone(),
                ..ModelOptions::default()
            },
            draft: draft::resolve(args.draft.as_deref())?,
            ..EngineOptions::default()
        };
        local_engine::open(&source, &options)
            .map_err(|error| CliError::failed("the model can't be opened", error))?
    };
    let json = args.json;
    let request = request(args, engine.suggested_sampling())?;
    let answer = collect(engine.as_ref(), request, json, terminal)?;
    if json {
        let answer = answer.to_json(&engine.model().name);
        writeln!(terminal.out(), "{answer}")?;
    } else {
        writeln!(terminal.out())?;
        terminal.flush()?;
        let summary = terminal.paint_err(Style::Dim, answer.summary());
        writeln!(terminal.err(), "{summary}")?;
    }
    Ok(())
}

fn request(args: GenerateArgs, suggested: Sampling) -> Result<GenerateRequest, CliError> {
    let prompt = match (args.prompt, args.prompt_ids, args.chat) {
        (Some(text), _, _) => Prompt::Text(text),
        (None, Some(ids), _) => Prompt::Ids(ids),
        (None, None, Some(path)) => read_chat(&input::read_text(&path)?)?,
        (None, None, None) => {
            return Err(CliError::Usage(
                "expected --prompt, --chat or --prompt-ids".to_owned(),
            ));
        }
    };
    Ok(GenerateRequest {
        prompt,
        template_variables: serde_json::Map::new(),
        sampling: sampling(&args.sampling, suggested),
        max_tokens: args.max_tokens,
        stop: args.stop,
        ignore_eos: args.ignore_eos,
        logit_bias: args.sampling.logit_bias,
        top_logprobs: args.logprobs,
        constraint: constraint(args.constraint)?,
        adapter: args.adapter,
        priority: Priority::Interactive,
    })
}

fn sampling(args: &SamplingArgs, suggested: Sampling) -> Sampling {
    if args.greedy {
        return Sampling::GREEDY;
    }
    Sampling {
        temperature: args.temperature.unwrap_or(suggested.temperature),
        top_p: args.top_p.unwrap_or(suggested.top_p),
        top_k: args.top_k.unwrap_or(suggested.top_k),
        min_p: args.min_p.unwrap_or(suggested.min_p),
        repetition_penalty: args
            .repetition_penalty
            .unwrap_or(suggested.repetition_penalty),
        presence_penalty: args.presence_penalty.unwrap_or(suggested.presence_penalty),
        frequency_penalty: args
            .frequency_penalty
            .unwrap_or(suggested.frequency_penalty),
        seed: args.seed.or(suggested.seed),
    }
}

/// At most one of the arguments is there.
fn constraint(args: ConstraintArgs) -> Result<Option<Constraint>, CliError> {
    if let Some(path) = args.json_schema {
        return Ok(Some(Constraint::JsonSchema(read_schema(
            &input::read_text(&path)?,
        )?)));
    }
    if let Some(path) = args.lark {
        return Ok(Some(Constraint::Lark(input::read_text(&path)?)));
    }
    let choice = (!args.choice.is_empty()).then_some(Constraint::Choice(args.choice));
    let json = args.json_object.then_some(Constraint::Json);
    Ok(args.regex.map(Constraint::Regex).or(choice).or(json))
}

fn read_schema(text: &str) -> Result<Value, CliError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        CliError::Usage(format!(
            "schema file, line {line}, column {column}: expected JSON"
        ))
    })
}

fn read_chat(text: &str) -> Result<Prompt, CliError> {
    let chat: Chat = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        CliError::Usage(format!(
            "chat file, line {line}, column {column}: expected a list of messages, or an object \
             with `messages`"
        ))
    })?;
    let (messages, tools) = match chat {
        Chat::Messages(messages) => (messages, Vec::new()),
        Chat::Request { messages, tools } => (messages, tools),
    };
    Ok(Prompt::Chat { messages, tools })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Chat {
    Messages(Vec<Value>),
    Request {
        messages: Vec<Value>,
        #[serde(default)]
        tools: Vec<Value>,
    },
}

/// Waits for the whole answer; prints its text meanwhile, unless `quiet`.
fn collect(
    engine: &dyn Engine,
    request: GenerateRequest,
    quiet: bool,
    terminal: &mut Terminal,
) -> Result<Answer, CliError> {
    let failed = |error| CliError::failed("the engine can't answer", error);
    let mut generation = engine.generate(request).map_err(failed)?;
    let (mut ids, mut logprobs, mut text) = (Vec::new(), Vec::new(), String::new());
    let mut top_logprobs = Vec::new();
    while let Some(event) = generation.events.blocking_recv() {
        let piece = match event.map_err(failed)? {
            Event::Token {
                id,
                text,
                logprob,
                top,
                ..
            } => {
                ids.push(id);
                logprobs.push(logprob);
                top_logprobs.push(top);
                text
            }
            Event::Finished {
                reason,
                text: tail,
                usage,
                timings,
            } => {
                show(&tail, quiet, terminal)?;
                text.push_str(&tail);
                return Ok(Answer {
                    ids,
                    logprobs,
                    top_logprobs,
                    text,
                    reason,
                    usage,
                    timings,
                });
            }
        };
        show(&piece, quiet, terminal)?;
        text.push_str(&piece);
    }
    Err(CliError::message(
        "the engine stopped in the middle of the answer",
    ))
}

fn show(piece: &str, quiet: bool, terminal: &mut Terminal) -> Result<(), CliError> {
    if !quiet && !piece.is_empty() {
        terminal.out().write_all(piece.as_bytes())?;
        terminal.flush()?;
    }
    Ok(())
}

struct Answer {
    ids: Vec<u32>,
    logprobs: Vec<f32>,
    /// One list for each token, empty where none were asked for.
    top_logprobs: Vec<Vec<TokenLogprob>>,
    text: String,
    reason: FinishReason,
    usage: Usage,
    timings: Timings,
}

impl Answer {
    fn to_json(&self, model: &str) -> Value {
        let Timings {
            queued,
            prefill,
            decode,
        } = self.timings;
        json!({
            "model": model,
            "token_ids": self.ids,
            "text": self.text,
            "logprobs": self.logprobs,
            "top_logprobs": self.top_logprobs.iter().map(|top| list(top)).collect::<Vec<_>>(),
            "reason": match self.reason {
                FinishReason::Stop => "stop",
                FinishReason::Length => "length",
            },
            "usage": {
                "prompt_tokens": self.usage.prompt_tokens,
                "completion_tokens": self.usage.completion_tokens,
            },
            "timings": {
                "queued_seconds": queued.as_secs_f64(),
                "prefill_seconds": prefill.as_secs_f64(),
                "decode_seconds": decode.as_secs_f64(),
            },
        })
    }

    fn summary(&self) -> String {
        let Usage {
            prompt_tokens,
            completion_tokens,
        } = self.usage;
        let Timings {
            prefill, decode, ..
        } = self.timings;
        // The first token comes out of the prefill.
        let rate = per_second(completion_tokens.saturating_sub(1), decode);
        format!(
            "{prompt_tokens} prompt tokens in {:.1} ms; {completion_tokens} tokens, {rate}",
            prefill.as_secs_f64() * 1000.0
        )
    }
}

fn list(top: &[TokenLogprob]) -> Vec<Value> {
    let token = |token: &TokenLogprob| {
        json!({
            "id": token.id,
            "text": String::from_utf8_lossy(&token.bytes),
            "logprob": token.logprob,
        })
    };
    top.iter().map(token).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "token counts are far below 2^52"
)]
fn per_second(tokens: usize, time: Duration) -> String {
    if tokens == 0 || time.is_zero() {
        return "too few for a rate".to_owned();
    }
    format!("{:.0} a second", tokens as f64 / time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_file_is_a_list_or_a_request() {
        let check = |text: &str, expected: Option<(usize, usize)>| {
            let counts = match read_chat(text) {
                Ok(Prompt::Chat { messages, tools }) => Some((messages.len(), tools.len())),
                Ok(_) | Err(_) => None,
            };
            assert_eq!(counts, expected, "{text}");
        };
        check(r#"[{"role":"user","content":"Hi"}]"#, Some((1, 0)));
        check(
            r#"{"messages":[],"tools":[{}],"model":"auto"}"#,
            Some((0, 1)),
        );
        check(r#""Hi""#, None);
        check("{", None);
    }
}
