//! Bulgaria.

use super::{Compact, Identifier, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // ЕГН, Civil Registration Act: weights modulo 11; the month is 20 more before 1900, 40 after
    // 1999.
    Identifier {
        name: "bg_egn",
        kind: EntityKind::NationalId,
        country: "BG",
        forms: &[written("9999999999", 0.4)],
        check: is_egn,
        context: &[
            "егн",
            "единен граждански номер",
            "egn",
            "edinen grazhdanski",
            "personal number",
            "personal id",
            "uniform civil number",
        ],
        examples: &["ЕГН: 5402152515", "egn <- 6004143720"],
        counter_examples: &["ЕГН: 5402152516", "EGN 5413152515"],
    },
    // ЛНЧ, number of a foreigner: weights modulo 10.
    Identifier {
        name: "bg_foreigner",
        kind: EntityKind::NationalId,
        country: "BG",
        forms: &[written("9999999999", 0.2)],
        check: |n| {
            !n.is_monotone() && n.weighted(&[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == n.last()
        },
        context: &["лнч", "lnch", "личен номер", "personal number"],
        examples: &["ЛНЧ 5421853356", "LNCh: 3798549258"],
        counter_examples: &["ЛНЧ 5421853357", "бр. 5421853356"],
    },
    // ЕИК (formerly БУЛСТАТ), BULSTAT Register Act: weights 1 to 8, or 3 to 10, modulo 11.
    Identifier {
        name: "bg_company",
        kind: EntityKind::TaxId,
        country: "BG",
        forms: &[written("999999999", 0.2), written("9999999999999", 0.2)],
        check: is_bulstat,
        context: &[
            "еик",
            "булстат",
            "eik",
            "bulstat",
            "ддс",
            "идент. номер",
            "uic",
            "company number",
        ],
        examples: &["ЕИК 157501715", "Bulstat: 877803375"],
        counter_examples: &["ЕИК 157501716", "Bulstat: 877803376"],
    },
];

fn is_egn(n: &Compact) -> bool {
    let sum = n.weighted(&[2, 4, 8, 5, 10, 9, 7, 3, 6]);
    n.number(2, 4) <= 52 && is_day(n.number(4, 6), n.number(2, 4) % 20) && sum % 11 % 10 == n.last()
}

fn is_bulstat(n: &Compact) -> bool {
    let rest = match n.weighted(&[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
        10 => n.weighted(&[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
        rest => rest,
    };
    !n.is_monotone() && n.is_digits(0, 9) && rest == n.value(8)
}

/// VAT number, without `BG`: that of a company, or of a person.
pub(super) fn is_vat(n: &Compact) -> bool {
    match n.len() {
        9 => is_bulstat(n),
        10 => n.is_digits(0, 10) && is_egn(n),
        _ => false,
    }
}
