//! Telling thoughts from the answer in what a model writes: `<think>`, what it thinks, `</think>`, and
//! then the answer, as `DeepSeek` R1, Qwen 3 and `SmolLM3` were trained.
//!
//! Guarantees: what does not begin so comes out as it is, letter by letter; white space around the
//! tags is nobody's. An answer that ends before its thoughts do is all thoughts.
//!
//! Not caught: thoughts of a model whose chat template opens the tag in the prompt. They are the
//! beginning of the answer's text.

/// What was understood of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Thought(String),
    Said(String),
}

/// Reads one answer, in whatever pieces it comes.
#[derive(Debug, Default)]
pub(super) struct ThoughtReader {
    state: State,
    /// What is held back.
    held: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but white space, or the beginning of the tag, so far.
    #[default]
    Start,
    /// Behind the tag, before the first thought.
    Opened,
    Thinking,
    /// Behind the closing tag, before the first word.
    Closed,
    Saying,
}

impl ThoughtReader {
    /// A reader of what has no thoughts, whatever it looks like.
    pub(super) fn of_text() -> Self {
        Self {
            state: State::Saying,
            held: String::new(),
        }
    }

    /// Takes the next piece and appends what is certain by now.
    pub(super) fn push(&mut self, piece: &str, told: &mut Vec<Told>) {
        self.held.push_str(piece);
        while self.step(told) {}
    }

    /// Ends the answer: appends what was held back.
    pub(super) fn finish(&mut self, told: &mut Vec<Told>) {
        let held = std::mem::take(&mut self.held);
        match self.state {
            _ if held.is_empty() => {}
            State::Opened | State::Thinking => told.push(Told::Thought(held)),
            State::Start | State::Closed | State::Saying => told.push(Told::Said(held)),
        }
    }

    /// Goes on as far as what is held allows; `false` when more has to come first.
    fn step(&mut self, told: &mut Vec<Told>) -> bool {
        match self.state {
            State::Start => self.start(),
            State::Opened => self.skip(State::Thinking),
            State::Thinking => self.think(told),
            State::Closed => self.skip(State::Saying),
            State::Saying => {
                if !self.held.is_empty() {
                    told.push(Told::Said(std::mem::take(&mut self.held)));
                }
                false
            }
        }
    }

    fn start(&mut self) -> bool {
        let begun = self.held.trim_start();
        if let Some(rest) = begun.strip_prefix(OPEN) {
            self.held = rest.to_owned();
            self.state = State::Opened;
            return true;
        }
        if OPEN.starts_with(begun) {
            return false;
        }
        self.state = State::Saying;
        true
    }

    /// Leaves white space out; what follows it is for `next`.
    fn skip(&mut self, next: State) -> bool {
        self.held = self.held.trim_start().to_owned();
        if self.held.is_empty() {
            return false;
        }
        self.state = next;
        true
    }

    fn think(&mut self, told: &mut Vec<Told>) -> bool {
        if let Some((thought, rest)) = self.held.split_once(CLOSE) {
            let thought = thought.trim_end().to_owned();
            self.held = rest.to_owned();
            self.state = State::Closed;
            if !thought.is_empty() {
                told.push(Told::Thought(thought));
            }
            return true;
        }
        // White space at the end may be that before the closing tag.
        let kept = beginning_of(CLOSE, &self.held);
        let (thought, _) = self.held.split_at(self.held.len() - kept);
        let rest = self.held.split_off(thought.trim_end().len());
        let certain = std::mem::replace(&mut self.held, rest);
        if !certain.is_empty() {
            told.push(Told::Thought(certain));
        }
        false
    }
}

/// Length of the longest end of `text` that `tag` begins with.
pub(super) fn beginning_of(tag: &str, text: &str) -> usize {
    let ends = (1..tag.len()).rev();
    let mut beginnings = ends.filter_map(|length| tag.get(..length));
    beginnings
        .find(|beginning| text.ends_with(beginning))
        .map_or(0, str::len)
}

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The thoughts and the text of an answer that comes in pieces of so many letters.
    fn read(answer: &str, piece: usize) -> (String, String) {
        let mut reader = ThoughtReader::default();
        let mut told = Vec::new();
        let letters: Vec<char> = answer.chars().collect();
        for piece in letters.chunks(piece) {
            reader.push(&piece.iter().collect::<String>(), &mut told);
        }
        reader.finish(&mut told);
        let (mut thoughts, mut text) = (String::new(), String::new());
        for told in told {
            match told {
                Told::Thought(thought) => thoughts.push_str(&thought),
                Told::Said(said) => text.push_str(&said),
            }
        }
        (thoughts, text)
    }

    #[test]
    fn thoughts_come_before_the_answer() {
        for (answer, thoughts, text) in [
            ("<think>\nHm, 2.\n</think>\n\nTwo.", "Hm, 2.", "Two."),
            (" <think></think>Two.", "", "Two."),
            ("<think>a < b\n\nc</think> d", "a < b\n\nc", "d"),
            ("<think>cut o", "cut o", ""),
            ("Two. <think>no</think>", "", "Two. <think>no</think>"),
            ("\n<thin", "", "\n<thin"),
            ("", "", ""),
        ] {
            for piece in 1..8 {
                assert_eq!(
                    read(answer, piece),
                    (thoughts.into(), text.into()),
                    "{answer:?}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn any_cut_says_the_same(answer in "(<think>)?[a \n<>/]{0,12}(</think>)?[a \n]{0,6}", piece in 1..5_usize) {
            prop_assert_eq!(read(&answer, piece), read(&answer, 100));
        }

        #[test]
        fn what_does_not_begin_with_a_thought_stays(answer in "[a-z][a-z <>/\n]{0,20}") {
            prop_assert_eq!(read(&answer, 2), (String::new(), answer));
        }
    }
}
