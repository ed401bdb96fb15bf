//! What stands beside a number: the words that say what it is.
//!
//! Words are compared without case and accents, and `_`, `-` and the humps of `camelCase` count as
//! spaces: `tax id` is in `Tax-ID`, `tax_id` and `taxId`.

use std::{collections::BTreeMap, ops::Range};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// How far before a number the words may stand, in bytes.
const BEFORE: usize = 64;
/// How far behind it.
const AFTER: usize = 40;
/// How far before it, without other digits between, for numbers that only their name gives away.
const BESIDE: usize = 28;
/// Shorter words count only as a whole.
const MIN_PREFIX: usize = 5;

/// The context words of all rows in one automaton.
#[derive(Debug)]
pub(super) struct ContextWords {
    automaton: AhoCorasick,
    /// By pattern: the rows that have the word. The last pattern set is that of [`OTHER_NUMBERS`].
    rows: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    rows: Rows,
    /// May go on: long enough to be the beginning of a longer word.
    is_prefix: bool,
    names_another: bool,
}

/// What is around a number.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Surroundings {
    /// Rows with a word on the line, or in the label.
    pub(super) near: Rows,
    /// Rows with a word right beside it, or in the label.
    pub(super) beside: Rows,
    /// True when the nearest word before it says that it is some other number.
    pub(super) names_another: bool,
}

/// A set of rows, a bit for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Rows([u64; Self::WORDS]);

impl Rows {
    const WORDS: usize = 8;
    /// How many rows there can be.
    pub(super) const MAX: usize = Self::WORDS * 64;

    fn insert(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(super) fn contains(&self, row: usize) -> bool {
        self.0
            .get(row / 64)
            .is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }
}

/// What numbers are called that are nobody's.
const OTHER_NUMBERS: &[&str] = &[
    "isbn",
    "issn",
    "ean",
    "gtin",
    "upc",
    "asin",
    "sku",
    "order",
    "invoice",
    "ticket",
    "build",
    "version",
    "commit",
    "rev",
    "revision",
    "uuid",
    "guid",
    "sha1",
    "sha256",
    "md5",
    "hash",
    "trace",
    "span",
    "pid",
    "port",
    "error",
    "line",
    "page",
    "rfc",
    "doi",
    "arxiv",
    "bestellung",
    "bestellnummer",
    "rechnung",
    "artikel",
    "facture",
    "commande",
    "factura",
    "pedido",
    "ordine",
    "fattura",
    "bestelling",
    "factuur",
    "zamowienie",
    "faktura",
    "tracking",
    "chapter",
    "section",
];

impl ContextWords {
    #[expect(clippy::expect_used, reason = "a constant table, built by every test")]
    pub(super) fn new<'w>(rows: impl Iterator<Item = &'w [&'w str]>) -> Self {
        let mut by_word: BTreeMap<String, Word> = BTreeMap::new();
        let mut word = |word: &str| {
            let folded = folded(word);
            let is_prefix = folded.chars().count() >= MIN_PREFIX;
            let new = Word {
                rows: Rows::default(),
                is_prefix,
                names_another: false,
            };
            (folded, new)
        };
        for (row, words) in rows.enumerate() {
            assert!(
                row < Rows::MAX,
                "more identifiers than a set of rows can hold"
            );
            for (folded, new) in words.iter().map(|text| word(text)) {
                by_word.entry(folded).or_insert(new).rows.insert(row);
            }
        }
        for (folded, new) in OTHER_NUMBERS.iter().map(|text| word(text)) {
            by_word.entry(folded).or_insert(new).names_another = true;
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(by_word.keys())
            .expect("some thousand words fit an automaton");
        let rows = by_word.into_values().collect();
        Self { automaton, rows }
    }

    /// The rows that a label speaks of.
    pub(super) fn in_label(&self, label: &str) -> Rows {
        let mut found = Rows::default();
        self.for_each_word(&folded(label), |word, _| found.add(&word.rows));
        found
    }

    /// What is around the bytes `span` of `text`.
    pub(super) fn around(
        &self,
        text: &str,
        span: &Range<usize>,
        label: Option<Rows>,
    ) -> Surroundings {
        let mut around = Surroundings::default();
        if let Some(label) = label {
            around.near = label;
            around.beside = label;
        }
        let before = folded(line_before(text, span.start));
        let last_digit = before
            .rfind(|c: char| c.is_ascii_digit())
            .unwrap_or_default();
        let beside_from = last_digit.max(before.len().saturating_sub(BESIDE));
        self.for_each_word(&before, |word, range| {
            around.near.add(&word.rows);
            if range.end >= beside_from {
                around.beside.add(&word.rows);
                around.names_another = word.names_another;
            }
        });
        if let Some(after) = said_after(text, span.end) {
            self.for_each_word(&folded(after), |word, _| {
                around.near.add(&word.rows);
                around.beside.add(&word.rows);
            });
        }
        around
    }

    fn for_each_word(&self, folded: &str, mut found: impl FnMut(&Word, Range<usize>)) {
        let is_letter = |c: char| c.is_alphanumeric();
        for hit in self.automaton.find_overlapping_iter(folded) {
            let Some(word) = self.rows.get(hit.pattern().as_usize()) else {
                continue;
            };
            let before = folded.get(..hit.start()).unwrap_or_default();
            let after = folded.get(hit.end()..).unwrap_or_default();
            let begins = !before.ends_with(is_letter) || is_unspaced(folded, hit.start());
            let ends = word.is_prefix || !after.starts_with(is_letter);
            if begins && (ends || is_unspaced(folded, hit.end())) {
                found(word, hit.range());
            }
        }
    }
}

/// True beside letters of scripts that put no spaces between words.
fn is_unspaced(text: &str, at: usize) -> bool {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| c >= '\u{2e80}')
}

/// The end of the line before `at`; of the line above where the value begins its own.
fn line_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let start = before.floor_char_boundary(before.len().saturating_sub(BEFORE));
    let near = before.get(start..).unwrap_or_default();
    let trimmed = near.trim_end_matches([' ', '\t', '\r', '>', '|', '"', '\'', '*']);
    let near = trimmed.strip_suffix('\n').unwrap_or(near);
    near.rsplit_once('\n').map_or(near, |(_, line)| line)
}

/// What a sentence goes on to call the number that ends at `at`: "... as the IMEI", "... (SSN)".
fn said_after(text: &str, at: usize) -> Option<&str> {
    let after = text.get(at..)?;
    let after = after.get(..after.ceil_char_boundary(AFTER.min(after.len())))?;
    let after = after.split(['\n', ',', ';', ':', '=', '.']).next()?;
    let is_said = SAYING.iter().any(|start| after.starts_with(start));
    is_said.then(|| {
        // Up to the next number: the word may be about that one.
        after
            .split(|c: char| c.is_ascii_digit())
            .next()
            .unwrap_or_default()
    })
}

/// How a sentence begins to say what the number before is.
const SAYING: &[&str] = &[
    " as ", " is ", " (", " for ", " ist ", " est ", " es ", " als ", " comme ", " como ",
    " come ", " jako ", " jest ", " to ", " - ", "\"", "</",
];

/// In lower case, without the accents of European languages, words apart.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    for c in text.chars() {
        if previous.is_lowercase() && c.is_uppercase() {
            folded.push(' ');
        }
        previous = c;
        match c {
            '_' | '-' | '\t' | '\u{a0}' => folded.push(' '),
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            _ => folded.extend(c.to_lowercase().map(without_accent)),
        }
    }
    folded
}

const fn without_accent(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ł' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò'..='ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' | 'ţ' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[&[&str]] = &[&["tax id", "numéro fiscal"], &["nie"], &["passport"]];

    fn check(text: &str, near: &[usize], beside: &[usize]) {
        let words = ContextWords::new(WORDS.iter().copied());
        let start = text.find('#').unwrap();
        let around = words.around(text, &(start..start + 1), None);
        let rows = |set: &Rows| {
            (0..WORDS.len())
                .filter(|&row| set.contains(row))
                .collect::<Vec<_>>()
        };
        assert_eq!(rows(&around.near), near, "near in {text:?}");
        assert_eq!(rows(&around.beside), beside, "beside in {text:?}");
    }

    #[test]
    fn words_count_in_every_spelling() {
        for text in [
            "Tax-ID: #",
            "\"taxId\": \"#",
            "TAX_ID=#",
            "NUMÉRO FISCAL #",
            "numero fiscal #",
        ] {
            check(text, &[0], &[0]);
        }
    }

    #[test]
    fn short_words_count_as_a_whole_and_long_ones_as_beginnings() {
        check("NIE #", &[1], &[1]);
        check("niemand #", &[], &[]);
        check("passports: #", &[2], &[2]);
    }

    #[test]
    fn other_digits_stand_between_a_number_and_its_name() {
        check("passport 12, #", &[2], &[]);
    }

    #[test]
    fn context_may_follow_where_the_sentence_says_so() {
        check("lists # as the NIE.", &[1], &[1]);
        check("order # passport: 5", &[], &[]);
    }

    #[test]
    fn context_ends_with_the_line_but_a_label_may_stand_above() {
        check("passport\nno #", &[], &[]);
        check("passport:\n#", &[2], &[2]);
    }

    #[test]
    fn labels_are_context() {
        let words = ContextWords::new(WORDS.iter().copied());
        assert!(words.in_label("clientTaxId").contains(0));
        assert!(words.in_label("denied").is_empty());
    }
}
