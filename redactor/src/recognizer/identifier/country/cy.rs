//! Cyprus.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Tax Department: eight digits and a letter, modulo 26.
    Identifier {
        name: "cy_tax_number",
        kind: EntityKind::TaxId,
        country: "CY",
        forms: &[written("99999999A", 0.5)],
        check: is_tax_number,
        context: &[
            "tic",
            "tin",
            "αφτ",
            "φπα",
            "vat",
            "tax identification",
            "α.φ.τ",
        ],
        examples: &["TIC 10613665X", "VAT: 17607887V"],
        counter_examples: &["TIC 10613665Y", "VAT: 17607887W"],
    },
    // Civil Registry: up to ten digits, no check.
    Identifier {
        name: "cy_identity_card",
        kind: EntityKind::NationalId,
        country: "CY",
        forms: &[free(6, 10)],
        context: &[
            "δελτιο ταυτοτητασ",
            "αριθμοσ ταυτοτητασ",
            "arc no",
            "identity card",
            "id card",
        ],
        examples: &["αριθμός ταυτότητας: 0001234567", "identity card no. 123456"],
        counter_examples: &["identity card 123", "αριθμός 0001234567"],
        ..Identifier::BASE
    },
];

/// Tax and VAT number, without `CY`. Digits in odd places count by a table.
pub(super) fn is_tax_number(n: &Compact) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let value = |place: usize| match (place % 2, n.value(place)) {
        (0, digit) => ODD.get(digit as usize).copied().unwrap_or_default(),
        (_, digit) => digit,
    };
    let sum: u32 = (0..8).map(value).sum();
    n.len() == 9 && n.is_digits(0, 8) && !n.starts_with("12") && sum % 26 + 10 == n.last()
}
