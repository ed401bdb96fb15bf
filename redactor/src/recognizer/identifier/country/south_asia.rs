//! Pakistan, Bangladesh, Sri Lanka and Nepal.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // National Database and Registration Authority, Pakistan: province, family, sex.
    Identifier {
        name: "pk_cnic",
        kind: EntityKind::NationalId,
        country: "PK",
        forms: &[
            written("99999-9999999-9", 0.55),
            written("9999999999999", 0.2),
        ],
        check: |n| matches!(n.at(0), b'1'..=b'8') && n.last() > 0,
        context: &[
            "cnic",
            "nicop",
            "nadra",
            "nic",
            "شناختی کارڈ",
            "national identity",
        ],
        examples: &["CNIC 34201-0891231-8", "NADRA: 3420108912318"],
        counter_examples: &[
            "CNIC 94201-0891231-8",
            "CNIC 34201-0891231-0",
            "id 3420108912318",
        ],
    },
    // Federal Board of Revenue, Pakistan: seven digits and a check digit.
    Identifier {
        name: "pk_ntn",
        kind: EntityKind::TaxId,
        country: "PK",
        forms: &[written("9999999-9", 0.2)],
        context: &["ntn", "national tax"],
        examples: &["NTN 1234567-8"],
        counter_examples: &["NTN 123456-8", "case 1234567-8"],
        ..Identifier::BASE
    },
    // Election Commission, Bangladesh: 10 digits (smart card), 13 or 17.
    Identifier {
        name: "bd_nid",
        kind: EntityKind::NationalId,
        country: "BD",
        forms: &[
            written("999~999~9999", 0.15),
            written("9999999999999", 0.15),
            written("99999999999999999", 0.15),
        ],
        context: &["nid", "national id", "voter id", "smart card", "জাতীয় পরিচয়"],
        examples: &["NID 599 123 4567", "জাতীয় পরিচয়পত্র 19901234567890123"],
        counter_examples: &["NID 599 123 456", "call 599 123 4567"],
        ..Identifier::BASE
    },
    // Department for Registration of Persons, Sri Lanka, before 2016: year, day (women + 500).
    Identifier {
        name: "lk_nic_old",
        kind: EntityKind::NationalId,
        country: "LK",
        forms: &[written("999999999~A", 0.5)],
        check: |n| matches!(n.at(9), b'V' | b'X') && is_day_of_year(n, 2),
        context: &["nic", "national identity"],
        examples: &["NIC 853400937V", "852500937 x"],
        counter_examples: &["NIC 853900937V", "NIC 853400937B"],
    },
    // The same since 2016: the year in full, no letter.
    Identifier {
        name: "lk_nic",
        kind: EntityKind::NationalId,
        country: "LK",
        forms: &[written("999999999999", 0.2)],
        check: |n| (1900..2100).contains(&n.number(0, 4)) && is_day_of_year(n, 4),
        context: &["nic", "national identity"],
        examples: &["NIC 198534000937"],
        counter_examples: &["NIC 198539000937", "id 198534000937"],
    },
    // Citizenship Certificate Distribution Procedure Directive, Nepal: district, year, serial.
    Identifier {
        name: "np_citizenship",
        kind: EntityKind::NationalId,
        country: "NP",
        forms: &[written("99-99-99-99999", 0.25), free(6, 14)],
        context: &[
            "citizenship no",
            "citizenship number",
            "citizenship certificate",
            "नागरिकता",
        ],
        examples: &["citizenship no. 27-01-70-12345", "नागरिकता नं 2701701234"],
        counter_examples: &["citizenship no. 27", "code 27-01-70-12345"],
        ..Identifier::BASE
    },
];

/// Day 1 to 366 of a year in the three digits at `place`, 500 more for women.
fn is_day_of_year(number: &Compact, place: usize) -> bool {
    matches!(number.number(place, place + 3), 1..=366 | 501..=866)
}
