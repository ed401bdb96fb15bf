//! Device identifiers in the element strings of GS1 (General Specifications, section 3), as labels
//! of medical devices bear them for people to read: `(01)` the product, `(21)` its serial number.

use super::{Anchor, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "gs1_element_string",
    kind: EntityKind::DeviceId,
    anchor: Anchor::Literals(&["(01)"]),
    after: 96,
    pattern: r"\(01\) ?[0-9]{14}(?: ?\([0-9]{2,4}\) ?[A-Za-z0-9./-]{1,20}){1,6}",
    // The product alone is nobody's; a lot or a serial number leads to one device.
    validate: |candidate| {
        let value = candidate.value();
        Verdict::plausible_if(["(10)", "(21)"].iter().any(|field| value.contains(field)))
    },
    check: "a lot or serial number",
    score: 0.8,
    examples: &[
        "UDI (01)09506000134352(17)270101(10)A123(21)B456",
        "(01) 09506000134352 (21) 1234567",
    ],
    counter_examples: &[
        "(01)09506000134352",
        "(01)09506000134352(17)270101",
        "(01)1234(21)5",
    ],
    ..Recognizer::BASE
}];
