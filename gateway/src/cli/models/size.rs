//! Sizes as people read them.

/// Bytes with three digits that count, in the units of disks and networks (powers of a thousand).
pub(super) fn bytes(bytes: u64) -> String {
    counted(bytes, &["B", "kB", "MB", "GB", "TB", "PB"])
}

/// A count of weights: `135 million`.
pub(super) fn weights(weights: u64) -> String {
    counted(weights, &["", "thousand", "million", "billion", "trillion"])
        .trim_end()
        .to_owned()
}

/// A number with its thousands apart: `40,960`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "three digits of it are shown")]
fn counted(number: u64, units: &[&str]) -> String {
    let mut value = number as f64;
    let mut units = units.iter();
    let mut unit = units.next().copied().unwrap_or_default();
    if number < 1000 {
        return format!("{number} {unit}");
    }
    // What would round up to a thousand is one of the next unit.
    for next in units {
        if value < 999.5 {
            break;
        }
        (value, unit) = (value / 1000.0, next);
    }
    match value {
        value if value < 9.995 => format!("{value:.2} {unit}"),
        value if value < 99.95 => format!("{value:.1} {unit}"),
        value => format!("{value:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits_that_count() {
        for (number, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.00 kB"),
            (99_960, "100 kB"),
            (999_600, "1.00 MB"),
            (918_000_000, "918 MB"),
            (12_340_000_000, "12.3 GB"),
        ] {
            assert_eq!(bytes(number), expected);
        }
        assert_eq!(weights(134_515_008), "135 million");
        assert_eq!(weights(46_702_792_704), "46.7 billion");
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, expected) in [
            (7, "7"),
            (512, "512"),
            (40_960, "40,960"),
            (1_000_000, "1,000,000"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }
}
