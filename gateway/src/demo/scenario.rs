//! The requests of the demo, and what must come of each.
//!
//! All personal data is from reserved ranges (`example.com`, 555-01xx, test cards, documentation
//! addresses); the key opens nothing.

use serde_json::{Value, json};

use crate::{device::DeviceOverrides, telemetry::Route};

/// One request with its circumstances and what is expected.
#[derive(Debug)]
pub(super) struct Scene {
    /// In plain words.
    pub(super) title: &'static str,
    /// What is different this time: the device, or what the client asks for.
    pub(super) note: Option<&'static str>,
    /// What to take for true about the device.
    pub(super) device: DeviceOverrides,
    pub(super) request: Request,
    /// What must not cross.
    pub(super) originals: Vec<Original>,
    pub(super) expected: Expected,
}

/// What the client sends.
#[derive(Debug)]
pub(super) struct Request {
    /// Beside those that every client sends.
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) body: Value,
}

/// A value that must stay on the near side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Original {
    pub(super) value: &'static str,
    /// What stands for it in what crosses; `None` where nothing may cross.
    pub(super) placeholder: Option<&'static str>,
}

/// What must come of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// The status that the client gets.
    pub(super) status: u16,
    /// `None` for a request that is not even decided on.
    pub(super) route: Option<Route>,
    /// Empty as above.
    pub(super) rule: &'static str,
    pub(super) answer: ExpectedAnswer,
}

/// What the client must get.
#[derive(Clone, Copy, Debug)]
pub(super) enum ExpectedAnswer {
    /// Some text.
    Text,
    /// A text with this in it.
    Holds(&'static str),
    /// What the far side said, with every placeholder replaced by its original.
    Restored,
    /// A tool call, restored likewise.
    RestoredCall,
    /// The API's error body, with this in its message.
    Error(&'static str),
}

/// All scenes, in order.
pub(super) fn scenes() -> Vec<Scene> {
    vec![
        greeting(),
        sentiment(),
        find_email(),
        hard_question(),
        personal_data(),
        tools(),
        secret_in_tool_argument(),
        link_down(),
        low_battery(),
        client_asks_local(),
        wrong_request(),
    ]
}

/// A device on which nothing changes a route. The demo is the same on every machine this way.
pub(super) const CALM: DeviceOverrides = DeviceOverrides {
    battery: Some(0.8),
    charging: Some(false),
    celsius: Some(40.0),
    throttled: Some(false),
    online: Some(true),
    metered: Some(false),
    ..DeviceOverrides::NONE
};

fn greeting() -> Scene {
    Scene {
        title: "A greeting: the small local model is enough",
        request: ask("Hello!", true),
        expected: local("routine", ExpectedAnswer::Holds("Hello")),
        ..CALM_SCENE
    }
}

fn sentiment() -> Scene {
    let review = "Is this review positive or negative? \"The battery died after an hour and \
                  customer service hung up on me.\"";
    Scene {
        title: "A label for a review: routine work stays here",
        request: ask(review, false),
        expected: local("routine", ExpectedAnswer::Holds("negative")),
        ..CALM_SCENE
    }
}

fn find_email() -> Scene {
    let note = "Extract the email address from this note: \"I have moved, please write to \
                jane.doe@example.com from Monday.\"";
    Scene {
        title: "A routine question with personal data in it: it stays here",
        request: ask(note, true),
        originals: vec![EMAIL.stays()],
        expected: local("routine", ExpectedAnswer::Holds(EMAIL.value)),
        ..CALM_SCENE
    }
}

fn hard_question() -> Scene {
    Scene {
        title: "A hard question with nothing personal in it: it goes far as it is",
        request: ask(HARD_QUESTION, true),
        expected: cloud("hard", ExpectedAnswer::Restored),
        ..CALM_SCENE
    }
}

fn personal_data() -> Scene {
    let case = "Compare three strategies to resolve this disputed payment. Evaluate the risk and the \
                cost of each step by step, explain the trade-offs, and argue which one we should \
                choose and why.\n\
                The customer is jane.doe@example.com, phone (202) 555-0143, SSN 078-05-1120; the \
                card is 4111 1111 1111 1111, the refund account DE89 3704 0044 0532 0130 00, and \
                the login came from IP 203.0.113.7.";
    Scene {
        title: "A hard question full of personal data: it goes far without them",
        request: ask(case, true),
        originals: vec![EMAIL, PHONE, SSN, CARD, IBAN, IP],
        expected: cloud("hard", ExpectedAnswer::Restored),
        ..CALM_SCENE
    }
}

/// An agent that has looked a customer up and is to act on it. The result of the first call is JSON
/// inside JSON, with letters escaped as Python's `json.dumps` does.
fn tools() -> Scene {
    let found = r#"{"email": "zo\u00eb.m\u00fcller@example.com", "phone": "+1 202-555-0178", "plan": "team"}"#;
    let lookup = call("call_1", "find_customer", &json!({ "order": "A-1042" }));
    let body = json!({
        "messages": [
            { "role": "user", "content": "Find the customer of order A-1042. Work out why the \
                invoice was charged twice, compare both charges step by step, decide what is owed \
                under the contract, and open a ticket that explains it." },
            { "role": "assistant", "content": null, "tool_calls": [lookup] },
            { "role": "tool", "tool_call_id": "call_1", "content": found },
        ],
        "model": "auto",
        "stream": true,
        "stream_options": { "include_usage": true },
        "tools": [tool("open_ticket", &["email", "phone", "note"])],
    });
    Scene {
        title: "An agent with tools and a customer's data: they go far without the data",
        request: Request { headers: &[], body },
        originals: vec![TOOL_EMAIL, TOOL_PHONE],
        expected: cloud("hard", ExpectedAnswer::RestoredCall),
        ..CALM_SCENE
    }
}

/// The key is in the call that the model made before. The small local model can't call tools, and
/// farther the request must not go.
fn secret_in_tool_argument() -> Scene {
    let deploy = call(
        "call_7",
        "deploy",
        &json!({ "service": "billing", "api_key": SECRET.value }),
    );
    let body = json!({
        "messages": [
            { "role": "user", "content": "Deploy the billing service." },
            { "role": "assistant", "content": null, "tool_calls": [deploy] },
            { "role": "tool", "tool_call_id": "call_7", "content": "deployed" },
            { "role": "user", "content": "Thank you! Now roll it back, please." },
        ],
        "model": "auto",
        "tools": [tool("deploy", &["service", "api_key"])],
    });
    Scene {
        title: "A secret in a tool argument: too secret to go far, so it is refused",
        request: Request { headers: &[], body },
        originals: vec![SECRET],
        expected: Expected {
            status: 403,
            route: Some(Route::Refused),
            rule: "secrets-stay",
            answer: ExpectedAnswer::Error("secrets-stay"),
        },
        ..CALM_SCENE
    }
}

fn link_down() -> Scene {
    Scene {
        title: "The hard question again, with the link down: an honest local answer",
        note: Some("the link is down (simulated)"),
        device: DeviceOverrides {
            online: Some(false),
            ..CALM
        },
        request: ask(HARD_QUESTION, true),
        expected: local("offline", ExpectedAnswer::Holds("larger model is needed")),
        ..CALM_SCENE
    }
}

fn low_battery() -> Scene {
    Scene {
        title: "A routine question on a low battery: the far side may do the work",
        note: Some("the battery is at 12 % and not charging (simulated)"),
        device: DeviceOverrides {
            battery: Some(0.12),
            ..CALM
        },
        request: ask("Rewrite this politely: send me the report now.", true),
        expected: cloud("save-battery", ExpectedAnswer::Restored),
        ..CALM_SCENE
    }
}

fn client_asks_local() -> Scene {
    let mut request = ask(HARD_QUESTION, true);
    request.headers = &[("x-nearside-route", "local")];
    Scene {
        title: "The hard question again, but the client wants it to stay local",
        note: Some("the client sent the header x-nearside-route: local"),
        request,
        expected: local("hard", ExpectedAnswer::Holds("larger model is needed")),
        ..CALM_SCENE
    }
}

fn wrong_request() -> Scene {
    let body = json!({ "model": "auto", "prompt": "Where are the messages?" });
    Scene {
        title: "A request that is not right: a clear error",
        request: Request { headers: &[], body },
        expected: Expected {
            status: 400,
            route: None,
            rule: "",
            answer: ExpectedAnswer::Error("messages"),
        },
        ..CALM_SCENE
    }
}

impl Original {
    /// The same where nothing may cross.
    const fn stays(self) -> Self {
        Self {
            placeholder: None,
            ..self
        }
    }
}

const fn local(rule: &'static str, answer: ExpectedAnswer) -> Expected {
    Expected {
        status: 200,
        route: Some(Route::Local),
        rule,
        answer,
    }
}

const fn cloud(rule: &'static str, answer: ExpectedAnswer) -> Expected {
    Expected {
        status: 200,
        route: Some(Route::Cloud),
        rule,
        answer,
    }
}

fn ask(question: &str, stream: bool) -> Request {
    let messages = json!([{ "role": "user", "content": question }]);
    let body = if stream {
        json!({ "messages": messages, "model": "auto", "stream": true })
    } else {
        json!({ "messages": messages, "model": "auto" })
    };
    Request { headers: &[], body }
}

fn call(id: &str, name: &str, arguments: &Value) -> Value {
    let function = json!({ "name": name, "arguments": arguments.to_string() });
    json!({ "id": id, "type": "function", "function": function })
}

fn tool(name: &str, parameters: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> = parameters
        .iter()
        .map(|parameter| ((*parameter).to_owned(), json!({ "type": "string" })))
        .collect();
    let parameters = json!({ "type": "object", "properties": properties, "required": parameters });
    json!({ "type": "function", "function": { "name": name, "parameters": parameters } })
}

const fn original(value: &'static str, placeholder: &'static str) -> Original {
    Original {
        value,
        placeholder: Some(placeholder),
    }
}

const CALM_SCENE: Scene = Scene {
    title: "",
    note: None,
    device: CALM,
    request: Request {
        headers: &[],
        body: Value::Null,
    },
    originals: Vec::new(),
    expected: local("", ExpectedAnswer::Text),
};

const HARD_QUESTION: &str = "Explain step by step why no algorithm can keep replicas consistent \
    and available when the network fails, and compare three database designs with their \
    trade-offs.";

const EMAIL: Original = original("jane.doe@example.com", "[EMAIL_1]");
const PHONE: Original = original("(202) 555-0143", "[PHONE_1]");
const SSN: Original = original("078-05-1120", "[NATIONAL_ID_1]");
const CARD: Original = original("4111 1111 1111 1111", "[CREDIT_CARD_1]");
const IBAN: Original = original("DE89 3704 0044 0532 0130 00", "[IBAN_1]");
const IP: Original = original("203.0.113.7", "[IP_1]");
const TOOL_EMAIL: Original = original("zoë.müller@example.com", "[EMAIL_1]");
const TOOL_PHONE: Original = original("+1 202-555-0178", "[PHONE_1]");
/// In two parts, so that it is taken for a key by the recognizer and by nobody else.
const SECRET: Original = Original {
    value: concat!("sk", "-proj-", "NearsideDemoKeyThatOpensNothing"),
    placeholder: None,
};
