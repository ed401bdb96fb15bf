//! Check digits: pure functions from characters to "right" or "wrong", a file each.

mod iso7064;
mod luhn;
mod mod97;

pub(crate) use iso7064::mod_11_10;
pub(crate) use luhn::luhn;
pub(crate) use mod97::mod_97_10;
