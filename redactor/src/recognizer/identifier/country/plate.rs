//! Number plates of European vehicles: a few shapes that say enough alone, and the rest by what
//! plates are called.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // DVLA INF104: area, half-year of registration, three letters.
    Identifier {
        name: "gb_plate",
        kind: EntityKind::VehicleId,
        country: "GB",
        forms: &[written("AA99-AAA", 0.5), written("AA99AAA", 0.3)],
        check: |n| n.is_upper_case() && is_british(n),
        context: PLATE,
        examples: &["AB51 ABC", "My car reg is LN14HGT"],
        counter_examples: &["IB51 ABC", "AB00 ABC", "AB35 ABC", "AB51 AIB"],
    },
    Identifier {
        name: "gb_plate_in_lower_case",
        kind: EntityKind::VehicleId,
        country: "GB",
        forms: &[written("AA99~AAA", 0.25)],
        check: is_british,
        context: PLATE,
        examples: &["aa02 aaa", "reg no ab51abc"],
        counter_examples: &["see ab51 abc", "ab35 abc"],
    },
    // FZV annex 1: district, one or two letters, number, and E or H.
    Identifier {
        name: "de_plate",
        kind: EntityKind::VehicleId,
        country: "DE",
        forms: &[
            written("A{1,3}=A{1,2}-9{1,4}A{0,1}", 0.4),
            written("A{1,3}-A{1,2}~9{1,4}A{0,1}", 0.2),
        ],
        check: |n| {
            let last = n.at(n.len() - 1);
            n.is_upper_case() && (last.is_ascii_digit() || matches!(last, b'E' | b'H'))
        },
        context: PLATE,
        examples: &["Kennzeichen K-Q 9230", "LB-M 2450", "Auto: HH AB 123E"],
        counter_examples: &["see K-Q 9230 there", "BXYZ AB 1234", "B 1234"],
    },
    // Arrete du 9 fevrier 2009 (no I, O, U); Italy since 1994 (no I, O, Q, U).
    Identifier {
        name: "fr_it_plate",
        kind: EntityKind::VehicleId,
        forms: &[written("AA=999=AA", 0.5), written("AA~999~AA", 0.3)],
        check: |n| {
            let is_letter = |byte: &u8| !matches!(byte, b'I' | b'O' | b'U');
            n.is_upper_case() && n.as_bytes().iter().all(is_letter)
        },
        context: PLATE,
        examples: &["AB-123-CD", "targa: FG 456 HJ", "plaque: AB123CD"],
        counter_examples: &["AB-123-CO", "see AB 123 CD there"],
        ..Identifier::BASE
    },
    // Karayollari Trafik Yonetmeligi: province 01 to 81, letters, number.
    Identifier {
        name: "tr_plate",
        kind: EntityKind::VehicleId,
        country: "TR",
        forms: &[
            written("99-A{1,3}-9{2,5}", 0.3),
            written("99A{1,3}9{2,5}", 0.15),
        ],
        check: |n| n.is_upper_case() && (1..=81).contains(&n.number(0, 2)),
        context: PLATE,
        examples: &["35 JK 12", "Araç plakası 34 ABC 1234"],
        counter_examples: &["00 ABC 123", "see 35 JK 12 there"],
    },
    // Orden PRE/629/2011: number and three consonants.
    Identifier {
        name: "es_plate",
        kind: EntityKind::VehicleId,
        country: "ES",
        forms: &[written("9999~AAA", 0.25)],
        check: |n| {
            let is_letter = |byte: &u8| !b"AEIOUQ".contains(byte);
            n.is_upper_case() && n.as_bytes().iter().all(is_letter)
        },
        context: PLATE,
        examples: &["matrícula 1234 BCD", "1234-BCD"],
        counter_examples: &["1234 ABC", "see 1234 BCD there"],
    },
    Identifier {
        name: "eu_plate",
        kind: EntityKind::VehicleId,
        forms: &[
            free(4, 9),
            written("A{1,3}-9{2,6}", 0.0),
            written("A{2,3}-*{4,5}", 0.0),
            written("A{1,3}-9{1,4}-A{1,3}", 0.15),
            written("9{1,4}-A{1,3}", 0.0),
            written("9{1,3}-A{1,3}-9{1,6}", 0.15),
            written("AAA-99A", 0.15),
            written("AA-99-999", 0.15),
            written("AA-99-99", 0.15),
            written("99-99-AA", 0.15),
            written("AA-AA-999", 0.15),
            written("9A9-9999", 0.15),
            written("A999-AA~9{2,3}", 0.15),
        ],
        check: |n| n.is_upper_case() && n.digit_count() < n.len(),
        context: PLATE,
        examples: &[
            "tablica rejestracyjna WA 12345",
            "kenteken: 12-ABC-3",
            "SPZ 1A2 3456",
            "numar de inmatriculare B 123 ABC",
            "regnr ABC 12D",
        ],
        counter_examples: &["plate 12", "kenteken van 2004", "table WA 12345"],
        ..Identifier::BASE
    },
];

/// How plates and cars are called.
const PLATE: &[&str] = &[
    "kennzeichen",
    "autokennzeichen",
    "kfz kennzeichen",
    "nummernschild",
    "amtliches kennzeichen",
    "kontrollschild",
    "auto:",
    "fahrzeug",
    "plate",
    "number plate",
    "license plate",
    "licence plate",
    "numberplate",
    "car reg",
    "reg no",
    "reg number",
    "vehicle reg",
    "vehicle registration",
    "registration number",
    "registration plate",
    "immatricul",
    "plaque n",
    "plaque d'imm",
    "plaque mineralogique",
    "plaque:",
    "matricula",
    "targa",
    "targato",
    "targata",
    "kenteken",
    "nummerplaat",
    "rejestracyjn",
    "nr rej",
    "registracni znacka",
    "rz",
    "spz",
    "ecv",
    "evc",
    "rendszam",
    "inmatriculare",
    "registarsk",
    "registrska",
    "tablice",
    "registreringsnummer",
    "registreringsskylt",
    "regnr",
    "regnummer",
    "skiltnummer",
    "kjennemerke",
    "nummerplade",
    "rekisterinumero",
    "rekisteritunnus",
    "rekisterikilpi",
    "numberimark",
    "reg. number",
    "valsts numur",
    "numurzime",
    "valstybinis numer",
    "valstybiniai numer",
    "bilnumer",
    "skraningarnumer",
    "plaka",
    "targa e automjetit",
    "pratesh",
    "πινακιδα",
    "αριθμοσ κυκλοφοριασ",
    "регистрационен номер",
    "рег. номер",
    "госномер",
    "гос. номер",
    "номерной знак",
    "номерний знак",
    "регистарска",
];

fn is_british(n: &Compact) -> bool {
    let is_letter = |place: usize, never: &[u8]| !never.contains(&n.at(place));
    matches!(n.number(2, 4), 2..=29 | 51..=79)
        && is_letter(0, b"IJQTZ")
        && is_letter(1, b"IQZ")
        && (4..7).all(|place| is_letter(place, b"IQ"))
}
