//! Lines, labels and colours.

use std::ops::Range;

use super::wrap::wrap;
use crate::demo::placeholder;

/// A page of text, so wide, with colours or without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// Characters to a line.
    pub(crate) width: usize,
    /// Colours mark originals and placeholders; they carry nothing that the words don't say.
    pub(crate) colours: bool,
}

/// What a colour says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ink {
    Title,
    Dim,
    Good,
    Bad,
    Original,
    Placeholder,
}

impl Page {
    /// A label and a text that may be long: with `originals` and placeholders marked, wrapped, and
    /// cut after [`MOST_LINES`]; what is cut is counted.
    pub(super) fn text_row(self, label: &str, text: &str, originals: &[String]) -> String {
        let marks = marks(text, originals);
        let lines = wrap(text, self.text_width());
        let (shown, hidden) = match lines.get(MOST_LINES - 1) {
            Some(cut) if lines.len() > MOST_LINES => (MOST_LINES - 1, text.get(cut.start..)),
            _ => (lines.len(), None),
        };
        let mut rows: Vec<String> = lines
            .into_iter()
            .take(shown)
            .map(|line| self.marked(text, line, &marks))
            .collect();
        if let Some(hidden) = hidden {
            let note = format!("… {} more characters", thousands(hidden.chars().count()));
            rows.push(self.ink(Ink::Dim, &note));
        }
        self.labelled(label, &rows)
    }

    /// A label and a text of a line or two.
    pub(super) fn row(self, label: &str, text: &str) -> String {
        let lines = wrap(text, self.text_width());
        let lines: Vec<String> = lines
            .into_iter()
            .map(|line| part(text, line).to_owned())
            .collect();
        self.labelled(label, &lines)
    }

    /// A label and ready lines, at least an empty one.
    pub(super) fn labelled(self, label: &str, lines: &[String]) -> String {
        let label = format!("{label:<LABEL$}");
        let first = lines.first().map_or("", String::as_str);
        let mut out = line(INDENT, &format!("{}{first}", self.ink(Ink::Dim, &label)));
        for rest in lines.iter().skip(1) {
            out.push_str(&line(INDENT + LABEL, rest));
        }
        out
    }

    /// A text as wide as the page.
    pub(super) fn paragraph(self, indent: usize, text: &str) -> String {
        let lines = wrap(text, self.width.saturating_sub(indent));
        lines
            .into_iter()
            .map(|place| line(indent, part(text, place)))
            .collect()
    }

    /// A text in a colour, where there are colours.
    pub(super) fn ink(self, ink: Ink, text: &str) -> String {
        if self.colours {
            format!("\x1b[{}m{text}\x1b[0m", ink.code())
        } else {
            text.to_owned()
        }
    }

    /// One line of `text`, its marks painted. A mark that is broken over two lines is painted in
    /// both.
    fn marked(self, text: &str, line: Range<usize>, marks: &[(Range<usize>, Ink)]) -> String {
        let mut out = String::new();
        let mut at = line.start;
        for (mark, ink) in marks {
            let (start, end) = (mark.start.max(at), mark.end.min(line.end));
            if start < end {
                out.push_str(part(text, at..start));
                out.push_str(&self.ink(*ink, part(text, start..end)));
                at = end;
            }
        }
        out.push_str(part(text, at..line.end));
        out
    }

    fn text_width(self) -> usize {
        self.width.saturating_sub(INDENT + LABEL).max(20)
    }
}

impl Ink {
    /// Select Graphic Rendition of ECMA-48, section 8.3.117.
    const fn code(self) -> &'static str {
        match self {
            Self::Title => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Bad => "1;31",
            Self::Original => "35",
            Self::Placeholder => "1;36",
        }
    }
}

/// A line with spaces before it.
pub(super) fn line(indent: usize, text: &str) -> String {
    format!("{:indent$}{text}\n", "")
}

/// `12,345`.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Where originals and placeholders lie, in order.
fn marks(text: &str, originals: &[String]) -> Vec<(Range<usize>, Ink)> {
    let mut marks: Vec<(Range<usize>, Ink)> = placeholder::places(text)
        .into_iter()
        .map(|place| (place, Ink::Placeholder))
        .collect();
    for original in originals {
        let found = text.match_indices(original.as_str());
        marks.extend(found.map(|(at, found)| (at..at + found.len(), Ink::Original)));
    }
    marks.sort_unstable_by_key(|(place, _)| place.start);
    marks
}

fn part(text: &str, place: Range<usize>) -> &str {
    text.get(place).unwrap_or_default()
}

/// Before every label.
pub(super) const INDENT: usize = 4;
/// Width of the labels.
const LABEL: usize = 13;
/// The most lines of one text that are shown.
const MOST_LINES: usize = 9;
