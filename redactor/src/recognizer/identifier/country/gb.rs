//! United Kingdom.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // NHS Data Dictionary: weights 10 to 2, 11 minus the rest.
    Identifier {
        name: "gb_nhs",
        kind: EntityKind::HealthId,
        country: "GB",
        forms: &[written("999-999-9999", 0.3), written("9999999999", 0.25)],
        check: is_nhs,
        context: &[
            "nhs",
            "nhs no",
            "nhs number",
            "h&c",
            "health and care",
            "hcn",
            "patient",
        ],
        examples: &["NHS number 257 990 6738", "nhs_no=8947410209"],
        counter_examples: &["NHS number 257 990 6739", "order 8947410209"],
    },
    // NHS Scotland: birth date, serial, and the check of the NHS number.
    Identifier {
        name: "gb_chi",
        kind: EntityKind::HealthId,
        country: "GB",
        forms: &[written("999999~9999", 0.5)],
        check: |n| n.is_day_of_month(0, 2) && is_nhs(n),
        context: &["chi", "chi number", "community health index"],
        examples: &["CHI 0101500017", "CHI number: 120475 0017"],
        counter_examples: &["CHI 0101500018", "CHI 3201500017"],
    },
    // HMRC NIM39110: letters that no prefix has, and a suffix A to D.
    Identifier {
        name: "gb_nino",
        kind: EntityKind::NationalId,
        country: "GB",
        forms: &[written("AA~99~99~99~A", 0.6), written("AA~999999~A", 0.6)],
        check: |n| is_nino(n) && matches!(n.at(8), b'A'..=b'D'),
        context: NINO,
        examples: &["NINO AA 12 34 56 B", "national insurance: jg 99 88 77 a"],
        counter_examples: &["UV 98 76 54 B", "AA 12 34 56 E"],
    },
    Identifier {
        name: "gb_nino_without_suffix",
        kind: EntityKind::NationalId,
        country: "GB",
        forms: &[written("AA~99~99~99", 0.0), written("AA999999", 0.15)],
        check: is_nino,
        context: NINO,
        examples: &["NI number: AA 12 34 56", "NINO JS753576"],
        counter_examples: &["AA 12 34 56", "NINO UV987654"],
    },
    // HMRC: weights 6 7 8 9 10 5 4 3 2 modulo 11, the rest read from a table, first.
    Identifier {
        name: "gb_utr",
        kind: EntityKind::TaxId,
        country: "GB",
        forms: &[
            written("9999999999", 0.25),
            written("99999-99999", 0.3),
            written("9999999999A", 0.3),
        ],
        check: |n| {
            const CHECKS: [u8; 11] = *b"21987654321";
            let sum = n.skip(1).weighted(&[6, 7, 8, 9, 10, 5, 4, 3, 2]);
            !n.is_monotone()
                && matches!(n.at(10), 0 | b'K')
                && CHECKS.get((sum % 11) as usize) == Some(&n.at(0))
        },
        context: &[
            "utr",
            "unique taxpayer",
            "taxpayer reference",
            "self assessment",
            "tax reference",
        ],
        examples: &["UTR 2028089051", "Unique Taxpayer Reference: 40580 41020"],
        counter_examples: &["UTR 2028089052", "order 2028089051"],
    },
    // HMRC: weights 8 to 2 and two digits, modulo 97; numbers since 2009 are off by 55.
    Identifier {
        name: "gb_vat",
        kind: EntityKind::TaxId,
        country: "GB",
        forms: &[
            written("999-9999-99", 0.35),
            written("999-9999-99-999", 0.35),
            written("999999999", 0.25),
        ],
        check: is_vat,
        context: &["vat", "vat no", "vat reg", "vat number", "value added tax"],
        examples: &["VAT no. 851 2911 80", "VAT Reg: 708435729"],
        counter_examples: &["VAT no. 851 2911 81", "item 708435729"],
    },
    // DVLA: surname, decade, month (50 more for women), day, year, initials, and three characters.
    Identifier {
        name: "gb_driver_number",
        kind: EntityKind::DriverLicense,
        country: "GB",
        forms: &[
            written("A****~999999~****~*", 0.6),
            written("A****~999999~**~***", 0.6),
            written("A****~999999~*****~**", 0.6),
        ],
        check: is_driver_number,
        context: &[
            "driver number",
            "driving licence",
            "drivers licence",
            "driver's licence",
            "licence",
            "dvla",
            "driver no",
        ],
        examples: &["MORGA607054SM9IJ", "driving licence: FOX99 812310 AB9CD"],
        counter_examples: &["MORGA677054SM9IJ", "C12T345672"],
    },
    // His Majesty's Passport Office: nine digits, since 2020 perhaps two letters first.
    Identifier {
        name: "gb_passport",
        kind: EntityKind::Passport,
        country: "GB",
        forms: &[written("*{2}9{7}", 0.15), written("999-999-999", 0.0)],
        context: &["passport"],
        examples: &["passport no. 925665416", "UK passport: 925 665 416"],
        counter_examples: &["passport 12345", "part 925665416"],
        ..Identifier::BASE
    },
    // Companies House: eight digits, or two letters and six.
    Identifier {
        name: "gb_company",
        kind: EntityKind::TaxId,
        country: "GB",
        forms: &[written("AA~999999", 0.15), written("99999999", 0.15)],
        check: |n| {
            n.is_digits(0, 8)
                || matches!(
                    n.at(0),
                    b'S' | b'N' | b'O' | b'L' | b'R' | b'F' | b'G' | b'I' | b'C' | b'Z'
                )
        },
        context: &[
            "company number",
            "company no",
            "company reg",
            "companies house",
            "registered number",
            "crn",
        ],
        examples: &["Company number 01234567", "Companies House: SC123456"],
        counter_examples: &["Company number 1234", "part 01234567"],
    },
    // Pay.UK: sort code of three pairs, account of eight digits.
    Identifier {
        name: "gb_sort_code",
        kind: EntityKind::BankAccount,
        country: "GB",
        forms: &[
            written("99-99-99", 0.15),
            written("999999", 0.0),
            written("99-99-99-9{8}", 0.5),
        ],
        check: |n| !n.is_monotone(),
        context: &["sort code", "sortcode", "s/c", "sort"],
        examples: &[
            "sort code 20-00-00",
            "Sort code: 200052",
            "20-00-00 55779911",
        ],
        counter_examples: &["date 20-01-99", "sort code 2000"],
    },
    Identifier {
        name: "gb_bank_account",
        kind: EntityKind::BankAccount,
        country: "GB",
        forms: &[written("9{7,8}", 0.15)],
        context: &[
            "account number",
            "account no",
            "acc no",
            "acct",
            "a/c",
            "sort code",
            "bank account",
        ],
        examples: &[
            "account number 55779911",
            "sort code 20-00-00, account 55779911",
        ],
        counter_examples: &["part 55779911", "account 557"],
        ..Identifier::BASE
    },
    // Department for Education: a check letter, twelve digits.
    Identifier {
        name: "gb_pupil",
        kind: EntityKind::OtherId,
        country: "GB",
        forms: &[written("A999999999999", 0.5), written("A99999999999A", 0.3)],
        check: |n| {
            const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";
            let sum = n
                .skip(1)
                .weighted(&[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
            LETTERS.get((sum % 23) as usize) == Some(&n.at(0))
        },
        context: &["upn", "pupil number", "unique pupil"],
        examples: &["UPN W866869153290", "F926390535350"],
        counter_examples: &["UPN W866869153291", "F926390535351"],
    },
    // GMC (seven digits), NMC (12A3456E), GDC, HCPC (PH123456), GPhC.
    Identifier {
        name: "gb_health_professional",
        kind: EntityKind::LicenseCert,
        country: "GB",
        forms: &[
            written("99A9999A", 0.15),
            written("AA9{5,6}", 0.0),
            free(5, 8),
        ],
        context: &[
            "gmc",
            "nmc",
            "gdc",
            "hcpc",
            "gphc",
            "nmc pin",
            "general medical council",
        ],
        examples: &["GMC 7012345", "NMC PIN: 12A3456E", "HCPC no. PH123456"],
        counter_examples: &["GMC 12", "room 7012345"],
        ..Identifier::BASE
    },
    // Hospital numbers: each trust's own.
    Identifier {
        name: "gb_hospital_number",
        kind: EntityKind::HealthId,
        country: "GB",
        forms: &[free(5, 12)],
        context: &[
            "hospital number",
            "hospital no",
            "hosp no",
            "unit number",
            "district number",
            "pas number",
        ],
        examples: &["Hospital number: K123456", "Hosp No. 1234567"],
        counter_examples: &["Hospital number: 12", "ward 1234567"],
        ..Identifier::BASE
    },
];

const NINO: &[&str] = &[
    "nino",
    "ni number",
    "ni no",
    "nin",
    "national insurance",
    "nat ins",
];

/// The check of NHS numbers in England, Scotland, Wales and Northern Ireland.
fn is_nhs(n: &Compact) -> bool {
    let sum = n.weighted(&[10, 9, 8, 7, 6, 5, 4, 3, 2]);
    !n.is_monotone() && (11 - sum % 11) % 11 == n.last()
}

fn is_nino(n: &Compact) -> bool {
    const NEVER_GIVEN: [&str; 7] = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
    let is_prefix = |byte: &u8| !b"DFIQUV".contains(byte);
    n.as_bytes().iter().take(2).all(is_prefix)
        && n.at(1) != b'O'
        && !NEVER_GIVEN.iter().any(|prefix| n.starts_with(prefix))
}

fn is_driver_number(n: &Compact) -> bool {
    let is_surname = n.as_bytes().iter().take(5).is_sorted_by(|&before, after| {
        // Short names end in nines.
        before.is_ascii_alphabetic() || **after == b'9' && *before == b'9'
    });
    let month = n.number(6, 8) % 50;
    let is_initial = |place: usize| n.at(place).is_ascii_alphabetic() || n.at(place) == b'9';
    is_surname
        && is_day(n.number(8, 10), month)
        && is_initial(11)
        && is_initial(12)
        && n.as_bytes()
            .iter()
            .skip(14)
            .take(2)
            .all(u8::is_ascii_alphabetic)
        && n.is_digits(13, 14)
}

/// VAT number, without `GB` or `XI`; twelve digits for branches.
pub(super) fn is_vat(n: &Compact) -> bool {
    let sum = n.weighted(&[8, 7, 6, 5, 4, 3, 2]);
    let check = n.value(7) * 10 + n.value(8);
    matches!(n.len(), 9 | 12)
        && n.is_digits(0, n.len())
        && !n.first(9).is_monotone()
        && matches!((sum + check) % 97, 0 | 42)
}
