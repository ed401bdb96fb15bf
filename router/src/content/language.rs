//! Natural languages that are told apart.

use std::fmt;

/// A natural language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Too short to tell, or none of the others.
    #[default]
    Unknown,
    /// English
    English,
    /// Deutsch
    German,
    /// français
    French,
    /// español
    Spanish,
    /// italiano
    Italian,
    /// português
    Portuguese,
    /// Nederlands
    Dutch,
    /// polski
    Polish,
    /// svenska
    Swedish,
    /// Türkçe
    Turkish,
    /// русский, and other languages in Cyrillic letters that are not Ukrainian
    Russian,
    /// українська
    Ukrainian,
    /// ελληνικά
    Greek,
    /// العربية, and other languages in its letters
    Arabic,
    /// עברית
    Hebrew,
    /// हिन्दी, and other languages in Devanagari
    Hindi,
    /// ไทย
    Thai,
    /// 한국어
    Korean,
    /// 日本語
    Japanese,
    /// 中文
    Chinese,
}

impl Language {
    /// All of them, `Unknown` first.
    pub const ALL: [Self; 21] = [
        Self::Unknown,
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Portuguese,
        Self::Dutch,
        Self::Polish,
        Self::Swedish,
        Self::Turkish,
        Self::Russian,
        Self::Ukrainian,
        Self::Greek,
        Self::Arabic,
        Self::Hebrew,
        Self::Hindi,
        Self::Thai,
        Self::Korean,
        Self::Japanese,
        Self::Chinese,
    ];

    /// Those in Latin letters, which only words tell apart.
    pub(super) const LATIN: [Self; 10] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Portuguese,
        Self::Dutch,
        Self::Polish,
        Self::Swedish,
        Self::Turkish,
    ];

    /// The name policies use: the code of ISO 639-1, or `unknown`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Portuguese => "pt",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Swedish => "sv",
            Self::Turkish => "tr",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
            Self::Greek => "el",
            Self::Arabic => "ar",
            Self::Hebrew => "he",
            Self::Hindi => "hi",
            Self::Thai => "th",
            Self::Korean => "ko",
            Self::Japanese => "ja",
            Self::Chinese => "zh",
        }
    }

    /// The names of all of them, in the same order.
    #[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
    pub const NAMES: [&'static str; 21] = {
        let mut names = [""; 21];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };

    /// The language of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.name() == name)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Some languages in Latin letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Languages(u16);

impl Languages {
    pub(super) const fn of(languages: &[Language]) -> Self {
        let mut bits = 0;
        let mut rest = languages;
        while let [first, tail @ ..] = rest {
            bits |= 1 << (*first as u16);
            rest = tail;
        }
        Self(bits)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn has(self, language: Language) -> bool {
        self.0 & (1 << (language as u16)) != 0
    }

    /// What a word of these languages says for each of them: the more, the fewer share it.
    pub(super) const fn weight(self) -> u32 {
        match self.0.count_ones() {
            0 => 0,
            1 => 6,
            2 => 3,
            3 => 2,
            _ => 1,
        }
    }
}

/// The languages that a Latin letter with a mark speaks for.
pub(super) const fn of_letter(letter: char) -> Languages {
    use Language::{French, German, Italian, Polish, Portuguese, Spanish, Swedish, Turkish};
    match letter {
        'ß' => Languages::of(&[German]),
        'ñ' | '¿' | '¡' => Languages::of(&[Spanish]),
        'ã' | 'õ' => Languages::of(&[Portuguese]),
        'ł' | 'ż' | 'ś' | 'ć' | 'ń' | 'ę' | 'ą' | 'ź' => Languages::of(&[Polish]),
        'ğ' | 'ı' | 'ş' | 'İ' => Languages::of(&[Turkish]),
        'å' => Languages::of(&[Swedish]),
        'ò' | 'ì' => Languages::of(&[Italian]),
        'œ' | 'ë' | 'î' | 'û' => Languages::of(&[French]),
        'ä' => Languages::of(&[German, Swedish]),
        'ü' => Languages::of(&[German, Turkish]),
        'è' | 'ù' => Languages::of(&[French, Italian]),
        'ê' | 'ô' | 'â' => Languages::of(&[French, Portuguese]),
        'á' | 'í' | 'ú' => Languages::of(&[Spanish, Portuguese]),
        'ó' => Languages::of(&[Spanish, Portuguese, Polish]),
        'ö' => Languages::of(&[German, Swedish, Turkish]),
        'ç' => Languages::of(&[French, Portuguese, Turkish]),
        'à' => Languages::of(&[French, Italian, Portuguese]),
        'é' => Languages::of(&[French, Spanish, Portuguese, Italian]),
        _ => Languages::of(&[]),
    }
}

/// A writing system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    Greek,
    Arabic,
    Hebrew,
    Devanagari,
    Thai,
    Hangul,
    Kana,
    Han,
}

impl Script {
    pub(super) const ALL: [Self; 10] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Greek,
        Self::Arabic,
        Self::Hebrew,
        Self::Devanagari,
        Self::Thai,
        Self::Hangul,
        Self::Kana,
        Self::Han,
    ];

    /// The script of a letter.
    pub(super) const fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'a'..='z' | 'A'..='Z' | '\u{aa}' | '\u{ba}' | '\u{c0}'..='\u{24f}' => Self::Latin,
            '\u{370}'..='\u{3ff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => Self::Arabic,
            '\u{900}'..='\u{97f}' => Self::Devanagari,
            '\u{e00}'..='\u{e7f}' => Self::Thai,
            '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Self::Hangul,
            '\u{3040}'..='\u{30ff}' => Self::Kana,
            '\u{3400}'..='\u{9fff}' => Self::Han,
            _ => return None,
        })
    }

    /// Words are written without spaces between them.
    pub(super) const fn is_unspaced(self) -> bool {
        matches!(self, Self::Kana | Self::Han)
    }

    /// How much of a word a letter is, in thirds.
    pub(super) const fn weight(self) -> u32 {
        match self {
            Self::Latin
            | Self::Cyrillic
            | Self::Greek
            | Self::Arabic
            | Self::Hebrew
            | Self::Devanagari
            | Self::Thai => 1,
            Self::Hangul | Self::Kana | Self::Han => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for language in Language::ALL {
            assert_eq!(Language::from_name(language.name()), Some(language));
        }
    }

    #[test]
    fn a_word_of_one_language_says_most() {
        let one = Languages::of(&[Language::German]);
        let two = one.and(Languages::of(&[Language::Dutch]));
        assert!(one.weight() > two.weight() && two.has(Language::Dutch));
        assert_eq!(Languages::default().weight(), 0);
    }
}
