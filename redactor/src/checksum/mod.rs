//! Check digits: pure functions from characters to "right" or "wrong", a file each.

mod base58;
mod bech32;
mod ean;
mod eip55;
mod icao_731;
mod iso7064;
mod luhn;
mod mod11;
mod mod97;
mod verhoeff;

pub(crate) use base58::{BITCOIN, RIPPLE, base58, base58_check, is_monero};
pub(crate) use bech32::bech32;
pub(crate) use ean::ean;
pub(crate) use eip55::eip55;
pub(crate) use icao_731::icao_731;
pub(crate) use iso7064::{mod_11_2, mod_11_10};
pub(crate) use luhn::{luhn, luhn_sum};
pub(crate) use mod11::mod_11;
pub(crate) use mod97::mod_97_10;
pub(crate) use verhoeff::verhoeff;
