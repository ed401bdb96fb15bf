//! Russia.

use super::{Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Order of the Federal Tax Service MMV-7-6/435: ten digits for companies, twelve for people.
    Identifier {
        name: "ru_inn",
        kind: EntityKind::TaxId,
        country: "RU",
        forms: &[written("999999999999", 0.5), written("9999999999", 0.25)],
        check: |n| {
            let check = |weights: &[u32]| n.weighted(weights) % 11 % 10;
            !n.is_monotone()
                && match n.len() {
                    10 => check(&[2, 4, 10, 3, 5, 9, 4, 6, 8]) == n.last(),
                    _ => {
                        check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == n.value(10)
                            && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == n.last()
                    }
                }
        },
        context: &[
            "инн",
            "inn",
            "идентификационный номер налогоплательщика",
            "налогоплательщик",
            "taxpayer",
        ],
        examples: &["ИНН 760252370857", "INN: 2372615079"],
        counter_examples: &["ИНН 760252370858", "заказ 2372615079"],
    },
    // Order of the Pension Fund 192p: weights 9 to 1, modulo 101.
    Identifier {
        name: "ru_snils",
        kind: EntityKind::NationalId,
        country: "RU",
        forms: &[written("999-999-999-99", 0.6), written("99999999999", 0.3)],
        check: |n| {
            let sum = n.weighted(&[9, 8, 7, 6, 5, 4, 3, 2, 1]);
            !n.is_monotone() && u64::from(sum % 101 % 100) == n.number(9, 11)
        },
        context: &[
            "снилс",
            "snils",
            "страховой номер",
            "пенсионн",
            "insurance number",
        ],
        examples: &["СНИЛС 112-233-445 95", "SNILS: 11223344595"],
        counter_examples: &["СНИЛС 112-233-445 96", "заказ 11223344595"],
    },
    // Government decree 828: series of four digits (region, year), number of six; abroad nine.
    Identifier {
        name: "ru_passport",
        kind: EntityKind::Passport,
        country: "RU",
        forms: &[
            written("99~99-999999", 0.15),
            written("9999999999", 0.0),
            written("99~9999999", 0.15),
        ],
        context: &[
            "паспорт",
            "паспорта",
            "серия",
            "passport",
            "pasport",
            "загранпаспорт",
        ],
        examples: &[
            "паспорт 45 06 123456",
            "серия 4506 номер 123456, паспорт: 4506 123456",
        ],
        counter_examples: &["паспорт 45", "заказ 45 06 123456"],
        ..Identifier::BASE
    },
    // Order of the Ministry of Finance 169n: rest modulo 11, or modulo 13 for sole traders.
    Identifier {
        name: "ru_ogrn",
        kind: EntityKind::TaxId,
        country: "RU",
        forms: &[
            written("9999999999999", 0.25),
            written("999999999999999", 0.25),
        ],
        check: |n| {
            let payload = n.len().saturating_sub(1);
            let modulus = if n.len() == 13 { 11 } else { 13 };
            matches!(n.at(0), b'1'..=b'5')
                && n.number(0, payload) % modulus % 10 == u64::from(n.last())
        },
        context: &["огрн", "огрнип", "ogrn", "ogrnip", "регистрационный номер"],
        examples: &["ОГРН 1301655153360", "OGRN: 1229353809915"],
        counter_examples: &["ОГРН 1301655153361", "заказ 1229353809916"],
    },
    // Bank of Russia: account of twenty digits, BIK of nine.
    Identifier {
        name: "ru_bank_account",
        kind: EntityKind::BankAccount,
        country: "RU",
        forms: &[
            written("9{20}", 0.3),
            written("999-99-999-9-9999-9999999", 0.4),
            written("999999999", 0.0),
        ],
        check: |n| n.len() != 9 || n.starts_with("04"),
        context: &[
            "счет",
            "счёт",
            "р/с",
            "к/с",
            "р/сч",
            "бик",
            "bik",
            "расчетный",
            "корр",
            "account",
        ],
        examples: &["р/с 40817810099910004312", "БИК 044525225"],
        counter_examples: &["р/с 4081", "заказ 044525225"],
    },
    // Federal fund of compulsory medical insurance: policy of sixteen digits.
    Identifier {
        name: "ru_health_policy",
        kind: EntityKind::HealthId,
        country: "RU",
        forms: &[
            written("9{16}", 0.15),
            written("9999~9999~9999~9999", 0.15),
            free(6, 16),
        ],
        context: &[
            "омс",
            "полис",
            "енп",
            "медицинской карты",
            "медкарта",
            "мед. карта",
            "амбулаторной карты",
            "история болезни",
            "истории болезни",
        ],
        examples: &["полис ОМС 1234567890123456", "история болезни № 12345-2023"],
        counter_examples: &["полис ОМС 12", "заказ 1234567890123456"],
        ..Identifier::BASE
    },
    // Series of four characters, number of six.
    Identifier {
        name: "ru_driver_license",
        kind: EntityKind::DriverLicense,
        country: "RU",
        forms: &[written("99~**~999999", 0.15)],
        context: &[
            "водительское",
            "водительского",
            "в/у",
            "ву №",
            "права №",
            "driver license",
        ],
        examples: &["водительское удостоверение 77 12 123456", "в/у 9916 654321"],
        counter_examples: &["водительское 12", "заказ 77 12 123456"],
        ..Identifier::BASE
    },
];
