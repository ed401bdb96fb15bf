//! Vehicles: identification numbers and plates.

use super::{Compact, Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // ISO 3779 and 49 CFR 565.15: seventeen characters without I O Q, the ninth a check modulo 11.
    Identifier {
        name: "vin",
        kind: EntityKind::VehicleId,
        forms: &[written("*************9999", 0.6)],
        check: |n| is_vin(n) && has_vin_check_digit(n),
        context: VIN,
        examples: &["VIN 1M8GDM9AXKP042788", "the car 1M8GDM9AXKP042788 is sold"],
        counter_examples: &[
            "VIN 1M8GDM9AXKP04278",
            "the car 1M8GDM9A1KP042788 is sold",
            "11111111111111111",
        ],
        ..Identifier::BASE
    },
    // Outside North America the ninth character is free.
    Identifier {
        name: "vin_without_check",
        kind: EntityKind::VehicleId,
        forms: &[
            written("*************9999", 0.2),
            written("*****************", 0.16),
        ],
        check: is_vin,
        context: VIN,
        examples: &[
            "VIN: WVWZZZ1JZXW000001",
            "Fahrgestellnummer WVWZZZ1JZXW000001",
        ],
        counter_examples: &[
            "VIN WVWZZZ1JZXW00000",
            "token WVWZZZ1JZXW000001",
            "VIN WOWZZZ1JZXW000001",
        ],
        ..Identifier::BASE
    },
    Identifier {
        name: "plate",
        kind: EntityKind::VehicleId,
        forms: &[
            written("A{1,3}~9{1,4}~A{0,3}", 0.1),
            written("9{1,4}~A{1,3}~9{0,4}", 0.1),
            written("A{1,3}~9~A~9{2,4}", 0.1),
            written("99~99~AA", 0.1),
            written("AA~AA~99", 0.1),
            written("A~9{5,6}", 0.1),
            written("9{3}~9{3,4}", 0.1),
        ],
        check: |n| n.len() >= 4 && !n.starts_with("0X"),
        context: PLATE,
        examples: &[
            "license plate 7ABC123",
            "Plate: ABC 1234",
            "placa ABC1D23",
            "targa AB 123 CD",
            "车牌A12345",
            "plate number KCA 123A",
        ],
        counter_examples: &["steel plate 12", "plate ABC", "car 7ABC123"],
        ..Identifier::BASE
    },
    // Any two or three groups, as the many countries without a row write them.
    Identifier {
        name: "grouped_plate",
        kind: EntityKind::VehicleId,
        forms: &[
            written("*{1,5}-*{2,5}", 0.05),
            written("*{1,5}-*{1,4}-*{2,5}", 0.05),
        ],
        check: |n| n.is_upper_case() && n.digit_count() >= 3 && (5..=10).contains(&n.len()),
        context: PLATE,
        examples: &[
            "license plate: 3RD S03",
            "plate number 64262 229 40",
            "number plate 56-19303",
        ],
        counter_examples: &["license plate of 2004", "plate is in 12 AM", "see 3RD S03"],
        ..Identifier::BASE
    },
];

/// How plates are called.
const PLATE: &[&str] = &[
    "license plate",
    "licence plate",
    "licenseplate",
    "license tag",
    "number plate",
    "plate number",
    "plate no",
    "plate:",
    "plate is",
    "plate #",
    "plate\"",
    "registration plate",
    "vehicle registration",
    "vehicle reg",
    "car reg",
    "car registration",
    "reg no",
    "reg number",
    "reg plate",
    "rego",
    "tag number",
    "vrn",
    "vrm",
    "kennzeichen",
    "kfz",
    "autokennzeichen",
    "nummernschild",
    "immatriculation",
    "immatricule",
    "plaque d'immatriculation",
    "matricula",
    "placa",
    "placas",
    "patente",
    "patente del auto",
    "targa",
    "targato",
    "targata",
    "kenteken",
    "nummerplaat",
    "matricula do carro",
    "tablica rejestracyjna",
    "numer rejestracyjny",
    "nr rejestracyjny",
    "rejestracja",
    "registreringsnummer",
    "regnr",
    "regskylt",
    "rekisterinumero",
    "rekisterikilpi",
    "spz",
    "rz",
    "rendszam",
    "numar de inmatriculare",
    "nr inmatriculare",
    "plaka",
    "plakasi",
    "registarska",
    "registracija",
    "госномер",
    "номерной знак",
    "гос номер",
    "рег знак",
    "πινακιδα",
    "ナンバープレート",
    "車両番号",
    "车牌",
    "車牌",
    "차량번호",
    "번호판",
    "لوحة",
    "רכב",
    "ทะเบียนรถ",
    "bien so",
    "nomor polisi",
    "nopol",
    "plat nomor",
];

const VIN: &[&str] = &[
    "vin",
    "fahrgestellnr",
    "fin nr",
    "vin#",
    "vehicle identification",
    "vehicle id",
    "chassis",
    "chassis no",
    "frame number",
    "fahrgestell",
    "fahrgestellnummer",
    "fahrzeug identifizierung",
    "fin",
    "numero de chassis",
    "no de chassis",
    "bastidor",
    "numero de bastidor",
    "telaio",
    "numero di telaio",
    "chassisnummer",
    "numero do chassi",
    "chassi",
    "numer vin",
    "numer podwozia",
    "nr nadwozia",
    "chassinummer",
    "alvazszam",
    "serie sasiu",
    "sasi no",
    "номер кузова",
    "номер шасси",
    "車台番号",
    "车架号",
    "車架號",
    "차대번호",
    "هيكل",
];

/// Letters and digits in which no I, O or Q stands for a digit.
fn is_vin(number: &Compact) -> bool {
    let bytes = number.as_bytes();
    let digits = number.digit_count();
    (4..17).contains(&digits) && !bytes.iter().any(|byte| b"IOQ".contains(byte))
}

fn has_vin_check_digit(number: &Compact) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    /// What the letters A to Z count; I, O and Q do not occur.
    const LETTERS: &[u8] = b"12345678012345070923456789";
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => LETTERS
            .get(usize::from(byte - b'A'))
            .map_or(0, |digit| u32::from(digit - b'0')),
        digit => u32::from(digit.wrapping_sub(b'0')),
    };
    let sum: u32 = number
        .as_bytes()
        .iter()
        .zip(WEIGHTS)
        .map(|(&byte, weight)| value(byte) * weight)
        .sum();
    let check = b"0123456789X".get(sum as usize % 11);
    check == Some(&number.at(8))
}
