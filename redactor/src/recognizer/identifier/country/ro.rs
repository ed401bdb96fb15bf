//! Romania and Moldova.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Law 105/1996: sex and century, birth date, county, serial, weights 279146358279 modulo 11.
    Identifier {
        name: "ro_cnp",
        kind: EntityKind::NationalId,
        country: "RO",
        forms: &[
            written("9999999999999", 0.55),
            written("9-999999-999999", 0.6),
        ],
        check: is_cnp,
        context: &[
            "cnp",
            "cod numeric personal",
            "c.n.p",
            "personal numeric code",
        ],
        examples: &["CNP 1760814129883", "1980113126993"],
        counter_examples: &["CNP 1760814129884", "1761314129883"],
    },
    // OUG 74/2013, CUI or CIF: two to ten digits, weights 7 5 3 2 1 7 5 3 2 from the right.
    Identifier {
        name: "ro_company",
        kind: EntityKind::TaxId,
        country: "RO",
        forms: &[written("9{6,10}", 0.15), written("AA~9{5,10}", 0.45)],
        check: |n| {
            let n = if n.starts_with("RO") { n.skip(2) } else { *n };
            n.is_digits(0, n.len()) && is_cui(&n)
        },
        context: &[
            "cui",
            "cif",
            "c.u.i",
            "c.i.f",
            "cod fiscal",
            "cod unic",
            "vat",
            "tva",
        ],
        examples: &["CUI 83176809", "C.I.F. RO22806643"],
        counter_examples: &["CUI 83176808", "articol 22806643"],
    },
    // Trade register: J, county, number, year.
    Identifier {
        name: "ro_trade_register",
        kind: EntityKind::TaxId,
        country: "RO",
        forms: &[written("A9{2}-9{1,6}-9999", 0.5), written("A9{13}", 0.35)],
        check: |n| matches!(n.at(0), b'J' | b'F' | b'C'),
        context: &[
            "registrul comertului",
            "nr. reg. com",
            "reg. com",
            "onrc",
            "trade register",
        ],
        examples: &["J40/1234/2009", "Nr. Reg. Com.: F12/567/2015"],
        counter_examples: &["K40/1234/2009", "J40/1234"],
    },
    // Identity card: two letters of the series, six digits.
    Identifier {
        name: "ro_identity_card",
        kind: EntityKind::NationalId,
        country: "RO",
        forms: &[written("AA~999999", 0.15), written("AA-AA-999999", 0.15)],
        context: &[
            "carte de identitate",
            "cartea de identitate",
            "buletin",
            "c.i.",
            "ci seria",
            "seria",
            "serie",
        ],
        examples: &["CI seria XR 123456", "buletin seria TT 987654"],
        counter_examples: &["buletin 12", "articol XR 123456"],
        ..Identifier::BASE
    },
    // CNAS: number of an insured person, twenty digits; clinical sheet of a hospital.
    Identifier {
        name: "ro_health_record",
        kind: EntityKind::HealthId,
        country: "RO",
        forms: &[free(5, 20)],
        context: &[
            "foaie de observatie",
            "f.o. nr",
            "cid asigurat",
            "cod asigurat",
            "card de sanatate",
            "nr. fisa",
        ],
        examples: &[
            "foaie de observație nr. 12345",
            "cod asigurat 12345678901234567890",
        ],
        counter_examples: &["foaie de observație 12", "salon 12345"],
        ..Identifier::BASE
    },
    // Order of physicians: code (parafa) of six characters.
    Identifier {
        name: "ro_physician",
        kind: EntityKind::LicenseCert,
        country: "RO",
        forms: &[free(5, 7)],
        context: &["parafa", "cod parafa", "cuim", "colegiul medicilor"],
        examples: &["cod parafă A12345", "CUIM: 1234567"],
        counter_examples: &["parafa", "salon A12345"],
        ..Identifier::BASE
    },
    // Moldova, IDNP and IDNO: thirteen digits, weights 7 3 1 modulo 10.
    Identifier {
        name: "md_idnp",
        kind: EntityKind::NationalId,
        country: "MD",
        forms: &[written("9999999999999", 0.3)],
        check: |n| {
            matches!(n.at(0), b'0' | b'1' | b'2' | b'9')
                && !n.is_monotone()
                && n.weighted(&[7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 == n.last()
        },
        context: &[
            "idnp",
            "idno",
            "cod personal",
            "cod fiscal",
            "персональный код",
            "personal code",
        ],
        examples: &["IDNP 2282859482835", "IDNO: 2991412693895"],
        counter_examples: &["IDNP 2282859482836", "articol 2991412693895"],
    },
];

fn is_cnp(n: &Compact) -> bool {
    let rest = n.weighted(&[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let check = if rest == 10 { 1 } else { rest };
    n.at(0) != b'0'
        && is_day(n.number(5, 7), n.number(3, 5))
        && matches!(n.number(7, 9), 1..=52 | 70..=83 | 90..=99)
        && check == n.last()
}

fn is_cui(n: &Compact) -> bool {
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let payload = n.first(n.len().saturating_sub(1));
    let weights = WEIGHTS.get(WEIGHTS.len().saturating_sub(payload.len())..);
    let sum = payload.weighted(weights.unwrap_or_default());
    (2..=10).contains(&n.len()) && n.at(0) != b'0' && sum * 10 % 11 % 10 == n.last()
}

/// VAT number, without `RO`.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.is_digits(0, n.len()) && is_cui(n)
}
