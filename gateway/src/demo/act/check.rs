//! The expectations of every request: its route, what crossed, what came back.

use serde_json::Value;

use super::{Act, FarSide, restored};
use crate::{
    demo::{
        recorder::Crossing,
        reply::Reply,
        scenario::{Expected, ExpectedAnswer},
    },
    telemetry::Route,
};

/// One expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::demo) struct Check {
    pub(in crate::demo) held: bool,
    /// What holds; or, when it doesn't, what was expected and what came instead.
    pub(in crate::demo) what: String,
}

/// Checks an act, whose leaks have been counted.
pub(super) fn all(act: &Act, far_side: FarSide) -> Vec<Check> {
    vec![route(act), crossing(act), answer(act, far_side)]
}

/// Status, route and rule are as expected, and the headers say what the audit log says.
fn route(act: &Act) -> Check {
    let Expected {
        route,
        rule,
        status,
        ..
    } = act.scene.expected;
    let name = route.map_or(NONE, Route::name);
    let rule = if rule.is_empty() { NONE } else { rule };
    let (came, got) = (&act.record, act.response.status.as_u16());
    if (came.route.as_str(), came.rule.as_str(), got) != (name, rule, status) {
        return wrong(format!(
            "expected route {name}, rule {rule}, status {status}; got route {}, rule {}, status \
             {got}",
            came.route, came.rule
        ));
    }
    // Where nobody was asked, there is nothing to say.
    let agrees = |name: &str, recorded: &str| {
        let header = act.response.nearside(name);
        header.is_empty() || header == recorded
    };
    if !agrees("route", &came.route) || !agrees("rule", &came.rule) {
        return wrong("the headers of the answer contradict the audit log".to_owned());
    }
    right(match route {
        Some(Route::Local) => "stayed on this machine".to_owned(),
        Some(Route::Site | Route::Cloud) => "went far".to_owned(),
        Some(Route::Refused) => format!("refused ({got})"),
        None => format!("turned down ({got})"),
    })
}

/// Nothing crossed that must not, and what was not sensitive crossed as it was.
fn crossing(act: &Act) -> Check {
    if act.leaks > 0 {
        return wrong(format!("originals in what crossed: {}", act.leaks));
    }
    let may_cross = matches!(act.scene.expected.route, Some(Route::Cloud | Route::Site));
    let crossing = match (may_cross, act.crossings.as_slice()) {
        (false, []) => return right("nothing crossed".to_owned()),
        (true, [crossing]) => crossing,
        (_, crossings) => {
            let (expected, got) = (usize::from(may_cross), crossings.len());
            return wrong(format!(
                "requests that crossed: expected {expected}, got {got}"
            ));
        }
    };
    let placeholders: Vec<&str> = act
        .scene
        .originals
        .iter()
        .filter_map(|original| original.placeholder)
        .collect();
    let body = String::from_utf8_lossy(&crossing.body);
    match placeholders
        .iter()
        .find(|placeholder| !body.contains(**placeholder))
    {
        Some(missing) => wrong(format!("{missing} is not in what crossed")),
        None if !placeholders.is_empty() => right(stayed(placeholders.len())),
        None if is_as_sent(act, crossing) => {
            right("nothing in it to hide, and nothing changed".to_owned())
        }
        None => wrong("what crossed is not what was sent".to_owned()),
    }
}

/// True when what crossed is what was sent, but for the name of the model.
fn is_as_sent(act: &Act, crossing: &Crossing) -> bool {
    let sent = &act.scene.request.body;
    let Ok(mut crossed) = serde_json::from_slice::<Value>(&crossing.body) else {
        return false;
    };
    if let (Some(there), Some(here)) = (crossed.get_mut("model"), sent.get("model")) {
        there.clone_from(here);
    }
    crossed == *sent
}

/// The client got the answer that it should.
fn answer(act: &Act, far_side: FarSide) -> Check {
    let reply = &act.response.reply;
    let (held, what, otherwise) = match act.scene.expected.answer {
        ExpectedAnswer::Text => (!reply.text.is_empty(), "answered", "no text came"),
        ExpectedAnswer::Holds(part) => (
            reply.text.contains(part),
            "the answer is right",
            "the answer is not right",
        ),
        ExpectedAnswer::Error(part) => {
            let named = reply
                .error
                .as_ref()
                .is_some_and(|error| error.contains(part));
            (named, "a clear error", "the error is another one")
        }
        ExpectedAnswer::Restored | ExpectedAnswer::RestoredCall => return restored(act, far_side),
    };
    Check {
        held,
        what: if held { what } else { otherwise }.to_owned(),
    }
}

/// The answer is what the far side said, with originals in the place of placeholders. A real model
/// may write them in forms that this does not know, or not at all: then none must be left.
fn restored(act: &Act, far_side: FarSide) -> Check {
    let (came, originals) = (&act.response.reply, act.scene.originals.as_slice());
    let said = act
        .crossings
        .first()
        .map(|crossing| Reply::read(&crossing.answer));
    let said = said.unwrap_or_default();
    let (held, what) = match far_side {
        _ if !act.restores() => (restored::is_exact(&said, came, &[]), "came back unchanged"),
        FarSide::StandIn => {
            let is_call = matches!(act.scene.expected.answer, ExpectedAnswer::RestoredCall);
            let held = restored::is_exact(&said, came, originals)
                && restored::holds_all(came, originals)
                && is_call != came.tool_calls.is_empty();
            (held, "restored exactly")
        }
        FarSide::Provider => {
            let held = came.finished && restored::has_no_placeholder(came, originals);
            (held, "no placeholder is left in the answer")
        }
    };
    if held && !came.is_empty() {
        return right(what.to_owned());
    }
    wrong("the answer is not what the far side said, restored".to_owned())
}

fn stayed(count: usize) -> String {
    match count {
        1 => "its one original stayed here".to_owned(),
        count => format!("all {count} originals stayed here"),
    }
}

fn right(what: String) -> Check {
    Check { held: true, what }
}

fn wrong(what: String) -> Check {
    Check { held: false, what }
}

/// How the audit log writes that there is none.
const NONE: &str = "none";
