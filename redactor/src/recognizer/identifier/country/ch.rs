//! Switzerland and Liechtenstein.

use super::{Compact, Identifier, free, written};
use crate::{EntityKind, checksum::ean};

pub(super) const ROWS: &[Identifier] = &[
    // AHVV article 50c: prefix 756, check digit of EAN-13.
    Identifier {
        name: "ch_ahv",
        kind: EntityKind::NationalId,
        country: "CH",
        forms: &[
            written("999-9999-9999-99", 0.7),
            written("9999999999999", 0.6),
        ],
        check: |n| n.starts_with("756") && ean(n.as_str()),
        context: &[
            "ahv",
            "ahvn13",
            "avs",
            "navs",
            "sozialversicherung",
            "assurance sociale",
            "assicurazione",
            "versichertennummer",
            "oasi",
            "social security",
        ],
        examples: &["AHV-Nr. 756.5665.0183.00", "numéro AVS: 7567643551885"],
        counter_examples: &["AHV-Nr. 756.5665.0183.01", "AVS 7577643551885"],
    },
    // UIDG, eCH-0097: weights 5 4 3 2 7 6 5 4 modulo 11.
    Identifier {
        name: "ch_uid",
        kind: EntityKind::TaxId,
        country: "CH",
        forms: &[
            written("AAA~999~999~999", 0.6),
            written("AAA~999~999~999~A{3,4}", 0.65),
        ],
        check: is_uid,
        context: &[
            "uid",
            "ide",
            "idi",
            "mwst",
            "tva",
            "iva",
            "vat",
            "handelsregister",
        ],
        examples: &["CHE-228.733.168", "MWST-Nr. CHE-904.755.177 MWST"],
        counter_examples: &["CHE-228.733.169", "ABC-228.733.168"],
    },
    // KVV article 42a: card number of an insurance, issuer 80756.
    Identifier {
        name: "ch_insurance_card",
        kind: EntityKind::HealthId,
        country: "CH",
        forms: &[
            written("99999999999999999999", 0.6),
            written("9{5}~9{5}~9{5}~9{5}", 0.6),
        ],
        check: |n| n.starts_with("80756"),
        context: &[
            "versichertenkarte",
            "kartennummer",
            "carte d'assure",
            "krankenkasse",
            "veka",
        ],
        examples: &[
            "Versichertenkarte 80756000111234567890",
            "80756 00011 12345 67890",
        ],
        counter_examples: &[
            "Versichertenkarte 81756000111234567890",
            "8075600011123456789",
        ],
    },
    // Federal Register of medical professions (GLN 7601...), check digit of EAN-13.
    Identifier {
        name: "ch_gln_medical",
        kind: EntityKind::LicenseCert,
        country: "CH",
        forms: &[written("9999999999999", 0.3)],
        check: |n| n.starts_with("7601") && ean(n.as_str()),
        context: &["gln", "ean nr", "medreg", "zsr"],
        examples: &["GLN 7601000123459", "GLN: 7601001234567"],
        counter_examples: &["GLN 7601000123458", "Artikel 7601000123459"],
    },
    // Zahlstellenregister: a letter and six digits.
    Identifier {
        name: "ch_zsr",
        kind: EntityKind::LicenseCert,
        country: "CH",
        forms: &[written("A~9999~99", 0.15)],
        context: &["zsr", "rcc", "zahlstellen", "concordat"],
        examples: &["ZSR-Nr. Z 1234.56", "RCC: K123456"],
        counter_examples: &["Zimmer Z 1234.56", "ZSR 1234"],
        ..Identifier::BASE
    },
    // Postal accounts before IBAN: 80-1234-5; bank accounts without known shape.
    Identifier {
        name: "ch_postal_account",
        kind: EntityKind::BankAccount,
        country: "CH",
        forms: &[written("99=9{1,6}=9", 0.15), free(8, 16)],
        context: &[
            "postkonto",
            "pc konto",
            "compte postal",
            "ccp",
            "conto postale",
            "postfinance",
        ],
        examples: &["Postkonto 80-12345-6", "CCP: 10-54321-7"],
        counter_examples: &["Größe 80-12345-6", "PC-Konto 80"],
        ..Identifier::BASE
    },
    // Personal identification number of Liechtenstein, up to 12 digits.
    Identifier {
        name: "li_peid",
        kind: EntityKind::NationalId,
        country: "LI",
        forms: &[free(4, 12)],
        context: &["peid", "personenidentifikation"],
        examples: &["PEID 1234567", "PEID-Nr.: 000001234567"],
        counter_examples: &["PEID 12", "Nr. 1234567"],
        ..Identifier::BASE
    },
];

fn is_uid(n: &Compact) -> bool {
    let digits = n.skip(3);
    let is_named = match n.as_str().get(12..) {
        None | Some("") => true,
        Some(suffix) => ["MWST", "TVA", "IVA", "TPV", "HR", "RC"].contains(&suffix),
    };
    let sum = digits.weighted(&[5, 4, 3, 2, 7, 6, 5, 4]);
    n.starts_with("CHE") && is_named && (11 - sum % 11) % 11 == digits.value(8)
}
