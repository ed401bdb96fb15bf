//! Numbers that no one country gives.

use super::{Identifier, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // 3GPP TS 23.003, section 6.2.
    Identifier {
        name: "imei",
        kind: EntityKind::DeviceId,
        forms: &[
            written("99-999999-999999-9", 0.6),
            written("999999999999999", 0.3),
        ],
        check: |n| !n.is_monotone() && luhn(n.as_str()),
        context: &["imei"],
        examples: &["IMEI 49-015420-323751-8", "IMEI: 490154203237518"],
        counter_examples: &["IMEI 490154203237519", "IMEI 000000000000000"],
        ..Identifier::BASE
    },
];
