//! The routing tables: which interface leads to the world.

use std::path::Path;

use super::files::text;

/// A default route.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DefaultRoute {
    /// The interface it goes through.
    pub(super) interface: String,
    /// The route with the least is taken.
    metric: u32,
}

/// Default routes of IPv4 and IPv6 that are up, the preferred one first; `None` when neither table
/// can be read.
pub(super) fn default_routes(root: &Path) -> Option<Vec<DefaultRoute>> {
    let v4 = text(&root.join("proc/net/route"));
    let v6 = text(&root.join("proc/net/ipv6_route"));
    if v4.is_none() && v6.is_none() {
        return None;
    }
    let (v4, v6) = (v4.unwrap_or_default(), v6.unwrap_or_default());
    let v4 = v4.lines().skip(1).filter_map(v4_default);
    let mut routes: Vec<DefaultRoute> = v4.chain(v6.lines().filter_map(v6_default)).collect();
    routes.sort_by_key(|route| route.metric);
    Some(routes)
}

/// `Iface Destination Gateway Flags RefCnt Use Metric Mask ...`, numbers in hexadecimal but the
/// metric.
fn v4_default(line: &str) -> Option<DefaultRoute> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [name, "00000000", _, flags, _, _, metric, "00000000", ..] = fields.as_slice() else {
        return None;
    };
    is_usable(flags).then(|| DefaultRoute {
        interface: (*name).to_owned(),
        metric: metric.parse().unwrap_or(u32::MAX),
    })
}

/// `destination prefix source prefix gateway metric references uses flags name`, all in hexadecimal.
fn v6_default(line: &str) -> Option<DefaultRoute> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [destination, "00", _, _, _, metric, _, _, flags, name] = fields.as_slice() else {
        return None;
    };
    let is_default = destination.bytes().all(|digit| digit == b'0') && *name != "lo";
    (is_default && is_usable(flags)).then(|| DefaultRoute {
        interface: (*name).to_owned(),
        metric: u32::from_str_radix(metric, 16).unwrap_or(u32::MAX),
    })
}

/// Up, and not a route that rejects (`RTF_UP`, `RTF_REJECT` of `linux/route.h`).
fn is_usable(flags: &str) -> bool {
    const UP: u32 = 0x1;
    const REJECT: u32 = 0x200;
    u32::from_str_radix(flags, 16).is_ok_and(|flags| flags & (UP | REJECT) == UP)
}
