//! Stop strings in streamed text.
//!
//! Guarantees: the stop string that is complete first ends the text, the longest of those complete
//! at once; text before it is handed out whole, nothing of it or after it is, wherever the pieces
//! were cut; no more is held back than what may still become a stop string.

/// Watches a text for stop strings.
#[derive(Debug)]
pub(crate) struct StopStrings {
    strings: Vec<String>,
    held: String,
}

/// What a piece of text led to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Text that holds no stop string.
    Text(String),
    /// The text before a stop string, which was found.
    Stopped(String),
}

impl StopStrings {
    /// Watches for any of `strings`; empty ones are ignored.
    pub(crate) fn new(mut strings: Vec<String>) -> Self {
        strings.retain(|string| !string.is_empty());
        Self {
            strings,
            held: String::new(),
        }
    }

    /// Adds a piece of text.
    pub(crate) fn push(&mut self, piece: &str) -> Progress {
        if self.strings.is_empty() {
            return Progress::Text(piece.to_owned());
        }
        self.held.push_str(piece);
        if let Some(start) = self.first_stop() {
            self.held.truncate(start);
            return Progress::Stopped(std::mem::take(&mut self.held));
        }
        let undecided = self.undecided();
        let kept = self.held.split_off(self.held.len() - undecided);
        Progress::Text(std::mem::replace(&mut self.held, kept))
    }

    /// Ends the text: what was held back is text after all.
    pub(crate) fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// Where the stop string begins that ends first.
    fn first_stop(&self) -> Option<usize> {
        let found = self.strings.iter().filter_map(|stop| {
            let start = self.held.find(stop)?;
            Some((start + stop.len(), start))
        });
        found.min().map(|(_, start)| start)
    }

    /// Bytes at the end that may be the start of a stop string.
    fn undecided(&self) -> usize {
        let longest = self.strings.iter().map(String::len).max().unwrap_or(0);
        let from = self.held.len().saturating_sub(longest.saturating_sub(1));
        let starts = (from..self.held.len()).filter_map(|start| self.held.get(start..));
        starts
            .into_iter()
            .find(|tail| self.strings.iter().any(|stop| stop.starts_with(tail)))
            .map_or(0, str::len)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn run(stops: &[&str], pieces: &[&str]) -> (String, bool) {
        let mut watch = StopStrings::new(stops.iter().map(|&stop| stop.to_owned()).collect());
        let mut text = String::new();
        for piece in pieces {
            match watch.push(piece) {
                Progress::Text(part) => text.push_str(&part),
                Progress::Stopped(part) => return (text + &part, true),
            }
        }
        (text + &watch.finish(), false)
    }

    #[test]
    fn a_stop_string_is_found_wherever_the_pieces_are_cut() {
        let text = "one two ##END## three é";
        let expected = ("one two ".to_owned(), true);
        for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (before, after) = text.split_at(cut);
            assert_eq!(run(&["##END##"], &[before, after]), expected);
        }
        let characters: Vec<String> = text.chars().map(String::from).collect();
        let characters: Vec<&str> = characters.iter().map(String::as_str).collect();
        assert_eq!(run(&["##END##"], &characters), expected);
    }

    #[test]
    fn the_first_complete_of_several_wins_wherever_the_pieces_are_cut() {
        for (stops, text, expected) in [
            (&["c", "b"][..], "abc", "a"),
            (&["abcd", "bc"], "xabcd", "xa"),
            (&["bc", "abc", "c"], "xabc", "x"),
            (&["é!", "🙂é", "\u{301}"], "a🙂é!", "a"),
            (&["東京", "京都", "都"], "住東京都", "住"),
        ] {
            let characters: Vec<String> = text.chars().map(String::from).collect();
            for pieces in 0..1_u32 << (characters.len() - 1) {
                let mut cut = vec![String::new()];
                for (index, character) in characters.iter().enumerate() {
                    if index > 0 && pieces >> (index - 1) & 1 == 1 {
                        cut.push(String::new());
                    }
                    cut.last_mut().unwrap().push_str(character);
                }
                let cut: Vec<&str> = cut.iter().map(String::as_str).collect();
                assert_eq!(run(stops, &cut), (expected.to_owned(), true), "{cut:?}");
            }
        }
    }

    /// Reads a character at a time, and looks for the longest stop string that ends there.
    fn by_definition(stops: &[String], text: &str) -> (String, bool) {
        let mut read = String::new();
        for character in text.chars() {
            read.push(character);
            let ending = stops.iter().filter(|stop| read.ends_with(stop.as_str()));
            if let Some(longest) = ending.map(String::len).max() {
                read.truncate(read.len() - longest);
                return (read, true);
            }
        }
        (read, false)
    }

    proptest! {
        #[test]
        fn any_cutting_gives_what_the_definition_gives(
            stops in vec("[ab🙂é]{1,4}", 0..5),
            pieces in vec("[ab🙂é]{0,5}", 0..8),
        ) {
            let stop: Vec<&str> = stops.iter().map(String::as_str).collect();
            let piece: Vec<&str> = pieces.iter().map(String::as_str).collect();
            prop_assert_eq!(run(&stop, &piece), by_definition(&stops, &pieces.concat()));
        }
    }

    #[test]
    fn many_stop_strings_are_watched_at_once() {
        let stops: Vec<String> = (0..500).map(|i| format!("<stop-{i:03}>")).collect();
        let stops: Vec<&str> = stops.iter().map(String::as_str).collect();
        let pieces = ["<stop-", "x> <st", "op-4", "99", "> more"];
        assert_eq!(run(&stops, &pieces), ("<stop-x> ".to_owned(), true));
    }

    #[test]
    fn an_unfinished_stop_string_comes_out_at_the_end() {
        assert_eq!(
            run(&["\n\nUser"], &["hi\n", "\nUs"]),
            ("hi\n\nUs".to_owned(), false)
        );
    }

    #[test]
    fn only_what_may_become_a_stop_string_is_held_back() {
        let mut watch = StopStrings::new(vec!["aab".to_owned()]);
        assert_eq!(watch.push("xaaa"), Progress::Text("xa".to_owned()));
        assert_eq!(watch.push("c"), Progress::Text("aac".to_owned()));
    }

    #[test]
    fn empty_stop_strings_never_stop() {
        assert_eq!(run(&[""], &["ab", "c"]), ("abc".to_owned(), false));
    }
}
