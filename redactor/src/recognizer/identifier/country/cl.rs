//! Chile.

use super::{Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Servicio de Registro Civil, RUN and RUT: modulo 11, K for ten.
    Identifier {
        name: "cl_rut",
        kind: EntityKind::NationalId,
        country: "CL",
        forms: &[
            written("9{1,2}-999-999-*", 0.55),
            written("9{7,8}-*", 0.4),
            written("9{7,8}*", 0.2),
        ],
        check: |n| {
            let last = n.len() - 1;
            let weights = (2..=7).cycle();
            let sum: u32 = (0..last)
                .rev()
                .zip(weights)
                .map(|(place, weight)| n.value(place) * weight)
                .sum();
            let check = match 11 - sum % 11 {
                11 => b'0',
                10 => b'K',
                digit => b"0123456789"
                    .get(digit as usize)
                    .copied()
                    .unwrap_or_default(),
            };
            !n.is_monotone() && n.at(last) == check
        },
        context: &["rut", "run", "rol unico", "cedula"],
        examples: &[
            "RUT 12.531.909-2",
            "mi RUT es 12531909-2",
            "la 42.891.774-K",
        ],
        counter_examples: &["RUT 12.531.909-3", "RUT 42.891.774-A", "de 125319092"],
    },
];
