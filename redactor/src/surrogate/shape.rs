//! Values whose form alone can be kept.

use super::draw::Draw;

/// Digits for digits, letters for letters of the same case, all else as it is. Letters that are
/// easily taken for digits are left out, as numbers with letters in them leave them out; where all
/// letters are hexadecimal digits, they stay that.
pub(super) fn same(value: &str, draw: &mut Draw<'_>) -> String {
    let is_hexadecimal = value
        .strip_prefix("0x")
        .unwrap_or(value)
        .chars()
        .all(|c| !c.is_alphabetic() || c.is_ascii_hexdigit());
    let letters = if is_hexadecimal {
        "abcdef"
    } else {
        "abcdefghjklmnprstuvwxyz"
    };
    let mut made = String::with_capacity(value.len());
    for c in value.chars() {
        made.push(match c {
            '0' if made.is_empty() => '0',
            '0'..='9' if made.is_empty() => draw.leading_digit(),
            '0'..='9' => draw.digit(),
            'x' if made == "0" => 'x',
            _ if c.is_uppercase() => draw.one_of(letters).to_ascii_uppercase(),
            _ if c.is_alphabetic() => draw.one_of(letters),
            _ if c.is_numeric() => draw.digit(),
            _ => c,
        });
    }
    made
}

/// Up to three years older or younger, and on the same side of 89.
pub(super) fn age(value: &str, draw: &mut Draw<'_>) -> Option<String> {
    let start = value.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = value.split_at_checked(start)?;
    let end = rest.find(|c: char| !c.is_ascii_digit());
    let (years, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    let years: u32 = years.parse().ok().filter(|years| *years < 150)?;
    let nearby = (years.saturating_sub(3)..=years + 3)
        .filter(|&near| near != years && near > 0 && (near > 89) == (years > 89));
    let nearby: Vec<u32> = nearby.collect();
    let years = draw.pick(&nearby)?;
    Some(format!("{before}{years}{after}"))
}

/// `word` in the letter case of `like`.
pub(super) fn cased(word: &str, like: &str) -> String {
    let mut letters = like.chars().filter(|c| c.is_alphabetic());
    let first = letters.next();
    if first.is_some_and(char::is_lowercase) {
        return word.to_lowercase();
    }
    let mut letters = letters.peekable();
    if letters.peek().is_some() && letters.all(char::is_uppercase) {
        return word.to_uppercase();
    }
    word.to_owned()
}

/// The pieces of a text: words, and what stands between them.
pub(super) fn pieces(text: &str, is_word: fn(char) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|c: char| is_word(c) != is_word(first));
        let (piece, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    #[test]
    fn the_form_stays() {
        let key = Key::from_secret(b"k");
        let form = |text: &str| -> String {
            let class = |c: char| match c {
                '0'..='9' => '9',
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                _ => c,
            };
            text.chars().map(class).collect()
        };
        for value in ["AB 12-34/x", "é7", "0x00ff", "1HGCM82633A004352"] {
            let made = same(value, &mut Draw::new(&key, "p", value, 0));
            let ascii = value.replace('é', "e");
            assert_eq!(form(&made), form(&ascii), "{made}");
            assert_ne!(made, value);
        }
    }

    #[test]
    fn ages_stay_near_and_on_their_side_of_89() {
        let key = Key::from_secret(b"k");
        for years in [1, 34, 88, 89, 90, 104] {
            for attempt in 0..20 {
                let mut draw = Draw::new(&key, "p", "v", attempt);
                let made = age(&format!("{years} years"), &mut draw).unwrap();
                let made: u32 = made.strip_suffix(" years").unwrap().parse().unwrap();
                assert!(made != years && made.abs_diff(years) <= 3 && (made > 89) == (years > 89));
            }
        }
    }

    #[test]
    fn letter_case_is_taken_over() {
        assert_eq!(cased("Berger", "DOE"), "BERGER");
        assert_eq!(cased("Berger", "doe"), "berger");
        assert_eq!(cased("Berger", "McDoe"), "Berger");
        assert_eq!(cased("Berger", "D"), "Berger");
        assert_eq!(cased("Berger", "李"), "Berger");
    }
}
