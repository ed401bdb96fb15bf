//! Coarser values, as Safe Harbor demands them (45 CFR 164.514(b)(2)(i)).
//!
//! What can't be read has no coarser value here: `None`, and the caller masks it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{EntityKind, surrogate::date};

/// The coarser value; the value itself where it is coarse enough.
pub(crate) fn generalize(kind: EntityKind, value: &str) -> Option<String> {
    let (_, coarser) = COARSER.iter().find(|(known, _)| *known == kind)?;
    coarser(value)
}

/// Whether there is a coarser value for values of this kind.
pub(crate) fn is_defined_for(kind: EntityKind) -> bool {
    COARSER.iter().any(|(known, _)| *known == kind)
}

type Coarser = fn(&str) -> Option<String>;

/// A row a kind.
const COARSER: &[(EntityKind, Coarser)] = &[
    (EntityKind::Age, age),
    (EntityKind::Date, year),
    (EntityKind::Address, zip),
    (EntityKind::Ip, network),
];

/// Of a date, only the year may stay (paragraph C).
fn year(value: &str) -> Option<String> {
    date::year(value).map(|year| format!("{year:04}"))
}

/// Ages over 89 become one (paragraph C); others may stay.
fn age(value: &str) -> Option<String> {
    let start = value.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = value.split_at_checked(start)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (years, after) = rest.split_at_checked(end)?;
    let oldest = match years.parse::<u32>() {
        Ok(years) if years <= OLDEST => return Some(value.to_owned()),
        _ => OLDEST + 1,
    };
    Some(format!("{before}{oldest}+{after}"))
}

const OLDEST: u32 = 89;

/// The first three digits of the ZIP code that an address ends with (a country may follow), or
/// `000` where no more than 20,000 people live under them (paragraph B). All else is smaller than a
/// state and goes.
fn zip(value: &str) -> Option<String> {
    let address = value.trim_end_matches(|c: char| !c.is_ascii_digit());
    let zip = address
        .rsplit(|c: char| !c.is_ascii_digit() && c != '-')
        .next()?;
    // Five digits before other words are a house number.
    let is_house_number = zip.len() == address.len() && address.len() < value.len();
    if !is_zip(zip) || is_house_number {
        return None;
    }
    let prefix = zip.get(..3)?;
    Some(
        if SPARSE.contains(&prefix) {
            "000"
        } else {
            prefix
        }
        .to_owned(),
    )
}

/// Five digits, or nine as ZIP+4.
fn is_zip(number: &str) -> bool {
    let (zip, plus_four) = number.split_once('-').unwrap_or((number, "0000"));
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    digits(zip, 5) && digits(plus_four, 4)
}

/// Prefixes with 20,000 people or fewer, from the census of 2000 (HHS, Guidance Regarding Methods
/// for De-identification of Protected Health Information, 2012).
const SPARSE: &[&str] = &[
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878",
    "879", "884", "890", "893",
];

/// The /24 of an IPv4 address, the /48 of an IPv6 one; a port or prefix length behind it goes.
fn network(value: &str) -> Option<String> {
    let bare = value.trim_matches(['[', ']']);
    let bare = bare.split(['/', '%']).next().unwrap_or(bare);
    let address = bare.parse().ok().or_else(|| {
        let (host, _port) = bare.rsplit_once(':')?;
        host.trim_matches(['[', ']']).parse().ok()
    })?;
    Some(match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: EntityKind, value: &str, expected: Option<&str>) {
        assert_eq!(generalize(kind, value).as_deref(), expected, "{value:?}");
    }

    #[test]
    fn ages_over_89_become_one() {
        check(EntityKind::Age, "89 years", Some("89 years"));
        check(EntityKind::Age, "90", Some("90+"));
        check(EntityKind::Age, "aged 104 years", Some("aged 90+ years"));
        check(EntityKind::Age, "99999999999", Some("90+"));
        check(EntityKind::Age, "ninety-four", None);
    }

    #[test]
    fn dates_become_years() {
        check(EntityKind::Date, "2021-03-04", Some("2021"));
        check(EntityKind::Date, "4. März 2021", Some("2021"));
        check(EntityKind::Date, "03/04/21", None);
        check(EntityKind::Date, "yesterday", None);
    }

    #[test]
    fn zip_codes_keep_three_digits_where_enough_people_live() {
        check(
            EntityKind::Address,
            "12345 Main St, Springfield 62704",
            Some("627"),
        );
        check(EntityKind::Address, "62704-1234", Some("627"));
        check(EntityKind::Address, "03601", Some("000"));
        check(
            EntityKind::Address,
            "Springfield, IL 62704, USA",
            Some("627"),
        );
        check(EntityKind::Address, "12345 Main St", None);
        check(EntityKind::Address, "12 Main St", None);
    }

    #[test]
    fn addresses_become_networks() {
        check(EntityKind::Ip, "203.0.113.77", Some("203.0.113.0/24"));
        check(EntityKind::Ip, "203.0.113.77:8080", Some("203.0.113.0/24"));
        check(EntityKind::Ip, "203.0.113.77/32", Some("203.0.113.0/24"));
        check(EntityKind::Ip, "2001:db8:1:2::3", Some("2001:db8:1::/48"));
        check(
            EntityKind::Ip,
            "[2001:db8:1:2::3]:443",
            Some("2001:db8:1::/48"),
        );
        check(EntityKind::Ip, "203.0.113.0/24", Some("203.0.113.0/24"));
    }
}
