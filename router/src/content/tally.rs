//! Counts what the words of a message tell, a character at a time.

use super::{
    Marks,
    language::{Language, Languages, Script, of_letter},
    lexicon::{LONGEST, find},
    task::{Domain, Task},
};

/// What the words read so far tell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// The word read so far, in lower case and UTF-8, as far as it fits.
    word: [u8; LONGEST],
    word_len: usize,
    /// The character before, for pairs; not after letters of ASCII.
    previous: Option<char>,
    words: u32,
    /// The word stands right behind a sign of addresses, paths and names of code: it may be the `com`
    /// of a domain and not that of Portuguese.
    is_part: bool,
    /// A word since the beginning of the sentence.
    in_sentence: bool,
    backticks: u32,
    in_fence: bool,
    scripts: [u32; Script::ALL.len()],
    /// Letters of Ukrainian that Russian does not have.
    ukrainian: u32,
    languages: [u32; Language::LATIN.len()],
    tasks: [u32; Task::ALL.len()],
    /// The last thing asked for, and the word that did.
    last: Option<(Task, u32)>,
    domains: [u32; Domain::ALL.len()],
}

impl Tally {
    /// Whether the character at this byte of a text of this length is read.
    pub(crate) fn reads(at: usize, len: usize) -> bool {
        at < HEAD_BYTES || at + TAIL_BYTES >= len
    }

    /// Reads one more character.
    pub(crate) fn step(&mut self, c: char) {
        // Most characters are these.
        if c.is_ascii_alphabetic() && !self.in_fence {
            self.ascii_letter(c);
            return;
        }
        self.fence(c);
        if self.in_fence {
            return;
        }
        let script = Script::of(c);
        if let Some(slot) = script.and_then(|script| self.scripts.get_mut(script as usize)) {
            *slot += script.map_or(0, Script::weight);
        }
        match script {
            Some(script) if script.is_unspaced() => self.pair(c),
            Some(_) => self.letter(c),
            None if c == '\'' || c == '\u{2019}' => {
                self.end_word();
                self.is_part = false;
            }
            None => {
                self.end_word();
                self.is_part = matches!(c, '.' | '@' | '/' | '_' | '\\');
                self.credit(of_letter(c), 1);
                if matches!(c, '.' | '!' | '?' | ':' | '\n' | '。' | '！' | '？' | '：') {
                    self.in_sentence = false;
                }
            }
        }
        self.previous = Some(c);
    }

    fn ascii_letter(&mut self, c: char) {
        self.backticks = 0;
        self.previous = None;
        let [latin, ..] = &mut self.scripts;
        *latin += Script::Latin.weight();
        if let (Some(slot), Ok(byte)) = (self.word.get_mut(self.word_len), u8::try_from(c)) {
            *slot = byte.to_ascii_lowercase();
            self.word_len += 1;
        }
    }

    /// Ends the last word.
    pub(crate) fn end(&mut self) {
        self.end_word();
    }

    /// Code blocks hold words of no language.
    fn fence(&mut self, c: char) {
        self.backticks = if c == '`' { self.backticks + 1 } else { 0 };
        if self.backticks == 3 {
            self.end_word();
            self.in_fence = !self.in_fence;
        }
    }

    fn letter(&mut self, c: char) {
        if matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ') {
            self.ukrainian += 1;
        }
        for lower in c.to_lowercase() {
            self.credit(of_letter(lower), 1);
            self.push(lower);
        }
    }

    fn push(&mut self, c: char) {
        let end = self.word_len + c.len_utf8();
        if let Some(slot) = self.word.get_mut(self.word_len..end) {
            c.encode_utf8(slot);
            self.word_len = end;
        }
    }

    /// Two characters of a script without spaces.
    fn pair(&mut self, c: char) {
        self.end_word();
        self.words += u32::from(self.scripts.iter().sum::<u32>().is_multiple_of(2));
        let Some(previous) = self.previous.filter(|previous| !previous.is_ascii()) else {
            return;
        };
        let mut pair = [0; 8];
        let first = previous.encode_utf8(&mut pair).len();
        let Some(rest) = pair.get_mut(first..) else {
            return;
        };
        let len = first + c.encode_utf8(rest).len();
        if let Some(entry) = pair.get(..len).and_then(find) {
            self.note(entry.task, entry.domain);
        }
    }

    fn end_word(&mut self) {
        let len = std::mem::take(&mut self.word_len);
        if len == 0 {
            return;
        }
        self.words += 1;
        let entry = self.word.get(..len).and_then(find);
        if let Some(entry) = entry.filter(|_| !self.is_part) {
            self.credit(entry.languages, entry.languages.weight());
            self.note(entry.task, entry.domain);
        }
        self.in_sentence = true;
    }

    fn credit(&mut self, languages: Languages, weight: u32) {
        if languages == Languages::default() {
            return;
        }
        for (score, language) in self.languages.iter_mut().zip(Language::LATIN) {
            *score += weight * u32::from(languages.has(language));
        }
    }

    /// What is asked for stands first, or begins a sentence.
    fn note(&mut self, task: Option<Task>, domain: Option<Domain>) {
        if let Some(task) = task {
            let place = match self.words {
                0..=8 => 4,
                9..=25 => 2,
                _ => 1,
            };
            if let Some(score) = self.tasks.get_mut(task as usize) {
                *score += place + 2 * u32::from(!self.in_sentence);
            }
            self.last = Some((task, self.words));
        }
        if let Some(score) = domain.and_then(|domain| self.domains.get_mut(domain as usize)) {
            *score += 1;
        }
    }

    /// The language that most is written in.
    pub(super) fn language(&self) -> Language {
        let weight = |script: Script| self.scripts.get(script as usize).copied().unwrap_or(0);
        let strongest = Script::ALL.into_iter().max_by_key(|script| weight(*script));
        match strongest.filter(|script| weight(*script) > 0) {
            None => Language::Unknown,
            Some(Script::Latin) => self.latin_language(),
            Some(Script::Cyrillic) if self.ukrainian > 0 => Language::Ukrainian,
            Some(Script::Cyrillic) => Language::Russian,
            Some(Script::Greek) => Language::Greek,
            Some(Script::Arabic) => Language::Arabic,
            Some(Script::Hebrew) => Language::Hebrew,
            Some(Script::Devanagari) => Language::Hindi,
            Some(Script::Thai) => Language::Thai,
            Some(Script::Hangul) => Language::Korean,
            // Japanese is written in both, and never for long without kana.
            Some(Script::Han) if weight(Script::Kana) * 10 > weight(Script::Han) => {
                Language::Japanese
            }
            Some(Script::Kana) => Language::Japanese,
            Some(Script::Han) => Language::Chinese,
        }
    }

    /// The language whose words are there, if another's are not there as much.
    fn latin_language(&self) -> Language {
        let mut best = (Language::Unknown, LEAST_EVIDENCE);
        let mut second = 0;
        for (score, language) in self.languages.iter().zip(Language::LATIN) {
            if *score > best.1 {
                second = best.1;
                best = (language, *score);
            } else {
                second = second.max(*score);
            }
        }
        if best.1 > second {
            best.0
        } else {
            Language::Unknown
        }
    }

    /// Whether words ask for the task, by more than one stray mention.
    pub(super) fn asks(&self, task: Task) -> bool {
        self.score(task) >= ENOUGH
    }

    /// What is asked for. An instruction counts before what the text it comes with looks like.
    pub(super) fn task(&self, marks: &Marks, code: bool, math: bool) -> Task {
        let instructed = INSTRUCTIONS
            .into_iter()
            .rev()
            .max_by_key(|task| self.score(*task));
        let instructed = instructed.filter(|task| self.asks(*task));
        let rival = self.score(Task::Code);
        if let Some(task) = instructed.filter(|task| self.score(*task) >= rival) {
            return task;
        }
        let is_asked = marks.questions > 0 || self.asks(Task::Question);
        if code && (marks.fences > 0 || self.asks(Task::Code)) {
            Task::Code
        } else if math {
            Task::Math
        } else if self.asks(Task::Write) {
            Task::Write
        } else if self.score(Task::Chat) > 0 && self.words <= FEW_WORDS {
            Task::Chat
        } else if code {
            Task::Code
        } else if is_asked {
            Task::Question
        } else if (1..=MANY_WORDS).contains(&self.words) {
            Task::Chat
        } else {
            Task::Unknown
        }
    }

    /// What is talked about.
    pub(super) fn domain(&self, code: bool, math: bool) -> Domain {
        let score = |domain: Domain| {
            let words = self.domains.get(domain as usize).copied().unwrap_or(0);
            let marked = match domain {
                Domain::Software => code,
                Domain::Mathematics => math,
                Domain::General
                | Domain::Medicine
                | Domain::Law
                | Domain::Finance
                | Domain::Science => false,
            };
            words + u32::from(marked)
        };
        let strongest = Domain::ALL
            .into_iter()
            .rev()
            .max_by_key(|domain| score(*domain));
        strongest
            .filter(|domain| score(*domain) > 0)
            .unwrap_or_default()
    }

    /// What words say for a task; what is asked for at the very end, after a long text, counts too.
    fn score(&self, task: Task) -> u32 {
        let words = self.tasks.get(task as usize).copied().unwrap_or(0);
        let at_end = self
            .last
            .is_some_and(|(last, at)| last == task && self.words - at <= LAST_WORDS);
        words + 3 * u32::from(at_end && self.words > MANY_WORDS)
    }
}

/// What a text is worked on by. The first wins where two are asked for alike.
const INSTRUCTIONS: [Task; 5] = [
    Task::Translate,
    Task::Summarize,
    Task::Extract,
    Task::Classify,
    Task::Rewrite,
];

/// A word in the first eight says this much.
const ENOUGH: u32 = 4;
/// One word that several languages share tells none of them.
const LEAST_EVIDENCE: u32 = 1;
/// A greeting that goes on is more than a greeting.
const FEW_WORDS: u32 = 7;
/// More is no talk but a text that came without an instruction.
const MANY_WORDS: u32 = 60;
/// Behind a text, an instruction has some ten words.
const LAST_WORDS: u32 = 12;

/// What is asked for stands at the beginning or at the end.
const HEAD_BYTES: usize = 1024;
const TAIL_BYTES: usize = 512;
