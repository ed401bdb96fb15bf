//! How words are compared: without case and accents.

/// A text in lower case, without the accents of European languages, its words apart by one space
/// and the letters of an abbreviation together: `D.N.I.` is `dni`.
pub(super) struct Folded {
    /// UTF-8.
    pub(super) text: Vec<u8>,
    /// Where each byte came from, and the end.
    origins: Vec<usize>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let mut folded = Self {
            text: Vec::with_capacity(text.len() + 8),
            origins: Vec::with_capacity(text.len() + 8),
        };
        // Letters since the last dot or end of a word.
        let mut letters = 0;
        let mut at = 0;
        while let Some(&byte) = text.as_bytes().get(at) {
            let mut length = 1;
            match byte {
                b'.' if letters == 1 && goes_on(text, at + 1) => letters = 0,
                b'_' | b'-' | b'\t' | b' ' | b'.' => {
                    letters = 0;
                    if folded.text.last() != Some(&b' ') {
                        folded.push(b' ', at);
                    }
                }
                0..0x80 => {
                    letters = if byte.is_ascii_alphabetic() {
                        letters + 1
                    } else {
                        0
                    };
                    folded.push(byte.to_ascii_lowercase(), at);
                }
                0x80.. => {
                    letters += 1;
                    length = folded.push_char_of(text, at);
                }
            }
            at += length;
        }
        folded.origins.push(at);
        folded
    }

    fn push(&mut self, byte: u8, origin: usize) {
        self.text.push(byte);
        self.origins.push(origin);
    }

    /// Appends the character at `at`, which is not ASCII, and returns its length.
    fn push_char_of(&mut self, text: &str, at: usize) -> usize {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return 1;
        };
        if c == '\u{a0}' {
            self.push(b' ', at);
        } else {
            for lower in c.to_lowercase().map(without_accent) {
                for &byte in lower.encode_utf8(&mut [0; 4]).as_bytes() {
                    self.push(byte, at);
                }
            }
        }
        c.len_utf8()
    }

    /// Where a byte of the folded text came from.
    pub(super) fn original(&self, at: usize) -> usize {
        self.origins.get(at).copied().unwrap_or_default()
    }
}

/// True when an abbreviation goes on at `at`.
fn goes_on(text: &str, at: usize) -> bool {
    let next = text.get(at..).and_then(|rest| rest.chars().next());
    next.is_some_and(|next| next.is_alphabetic() || is_ordinal(next))
}

/// The sign behind the N of "numero".
const fn is_ordinal(c: char) -> bool {
    matches!(c, 'º' | '°')
}

const fn without_accent(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ạ'..='ặ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' | 'ỉ'..='ị' => 'i',
        'ķ' => 'k',
        'ł' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò'..='ö' | 'ø' | 'ő' | 'ơ' | 'ọ'..='ợ' | 'º' | '°' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ț' | 'ţ' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => 'u',
        'ý' | 'ÿ' | 'ỳ'..='ỹ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        'ё' => 'е',
        'й' => 'и',
        '’' => '\'',
        _ => c,
    }
}
