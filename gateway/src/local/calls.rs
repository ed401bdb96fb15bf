//! Telling calls of tools from text in what a model writes.
//!
//! Models write calls as they were trained to; these forms cover the families that the engine runs:
//!
//! | Form | Models |
//! | --- | --- |
//! | `<tool_call>{"name": .., "arguments": {..}}</tool_call>`, anywhere, any number | Qwen, Hermes, `SmolLM3` |
//! | `[TOOL_CALLS][{"name": .., "arguments": {..}}, ..]` | Mistral up to its third tokenizer |
//! | `[TOOL_CALLS]name[ARGS]{..}`, any number | Mistral since |
//! | `{"name": .., "parameters": {..}}` and nothing else | Llama 3 |
//!
//! Guarantees: what is no call comes out as text, letter by letter and in order, but for white space
//! beside calls; text is held back only while it may still be a call. A JSON object that is the whole
//! answer is a call only if it names one of the tools.

use serde::Deserialize;
use serde_json::Value;

use super::{generate::Calls, thoughts::beginning_of};

/// What was understood of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// Text for the client.
    Text(String),
    /// A call; its arguments are JSON.
    Call { name: String, arguments: String },
}

/// Reads one answer, in whatever pieces it comes.
#[derive(Debug)]
pub(super) struct CallReader {
    calls: Calls,
    state: State,
    /// What is held back.
    held: String,
    /// White space before the tag that is open.
    space: String,
    has_called: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but white space so far: what comes may be JSON as a whole.
    Start,
    /// Text; a call may begin.
    Text,
    /// Between `<tool_call>` and `</tool_call>`.
    Tagged,
    /// Everything from here to the end is held back, because it may be JSON.
    Whole,
}

impl CallReader {
    pub(super) fn new(calls: Calls) -> Self {
        Self {
            state: match calls {
                Calls::None => State::Text,
                Calls::Among(_) => State::Start,
                Calls::Only => State::Whole,
            },
            calls,
            held: String::new(),
            space: String::new(),
            has_called: false,
        }
    }

    /// Takes the next piece and appends what is certain by now.
    pub(super) fn push(&mut self, piece: &str, heard: &mut Vec<Heard>) {
        if self.calls == Calls::None {
            heard.push(Heard::Text(piece.to_owned()));
            return;
        }
        self.held.push_str(piece);
        while self.step(heard) {}
    }

    /// Ends the answer: appends what was held back.
    pub(super) fn finish(&mut self, heard: &mut Vec<Heard>) {
        let held = std::mem::take(&mut self.held);
        let calls = match self.state {
            State::Start | State::Text => None,
            // Some models leave the closing tag out before they stop.
            State::Tagged => call(&held).map(|call| vec![call]),
            State::Whole => self.whole(&held),
        };
        let text = match calls {
            Some(calls) => {
                heard.extend(calls);
                return;
            }
            None if self.state == State::Tagged => format!("{}{OPEN}{held}", self.space),
            None => held,
        };
        let is_beside_calls = self.has_called && text.trim().is_empty();
        if !text.is_empty() && !is_beside_calls {
            heard.push(Heard::Text(text));
        }
    }

    /// Goes on as far as what is held allows; `false` when more has to come first.
    fn step(&mut self, heard: &mut Vec<Heard>) -> bool {
        match self.state {
            State::Start => self.start(),
            State::Text => self.text(heard),
            State::Tagged => self.tagged(heard),
            State::Whole => false,
        }
    }

    fn start(&mut self) -> bool {
        let begun = self.held.trim_start();
        let within = |open: char, next: &[char]| {
            let rest = begun.strip_prefix(open)?.trim_start();
            Some(rest.is_empty() || rest.starts_with(next))
        };
        let may_be_json = within('{', &['"']).or_else(|| within('[', &['{']));
        let is_sure = begun.trim_end().len() > 1;
        self.state = match may_be_json {
            Some(true) if is_sure => State::Whole,
            _ if begun.starts_with(MISTRAL) => State::Whole,
            _ if MISTRAL.starts_with(begun) => return false,
            Some(true) => return false,
            Some(false) | None => State::Text,
        };
        true
    }

    fn text(&mut self, heard: &mut Vec<Heard>) -> bool {
        if let Some((before, after)) = self.held.split_once(OPEN) {
            let (said, space) = before.split_at(before.trim_end().len());
            if !said.is_empty() {
                heard.push(Heard::Text(said.to_owned()));
            }
            self.space = space.to_owned();
            self.held = after.to_owned();
            self.state = State::Tagged;
            return true;
        }
        let kept = beginning_of(OPEN, &self.held);
        let (said, _) = self.held.split_at(self.held.len() - kept);
        let rest = self.held.split_off(said.trim_end().len());
        let certain = std::mem::replace(&mut self.held, rest);
        if !certain.is_empty() {
            heard.push(Heard::Text(certain));
        }
        false
    }

    fn tagged(&mut self, heard: &mut Vec<Heard>) -> bool {
        let Some((inside, after)) = self.held.split_once(CLOSE) else {
            return false;
        };
        let space = &self.space;
        let call = call(inside);
        self.has_called |= call.is_some();
        heard.push(call.unwrap_or_else(|| Heard::Text(format!("{space}{OPEN}{inside}{CLOSE}"))));
        self.held = after.to_owned();
        self.state = State::Text;
        true
    }

    /// The calls that an answer consists of.
    fn whole(&self, text: &str) -> Option<Vec<Heard>> {
        let trimmed = text.trim();
        let json = trimmed.strip_prefix(MISTRAL).unwrap_or(trimmed);
        let calls = match call(json) {
            Some(call) => vec![call],
            None => list(json).or_else(|| named(json))?,
        };
        let is_known = |heard: &Heard| match (heard, &self.calls) {
            (Heard::Call { name, .. }, Calls::Among(names)) => names.contains(name),
            (Heard::Call { .. }, Calls::Only) => true,
            (Heard::Call { .. }, Calls::None) | (Heard::Text(_), _) => false,
        };
        (!calls.is_empty() && calls.iter().all(is_known)).then_some(calls)
    }
}

/// A call as JSON.
fn call(json: &str) -> Option<Heard> {
    let call: WireCall = serde_json::from_str(json.trim()).ok()?;
    Some(call.heard())
}

fn list(json: &str) -> Option<Vec<Heard>> {
    let calls: Vec<WireCall> = serde_json::from_str(json.trim()).ok()?;
    Some(calls.into_iter().map(WireCall::heard).collect())
}

/// Names, each with its arguments; an id may stand between them.
fn named(calls: &str) -> Option<Vec<Heard>> {
    let call = |text: &str| {
        let (name, arguments) = text.split_once(ARGUMENTS)?;
        let name = name.split(CALL_ID).next().unwrap_or(name);
        let arguments: Value = serde_json::from_str(arguments.trim()).ok()?;
        let call = WireCall {
            name: name.trim().to_owned(),
            arguments: Some(arguments),
        };
        Some(call.heard())
    };
    calls.split(MISTRAL).map(call).collect()
}

#[derive(Deserialize)]
struct WireCall {
    name: String,
    #[serde(alias = "parameters")]
    arguments: Option<Value>,
}

impl WireCall {
    fn heard(self) -> Heard {
        let arguments = match self.arguments {
            None => "{}".to_owned(),
            // Some models write the string that the API wants.
            Some(Value::String(json)) => json,
            Some(arguments) => arguments.to_string(),
        };
        Heard::Call {
            name: self.name,
            arguments,
        }
    }
}

const OPEN: &str = "<tool_call>";
const CLOSE: &str = "</tool_call>";
const MISTRAL: &str = "[TOOL_CALLS]";
const CALL_ID: &str = "[CALL_ID]";
const ARGUMENTS: &str = "[ARGS]";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(calls: Calls, answer: &str, piece: usize) -> Vec<Heard> {
        let mut reader = CallReader::new(calls);
        let mut heard = Vec::new();
        let letters: Vec<char> = answer.chars().collect();
        for piece in letters.chunks(piece) {
            reader.push(&piece.iter().collect::<String>(), &mut heard);
        }
        reader.finish(&mut heard);
        let mut joined: Vec<Heard> = Vec::new();
        for heard in heard {
            match (joined.last_mut(), heard) {
                (Some(Heard::Text(so_far)), Heard::Text(text)) => so_far.push_str(&text),
                (_, heard) => joined.push(heard),
            }
        }
        joined
    }

    fn among() -> Calls {
        Calls::Among(vec!["f".into(), "g".into()])
    }

    fn called(name: &str, arguments: &str) -> Heard {
        Heard::Call {
            name: name.into(),
            arguments: arguments.into(),
        }
    }

    fn text(text: &str) -> Heard {
        Heard::Text(text.into())
    }

    fn check(answer: &str, expected: &[Heard]) {
        for piece in [1, 3, 1000] {
            assert_eq!(
                read(among(), answer, piece),
                expected,
                "{answer} by {piece}"
            );
        }
    }

    #[test]
    fn tagged_calls_are_found_among_text() {
        check(
            "I look.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1.0}}\n</tool_call>\n\
             <tool_call>{\"name\":\"g\",\"arguments\":{}}</tool_call>",
            &[
                text("I look."),
                called("f", "{\"a\":1.0}"),
                called("g", "{}"),
            ],
        );
        let unclosed = "<tool_call>{\"name\":\"f\"}";
        check(unclosed, &[called("f", "{}")]);
    }

    #[test]
    fn an_answer_that_is_json_is_a_call_of_a_known_tool() {
        check(
            "{\"name\": \"f\", \"parameters\": {\"a\": \"b\"}}",
            &[called("f", "{\"a\":\"b\"}")],
        );
        check(
            " [TOOL_CALLS][{\"name\":\"f\",\"arguments\":{}},{\"name\":\"g\"}]",
            &[called("f", "{}"), called("g", "{}")],
        );
        check(
            "[TOOL_CALLS]f[CALL_ID]c1[ARGS]{\"a\": \"[ARG\"}[TOOL_CALLS]g[ARGS]{}",
            &[called("f", "{\"a\":\"[ARG\"}"), called("g", "{}")],
        );
        let unfinished = "[TOOL_CALLS]f[ARGS]{\"a\":";
        check(unfinished, &[text(unfinished)]);
        let unknown = "{\"name\": \"Ada\", \"age\": 36}";
        check(unknown, &[text(unknown)]);
    }

    #[test]
    fn what_is_no_call_is_text() {
        for answer in [
            "a < b <tool",
            "<tool_call>not JSON</tool_call>",
            "<tool_call>{\"name\":",
            "[1, 2]",
            "[TOOL",
            "[Note] that",
            "{ }",
            "  spaced ",
            "a <tool_call>1</tool_call> b",
        ] {
            check(answer, &[text(answer)]);
        }
    }

    #[test]
    fn an_answer_held_to_the_form_of_a_call_is_one() {
        let answer = "{\"name\":\"f\",\"arguments\":{\"a\":1}}";
        let heard = read(Calls::Only, answer, 4);
        assert_eq!(heard, [called("f", "{\"a\":1}")]);
        let cut = read(Calls::Only, "{\"name\":\"f\",\"argu", 4);
        assert_eq!(cut, [text("{\"name\":\"f\",\"argu")]);
    }

    proptest! {
        #[test]
        fn any_cutting_is_understood_alike(
            answer in r#"(<tool_call>|</tool_call>|\{"name":"f"\}|[a<\[ é]){0,8}"#,
            piece in 1_usize..9,
        ) {
            prop_assert_eq!(read(among(), &answer, piece), read(among(), &answer, 1000));
        }

        #[test]
        fn without_calls_every_letter_is_kept(answer in "[a-z<>_/ ]{0,40}", piece in 1_usize..9) {
            let expected: Vec<Heard> = (!answer.is_empty()).then(|| text(&answer)).into_iter().collect();
            prop_assert_eq!(read(among(), &answer, piece), expected);
        }
    }
}
