//! Malaysia, Thailand, Indonesia, the Philippines and Vietnam.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // National Registration Regulations 1990, Malaysia: birth date, place, serial.
    Identifier {
        name: "my_nric",
        kind: EntityKind::NationalId,
        country: "MY",
        forms: &[
            written("999999-99-9999", 0.55),
            written("999999999999", 0.25),
        ],
        check: |n| {
            n.is_yymmdd(0)
                && matches!(n.number(6, 8), 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99)
        },
        context: &[
            "mykad",
            "my kad",
            "nric",
            "ic no",
            "ic number",
            "kad pengenalan",
            "no k/p",
            "kp",
            "identity card",
        ],
        examples: &[
            "MyKad 770305-02-1234",
            "No. K/P: 770305021234",
            "770305-02-1234",
        ],
        counter_examples: &["771305-02-1234", "770305-17-1234", "id 770305021234"],
    },
    // Lembaga Hasil Dalam Negeri, Malaysia: a kind of taxpayer and nine to eleven digits.
    Identifier {
        name: "my_tax",
        kind: EntityKind::TaxId,
        country: "MY",
        forms: &[written("A{1,2}~9{9,11}", 0.2)],
        context: &["tin", "lhdn", "cukai", "income tax"],
        examples: &["LHDN IG 12345678901", "No. cukai pendapatan: SG10234567091"],
        counter_examples: &["part IG12345678901", "LHDN IG1234"],
        ..Identifier::BASE
    },
    // Department of Provincial Administration, Thailand: a kind of person, modulo 11.
    Identifier {
        name: "th_id",
        kind: EntityKind::NationalId,
        country: "TH",
        forms: &[
            written("9-9999-99999-99-9", 0.6),
            written("9999999999999", 0.35),
        ],
        check: |n| {
            let sum = n.weighted(&[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            matches!(n.at(0), b'1'..=b'8') && (11 - sum) % 10 == n.last()
        },
        context: &[
            "thai id",
            "thai national",
            "national id",
            "บัตรประชาชน",
            "เลขบัตรประชาชน",
            "เลขประจำตัวประชาชน",
            "เลขประจำตัวผู้เสียภาษี",
            "tin",
            "citizen",
        ],
        examples: &["เลขบัตรประชาชน 1-2345-67890-12-1", "Thai ID 1234567890121"],
        counter_examples: &[
            "Thai ID 1234567890122",
            "Thai ID 0234567890124",
            "id 1234567890121",
        ],
    },
    // Kementerian Dalam Negeri, Indonesia (NIK): region, birth date (women: day + 40), serial.
    Identifier {
        name: "id_nik",
        kind: EntityKind::NationalId,
        country: "ID",
        forms: &[
            written("9999~9999~9999~9999", 0.4),
            written("999999~999999~9999", 0.45),
        ],
        check: |n| {
            let day = n.number(6, 8);
            let day = if day > 40 { day - 40 } else { day };
            is_indonesian_province(n) && super::is_day(day, n.number(8, 10)) && n.number(12, 16) > 0
        },
        context: &[
            "nik",
            "ktp",
            "e-ktp",
            "nomor induk",
            "kartu tanda",
            "kartu keluarga",
            "no kk",
            "npwp",
        ],
        examples: &["NIK 3171011708450001", "KTP: 3171 0157 0845 0001"],
        counter_examples: &[
            "NIK 9971011708450001",
            "NIK 3171013208450001",
            "id 3171011708450001",
        ],
    },
    // Direktorat Jenderal Pajak, Indonesia (NPWP).
    Identifier {
        name: "id_npwp",
        kind: EntityKind::TaxId,
        country: "ID",
        forms: &[
            written("99-999-999-9-999-999", 0.6),
            written("999999999999999", 0.2),
        ],
        context: &["npwp", "pajak", "wajib pajak"],
        examples: &["NPWP 01.312.166.0-091.000", "NPWP: 013121660091000"],
        counter_examples: &["NPWP 01.312.166.0-091", "id 013121660091000"],
        ..Identifier::BASE
    },
    // Philippine Statistics Authority, PhilSys: 12 digits, on the card 16.
    Identifier {
        name: "ph_philsys",
        kind: EntityKind::NationalId,
        country: "PH",
        forms: &[
            written("9999-9999-9999-9999", 0.2),
            written("9999-9999-9999", 0.2),
            written("9{16}", 0.15),
            written("9{12}", 0.15),
        ],
        context: &[
            "philsys",
            "phil sys",
            "psn",
            "pcn",
            "philid",
            "national id",
            "umid",
            "crn",
        ],
        examples: &["PhilSys PCN 1234-5678-9012-3456", "PSN: 123456789012"],
        counter_examples: &["PSN 1234-5678", "id 1234-5678-9012-3456"],
        ..Identifier::BASE
    },
    // Social Security System, PhilHealth, Pag-IBIG and the Bureau of Internal Revenue, Philippines.
    Identifier {
        name: "ph_membership",
        kind: EntityKind::NationalId,
        country: "PH",
        forms: &[
            written("99-9999999-9", 0.3),
            written("99-999999999-9", 0.3),
            written("9999-9999999-9", 0.3),
            free(10, 12),
        ],
        context: &[
            "sss",
            "philhealth",
            "phil health",
            "pag ibig",
            "gsis",
            "umid",
        ],
        examples: &[
            "SSS 34-1234567-8",
            "PhilHealth: 12-345678901-2",
            "Pag-IBIG 121234567890",
        ],
        counter_examples: &["SSS 34-123456-8", "range 34-1234567-8"],
        ..Identifier::BASE
    },
    // Bureau of Internal Revenue, Philippines: nine digits, and a branch.
    Identifier {
        name: "ph_tin",
        kind: EntityKind::TaxId,
        country: "PH",
        forms: &[
            written("999-999-999-9{3,5}", 0.3),
            written("999-999-999", 0.2),
            written("9{12,14}", 0.15),
        ],
        context: &["tin", "tax id", "tax identification", "bir"],
        examples: &["TIN 000-123-456-000", "Tax ID: 123-456-789-00001"],
        counter_examples: &["call 000-123-456", "TIN 000-123"],
        ..Identifier::BASE
    },
    // Decree 137/2015/ND-CP, Vietnam: province, century and sex, year of birth, serial.
    Identifier {
        name: "vn_citizen",
        kind: EntityKind::NationalId,
        country: "VN",
        forms: &[written("999999999999", 0.25), written("999~999~999", 0.1)],
        check: |n| n.len() == 9 || (1..=96).contains(&n.number(0, 3)) && n.value(3) < 4,
        context: &[
            "cccd",
            "cmnd",
            "can cuoc",
            "chung minh",
            "so dinh danh",
            "citizen id",
        ],
        examples: &["CCCD 001099012345", "Căn cước công dân: 079203012345"],
        counter_examples: &["CCCD 999099012345", "id 001099012345"],
    },
    // Circular 86/2024/TT-BTC, Vietnam: ten digits modulo 11, and a branch.
    Identifier {
        name: "vn_tax",
        kind: EntityKind::TaxId,
        country: "VN",
        forms: &[written("9999999999", 0.2), written("9999999999-999", 0.4)],
        check: |n| {
            let sum = n.weighted(&[31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11;
            10 - sum == n.value(9)
        },
        context: &["mst", "ma so thue", "tax code"],
        examples: &["MST 0100233488", "Mã số thuế: 0314409058-002"],
        counter_examples: &["MST 0100233487", "gọi 0100233488"],
    },
];

fn is_indonesian_province(number: &Compact) -> bool {
    matches!(
        number.number(0, 2),
        11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97
    )
}
