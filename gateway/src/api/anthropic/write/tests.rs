use std::collections::BTreeMap;

use proptest::prelude::*;
use router::complexity::Role;

use super::*;
use crate::api::{
    anthropic::read::read,
    conversation::{Guided, Image, Message, Part, Sampling, ToolCall, ToolResult},
};

fn message(role: Role, parts: Vec<Part>) -> Message {
    Message {
        role,
        parts,
        name: None,
    }
}

fn said(text: &str) -> Part {
    Part::Text(text.into())
}

fn call(arguments: &str) -> Part {
    Part::ToolCall(ToolCall {
        id: "functions.look:0".into(),
        name: "look".into(),
        arguments: arguments.into(),
    })
}

fn conversation() -> Conversation {
    let result = Part::ToolResult(ToolResult {
        id: "functions.look:0".into(),
        name: Some("look".into()),
        parts: vec![said("nobody")],
        is_error: true,
    });
    let picture = Image::Base64 {
        media_type: None,
        data: "iVBORw0KGgoAAAA=".into(),
    };
    Conversation {
        model: "claude".into(),
        messages: vec![
            message(Role::System, vec![said("Be brief.")]),
            message(
                Role::User,
                vec![said("Who is there?"), Part::Image(picture)],
            ),
            message(
                Role::Assistant,
                vec![Part::Reasoning("Hm.".into()), said(""), call(r#"{"at":1}"#)],
            ),
            message(Role::Tool, vec![result]),
            message(Role::User, vec![said("And here?")]),
            message(Role::System, vec![said("Be kind.")]),
        ],
        tools: vec![Tool {
            name: "look".into(),
            description: None,
            parameters: None,
            strict: Some(false),
        }],
        parallel_tool_calls: Some(false),
        format: AnswerFormat::JsonSchema {
            name: Some("seen".into()),
            schema: json!({"type": "object"}),
            strict: Some(true),
        },
        stop: vec!["END".into()],
        sampling: Sampling {
            temperature: Some(0.5),
            frequency_penalty: Some(0.0),
            ..Sampling::default()
        },
        answers: Some(1),
        reasoning: Some(Reasoning::Effort("minimal".into())),
        stream: true,
        ..Conversation::default()
    }
}

#[test]
fn a_conversation_is_written_as_the_api_has_it() {
    let body: Value = serde_json::from_str(&write(&conversation()).unwrap()).unwrap();
    insta::assert_json_snapshot!(body);
}

#[test]
fn whether_tools_are_called_is_said_where_it_matters() {
    let choice = |tool_choice, parallel| {
        let wanted = Conversation {
            tool_choice,
            parallel_tool_calls: parallel,
            ..conversation()
        };
        super::tool_choice(&wanted).unwrap_or_default().to_string()
    };
    assert_eq!(choice(ToolChoice::Auto, None), "null");
    assert_eq!(choice(ToolChoice::None, Some(false)), r#"{"type":"none"}"#);
    assert_eq!(
        choice(ToolChoice::Required, Some(true)),
        r#"{"type":"any"}"#
    );
    assert_eq!(
        choice(ToolChoice::Named("look".into()), Some(false)),
        r#"{"type":"tool","name":"look","disable_parallel_tool_use":true}"#
    );
}

#[track_caller]
fn refused(field: &str, wanted: &Conversation) {
    let error = write(wanted).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("'{field}': expected ")),
        "{error}"
    );
}

#[test]
fn options_that_the_api_has_no_word_for_are_named() {
    let changed = |change: fn(&mut Conversation)| {
        let mut wanted = conversation();
        change(&mut wanted);
        wanted
    };
    refused("n", &changed(|it| it.answers = Some(2)));
    refused("logprobs", &changed(|it| it.top_logprobs = Some(0)));
    refused(
        "response_format",
        &changed(|it| it.format = AnswerFormat::Json),
    );
    refused(
        "temperature",
        &changed(|it| it.sampling.temperature = Some(1.5)),
    );
    refused("seed", &changed(|it| it.sampling.seed = Some(7)));
    refused("min_p", &changed(|it| it.sampling.min_p = Some(0.1)));
    refused(
        "presence_penalty",
        &changed(|it| it.sampling.presence_penalty = Some(0.1)),
    );
    refused(
        "frequency_penalty",
        &changed(|it| it.sampling.frequency_penalty = Some(0.1)),
    );
    refused(
        "logit_bias",
        &changed(|it| it.sampling.logit_bias = BTreeMap::from([(1, 1.0)])),
    );
    refused(
        "guided_json",
        &changed(|it| it.local.guided = Some(Guided::Regex("a".into()))),
    );
}

#[test]
fn messages_that_the_api_has_no_word_for_are_named() {
    let with = |message| Conversation {
        messages: vec![message],
        ..Conversation::default()
    };
    let named = Message {
        name: Some("ada".into()),
        ..message(Role::User, vec![said("x")])
    };
    refused("messages.name", &with(named));
    let no_object = message(Role::Assistant, vec![call("[1]")]);
    refused("messages.tool_calls.function.arguments", &with(no_object));
    let unknown = Image::Base64 {
        media_type: None,
        data: "AAAA".into(),
    };
    refused(
        "messages.images",
        &with(message(Role::User, vec![Part::Image(unknown)])),
    );
    let pictured = message(Role::System, vec![Part::Image(Image::Url("x".into()))]);
    refused("messages.content", &with(pictured));
}

/// Conversations that this API can say.
fn any_conversation() -> impl Strategy<Value = Conversation> {
    let system = prop::collection::vec(any_text(), 0..3);
    let messages = prop::collection::vec(any_message(), 0..5);
    (system, messages, any::<bool>(), prop::option::of(0_u32..9)).prop_map(
        |(system, messages, stream, top_k)| Conversation {
            messages: std::iter::once(message(Role::System, system))
                .chain(messages)
                .collect(),
            stream,
            sampling: Sampling {
                top_k,
                ..Sampling::default()
            },
            ..conversation()
        },
    )
}

fn any_message() -> impl Strategy<Value = Message> {
    let picture = TEXT.prop_map(|data| {
        let media_type = Some("image/png".into());
        Part::Image(Image::Base64 { media_type, data })
    });
    let call = ("[a-z0-9_]{1,6}", TEXT).prop_map(|(id, value)| {
        Part::ToolCall(ToolCall {
            id,
            name: "look".into(),
            arguments: json!({"a": value}).to_string(),
        })
    });
    let result = ("[a-z0-9_]{1,6}", TEXT, any::<bool>()).prop_map(|(id, text, is_error)| {
        Part::ToolResult(ToolResult {
            id,
            name: None,
            parts: vec![Part::Text(text)],
            is_error,
        })
    });
    let said_by = |role, part: BoxedStrategy<Part>| {
        prop::collection::vec(part, 1..4).prop_map(move |parts| message(role, parts))
    };
    prop_oneof![
        said_by(Role::User, prop_oneof![any_text(), picture].boxed()),
        said_by(Role::Assistant, prop_oneof![any_text(), call].boxed()),
        said_by(Role::Tool, result.boxed()),
    ]
}

fn any_text() -> impl Strategy<Value = Part> {
    TEXT.prop_map(Part::Text)
}

/// Not white space alone, which is left out.
const TEXT: &str = "[^\\s].{0,8}";

proptest! {
    #[test]
    fn a_request_read_and_written_again_says_the_same(conversation in any_conversation()) {
        let body = write(&conversation).unwrap();
        prop_assert_eq!(write(&read(&body).unwrap()).unwrap(), body);
    }
}
