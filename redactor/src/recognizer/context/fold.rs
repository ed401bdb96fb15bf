//! How words are compared: without case and accents.

/// Reads a text from `at` on as words are compared: in lower case, without the accents of European
/// languages, words apart by one space and the letters of an abbreviation together (`D.N.I.` is
/// `dni`). `read` sees byte after byte in UTF-8, with the end in `text` of the character that it is
/// of, until it returns `false`.
pub(super) fn fold(text: &str, mut at: usize, mut read: impl FnMut(u8, usize) -> bool) {
    // Letters since the last dot or end of a word.
    let mut letters = 0;
    let mut is_apart = false;
    while let Some(&byte) = text.as_bytes().get(at) {
        let mut end = at + 1;
        let goes_on = match byte {
            b'.' if letters == 1 && goes_on(text, end) => {
                letters = 0;
                true
            }
            b'_' | b'-' | b'\t' | b' ' | b'.' => {
                letters = 0;
                let is_first = !is_apart;
                is_apart = true;
                !is_first || read(b' ', end)
            }
            0..0x80 => {
                letters = usize::from(byte.is_ascii_alphabetic()) * (letters + 1);
                is_apart = false;
                read(byte.to_ascii_lowercase(), end)
            }
            0x80.. => {
                letters += 1;
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    return;
                };
                end = at + c.len_utf8();
                is_apart = c == '\u{a0}';
                fold_char(c, |byte| read(byte, end))
            }
        };
        if !goes_on {
            return;
        }
        at = end;
    }
}

/// Shows a character that is not ASCII in lower case and without its accent.
fn fold_char(c: char, mut read: impl FnMut(u8) -> bool) -> bool {
    if c == '\u{a0}' {
        return read(b' ');
    }
    let mut folded = c.to_lowercase().map(without_accent);
    folded.all(|c| c.encode_utf8(&mut [0; 4]).bytes().all(&mut read))
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
