//! Bech32 (BIP 173) and Bech32m (BIP 350): addresses of Bitcoin since `SegWit`, and of many others.

/// True when a text `prefix1data` in one case ends with its checksum, of either kind.
pub(crate) fn bech32(text: &str) -> bool {
    let has_lower = text.bytes().any(|b| b.is_ascii_lowercase());
    let has_upper = text.bytes().any(|b| b.is_ascii_uppercase());
    let Some((prefix, data)) = text.rsplit_once('1') else {
        return false;
    };
    if has_lower && has_upper || prefix.is_empty() || data.len() < CHECKSUM {
        return false;
    }
    let prefix = || prefix.bytes().map(|b| b.to_ascii_lowercase());
    let checksum = prefix()
        .map(|b| b >> 5)
        .chain([0])
        .chain(prefix().map(|b| b & 31))
        .map(Some)
        .chain(data.bytes().map(value))
        .try_fold(1, |checksum, value| Some(step(checksum, value?)));
    matches!(checksum, Some(BECH32 | BECH32M))
}

/// The five bits that a character stands for.
fn value(character: u8) -> Option<u8> {
    let character = character.to_ascii_lowercase();
    let place = ALPHABET.iter().position(|&known| known == character)?;
    u8::try_from(place).ok()
}

/// Takes five bits into the checksum, a remainder over GF(32).
fn step(checksum: u32, value: u8) -> u32 {
    let top = checksum >> 25;
    let shifted = (checksum & 0x01ff_ffff) << 5 ^ u32::from(value);
    GENERATOR
        .iter()
        .enumerate()
        .filter(|&(bit, _)| top >> bit & 1 == 1)
        .fold(shifted, |sum, (_, row)| sum ^ row)
}

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR: [u32; 5] = [
    0x3b6a_57b2,
    0x2650_8e6d,
    0x1ea1_19fa,
    0x3d42_33dd,
    0x2a14_62b3,
];
/// The remainders that mean "right".
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2bc8_30a3;
/// Characters of the checksum.
const CHECKSUM: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_standards_pass() {
        assert!(bech32("A12UEL5L"));
        assert!(bech32("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"));
        assert!(bech32("A1LQFN3A"));
        assert!(bech32(
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
        ));
    }

    #[test]
    fn a_changed_character_or_mixed_case_fails() {
        assert!(!bech32("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T5"));
        assert!(!bech32("bc1qW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"));
        assert!(!bech32("1qqqqqq"));
        assert!(!bech32("bc1b"));
    }
}
