//! Dates, moved by one secret number of weeks and written as they were.
//!
//! Read are dates in digits (`2021-03-04`, `20210304`, `4.3.21`, `03/04/2021`) and with the names
//! of months; a month without a day, and a year alone, move as their middle does. What stands
//! around the date, such as a weekday or a time, stays: whole weeks keep it true.

use super::{
    calendar::{civil_of, days_in, days_of},
    draw::Draw,
    month::Month,
    shape::pieces,
};
use crate::Key;

/// How far back the dates of this key move, in weeks: one to four years.
pub(super) fn weeks(key: &Key) -> i64 {
    i64::from(53 + Draw::new(key, "weeks", "", 0).below(156))
}

/// The date, moved back; `None` where it can't be read. `is_day_first` decides what `3/4/2021` is.
pub(super) fn shifted(value: &str, weeks: i64, is_day_first: bool) -> Option<String> {
    Written::read(value, is_day_first)?.moved(-7 * weeks)
}

/// The year of a date that has one in four digits.
pub(crate) fn year(value: &str) -> Option<i64> {
    let written = Written::read(value, false)?;
    written
        .year
        .filter(|year| year.width == 4)
        .map(|year| year.value)
}

/// A date, piece by piece.
#[derive(Debug)]
struct Written<'t> {
    pieces: Vec<&'t str>,
    year: Option<Number>,
    month: Option<Number>,
    /// Set when the month is a word.
    name: Option<Month<'t>>,
    day: Option<Number>,
    /// Whether days and months under ten have a zero before them.
    is_padded: bool,
}

/// A number in the text.
#[derive(Debug, Clone, Copy)]
struct Number {
    piece: usize,
    value: i64,
    width: usize,
}

impl<'t> Written<'t> {
    fn read(value: &'t str, is_day_first: bool) -> Option<Self> {
        let is_digit = |c: char| c.is_ascii_digit();
        let mut parts: Vec<&str> = Vec::new();
        for piece in pieces(value, char::is_alphanumeric) {
            // 4th, 20210304T1200
            parts.extend(pieces(piece, is_digit));
        }
        if let [compact, ..] = *parts.as_slice()
            && compact.len() == 8
            && compact.starts_with(is_digit)
        {
            let (year, rest) = compact.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            parts.splice(..1, [year, "", month, "", day]);
        }
        let pieces = parts;
        let number = |(piece, text): (usize, &&str)| {
            let is_number = text.starts_with(is_digit);
            let value = text.parse().ok().filter(|_| is_number && text.len() <= 4)?;
            let width = text.len();
            Some(Number {
                piece,
                value,
                width,
            })
        };
        let numbers: Vec<Number> = pieces.iter().enumerate().filter_map(number).collect();
        let name = pieces
            .iter()
            .enumerate()
            .find_map(|(piece, word)| Some((piece, Month::read(word, value)?)));
        let roles = match name {
            Some((piece, month)) => with_name(&numbers, piece, &month),
            None => in_digits(&numbers, &pieces, is_day_first),
        }?;
        let [year, month, day] = roles;
        let short = |number: &Number| number.width < 3;
        let is_padded = match name {
            Some(_) => day.is_some_and(|day| day.width == 2 && day.value < 10),
            None => [month, day]
                .iter()
                .flatten()
                .filter(|n| short(n))
                .all(|n| n.width == 2),
        };
        let written = Self {
            pieces,
            year,
            month,
            name: name.map(|(_, month)| month),
            day,
            is_padded,
        };
        written.is_valid().then_some(written)
    }

    fn is_valid(&self) -> bool {
        let (year, month, day) = self.civil();
        (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day)
    }

    /// Year, month and day; the middle of what is left out, in a year that is no leap year.
    fn civil(&self) -> (i64, i64, i64) {
        let year = self.year.map_or(2001, |year| match year.width {
            2 => 2000 + year.value,
            _ => year.value,
        });
        let month = self.month.map_or(7, |month| month.value);
        (year, month, self.day.map_or(15, |day| day.value))
    }

    fn moved(&self, days: i64) -> Option<String> {
        let (year, month, day) = self.civil();
        let (year, month, day) = civil_of(days_of(year, month, day) + days);
        let mut made: Vec<String> = self.pieces.iter().map(|&piece| piece.to_owned()).collect();
        let mut write = |number: Option<Number>, value: i64, width: usize| {
            if let Some(piece) = number.and_then(|number| made.get_mut(number.piece)) {
                *piece = format!("{value:0width$}");
            }
        };
        match self.year {
            Some(Number { width: 2, .. }) => write(self.year, year.rem_euclid(100), 2),
            _ => write(self.year, year, 4),
        }
        let width = if self.is_padded { 2 } else { 1 };
        write(self.day, day, width);
        write(self.month, month, width);
        if let (Some(name), Some(place)) = (self.name, self.month)
            && let Some(piece) = made.get_mut(place.piece)
        {
            *piece = name.renamed(u32::try_from(month).ok()?)?;
        }
        if let Some(ending) = self.day.and_then(|day| made.get_mut(day.piece + 1)) {
            adapt_ordinal(ending, day);
        }
        Some(made.concat())
    }
}

/// Year, month and day of a date that names its month.
fn with_name(numbers: &[Number], piece: usize, month: &Month<'_>) -> Option<[Option<Number>; 3]> {
    let month = Number {
        piece,
        value: i64::from(month.number),
        width: 0,
    };
    let year = numbers.iter().find(|number| number.width == 4);
    let mut small = numbers.iter().filter(|number| number.width < 3);
    let day = small.next();
    // 4 March 21
    let year = year.or_else(|| {
        small
            .next()
            .filter(|year| year.width == 2 && year.piece > piece)
    });
    (day.is_some() || year.is_some()).then_some([year.copied(), Some(month), day.copied()])
}

/// Year, month and day of a date in digits.
fn in_digits(
    numbers: &[Number],
    pieces: &[&str],
    is_day_first: bool,
) -> Option<[Option<Number>; 3]> {
    match *numbers {
        [year] if year.width == 4 && pieces.len() == 1 => Some([Some(year), None, None]),
        [month, year] | [year, month] if year.width == 4 && month.width < 3 => {
            Some([Some(year), Some(month), None])
        }
        [year, month, day, ..] if year.width == 4 && month.width < 3 && day.width < 3 => {
            Some([Some(year), Some(month), Some(day)])
        }
        [first, second, year, ..]
            if first.width < 3 && second.width < 3 && matches!(year.width, 2 | 4) =>
        {
            let separator = pieces.get(first.piece + 1).copied().unwrap_or_default();
            let month_first =
                second.value > 12 || separator == "/" && !is_day_first && first.value <= 12;
            let (day, month) = if month_first {
                (second, first)
            } else {
                (first, second)
            };
            Some([Some(year), Some(month), Some(day)])
        }
        _ => None,
    }
}

/// `4th` may have become `21st`, and `1er` an ordinary day.
fn adapt_ordinal(ending: &mut String, day: i64) {
    let lower = ending.to_lowercase();
    if ["st", "nd", "rd", "th"].contains(&lower.as_str()) {
        let right = match (day % 10, day / 10) {
            (1, 0 | 2 | 3) => "st",
            (2, 0 | 2) => "nd",
            (3, 0 | 2) => "rd",
            _ => "th",
        };
        right.clone_into(ending);
    } else if lower == "er" && day != 1 {
        ending.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 60 weeks before.
    fn check(value: &str, expected: Option<&str>) {
        assert_eq!(shifted(value, 60, false).as_deref(), expected, "{value:?}");
    }

    #[test]
    fn numeric_dates_keep_their_form() {
        check("2021-03-04", Some("2020-01-09"));
        check("2021-03-04T10:20:30Z", Some("2020-01-09T10:20:30Z"));
        check("20210304", Some("20200109"));
        check("2021/3/4", Some("2020/1/9"));
        check("04.03.2021", Some("09.01.2020"));
        check("4.3.21", Some("9.1.20"));
        check("03/04/2021", Some("01/09/2020"));
        check("25/03/2021", Some("30/01/2020"));
        check("03-2021", Some("01-2020"));
        check("2021", Some("2020"));
    }

    #[test]
    fn dates_with_names_of_months_keep_their_form() {
        check("March 4, 2021", Some("January 9, 2020"));
        check("Thursday, 4 March 2021", Some("Thursday, 9 January 2020"));
        check("Mar 4th, 2021", Some("Jan 9th, 2020"));
        check("March 28th", Some("February 2nd"));
        check("4. März 2021", Some("9. Januar 2020"));
        check("4 de marzo de 2021", Some("9 de enero de 2020"));
        check("28 MARS 2021", Some("2 FÉVRIER 2020"));
        check("04-Mar-21", Some("09-Jan-20"));
        check("March 2021", Some("January 2020"));
    }

    #[test]
    fn days_come_before_months_where_the_text_says_so() {
        assert_eq!(
            shifted("03/04/2021", 60, true).as_deref(),
            Some("08/02/2020")
        );
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for value in [
            "yesterday",
            "31.02.2021",
            "13.13.2021",
            "12:30",
            "March",
            "",
        ] {
            check(value, None);
        }
    }

    #[test]
    fn intervals_stay_true() {
        let days = |text: &str| {
            let (year, month, day) = Written::read(text, false).unwrap().civil();
            days_of(year, month, day)
        };
        for (one, other) in [("2021-03-04", "2021-12-24"), ("1999-12-31", "2000-03-01")] {
            let moved = |text| days(&shifted(text, 77, false).unwrap());
            assert_eq!(moved(other) - moved(one), days(other) - days(one));
        }
    }
}
