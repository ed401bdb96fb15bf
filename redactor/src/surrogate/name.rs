//! Names of people: word by word, so that parts of a name stay parts of the same name.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    Maker,
    draw::Draw,
    name_list::{LANGUAGES, Language, NEUTRAL, PARTICLES, SURNAME_ENDINGS, SURNAME_STEMS, TITLES},
    reserved::Reserved,
    shape::{cased, pieces},
};
use crate::Sensitive;

/// Which word stands for which, in one vault.
#[derive(Default, Clone)]
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

/// A list of words, or every beginning with every ending; with spaces between them.
pub(super) enum Choices {
    Listed(&'static str),
    Composed(&'static str, &'static str),
}

impl Choices {
    fn count(&self) -> usize {
        match self {
            Self::Listed(words) => words.split(' ').count(),
            Self::Composed(stems, endings) => stems.split(' ').count() * endings.split(' ').count(),
        }
    }

    fn get(&self, at: usize) -> Option<String> {
        match self {
            Self::Listed(words) => words.split(' ').nth(at).map(str::to_owned),
            Self::Composed(stems, endings) => {
                let count = endings.split(' ').count();
                let stem = stems.split(' ').nth(at / count)?;
                let ending = endings.split(' ').nth(at % count)?;
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
    given: &'static str,
}

impl Maker<'_> {
    /// Every word of a name replaced, but for titles and particles.
    pub(super) fn person(&mut self, value: &str) -> Option<String> {
        let names = || pieces(value, is_part_of_name).filter(|piece| is_name(piece));
        let fit = names().find_map(known).unwrap_or(UNKNOWN);
        let surname = surname(value);
        let mut made = String::new();
        let mut at = 0;
        for piece in pieces(value, is_part_of_name) {
            let part = if surname.contains(&at) {
                Part::Surname
            } else {
                Part::Given
            };
            at += piece.len();
            if !is_name(piece) {
                made.push_str(piece);
            } else if piece.chars().nth(1).is_none() {
                made.push(self.draw.one_of("ABCDEFGHJKLMNPRSTVW"));
            } else {
                let word = self.name_word(piece, part, fit)?;
                made.push_str(&word);
                self.remember_word(&word, piece);
            }
        }
        names().next().map(|_| made)
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
        let has_it = |list: &&&str| list.split(' ').any(|name| name.eq_ignore_ascii_case(word));
        let given = *lists.iter().find(has_it)?;
        Some(Fit { language, given })
    })
}

/// Where the surname stands: before a comma; from a particle on; else the last word. One word alone
/// is a surname unless it is known as a given name.
fn surname(value: &str) -> Range<usize> {
    if let Some(comma) = value.find(',') {
        return 0..comma;
    }
    let mut at = 0;
    let words = value.split(' ').map(|word| {
        let start = at;
        at += word.len() + 1;
        (start, word)
    });
    let words: Vec<_> = words
        .filter(|(_, word)| word.contains(char::is_alphabetic))
        .filter(|(_, word)| is_particle(word) || is_name(word.trim_end_matches('.')))
        .collect();
    let mut start = match *words.as_slice() {
        [(_, only)] if known(only).is_some() => value.len(),
        _ => words.last().map_or(0, |(start, _)| *start),
    };
    let particle = words.iter().skip(1).find(|(_, word)| is_particle(word));
    if let Some((particle, _)) = particle {
        start = start.min(*particle);
    }
    start..value.len()
}

/// Letters, and the apostrophes of O'Brien and D'Angelo.
pub(super) fn is_part_of_name(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\'' | '\u{2019}')
}

fn is_particle(word: &str) -> bool {
    PARTICLES.split(' ').any(|particle| particle == word)
}

fn is_title(word: &str) -> bool {
    let lower = word.to_lowercase();
    TITLES.split(' ').any(|title| title == lower)
}

fn is_name(piece: &str) -> bool {
    piece.contains(char::is_alphabetic) && !is_particle(piece) && !is_title(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(name.get(surname(name)), Some(expected), "{name:?}");
    }

    #[test]
    fn surnames_are_told_from_given_names() {
        check("Jane Doe", "Doe");
        check("Jane Mary Roe-Doe", "Roe-Doe");
        check("DOE, Jane", "DOE");
        check("Dr. Jane van der Roe Doe", "van der Roe Doe");
        check("Doe", "Doe");
        check("Ms Doe", "Doe");
        check("Jane", "");
        check("Jane D.", "D.");
    }
}
