//! Identifiers in messages of HL7 version 2, where fields have places instead of names.
//!
//! A field is what stands between two `|`, a component what stands between two `^`; see HL7 2.5.1,
//! sections 2.A.14 (CX, extended identifiers) and 3.4.2 (PID, the patient).

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    // An identifier and who assigned it, in any segment: patient, visit, account, order.
    Recognizer {
        name: "hl7_assigned_identifier",
        anchor: Anchor::Literals(&["^^^"]),
        before: 40,
        pattern: r"[|~]([A-Za-z0-9-]{4,40})\^\^\^",
        examples: &[
            "PID|1||00450177^^^HOSP^MR||DOE^JANE",
            "PV1|1|I|WARD^1|||||||||||||||V0123456^^^HOSP",
            "PID|1||12345^^^A~98765^^^B",
        ],
        counter_examples: &["DOE^JANE^^^", "OBX|1|NM|HR^^^", "a^^^12345"],
        ..ID
    },
    Recognizer {
        name: "hl7_patient_identifier",
        anchor: Anchor::Literals(&["PID|"]),
        pattern: r"\bPID\|[^|\r\n]*\|[^|\r\n]*\|([A-Za-z0-9-]{4,40})[\^|~]",
        examples: &["PID|1||00450177||DOE^JANE", "PID|||A-123456^5^M11"],
        counter_examples: &["PID|1||DOE^JANE|", "RAPID|1||00450177|"],
        ..ID
    },
    // PID-19, behind eighteen fields.
    Recognizer {
        name: "hl7_patient_ssn",
        kind: EntityKind::NationalId,
        anchor: Anchor::Literals(&["PID|"]),
        after: 1024,
        pattern: r"\bPID(?:\|[^|\r\n]*){18}\|([0-9]{9})\b",
        examples: &["PID|1||A1||DOE^JANE||19800101|F|||||||||||078051120|"],
        counter_examples: &["PID|1||A1||DOE^JANE||19800101|F||||||||||078051120|"],
        ..ID
    },
];

const ID: Recognizer = Recognizer {
    kind: EntityKind::HealthId,
    validate: has_digits,
    check: "three digits or more",
    score: 0.7,
    ..Recognizer::BASE
};

fn has_digits(candidate: &Candidate<'_>) -> Verdict {
    let digits = candidate.value().chars().filter(char::is_ascii_digit);
    Verdict::plausible_if(digits.count() >= 3)
}
