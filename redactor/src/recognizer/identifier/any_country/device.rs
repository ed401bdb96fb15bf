//! Devices: phones, implants, anything with a serial number.

use super::{Identifier, free, is_number, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // 3GPP TS 23.003, section 6.2.2: the software version takes the place of the check digit.
    Identifier {
        name: "imeisv",
        kind: EntityKind::DeviceId,
        forms: &[
            written("9999999999999999", 0.15),
            written("99-999999-999999-99", 0.3),
        ],
        context: &[
            "imeisv",
            "imei sv",
            "imei",
            "international mobile equipment",
            "mobile equipment identity",
        ],
        examples: &["IMEISV 3554570812345678", "IMEI/SV: 35-545708-123456-78"],
        counter_examples: &["IMEISV 355457081234567", "id 3554570812345678"],
        ..Identifier::BASE
    },
    // 3GPP2 S.R0048: A0 to FF, then twelve hexadecimal digits.
    Identifier {
        name: "meid",
        kind: EntityKind::DeviceId,
        forms: &[
            written("A*~******~******", 0.15),
            written("A*~******~******~*", 0.15),
            written("9{18}", 0.15),
        ],
        check: |n| n.len() == 18 || n.as_bytes().iter().all(u8::is_ascii_hexdigit),
        context: &["meid", "esn"],
        examples: &["MEID A0000000002329", "MEID: AF 012345 0ABCDE C"],
        counter_examples: &["MEID G0000000002329", "hash A0000000002329"],
        ..Identifier::BASE
    },
    // ITU-T E.118: 89 for telecommunication, country, issuer, Luhn.
    Identifier {
        name: "iccid",
        kind: EntityKind::DeviceId,
        forms: &[
            written("99999999999999999999", 0.5),
            written("9999999999999999999", 0.5),
            written("9999~9999~9999~9999~9{3,4}", 0.5),
            written("99~99~99~99999999~99999~9", 0.5),
        ],
        check: |n| {
            // Some write the check digit, some a further filler behind it.
            n.number(0, 2) == 89
                && (luhn(n.as_str()) || n.len() == 20 && luhn(n.first(19).as_str()))
        },
        context: &["iccid", "sim"],
        examples: &["ICCID 8944500102198304826", "89445001021983048267"],
        counter_examples: &["ICCID 8944500102198304827", "ICCID 8844500102198304827"],
        ..Identifier::BASE
    },
    // ITU-T E.212: mobile country code (2 to 7 first), network, subscriber.
    Identifier {
        name: "imsi",
        kind: EntityKind::DeviceId,
        forms: &[written("999~99~9{9,10}", 0.15)],
        check: |n| matches!(n.at(0), b'2'..=b'7' | b'9'),
        context: &["imsi", "subscriber identity"],
        examples: &["IMSI 310150123456789"],
        counter_examples: &["IMSI 110150123456789", "id 310150123456789"],
        ..Identifier::BASE
    },
    // GS1 General Specifications, section 7.9 (GTIN of a device): weights 3 1 modulo 10.
    Identifier {
        name: "udi_device_identifier",
        kind: EntityKind::DeviceId,
        forms: &[written("99999999999999", 0.15)],
        check: |n| {
            let weights = [3, 1].into_iter().cycle();
            let sum: u32 = (0..14)
                .zip(weights)
                .map(|(place, weight)| n.value(place) * weight)
                .sum();
            sum.is_multiple_of(10)
        },
        context: &["udi", "(01)", "gtin", "device identifier", "unique device"],
        examples: &["UDI (01)00844588003288(17)141120", "UDI-DI 00844588003288"],
        counter_examples: &["UDI-DI 00844588003289", "id 00844588003288"],
        ..Identifier::BASE
    },
    // A phone's number where only the device is spoken of.
    Identifier {
        name: "device_imei",
        kind: EntityKind::DeviceId,
        forms: &[written("999999999999999", 0.25)],
        check: |n| matches!(n.number(0, 2), 1 | 35 | 86 | 91 | 98 | 99) && luhn(n.as_str()),
        context: &[
            "device",
            "phone",
            "handset",
            "mobile",
            "gerat",
            "geraet",
            "telefon",
            "handy",
            "appareil",
            "dispositivo",
            "telefono",
            "telefone",
            "toestel",
            "urzadzenie",
            "手机",
            "携帯",
        ],
        examples: &["from my phone, device 353879234252633"],
        counter_examples: &["device 353879234252634", "device 453879234252632"],
        ..Identifier::BASE
    },
    Identifier {
        name: "serial_number",
        kind: EntityKind::DeviceId,
        forms: &[free(5, 36)],
        check: is_number,
        context: &[
            "serial:",
            "serial=",
            "serial\"",
            "serial is",
            "serial #",
            "serial number",
            "serial no",
            "serialno",
            "s/n",
            "sn",
            "sn#",
            "ser no",
            "device id",
            "device serial",
            "device no",
            "device number",
            "device identifier",
            "implant serial",
            "implant id",
            "implant no",
            "implant number",
            "pacemaker serial",
            "lot no",
            "android id",
            "udid",
            "idfa",
            "idfv",
            "hardware id",
            "machine id",
            "asset tag",
            "service tag",
            "chip number",
            "microchip",
            "seriennummer",
            "serien nr",
            "seriennr",
            "geratenummer",
            "geratenr",
            "gerate nr",
            "gerate id",
            "geraetenummer",
            "fabriknummer",
            "numero de serie",
            "no de serie",
            "n de serie",
            "no serie",
            "numero serie",
            "nro de serie",
            "nro serie",
            "num serie",
            "numero di serie",
            "matricola",
            "seriale",
            "numero seriale",
            "n serie",
            "serienummer",
            "serienr",
            "apparaatnummer",
            "numer seryjny",
            "nr seryjny",
            "nr fabryczny",
            "sarjanumero",
            "seriove cislo",
            "vyrobni cislo",
            "sorozatszam",
            "numar de serie",
            "seri no",
            "seri numarasi",
            "серийный номер",
            "серийный",
            "серійний номер",
            "σειριακος",
            "シリアル番号",
            "シリアルナンバー",
            "製造番号",
            "序列号",
            "序號",
            "일련번호",
            "시리얼",
            "nomor seri",
            "so seri",
            "so se ri",
            "หมายเลขเครื่อง",
            "الرقم التسلسلي",
            "מספר סידורי",
        ],
        examples: &[
            "Device serial LP931394-0",
            "S/N: C02XK1ZGJGH5",
            "Seriennummer 4CE0460D0G",
            "numéro de série : 8CG1234XYZ",
            "序列号:PF2ABC12345",
        ],
        counter_examples: &[
            "serial port 12",
            "a serial of 1234567 episodes",
            "serialized 1234567 rows",
        ],
        ..Identifier::BASE
    },
    // By the shape of most serial numbers: letters, then digits.
    Identifier {
        name: "lettered_serial_number",
        kind: EntityKind::DeviceId,
        forms: &[
            written("A{1,3}9{5,9}", 0.2),
            written("A{2,3}9{5,9}-9{1,2}", 0.2),
        ],
        context: &[
            "serial",
            "implant",
            "pacemaker",
            "defibrillator",
            "stimulator",
            "insulin pump",
            "prosthesis",
            "herzschrittmacher",
            "implantat",
            "prothese",
            "marcapasos",
            "protesis",
            "implante",
            "protesi",
            "stimulateur",
            "hearing aid",
            "glucose meter",
            "cgm",
        ],
        examples: &["implant LP931394-0", "Pacemaker ABC123456"],
        counter_examples: &["implant on 09-JAN-2017", "implant A12"],
        ..Identifier::BASE
    },
    // By the mix of letters and digits that makers use.
    Identifier {
        name: "mixed_serial_number",
        kind: EntityKind::DeviceId,
        forms: &[free(8, 20)],
        check: |n| n.digit_count() >= 3 && n.len() - n.digit_count() >= 3 && n.is_upper_case(),
        context: &[
            "serial",
            "pacemaker",
            "defibrillator",
            "insulin pump",
            "hearing aid",
        ],
        examples: &["serial C02XK1ZGJGH5", "the pacemaker PJN123456H"],
        counter_examples: &[
            "serial 12345678",
            "serial port COM12",
            "serial c02xk1zgjgh5",
        ],
        ..Identifier::BASE
    },
];
