//! Durations written with their unit: `250ms`.

use std::time::Duration;

/// Parses a duration such as `250ms`, `10s`, `5m` or `1h`.
///
/// # Errors
/// What was expected, when `text` is not a whole number followed by a unit, or is too large.
///
/// ```
/// use std::time::Duration;
///
/// assert_eq!(router::yaml::duration("10 s"), Ok(Duration::from_secs(10)));
/// assert!(router::yaml::duration("10").is_err());
/// ```
pub fn duration(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "a duration such as `250ms`, `10s`, `5m` or `1h`";
    let (number, unit) = number_and_unit(text).ok_or(EXPECTED)?;
    let millis_per_unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(EXPECTED),
    };
    number
        .checked_mul(millis_per_unit)
        .map(Duration::from_millis)
        .ok_or(EXPECTED)
}

/// The number and the unit of `250ms` or `250 ms`; `None` when it begins with no whole number.
pub fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit.trim_start()))
}
