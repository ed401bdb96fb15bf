//! What stands beside a value: the words that say what it is.
//!
//! The context words of all rows are one automaton. A text is read for them block by block, and
//! only the blocks around candidates, so that however many rows ask, no byte is read twice.
//!
//! Words are compared without case and accents; `_`, `-` and nothing count as spaces, and a hump of
//! `camelCase` as the beginning of a word: `tax id` is in `Tax-ID`, `tax_id`, `taxId` and `TAXID`.

use std::{cell::OnceCell, collections::BTreeMap, ops::Range};

use aho_corasick::{
    Anchored,
    automaton::{Automaton, StateID},
    nfa::contiguous::NFA,
};

mod fold;
mod place;
mod rows;

use fold::fold;
use place::{beside, is_word_boundary, line_before, said_after};
pub(crate) use rows::Rows;

use super::table::Tables;

/// Shorter words count only as a whole.
const MIN_PREFIX: usize = 5;
/// No more of a label is read, in bytes.
const MAX_LABEL: usize = 1024;
/// Text is read for words in blocks of this many bytes.
const BLOCK: usize = 64;
/// No context word is longer, in bytes.
pub(crate) const MAX_WORD: usize = 64;

/// The context words of all rows.
#[derive(Debug)]
pub(crate) struct ContextWords {
    automaton: NFA,
    /// Where it begins to read a word.
    start: StateID,
    /// The bytes that words may begin with.
    initials: [bool; 256],
    /// By pattern of the automaton.
    words: Vec<Word>,
    /// Likewise.
    spellings: Vec<String>,
}

/// The context words of one row.
#[derive(Debug, Clone)]
pub(crate) struct RowWords<'w> {
    /// In lower case and without accents.
    pub(crate) words: Vec<&'w str>,
    /// Whether short words count as beginnings too: `tel` in "telephone".
    pub(crate) are_prefixes: bool,
}

#[derive(Debug, Default)]
struct Word {
    /// Rows for which it counts as a whole.
    rows: Rows,
    /// Rows for which it may also be the beginning of a longer word.
    prefix_of: Rows,
    /// It says that a number is one of nobody.
    names_another: bool,
}

/// What is around a value.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Surroundings {
    /// Rows with a word on the line, or in the label.
    pub(crate) near: Rows,
    /// Rows with a word right beside it, or in the label.
    pub(crate) beside: Rows,
    /// True when the nearest word before it says that it is some other number.
    pub(crate) names_another: bool,
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
    /// Rows count from 0, in the order given.
    #[expect(
        clippy::expect_used,
        reason = "some thousand short words fit an automaton, which begins anywhere"
    )]
    pub(crate) fn new<'w>(rows: impl Iterator<Item = RowWords<'w>>) -> Self {
        let mut words: BTreeMap<String, Word> = BTreeMap::new();
        for (row, of_row) in rows.enumerate() {
            assert!(row < Rows::MAX, "more rows than a set of them can hold");
            for text in &of_row.words {
                let is_prefix = of_row.are_prefixes || is_beginning(text);
                for spelling in spellings(text) {
                    let word = words.entry(spelling).or_default();
                    word.rows.insert(row);
                    if is_prefix {
                        word.prefix_of.insert(row);
                    }
                }
            }
        }
        for text in OTHER_NUMBERS {
            words.entry((*text).to_owned()).or_default().names_another = true;
        }
        let automaton = NFA::new(words.keys()).expect("some thousand short words fit");
        let start = automaton
            .start_state(Anchored::Yes)
            .expect("such automata begin anywhere");
        let initials = initials(words.keys());
        let (spellings, words) = words.into_iter().unzip();
        Self {
            automaton,
            start,
            initials,
            words,
            spellings,
        }
    }

    /// A reader for one text; `label` names the text from outside.
    pub(crate) fn reader<'t>(&'t self, text: &'t str, label: Option<&'t str>) -> ContextReader<'t> {
        let mut in_label = Surroundings::default();
        let label = label.and_then(|label| label.get(..label.floor_char_boundary(MAX_LABEL)));
        if let Some(label) = label {
            for hit in self.hits(label, 0..label.len()) {
                in_label.near.add(&hit.rows(self));
            }
            in_label.beside = in_label.near;
        }
        ContextReader {
            words: self,
            text,
            label,
            in_label,
            blocks: Vec::new(),
            tables: OnceCell::new(),
            at: None,
            before: Surroundings::default(),
            around: None,
        }
    }

    /// Every context word that begins in a part of a text, by its end.
    fn hits(&self, text: &str, part: Range<usize>) -> Vec<Hit> {
        let mut hits = Vec::new();
        let bytes = text.as_bytes().get(part.clone()).unwrap_or_default();
        for (start, initial) in part.zip(bytes) {
            let is_initial = self.initials.get(usize::from(*initial)) == Some(&true);
            if is_initial && is_word_boundary(text, start) {
                self.words_at(text, start, &mut hits);
            }
        }
        hits.sort_by_key(|hit| hit.span.end);
        hits
    }

    /// Appends every word that begins at `start`. Most searches end at the second or third letter.
    fn words_at(&self, text: &str, start: usize, hits: &mut Vec<Hit>) {
        let mut state = self.start;
        let mut length = 0;
        fold(text, start, |byte, end| {
            state = self.automaton.next_state(Anchored::Yes, state, byte);
            length += 1;
            if self.automaton.is_special(state) && self.automaton.is_match(state) {
                let ended = 0..self.automaton.match_len(state);
                let ended = ended.map(|place| self.automaton.match_pattern(state, place));
                // Shorter ones began later.
                let whole = ended.filter(|&word| self.automaton.pattern_len(word) == length);
                hits.extend(whole.map(|word| Hit {
                    word: word.as_usize(),
                    span: start..end,
                    is_whole: is_word_boundary(text, end),
                }));
            }
            !self.automaton.is_dead(state)
        });
    }
}

/// The bytes that one of the words may begin with in a text, where it may have capitals and accents.
fn initials<'w>(words: impl Iterator<Item = &'w String>) -> [bool; 256] {
    let mut initials = [false; 256];
    // Beyond ASCII, all that characters begin with in UTF-8.
    let (_, leading) = initials.split_at_mut(0xc0);
    leading.fill(true);
    for initial in words.filter_map(|word| word.bytes().next()) {
        for initial in [initial, initial.to_ascii_uppercase()] {
            if let Some(is_initial) = initials.get_mut(usize::from(initial)) {
                *is_initial = true;
            }
        }
    }
    initials
}

/// A context word in a text.
#[derive(Debug)]
struct Hit {
    word: usize,
    span: Range<usize>,
    /// False where it is the beginning of a longer word.
    is_whole: bool,
}

impl Hit {
    fn rows(&self, words: &ContextWords) -> Rows {
        let word = words.words.get(self.word);
        word.map_or(Rows::default(), |word| {
            if self.is_whole {
                word.rows
            } else {
                word.prefix_of
            }
        })
    }

    fn names_another(&self, words: &ContextWords) -> bool {
        self.is_whole
            && words
                .words
                .get(self.word)
                .is_some_and(|word| word.names_another)
    }
}

/// Finds the context of values in one text.
#[derive(Debug)]
pub(crate) struct ContextReader<'t> {
    words: &'t ContextWords,
    text: &'t str,
    label: Option<&'t str>,
    in_label: Surroundings,
    /// The words that begin in each block, read when first asked for.
    blocks: Vec<OnceCell<Vec<Hit>>>,
    tables: OnceCell<Tables>,
    /// The place asked for last, and what is before it.
    at: Option<usize>,
    before: Surroundings,
    /// The same, with what is said behind.
    around: Option<Surroundings>,
}

impl<'t> ContextReader<'t> {
    /// What is around the bytes `span` of the text.
    pub(crate) fn around(&mut self, span: &Range<usize>) -> &Surroundings {
        self.read_before(span.start);
        let Some(said) = said_after(self.text, span.end) else {
            return &self.before;
        };
        let mut around = self.before;
        self.name(&said, &mut around);
        self.around.insert(around)
    }

    /// What the label, the head of the column and the line before `at` say.
    pub(crate) fn before(&mut self, at: usize) -> &Surroundings {
        self.read_before(at);
        &self.before
    }

    /// True when what stands before `at` is the last that was read, and costs nothing more.
    pub(crate) fn has_read_before(&self, at: usize) -> bool {
        self.at == Some(at)
    }

    /// Many values begin in one place: what stands before it is read once.
    fn read_before(&mut self, at: usize) {
        if self.at == Some(at) {
            return;
        }
        if self.blocks.is_empty() {
            let blocks = self.text.len() / BLOCK + 1;
            self.blocks.resize_with(blocks, OnceCell::new);
        }
        let mut before = self.in_label;
        let line = line_before(self.text, at);
        let beside = beside(self.text, &line) + 1;
        let mut nearest = beside;
        self.for_each_hit(&line, |hit| {
            let rows = hit.rows(self.words);
            before.near.add(&rows);
            if hit.span.end >= beside {
                before.beside.add(&rows);
            }
            if hit.span.end >= nearest {
                nearest = hit.span.end;
                before.names_another = hit.names_another(self.words);
            }
        });
        let tables = self.tables.get_or_init(|| Tables::of(self.text));
        if let Some(head) = tables.head_of(self.text, at) {
            self.name(&head, &mut before);
        }
        self.before = before;
        self.at = Some(at);
    }

    /// Adds the words in `span`, which say what a value elsewhere is.
    fn name(&self, span: &Range<usize>, around: &mut Surroundings) {
        self.for_each_hit(span, |hit| {
            let rows = hit.rows(self.words);
            around.near.add(&rows);
            around.beside.add(&rows);
        });
    }

    /// The word of a row's that is around the bytes `span`: the last one before it, or else the one
    /// behind it, above it, or in the label.
    pub(crate) fn word_around(&mut self, span: &Range<usize>, row: usize) -> Option<&'t str> {
        if !self.around(span).near.contains(row) {
            return None;
        }
        let line = line_before(self.text, span.start);
        let said = said_after(self.text, span.end);
        let tables = self.tables.get_or_init(|| Tables::of(self.text));
        let head = tables.head_of(self.text, span.start);
        let mut word = None;
        for place in [head, said, Some(line)].into_iter().flatten() {
            self.for_each_hit(&place, |hit| {
                if hit.rows(self.words).contains(row) {
                    word = Some(hit.word);
                }
            });
        }
        let in_label = || {
            let label = self.label?;
            let hits = self.words.hits(label, 0..label.len()).into_iter();
            let mut hits = hits.filter(|hit| hit.rows(self.words).contains(row));
            hits.next().map(|hit| hit.word)
        };
        let word = word.or_else(in_label)?;
        self.words.spellings.get(word).map(String::as_str)
    }

    /// Calls `found` with every context word that lies in `span`, by its end.
    fn for_each_hit(&self, span: &Range<usize>, mut found: impl FnMut(&Hit)) {
        for number in span.start / BLOCK..=span.end / BLOCK {
            let Some(block) = self.blocks.get(number) else {
                return;
            };
            for hit in block.get_or_init(|| self.read(number)) {
                if hit.span.start >= span.start && hit.span.end <= span.end {
                    found(hit);
                }
            }
        }
    }

    /// The words that begin in a block.
    fn read(&self, number: usize) -> Vec<Hit> {
        let end = ((number + 1) * BLOCK).min(self.text.len());
        self.words.hits(self.text, number * BLOCK..end)
    }
}

/// True of words that may begin longer ones. `file no` is not the beginning of "file not found".
fn is_beginning(word: &str) -> bool {
    word.chars().count() >= MIN_PREFIX && !word.ends_with(" no")
}

/// A word as it may be written: with its spaces or without. A hyphen stays: `medi-cal` is no
/// `medical`.
fn spellings(word: &str) -> Vec<String> {
    let mut folded = Vec::new();
    fold(word, 0, |byte, _| {
        folded.push(byte);
        true
    });
    let spaced = String::from_utf8_lossy(&folded).trim_end().to_owned();
    let solid = spaced.replace(' ', "");
    if solid == spaced || word.contains('-') {
        vec![spaced]
    } else {
        vec![spaced, solid]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[&[&str]] = &[
        &["tax id", "numéro fiscal"],
        &["nie"],
        &["passport"],
        &["番号"],
        &["case no"],
    ];

    fn words() -> ContextWords {
        ContextWords::new(WORDS.iter().map(|words| RowWords {
            words: words.to_vec(),
            are_prefixes: false,
        }))
    }

    fn rows(set: &Rows) -> Vec<usize> {
        (0..WORDS.len()).filter(|&row| set.contains(row)).collect()
    }

    fn check(text: &str, near: &[usize], beside: &[usize]) {
        let words = words();
        let start = text.find('#').unwrap();
        let around = *words.reader(text, None).around(&(start..start + 1));
        assert_eq!(rows(&around.near), near, "near in {text:?}");
        assert_eq!(rows(&around.beside), beside, "beside in {text:?}");
    }

    #[test]
    fn words_count_in_every_spelling() {
        for text in [
            "Tax-ID: #",
            "\"taxId\": \"#",
            "TAX_ID=#",
            "TAXID #",
            "NUMÉRO FISCAL #",
            "numero fiscal #",
            "Tax.  ID #",
        ] {
            check(text, &[0], &[0]);
        }
        check("個人番号は#", &[3], &[3]);
    }

    #[test]
    fn short_words_count_as_a_whole_and_long_ones_as_beginnings() {
        check("NIE #", &[1], &[1]);
        check("niemand #", &[], &[]);
        check("N.I.E. #", &[1], &[1]);
        check("an. i.e. #", &[], &[]);
        check("Bonnie #", &[], &[]);
        check("case not #", &[], &[]);
        check("case no. #", &[4], &[4]);
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
    fn blocks_share_the_words_between_them() {
        for length in BLOCK - 20..BLOCK + 20 {
            let text = format!("{} é passport #", "x".repeat(length));
            check(&text, &[2], &[2]);
        }
    }

    #[test]
    fn the_head_of_a_column_is_context() {
        check("name,passport,city\nJane,#,Rome", &[2], &[2]);
    }

    #[test]
    fn labels_are_context() {
        let words = words();
        let around = *words.reader("1", Some("clientTaxId")).around(&(0..1));
        assert_eq!(rows(&around.beside), [0]);
        let around = *words.reader("1", Some("denied")).around(&(0..1));
        assert!(around.near.is_empty_from(0));
    }
}
