//! Australia.

use super::{Identifier, free, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Australian Taxation Office, tax file number: weights modulo 11.
    Identifier {
        name: "au_tfn",
        kind: EntityKind::TaxId,
        country: "AU",
        forms: &[written("999-999-999", 0.35), written("999999999", 0.25)],
        check: |n| {
            let sum = n.weighted(&[1, 4, 3, 7, 5, 8, 6, 9, 10]);
            !n.is_monotone() && sum.is_multiple_of(11)
        },
        context: &["tfn", "tax file"],
        examples: &[
            "TFN 123 456 782",
            "my tax file number is 876-543-210",
            "876 543 210",
        ],
        counter_examples: &["TFN 123 456 789", "TFN 000 000 000", "id 123456782"],
    },
    // A New Tax System (Australian Business Number) Act 1999: modulo 89, the first digit less one.
    Identifier {
        name: "au_abn",
        kind: EntityKind::TaxId,
        country: "AU",
        forms: &[written("99-999-999-999", 0.55), written("99999999999", 0.3)],
        check: |n| {
            let sum = n.weighted(&[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
            n.at(0) != b'0' && sum % 89 == 10
        },
        context: &["abn", "business number", "gst"],
        examples: &["ABN 51 824 753 556", "ABN: 51824753556", "(51 824 753 556)"],
        counter_examples: &["ABN 52 824 753 556", "id 51824753556"],
    },
    // Corporations Act 2001, Australian company number: weights 8 to 1 modulo 10.
    Identifier {
        name: "au_acn",
        kind: EntityKind::TaxId,
        country: "AU",
        forms: &[written("999-999-999", 0.3), written("999999999", 0.25)],
        check: |n| {
            (n.weighted(&[8, 7, 6, 5, 4, 3, 2, 1]) + n.last()).is_multiple_of(10)
                && !n.is_monotone()
        },
        context: &["acn", "arbn", "company number"],
        examples: &["ACN 004 085 616", "ACN: 010499966"],
        counter_examples: &["ACN 004 085 617", "id 004085616"],
    },
    // Services Australia, Medicare card: weights 1 3 7 9 modulo 10, issue, place on the card.
    Identifier {
        name: "au_medicare",
        kind: EntityKind::HealthId,
        country: "AU",
        forms: &[
            written("9999-99999-9", 0.5),
            written("9999-99999-9-9", 0.5),
            written("9999999999", 0.25),
            written("9999999999~9", 0.25),
        ],
        check: |n| {
            let sum = n.weighted(&[1, 3, 7, 9, 1, 3, 7, 9]);
            matches!(n.at(0), b'2'..=b'6') && sum % 10 == n.value(8) && n.at(9) != b'0'
        },
        context: &["medicare", "irn"],
        examples: &[
            "Medicare 2123 45670 1",
            "Medicare card 2123456701-1",
            "2123456701",
        ],
        counter_examples: &[
            "Medicare 2123 45671 1",
            "Medicare 7123 45672 1",
            "id 2123456701",
        ],
    },
    // AS 5017, individual healthcare identifier: 800360, providers 800361 and 800362, Luhn.
    Identifier {
        name: "au_healthcare_identifier",
        kind: EntityKind::HealthId,
        country: "AU",
        forms: &[written("9999~99~99~9999~9999", 0.6)],
        check: |n| matches!(n.number(0, 6), 800_360..=800_362) && luhn(n.as_str()),
        context: &["ihi", "hpi", "healthcare identifier"],
        examples: &["IHI 8003 6012 3456 7894", "8003601234567894"],
        counter_examples: &["IHI 8003 6012 3456 7895", "IHI 8003 7012 3456 7891"],
    },
    // Services Australia, customer reference number.
    Identifier {
        name: "au_crn",
        kind: EntityKind::NationalId,
        country: "AU",
        forms: &[written("999-999-999~A", 0.3), written("999999999A", 0.2)],
        context: &["crn", "centrelink", "customer reference"],
        examples: &["CRN 204 123 456A", "Centrelink 204123456X"],
        counter_examples: &["CRN 204 123 45A", "size 204123456X"],
        ..Identifier::BASE
    },
    // Australian Payments Network: bank, state, branch.
    Identifier {
        name: "au_bsb",
        kind: EntityKind::BankAccount,
        country: "AU",
        forms: &[written("999-999", 0.2), free(6, 6)],
        context: &["bsb"],
        examples: &["BSB 062-000", "bsb=062000"],
        counter_examples: &["BSB 06-200", "page 062-000"],
        ..Identifier::BASE
    },
];
