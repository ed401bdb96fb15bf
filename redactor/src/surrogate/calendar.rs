//! Days of the Gregorian calendar, counted.

/// Days in a month, from 1, of the Gregorian calendar.
pub(super) const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 0000-03-01 of the Gregorian calendar. Years that begin in March have their leap day
/// at the end, and 153 days in every five months.
pub(super) const fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let month = (month + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 1
}

/// Year, month and day, back from [`days_of`].
pub(super) fn civil_of(days: i64) -> (i64, i64, i64) {
    // An estimate that is never too late, and at most one year too early.
    let mut year = (days - 366).div_euclid(366).max(days * 400 / 146_097 - 2);
    while days_of(year + 1, 3, 1) <= days {
        year += 1;
    }
    let day = days - days_of(year, 3, 1);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    if month < 10 {
        (year, month + 3, day)
    } else {
        (year + 1, month - 9, day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_lead_to_dates_and_back() {
        let mut days = days_of(1599, 12, 31);
        for year in 1600..=2101 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    days += 1;
                    assert_eq!(days_of(year, month, day), days);
                    assert_eq!(civil_of(days), (year, month, day));
                }
            }
        }
    }
}
