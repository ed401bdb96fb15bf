//! Italy.

use super::{Compact, Identifier, free, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // DM 23 December 1976: surname, name, birth date and sex, place, check letter. Digits may be
    // letters (omocodia) where two people share a code. A mistyped check letter still names one.
    Identifier {
        name: "it_fiscal_code",
        kind: EntityKind::NationalId,
        country: "IT",
        forms: &[written("AAA~AAA~**A**~A***~A", 0.6)],
        check: is_fiscal_code,
        context: &[
            "codice fiscale",
            "c.f.",
            "cf",
            "cod. fisc",
            "cod fisc",
            "codfisc",
            "fiscal code",
        ],
        examples: &[
            "C.F. RSSMRA85T10A562S",
            "RSS MRA 85T10 A562S",
            "RSSMRAURTMLAR62S",
        ],
        counter_examples: &["C.F. RSSMRA85O10A562S", "RSSMRA85T39A562S"],
    },
    // DPR 633/1972 article 35: Luhn formula.
    Identifier {
        name: "it_vat",
        kind: EntityKind::TaxId,
        country: "IT",
        forms: &[written("99999999999", 0.3)],
        check: is_vat,
        context: &[
            "p.iva",
            "p. iva",
            "piva",
            "partita iva",
            "partita i.v.a",
            "p.i.",
            "iva",
            "vat",
            "codice fiscale",
            "c.f.",
        ],
        examples: &["P.IVA 23619711007", "partita IVA: 70619190773"],
        counter_examples: &["P.IVA 23619711008", "P.IVA 00000000000"],
    },
    // Electronic identity card (CA12345AA) since 2016; paper before (AB 1234567).
    Identifier {
        name: "it_identity_card",
        kind: EntityKind::NationalId,
        country: "IT",
        forms: &[written("AA99999AA", 0.45), written("AA~9999999", 0.15)],
        context: &[
            "carta d'identita",
            "carta di identita",
            "carta identita",
            "c.i.",
            "ci n",
            "cie",
            "documento",
            "identity card",
        ],
        examples: &["carta d'identità CA12345AB", "C.I. n. AB 1234567"],
        counter_examples: &["carta d'identità 12345", "lotto AB 1234567"],
        ..Identifier::BASE
    },
    Identifier {
        name: "it_passport",
        kind: EntityKind::Passport,
        country: "IT",
        forms: &[written("AA~9999999", 0.15)],
        context: &["passaporto", "passport"],
        examples: &["passaporto YA1234567", "Passaporto n. AA 1234567"],
        counter_examples: &["passaporto 12345", "lotto YA1234567"],
        ..Identifier::BASE
    },
    // Motorizzazione: province and seven digits, or U1 and seven characters; a letter.
    Identifier {
        name: "it_driver_license",
        kind: EntityKind::DriverLicense,
        country: "IT",
        forms: &[written("AA~9999999~A", 0.25), written("A9~*******~A", 0.15)],
        check: |n| n.is_digits(2, 9) || n.starts_with("U1"),
        context: &[
            "patente",
            "licenza di guida",
            "driving licence",
            "license",
            "licence",
        ],
        examples: &["patente AA0123456B", "patente di guida U1K711J11M"],
        counter_examples: &["990123456B", "lotto U1K711J11M"],
    },
    // BBAN: a check letter, bank, branch and account.
    Identifier {
        name: "it_bank_account",
        kind: EntityKind::BankAccount,
        country: "IT",
        forms: &[written("A~99999~99999~************", 0.4), free(6, 12)],
        context: &[
            "conto corrente",
            "conto n",
            "c/c",
            "numero di conto",
            "coordinate bancarie",
            "bban",
        ],
        examples: &[
            "BBAN X 05428 11101 000000123456",
            "conto corrente 000000123456",
        ],
        counter_examples: &["conto corrente 123", "lotto 000000123456"],
        ..Identifier::BASE
    },
    // Regional health services: clinical records, episodes and prescriptions (NRE).
    Identifier {
        name: "it_health_record",
        kind: EntityKind::HealthId,
        country: "IT",
        forms: &[written("9999~A~9999999999", 0.3), free(5, 15)],
        context: &[
            "cartella clinica",
            "cartella n",
            "numero cartella",
            "n. cartella",
            "nosologico",
            "codice paziente",
            "id paziente",
            "tessera sanitaria",
            "numero nre",
            "nre",
        ],
        examples: &["cartella clinica n. 2023012345", "nosologico: 2023/012345"],
        counter_examples: &["cartella clinica 12", "lotto 2023012345"],
        ..Identifier::BASE
    },
    // Ordine dei Medici: number of a member, by province.
    Identifier {
        name: "it_professional",
        kind: EntityKind::LicenseCert,
        country: "IT",
        forms: &[free(4, 8)],
        context: &[
            "ordine dei medici",
            "omceo",
            "omce o",
            "iscrizione albo",
            "n. iscrizione",
            "iscritto all'albo",
            "enpam",
        ],
        examples: &["OMCeO n. 54321", "Ordine dei Medici di Roma n. 12345"],
        counter_examples: &["OMCeO 12", "stanza 54321"],
        ..Identifier::BASE
    },
    // Registro delle imprese: province and six or seven digits.
    Identifier {
        name: "it_company_register",
        kind: EntityKind::TaxId,
        country: "IT",
        forms: &[written("AA-9{6,7}", 0.15)],
        context: &["rea", "r.e.a", "registro imprese"],
        examples: &["REA MI-1234567", "R.E.A. n. TO 654321"],
        counter_examples: &["REA 12", "lotto MI-1234567"],
        ..Identifier::BASE
    },
];

fn is_fiscal_code(n: &Compact) -> bool {
    let digit = |place: usize| match n.at(place) {
        digit @ b'0'..=b'9' => Some(u32::from(digit - b'0')),
        letter => b"LMNPQRSTUV"
            .iter()
            .zip(0..)
            .find_map(|(&l, value)| (l == letter).then_some(value)),
    };
    let day = digit(9).zip(digit(10)).map(|(tens, ones)| tens * 10 + ones);
    let is_number = |places: &[usize]| places.iter().all(|&place| digit(place).is_some());
    // The day is 40 more for women.
    matches!(day, Some(1..=31 | 41..=71))
        && b"ABCDEHLMPRST".contains(&n.at(8))
        && is_number(&[6, 7, 12, 13, 14])
        && n.digit_count() > 0
}

/// Partita IVA, which is also the VAT number without `IT`: seven digits, the province, Luhn digit.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 11
        && n.is_digits(0, 11)
        && n.number(0, 7) > 0
        && matches!(n.number(7, 10), 1..=100 | 120 | 121 | 888 | 999)
        && luhn(n.as_str())
}
