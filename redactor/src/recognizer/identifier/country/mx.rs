//! Mexico.

use super::{Compact, Identifier, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Registro Nacional de Poblacion, Instructivo normativo para la asignacion de la CURP (2018).
    Identifier {
        name: "mx_curp",
        kind: EntityKind::NationalId,
        country: "MX",
        forms: &[written("AAAA~999999~AAAAAA~*9", 0.7)],
        check: |n| {
            // The check counts in base 37, where N with a tilde stands between N and O.
            let value = |place| match n.at(place) {
                b'O'..=b'Z' => n.value(place) + 1,
                _ => n.value(place),
            };
            let sum: u32 = (0..17)
                .zip((2..=18).rev())
                .map(|(place, weight)| value(place) * weight)
                .sum();
            matches!(n.at(10), b'H' | b'M' | b'X')
                && n.is_yymmdd(4)
                && (10 - sum % 10) % 10 == n.last()
        },
        context: &["curp", "clave unica", "poblacion"],
        examples: &["CURP: BOXW310820HNERXN09", "soy boxw310820hnerxn09"],
        counter_examples: &[
            "BOXW310820HNERXN08",
            "BOXW311320HNERXN09",
            "BOXW310820KNERXN09",
        ],
    },
    // Servicio de Administracion Tributaria, RFC of persons: letters of the name, the birth date.
    Identifier {
        name: "mx_rfc_person",
        kind: EntityKind::TaxId,
        country: "MX",
        forms: &[written("AAAA~999999~***", 0.55)],
        check: |n| n.is_yymmdd(4) && is_rfc_check_character(n),
        context: RFC,
        examples: &["RFC: GODE561231GR8", "GODE-561231-GR8"],
        counter_examples: &["GODE561331GR8", "GODE561231GRZ"],
    },
    // The same of companies: three letters, the date of foundation.
    Identifier {
        name: "mx_rfc_company",
        kind: EntityKind::TaxId,
        country: "MX",
        forms: &[written("AAA~999999~***", 0.4)],
        check: |n| n.is_yymmdd(3) && is_rfc_check_character(n),
        context: RFC,
        examples: &["RFC MAB930714-8T4", "mab9307148t4"],
        counter_examples: &["RFC MAB931314-8T4", "file MAB9307148T4 here"],
    },
    // Instituto Mexicano del Seguro Social: Luhn.
    Identifier {
        name: "mx_nss",
        kind: EntityKind::NationalId,
        country: "MX",
        forms: &[written("99~99~99~9999~9", 0.25)],
        check: |n| !n.is_monotone() && luhn(n.as_str()),
        context: &["nss", "imss", "seguro social"],
        examples: &[
            "NSS 12345678903",
            "Número de Seguro Social: 12-34-56-7890-3",
        ],
        counter_examples: &["NSS 12345678901", "total 12345678903"],
    },
    // Asociacion de Bancos de Mexico, CLABE: weights 3 7 1, each product modulo 10.
    Identifier {
        name: "mx_clabe",
        kind: EntityKind::BankAccount,
        country: "MX",
        forms: &[written("999~999~99999999999~9", 0.35)],
        check: |n| {
            let sum: u32 = (0..17)
                .zip([3, 7, 1].into_iter().cycle())
                .map(|(place, weight)| n.value(place) * weight % 10)
                .sum();
            !n.is_monotone() && (10 - sum % 10) % 10 == n.last()
        },
        context: &["clabe", "cuenta", "transferencia", "spei", "interbancaria"],
        examples: &["CLABE 032180000118359719", "032180000118359719"],
        counter_examples: &["CLABE 032180000118359718", "nonce 032180000118359719 ok"],
    },
    // Instituto Nacional Electoral: consonants of the name, birth date, state, sex.
    Identifier {
        name: "mx_voter_key",
        kind: EntityKind::NationalId,
        country: "MX",
        forms: &[written("AAAAAA99999999A999", 0.6)],
        check: |n| {
            n.is_yymmdd(6)
                && matches!(n.number(12, 14), 1..=33 | 87 | 88)
                && matches!(n.at(14), b'H' | b'M')
        },
        context: &["clave de elector", "ine", "ife", "elector"],
        examples: &["Clave de elector GMVLMR80070501M100"],
        counter_examples: &["GMVLMR80130501M100", "GMVLMR80070501Q100"],
    },
];

const RFC: &[&str] = &["rfc", "registro federal", "contribuyente"];

/// The last character of a check modulo 11 is a digit or an `A`; the two before tell homonyms apart.
fn is_rfc_check_character(number: &Compact) -> bool {
    let last = number.at(number.len() - 1);
    last.is_ascii_digit() || last == b'A'
}
