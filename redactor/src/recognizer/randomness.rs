//! Whether a string was drawn at random, as keys are, or is made of words, as names are.
//!
//! Words give themselves away by the pairs of their letters: more than half of all pairs hardly
//! occur in any word, so that a run of random letters soon holds one of them.

/// How many letters and digits of the value belong to no word.
///
/// Runs of one repeated character count as a word too: they are drawn by hand. Linear in the
/// value; allocates nothing.
///
/// ```text
/// request.headers.token2 -> 1     q7w8e9r0t1y2u3i4 -> 16
/// ```
pub(super) fn random_length(value: &str) -> usize {
    let mut random = 0;
    for_each_run(value.as_bytes(), |run| {
        if !is_word(run) && !is_repeated(run) {
            random += run.len();
        }
    });
    random
}

/// True for values with the mix of a generated key, with at least this many random characters.
///
/// Letters alone, or digits alone, are seldom keys: there it takes many more of them.
pub(super) fn is_generated(value: &str, least: usize) -> bool {
    let count = |is: fn(&u8) -> bool| value.bytes().filter(&is).count();
    let digits = count(u8::is_ascii_digit);
    let letters = count(u8::is_ascii_alphabetic);
    let least = match (digits, letters) {
        (0, _) => least.max(LETTERS_ALONE),
        (_, 0) => least.max(DIGITS_ALONE),
        (1, _) | (_, 1) => least.max(16),
        _ => least,
    };
    let random = random_length(value);
    random >= least
        && random * 2 > digits + letters
        && distinct_bytes(value) >= DISTINCT
        && (digits == 0 || !is_structured(value) && !is_phrase(value))
}

/// True for the 8-4-4-4-12 form of a UUID (RFC 9562 section 4). The characters may be any letters
/// and digits: vendors take liberties.
pub(super) fn is_uuid(value: &str) -> bool {
    let mut groups = value.split('-');
    let has_lengths = [8, 4, 4, 4, 12].into_iter().all(|length| {
        groups.next().is_some_and(|group| {
            group.len() == length && group.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    });
    has_lengths && groups.next().is_none()
}

/// True when all characters are hexadecimal digits.
pub(super) fn is_hex(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Keys of letters only are rare, and names in code are often this long.
const LETTERS_ALONE: usize = 20;
/// Longer than most numbers that programs count with.
const DIGITS_ALONE: usize = 16;
/// Fewer different characters are a pattern.
const DISTINCT: u32 = 6;

/// Calls `found` with every run of digits and every run of letters, which the humps of `camelCase`
/// and `HTMLParser` divide.
fn for_each_run<'v>(value: &'v [u8], mut found: impl FnMut(&'v [u8])) {
    let mut rest = value;
    while let Some(first) = rest.first() {
        let alike = |is: fn(&u8) -> bool| rest.iter().take_while(|&byte| is(byte)).count();
        let length = if first.is_ascii_digit() {
            alike(u8::is_ascii_digit)
        } else if first.is_ascii_lowercase() {
            alike(u8::is_ascii_lowercase)
        } else if first.is_ascii_uppercase() {
            hump(rest, alike(u8::is_ascii_uppercase))
        } else {
            0
        };
        let (run, later) = rest.split_at(length.max(1));
        if length > 0 {
            found(run);
        }
        rest = later;
    }
}

/// The length of the word that the capitals at the start begin.
fn hump(text: &[u8], capitals: usize) -> usize {
    let after = text.get(capitals..).unwrap_or_default();
    let small = after.iter().take_while(|b| b.is_ascii_lowercase()).count();
    match (capitals, small) {
        (_, 0) => capitals,
        (1, _) => 1 + small,
        // The last capital belongs to what follows.
        _ => capitals - 1,
    }
}

/// True for three or more letters that could be a word: a vowel, and at most one pair in five that
/// words hardly have (compound words have some where their parts meet). Hexadecimal digits are no
/// letters.
fn is_word(run: &[u8]) -> bool {
    let is_letters = run.iter().all(u8::is_ascii_alphabetic);
    if run.len() < 3 || !is_letters || run.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    let is_vowel = |byte: &u8| b"aeiouy".contains(&byte.to_ascii_lowercase());
    let pairs = run.iter().zip(run.iter().skip(1));
    let rare = pairs.filter(|&(&a, &b)| !is_common(a, b)).count();
    run.iter().any(is_vowel) && rare * 5 < run.len()
}

fn is_repeated(run: &[u8]) -> bool {
    run.len() >= 4 && run.iter().all(|byte| Some(byte) == run.first())
}

/// True for dates with times, host names, versions: short parts with full stops or colons between.
fn is_structured(value: &str) -> bool {
    value.contains(['.', ':'])
        && value
            .split(['.', ':'])
            .all(|part| part.len() < 16 || random_length(part) * 2 < part.len())
}

/// True for `model-4o-mini-2024-07-18`: words and numbers with signs between, and no part that could
/// be a key.
fn is_phrase(value: &str) -> bool {
    let mut parts = value.split(['-', '_', '.', ':', '/']);
    let has_word = parts
        .clone()
        .any(|part| part.len() >= 4 && is_word(part.as_bytes()));
    let is_alphanumeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_plain = parts.clone().all(is_alphanumeric);
    let is_key = |part: &str| part.len() >= 6 && random_length(part) == part.len();
    let has_digit = |part: &str| part.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = |part: &str| part.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_mixed = |part: &str| has_digit(part) && has_letter(part) || part.len() >= 12;
    has_word && is_plain && !parts.any(|part| is_key(part) && is_mixed(part))
}

fn distinct_bytes(value: &str) -> u32 {
    let (mut low, mut high) = (0_u64, 0_u64);
    for byte in value.bytes() {
        match byte {
            0..=63 => low |= 1 << byte,
            _ => high |= 1 << (byte % 64),
        }
    }
    low.count_ones() + high.count_ones()
}

/// True for pairs of letters, whatever their case, that words have.
fn is_common(a: u8, b: u8) -> bool {
    let position = |letter: u8| letter.to_ascii_lowercase().wrapping_sub(b'a');
    COMMON_PAIRS
        .get(usize::from(position(a)))
        .is_some_and(|row| {
            row.checked_shr(position(b).into())
                .is_some_and(|bits| bits & 1 == 1)
        })
}

/// A row for each first letter, a bit for each second one (`a` is the lowest): the 282 pairs that
/// make up 97 % of all pairs in words, counted over names and prose in the sources of this
/// workspace's dependencies, and over English, German, Spanish, French and Italian prose.
const COMMON_PAIRS: [u32; 26] = [
    0x3fe_bd6e, 0x116_4911, 0x11e_4d95, 0x116_4959, 0x1ff_f97f, 0x01e_4931, 0x016_69d1, 0x01a_4111,
    0x2ae_f87f, 0x000_4010, 0x004_0110, 0x11c_c939, 0x014_d113, 0x03c_ed7d, 0x07e_fd6f, 0x11e_c991,
    0x010_0000, 0x13e_fd7d, 0x11c_dd95, 0x11e_4995, 0x00e_f97f, 0x000_4111, 0x006_6191, 0x008_8115,
    0x00c_b000, 0x000_0111,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_keys_are_told_from_names() {
        for key in [
            "q7w8e9r0t1y2u3i4",
            "Zm9vYmFyMTIzNDU2",
            "a1b2-c3d4-e5f6",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "Kq7-xZ_2mVtb9",
            "123e4567-e89b-12d3-a456-426614174000",
            "jkwqvzhxbnmtrlpgdfks",
            "314159265358979323846264",
        ] {
            assert!(is_generated(key, 8), "{key}");
        }
        for name in [
            "getToken",
            "key_1",
            "jjwt-jackson-0.11.2",
            "11112222",
            "s_rsa1024_priv.pem",
            "2018-01-19T11:39:19Z",
            "build-7.api.example.com:8443",
            "internationalization2",
            "NormalBrushGradient1",
            "Ed25519.BlindSignatures",
            "aaaaaaaa11111111",
            "1234567890123",
            "model-4o-mini-2024-07-18",
            "app-release-postgresql-ha-14",
        ] {
            assert!(!is_generated(name, 8), "{name}");
        }
    }

    #[test]
    fn only_what_is_no_word_counts() {
        assert_eq!(random_length("request.headers.token2"), 1);
        assert_eq!(random_length("camelCaseHTMLParser"), 4);
        assert_eq!(random_length("q7w8e9r0t1y2u3i4"), 16);
        assert_eq!(random_length("0000AAAA"), 0);
    }

    #[test]
    fn uuids_have_five_groups() {
        assert!(is_uuid("123e4567-e89b-12d3-a456-426614174000"));
        assert!(!is_uuid("123e4567-e89b-12d3-a456-426614174000-1"));
        assert!(!is_uuid("123e4567-e89b-12d3-a456"));
    }
}
