//! United States: the state, taxes and banks.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Social Security Administration, POMS RM 10201.035: area not 000, 666 or 900 to 999, group not
    // 00, serial not 0000.
    Identifier {
        name: "us_ssn",
        kind: EntityKind::NationalId,
        country: "US",
        forms: &[
            written("999=99=9999", 0.85),
            written("999-99-9999", 0.6),
            written("999999999", 0.25),
        ],
        check: |n| {
            let area = n.number(0, 3);
            area > 0 && area < 900 && area != 666 && n.number(3, 5) > 0 && n.number(5, 9) > 0
        },
        context: &[
            "ssn",
            "ss#",
            "ss no",
            "social sec",
            "socialsec",
            "soc sec",
            "social no",
            "social is",
            "social security",
            "my social",
            "ssa",
            "seguro social",
        ],
        examples: &[
            "my number is 078-05-1120",
            "SSN:219-09-9999.",
            "it lists 078 05 1120 as the number",
            "SSN 078.05.1120",
            "ssn=078051120",
            "socialSecurityNumber <- 078051120",
            "078051120",
        ],
        counter_examples: &[
            "000-12-3456",
            "666-12-3456",
            "912-70-1234",
            "123-00-4567",
            "123-45-0000",
            "1-123-45-6789",
            "123-45-6789-0",
            "2078-05-1120",
            "12 078 05 1120",
            "078 05 1120 33",
            "078 05 11203",
            "order 078051120",
            "SSN 000051120",
            "hassn 078051120",
        ],
    },
    // Internal Revenue Manual 3.21.263.7: 9, and a group in the ranges set aside for ITINs.
    Identifier {
        name: "us_itin",
        kind: EntityKind::TaxId,
        country: "US",
        forms: &[written("999-99-9999", 0.55), written("999~99~9999", 0.25)],
        check: |n| {
            n.at(0) == b'9' && matches!(n.number(3, 5), 50..=65 | 70..=88 | 90..=92 | 94..=99)
        },
        context: &[
            "itin",
            "taxpayer id",
            "tax id",
            "tin",
            "individual taxpayer",
        ],
        examples: &[
            "ITIN 912-90-3456",
            "taxpayer id: 912 90 3456",
            "912-90-3456",
            "912903456",
        ],
        counter_examples: &["ITIN 912-93-3456", "ITIN 812-90-3456", "weight 912903456"],
    },
    // IRS Publication 1635; the campus prefix has grown over most of 01 to 99.
    Identifier {
        name: "us_ein",
        kind: EntityKind::TaxId,
        country: "US",
        forms: &[written("99-9999999", 0.3), written("999999999", 0.15)],
        check: |n| n.number(0, 2) > 0,
        context: &[
            "ein",
            "fein",
            "employer id",
            "employer identification",
            "federal id",
            "federal tax",
        ],
        examples: &[
            "EIN 91-1144442",
            "employerIdentificationNumber <- 911144442",
        ],
        counter_examples: &["EIN 00-1144442", "between 91-1144442", "911144442"],
    },
    // Treasury Decision 9501: P and eight digits.
    Identifier {
        name: "us_ptin",
        kind: EntityKind::TaxId,
        country: "US",
        forms: &[written("A~99999999", 0.25)],
        check: |n| n.at(0) == b'P',
        context: &["ptin", "preparer"],
        examples: &["PTIN P01594846", "preparer's number P-00634642"],
        counter_examples: &["PTIN Q01594846", "part P01594846"],
    },
    // American Bankers Association, Routing Number Policy: a Federal Reserve prefix, weights 3 7 1.
    Identifier {
        name: "us_aba_routing",
        kind: EntityKind::BankAccount,
        country: "US",
        forms: &[written("9999-9999-9", 0.3), written("999999999", 0.25)],
        check: |n| {
            matches!(n.number(0, 2), 0..=12 | 21..=32 | 61..=72 | 80)
                && !n.is_monotone()
                && n.weighted(&[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
        },
        context: &[
            "routing",
            "aba",
            "rtn",
            "ach",
            "micr",
            "wire transfer",
            "transit number",
        ],
        examples: &["routing number 111000025", "ABA: 1110-0002-5", "111000025"],
        counter_examples: &[
            "routing number 112000025",
            "routing 411000023",
            "total 111000025",
        ],
    },
    // 8 CFR 103.2: a service centre or programme, and ten digits.
    Identifier {
        name: "us_uscis_receipt",
        kind: EntityKind::OtherId,
        country: "US",
        forms: &[
            written("AAA~9999999999", 0.55),
            written("AAA-99-999-99999", 0.55),
        ],
        check: |n| {
            const CENTRES: &[&str] = &[
                "EAC", "VSC", "WAC", "CSC", "LIN", "NSC", "SRC", "TSC", "MSC", "NBC", "YSC", "IOE",
            ];
            CENTRES.iter().any(|centre| n.as_str().starts_with(centre))
        },
        context: &["uscis", "receipt", "case"],
        examples: &["USCIS case MSC2190000001", "it is IOE-09-123-45678"],
        counter_examples: &["ABC2190000001", "MSC219000000"],
    },
    // 8 CFR 1.2: A and seven to nine digits.
    Identifier {
        name: "us_alien_number",
        kind: EntityKind::NationalId,
        country: "US",
        forms: &[written("A~999~999~999", 0.2), written("A~9{7,8}", 0.2)],
        check: |n| n.at(0) == b'A',
        context: &[
            "alien",
            "a number",
            "a#",
            "uscis",
            "green card",
            "permanent resident",
        ],
        examples: &["Alien number A012345678", "USCIS# A 012-345-678"],
        counter_examples: &["room A012345678", "alien B012345678"],
    },
    Identifier {
        name: "us_government_number",
        kind: EntityKind::NationalId,
        country: "US",
        forms: &[free(7, 12)],
        check: has_digits,
        context: &[
            "dod id",
            "edipi",
            "inmate number",
            "inmate id",
            "known traveler",
            "ktn",
            "selective service",
        ],
        examples: &["EDIPI: 1234567890", "Known Traveler Number 98765432"],
        counter_examples: &["EDIPI 12345", "id 1234567890"],
    },
];

fn has_digits(number: &Compact) -> bool {
    number.digit_count() >= 5
}
