//! Names of people: word by word, so that parts of a name stay parts of the same name.

use std::collections::{HashMap, HashSet};

use super::{
    Maker,
    draw::Draw,
    name_list::{LANGUAGES, Language, NEUTRAL, NOT_NAMES, SURNAME_ENDINGS, SURNAME_STEMS},
    reserved::Reserved,
    shape::{cased, pieces},
};
use crate::Sensitive;

/// Which word stands for which, in one vault.
#[derive(Default)]
pub(super) struct Names {
    /// By the keyed hash of the original in lower case.
    by_hash: HashMap<u64, String>,
    /// In lower case.
    taken: HashSet<String>,
    /// Parts of people's names, in the letter case of their first appearance.
    words: Vec<(String, Sensitive<String>)>,
}

impl Names {
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, &Sensitive<String>)> {
        self.words
            .iter()
            .map(|(made, original)| (made.as_str(), original))
    }

    /// The word for a word, by its hash: the same each time, another for every word. New ones are
    /// taken from `choices`, from a drawn place on.
    pub(super) fn word(
        &mut self,
        hash: u64,
        draw: &mut Draw<'_>,
        choices: &Choices,
        reserved: &Reserved,
    ) -> Option<String> {
        if let Some(known) = self.by_hash.get(&hash) {
            return Some(known.clone());
        }
        let count = choices.count();
        let first = draw.below(u32::try_from(count).ok()?) as usize;
        let in_order = (first..count).chain(0..first);
        let is_free = |made: &String| {
            let genitive = format!("{made}s");
            !self.taken.contains(&made.to_lowercase())
                && !reserved.holds(made)
                && !reserved.holds(&genitive)
        };
        let made = in_order.filter_map(|at| choices.get(at)).find(is_free)?;
        self.taken.insert(made.to_lowercase());
        self.by_hash.insert(hash, made.clone());
        Some(made)
    }
}

/// A list of words, or every beginning with every ending.
pub(super) enum Choices {
    Listed(&'static [&'static str]),
    Composed(&'static [&'static str], &'static [&'static str]),
}

impl Choices {
    const fn count(&self) -> usize {
        match self {
            Self::Listed(words) => words.len(),
            Self::Composed(stems, endings) => stems.len() * endings.len(),
        }
    }

    fn get(&self, at: usize) -> Option<String> {
        match self {
            Self::Listed(words) => words.get(at).map(|&word| word.to_owned()),
            Self::Composed(stems, endings) => {
                let stem = stems.get(at / endings.len())?;
                let ending = endings.get(at % endings.len())?;
                Some(format!("{stem}{ending}"))
            }
        }
    }
}

/// Which part of a name a word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Given,
    Surname,
}

/// Whose names fit beside a name.
#[derive(Clone, Copy)]
struct Fit {
    language: &'static Language,
    given: &'static [&'static str],
}

impl Maker<'_> {
    /// Every word of a name replaced, but for titles and particles.
    pub(super) fn person(&mut self, value: &str) -> Option<String> {
        let words = || pieces(value, is_part_of_name).filter(|piece| is_name(piece));
        let fit = words().find_map(known).unwrap_or(UNKNOWN);
        let mut left = words().count();
        let mut part =
            if value.contains(',') || left == 1 && words().all(|word| known(word).is_none()) {
                Part::Surname
            } else {
                Part::Given
            };
        let mut made = String::new();
        for piece in pieces(value, is_part_of_name) {
            if !is_name(piece) {
                part = if piece.contains(',') {
                    Part::Given
                } else {
                    part
                };
                made.push_str(piece);
                continue;
            }
            left -= 1;
            if left == 0 && part == Part::Given && words().count() > 1 && !value.contains(',') {
                part = Part::Surname;
            }
            if piece.chars().nth(1).is_none() {
                made.push(self.draw.one_of("ABCDEFGHJKLMNPRSTVW"));
                continue;
            }
            let word = self.name_word(piece, part, fit)?;
            made.push_str(&word);
            self.remember_word(&word, piece);
        }
        (left == 0 && made != value).then_some(made)
    }

    /// A word of a name that is part of an address or a login.
    pub(super) fn login_word(&mut self, word: &str) -> Option<String> {
        match known(word) {
            Some(fit) => self.name_word(word, Part::Given, fit),
            None => self.name_word(word, Part::Surname, UNKNOWN),
        }
    }

    fn name_word(&mut self, word: &str, part: Part, fit: Fit) -> Option<String> {
        let list = match part {
            Part::Given => fit.given,
            Part::Surname => fit.language.surnames,
        };
        let composed = Choices::Composed(SURNAME_STEMS, SURNAME_ENDINGS);
        let made = self.word("name", word, &Choices::Listed(list));
        made.or_else(|| self.word("name", word, &composed))
    }

    /// The word for `word` among words of one sort, in its letter case.
    pub(super) fn word(&mut self, sort: &str, word: &str, choices: &Choices) -> Option<String> {
        let mut draw = Draw::new(self.key, sort, &word.to_lowercase(), 0);
        let hash = draw.number();
        let made = self.names.word(hash, &mut draw, choices, self.reserved)?;
        Some(cased(&made, word))
    }

    fn remember_word(&mut self, made: &str, original: &str) {
        let words = &mut self.names.words;
        if !words.iter().any(|(known, _)| known == made) {
            words.push((made.to_owned(), Sensitive::new(original.to_owned())));
        }
    }
}

const UNKNOWN: Fit = Fit {
    language: &NEUTRAL,
    given: NEUTRAL.female,
};

/// The language and gender of a given name in our lists.
fn known(word: &str) -> Option<Fit> {
    LANGUAGES.iter().find_map(|language| {
        let lists = [language.female, language.male];
        let has_it = |list: &&&[&str]| list.iter().any(|name| name.eq_ignore_ascii_case(word));
        let given = *lists.iter().find(has_it)?;
        Some(Fit { language, given })
    })
}

/// Letters, and the apostrophes of O'Brien and D'Angelo.
fn is_part_of_name(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\'' | '\u{2019}')
}

fn is_name(piece: &str) -> bool {
    piece.contains(char::is_alphabetic) && {
        let lower = piece.to_lowercase();
        !NOT_NAMES.contains(&lower.as_str())
    }
}
