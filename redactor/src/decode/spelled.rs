//! Digits spelled as words, in English, German, French, Spanish, Italian, Portuguese and Dutch.

mod words;

use std::iter::successors;

use words::{Number, may_begin, number};

use super::{Edit, View};

/// Fewer digits make no number worth hiding.
const MIN_DIGITS: usize = 7;

/// The text with its spelled-out numbers as digits, or `None` without any.
///
/// A number is at least five words for digits, teens and tens in a row that give seven digits; so
/// are "double five", "dash" and "plus" among them. Punctuation between the words is dropped.
pub(crate) fn digits(text: &str) -> Option<View> {
    let mut edits = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(start) = next_word(text.as_bytes(), at) {
        at = start.max(at) + STRIDE;
        if let Some(word) = number_word(text, start) {
            let run = Run::around(text, &word, done);
            done = run.end;
            at = run.end.max(at);
            edits.extend(run.edits());
        }
    }
    View::near_edits(text, edits)
}

/// Five words are longer than this and a word together, in bytes: looking at one word in so many
/// bytes misses no number.
const STRIDE: usize = 16;
const MIN_WORDS: usize = 5;

/// A word and where it begins.
#[derive(Debug, Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    start: usize,
}

impl Word<'_> {
    const fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Where the first word begins behind `at`, or at it when that is the start of the text.
fn next_word(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let before = if at == 0 {
        0
    } else {
        count(rest.iter(), is_letter)
    };
    let gap = rest
        .get(before..)?
        .iter()
        .position(|byte| is_letter(*byte))?;
    Some(at + before + gap)
}

/// The word that begins at `start`, if it is one for a number.
fn number_word(text: &str, start: usize) -> Option<Word<'_>> {
    let rest = text.as_bytes().get(start..)?;
    if !may_begin(rest) {
        return None;
    }
    let text = text.get(start..start + count(rest.iter(), is_letter))?;
    number(text).map(|_| Word { text, start })
}

/// Letters outside ASCII are letters by their bytes; so are other characters, which does no harm.
const fn is_letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26 || !byte.is_ascii()
}

/// Number words one after another, as many as there are.
struct Run<'t> {
    text: &'t str,
    first: Word<'t>,
    end: usize,
    words: usize,
}

impl<'t> Run<'t> {
    /// The run that `word` is part of. It begins not before `from`.
    fn around(text: &'t str, word: &Word<'t>, from: usize) -> Self {
        let mut first = *word;
        while let Some(before) = neighbour_before(text, &first, from) {
            first = before;
        }
        let mut run = Self {
            text,
            first,
            end: first.end(),
            words: 0,
        };
        for (word, _) in run.words() {
            run.end = word.end();
            run.words += 1;
        }
        run
    }

    fn words(&self) -> impl Iterator<Item = (Word<'t>, Number)> + use<'t> {
        let text = self.text;
        let meaning = |word: Word<'t>| Some((word, number(word.text)?));
        successors(meaning(self.first), move |(word, _)| {
            meaning(neighbour_after(text, word)?)
        })
    }

    /// What turns the run into a number, if it is long enough.
    fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        if self.words >= MIN_WORDS {
            let words: Vec<_> = self.words().collect();
            if translate(&words, &mut edits) < MIN_DIGITS {
                edits.clear();
            }
        }
        edits
    }
}

/// The number word shortly before a word.
fn neighbour_before<'t>(text: &'t str, word: &Word<'_>, from: usize) -> Option<Word<'t>> {
    let bytes = text.as_bytes().get(from..word.start)?;
    let between = count(bytes.iter().rev(), is_between);
    if !(1..=MAX_BETWEEN).contains(&between) {
        return None;
    }
    let end = word.start - between;
    let before = bytes.get(..bytes.len() - between)?.iter().rev();
    let start = end - count(before, is_letter);
    let found = text.get(start..end)?;
    number(found).map(|_| Word { text: found, start })
}

/// The number word shortly after a word.
fn neighbour_after<'t>(text: &'t str, word: &Word<'_>) -> Option<Word<'t>> {
    let after = text.as_bytes().get(word.end()..)?;
    let between = count(after.iter(), is_between);
    if !(1..=MAX_BETWEEN).contains(&between) {
        return None;
    }
    number_word(text, word.end() + between)
}

const MAX_BETWEEN: usize = 3;

const fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b'.' | b'-' | b';' | b'/')
}

/// How many bytes of a sort come first.
fn count<'b>(mut bytes: impl Iterator<Item = &'b u8>, is_of_sort: impl Fn(u8) -> bool) -> usize {
    let mut count = 0;
    while bytes.next().is_some_and(|byte| is_of_sort(*byte)) {
        count += 1;
    }
    count
}

/// Appends the edits that turn words into digits, and returns how many digits they give.
fn translate(words: &[(Word<'_>, Number)], edits: &mut Vec<Edit>) -> usize {
    let mut digits = 0;
    let mut last_end = None;
    let mut left = words;
    while let Some((&(word, meaning), rest)) = left.split_first() {
        let (read, taken) = spoken(meaning, rest);
        left = rest.get(taken..).unwrap_or_default();
        if let Some(end) = last_end {
            edits.push(Edit {
                span: end..word.start,
                to: None,
            });
        }
        let end = left_end(words, left).unwrap_or_else(|| word.end());
        push_spread(&read, word.start..end, edits);
        digits += read.iter().filter(|c| c.is_ascii_digit()).count();
        last_end = Some(end);
    }
    digits
}

/// Where the words before `left` end.
fn left_end(words: &[(Word<'_>, Number)], left: &[(Word<'_>, Number)]) -> Option<usize> {
    let done = words.len() - left.len();
    words.get(done.checked_sub(1)?).map(|(word, _)| word.end())
}

/// Edits that read `span` as these characters, the last one for all that is left of it.
fn push_spread(read: &[char], span: std::ops::Range<usize>, edits: &mut Vec<Edit>) {
    let mut start = span.start;
    for (place, c) in read.iter().enumerate() {
        let is_last = place + 1 == read.len();
        let end = if is_last { span.end } else { start + 1 };
        edits.push(Edit {
            span: start..end,
            to: Some(*c),
        });
        start = end;
    }
    if read.is_empty() {
        edits.push(Edit { span, to: None });
    }
}

/// What a word and those after it say together, and how many of those after it.
fn spoken(meaning: Number, rest: &[(Word<'_>, Number)]) -> (Vec<char>, usize) {
    let next = |skip: usize| rest.get(skip).map(|(_, number)| *number);
    let joined = usize::from(matches!(next(0), Some(Number::And)));
    match (meaning, next(0)) {
        (Number::Sign(sign), _) => (vec![sign], 0),
        (Number::Times(times), Some(Number::Below20(n))) if n < 10 => (vec![digit(n); times], 1),
        (Number::Times(_) | Number::And, _) => (Vec::new(), 0),
        // French: quatre-vingt.
        (Number::Below20(4), Some(Number::Tens(2))) => {
            let (read, taken) = tens(8, next(1), 0);
            (read, taken + 1)
        }
        (Number::Below20(n), _) if n < 10 => (vec![digit(n)], 0),
        (Number::Below20(n), _) => (vec!['1', digit(n - 10)], 0),
        (Number::Tens(n), _) => tens(n, next(joined), joined),
    }
}

/// Tens with the unit behind them; French counts on to nineteen after sixty and eighty.
fn tens(tens: u8, next: Option<Number>, joined: usize) -> (Vec<char>, usize) {
    match next {
        Some(Number::Below20(n @ 1..=9)) => (vec![digit(tens), digit(n)], joined + 1),
        Some(Number::Below20(n @ 10..=19)) if matches!(tens, 6 | 8) => {
            (vec![digit(tens + 1), digit(n - 10)], joined + 1)
        }
        _ => (vec![digit(tens), '0'], 0),
    }
}

fn digit(n: u8) -> char {
    char::from(b'0' + n % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(digits(text).expect(text).text(), expected);
    }

    #[test]
    fn digits_are_read_in_many_languages() {
        check(
            "call two zero two five five five zero one four three now",
            "call 2025550143 now",
        );
        check(
            "Tel. null drei null, eins zwei drei vier fünf",
            "Tel. 03012345",
        );
        check(
            "tel uno dos tres cuatro cinco seis siete ocho",
            "tel 12345678",
        );
        check("plus one, two oh two - five five five", "+1202555");
    }

    #[test]
    fn tens_and_teens_are_read() {
        check("twenty-one eighteen forty five five six", "21184556");
        check(
            "zéro six douze soixante-quinze quatre-vingt-onze vingt et un",
            "0612759121",
        );
        check("nine double five triple two zero", "9552220");
    }

    #[test]
    fn signs_are_read() {
        check(
            "one two three dash four five dash six seven eight nine",
            "123-45-6789",
        );
    }

    #[test]
    fn spans_lead_back() {
        let text = format!(
            "{} one two three four five six seven eight!",
            "some words ".repeat(9)
        );
        let view = digits(&text).unwrap();
        let at = view.text().find("12345678").unwrap();
        assert_eq!(
            text.get(view.original(&(at..at + 3))),
            Some("one two three")
        );
    }

    #[test]
    fn a_number_is_found_wherever_it_lies() {
        for offset in 0..60 {
            let text = format!("{}um dois um dois um dois um.", "a ".repeat(offset));
            assert!(
                digits(&text).unwrap().text().ends_with("1212121."),
                "{offset}"
            );
        }
    }

    /// A test of time without a clock: were each word's neighbours read anew, this would take
    /// minutes.
    #[test]
    fn words_that_make_no_number_are_read_once() {
        assert!(digits(&"and ".repeat(100_000)).is_none());
    }

    #[test]
    fn prose_stays() {
        for text in [
            "one two three",
            "one of the two or three",
            "six million four hundred and two",
            "",
        ] {
            assert!(digits(text).is_none(), "{text}");
        }
    }
}
