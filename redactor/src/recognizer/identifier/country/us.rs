//! United States.

use super::{Identifier, free};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Each state has a shape of its own, and few have a check.
    Identifier {
        name: "us_driver_license",
        kind: EntityKind::DriverLicense,
        country: "US",
        forms: &[free(6, 16)],
        context: &[
            "driver license",
            "drivers license",
            "driver's license",
            "driver licence",
            "drivers licence",
            "driver's licence",
            "dl",
            "dl#",
        ],
        examples: &["DL# S847-570-32-175-4", "driver's license: A7278862"],
        counter_examples: &["DL 12345", "license plate order 12345678"],
        ..Identifier::BASE
    },
];
