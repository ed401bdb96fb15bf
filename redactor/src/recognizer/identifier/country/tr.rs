//! Turkey.

use super::{Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Population Services Act 5490: eleven digits, two sums.
    Identifier {
        name: "tr_national_id",
        kind: EntityKind::NationalId,
        country: "TR",
        forms: &[written("99999999999", 0.5), written("999-999-999-99", 0.5)],
        check: |n| {
            let odd = n.weighted(&[1, 0, 1, 0, 1, 0, 1, 0, 1]);
            let even = n.weighted(&[0, 1, 0, 1, 0, 1, 0, 1]);
            n.at(0) != b'0'
                && (odd * 7 + 100 - even) % 10 == n.value(9)
                && (odd + even + n.value(9)) % 10 == n.value(10)
        },
        context: &[
            "tc kimlik",
            "t.c. kimlik",
            "kimlik no",
            "kimlik numara",
            "tckn",
            "tckno",
            "tc no",
            "t.c.",
            "national id",
        ],
        examples: &["TC Kimlik No: 39706314418", "35961904388"],
        counter_examples: &["TC Kimlik No: 39706314419", "TCKN 00000000000"],
    },
    // Revenue Administration: ten digits, each with the place added and doubled modulo 9.
    Identifier {
        name: "tr_tax_number",
        kind: EntityKind::TaxId,
        country: "TR",
        forms: &[written("9999999999", 0.25), written("999-999-9999", 0.25)],
        check: |n| {
            let sum: u32 = (0..9)
                .zip((1..=9).rev())
                .map(|(place, distance)| {
                    let digit = (n.value(place) + distance) % 10;
                    let product = digit * (1 << distance) % 9;
                    if digit != 0 && product == 0 {
                        9
                    } else {
                        product
                    }
                })
                .sum();
            // The row of keys is no number, though its check digit is right.
            !n.is_monotone() && !n.starts_with("123456789") && (10 - sum % 10) % 10 == n.last()
        },
        context: &[
            "vergi no",
            "vergi numara",
            "vergi kimlik",
            "vkn",
            "tax number",
        ],
        examples: &["Vergi No: 5613785423", "VKN 9705796546"],
        counter_examples: &["Vergi No: 5613785424", "sipariş 9705796546"],
    },
    // Identity card (A12B34567) and passport (U 12345678).
    Identifier {
        name: "tr_document",
        kind: EntityKind::Passport,
        country: "TR",
        forms: &[
            written("A~99999999", 0.15),
            written("A99A99999", 0.3),
            written("A99~9{6}", 0.15),
        ],
        context: &[
            "pasaport",
            "passport",
            "seri no",
            "kimlik seri",
            "nufus cuzdani",
        ],
        examples: &["pasaport no U12345678", "Kimlik Seri No: A12B34567"],
        counter_examples: &["pasaport 12", "ürün U12345678"],
        ..Identifier::BASE
    },
    // SGK (social security), protocol and file numbers of hospitals.
    Identifier {
        name: "tr_health_record",
        kind: EntityKind::HealthId,
        country: "TR",
        forms: &[free(5, 14)],
        context: &[
            "sgk",
            "sicil no",
            "protokol no",
            "protokol numara",
            "dosya no",
            "hasta no",
            "hasta numara",
            "barkod no",
        ],
        examples: &["SGK sicil no 1234567890123", "Protokol No: 2023123456"],
        counter_examples: &["protokol no 12", "oda 1234567"],
        ..Identifier::BASE
    },
    Identifier {
        name: "tr_driver_license",
        kind: EntityKind::DriverLicense,
        country: "TR",
        forms: &[free(6, 9)],
        context: &["ehliyet", "surucu belgesi", "ehliyet no"],
        examples: &["ehliyet no 123456", "Sürücü belgesi: 654321"],
        counter_examples: &["ehliyet 12", "ürün 123456"],
        ..Identifier::BASE
    },
    Identifier {
        name: "tr_health_professional",
        kind: EntityKind::LicenseCert,
        country: "TR",
        forms: &[free(4, 8)],
        context: &["diploma no", "diploma tescil", "tescil no"],
        examples: &["diploma no 123456", "Diploma Tescil No: 98765"],
        counter_examples: &["diploma no 12", "oda 123456"],
        ..Identifier::BASE
    },
];
