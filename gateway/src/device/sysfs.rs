//! Reads what the Linux kernel publishes under `/sys` and `/proc`.
//!
//! Every reader returns `None` for what is absent, unreadable or nonsense. Formats:
//! `Documentation/ABI/testing/sysfs-class-power`, `.../sysfs-class-thermal`, `.../sysfs-class-net`
//! of the kernel, and proc(5).

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use router::{Battery, DeviceSnapshot, Link, Thermal};

/// Reads everything once, with blocking I/O. `root` is `/`, or a fixture.
pub(super) fn sample(root: &Path) -> DeviceSnapshot {
    DeviceSnapshot {
        battery: battery(&root.join("sys/class/power_supply")),
        thermal: thermal(&root.join("sys/class/thermal")),
        link: link(root),
        memory_available_ratio: memory_available_ratio(&root.join("proc/meminfo")),
        cpu_load_ratio: cpu_load_ratio(root),
    }
}

/// All batteries that feed the device as one; those of mice and headsets don't count.
fn battery(supplies: &Path) -> Option<Battery> {
    let mut cells = Vec::new();
    let mut on_mains = false;
    for supply in folders(supplies)? {
        let kind = text(&supply, "type");
        match kind.as_deref() {
            Some("Battery") if text(&supply, "scope").as_deref() != Some("Device") => {
                cells.extend(Cell::read(&supply));
            }
            Some("Mains" | "USB") => on_mains |= number::<u8>(&supply, "online") == Some(1),
            Some(_) | None => {}
        }
    }
    let capacity: f64 = cells.iter().map(|cell| cell.capacity).sum();
    if cells.is_empty() || capacity <= 0.0 {
        return None;
    }
    let charge: f64 = cells.iter().map(|cell| cell.level * cell.capacity).sum();
    let watts: Vec<f64> = cells.iter().filter_map(|cell| cell.watts).collect();
    Some(Battery {
        level: (charge / capacity).clamp(0.0, 1.0),
        charging: on_mains || cells.iter().any(|cell| cell.charging),
        power_watts: (!watts.is_empty()).then(|| watts.iter().sum()),
    })
}

/// One battery.
struct Cell {
    /// 0 to 1.
    level: f64,
    /// Weight among several batteries: its full energy or charge where known, else 1.
    capacity: f64,
    charging: bool,
    watts: Option<f64>,
}

impl Cell {
    fn read(supply: &Path) -> Option<Self> {
        let percent = number::<f64>(supply, "capacity").filter(|p| (0.0..=100.0).contains(p));
        let full: Option<f64> =
            number(supply, "energy_full").or_else(|| number(supply, "charge_full"));
        let now: Option<f64> =
            number(supply, "energy_now").or_else(|| number(supply, "charge_now"));
        let measured = now
            .zip(full)
            .filter(|(_, full)| *full > 0.0)
            .map(|(now, full)| now / full);
        Some(Self {
            level: measured
                .or(percent.map(|percent| percent / 100.0))?
                .clamp(0.0, 1.0),
            capacity: full.filter(|full| *full > 0.0).unwrap_or(1.0),
            charging: matches!(text(supply, "status").as_deref(), Some("Charging" | "Full")),
            watts: watts(supply),
        })
    }
}

/// Power that flows in or out of a battery. The kernel's units are microwatts, or microamperes and
/// microvolts.
fn watts(supply: &Path) -> Option<f64> {
    let power = number::<f64>(supply, "power_now").map(|microwatts| microwatts / 1e6);
    let product = || {
        let amperes = number::<f64>(supply, "current_now")? / 1e6;
        Some(amperes * number::<f64>(supply, "voltage_now")? / 1e6)
    };
    power.or_else(product).map(f64::abs)
}

fn thermal(zones: &Path) -> Thermal {
    let mut thermal = Thermal::default();
    for folder in folders(zones).unwrap_or_default() {
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with("thermal_zone") {
            let celsius = number::<f64>(&folder, "temp").map(|millidegrees| millidegrees / 1000.0);
            // Sensors that are off report absolute zero, or a huge number.
            let plausible = celsius.filter(|celsius| (-60.0..=200.0).contains(celsius));
            thermal.celsius = thermal
                .celsius
                .into_iter()
                .chain(plausible)
                .reduce(f64::max);
        } else if text(&folder, "type").as_deref() == Some("Processor") {
            let state = number::<i64>(&folder, "cur_state").map(|state| state > 0);
            thermal.throttled = thermal
                .throttled
                .into_iter()
                .chain(state)
                .reduce(|a, b| a || b);
        }
    }
    thermal
}

fn link(root: &Path) -> Link {
    let Some(interfaces) = folders(&root.join("sys/class/net")) else {
        return Link::default();
    };
    let up: Vec<PathBuf> = interfaces.into_iter().filter(|one| is_up(one)).collect();
    if up.is_empty() {
        return Link {
            online: Some(false),
            ..Link::default()
        };
    }
    let Some(routed) = default_route_interfaces(root) else {
        return Link::default();
    };
    let mut through = up.iter().filter(|one| {
        one.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| routed.iter().any(|routed| routed == name))
    });
    let first = through.next();
    let is_cellular = |one: &PathBuf| {
        text(one, "uevent").is_some_and(|uevent| uevent.lines().any(|line| line == "DEVTYPE=wwan"))
    };
    // The kernel does not know the contract: only a mobile link is taken for metered.
    let metered = first
        .filter(|one| is_cellular(one) && through.all(is_cellular))
        .map(|_| true);
    Link {
        online: Some(first.is_some()),
        metered,
        rtt_ms: None,
    }
}

/// True for a link that carries data; the loopback (`ARPHRD_LOOPBACK`, 772) is none.
fn is_up(interface: &Path) -> bool {
    if number::<u32>(interface, "type") == Some(772) {
        return false;
    }
    match text(interface, "operstate").as_deref() {
        Some("up") => true,
        // Tunnels and some drivers never say; then the carrier decides.
        Some("unknown") => number::<u8>(interface, "carrier") == Some(1),
        Some(_) | None => false,
    }
}

/// Interfaces with a default route of IPv4 or IPv6; `None` when neither table can be read.
fn default_route_interfaces(root: &Path) -> Option<Vec<String>> {
    const ROUTE_UP: u32 = 1;
    let usable = |flags: &str| u32::from_str_radix(flags, 16).is_ok_and(|f| f & ROUTE_UP != 0);
    let v4 = fs::read_to_string(root.join("proc/net/route")).ok();
    let v6 = fs::read_to_string(root.join("proc/net/ipv6_route")).ok();
    if v4.is_none() && v6.is_none() {
        return None;
    }
    let mut names = Vec::new();
    for line in v4.as_deref().unwrap_or_default().lines().skip(1) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // Iface Destination Gateway Flags RefCnt Use Metric Mask ...
        if let [name, "00000000", _, flags, _, _, _, "00000000", ..] = fields.as_slice()
            && usable(flags)
        {
            names.push((*name).to_owned());
        }
    }
    for line in v6.as_deref().unwrap_or_default().lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // destination prefix source prefix gateway metric refcnt use flags name
        if let [destination, "00", _, _, _, _, _, _, flags, name] = fields.as_slice()
            && destination.bytes().all(|digit| digit == b'0')
            && usable(flags)
        {
            names.push((*name).to_owned());
        }
    }
    Some(names)
}

fn memory_available_ratio(meminfo: &Path) -> Option<f64> {
    let meminfo = fs::read_to_string(meminfo).ok()?;
    let kibibytes = |key: &str| -> Option<f64> {
        let line = meminfo
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let total = kibibytes("MemTotal").filter(|total| *total > 0.0)?;
    Some((kibibytes("MemAvailable")? / total).clamp(0.0, 1.0))
}

/// Share of processors that had work over the last minute; 1 also when tasks queue for them.
fn cpu_load_ratio(root: &Path) -> Option<f64> {
    let load = fs::read_to_string(root.join("proc/loadavg")).ok()?;
    let load: f64 = load.split_whitespace().next()?.parse().ok()?;
    let online = text(&root.join("sys/devices/system/cpu"), "online")?;
    Some((load / count_processors(&online)?).clamp(0.0, 1.0))
}

/// Processors in a list such as `0-3,6`.
fn count_processors(ranges: &str) -> Option<f64> {
    let mut count = 0_u32;
    for range in ranges.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        count += last.checked_sub(first)? + 1;
    }
    (count > 0).then_some(f64::from(count))
}

/// Entries of a folder, in order of their names, so that a sample does not depend on the disk.
fn folders(parent: &Path) -> Option<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(parent)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    Some(entries)
}

fn text(folder: &Path, name: &str) -> Option<String> {
    Some(
        fs::read_to_string(folder.join(name))
            .ok()?
            .trim()
            .to_owned(),
    )
}

fn number<T: FromStr>(folder: &Path, name: &str) -> Option<T> {
    text(folder, name)?.parse().ok()
}
