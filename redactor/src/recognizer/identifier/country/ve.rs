//! Venezuela.

use super::{Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // SENIAT, Providencia 0073 (RIF): a kind of holder, weights modulo 11.
    Identifier {
        name: "ve_rif",
        kind: EntityKind::TaxId,
        country: "VE",
        forms: &[written("A-99999999-9", 0.55), written("A~99999999~9", 0.3)],
        check: |n| {
            let holder = match n.at(0) {
                b'V' => 4,
                b'E' => 8,
                b'J' | b'C' => 12,
                b'P' => 16,
                b'G' => 20,
                _ => return false,
            };
            let sum = (holder + n.weighted(&[0, 3, 2, 7, 6, 5, 4, 3, 2])) % 11;
            n.last() == if sum < 2 { 0 } else { 11 - sum }
        },
        context: &["rif", "seniat", "registro de informacion fiscal"],
        examples: &["RIF V-11470283-4", "rif: J862830830"],
        counter_examples: &["RIF V-11470283-3", "RIF X-11470283-4"],
    },
    // SAIME: V for citizens, E for foreigners.
    Identifier {
        name: "ve_cedula",
        kind: EntityKind::NationalId,
        country: "VE",
        forms: &[written("A~9{1,2}~999~999", 0.2)],
        check: |n| matches!(n.at(0), b'V' | b'E'),
        context: &["cedula", "ci", "identidad"],
        examples: &["cédula V-12.345.678", "C.I.: E81234567"],
        counter_examples: &["V-12.345.678", "C.I. W12345678"],
    },
];
