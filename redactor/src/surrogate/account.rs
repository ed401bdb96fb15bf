//! Numbers of accounts and people, out of ranges that nobody has.

use super::{draw::Draw, shape};
use crate::checksum::{luhn, mod_97_10};

/// A test number of the same scheme, length and grouping, with a right check digit.
pub(super) fn card(value: &str, draw: &mut Draw<'_>) -> Option<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let known = TEST_CARDS
        .iter()
        .find(|(first, _)| digits.starts_with(first));
    let (_, test) = known.unwrap_or(&("", "411111"));
    let mut made: String = (*test).to_owned();
    while made.len() + 1 < digits.len() {
        made.push(draw.digit());
    }
    let with_check = |check: u32| format!("{made}{check}");
    let made = (0..10).map(with_check).find(|made| luhn(made))?;
    Some(fill(value, &made))
}

/// How numbers of a scheme begin, and how those begin that its processors publish for testing.
const TEST_CARDS: &[(&str, &str)] = &[
    ("4", "411111"),
    ("5", "555555"),
    ("2", "222300"),
    ("34", "378282"),
    ("37", "371449"),
    ("35", "353011"),
    ("30", "305693"),
    ("36", "305693"),
    ("38", "305693"),
    ("62", "620000"),
    ("6", "601111"),
];

/// The same country and grouping, a bank that is not, and right check digits (ISO 13616).
pub(super) fn iban(value: &str, draw: &mut Draw<'_>) -> String {
    let characters: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let upper = characters.to_ascii_uppercase();
    let (Some(country), Some(account)) = (upper.get(..2), upper.get(4..)) else {
        return shape::same(value, draw);
    };
    let made: String = account
        .chars()
        .enumerate()
        .map(|(at, c)| match c {
            '0'..='9' if at < BANK => '0',
            '0'..='9' => draw.digit(),
            _ if at < BANK => 'X',
            _ => draw.one_of("ABCDEFGHJKLMNPRSTUVWXYZ"),
        })
        .collect();
    let with_check = |check| format!("{country}{check:02}{made}");
    let made = (2..=98).map(with_check).find(|made| mod_97_10(made));
    let made = made.unwrap_or_default();
    let is_lower = characters.chars().any(|c| c.is_ascii_lowercase());
    fill(
        value,
        &if is_lower {
            made.to_ascii_lowercase()
        } else {
            made
        },
    )
}

/// Characters of a bank's code, at least.
const BANK: usize = 4;

/// A US social security number that can't be given out, in the same form (area 666: SSA, POMS
/// RM 10201.035); for any other number, its form alone.
pub(super) fn national_id(value: &str, draw: &mut Draw<'_>) -> String {
    let groups: Vec<usize> = value
        .split(['-', ' '])
        .map(|group| {
            if group.bytes().all(|b| b.is_ascii_digit()) {
                group.len()
            } else {
                0
            }
        })
        .collect();
    if groups != [3, 2, 4] && groups != [9] {
        return shape::same(value, draw);
    }
    let made = format!("666{:02}{:04}", 1 + draw.below(99), 1 + draw.below(9999));
    fill(value, &made)
}

/// The letters and digits of `made`, with everything else of `form` between them.
fn fill(form: &str, made: &str) -> String {
    let mut made = made.chars();
    form.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                made.next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    fn made(make: impl Fn(&str, &mut Draw<'_>) -> String, value: &str) -> String {
        make(
            value,
            &mut Draw::new(&Key::from_secret(b"k"), "p", value, 0),
        )
    }

    #[test]
    fn cards_keep_scheme_and_grouping_and_check() {
        for (value, start) in [
            ("4111 1111 1111 1111", "4111 11"),
            ("5555-5555-5555-4444", "5555-55"),
            ("378282246310005", "371449"),
            ("6011000990139424", "601111"),
        ] {
            let made = made(|value, draw| card(value, draw).unwrap(), value);
            assert!(made.len() == value.len(), "{made}");
            assert!(made.starts_with(start) || start == "371449" && made.starts_with("378282"));
            let digits: String = made.chars().filter(char::is_ascii_digit).collect();
            assert!(luhn(&digits), "{made}");
        }
    }

    #[test]
    fn ibans_keep_country_and_grouping_and_check() {
        for value in ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819"] {
            let made = made(iban, value);
            assert!(
                made.len() == value.len() && made.get(..2) == value.get(..2),
                "{made}"
            );
            assert!(mod_97_10(&made), "{made}");
            let compact = made.replace(' ', "");
            assert!(matches!(compact.get(4..8), Some("0000" | "XXXX")));
        }
    }

    #[test]
    fn social_security_numbers_are_of_no_area() {
        assert!(made(national_id, "078-05-1120").starts_with("666-"));
        assert!(made(national_id, "078051120").starts_with("666"));
        let other = made(national_id, "12 345 678");
        assert!(other.len() == 10 && !other.starts_with("666"), "{other}");
    }
}
