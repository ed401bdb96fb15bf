//! `strftime_now`: today's date for templates that print it, in UTC.

use std::{fmt::Write, time::Duration};

/// Formats the time `since_epoch` with Python's `strftime` directives for dates and times; an
/// unknown directive stays as it is.
pub(super) fn strftime(format: &str, since_epoch: Duration) -> String {
    let seconds = since_epoch.as_secs();
    let (days, second_of_day) = (seconds / 86_400, seconds % 86_400);
    let date = Date::from_days(days);
    let mut text = String::new();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character == '%' {
            let directive = characters.next().unwrap_or('%');
            text.push_str(&field(directive, &date, second_of_day));
        } else {
            text.push(character);
        }
    }
    text
}

fn field(directive: char, date: &Date, second_of_day: u64) -> String {
    let (hour, minute, second) = (
        second_of_day / 3600,
        second_of_day / 60 % 60,
        second_of_day % 60,
    );
    let mut text = String::new();
    // Writing to a string can't fail.
    let written = match directive {
        'Y' => write!(text, "{}", date.year),
        'y' => write!(text, "{:02}", date.year % 100),
        'm' => write!(text, "{:02}", date.month),
        'd' => write!(text, "{:02}", date.day),
        'B' => write!(text, "{}", date.month_name()),
        'b' => write!(text, "{:.3}", date.month_name()),
        'A' => write!(text, "{}", date.weekday()),
        'a' => write!(text, "{:.3}", date.weekday()),
        'H' => write!(text, "{hour:02}"),
        'M' => write!(text, "{minute:02}"),
        'S' => write!(text, "{second:02}"),
        '%' => write!(text, "%"),
        other => write!(text, "%{other}"),
    };
    written.map_or_else(|_| String::new(), |()| text)
}

/// A day of the Gregorian calendar.
struct Date {
    year: u64,
    month: u64,
    day: u64,
    days: u64,
}

impl Date {
    /// The day `days` after 1970-01-01, by counting in eras of 400 years that start in March.
    fn from_days(days: u64) -> Self {
        let shifted = days + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        Self {
            year,
            month,
            day,
            days,
        }
    }

    fn month_name(&self) -> &'static str {
        let index = usize::try_from(self.month - 1).unwrap_or_default();
        MONTHS.get(index).copied().unwrap_or_default()
    }

    /// 1970-01-01 was a Thursday.
    fn weekday(&self) -> &'static str {
        let index = usize::try_from((self.days + 4) % 7).unwrap_or_default();
        WEEKDAYS.get(index).copied().unwrap_or_default()
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(seconds: u64, format: &str, expected: &str) {
        assert_eq!(strftime(format, Duration::from_secs(seconds)), expected);
    }

    #[test]
    fn known_days_are_named_right() {
        check(0, "%A %d %B %Y", "Thursday 01 January 1970");
        check(951_782_400, "%a %d %b %y", "Tue 29 Feb 00");
        check(4_102_444_799, "%Y-%m-%d %H:%M:%S", "2099-12-31 23:59:59");
    }

    #[test]
    fn other_text_stays() {
        check(0, "100%% %Q é", "100% %Q é");
    }
}
