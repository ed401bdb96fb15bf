//! Addresses of crypto-currency wallets: by checksum whatever the currency, else by shape and
//! context.
//!
//! `Base58Check` and Bech32 carry at least 30 bits of checksum, so that nothing else passes: no list
//! of currencies is needed. Not caught: addresses without a checksum and without a word for them.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::{
    EntityKind,
    checksum::{BITCOIN, RIPPLE, base58, base58_check, bech32, eip55, is_monero},
};

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "crypto_base58",
        pattern: r"\b[1-9A-HJ-NP-Za-km-z]{25,36}\b",
        validate: |candidate| Verdict::certain_if(is_base58_address(candidate.value())),
        check: "Base58Check (double SHA-256)",
        examples: &[
            "pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa today",
            "wallet: 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            "?to=rrrrrrrrrrrrrrrrrrrrrhoLvTp&x=1",
        ],
        counter_examples: &[
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "crypto_bech32",
        anchor: Anchor::Token(25),
        pattern: r"(?i)\b[a-z][a-z_]{0,14}1[02-9ac-hj-np-z]{20,110}\b",
        validate: |candidate| Verdict::certain_if(bech32(candidate.value())),
        check: "Bech32 or Bech32m checksum",
        examples: &[
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "TB1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KXPJZSX",
        ],
        counter_examples: &["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"],
        ..ADDRESS
    },
    Recognizer {
        name: "crypto_monero",
        anchor: Anchor::Token(95),
        pattern: r"\b[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?\b",
        validate: |candidate| Verdict::certain_if(is_monero(candidate.value())),
        check: "Keccak-256 checksum",
        examples: &[concat!(
            "send 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VB",
            "BEt7f2wfn3RVGQBEP3A",
        )],
        counter_examples: &[concat!(
            "send 44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VB",
            "BEt7f2wfn3RVGQBEP3B",
        )],
        ..ADDRESS
    },
    Recognizer {
        name: "crypto_ethereum",
        anchor: Anchor::Token(42),
        pattern: r"\b0[xX][0-9A-Fa-f]{40}\b",
        validate: ethereum,
        check: "EIP-55 letter case, or a word for it",
        score: 0.6,
        examples: &[
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "from 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        ],
        counter_examples: &[
            "0x0000000000000000000000000000000000000000",
            "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00",
            "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        ],
        ..ADDRESS
    },
    Recognizer {
        name: "crypto_solana",
        anchor: Anchor::Token(32),
        pattern: r"\b[1-9A-HJ-NP-Za-km-z]{32,44}\b",
        validate: solana,
        context: &["solana", "sol ", "phantom", "spl", "wallet", "pubkey"],
        check: "32 bytes of base 58",
        score: 0.2,
        examples: &["my Solana wallet: EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"],
        counter_examples: &["id EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"],
        ..ADDRESS
    },
];

const ADDRESS: Recognizer = Recognizer {
    kind: EntityKind::Crypto,
    anchor: Anchor::Token(25),
    after: 0,
    ..Recognizer::BASE
};

/// A version of one byte (two for Zcash) and a hash of twenty.
fn is_base58_address(text: &str) -> bool {
    let has_length = |decoded: Vec<u8>| matches!(decoded.len(), 21 | 22);
    base58_check(text, BITCOIN).is_some_and(has_length)
        || text.starts_with('r') && base58_check(text, RIPPLE).is_some_and(has_length)
}

fn ethereum(candidate: &Candidate<'_>) -> Verdict {
    let digits = candidate.value().get(2..).unwrap_or_default();
    let is_zero = digits.bytes().all(|b| b == b'0');
    let is_mixed = digits.bytes().any(|b| b.is_ascii_lowercase())
        && digits.bytes().any(|b| b.is_ascii_uppercase());
    match () {
        () if is_zero => Verdict::Reject,
        () if is_mixed => Verdict::certain_if(eip55(digits)),
        () => Verdict::Plausible,
    }
}

/// An Ed25519 public key has 32 bytes and no checksum.
fn solana(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_key = base58(value, BITCOIN).is_some_and(|bytes| bytes.len() == 32);
    let is_mixed = value.bytes().any(|b| b.is_ascii_digit())
        && value.bytes().any(|b| b.is_ascii_lowercase())
        && value.bytes().any(|b| b.is_ascii_uppercase());
    Verdict::plausible_if(is_mixed && is_key)
}
