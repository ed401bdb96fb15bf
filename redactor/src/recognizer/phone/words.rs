//! Words for telephones, in the languages of most people.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// True when the text has a word that announces a telephone number.
pub(super) fn announce(text: &str) -> bool {
    // The automaton reads ASCII in any case.
    let text = if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    };
    let mut hits = AUTOMATON.find_overlapping_iter(text.as_ref());
    hits.any(
        |hit| match hit.pattern().as_usize().checked_sub(STEMS.len()) {
            None => true,
            Some(0) => has_somebodys_number(&text.to_lowercase()),
            Some(_) => is_set_apart(&text, hit.start(), hit.end()),
        },
    )
}

/// Stems, "number", then whole words. They are many and candidates may be too: one automaton reads
/// them all at once.
#[expect(
    clippy::expect_used,
    reason = "the words are constant and compiled by tests"
)]
static AUTOMATON: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build([STEMS, &["number"], WORDS].concat())
        .expect("words fit an automaton")
});

/// True when no letter or digit touches the word, but for the `s` of a plural.
fn is_set_apart(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let is_plain = |s: char| !matches!(s, 's' | 'S');
    let rest = if text.get(..end).is_some_and(|word| word.ends_with(is_plain)) {
        after.trim_start_matches(['s', 'S'])
    } else {
        after
    };
    !before.ends_with(char::is_alphanumeric) && !rest.starts_with(char::is_alphanumeric)
}

/// True when the last word of the text is a noun for a telephone ("Tel. ", "phone: "), or the text
/// ends with the way to somebody ("call me on ").
pub(super) fn announce_directly(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower
        .rsplit(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let last = words.next().unwrap_or_default();
    let to_somebody = matches!(last, "on" | "at")
        && matches!(words.next(), Some("me" | "us" | "him" | "her" | "them"));
    to_somebody || is_word(last) && !VERBS.contains(&last)
}

fn is_word(word: &str) -> bool {
    is_whole_word(word) || has_stem(word)
}

fn is_whole_word(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| WORDS.iter().copied().collect());
    SET.contains(word) || word.ends_with('s') && SET.contains(word.trim_end_matches('s'))
}

fn has_stem(word: &str) -> bool {
    let mut hits = AUTOMATON.find_overlapping_iter(word);
    hits.any(|hit| hit.pattern().as_usize() < STEMS.len())
}

fn has_somebodys_number(lower: &str) -> bool {
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.windows(3).any(is_somebodys_number)
}

/// True for "my number is", "her new number": whose it is makes it one to call.
fn is_somebodys_number(words: &[&str]) -> bool {
    match words {
        [owner, "number", ..] => OWNERS.contains(owner),
        [owner, which, "number"] => OWNERS.contains(owner) && !OTHER_NUMBERS.contains(which),
        _ => false,
    }
}

/// Parts of words, long enough to mean nothing else; also in compounds and inflections.
#[rustfmt::skip]
const STEMS: &[&str] = &[
    // Latin letters: "phone" in homePhone, "telef" in Telefonnummer, teléfono (with and without
    // the accent), "puhel" in puhelin.
    "phone", "telef", "teléf", "téléph", "mobil", "móvil", "movil", "celular", "cellul",
    "handynummer", "handynr", "telemó", "telemov", "faks", "whatsapp", "hotline", "landline", "festnetz", "rufnummer",
    "durchwahl", "ruf an", "rufen sie", "anrufen", "erreichen", "joignable", "joindre au",
    "appeler", "appelez", "llama al", "llame al", "llámame", "ligue para", "ligar para", "chiama",
    "recapito", "bereikbaar", "toestel", "zadzwoń", "dzwonić", "komórk", "zavolejte", "volejte",
    "puhel", "gsm-num", "numaras", "aray", "điện thoại", "telpon", "hubungi", "nomor hp", "gọi ",
    "simu ya", "textme", "text me", "texting",
    // Cyrillic, Greek, Arabic, Persian, Urdu, Hebrew.
    "телеф", "звон", "дзвон", "моб.", "мобил", "мобіл", "факс", "τηλ", "κινητ", "φαξ", "هاتف",
    "جوال", "موبايل", "تلفون", "الاتصال", "فاكس", "تلفن", "موبایل", "فون", "طلفن", "טלפון", "נייד",
    "פקס",
    // Devanagari, Bengali, Tamil, Thai.
    "फ़ोन", "फोन", "मोबाइल", "दूरभाष", "ফোন", "মোবাইল", "தொலைபேசி", "โทร", "มือถือ",
    // Chinese, Japanese, Korean.
    "电话", "電話", "手机", "手機", "传真", "傳真", "致电", "携帯", "ファックス", "ケータイ", "전화", "휴대폰", "핸드폰", "연락처",
    "팩스",
];

/// Whole words that begin others ("tel", but not "tell" and "hotel").
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "tel", "tél", "tlf", "tlfn", "tfno", "tfn", "tif", "tfno", "telf", "telno", "ph", "mob", "fon",
    "fax", "faxnr", "call", "calls", "called", "calling", "dial", "dialed", "ring", "rang",
    "reach", "reached", "contact", "cell", "cel", "celu", "handy", "portable", "desk", "gsm",
    "text", "texted", "sms", "ruf", "appel", "numéro", "nummer", "fijo", "fixe", "cep", "gselefon",
    "hp", "wa", "тел", "факс", "моб", "callback", "pager", "voicemail", "viber", "signal",
    "телефакс",
];

/// Words that also stand before numbers of other things.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "call", "calls", "called", "calling", "contact", "desk", "dial", "handy", "portable", "reach",
    "reached", "ring", "rang", "signal", "text", "texted", "texting", "nummer", "numéro", "wa",
    "hp",
];

#[rustfmt::skip]
const OWNERS: &[&str] = &["my", "your", "his", "her", "our", "their"];

/// Numbers that people have besides the one to call.
#[rustfmt::skip]
const OTHER_NUMBERS: &[&str] = &[
    "account", "card", "case", "claim", "customer", "file", "id", "identity", "insurance",
    "invoice", "license", "licence", "medicare", "member", "nhs", "order", "passport", "pin",
    "policy", "reference", "room", "routing", "security", "serial", "social", "ssn", "student",
    "tax", "ticket", "tracking",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_announce_in_many_languages_and_compounds() {
        for text in [
            "Tel. ",
            "homePhone",
            "Telefonnummer: ",
            "Тел.: ",
            "我的手机是",
            "my new number is ",
        ] {
            assert!(announce(text), "{text}");
        }
        for text in ["hotel", "tell", "the number is ", "context ", ""] {
            assert!(!announce(text), "{text}");
        }
    }
}
