//! Quantities written with their unit: `250ms`, `64KiB`.

use std::time::Duration;

pub(super) use router::yaml::duration;
use router::yaml::number_and_unit;

/// As [`duration`], but zero is refused.
///
/// # Errors
/// What was expected.
pub(super) fn positive_duration(text: &str) -> Result<Duration, &'static str> {
    let duration = duration(text)?;
    if duration.is_zero() {
        Err("a duration longer than zero")
    } else {
        Ok(duration)
    }
}

/// Parses a number of bytes such as `512B`, `64KiB`, `32MiB` or `1GiB`; `KB`, `MB` and `GB` are
/// powers of 1000.
///
/// # Errors
/// What was expected, when `text` is not a whole number followed by a unit, or is too large.
pub(crate) fn bytes(text: &str) -> Result<usize, &'static str> {
    const EXPECTED: &str = "a size such as `64KiB`, `32MiB` or `1GiB`";
    let (number, unit) = number_and_unit(text).ok_or(EXPECTED)?;
    let bytes_per_unit = match unit {
        "B" => 1,
        "KB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(EXPECTED),
    };
    let bytes = number.checked_mul(bytes_per_unit).ok_or(EXPECTED)?;
    usize::try_from(bytes).map_err(|_| EXPECTED)
}

/// A number from 1 up that counts things in memory.
pub(super) fn positive(number: u64) -> Option<usize> {
    usize::try_from(number).ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_whole_number_and_a_unit() {
        let check = |text, expected: Option<u64>| {
            assert_eq!(
                duration(text).ok(),
                expected.map(Duration::from_millis),
                "{text}"
            );
        };
        check("250ms", Some(250));
        check("10 s", Some(10_000));
        check("5m", Some(300_000));
        check("1h", Some(3_600_000));
        check("10", None);
        check("ms", None);
        check("1.5s", None);
        check("-1s", None);
        check("18446744073709551615h", None);
        check("10 sekunden", None);
    }

    #[test]
    fn sizes_tell_powers_of_1024_from_powers_of_1000() {
        let check = |text, expected: Option<usize>| {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        };
        check("64KiB", Some(65_536));
        check("64KB", Some(64_000));
        check("32MiB", Some(33_554_432));
        check("0B", Some(0));
        check("12", None);
        check("1kib", None);
        check("99999999999GiB", None);
    }
}
