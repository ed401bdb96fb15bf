//! What people see, for a request that went well and one that did not.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::*;
use crate::{
    demo::{
        act::{FarSide, Record},
        client::Response,
        recorder::Crossing,
        reply::Reply,
        scenario::{CALM, Expected, ExpectedAnswer, Original, Request, Scene},
    },
    telemetry::Route,
};

const EMAIL: Original = Original {
    value: "jane@example.com",
    placeholder: Some("[EMAIL_1]"),
};

/// A request that crossed as `crossed` and came back as `text`.
fn act(crossed: &str, text: &str) -> Act {
    let body = |content: &str| json!({ "messages": [{ "role": "user", "content": content }] });
    let question = "Why did jane@example.com write to us?\nCompare the reasons.\n";
    let scene = Scene {
        title: "A hard question",
        note: Some("the link is slow (simulated)"),
        device: CALM,
        request: Request {
            headers: &[],
            body: body(&question.repeat(5)),
        },
        originals: vec![EMAIL],
        expected: Expected {
            status: 200,
            route: Some(Route::Cloud),
            rule: "hard",
            answer: ExpectedAnswer::Restored,
        },
    };
    let response = Response {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        reply: Reply {
            text: text.to_owned(),
            finished: true,
            ..Reply::default()
        },
        first_token: Some(Duration::from_micros(21_400)),
        total: Duration::from_millis(1250),
    };
    let record = Record {
        request_id: "r".to_owned(),
        route: "cloud".to_owned(),
        target: "stand-in".to_owned(),
        rule: "hard".to_owned(),
        reason: "complexity 0.82 > 0.6".to_owned(),
        ..Record::default()
    };
    let answer =
        br#"{"choices":[{"message":{"content":"Ask [EMAIL_1]."},"finish_reason":"stop"}]}"#;
    let crossing = Crossing {
        headers: HeaderMap::new(),
        body: Bytes::from(body(crossed).to_string()),
        answer: answer.to_vec(),
    };
    Act::judge(
        scene,
        response,
        record,
        vec![crossing],
        FarSide::StandIn,
        &[EMAIL],
    )
}

#[test]
fn a_request_that_went_well() {
    let act = act("Why did [EMAIL_1] write?", "Ask jane@example.com.");
    assert!(act.held(), "{:?}", act.checks);
    insta::assert_snapshot!(
        Page {
            width: 72,
            colours: false
        }
        .act(5, &act)
    );
}

#[test]
fn a_leak_and_a_wrong_answer_are_told() {
    let act = act(
        "Why did [EMAIL_1] (JANE@example.com) write?",
        "Ask [EMAIL_1].",
    );
    assert!(!act.held());
    assert_eq!(act.leaks, 1);
    insta::assert_snapshot!(
        Page {
            width: 72,
            colours: false
        }
        .act(5, &act)
    );
}

#[test]
fn colours_mark_and_change_no_word() {
    let act = act("Why did [EMAIL_1] write?", "Ask jane@example.com.");
    let coloured = Page {
        width: 72,
        colours: true,
    }
    .act(5, &act);
    assert!(coloured.contains("\u{1b}[1;36m[EMAIL_1]\u{1b}[0m"));
    assert!(coloured.contains("\u{1b}[35mjane@example.com\u{1b}[0m"));
    let plain = Page {
        width: 72,
        colours: false,
    }
    .act(5, &act);
    let mut stripped = String::new();
    for (position, part) in coloured.split('\u{1b}').enumerate() {
        let text = if position == 0 {
            part
        } else {
            part.split_once('m').unwrap().1
        };
        stripped.push_str(text);
    }
    assert_eq!(stripped, plain);
}

#[test]
fn numbers_and_times_are_easy_to_read() {
    assert_eq!(
        [7, 1234, 1_234_567].map(thousands),
        ["7", "1,234", "1,234,567"]
    );
    let times = [446, 1500, 999_400, 1_250_000].map(|micros| time(Duration::from_micros(micros)));
    assert_eq!(times, ["446 µs", "2 ms", "999 ms", "1.2 s"]);
}
