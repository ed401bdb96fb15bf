use super::*;

const REQUEST: &str = r#"{"model":"claude","max_tokens":64,"stream":true,
  "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Be kind."}],
  "messages":[
    {"role":"user","content":"Who is there?"},
    {"role":"assistant","content":[
      {"type":"thinking","thinking":"I look.","signature":"c2VhbGVkc2VhbGVkc2VhbGVkc2VhbGVkc2VhbGVkc2VhbGVkc2VhbGVkc2VhbGVk"},
      {"type":"redacted_thinking","data":"x"},
      {"type":"thinking","thinking":"Made here.","signature":""},
      {"type":"text","text":"Let me look."},
      {"type":"tool_use","id":"toolu_1","name":"look","input":{"at":[1,2.5,"x"]}}]},
    {"role":"user","content":[
      {"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":[
        {"type":"text","text":"nobody"},{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]},
      {"type":"tool_result","tool_use_id":"toolu_2"},
      {"type":"text","text":"And here?"},
      {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},
      {"type":"document","source":{"type":"text","media_type":"text/plain","data":"Some text"},"title":"Notes"},
      {"type":"search_result","source":"https://example.com","title":"Page","content":[{"type":"text","text":"found"}]}]}],
  "tools":[{"name":"look","description":"Looks","input_schema":{"type":"object"},"cache_control":null}],
  "tool_choice":{"type":"any","disable_parallel_tool_use":true},
  "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},
  "thinking":{"type":"adaptive"},"stop_sequences":["END"],"temperature":0.5,"top_p":null,"top_k":4,
  "metadata":{"user_id":"u"},"service_tier":"auto","mcp_servers":[]}"#;

#[test]
fn everything_that_others_know_is_read() {
    insta::assert_debug_snapshot!(read(REQUEST).unwrap());
}

#[test]
fn the_older_name_of_the_answers_form_is_known() {
    let body = r#"{"model":"m","messages":[],"output_format":{"type":"json_schema","schema":{}}}"#;
    let format = read(body).unwrap().format;
    assert!(matches!(format, AnswerFormat::JsonSchema { .. }));
}

#[test]
fn how_long_the_model_may_think_is_read_in_every_spelling() {
    for (fields, expected) in [
        (r#""max_tokens":1"#, None),
        (
            r#""thinking":{"type":"enabled","budget_tokens":2048},"output_config":{"effort":"max"}"#,
            Some(Reasoning::Budget(2048)),
        ),
        (r#""thinking":{"type":"disabled"}"#, Some(Reasoning::Off)),
        (r#""thinking":{"type":"adaptive"}"#, Some(Reasoning::On)),
        (
            r#""output_config":{"effort":"high"}"#,
            Some(Reasoning::Effort("high".into())),
        ),
    ] {
        let body = format!(r#"{{"model":"m","messages":[],{fields}}}"#);
        assert_eq!(read(&body).unwrap().reasoning, expected, "{fields}");
    }
}

#[test]
fn what_others_have_no_word_for_is_named_without_its_value() {
    let message = |block: &str| format!(r#""messages":[{{"role":"user","content":[{block}]}}]"#);
    for (fields, field) in [
        (
            message(r#"{"type":"server_tool_use","id":"jane"}"#),
            "messages.content",
        ),
        (
            message(
                r#"{"type":"document","source":{"type":"base64","media_type":"jane","data":"jane"}}"#,
            ),
            "messages.content.source",
        ),
        (
            message(r#"{"type":"image","source":{"type":"file","file_id":"jane"}}"#),
            "messages.content.source",
        ),
        (
            message(
                r#"{"type":"document","source":{"type":"text","data":"jane"},"citations":{"enabled":true}}"#,
            ),
            "messages.content.citations",
        ),
        (
            r#""messages":[{"role":"jane","content":"x"}]"#.into(),
            "messages",
        ),
        (
            r#""messages":[{"role":"user","content":7}]"#.into(),
            "messages",
        ),
        (r#""system":7"#.into(), "system"),
        (
            r#""tools":[{"type":"web_search_20250305","name":"jane"}]"#.into(),
            "tools",
        ),
        (r#""tools":{"jane":1}"#.into(), "tools"),
        (r#""tool_choice":{"type":"jane"}"#.into(), "tool_choice"),
        (r#""tool_choice":{"type":"tool"}"#.into(), "tool_choice"),
        (r#""temperature":"jane""#.into(), "temperature"),
        (r#""top_k":-1"#.into(), "top_k"),
        (r#""stop_sequences":"jane""#.into(), "stop_sequences"),
        (
            r#""output_config":{"format":{"type":"jane"}}"#.into(),
            "output_config",
        ),
        (r#""thinking":{"type":"jane"}"#.into(), "thinking"),
        (r#""mcp_servers":[{"url":"jane"}]"#.into(), "mcp_servers"),
        (r#""container":"jane""#.into(), "container"),
    ] {
        let error = read(&format!("{{{fields}}}")).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("'{field}': expected ")),
            "{fields}: {error}"
        );
        assert!(!error.contains("jane"), "{error}");
    }
}
