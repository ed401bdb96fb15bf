use super::*;
use crate::api::{dialect::Dialect, openai::chat::Chat};

fn asked(body: &str) -> Result<Generate, ParseError> {
    generate(&Chat.read(body)?)
}

fn with(fields: &str) -> Result<Generate, ParseError> {
    asked(&format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],{fields}}}"#
    ))
}

#[test]
fn a_field_of_the_wrong_type_is_named_without_its_value() {
    for (field, expected) in [
        (
            r#""logit_bias":{"x":1}"#,
            "'logit_bias': expected an object of numbers by token id",
        ),
        (
            r#""temperature":"jane""#,
            "'temperature': expected a number",
        ),
        (
            r#""stop":[1]"#,
            "'stop': expected a string or an array of strings",
        ),
        (
            r#""max_tokens":-1"#,
            "'max_tokens': expected a whole number from 0 up",
        ),
        (
            r#""n":0"#,
            "'n': expected 1 to 16 where the local model answers",
        ),
        (
            r#""response_format":{"type":"jane"}"#,
            "'response_format': expected an object of type 'text', 'json_object' or 'json_schema'",
        ),
        (
            r#""response_format":{"type":"json_object"},"guided_regex":"jane""#,
            "'response_format': expected one constraint: a JSON format, or one 'guided_' field",
        ),
        (
            r#""top_logprobs":2"#,
            "'top_logprobs': expected 'logprobs' to be true beside it",
        ),
        (
            r#""logprobs":true,"top_logprobs":21"#,
            "'top_logprobs': expected a whole number from 0 to 20",
        ),
    ] {
        assert_eq!(with(field).unwrap_err().to_string(), expected);
    }
}

#[test]
fn sampling_reaches_the_local_model() {
    let request = with(
        r#""presence_penalty":0.5,"frequency_penalty":null,"logit_bias":{"7":-100},
        "logprobs":true,"top_logprobs":3,"max_completion_tokens":9"#,
    );
    let request = request.unwrap().request;
    assert!((request.sampling.presence_penalty - 0.5).abs() < f32::EPSILON);
    assert_eq!(request.logit_bias, [(7, -100.0)]);
    assert_eq!(
        (request.top_logprobs, request.max_tokens),
        (Some(3), Some(9))
    );
    assert_eq!(
        with(r#""logprobs":true"#).unwrap().request.top_logprobs,
        Some(0)
    );
    assert_eq!(
        with(r#""logprobs":false"#).unwrap().request.top_logprobs,
        None
    );
}

#[test]
fn each_of_several_answers_has_a_seed_of_its_own() {
    let asked = with(r#""n":3,"seed":5"#).unwrap();
    let seeds: Vec<_> = (0..asked.answers)
        .map(|number| asked.answer(number).sampling.seed)
        .collect();
    assert_eq!(seeds, [Some(5), Some(0x1_0000_0005), Some(0x2_0000_0005)]);
    assert_eq!(with(r#""n":2"#).unwrap().answer(1).sampling.seed, None);
}

#[test]
fn constraints_are_read_under_each_name() {
    let constraint = |fields| with(fields).unwrap().request.constraint;
    let schema = || {
        Some(Constraint::JsonSchema(
            serde_json::json!({"type": "object"}),
        ))
    };
    for (fields, expected) in [
        (r#""response_format":{"type":"text"}"#, None),
        (r#""response_format":null"#, None),
        (
            r#""response_format":{"type":"json_object"}"#,
            Some(Constraint::Json),
        ),
        (
            r#""response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object"}}}"#,
            schema(),
        ),
        (r#""guided_json":{"type":"object"}"#, schema()),
        (
            r#""guided_regex":"a+""#,
            Some(Constraint::Regex("a+".into())),
        ),
        (
            r#""guided_choice":["a","b"]"#,
            Some(Constraint::Choice(vec!["a".into(), "b".into()])),
        ),
    ] {
        assert_eq!(constraint(fields), expected, "{fields}");
    }
}

#[test]
fn names_for_the_chat_template_are_handed_on() {
    let body = r#"{"model":"m","messages":[],"chat_template_kwargs":{"enable_thinking":false}}"#;
    let variables = asked(body).unwrap().request.template_variables;
    assert_eq!(variables.get("enable_thinking"), Some(&Value::Bool(false)));
    let body = r#"{"model":"m","messages":[],"chat_template_kwargs":[]}"#;
    let error = asked(body).err().unwrap();
    assert_eq!(
        error.to_string(),
        "'chat_template_kwargs': expected an object"
    );
}

#[test]
fn content_parts_become_one_text_for_the_local_model() {
    let body = r#"{"model":"m","stop":"END","messages":[
        {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}"#;
    let request = asked(body).unwrap().request;
    assert_eq!(request.stop, ["END"]);
    let Prompt::Chat { messages, .. } = request.prompt else {
        panic!("not a chat")
    };
    assert_eq!(
        messages,
        [serde_json::json!({"role":"user","content":"a\nb"})]
    );
}

const TOOLS: &str = r#""tools":[
    {"type":"function","function":{"name":"f","description":"d","strict":true,
        "parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}},
    {"type":"function","function":{"name":"g"}}]"#;

fn tools_of(request: GenerateRequest) -> Vec<Value> {
    let Prompt::Chat { tools, .. } = request.prompt else {
        panic!("not a chat")
    };
    tools
}

#[test]
fn tools_are_offered_in_the_form_that_models_are_trained_on() {
    let asked = with(TOOLS).unwrap();
    assert_eq!(asked.calls, Calls::Among(vec!["f".into(), "g".into()]));
    assert_eq!(asked.request.constraint, None);
    let text = serde_json::to_string(&tools_of(asked.request)).unwrap();
    insta::assert_snapshot!(text);
    let none = with(&format!(r#"{TOOLS},"tool_choice":"none""#)).unwrap();
    assert_eq!(none.calls, Calls::None);
    assert!(tools_of(none.request).is_empty());
}

#[test]
fn a_call_that_is_demanded_is_a_constraint() {
    for choice in [
        r#""required""#,
        r#"{"type":"function","function":{"name":"f"}}"#,
    ] {
        let asked = with(&format!(r#"{TOOLS},"tool_choice":{choice}"#)).unwrap();
        assert_eq!(asked.calls, Calls::Only);
        let Some(Constraint::JsonSchema(schema)) = asked.request.constraint else {
            panic!("no schema")
        };
        let calls = schema.get("anyOf").unwrap_or(&schema);
        let first = calls.get(0).unwrap_or(calls);
        assert_eq!(first["properties"]["name"]["const"], "f");
        let arguments = &first["properties"]["arguments"];
        assert_eq!(arguments["properties"]["a"]["type"], "integer");
        assert_eq!(calls.get(1).is_some(), choice == r#""required""#);
    }
    for fields in [
        r#""tool_choice":"required""#.to_owned(),
        format!(r#"{TOOLS},"tool_choice":{{"type":"function","function":{{"name":"h"}}}}"#),
    ] {
        let error = with(&fields).unwrap_err().to_string();
        assert!(error.starts_with("'tool_choice': "), "{error}");
    }
}

#[test]
fn an_answer_held_to_a_form_is_no_call() {
    let asked = with(&format!(
        r#"{TOOLS},"response_format":{{"type":"json_object"}}"#
    ));
    let asked = asked.unwrap();
    assert_eq!(asked.calls, Calls::None);
    assert_eq!(asked.request.constraint, Some(Constraint::Json));
    assert_eq!(tools_of(asked.request).len(), 2);
}

#[test]
fn calls_and_their_results_reach_the_template() {
    let body = r#"{"model":"m","messages":[
        {"role":"developer","content":"Be kind."},
        {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[
            {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},
            {"id":"c2","type":"function","function":{"name":"g","arguments":"no JSON"}}]},
        {"role":"tool","tool_call_id":"c1","content":"one"},
        {"role":"user","content":""}]}"#;
    let Prompt::Chat { messages, .. } = asked(body).unwrap().request.prompt else {
        panic!("not a chat")
    };
    let call = |id: &str, name: &str, arguments: Value| {
        serde_json::json!({"id": id, "type": "function",
            "function": {"name": name, "arguments": arguments}})
    };
    let calls = [
        call("c1", "f", serde_json::json!({"a": 1})),
        call("c2", "g", "no JSON".into()),
    ];
    let expected = [
        serde_json::json!({"role": "system", "content": "Be kind."}),
        serde_json::json!({"role": "assistant", "content": "", "reasoning_content": "Hm.",
            "tool_calls": calls}),
        serde_json::json!({"role": "tool", "tool_call_id": "c1", "content": "one"}),
        serde_json::json!({"role": "user", "content": ""}),
    ];
    assert_eq!(messages, expected);
}

#[test]
fn pictures_are_refused_by_name() {
    let body = r#"{"model":"m","messages":[{"role":"user","content":[
        {"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}"#;
    let error = asked(body).unwrap_err().to_string();
    assert!(error.starts_with("'messages.content': "), "{error}");
}

#[test]
fn thinking_is_a_name_for_the_chat_template() {
    let variables = |fields: &str| with(fields).unwrap().request.template_variables;
    let off = variables(r#""reasoning_effort":"none""#);
    assert_eq!(off.get("enable_thinking"), Some(&Value::Bool(false)));
    let own =
        variables(r#""reasoning_effort":"high","chat_template_kwargs":{"enable_thinking":false}"#);
    assert_eq!(own.get("enable_thinking"), Some(&Value::Bool(false)));
    assert_eq!(own.get("reasoning_effort"), Some(&"high".into()));
}
