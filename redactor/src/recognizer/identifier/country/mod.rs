//! The numbers of each country, a file each; [`worldwide`] holds those of no one country.

mod de;
mod us;
mod worldwide;

use super::{Compact, Identifier, free, written};

/// Every table.
pub(super) const ALL: &[&[Identifier]] = &[de::ROWS, us::ROWS, worldwide::ROWS];
