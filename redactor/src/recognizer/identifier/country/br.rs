//! Brazil.

use super::{Compact, Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Receita Federal, Instrucao Normativa RFB 2172/2024: two digits modulo 11.
    Identifier {
        name: "br_cpf",
        kind: EntityKind::NationalId,
        country: "BR",
        forms: &[
            written("999-999-999-99", 0.6),
            written("999999999-99", 0.5),
            written("99999999999", 0.3),
        ],
        check: |n| !n.is_monotone() && is_mod_11(n, 9, 11) && is_mod_11(n, 10, 11),
        context: &["cpf", "cadastro de pessoa", "pessoa fisica", "contribuinte"],
        examples: &[
            "CPF: 123.456.789-09",
            "o número 123.456.789-09",
            "cpf=12345678909",
        ],
        counter_examples: &[
            "CPF 123.456.789-08",
            "CPF 111.111.111-11",
            "pedido 12345678909",
        ],
    },
    // Instrucao Normativa RFB 2229/2024: letters from July 2026, which count as their ASCII code
    // less 48.
    Identifier {
        name: "br_cnpj",
        kind: EntityKind::TaxId,
        country: "BR",
        forms: &[
            written("**-***-***-****-99", 0.6),
            written("99999999999999", 0.35),
            written("************99", 0.15),
        ],
        check: |n| !n.is_monotone() && is_mod_11(n, 12, 9) && is_mod_11(n, 13, 9),
        context: &["cnpj", "cadastro nacional", "pessoa juridica"],
        examples: &[
            "CNPJ 12.345.678/0001-95",
            "CNPJ: 12.ABC.345/01DE-35",
            "cnpj <- 12345678000195",
        ],
        counter_examples: &["CNPJ 12.345.678/0001-96", "id 12345678000195"],
    },
    // Caixa Economica Federal, PIS/PASEP, NIT and NIS: weights modulo 11.
    Identifier {
        name: "br_pis",
        kind: EntityKind::NationalId,
        country: "BR",
        forms: &[written("999-99999-99-9", 0.5), written("99999999999", 0.25)],
        check: |n| {
            let sum = n.weighted(&[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            !n.is_monotone() && n.last() == if sum < 2 { 0 } else { 11 - sum }
        },
        context: &["pis", "pasep", "nit", "nis", "trabalhador"],
        examples: &["PIS/PASEP: 120.12345.67-2", "NIS 12012345672"],
        counter_examples: &["PIS 120.12345.67-3", "id 12012345672"],
    },
    // Tribunal Superior Eleitoral, Resolucao 23.659/2021: state, and two digits modulo 11.
    Identifier {
        name: "br_voter",
        kind: EntityKind::NationalId,
        country: "BR",
        forms: &[written("9999~9999~9999", 0.2)],
        check: |n| {
            // Sao Paulo (01) and Minas Gerais (02) write 1 where the others write 0.
            let state = n.number(8, 10);
            let digit = |sum: u32| match sum % 11 {
                0 if state < 3 => 1,
                rest => rest % 10,
            };
            let first = digit(n.weighted(&[2, 3, 4, 5, 6, 7, 8, 9]));
            let second = digit(n.weighted(&[0, 0, 0, 0, 0, 0, 0, 0, 7, 8, 9]));
            (1..=28).contains(&state) && n.value(10) == first && n.value(11) == second
        },
        context: &[
            "titulo de eleitor",
            "titulo eleitor",
            "eleitor",
            "inscricao eleitoral",
        ],
        examples: &[
            "Título de eleitor 1023 8501 0671",
            "título eleitoral: 102385010671",
        ],
        counter_examples: &["Título de eleitor 1023 8501 0672", "id 102385010671"],
    },
    // Denatran, Portaria 1515/2018 (CNH): two digits modulo 11, the second corrected by the first.
    Identifier {
        name: "br_driver_license",
        kind: EntityKind::DriverLicense,
        country: "BR",
        forms: &[written("99999999999", 0.25)],
        check: |n| {
            let first = n.weighted(&[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
            let second = n.weighted(&[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
            let less = if first > 9 { 2 } else { 0 };
            let second = if second > 9 {
                0
            } else {
                (second + 11 - less) % 11
            };
            !n.is_monotone() && n.value(9) == first % 10 && n.value(10) == second % 10
        },
        context: &["cnh", "habilitacao", "carteira de motorista", "driver"],
        examples: &["CNH 97625655678", "carteira de habilitação nº 97625655678"],
        counter_examples: &["CNH 97625655679", "id 97625655678"],
    },
    // Ministerio da Saude, Cartao Nacional de Saude: weights 15 to 1 modulo 11.
    Identifier {
        name: "br_cns",
        kind: EntityKind::HealthId,
        country: "BR",
        forms: &[written("999~9999~9999~9999", 0.35)],
        check: |n| {
            let sum = n.weighted(&[15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
            matches!(n.at(0), b'1' | b'2' | b'7'..=b'9')
                && !n.is_monotone()
                && sum.is_multiple_of(11)
        },
        context: &[
            "cns",
            "sus",
            "cartao nacional",
            "cartao de saude",
            "cartao sus",
        ],
        examples: &["Cartão SUS 700 0000 0000 0005", "CNS: 700000000000005"],
        counter_examples: &["CNS 700000000000006", "CNS 600000000000007"],
    },
    // Lei 7.116/1983 (RG): each state has a format and a check of its own.
    Identifier {
        name: "br_rg",
        kind: EntityKind::NationalId,
        country: "BR",
        forms: &[
            written("9{1,2}~999~999~*", 0.2),
            written("AA-9{1,2}~999~999", 0.2),
        ],
        context: &["rg", "registro geral", "identidade"],
        examples: &[
            "RG 12.345.678-9",
            "RG: MG-12.345.678",
            "carteira de identidade 12345678X",
        ],
        counter_examples: &["12.345.678-9", "RG 12.345"],
        ..Identifier::BASE
    },
];

/// True when the digit at `place` closes the sum of those before it, weighted 2, 3, 4 ... up to
/// `most` and then from 2 again, from the right.
fn is_mod_11(number: &Compact, place: usize, most: u32) -> bool {
    let value = |place| u32::from(number.at(place).wrapping_sub(b'0'));
    let weights = (2..=most).cycle();
    let sum: u32 = (0..place)
        .rev()
        .zip(weights)
        .map(|(place, weight)| value(place) * weight)
        .sum();
    value(place) == if sum % 11 < 2 { 0 } else { 11 - sum % 11 }
}
