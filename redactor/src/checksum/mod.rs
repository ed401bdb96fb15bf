//! Check digits: pure functions from characters to "right" or "wrong", a file each.

mod base58;
mod bech32;
mod eip55;
mod iso7064;
mod luhn;
mod mod97;

pub(crate) use base58::{BITCOIN, RIPPLE, base58, base58_check, is_monero};
pub(crate) use bech32::bech32;
pub(crate) use eip55::eip55;
pub(crate) use iso7064::mod_11_10;
pub(crate) use luhn::luhn;
pub(crate) use mod97::mod_97_10;
