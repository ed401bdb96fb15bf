//! Originals inside base64 and hexadecimal.
//!
//! Digits are read into a register, and at each of them the filter is asked about the four bytes
//! that may begin there. A digit of base64 holds six bits, so a byte may begin with its first,
//! third or fifth bit; one of hexadecimal holds half a byte. So it does not matter where the
//! encoded text begins, nor what stands before the original in it.

use std::{iter, mem, ops::Range};

use super::{
    needle::{MAX_LENGTH, Needle, Needles},
    view::hex_digit,
};

/// Shorter originals turn up by chance in any image, in bytes.
const MIN_LENGTH: usize = 5;

/// A way to write bytes with a few digits.
pub(super) struct Packing {
    pub(super) name: &'static str,
    /// The value of each character, [`NO_DIGIT`] for those that are none.
    digits: [u8; 256],
    /// Bits of a digit.
    width: u32,
    /// Digits that hold four bytes, wherever in the first one they begin.
    enough: usize,
    /// Bits of these that are more than four bytes have.
    spare: u32,
    /// Digits without which no original of [`MIN_LENGTH`] is whole.
    least: usize,
    /// Bits of the first digit that may belong to what stands before.
    skips: &'static [u32],
}

const NO_DIGIT: u8 = u8::MAX;

/// Base64 in both alphabets (RFC 4648 sections 4 and 5).
pub(super) static BASE64: Packing = Packing {
    name: "base64",
    digits: table(true),
    width: 6,
    enough: 6,
    spare: 4,
    least: (8 * MIN_LENGTH).div_ceil(6),
    skips: &[0, 2, 4],
};

/// Hexadecimal in either case (RFC 4648 section 8).
pub(super) static HEX: Packing = Packing {
    name: "hex",
    digits: table(false),
    width: 4,
    enough: 8,
    spare: 0,
    least: (8 * MIN_LENGTH).div_ceil(4),
    skips: &[0],
};

impl Packing {
    /// The first original of `bytes` that is written this way, and the digit it begins in.
    pub(super) fn find<'v>(
        &self,
        needles: &Needles<'v>,
        bytes: &[u8],
    ) -> Option<(Needle<'v>, usize)> {
        let mut runs = self.runs(bytes);
        runs.find_map(|run| self.find_in(needles, bytes.get(..run.end)?, run.start))
    }

    /// The runs of digits that are long enough for an original. Most of the bytes between them are
    /// not looked at.
    fn runs(&self, bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let is_digit = |byte: &u8| self.digit(*byte) != NO_DIGIT;
        let mut from = 0;
        iter::from_fn(move || {
            loop {
                let shortest = bytes.get(from..from + self.least)?;
                if let Some(gap) = shortest.iter().rposition(|byte| !is_digit(byte)) {
                    from += gap + 1;
                    continue;
                }
                let rest = bytes.get(from + self.least..)?.iter();
                let end = from + self.least + rest.take_while(|byte| is_digit(byte)).count();
                return Some(mem::replace(&mut from, end)..end);
            }
        })
    }

    /// The first original in the run of digits that goes from `from` to the end of `bytes`.
    fn find_in<'v>(
        &self,
        needles: &Needles<'v>,
        bytes: &[u8],
        from: usize,
    ) -> Option<(Needle<'v>, usize)> {
        let mut bits = 0_u64;
        for (place, &byte) in bytes.get(from..)?.iter().enumerate() {
            bits = bits << self.width | u64::from(self.digit(byte));
            let Some(start) = (place + 1).checked_sub(self.enough) else {
                continue;
            };
            let start = from + start;
            if start + self.least > bytes.len() {
                break;
            }
            for &skip in self.skips {
                // The lowest 32 bits behind those that are skipped.
                let gram = bits >> (self.spare - skip) & u64::from(u32::MAX);
                let may_begin = u32::try_from(gram).is_ok_and(|gram| needles.may_begin_with(gram));
                if may_begin && let Some(needle) = self.needle(needles, bytes.get(start..)?, skip) {
                    return Some((needle, start));
                }
            }
        }
        None
    }

    /// The original whose bytes begin `skip` bits into the first digit.
    fn needle<'v>(&self, needles: &Needles<'v>, digits: &[u8], skip: u32) -> Option<Needle<'v>> {
        let mut window = [0; MAX_LENGTH];
        let (mut bits, mut held, mut length) = (0_u32, 0, 0);
        for &byte in digits {
            let digit = self.digit(byte);
            if digit == NO_DIGIT {
                break;
            }
            bits = bits << self.width | u32::from(digit);
            held += if held == 0 && length == 0 {
                self.width - skip
            } else {
                self.width
            };
            if held >= 8 {
                held -= 8;
                let Some(next) = window.get_mut(length) else {
                    break;
                };
                *next = (bits >> held & 0xff) as u8;
                length += 1;
            }
        }
        let mut found = needles.at(window.get(..length)?);
        found
            .find(|needle| needle.value.len() >= MIN_LENGTH)
            .copied()
    }

    fn digit(&self, byte: u8) -> u8 {
        self.digits
            .get(usize::from(byte))
            .copied()
            .unwrap_or(NO_DIGIT)
    }
}

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler, which checks the bounds; there are 256 bytes"
)]
const fn table(is_base64: bool) -> [u8; 256] {
    let mut table = [NO_DIGIT; 256];
    let mut byte = 0;
    while byte < table.len() {
        let digit = if is_base64 {
            base64_digit(byte as u8)
        } else {
            hex_digit(byte as u8)
        };
        if let Some(digit) = digit {
            table[byte] = digit;
        }
        byte += 1;
    }
    table
}

const fn base64_digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine,
        engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
    };

    use super::*;
    use crate::EntityKind;

    fn check(packing: &Packing, value: &str, text: &str, expected: Option<usize>) {
        let needles = Needles::new(iter::once((EntityKind::OtherId, value)));
        let found = packing.find(&needles, text.as_bytes());
        assert_eq!(found.map(|(_, at)| at), expected, "{value:?} in {text:?}");
    }

    #[test]
    fn base64_is_read_at_every_alignment_and_in_both_alphabets() {
        for before in ["", "a", "ab", "abc", "abcd"] {
            for value in ["jane@example.com", "??>>~~ü?", "Jane5"] {
                let text = format!("{before}{value}");
                let at = Some(1 + before.len() * 8 / 6);
                for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                    check(&BASE64, value, &format!("={}", engine.encode(&text)), at);
                }
            }
        }
    }

    #[test]
    fn hexadecimal_is_read_in_either_case_and_at_any_place() {
        check(&HEX, "Jane5", "0x4A616e6535", Some(2));
        check(&HEX, "Jane5", "f4A616e6535f", Some(1));
        check(&HEX, "Jane5", "4a616e65 35", None);
    }

    #[test]
    fn short_originals_do_not_count() {
        check(&HEX, "Jane", "4a616e65", None);
        check(&BASE64, "Jane", &STANDARD_NO_PAD.encode("Jane ..."), None);
    }
}
