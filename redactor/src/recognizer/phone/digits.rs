//! What the digits of a candidate look like: groups, dates, lists, fractions.

/// Where groups of digits end, in bytes.
pub(super) fn group_ends(number: &str) -> Vec<usize> {
    let ends = number
        .char_indices()
        .zip(number.chars().skip(1).chain([' ']));
    ends.filter(|&((_, c), next)| is_digit(c) && !is_digit(next))
        .map(|((at, _), _)| at + 1)
        .collect()
}

/// The digits before the end of the first line.
pub(super) fn first_line(number: &str) -> &str {
    let line = number.split(['\r', '\n']).next().unwrap_or_default();
    line.trim_end_matches(|c| !is_digit(c))
}

/// True when the text ends with a number of a few digits and one of the signs.
pub(super) fn ends_with_number(text: &str, signs: &[char]) -> bool {
    let rest = text.strip_suffix(signs).unwrap_or_default();
    let token = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
    token.ends_with(is_digit) && count_digits(token) < 8
}

/// True when the text begins with one of the signs and a number of a few digits.
pub(super) fn begins_with_number(text: &str, signs: &[char]) -> bool {
    let rest = text.strip_prefix(signs).unwrap_or_default();
    let token = rest.split(char::is_whitespace).next().unwrap_or_default();
    token.starts_with(is_digit) && count_digits(token) < 8
}

/// True when every bracket that opens closes.
pub(super) fn is_balanced(value: &str) -> bool {
    value.matches('(').count() == value.matches(')').count()
}

/// True for `2024-01-31`, `31.01.2024` and the like, with or without a time.
pub(super) fn is_date(value: &str) -> bool {
    let is_small =
        |part: &str| part.len() <= 2 && part.parse().is_ok_and(|n: u8| (1..=31).contains(&n));
    let mut before = ["", ""];
    groups(value).any(|third| {
        let [first, second] = before;
        before = [second, third];
        let is_ascending = is_small(first) && is_year(third);
        let is_descending = is_year(first) && is_small(third);
        (is_ascending || is_descending) && is_small(second)
    })
}

/// True for `5550143.5`: a point and a fraction, not a group.
pub(super) fn is_decimal(number: &str) -> bool {
    let parts = number.split_once('.');
    parts.is_some_and(|(whole, fraction)| {
        fraction.len() < 3 && !fraction.contains('.') && whole.chars().all(is_digit)
    })
}

pub(super) fn is_year(part: &str) -> bool {
    part.len() == 4 && (part.starts_with("19") || part.starts_with("20"))
}

/// True for `0123456789` and `9876543210` and parts of them, and for one digit over and over.
pub(super) fn is_run(digits: &str) -> bool {
    let steps = digits.bytes().zip(digits.bytes().skip(1));
    let mut steps = steps.map(|(a, b)| (i16::from(b) - i16::from(a)).rem_euclid(10));
    let first = steps.next();
    matches!(first, Some(0 | 1 | 9)) && steps.all(|step| Some(step) == first)
}

/// True for groups that count up: `01 02 03 04`.
pub(super) fn is_count(groups: &[&str]) -> bool {
    let numbers = || {
        groups
            .iter()
            .map(|group| group.parse::<u64>().unwrap_or_default())
    };
    groups.len() > 2 && numbers().zip(numbers().skip(1)).all(|(a, b)| b == a + 1)
}

pub(super) fn groups(number: &str) -> impl Iterator<Item = &str> {
    number
        .split(|c| !is_digit(c))
        .filter(|group| !group.is_empty())
}

pub(super) fn count_digits(number: &str) -> usize {
    number.bytes().filter(u8::is_ascii_digit).count()
}

pub(super) const fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
/// True for `+10000-12-31`, a date in the expanded form of ISO 8601-1:2019, 5.2.2.3.
pub(super) fn is_far_date(number: &str) -> bool {
    let mut parts = number.split('-');
    let is_long = |part: &str| count_digits(part) > 4;
    let is_small = |part: &str| {
        let digits = groups(part).next().unwrap_or_default();
        (1..=2).contains(&digits.len())
    };
    let is_far = parts.next().is_some_and(is_long)
        && parts.next().is_some_and(is_small)
        && parts.next().is_some_and(is_small);
    is_far || is_date(number) && count_digits(number) == 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_either_order_are_dates() {
        for date in ["2024-01-31", "31.01.2024 10", "02/2023-01-03"] {
            assert!(is_date(date), "{date}");
        }
        for number in ["202-555-0143", "01 99 00 12 34", "2024-55-01"] {
            assert!(!is_date(number), "{number}");
        }
    }

    #[test]
    fn runs_and_counts_are_no_numbers_to_call() {
        assert!(is_run("0123456789") && is_run("9876543210") && is_run("5555555555"));
        assert!(!is_run("0155501437"));
        assert!(is_count(&["01", "02", "03"]) && !is_count(&["01", "02", "04"]));
    }

    #[test]
    fn groups_end_where_their_digits_do() {
        assert_eq!(group_ends("+1 202-555"), [2, 6, 10]);
        assert_eq!(first_line("202.\n555"), "202");
    }
}
