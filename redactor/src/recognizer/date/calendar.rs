//! Which days exist (Gregorian calendar, ISO 8601 section 3).

/// The years that a person of today may write about.
pub(super) fn is_year(year: u32) -> bool {
    (1850..=2100).contains(&year)
}

/// True when the month has the day, in a leap year if need be.
pub(super) fn is_day(month: u32, day: u32) -> bool {
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// As [`is_day`], in either order: `3/4` and `4/3` are days of somebody's calendar.
pub(super) fn is_day_in_any_order(first: u32, second: u32) -> bool {
    is_day(first, second) || is_day(second, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_end_with_their_month() {
        assert!(is_day(2, 29) && is_day(12, 31));
        assert!(!is_day(2, 30) && !is_day(4, 31) && !is_day(13, 1) && !is_day(1, 0));
        assert!(is_day_in_any_order(31, 12) && !is_day_in_any_order(31, 13));
    }
}
