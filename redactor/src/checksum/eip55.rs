//! EIP-55: the case of the letters of an Ethereum address is its checksum.

use sha3::{Digest, Keccak256};

/// True when each letter of the forty hexadecimal digits is a capital exactly where the Keccak-256
/// of the digits in lower case has a nibble of eight or more.
pub(crate) fn eip55(digits: &str) -> bool {
    let digest = Keccak256::digest(digits.to_ascii_lowercase());
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .bytes()
        .zip(nibbles)
        .all(|(digit, nibble)| digit.is_ascii_digit() || digit.is_ascii_uppercase() == (nibble > 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_standard_pass() {
        assert!(eip55("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
        assert!(eip55("52908400098527886E0F7030069857D2E4169EE7"));
    }

    #[test]
    fn another_case_fails() {
        assert!(!eip55("5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
        assert!(!eip55("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
    }
}
