//! Kazakhstan, Uzbekistan, Azerbaijan, Georgia, Armenia, Kyrgyzstan and Mongolia.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Law 223-III on national registers, Kazakhstan (IIN): birth date, century and sex, modulo 11.
    Identifier {
        name: "kz_iin",
        kind: EntityKind::NationalId,
        country: "KZ",
        forms: &[written("999999~999999", 0.35)],
        check: |n| n.is_yymmdd(0) && matches!(n.at(6), b'1'..=b'6') && is_kazakh_check_digit(n),
        context: &["iin", "иин", "жсн", "individual identification"],
        examples: &["ИИН 850101300015", "IIN: 850101 300015"],
        counter_examples: &["ИИН 850101300018", "ИИН 851301300014", "id 850101300015"],
    },
    // The same of organisations (BIN): year and month, kind.
    Identifier {
        name: "kz_bin",
        kind: EntityKind::TaxId,
        country: "KZ",
        forms: &[written("999999~999999", 0.25)],
        check: |n| {
            (1..=12).contains(&n.number(2, 4))
                && matches!(n.at(4), b'4'..=b'6')
                && is_kazakh_check_digit(n)
        },
        context: &["bin", "бин", "бсн", "business identification"],
        examples: &["БИН 990840003453"],
        counter_examples: &["БИН 991340003456", "БИН 990810003456"],
    },
    // Cabinet of Ministers resolution 8 of 2011, Uzbekistan (PINFL): sex and century, birth date.
    Identifier {
        name: "uz_pinfl",
        kind: EntityKind::NationalId,
        country: "UZ",
        forms: &[written("99999999999999", 0.25)],
        check: |n| matches!(n.at(0), b'1'..=b'6') && n.is_day_of_month(1, 3),
        context: &["pinfl", "jshshir", "пинфл", "жшшир"],
        examples: &["PINFL 31503851234567", "ПИНФЛ 41503851234567"],
        counter_examples: &["PINFL 71503851234567", "PINFL 31513851234567"],
    },
    // Kyrgyzstan (PIN): sex, birth date, serial.
    Identifier {
        name: "kg_pin",
        kind: EntityKind::NationalId,
        country: "KG",
        forms: &[written("99999999999999", 0.25)],
        check: |n| matches!(n.at(0), b'1' | b'2') && n.is_day_of_month(1, 3),
        context: &["инн", "пин", "персональный", "pin number"],
        examples: &["ПИН 21503198512345"],
        counter_examples: &["ПИН 31503198512345", "ПИН 21513198512345"],
    },
    // Personal codes without a published check.
    Identifier {
        name: "central_asia_personal_code",
        kind: EntityKind::NationalId,
        forms: &[free(7, 11)],
        context: &[
            "fin kod",
            "fin code",
            "sexsiyyet vesiqesi",
            "პირადი ნომერი",
            "პირადი",
            "հանրային ծառայության",
            "регистрийн дугаар",
            "регистр",
            "voen",
        ],
        examples: &["FIN kod: 5XY1ZW2", "პირადი ნომერი 01005012345"],
        counter_examples: &["FIN kod 12", "код 01005012345"],
        ..Identifier::BASE
    },
];

/// Weights 1 to 11 modulo 11; where that leaves 10, from 3 on and around.
fn is_kazakh_check_digit(number: &Compact) -> bool {
    let first = number.weighted(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    let sum = match first {
        10 => number.weighted(&[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11,
        sum => sum,
    };
    sum == number.last()
}
