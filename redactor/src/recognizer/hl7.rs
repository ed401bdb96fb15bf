//! Identifiers and people in messages of HL7 version 2, where fields have places instead of names.
//!
//! A field is what stands between two `|`, a component what stands between two `^`; see HL7 2.5.1,
//! sections 2.A.14 (CX, extended identifiers), 3.4.2 (PID, the patient), 3.4.5 (NK1, kin), 6.5.5
//! (GT1, guarantor) and 6.5.6 (IN1, insurance). Not caught: messages with other separators.

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
    // XPN, XCN: the patient, kin, guarantor, insured, attending and ordering physician.
    Recognizer {
        name: "hl7_person",
        kind: EntityKind::Person,
        pattern: concat!(
            r"\b(?:PID(?:\|[^|\r\n]*){4}|NK1(?:\|[^|\r\n]*){1}|GT1(?:\|[^|\r\n]*){2}|IN1(?:\|[^|\r\n]*){15}",
            r"|PV1(?:\|[^|\r\n]*){6}|OBR(?:\|[^|\r\n]*){15})\|([^|\r\n]*[^|\r\n^~][^|\r\n]*)",
        ),
        validate: has_components,
        check: "the parts of a name",
        examples: &[
            "PID|1||4711^^^H||DOE^JANE^Q||19800101|F",
            "NK1|1|DOE^JOHN|SPO",
            "PV1|1|I|W^389^1||||1234^ROE^BOB",
        ],
        counter_examples: &[
            "PID|1||4711||DOE||19800101",
            "NK1|1||SPO^SPOUSE",
            "RAPID|1||2||A^B",
        ],
        ..FIELD
    },
    // XAD.
    Recognizer {
        name: "hl7_address",
        kind: EntityKind::Address,
        pattern: concat!(
            r"\b(?:PID(?:\|[^|\r\n]*){10}|NK1(?:\|[^|\r\n]*){3}|GT1(?:\|[^|\r\n]*){4})",
            r"\|([^|\r\n]*[^|\r\n^~][^|\r\n]*)",
        ),
        validate: has_components,
        check: "the parts of an address",
        examples: &[
            "PID|1||4711||DOE^JANE||19800101|F|||12 OAK ST^^DENVER^CO^80202||3035550143",
            "NK1|1|DOE^JOHN|SPO|12 OAK ST^^DENVER^CO^80202",
        ],
        counter_examples: &["PID|1||4711||DOE^JANE||19800101|F||12 OAK ST^^DENVER|"],
        ..FIELD
    },
    // XTN.
    Recognizer {
        name: "hl7_phone",
        kind: EntityKind::Phone,
        pattern: concat!(
            r"\b(?:PID(?:\|[^|\r\n]*){12,13}|NK1(?:\|[^|\r\n]*){4}|GT1(?:\|[^|\r\n]*){5})",
            r"\|([^|\r\n]+)",
        ),
        validate: |candidate| {
            let digits = candidate.value().bytes().filter(u8::is_ascii_digit);
            Verdict::plausible_if(digits.count() >= 7)
        },
        check: "seven digits or more",
        examples: &[
            "PID|1||4711||DOE^JANE||19800101|F|||A^B||3035550143",
            "NK1|1|A^B|SPO|C^D|3035550144^PRN",
        ],
        counter_examples: &[
            "PID|1||4711||DOE^JANE||19800101|F|||A^B||303",
            "NK1|1|A^B|SPO|3035550144",
        ],
        ..FIELD
    },
];

/// What rows for fields of people share: the segments of the patient, kin, guarantor, insurance,
/// visit and order.
const FIELD: Recognizer = Recognizer {
    anchor: Anchor::Literals(&["PID|", "NK1|", "GT1|", "IN1|", "PV1|", "OBR|"]),
    after: 512,
    score: 0.7,
    ..Recognizer::BASE
};

const ID: Recognizer = Recognizer {
    kind: EntityKind::HealthId,
    validate: has_digits,
    check: "three digits or more",
    score: 0.7,
    ..Recognizer::BASE
};

fn has_components(candidate: &Candidate<'_>) -> Verdict {
    Verdict::plausible_if(candidate.value().contains('^'))
}

fn has_digits(candidate: &Candidate<'_>) -> Verdict {
    let digits = candidate.value().chars().filter(char::is_ascii_digit);
    Verdict::plausible_if(digits.count() >= 3)
}
