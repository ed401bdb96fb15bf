//! Hardware addresses of network interfaces: EUI-48 and EUI-64 of IEEE Std 802-2014 clause 8, in
//! the notations of IEEE, Windows, Cisco and H3C; bare digits behind a word for them.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "mac_colons",
        anchor: Anchor::Literals(&[
            ":0", ":1", ":2", ":3", ":4", ":5", ":6", ":7", ":8", ":9", ":a", ":b", ":c", ":d",
            ":e", ":f",
        ]),
        before: 2,
        after: 21,
        pattern: r"\b[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?:(?::[0-9A-Fa-f]{2}){2})?\b",
        score: 0.9,
        examples: &[
            "mac=00:1b:44:11:3a:b7",
            "de:ad:be:ef:00:01 joined",
            "EUI-64 00:1b:44:ff:fe:11:3a:b7",
        ],
        counter_examples: &[
            "00:1b:44:11:3a",
            "00:1b:44:11:3a:b7:01",
            "ff:ff:ff:ff:ff:ff",
            "00:00:00:00:00:00",
            "10:2f:33-ac-29-c3",
            "zz:zz:zz:zz:zz:zz",
        ],
        ..MAC
    },
    Recognizer {
        name: "mac_hyphens",
        anchor: Anchor::Token(17),
        pattern: r"\b[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}(?:(?:-[0-9A-Fa-f]{2}){2})?\b",
        score: 0.8,
        examples: &["00-1B-44-11-3A-B7", "EUI: 00-1b-44-ff-fe-11-3a-b7"],
        counter_examples: &[
            "at 20-11-26-10-30-15",
            "00-1B-44-11-3A-B7-11",
            "x_00-1B-44-11-3A-B7",
        ],
        ..MAC
    },
    Recognizer {
        name: "mac_groups",
        anchor: Anchor::Digits(4),
        before: 12,
        after: 12,
        pattern: r"\b[0-9A-Fa-f]{4}(?:(?:\.[0-9A-Fa-f]{4}){2,3}|(?:-[0-9A-Fa-f]{4}){2})\b",
        score: 0.6,
        examples: &["001b.4411.3ab7", "001b-4411-3ab7", "0011.22ff.fe33.4455"],
        counter_examples: &[
            "1234.5678.9012 kg",
            "face-2024-beef-12",
            "123e4567-e89b-12d3-a456-426614174000",
        ],
        ..MAC
    },
    Recognizer {
        name: "mac_after_a_word",
        anchor: Anchor::Literals(&[
            "mac:",
            "mac=",
            "mac ",
            "mac\"",
            "mac_",
            "mac-",
            "macaddr",
            "bssid",
            "hwaddr",
            "ether ",
            "wlan",
            "lladdr",
            "physical addr",
        ]),
        after: 48,
        pattern: concat!(
            r"\b(?:[0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{2}[ ._]){5}[0-9A-Fa-f]{2}",
            r"|[0-9A-Fa-f]{4}(?:[.:-][0-9A-Fa-f]{4}){2}|[0-9A-Fa-f]{6}[:-][0-9A-Fa-f]{6})\b",
        ),
        context: &[
            "mac",
            "bssid",
            "hwaddr",
            "ether",
            "wlan",
            "lladdr",
            "physical addr",
        ],
        score: 0.3,
        examples: &[
            "MAC 001B44113AB7",
            "macAddress: 00 1b 44 11 3a b7",
            "mac: 001b44-113ab7",
            "mac aabb.ccdd.eeff",
        ],
        counter_examples: &["the mac is 123456789", "commit 001b44113ab7", "mac\n001b"],
        ..MAC
    },
];

const MAC: Recognizer = Recognizer {
    kind: EntityKind::Mac,
    after: 0,
    validate,
    check: "6 or 8 bytes, not all alike",
    context: &["mac", "bssid", "hwaddr", "ether", "address", "eui"],
    ..Recognizer::BASE
};

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let mut digits = value.bytes().filter(u8::is_ascii_hexdigit);
    let first = digits.next();
    // The broadcast address, the null address, and hardly ever an interface.
    let is_uniform = digits
        .all(|digit| Some(digit.to_ascii_lowercase()) == first.map(|b| b.to_ascii_lowercase()));
    let has_letter = value.bytes().any(|b| b.is_ascii_alphabetic());
    // Decimal digits alone may be a time, a date or a part number.
    let is_telling = has_letter || value.contains(':') || candidate.has_context(MAC.context);
    Verdict::plausible_if(is_telling && !is_uniform && candidate.stands_alone(":-_"))
}
