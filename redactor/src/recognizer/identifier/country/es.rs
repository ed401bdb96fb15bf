//! Spain.

use super::{Compact, Identifier, free, written};
use crate::{EntityKind, checksum::luhn_sum};

pub(super) const ROWS: &[Identifier] = &[
    // Real Decreto 1553/2005: the letter is the rest modulo 23.
    Identifier {
        name: "es_dni",
        kind: EntityKind::NationalId,
        country: "ES",
        forms: &[
            written("99999999~A", 0.55),
            written("9{1,2}-999-999~A", 0.55),
            written("9999999~A", 0.3),
        ],
        check: is_dni,
        context: &[
            "dni",
            "nif",
            "documento nacional",
            "d.n.i",
            "n.i.f",
            "identidad",
        ],
        examples: &["DNI 01262486Q", "46.616.499-F", "NIF: 91787654j"],
        counter_examples: &["DNI 01262486R", "46.616.499-G", "12345678a"],
    },
    // Orden INT/2058/2008: X, Y, Z as 0, 1, 2, then as the DNI.
    Identifier {
        name: "es_nie",
        kind: EntityKind::NationalId,
        country: "ES",
        forms: &[written("A~9999999~A", 0.6), written("A-9-999-999~A", 0.6)],
        check: is_nie,
        context: &["nie", "extranjero", "n.i.e", "tarjeta de residencia"],
        examples: &["NIE X5506084E", "Y-8063915-Z"],
        counter_examples: &["NIE X5506084F", "W8063915Q"],
    },
    // Orden EHA/451/2008: a letter of the legal form, seven digits, check digit or letter.
    Identifier {
        name: "es_cif",
        kind: EntityKind::TaxId,
        country: "ES",
        forms: &[written("A~9999999~*", 0.4), written("A-99-999-999", 0.4)],
        check: is_cif,
        context: &[
            "cif",
            "nif",
            "c.i.f",
            "identificacion fiscal",
            "tax id",
            "vat",
        ],
        examples: &["CIF B85342384", "NIF: B-88765193"],
        counter_examples: &["CIF B85342385", "lote B85342384"],
    },
    // Tesoreria General de la Seguridad Social: province, number, rest modulo 97.
    Identifier {
        name: "es_social_security",
        kind: EntityKind::HealthId,
        country: "ES",
        forms: &[written("99-99999999-99", 0.5), written("999999999999", 0.3)],
        check: is_social_security,
        context: SOCIAL_SECURITY,
        examples: &["NSS 28 12345678 40", "281234567840"],
        counter_examples: &["NSS 28 12345678", "lote 281234567840"],
    },
    // As it is typed: without the right check digits, or with some left out.
    Identifier {
        name: "es_social_security_typed",
        kind: EntityKind::HealthId,
        country: "ES",
        forms: &[
            written("99-9{7,10}-99", 0.15),
            written("99-9{5,6}-99", 0.0),
            written("9{8,10}-99", 0.0),
            written("99-9{8,10}", 0.0),
            free(6, 13),
        ],
        context: SOCIAL_SECURITY,
        examples: &[
            "NASS: 28 12345678 99",
            "NASS: 12-34567890",
            "nº afiliación: 281234567899",
        ],
        counter_examples: &["sala 28 12345678 99", "NASS 28"],
        ..Identifier::BASE
    },
    // Bank, office, two check digits, account: weights 1 2 4 8 5 10 9 7 3 6 modulo 11.
    Identifier {
        name: "es_bank_account",
        kind: EntityKind::BankAccount,
        country: "ES",
        forms: &[
            written("9999-9999-99-9999999999", 0.7),
            written("9999-9999-9999-9999-9999", 0.6),
            written("99999999999999999999", 0.55),
        ],
        check: |n| {
            let control = |n: Compact, weights: &[u32]| match 11 - n.weighted(weights) % 11 {
                10 => 1,
                11 => 0,
                digit => digit,
            };
            !n.is_monotone()
                && control(n.first(8), &[4, 8, 5, 10, 9, 7, 3, 6]) == n.value(8)
                && control(n.skip(10), &[1, 2, 4, 8, 5, 10, 9, 7, 3, 6]) == n.value(9)
        },
        context: &["cuenta", "ccc", "c.c.c", "account"],
        examples: &["CCC 0729-5910-80-4473944270", "cuenta 84508092903499406812"],
        counter_examples: &["CCC 0729-5910-81-4473944270", "cuenta 84508092903499406813"],
    },
    // Direccion General de la Policia: three letters, six digits.
    Identifier {
        name: "es_passport",
        kind: EntityKind::Passport,
        country: "ES",
        forms: &[written("AA{1,2}~999999", 0.15)],
        context: &["pasaporte", "passport"],
        examples: &["Mi pasaporte es AAA123456", "pasaporte: XD 123456"],
        counter_examples: &["pasaporte AAAA12345", "lote AAA123456"],
        ..Identifier::BASE
    },
    // Number of a member of a professional body: province (twice for physicians) and number.
    Identifier {
        name: "es_professional",
        kind: EntityKind::LicenseCert,
        country: "ES",
        forms: &[
            written("99~99~9{4,6}", 0.15),
            written("99~99", 0.0),
            free(4, 9),
        ],
        context: &[
            "nº col",
            "no col",
            "n° col",
            "num col",
            "numero de colegiado",
            "numero colegiado",
            "colegiado",
            "colegiada",
            "nºcol",
            "nocol",
            "ncol",
        ],
        examples: &[
            "NºCol: 28 28 35489",
            "n.º de colegiado 282812345",
            "Colegiado: 14578",
        ],
        counter_examples: &["sala 28 28 35489", "NºCol: 12"],
        ..Identifier::BASE
    },
    // Clinical record, health card (CIPA, CIP, TSI, SIP) and episode: each hospital's own.
    Identifier {
        name: "es_health_record",
        kind: EntityKind::HealthId,
        country: "ES",
        forms: &[
            written("AAAA~9{10,12}", 0.3),
            written("99-9{7,9}-99", 0.0),
            free(4, 16),
        ],
        context: &[
            "nhc",
            "n.h.c",
            "historia clinica",
            "numero de historia",
            "nº historia",
            "no historia",
            "num. historia",
            "nº de historia",
            "no de historia",
            "hc nº",
            "hc no",
            "cipa",
            "cip",
            "sip",
            "tsi",
            "tarjeta sanitaria",
            "episodio",
            "nº de paciente",
            "no de paciente",
            "numero de paciente",
            "id paciente",
        ],
        examples: &[
            "NHC: 789412",
            "NHC:789412",
            "CIPA: nhc-19535",
            "Episodio: 1641529",
        ],
        counter_examples: &["NHC: 12", "episodio de 3 días"],
        ..Identifier::BASE
    },
    // Direccion General de Trafico: the number of the DNI or NIE; older ones with a date.
    Identifier {
        name: "es_driver_license",
        kind: EntityKind::DriverLicense,
        country: "ES",
        forms: &[free(6, 12)],
        context: &[
            "permiso de conducir",
            "permiso de conduccion",
            "carnet de conducir",
            "licencia de conducir",
        ],
        examples: &[
            "carnet de conducir: 01262486Q",
            "permiso de conducir nº 12345678",
        ],
        counter_examples: &["permiso de conducir desde 2004", "lote 12345678"],
        ..Identifier::BASE
    },
];

const SOCIAL_SECURITY: &[&str] = &[
    "nass",
    "nss",
    "n.s.s",
    "seguridad social",
    "numero de afiliacion",
    "nº afiliacion",
    "no afiliacion",
    "naf",
    "social security",
];

const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// True when the last letter says the rest modulo 23 of `first` and the digits from `start` on.
fn has_letter(n: &Compact, first: u64, start: usize) -> bool {
    let last = n.len().saturating_sub(1);
    let number = first * 10_000_000 + n.number(start, last);
    let mut letters = LETTERS.iter().zip(0..);
    letters.any(|(&letter, rest)| letter == n.at(last) && rest == number % 23)
}

fn is_dni(n: &Compact) -> bool {
    let last = n.len().saturating_sub(1);
    n.is_digits(0, last) && has_letter(n, 0, 0)
}

fn is_nie(n: &Compact) -> bool {
    let first = match n.at(0) {
        // K, L and M are those of minors and of Spaniards abroad.
        b'X' | b'K' | b'L' | b'M' => 0,
        b'Y' => 1,
        b'Z' => 2,
        _ => return false,
    };
    has_letter(n, first, 1)
}

fn is_cif(n: &Compact) -> bool {
    let check = (10 - luhn_sum(n.skip(1).first(7).as_str()) % 10) % 10;
    let is_digit = u32::from(n.at(8)) == check + u32::from(b'0');
    let is_letter = b"JABCDEFGHI".get(check as usize) == Some(&n.at(8));
    match n.at(0) {
        b'A' | b'B' | b'E' | b'H' => is_digit,
        b'P' | b'Q' | b'R' | b'S' | b'W' | b'N' => is_letter,
        b'C' | b'D' | b'F' | b'G' | b'J' | b'U' | b'V' => is_digit || is_letter,
        _ => false,
    }
}

fn is_social_security(n: &Compact) -> bool {
    let (province, number) = (n.number(0, 2), n.number(2, 10));
    // Short numbers are joined to the province without their leading zero.
    let joined = if number < 10_000_000 {
        number + province * 10_000_000
    } else {
        number + province * 100_000_000
    };
    (1..=66).contains(&province) && joined % 97 == n.number(10, 12)
}

/// NIF, without `ES`.
pub(super) fn is_vat(n: &Compact) -> bool {
    let is_written = n.len() == 9 && n.is_digits(1, 8);
    is_written && (is_cif(n) || is_nie(n) || n.at(0).is_ascii_digit() && is_dni(n))
}
