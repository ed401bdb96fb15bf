//! IP addresses: RFC 791 dotted quads, RFC 4291 section 2.2 text forms.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "ipv4",
        kind: EntityKind::Ip,
        anchor: Anchor::Digits(4),
        after: 0,
        pattern: r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?\b",
        validate: ipv4,
        context: &[
            "ip", "ipv4", "host", "addr", "address", "client", "server", "from", "dns", "peer",
        ],
        check: "four numbers up to 255, not of a version",
        score: 0.45,
        examples: &[
            "from 203.0.113.7 port 22",
            "http://192.0.2.1:8080/",
            "10.0.0.12",
            "ip: 1.2.3.4",
            "192.168.001.017",
            "1.2.3.4",
            "accepted from 127.0.0.1",
        ],
        counter_examples: &[
            "version 1.2.3.4",
            "v10.0.19041.1",
            "1.2.3.4.5",
            "256.1.1.1",
            "listen on 127.0.0.1",
            "chrome/120.0.6099.109",
            "section 1.2.3.4",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "ipv6",
        kind: EntityKind::Ip,
        anchor: Anchor::Literals(&[
            "::", ":0", ":1", ":2", ":3", ":4", ":5", ":6", ":7", ":8", ":9", ":a", ":b", ":c",
            ":d", ":e", ":f",
        ]),
        before: 40,
        after: 48,
        pattern: concat!(
            r"(?:[0-9A-Fa-f]{1,4}:|:)(?:[0-9A-Fa-f]{0,4}:){1,7}",
            r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4})",
            r"(?:%[A-Za-z0-9]{1,15})?(?:/[0-9]{1,3}\b)?",
        ),
        validate: ipv6,
        check: "groups of RFC 4291",
        score: CERTAIN_SHAPE,
        examples: &[
            "2001:db8::1",
            "[2001:DB8:0:0:8:800:200C:417A]:443",
            "peer fe80::1ff:fe23:4567:890a%eth0",
            "2001:db8::/32 and 2001:db8::/9999",
            "::ffff:203.0.113.7",
            "connecting from ::1",
        ],
        counter_examples: &[
            "std::fmt::Display",
            "10:30:45",
            "::",
            "listen on ::1",
            "a::b",
            "00:1b:44:11:3a:b7",
            "at 12::34",
            "-0900::x",
            "{\"a\":1,\"b\":2}",
        ],
        ..Recognizer::BASE
    },
];

/// Beats the IPv4 address that may stand at the end of an IPv6 address.
const CERTAIN_SHAPE: f32 = 0.96;

/// The value without zone (RFC 4007 section 11) and prefix length (RFC 4632 section 3.1).
fn address<'t>(candidate: &Candidate<'t>) -> &'t str {
    candidate
        .value()
        .split(['%', '/'])
        .next()
        .unwrap_or_default()
}

fn ipv4(candidate: &Candidate<'_>) -> Verdict {
    let Some(address) = octets(address(candidate)).map(Ipv4Addr::from) else {
        return Verdict::Reject;
    };
    let is_of_nobody = address.is_loopback() || matches!(address.octets(), [0 | 255, ..]);
    if is_of_nobody && !is_of_a_peer(candidate)
        || !candidate.stands_alone("_")
        || in_longer_number(candidate) && !is_unmistakable(address)
        || is_version(candidate)
    {
        return Verdict::Reject;
    }
    // Four small numbers are as likely a section or a version; three digits in one are telling.
    let telling = address.is_private() || address.octets().iter().any(|&octet| octet > 99);
    if telling || candidate.is_whole_text() || is_of_nobody {
        Verdict::Certain
    } else {
        Verdict::Plausible
    }
}

/// The four numbers, which may be padded with zeros.
fn octets(address: &str) -> Option<[u8; 4]> {
    let mut parts = address.split('.').map(|part| part.parse().ok());
    let octets = [
        parts.next()??,
        parts.next()??,
        parts.next()??,
        parts.next()??,
    ];
    parts.next().is_none().then_some(octets)
}

/// True when the text says that somebody connects from the address, even from the own machine.
fn is_of_a_peer(candidate: &Candidate<'_>) -> bool {
    let last_word = candidate.just_before().trim_end().rsplit(' ').next();
    candidate.is_whole_text() || matches!(last_word, Some("from" | "client" | "peer"))
}

/// True for `192.168.x.y`, which versions do not begin with.
fn is_unmistakable(address: Ipv4Addr) -> bool {
    matches!(address.octets(), [192, 168, ..])
}

/// True inside `1.2.3.4.5`.
fn in_longer_number(candidate: &Candidate<'_>) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    candidate
        .before()
        .strip_suffix('.')
        .is_some_and(|rest| rest.ends_with(is_digit))
        || candidate
            .after()
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(is_digit))
}

/// True after `product/`, as in user agents, and after words for a version.
fn is_version(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before();
    let after_product = before
        .strip_suffix('/')
        .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_alphabetic()));
    after_product || candidate.has_context(&["version", "release", "build", "firmware", "section"])
}

fn ipv6(candidate: &Candidate<'_>) -> Verdict {
    let value = address(candidate);
    let Ok(address) = value.parse::<Ipv6Addr>() else {
        return Verdict::Reject;
    };
    let is_of_nobody = address.is_loopback() || address.is_unspecified();
    // `a::b` is also a path in several programming languages.
    let is_telling = value.len() > 4
        && value.contains(|c: char| c.is_ascii_digit())
        && (value.contains('.') || value.split(':').any(is_more_than_a_time))
        && (candidate.value().contains('/') || !is_one_number(value));
    let is_of_somebody =
        is_telling && !is_of_nobody || is_of_nobody && value.len() > 2 && is_of_a_peer(candidate);
    Verdict::plausible_if(
        is_of_somebody && candidate.stands_alone(":_") && !in_longer_number(candidate),
    )
}

/// False for the parts of `12::34`.
fn is_more_than_a_time(group: &str) -> bool {
    group.len() > 2 || group.contains(|c: char| c.is_ascii_alphabetic())
}

/// True for `0900::`, which may be a time zone and a path.
fn is_one_number(value: &str) -> bool {
    let number = value.trim_end_matches(':');
    number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit())
}
