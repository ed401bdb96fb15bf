//! Ukraine.

use super::{Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Tax Code article 70, РНОКПП: days since 1900, serial, weights -1 5 7 9 4 6 10 5 7 modulo 11.
    Identifier {
        name: "ua_tax_number",
        kind: EntityKind::TaxId,
        country: "UA",
        forms: &[written("9999999999", 0.3)],
        check: |n| {
            // 10 is -1 modulo 11.
            let sum = n.weighted(&[10, 5, 7, 9, 4, 6, 10, 5, 7]);
            !n.is_monotone() && sum % 11 % 10 == n.last()
        },
        context: &[
            "рнокпп",
            "іпн",
            "ипн",
            "ідентифікаційний",
            "ідентифікаційний код",
            "іпн/рнокпп",
            "rnokpp",
            "ipn",
            "tax number",
            "tin",
        ],
        examples: &["РНОКПП 3399934605", "ІПН: 5612926056"],
        counter_examples: &["РНОКПП 3399934606", "замовлення 5612926056"],
    },
    // State Statistics Service, ЄДРПОУ: eight digits, weights 1 to 7 or 7 1 2 ... modulo 11.
    Identifier {
        name: "ua_company",
        kind: EntityKind::TaxId,
        country: "UA",
        forms: &[written("99999999", 0.15)],
        check: |n| {
            let is_middle = (30_000_000..60_000_000).contains(&n.number(0, 8));
            let (first, second): ([u32; 7], [u32; 7]) = if is_middle {
                ([7, 1, 2, 3, 4, 5, 6], [9, 3, 4, 5, 6, 7, 8])
            } else {
                ([1, 2, 3, 4, 5, 6, 7], [3, 4, 5, 6, 7, 8, 9])
            };
            let rest = match n.weighted(&first) % 11 {
                10 => n.weighted(&second) % 11 % 10,
                rest => rest,
            };
            !n.is_monotone() && rest == n.last()
        },
        context: &[
            "єдрпоу",
            "едрпоу",
            "edrpou",
            "код підприємства",
            "company code",
        ],
        examples: &["ЄДРПОУ 32695251", "EDRPOU: 34527045"],
        counter_examples: &["ЄДРПОУ 32695252", "замовлення 34527045"],
    },
    // Law 5492-VI, УНЗР: birth date and five digits; identity card: nine digits.
    Identifier {
        name: "ua_register_number",
        kind: EntityKind::NationalId,
        country: "UA",
        forms: &[
            written("99999999=99999", 0.55),
            written("9999999999999", 0.15),
        ],
        check: |n| matches!(n.number(0, 4), 1880..=2100) && is_day(n.number(6, 8), n.number(4, 6)),
        context: &["унзр", "запис №", "запису", "реєстрі", "unzr", "record no"],
        examples: &["УНЗР 19910824-00026", "Запис №: 19851231-12345"],
        counter_examples: &["УНЗР 19911324-00026", "19910824-0002"],
    },
    Identifier {
        name: "ua_passport",
        kind: EntityKind::Passport,
        country: "UA",
        forms: &[
            written("999999999", 0.15),
            written("AA~999999", 0.15),
            written("999999", 0.0),
        ],
        context: &[
            "паспорт",
            "паспорта",
            "id картка",
            "посвідчення",
            "серія",
            "passport",
        ],
        examples: &["паспорт № 001234567", "паспорт: FE 123456"],
        counter_examples: &["паспорт 12", "замовлення 001234567"],
        ..Identifier::BASE
    },
    Identifier {
        name: "ua_health_record",
        kind: EntityKind::HealthId,
        country: "UA",
        forms: &[free(5, 16)],
        context: &[
            "історія хвороби",
            "історії хвороби",
            "медична картка",
            "медичної картки",
            "декларація №",
        ],
        examples: &["історія хвороби № 12345", "медична картка: 2023-12345"],
        counter_examples: &["історія хвороби 12", "палата 12345"],
        ..Identifier::BASE
    },
];
