//! Telephone numbers that ring nowhere.

use super::{draw::Draw, shape};

/// A number of the same form: one of those that the country's regulator keeps free for fiction,
/// where it keeps any of that length, else other digits behind the country code.
pub(super) fn number(value: &str, draw: &mut Draw<'_>) -> String {
    let start = value.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('));
    let Some((label, rest)) = start.and_then(|start| value.split_at_checked(start)) else {
        return shape::same(value, draw);
    };
    let end = rest.find(char::is_alphabetic).unwrap_or(rest.len());
    let (number, extension) = rest.split_at_checked(end).unwrap_or((rest, ""));
    // Letters on the keys of a telephone are part of the number.
    if !extension.is_empty()
        && !extension
            .to_ascii_lowercase()
            .starts_with(['x', 'e', 'd', 'p'])
    {
        return shape::same(value, draw);
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let made = fictional(number, &digits, draw).unwrap_or_else(|| other(number, &digits, draw));
    let mut made = made.chars();
    let number: String = number
        .chars()
        .map(|c| {
            if c.is_ascii_digit() {
                made.next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect();
    let extension: String = extension
        .chars()
        .map(|c| if c.is_ascii_digit() { draw.digit() } else { c })
        .collect();
    format!("{label}{number}{extension}")
}

/// All digits of a number for fiction, written the way of `number`.
fn fictional(number: &str, digits: &str, draw: &mut Draw<'_>) -> Option<String> {
    if let Some(national) = digits.strip_prefix('1').filter(|_| digits.len() == 11) {
        return Some(format!("1{}", north_american(national, draw)?));
    }
    let (prefix, national) = if number.trim_start_matches('(').starts_with('+') {
        ("", digits)
    } else if let Some(national) = digits.strip_prefix("00") {
        ("00", national)
    } else if let Some(national) = digits.strip_prefix('0') {
        let made = in_range(country_of(number, digits)?, national, draw)?;
        return Some(format!("0{made}"));
    } else {
        return north_american(digits, draw);
    };
    let country = COUNTRIES
        .iter()
        .find(|country| national.starts_with(country.code))?;
    let national = national.strip_prefix(country.code)?;
    // The zero in brackets of +44 (0)20.
    let (zero, national) = match national.strip_prefix('0') {
        Some(rest) if number.contains("(0)") => ("0", rest),
        _ => ("", national),
    };
    let made = in_range(country, national, draw)?;
    Some(format!("{prefix}{}{zero}{made}", country.code))
}

/// 555-0100 to 555-0199 (ATIS-0300115), in an area that exists.
fn north_american(digits: &str, draw: &mut Draw<'_>) -> Option<String> {
    let line = draw.below(100);
    let is_first = |at: usize| matches!(digits.as_bytes().get(at), Some(b'2'..=b'9'));
    match digits.len() {
        7 if is_first(0) => Some(format!("55501{line:02}")),
        10 if is_first(0) && is_first(3) => {
            let area = draw.pick(&[
                "202", "212", "303", "312", "404", "415", "512", "617", "702",
            ])?;
            Some(format!("{area}55501{line:02}"))
        }
        _ => None,
    }
}

/// A number out of one of the country's ranges, of the same length and, if it can be, of the same
/// sort: the first digit tells mobile numbers from others.
fn in_range(country: &Country, national: &str, draw: &mut Draw<'_>) -> Option<String> {
    let fits = |range: &&&str| range.len() == national.len();
    let fitting: Vec<_> = country.ranges.iter().filter(fits).collect();
    let is_same_sort = |range: &&&&str| national.get(..1) == range.get(..1);
    let same_sort: Vec<_> = fitting.iter().filter(is_same_sort).copied().collect();
    let ranges = if same_sort.is_empty() {
        fitting
    } else {
        same_sort
    };
    let range = draw.pick(&ranges)?;
    let free = |c| if c == 'x' { draw.digit() } else { c };
    Some(range.chars().map(free).collect())
}

/// The country that writes its own numbers so, if the form tells.
fn country_of(number: &str, digits: &str) -> Option<&'static Country> {
    let groups = number
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty());
    let are_pairs = groups.clone().count() == 1 || groups.into_iter().all(|group| group.len() == 2);
    let code = match (digits.len(), digits.get(..3)?) {
        (10, _) if are_pairs => "33",
        (11..=12, "015" | "016" | "017") => "49",
        (11, start) if start.starts_with("01") || start.starts_with("02") => "44",
        (11, start) if start.starts_with("07") => "44",
        _ => return None,
    };
    COUNTRIES.iter().find(|country| country.code == code)
}

/// Other digits behind the country code or the leading zero.
fn other(number: &str, digits: &str, draw: &mut Draw<'_>) -> String {
    let kept = if number.trim_start_matches('(').starts_with('+') {
        2
    } else {
        digits.bytes().take_while(|&digit| digit == b'0').count()
    };
    let made = |(at, digit)| {
        if at < kept {
            digit
        } else {
            draw.leading_digit()
        }
    };
    digits.chars().enumerate().map(made).collect()
}

/// Numbers for fiction of one country.
struct Country {
    code: &'static str,
    /// National numbers without the leading zero; `x` is any digit.
    ranges: &'static [&'static str],
}

/// Ofcom, Telephone numbers for use in TV and radio drama programmes; ARCEP, decision 2018-0881,
/// numbers for audiovisual works; Bundesnetzagentur, notice 148/2021; ACMA, Phone numbers for use
/// in TV shows, films and creative works; PTS, Telephone numbers for use in books and films.
const COUNTRIES: &[Country] = &[
    Country {
        code: "44",
        ranges: &[
            "7700900xxx",
            "2079460xxx",
            "1134960xxx",
            "1144960xxx",
            "1154960xxx",
            "1164960xxx",
            "1174960xxx",
            "1184960xxx",
            "1214960xxx",
            "1314960xxx",
            "1414960xxx",
            "1514960xxx",
            "1614960xxx",
            "1914980xxx",
            "1632960xxx",
            "2920180xxx",
            "2896496xxx",
            "3069990xxx",
        ],
    },
    Country {
        code: "33",
        ranges: &[
            "19900xxxx",
            "26191xxxx",
            "35301xxxx",
            "46571xxxx",
            "53649xxxx",
            "63998xxxx",
        ],
    },
    Country {
        code: "49",
        ranges: &[
            "3023125xxx",
            "6990009xxx",
            "4066969xxx",
            "2214710xxx",
            "8999998xxx",
            "17139200xx",
            "176040690xx",
        ],
    },
    Country {
        code: "61",
        ranges: &[
            "25550xxxx",
            "27010xxxx",
            "35550xxxx",
            "37010xxxx",
            "75550xxxx",
            "77010xxxx",
            "85550xxxx",
            "87010xxxx",
        ],
    },
    Country {
        code: "46",
        ranges: &["3139006xx", "4062804xx", "8465004xx", "9803192xx"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    fn check(value: &str, start: &str, end: &str) {
        for attempt in 0..8 {
            let key = Key::from_secret(b"k");
            let made = number(value, &mut Draw::new(&key, "p", value, attempt));
            assert!(
                made.starts_with(start) && made.contains(end),
                "{value}: {made}"
            );
            let form = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "9");
            assert_eq!(form(&made), form(value));
            assert_ne!(made, value);
        }
    }

    #[test]
    fn north_american_numbers_are_555_01xx() {
        check("+1 (415) 867-5309", "+1 (", ") 555-01");
        check("tel:212-867-5309", "tel:", "-555-01");
        check("867-5309", "555-01", "");
        check("2128675309 ext. 12", "", "55501");
    }

    #[test]
    fn numbers_of_some_countries_are_kept_for_fiction() {
        check("+44 7911 123456", "+44 7700 900", "");
        check("07911 123456", "07700 900", "");
        check("+44 (0)7911 123456", "+44 (0)7700 900", "");
        check("06 12 34 56 78", "06 39 98 ", "");
        check("0033 6 12 34 56 78", "0033 6 39 98 ", "");
        check("+49 171 1234567", "+49 171 39200", "");
    }

    #[test]
    fn other_numbers_keep_their_country_and_form() {
        check("+351 912 345 678", "+35", "");
        check("(011) 5555-4444", "(0", ") ");
    }

    #[test]
    fn letters_of_a_number_go_as_well() {
        let key = Key::from_secret(b"k");
        let made = number("1-800-CALLUS", &mut Draw::new(&key, "p", "v", 0));
        assert!(!made.contains("CALLUS") && made.len() == 12, "{made}");
    }
}
