use proptest::prelude::*;

use super::*;

/// As the API's documentation shows its streams, with one block of each kind.
const STREAM: &str = r#"event: message_start
data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me look: é\n"}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: content_block_start
data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"at\":"}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":" 1}"}}

event: content_block_stop
data: {"type":"content_block_stop","index":2}

event: content_block_start
data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_2","name":"now","input":{}}}

event: content_block_stop
data: {"type":"content_block_stop","index":3}

event: an_event_of_tomorrow
data: {"type":"an_event_of_tomorrow","x":[1]}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89}}

event: message_stop
data: {"type":"message_stop"}

"#;

fn read(stream: &str, size: usize) -> Result<Vec<AnswerEvent>, StreamError> {
    let mut reader = MessageReader::new();
    let mut events = Vec::new();
    for chunk in stream.as_bytes().chunks(size) {
        reader.push(chunk, &mut events)?;
    }
    Ok(events)
}

#[test]
fn every_block_becomes_its_steps() {
    insta::assert_debug_snapshot!(read(STREAM, usize::MAX).unwrap());
}

#[test]
fn a_call_that_comes_whole_has_its_arguments() {
    let begun = r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}}

data: {"type":"content_block_stop","index":0}

"#;
    let events = read(begun, usize::MAX).unwrap();
    let json: Vec<_> = events
        .iter()
        .filter_map(|event| {
            let AnswerEvent::Arguments { json, .. } = event else {
                return None;
            };
            Some(json.as_str())
        })
        .collect();
    assert_eq!(json, [r#"{"a":1}"#]);
}

#[test]
fn a_reported_error_is_kept_in_the_providers_words() {
    let mut reader = MessageReader::new();
    let error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    reader.push(error.as_bytes(), &mut Vec::new()).unwrap();
    assert_eq!(reader.failure(), Some("Overloaded"));
}

#[test]
fn what_is_no_stream_of_the_api_is_an_error() {
    let error = |data: &str| {
        read(&format!("data: {data}\n\n"), 4)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(error("<html>"), "an event's data is not JSON");
    assert_eq!(error("{}"), "an event lacks 'type'");
    let orphan = r#"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{"}}"#;
    assert_eq!(error(orphan), "an event lacks 'content_block_start'");
}

proptest! {
    #[test]
    fn any_chunking_reads_the_same(size in 1_usize..40) {
        let whole = read(STREAM, usize::MAX).unwrap();
        prop_assert_eq!(format!("{:?}", read(STREAM, size).unwrap()), format!("{:?}", whole));
    }
}
