//! Calling codes of Recommendation ITU-T E.164, and how long the national numbers behind them are.

/// How well digits fit the numbering plan of the calling code that they begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// No such calling code, or more digits than any number behind it has.
    None,
    /// Fewer digits than any number behind the calling code has.
    Short,
    /// A length that numbers behind the calling code have.
    Right,
}

/// Checks the digits of an international number, without its `+` or `00`.
///
/// Leading digits of the national number are not checked: plans open new ranges every month, and
/// invented numbers deserve the same care as real ones.
pub(super) fn fit(digits: &str) -> Fit {
    let Some((length, shortest, longest)) = plan(digits) else {
        return Fit::None;
    };
    let national = digits.get(length..).unwrap_or_default();
    // Many write the trunk prefix although it is not dialled from abroad: +44 020 7946 0018.
    let written = national.len() - usize::from(national.starts_with('0'));
    if national.len() < shortest {
        Fit::Short
    } else if written <= longest {
        Fit::Right
    } else {
        Fit::None
    }
}

/// The length of the calling code, and the lengths of the shortest and longest national number.
fn plan(digits: &str) -> Option<(usize, usize, usize)> {
    // No calling code is the beginning of another.
    (1..=3).find_map(|length| {
        let code: u16 = digits.get(..length)?.parse().ok()?;
        let (shortest, longest, _) = PLANS.iter().find(|(_, _, codes)| codes.contains(&code))?;
        Some((length, *shortest, *longest))
    })
}

/// Shortest and longest national number, and the calling codes that have them. Printed by
/// `redactor/tools/calling_codes.py` from the metadata of libphonenumber 9.0.43 (Apache-2.0).
#[rustfmt::skip]
const PLANS: &[(usize, usize, &[u16])] = &[
    (4, 5, &[290]),
    (4, 7, &[683, 690]),
    (4, 11, &[352]),
    (4, 13, &[43]),
    (5, 5, &[247, 500, 682]),
    (5, 7, &[676, 677, 678, 688]),
    (5, 8, &[686]),
    (5, 9, &[27]),
    (5, 10, &[82, 358, 685]),
    (5, 13, &[49]),
    (6, 6, &[298, 299, 672, 681, 687]),
    (6, 7, &[597]),
    (6, 9, &[40, 252, 359, 376, 421, 508]),
    (6, 10, &[53, 63, 95, 98, 880]),
    (6, 12, &[39]),
    (7, 7, &[238, 239, 246, 248, 269, 291, 297, 501, 592, 673, 674, 679, 680, 691, 692, 960]),
    (7, 8, &[230, 241, 267, 372, 507, 599, 670, 675, 961, 975]),
    (7, 9, &[46, 48, 220, 231, 245, 254, 265, 354, 423, 595, 967]),
    (7, 10, &[243, 353]),
    (7, 11, &[86]),
    (7, 12, &[62, 381, 882]),
    (8, 8, &[
        45, 47, 65, 216, 222, 223, 226, 227, 228, 232, 235, 236, 253, 257, 266, 268, 350, 356,
        357, 370, 371, 373, 374, 382, 386, 389, 502, 503, 504, 505, 506, 509, 591, 598, 689, 800,
        808, 852, 853, 965, 968, 973, 974, 993,
    ]),
    (8, 9, &[
        32, 36, 51, 66, 213, 224, 250, 258, 264, 355, 377, 385, 387, 593, 855, 962, 963, 970,
        971,
    ]),
    (8, 10, &[20, 57, 60, 64, 378, 850, 856, 964, 976, 977]),
    (8, 11, &[886]),
    (8, 12, &[383, 883, 972]),
    (9, 9, &[
        33, 34, 41, 56, 61, 93, 94, 211, 212, 218, 221, 233, 237, 240, 242, 244, 249, 251, 255,
        256, 260, 261, 262, 351, 375, 380, 420, 590, 594, 596, 966, 979, 992, 994, 995, 996, 998,
    ]),
    (9, 10, &[44, 81, 84, 92, 263, 881]),
    (9, 11, &[31]),
    (9, 12, &[870]),
    (10, 10, &[1, 7, 30, 52, 58, 90, 91, 225, 229, 234]),
    (10, 11, &[54, 55]),
    (11, 11, &[888]),
    (12, 12, &[878]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_the_plan_of_their_calling_code() {
        assert_eq!(fit("12025550143"), Fit::Right);
        assert_eq!(fit("442079460018"), Fit::Right);
        assert_eq!(fit("4402079460018"), Fit::Right);
        assert_eq!(fit("29012345"), Fit::Right);
        assert_eq!(fit("1202555014"), Fit::Short);
        assert_eq!(fit("120255501430"), Fit::None);
    }

    #[test]
    fn calling_codes_that_nobody_has_do_not_fit() {
        assert_eq!(fit("2101234567"), Fit::None);
        assert_eq!(fit(""), Fit::None);
    }

    #[test]
    fn no_calling_code_is_listed_twice_or_begins_another() {
        let codes = || {
            PLANS
                .iter()
                .flat_map(|(_, _, codes)| *codes)
                .map(u16::to_string)
        };
        for code in codes() {
            let beginnings = codes().filter(|other| other.starts_with(&code)).count();
            assert_eq!(beginnings, 1, "{code}");
        }
    }
}
