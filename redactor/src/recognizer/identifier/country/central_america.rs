//! Central America, the Caribbean and Paraguay.

use super::{Identifier, free, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Junta Central Electoral, Dominican Republic: Luhn.
    Identifier {
        name: "do_cedula",
        kind: EntityKind::NationalId,
        country: "DO",
        forms: &[written("999-9999999-9", 0.55), written("99999999999", 0.25)],
        check: |n| !n.is_monotone() && luhn(n.as_str()),
        context: &["cedula", "identidad y electoral", "jce"],
        examples: &["Cédula 224-0002211-1", "cedula <- 40915531319"],
        counter_examples: &["Cédula 224-0002211-2", "total 40915531319"],
    },
    // Direccion General de Impuestos Internos, Dominican Republic: weights modulo 11.
    Identifier {
        name: "do_rnc",
        kind: EntityKind::TaxId,
        country: "DO",
        forms: &[written("9~99~99999~9", 0.25)],
        check: |n| {
            let sum = n.weighted(&[7, 9, 8, 6, 5, 4, 3, 2]) % 11;
            let check = match sum {
                0 => 2,
                1 => 1,
                sum => 11 - sum,
            };
            !n.is_monotone() && n.last() == check
        },
        context: &["rnc", "contribuyente"],
        examples: &["RNC 1-01-85004-3", "RNC: 633706855"],
        counter_examples: &["RNC 1-01-85004-4", "id 633706855"],
    },
    // RENAP, Guatemala (DPI, CUI): eight digits with a check modulo 11, department, municipality.
    Identifier {
        name: "gt_dpi",
        kind: EntityKind::NationalId,
        country: "GT",
        forms: &[
            written("9999-99999-9999", 0.5),
            written("9999999999999", 0.25),
        ],
        check: |n| {
            let sum = n.weighted(&[2, 3, 4, 5, 6, 7, 8, 9]) % 11;
            (1..=22).contains(&n.number(9, 11)) && n.number(11, 13) > 0 && n.value(8) == sum
        },
        context: &[
            "dpi",
            "cui",
            "renap",
            "documento personal",
            "identificacion",
        ],
        examples: &["DPI 1234 56789 0101", "CUI: 1234567890101"],
        counter_examples: &["DPI 1234 56788 0101", "DPI 1234 56789 2501"],
    },
    // SAT, Guatemala (NIT): modulo 11, K for ten.
    Identifier {
        name: "gt_nit",
        kind: EntityKind::TaxId,
        country: "GT",
        forms: &[written("9{6,8}-*", 0.25), written("9{6,8}*", 0.15)],
        check: |n| {
            let last = n.len() - 1;
            let sum: u32 = (0..last)
                .rev()
                .zip(2..)
                .map(|(place, weight)| n.value(place) * weight)
                .sum();
            let check = (11 - sum % 11) % 11;
            if check == 10 {
                n.at(last) == b'K'
            } else {
                n.value(last) == check
            }
        },
        context: &["nit", "tributaria"],
        examples: &["NIT 1561213-9", "NIT: 86904388"],
        counter_examples: &["NIT 1561213-8", "hora 86904388"],
    },
    // RNPN, El Salvador (DUI): weights 9 to 2 modulo 10.
    Identifier {
        name: "sv_dui",
        kind: EntityKind::NationalId,
        country: "SV",
        forms: &[written("99999999-9", 0.35), written("999999999", 0.15)],
        check: |n| {
            !n.is_monotone()
                && (n.weighted(&[9, 8, 7, 6, 5, 4, 3, 2]) + n.last()).is_multiple_of(10)
        },
        context: &["dui", "documento unico"],
        examples: &["DUI 00016297-5", "DUI: 000162975"],
        counter_examples: &["DUI 00016297-4", "de 00016297-5 a"],
    },
    // Ministerio de Hacienda, El Salvador (NIT): place and date of birth, serial, check.
    Identifier {
        name: "sv_nit",
        kind: EntityKind::TaxId,
        country: "SV",
        forms: &[
            written("9999-999999-999-9", 0.5),
            written("99999999999999", 0.15),
        ],
        check: |n| n.is_day_of_month(4, 6),
        context: &["nit", "tributaria"],
        examples: &["NIT 0614-050707-104-8", "0614-050707-104-8"],
        counter_examples: &["NIT 0614-051307-104-8", "0614-320707-104-8"],
    },
    // Registro Nacional de las Personas, Honduras: municipality, year of birth, serial.
    Identifier {
        name: "hn_dni",
        kind: EntityKind::NationalId,
        country: "HN",
        forms: &[written("9999~9999~99999", 0.2)],
        check: |n| (1..=18).contains(&n.number(0, 2)) && (1900..2100).contains(&n.number(4, 8)),
        context: &["dni", "identidad", "rnp"],
        examples: &["Identidad 0801-1990-12345", "DNI: 0801199012345"],
        counter_examples: &["Identidad 1901-1990-12345", "0801-1990-12345"],
    },
    // Consejo Supremo Electoral, Nicaragua: municipality, birth date, serial, a letter.
    Identifier {
        name: "ni_cedula",
        kind: EntityKind::NationalId,
        country: "NI",
        forms: &[
            written("999-999999-9999A", 0.55),
            written("9999999999999A", 0.35),
        ],
        check: |n| n.is_day_of_month(3, 5),
        context: &["cedula", "identidad"],
        examples: &["Cédula 001-150885-0012B", "001-150885-0012B"],
        counter_examples: &["Cédula 001-151385-0012B", "001-320885-0012B"],
    },
    // Tribunal Supremo de Elecciones, Costa Rica: province, volume and entry of birth.
    Identifier {
        name: "cr_cedula",
        kind: EntityKind::NationalId,
        country: "CR",
        forms: &[
            written("9-9999-9999", 0.25),
            written("999999999", 0.15),
            written("9-999-999999", 0.25),
        ],
        check: |n| matches!(n.at(0), b'1'..=b'9'),
        context: &["cedula", "cedula juridica", "identidad"],
        examples: &["Cédula 1-0613-0584", "cédula jurídica 3-101-999999"],
        counter_examples: &["Cédula 0-0613-0584", "call 1-0613-0584"],
    },
    // Tribunal Electoral, Panama: province or a letter, volume, entry.
    Identifier {
        name: "pa_cedula",
        kind: EntityKind::NationalId,
        country: "PA",
        forms: &[
            written("9{1,2}-9{2,4}-9{2,6}", 0.2),
            written("A{1,2}-9{1,4}-9{1,6}", 0.2),
        ],
        context: &["cedula", "cip", "identidad personal"],
        examples: &["Cédula 8-442-445", "cédula PE-5-687"],
        counter_examples: &["8-442-445", "cédula 8-4"],
        ..Identifier::BASE
    },
    // Registro del Estado Civil, Cuba: birth date, century, serial.
    Identifier {
        name: "cu_identity",
        kind: EntityKind::NationalId,
        country: "CU",
        forms: &[written("99999999999", 0.2)],
        check: |n| n.is_yymmdd(0),
        context: &["carne de identidad", "carnet de identidad", "identidad"],
        examples: &["Carné de identidad 91021027775"],
        counter_examples: &["Carné de identidad 91131027775", "total 91021027775"],
    },
    // Direccion Nacional de Ingresos Tributarios, Paraguay (RUC): weights from 2, modulo 11.
    Identifier {
        name: "py_ruc",
        kind: EntityKind::TaxId,
        country: "PY",
        forms: &[written("9{6,8}-9", 0.2)],
        check: |n| {
            let last = n.len() - 1;
            let sum: u32 = (0..last)
                .rev()
                .zip(2..)
                .map(|(place, weight)| n.value(place) * weight)
                .sum();
            n.last() == (11 - sum % 11) % 11 % 10
        },
        context: &["ruc", "contribuyente"],
        examples: &["RUC 80028061-0", "RUC: 832547-2"],
        counter_examples: &["RUC 80028061-1", "80028061-0"],
    },
    // SEGIP, Bolivia: five to eight digits and the department.
    Identifier {
        name: "bo_ci",
        kind: EntityKind::NationalId,
        country: "BO",
        forms: &[written("9{5,8}-AA", 0.2), free(6, 10)],
        context: &["cedula de identidad", "carnet", "ci", "segip"],
        examples: &["C.I. 4567891 LP", "carnet 4567891"],
        counter_examples: &["C.I. 45", "sala 4567891 LP"],
        ..Identifier::BASE
    },
];
