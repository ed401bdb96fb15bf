use std::sync::OnceLock;

use local_engine::TokenLogprob;
use proptest::prelude::*;
use redactor::{Detector, Profile};
use serde_json::Value;

use super::*;
use crate::{
    api::{
        conversation::{AnswerEvent, AnswerPart, Choice, ContinuedPrompt, FinishReason, Usage},
        dialect::{Repeated, Times},
        openai::logprobs::TokenLogprobs,
    },
    clock::Clock,
};

const ADDRESS: &str = "jane.doe@example.com";

/// A vault in which `[EMAIL_1]` stands for [`ADDRESS`].
fn vault() -> Arc<Vault> {
    static VAULT: OnceLock<Arc<Vault>> = OnceLock::new();
    let made = VAULT.get_or_init(|| {
        let findings = Detector::builtin().detect(ADDRESS, None);
        let mut vault = Vault::new();
        let redacted = vault.redact(ADDRESS, &findings, &Profile::default());
        assert_eq!(redacted, "[EMAIL_1]");
        Arc::new(vault)
    });
    Arc::clone(made)
}

fn restored_in_chunks(stream: &str, sizes: &[usize]) -> String {
    let mut restoring = Completions.restorer(vault(), false);
    let (mut out, mut rest) = (Vec::new(), stream.as_bytes());
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, after) = rest.split_at((*size).min(rest.len()));
        out.extend_from_slice(&restoring.push(chunk).unwrap());
        rest = after;
    }
    out.extend_from_slice(&restoring.finish().unwrap());
    assert!(restoring.progress().is_complete);
    String::from_utf8(out).unwrap()
}

fn chunks(stream: &str) -> Vec<Value> {
    let data = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    data.filter(|data| *data != stream::DONE)
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// What an answer says, as a client joins it.
fn joined(stream: &str, index: u64) -> String {
    let chunks = chunks(stream);
    let choices = chunks
        .iter()
        .flat_map(|chunk| chunk["choices"].as_array().unwrap());
    let of_answer = choices.filter(|choice| choice["index"] == index);
    of_answer
        .map(|choice| choice["text"].as_str().unwrap())
        .collect()
}

/// Two answers at a time, a placeholder cut in each; the second one's is in its last piece.
const STREAM: &str = concat!(
    r#"data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"text":"to [EMA","index":0,"logprobs":null,"finish_reason":null}],"usage":null}"#,
    "\n\n",
    r#"data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"text":"cc [EM","index":1,"logprobs":null,"finish_reason":null}],"usage":null}"#,
    "\n\n",
    r#"data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"text":"IL_1], [EMAIL","index":0,"logprobs":null,"finish_reason":null}],"usage":null}"#,
    "\n\n",
    r#"data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"text":"AIL_1]","index":1,"logprobs":null,"finish_reason":"stop"}],"usage":null}"#,
    "\n\n",
    r#"data: {"id":"c","object":"text_completion","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"#,
    "\n\ndata: [DONE]\n\n",
);

#[test]
fn a_stream_is_restored_answer_by_answer() {
    let restored = restored_in_chunks(STREAM, &[STREAM.len()]);
    assert_eq!(joined(&restored, 0), format!("to {ADDRESS}, [EMAIL"));
    assert_eq!(joined(&restored, 1), format!("cc {ADDRESS}"));
    insta::assert_snapshot!(restored);
}

proptest! {
    #[test]
    fn any_cut_of_a_stream_gives_the_same_texts(sizes in proptest::collection::vec(1..=3_usize, 1..8)) {
        prop_assert_eq!(
            restored_in_chunks(STREAM, &sizes),
            restored_in_chunks(STREAM, &[STREAM.len()])
        );
    }
}

#[test]
fn a_whole_answer_is_restored() {
    let body = Bytes::from_static(
        br#"{"choices":[{"text":"to [EMAIL_1]","index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
    );
    let restored = Completions.restore(&body, &vault(), false).unwrap();
    let text = std::str::from_utf8(&restored.body).unwrap();
    assert!(text.contains(&format!("to {ADDRESS}")), "{text}");
    assert_eq!(restored.tokens.unwrap().completion, 4);
}

#[test]
fn prompts_are_read_in_every_form() {
    let read = |prompt: &str| {
        let body = format!(r#"{{"model":"m","prompt":{prompt}}}"#);
        Completions.read(&body).unwrap().continues.unwrap().prompts
    };
    let text = |text: &str| ContinuedPrompt::Text(text.to_owned());
    assert!(read(r#""a""#) == [text("a")]);
    assert!(read(r#"["a","b"]"#) == [text("a"), text("b")]);
    assert!(read("[1,2]") == [ContinuedPrompt::Tokens(vec![1, 2])]);
    let many = [vec![1], vec![2]].map(ContinuedPrompt::Tokens);
    assert!(read("[[1],[2]]") == many);
}

#[test]
fn a_chat_model_gets_one_text_as_a_message() {
    let written = |fields: &str| {
        let conversation = Completions
            .read(&format!(r#"{{"model":"m",{fields}}}"#))
            .unwrap();
        conversation.as_chat()?;
        Chat.write(&conversation)
    };
    insta::assert_snapshot!(written(r#""prompt":"Once","stop":"\n","n":2,"stream":true"#).unwrap());
    for (fields, error) in [
        (
            r#""prompt":["a","b"]"#,
            "'prompt': expected one text where a chat model answers",
        ),
        (
            r#""prompt":[1]"#,
            "'prompt': expected one text where a chat model answers",
        ),
        (
            r#""prompt":"a","echo":true"#,
            "'echo': expected false where a chat model answers",
        ),
    ] {
        assert_eq!(written(fields).unwrap_err().to_string(), error);
    }
}

#[test]
fn what_only_a_server_of_this_api_can_do_is_named() {
    for (fields, field) in [
        (r#""suffix":" end""#, "suffix"),
        (r#""best_of":3,"n":2"#, "best_of"),
        (r#""logprobs":6"#, "logprobs"),
        (r#""logprobs":true"#, "logprobs"),
        (r#""echo":true,"logprobs":0"#, "echo"),
        (r#""stop":[1]"#, "stop"),
    ] {
        let body = format!(r#"{{"model":"m","prompt":"a",{fields}}}"#);
        let error = Completions.read(&body).unwrap_err().to_string();
        assert!(error.starts_with(&format!("'{field}'")), "{error}");
    }
    let mixed = Completions
        .read(r#"{"model":"m","prompt":["a",1]}"#)
        .unwrap_err();
    assert!(mixed.to_string().starts_with("'prompt'"));
}

fn head() -> AnswerHead {
    AnswerHead {
        request_id: "1".into(),
        created_ns: 7_000_000_001,
        model: "nearside-tiny".into(),
        answers: 2,
        include_usage: true,
        prompt_tokens: None,
        times: Times {
            received: Clock::manual().now(),
            clock: Clock::manual(),
            begun: None,
        },
        repeated: Repeated::default(),
    }
}

fn of_token(text: &str) -> TokenLogprobs {
    let top = vec![TokenLogprob {
        id: 1,
        bytes: text.as_bytes().to_vec(),
        logprob: -0.25,
    }];
    TokenLogprobs::new(text.as_bytes().to_vec(), -0.25, top)
}

const USAGE: Usage = Usage {
    prompt: 3,
    completion: 2,
    cached: None,
    reasoning: None,
};

#[test]
fn a_whole_answer_has_every_field_that_clients_validate() {
    let said = |text: &str| Choice {
        parts: vec![
            AnswerPart::Reasoning("hm".into()),
            AnswerPart::Text(text.into()),
        ],
        finish: Some(FinishReason::Length),
        logprobs: vec![of_token("é"), of_token("!")],
    };
    let answer = WholeAnswer {
        choices: vec![said("é!"), said("é!")],
        usage: Some(USAGE),
    };
    let body = Completions.write_answer(&head(), &answer);
    insta::assert_snapshot!(std::str::from_utf8(&body).unwrap());
}

#[test]
fn a_stream_tells_texts_ends_and_usage() {
    let mut writer = Completions.stream_writer(head());
    let mut out = writer.begin().to_vec();
    let text = |answer, text: &str| AnswerEvent::Text {
        answer,
        text: text.into(),
        logprobs: vec![of_token(text)],
    };
    let stop = FinishReason::Stop { sequence: None };
    for event in [
        text(0, "é"),
        text(1, "a"),
        text(0, "!"),
        AnswerEvent::Finish {
            answer: 0,
            reason: stop,
        },
        AnswerEvent::Usage(USAGE),
    ] {
        out.extend_from_slice(&writer.push(&event));
    }
    out.extend_from_slice(&writer.end());
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}
