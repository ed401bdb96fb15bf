//! Names for tool calls. Ollama's are often without an id, and results name the tool; other APIs tell
//! which result is whose by the id alone.

/// The calls of a conversation so far.
#[derive(Debug, Default)]
pub(super) struct Calls {
    made: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    id: String,
    tool: String,
    is_answered: bool,
}

impl Calls {
    /// Notes a call and returns its id, made up where it has none.
    pub(super) fn make(&mut self, id: Option<&str>, tool: &str) -> String {
        let id = id.map_or_else(|| made_up(self.made.len()), str::to_owned);
        self.made.push(Call {
            id: id.clone(),
            tool: tool.to_owned(),
            is_answered: false,
        });
        id
    }

    /// The id of the call that a result is of: the result's own, else that of the first call of the
    /// tool that has no result yet, else of any such call.
    pub(super) fn answer(&mut self, id: Option<&str>, tool: Option<&str>) -> String {
        let open = |call: &Call| !call.is_answered;
        let of_tool = |call: &Call| open(call) && Some(call.tool.as_str()) == tool;
        let found = if let Some(id) = id {
            self.made.iter().position(|call| call.id == id)
        } else {
            let of_tool = self.made.iter().position(of_tool);
            of_tool.or_else(|| self.made.iter().position(open))
        };
        if let Some(call) = found.and_then(|at| self.made.get_mut(at)) {
            call.is_answered = true;
            return call.id.clone();
        }
        id.map_or_else(|| made_up(self.made.len()), str::to_owned)
    }

    /// The tool that the call with this id is of.
    pub(super) fn tool(&self, id: &str) -> Option<&str> {
        let call = self.made.iter().find(|call| call.id == id);
        call.map(|call| call.tool.as_str())
    }
}

/// The id of the call of this number where nobody gave it one.
pub(super) fn made_up(number: usize) -> String {
    format!("call_{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_find_their_calls() {
        let mut calls = Calls::default();
        assert_eq!(calls.make(None, "weather"), "call_0");
        assert_eq!(calls.make(None, "weather"), "call_1");
        assert_eq!(calls.make(Some("abc"), "time"), "abc");
        assert_eq!(calls.answer(None, Some("time")), "abc");
        assert_eq!(calls.answer(None, Some("weather")), "call_0");
        assert_eq!(calls.answer(None, None), "call_1");
        assert_eq!(calls.answer(Some("abc"), None), "abc");
        assert_eq!(calls.tool("call_1"), Some("weather"));
    }

    #[test]
    fn a_result_without_a_call_has_an_id_all_the_same() {
        let mut calls = Calls::default();
        assert_eq!(calls.answer(None, Some("weather")), "call_0");
        assert_eq!(calls.answer(Some("abc"), None), "abc");
        assert_eq!(calls.tool("abc"), None);
    }
}
