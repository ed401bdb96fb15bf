//! Addresses of networks, out of the ranges for documentation.

use std::net::{IpAddr, Ipv6Addr};

use super::{draw::Draw, shape};

/// An address for documentation (RFC 5737, RFC 3849), with the port or prefix length of the value.
pub(super) fn ip(value: &str, draw: &mut Draw<'_>) -> Option<String> {
    let (open, inside) = match value.strip_prefix('[') {
        Some(inside) => ("[", inside),
        None => ("", value),
    };
    let is_v6 = inside.matches(':').nth(1).is_some();
    let ends = |c: char| !(c.is_ascii_hexdigit() || c == '.' || is_v6 && c == ':');
    let end = inside.find(ends).unwrap_or(inside.len());
    let (address, rest) = inside.split_at_checked(end)?;
    let made = match address.parse().ok()? {
        IpAddr::V4(_) => {
            let network = draw.pick(&["192.0.2", "198.51.100", "203.0.113"])?;
            format!("{network}.{}", 1 + draw.below(254))
        }
        IpAddr::V6(_) => {
            let mut group = || u16::try_from(1 + draw.below(0xfffe)).unwrap_or(1);
            let (subnet, host) = (group(), group());
            let made = Ipv6Addr::new(0x2001, 0xdb8, subnet, 0, 0, 0, 0, host).to_string();
            shape::cased(&made, address)
        }
    };
    Some(format!("{open}{made}{rest}"))
}

/// A hardware address for documentation (RFC 7042 section 2.1.2), written as the value is.
pub(super) fn mac(value: &str, draw: &mut Draw<'_>) -> String {
    let digits = value.chars().filter(char::is_ascii_hexdigit).count();
    if digits != 12 {
        return shape::same(value, draw);
    }
    let is_upper = value.contains(|c: char| c.is_ascii_uppercase());
    let made = format!("00005e0053{:02x}", draw.below(256));
    let made = if is_upper { made.to_uppercase() } else { made };
    let mut made = made.chars();
    let digit = |c: char| {
        if c.is_ascii_hexdigit() {
            made.next().unwrap_or(c)
        } else {
            c
        }
    };
    value.chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    fn made(make: impl Fn(&str, &mut Draw<'_>) -> String, value: &str) -> String {
        make(
            value,
            &mut Draw::new(&Key::from_secret(b"k"), "p", value, 0),
        )
    }

    #[test]
    fn addresses_are_for_documentation_and_keep_what_follows() {
        let ip = |value: &str| made(|value, draw| ip(value, draw).unwrap(), value);
        for (value, end) in [
            ("10.1.2.3", ""),
            ("10.1.2.3:80", ":80"),
            ("10.1.2.3/24", "/24"),
        ] {
            let made = ip(value);
            let made = made.strip_suffix(end).unwrap().parse().unwrap();
            assert!(std::net::Ipv4Addr::is_documentation(&made), "{made}");
        }
        assert!(ip("fe80::1").starts_with("2001:db8:"));
        let made = ip("[FE80::A1]:443");
        assert!(
            made.starts_with("[2001:DB8:") && made.ends_with("]:443"),
            "{made}"
        );
    }

    #[test]
    fn hardware_addresses_keep_their_separators() {
        assert!(made(mac, "3c-22-fb-aa-bb-cc").starts_with("00-00-5e-00-53-"));
        assert!(made(mac, "3C22.FBAA.BBCC").starts_with("0000.5E00.53"));
    }
}
