//! Albania, Andorra, Monaco and San Marino.

use super::{Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Albania, law 10129: decade, year, month (50 more for women, 30 for foreigners), day, serial.
    Identifier {
        name: "al_personal_number",
        kind: EntityKind::NationalId,
        country: "AL",
        forms: &[written("A99999999A", 0.35)],
        check: |n| {
            let month = match n.number(2, 4) {
                month @ 51..=62 => month - 50,
                month @ 31..=42 => month - 30,
                month @ 81..=92 => month - 80,
                month => month,
            };
            n.at(0) <= b'T' && is_day(n.number(4, 6), month)
        },
        context: &[
            "numri personal",
            "nid",
            "numri i identitetit",
            "leternjoftim",
            "personal number",
        ],
        examples: &["numri personal I05101999I", "NID: J45423004V"],
        counter_examples: &["numri personal I05991999I", "artikulli I05101999I"],
    },
    Identifier {
        name: "al_tax_number",
        kind: EntityKind::TaxId,
        country: "AL",
        forms: &[written("A99999999A", 0.2)],
        check: |n| n.at(0) <= b'M',
        context: &["nipt", "nuis", "tvsh", "vat"],
        examples: &["NIPT J91402501L", "NUIS: K31525146H"],
        counter_examples: &["NIPT X91402501L", "artikulli J91402501L"],
    },
    // Andorra, NRT: a letter of the kind of payer, six digits, a letter.
    Identifier {
        name: "ad_nrt",
        kind: EntityKind::TaxId,
        country: "AD",
        forms: &[written("A~999999~A", 0.2), written("A=999999=A", 0.45)],
        check: |n| b"ACDEFGLOPU".contains(&n.at(0)),
        context: &["nrt", "registre tributari", "igi"],
        examples: &["NRT L-132950-X", "NRT: F123456Z"],
        counter_examples: &["NRT X-132950-X", "lot F123456Z"],
    },
    // San Marino: COE of up to five digits, ISS of six.
    Identifier {
        name: "sm_number",
        kind: EntityKind::NationalId,
        country: "SM",
        forms: &[free(4, 9)],
        context: &["codice iss", "coe", "codice operatore"],
        examples: &["codice ISS 123456", "COE SM12345"],
        counter_examples: &["codice ISS 12", "lotto 123456"],
        ..Identifier::BASE
    },
    // Monaco: register of commerce, two digits of the year, a letter, five digits.
    Identifier {
        name: "mc_company",
        kind: EntityKind::TaxId,
        country: "MC",
        forms: &[written("99~A~99999", 0.2)],
        context: &["rci", "repertoire du commerce", "nis monaco"],
        examples: &["RCI Monaco 12S12345", "RCI: 05 S 04321"],
        counter_examples: &["RCI 12", "lot 12S12345"],
        ..Identifier::BASE
    },
];
