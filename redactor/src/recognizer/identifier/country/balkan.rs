//! Bosnia, Kosovo, Montenegro, North Macedonia, Serbia; and what Slovenia and Croatia share with
//! them from Yugoslavia.

use super::{Compact, Identifier, free, is_day, written};
use crate::{EntityKind, checksum::mod_11_10};

pub(super) const ROWS: &[Identifier] = &[
    // Law of 1976 (JMBG, EMŠO, EMBG): birth date, region, serial, weights 7 to 2 twice modulo 11.
    Identifier {
        name: "yu_jmbg",
        kind: EntityKind::NationalId,
        forms: &[
            written("9999999999999", 0.55),
            written("9999999-999999", 0.55),
        ],
        check: |n| {
            let sum = n.weighted(&[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
            matches!(n.at(4), b'0' | b'8' | b'9')
                && is_day(n.number(0, 2), n.number(2, 4))
                && (11 - sum % 11) % 11 == n.last()
        },
        context: &[
            "jmbg",
            "јмбг",
            "emso",
            "embg",
            "ембг",
            "maticni broj",
            "maticna stevilka",
            "матични број",
            "матичен број",
            "personal number",
        ],
        examples: &["JMBG 0807971500388", "EMŠO: 1311952505261", "1408988508856"],
        counter_examples: &["JMBG 0807971500389", "EMŠO: 1313952505260"],
        ..Identifier::BASE
    },
    // Serbian Tax Administration: nine digits, ISO 7064 MOD 11,10.
    Identifier {
        name: "rs_pib",
        kind: EntityKind::TaxId,
        country: "RS",
        forms: &[written("999999999", 0.25)],
        check: |n| !n.is_monotone() && mod_11_10(n.as_str()),
        context: &[
            "pib",
            "пиб",
            "poreski identifikacioni",
            "порески идентификациони",
            "pdv",
            "tax id",
        ],
        examples: &["PIB 854414742", "ПИБ: 501701806"],
        counter_examples: &["PIB 854414743", "artikal 854414743"],
    },
    // Three digits of the bank, thirteen, two checked by ISO 7064 MOD 97-10; also Bosnia in one.
    Identifier {
        name: "rs_bank_account",
        kind: EntityKind::BankAccount,
        country: "RS",
        forms: &[
            written("999=9{13}=99", 0.6),
            written("9{18}", 0.4),
            written("9{16}", 0.15),
        ],
        check: |n| {
            let rest = n.as_bytes().iter().fold(0, |rest, digit| {
                (rest * 10 + u32::from(digit.wrapping_sub(b'0'))) % 97
            });
            !n.is_monotone() && rest == 1
        },
        context: &[
            "racun",
            "ziro",
            "ziro racun",
            "tekuci racun",
            "рачун",
            "account",
        ],
        examples: &[
            "račun 160-0000000123456-54",
            "žiro račun 160000000012345654",
        ],
        counter_examples: &["račun 160-0000000123456-55", "račun 160"],
    },
    // Montenegro: eight digits, weights 8 to 2 modulo 11.
    Identifier {
        name: "me_pib",
        kind: EntityKind::TaxId,
        country: "ME",
        forms: &[written("99999999", 0.15)],
        check: |n| {
            let rest = n.weighted(&[8, 7, 6, 5, 4, 3, 2]) % 11;
            !n.is_monotone() && (11 - rest) % 11 % 10 == n.last()
        },
        context: &["pib", "pdv", "poreski broj", "maticni broj"],
        examples: &["PIB 30518334", "PIB: 21110190"],
        counter_examples: &["PIB 30518335", "artikal 30518334"],
    },
    // North Macedonia, ЕДБ: thirteen digits, weights 7 to 2 twice modulo 11.
    Identifier {
        name: "mk_edb",
        kind: EntityKind::TaxId,
        country: "MK",
        forms: &[
            written("9999999999999", 0.25),
            written("AA9999999999999", 0.5),
        ],
        check: |n| {
            let n = if n.starts_with("MK") { n.skip(2) } else { *n };
            let sum = n.weighted(&[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
            n.is_digits(0, 13) && !n.is_monotone() && (11 - sum % 11) % 11 % 10 == n.last()
        },
        context: &["edb", "едб", "ддв", "ddv", "даночен број", "danocen broj"],
        examples: &["ЕДБ 2177143100671", "EDB MK1617740695771"],
        counter_examples: &["ЕДБ 2177143100672", "MK1617740695772"],
    },
    // Bosnia and Herzegovina: number of a company, twelve or thirteen digits, begins with 4.
    Identifier {
        name: "ba_company",
        kind: EntityKind::TaxId,
        country: "BA",
        forms: &[written("9{12,13}", 0.15)],
        check: |n| n.at(0) == b'4' || n.len() == 12,
        context: &[
            "pdv broj",
            "id broj",
            "jib",
            "jedinstveni identifikacioni",
            "јиб",
        ],
        examples: &["JIB 4200000000001", "PDV broj: 200000000001"],
        counter_examples: &["JIB 42", "artikal 4200000000001"],
    },
    // Kosovo: personal number of ten digits.
    Identifier {
        name: "xk_personal_number",
        kind: EntityKind::NationalId,
        country: "XK",
        forms: &[written("9{10}", 0.15)],
        context: &[
            "numri personal",
            "nr. personal",
            "nr personal",
            "licni broj",
            "personal number",
        ],
        examples: &["numri personal 1234567890", "Nr. personal: 1009876543"],
        counter_examples: &["numri personal 12", "artikulli 1234567890"],
        ..Identifier::BASE
    },
    // Identity cards and health cards of all of them: nine digits and more.
    Identifier {
        name: "yu_card",
        kind: EntityKind::NationalId,
        forms: &[free(7, 11)],
        context: &[
            "licna karta",
            "licne karte",
            "лична карта",
            "личне карте",
            "лк бр",
            "lbo",
            "лбо",
            "zdravstvena knjizica",
            "zdravstvena legitimacija",
        ],
        examples: &["broj lične karte: 123456789", "ЛБО 12345678901"],
        counter_examples: &["lična karta 12", "artikal 123456789"],
        ..Identifier::BASE
    },
];

/// Slovenia's tax number, which is also the VAT number without `SI`.
pub(super) fn is_slovenian_tax_number(n: &Compact) -> bool {
    let sum = n.weighted(&[8, 7, 6, 5, 4, 3, 2]);
    n.len() == 8
        && n.is_digits(0, 8)
        && n.at(0) != b'0'
        && !n.is_monotone()
        && (11 - sum % 11) % 10 == n.last()
}
