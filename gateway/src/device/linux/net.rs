//! The link: whether it is up, where it leads and what it runs over.

use std::path::{Path, PathBuf};

use router::{Link, LinkKind};

use super::files::{count, entries, name, number, text_in};
use super::route::default_routes;

/// The link that the preferred default route goes through, and the name of its interface.
pub(super) fn read(root: &Path) -> (Link, Option<String>) {
    let Some(interfaces) = entries(&root.join("sys/class/net")) else {
        return (Link::default(), None);
    };
    let up: Vec<PathBuf> = interfaces.into_iter().filter(|one| is_up(one)).collect();
    let offline = Link {
        online: Some(false),
        ..Link::default()
    };
    if up.is_empty() {
        return (offline, None);
    }
    let Some(routes) = default_routes(root) else {
        return (Link::default(), None);
    };
    let through = routes
        .iter()
        .find_map(|route| up.iter().find(|one| name(one) == route.interface));
    let Some(interface) = through else {
        return (offline, None);
    };
    let kind = kind(interface);
    let link = Link {
        online: Some(true),
        // The kernel does not know the contract: only a mobile link is taken for metered.
        metered: (kind == Some(LinkKind::Mobile)).then_some(true),
        kind,
        // Wireless links say nothing, or -1.
        rate_mbps: number(interface, "speed").filter(|rate| *rate > 0.0),
        ..Link::default()
    };
    (link, Some(name(interface).to_owned()))
}

/// True for a link that carries data; the loopback is none.
fn is_up(interface: &Path) -> bool {
    if count(interface, "type") == Some(ARPHRD_LOOPBACK) {
        return false;
    }
    match text_in(interface, "operstate").as_deref() {
        Some("up") => true,
        // Tunnels and some drivers never say; then the carrier decides.
        Some("unknown") => count(interface, "carrier") == Some(1),
        Some(_) | None => false,
    }
}

/// What an interface runs over: by what its driver says, then by the name that it has by custom.
fn kind(interface: &Path) -> Option<LinkKind> {
    let uevent = text_in(interface, "uevent").unwrap_or_default();
    let device = uevent
        .lines()
        .find_map(|line| line.strip_prefix("DEVTYPE="));
    match device {
        Some("wwan") => return Some(LinkKind::Mobile),
        Some("wlan") => return Some(LinkKind::Wifi),
        Some("wireguard") => return Some(LinkKind::Tunnel),
        Some(_) | None => {}
    }
    if interface.join("wireless").exists() || interface.join("phy80211").exists() {
        return Some(LinkKind::Wifi);
    }
    let begins = |prefixes: &[&str]| prefixes.iter().any(|one| name(interface).starts_with(one));
    if begins(&["wwan", "rmnet", "ppp", "usb"]) {
        return Some(LinkKind::Mobile);
    }
    if begins(&["wl"]) {
        return Some(LinkKind::Wifi);
    }
    if begins(&["tun", "tap", "wg", "ipsec"]) {
        return Some(LinkKind::Tunnel);
    }
    match count(interface, "type") {
        Some(ARPHRD_ETHER) => Some(LinkKind::Wired),
        Some(ARPHRD_NONE) => Some(LinkKind::Tunnel),
        Some(_) | None => None,
    }
}

/// Types of interfaces, `linux/if_arp.h`.
const ARPHRD_ETHER: u64 = 1;
const ARPHRD_LOOPBACK: u64 = 772;
const ARPHRD_NONE: u64 = 0xfffe;
