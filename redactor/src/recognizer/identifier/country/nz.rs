//! New Zealand.

use super::{Compact, Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Inland Revenue, Resident Withholding Tax specification: two rounds modulo 11.
    Identifier {
        name: "nz_ird",
        kind: EntityKind::TaxId,
        country: "NZ",
        forms: &[written("9{2,3}-999-999", 0.35), written("9{8,9}", 0.25)],
        check: is_ird,
        context: &["ird", "inland revenue", "gst"],
        examples: &["IRD 49-091-850", "IRD number: 136410132"],
        counter_examples: &["IRD 136 410 133", "IRD 09-125-568", "id 49091850"],
    },
    // HISO 10046 (NHI): three letters without I and O; modulo 11, in the new format modulo 23.
    Identifier {
        name: "nz_nhi",
        kind: EntityKind::HealthId,
        country: "NZ",
        forms: &[written("AAA9999", 0.25), written("AAA99A*", 0.3)],
        check: is_nhi,
        context: &["nhi", "national health index", "patient", "hospital number"],
        examples: &["NHI ZAC5361", "NHI: ZBN77VL"],
        counter_examples: &["NHI ZAC5362", "NHI IAC5361", "model ZAC5361"],
    },
    // Payments NZ: bank, branch, account, suffix.
    Identifier {
        name: "nz_bank_account",
        kind: EntityKind::BankAccount,
        country: "NZ",
        forms: &[written("99-9999-9999999-9{2,3}", 0.55)],
        check: |n| matches!(n.number(0, 2), 1..=38 | 88),
        context: &["account", "bank", "kiwibank"],
        examples: &["account 01-0902-0068389-00", "12-3140-0171323-050"],
        counter_examples: &["60-0902-0068389-00", "01-0902-006838-00"],
    },
];

/// 10,000,000 to 150,000,000; where the first weights leave 10, the second decide.
fn is_ird(number: &Compact) -> bool {
    // Numbers of eight digits count as if a zero stood before them.
    let weighted = |weights: [u32; 8]| {
        let from = weights.get(9 - number.len()..).unwrap_or_default();
        number.weighted(from) % 11
    };
    let close = |sum| if sum == 0 { 0 } else { 11 - sum };
    let first = close(weighted([3, 2, 7, 6, 5, 4, 3, 2]));
    let check = if first == 10 {
        close(weighted([7, 4, 3, 2, 5, 2, 7, 6]))
    } else {
        first
    };
    let value = number.number(0, number.len());
    (10_000_000..=150_000_000).contains(&value) && check == number.last()
}

fn is_nhi(number: &Compact) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let value = |place: usize| match number.at(place) {
        digit @ b'0'..=b'9' => Some(u32::from(digit - b'0')),
        letter => (1..)
            .zip(LETTERS)
            .find(|&(_, known)| *known == letter)
            .map(|(value, _)| value),
    };
    let sum = (0..6)
        .zip((2..=7).rev())
        .try_fold(0, |sum, (place, weight)| {
            value(place).map(|value| sum + value * weight)
        });
    let (Some(sum), Some(last)) = (sum, value(6)) else {
        return false;
    };
    if number.at(6).is_ascii_digit() {
        sum % 11 != 0 && (11 - sum % 11) % 10 == last
    } else {
        23 - sum % 23 == last
    }
}
