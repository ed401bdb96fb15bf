//! Base58 with a checksum: Bitcoin and its kin (Bitcoin developer reference, "`Base58Check`
//! encoding"), and the blocks that Monero uses (`CryptoNote` standard 007).

use sha2::{Digest, Sha256};
use sha3::Keccak256;

/// The alphabet of Bitcoin, Litecoin, Dogecoin, Tron, Solana and most others.
pub(crate) const BITCOIN: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The alphabet of Ripple (XRP Ledger).
pub(crate) const RIPPLE: &[u8; 58] = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// The bytes of a number written to base 58, or `None` for a character outside of the alphabet.
///
/// Time grows with the square of the length: callers keep it under some hundred characters.
pub(crate) fn base58(text: &str, alphabet: &[u8; 58]) -> Option<Vec<u8>> {
    // Little-endian.
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for character in text.bytes() {
        let mut carry = alphabet.iter().position(|&known| known == character)?;
        for byte in &mut bytes {
            carry += usize::from(*byte) * 58;
            *byte = low_byte(carry);
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push(low_byte(carry));
            carry >>= 8;
        }
    }
    let zero = alphabet.first().copied();
    let zeros = text.bytes().take_while(|&c| Some(c) == zero).count();
    bytes.resize(bytes.len() + zeros, 0);
    bytes.reverse();
    Some(bytes)
}

/// The version and payload when the last four bytes are those of their double SHA-256.
pub(crate) fn base58_check(text: &str, alphabet: &[u8; 58]) -> Option<Vec<u8>> {
    let mut bytes = base58(text, alphabet)?;
    let length = bytes.len().checked_sub(CHECKSUM)?;
    let checksum = bytes.split_off(length);
    let digest = Sha256::digest(Sha256::digest(&bytes));
    digest.starts_with(&checksum).then_some(bytes)
}

/// True for a Monero address: blocks of eleven characters for eight bytes, the last of seven for
/// five, and the first four bytes of the Keccak-256 of all that precedes them at the end.
pub(crate) fn is_monero(text: &str) -> bool {
    let mut bytes = Vec::with_capacity(77);
    for block in text.as_bytes().chunks(11) {
        let size = match block.len() {
            11 => 8,
            7 => 5,
            _ => return false,
        };
        let number = block.iter().try_fold(0_u128, |number, character| {
            let digit = BITCOIN.iter().position(|known| known == character)?;
            Some(number * 58 + digit as u128)
        });
        let Some(number) = number.filter(|number| number >> (8 * size) == 0) else {
            return false;
        };
        bytes.extend(number.to_be_bytes().into_iter().skip(16 - size));
    }
    let Some((body, checksum)) = bytes.split_last_chunk::<CHECKSUM>() else {
        return false;
    };
    Keccak256::digest(body).starts_with(checksum)
}

/// How many bytes of a digest stand at the end.
const CHECKSUM: usize = 4;

#[expect(clippy::cast_possible_truncation, reason = "the mask leaves one byte")]
const fn low_byte(number: usize) -> u8 {
    (number & 0xff) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(base58("112", BITCOIN), Some(vec![0, 0, 1]));
        assert_eq!(base58("5Q", BITCOIN), Some(vec![255]));
        assert_eq!(base58("0", BITCOIN), None);
    }

    /// The first address of all, of block 0.
    #[test]
    fn a_bitcoin_address_has_a_version_and_twenty_bytes() {
        let decoded = base58_check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", BITCOIN).unwrap();
        assert_eq!((decoded.len(), decoded[0]), (21, 0));
        assert!(base58_check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", BITCOIN).is_none());
    }

    /// The account that the XRP Ledger documents as `ACCOUNT_ZERO`.
    #[test]
    fn ripple_has_an_alphabet_of_its_own() {
        assert_eq!(
            base58_check("rrrrrrrrrrrrrrrrrrrrrhoLvTp", RIPPLE),
            Some(vec![0; 21])
        );
    }

    /// The donation address of the Monero project, as published.
    #[test]
    fn monero_addresses_end_with_a_checksum() {
        let address = concat!(
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VB",
            "BEt7f2wfn3RVGQBEP3A",
        );
        assert!(is_monero(address));
        assert!(!is_monero(&address.replace("BEP3A", "BEP3B")));
        assert!(!is_monero(""));
    }
}
