//! Check digits: pure functions from characters to "right" or "wrong", a file each.

mod luhn;
mod mod97;

pub(crate) use luhn::luhn;
pub(crate) use mod97::mod_97_10;
