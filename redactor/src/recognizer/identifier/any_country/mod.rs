//! Numbers that many countries and companies give, known by what they are called.
//!
//! They have no shape or check of their own, so that the name has to stand right beside them. The
//! tables hold the names in the languages of Europe, and the commonest of Asia. A number of a known
//! country that has a row of its own is found there with more certainty.

mod account;
mod device;
mod driver;
mod identity;
mod licence;
mod medical;
mod passport;
mod record;
mod tax;
mod vehicle;

use super::{Compact, Identifier, free, written};

/// Every table.
pub(super) const ALL: &[&[Identifier]] = &[
    account::ROWS,
    device::ROWS,
    passport::ROWS,
    driver::ROWS,
    identity::ROWS,
    tax::ROWS,
    licence::ROWS,
    medical::ROWS,
    record::ROWS,
    vehicle::ROWS,
];

/// True with at least four digits: fewer are a word with a number behind it.
fn is_number(number: &Compact) -> bool {
    number.digit_count() >= 4
}
