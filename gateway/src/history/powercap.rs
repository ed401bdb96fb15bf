//! The energy counters of Linux' power capping framework (`/sys/class/powercap`, RAPL on Intel and AMD).
//!
//! Since 2020 kernels let only root read them, for they give away what a processor computes
//! (CVE-2020-8694); a gateway that may not read them measures nothing by them.

use std::{fs, path::Path, path::PathBuf};

/// The counters of the processor's packages, as read last.
#[derive(Debug)]
pub(super) struct Powercap {
    folder: PathBuf,
    last: Option<Vec<Counter>>,
}

/// One package's counter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counter {
    zone: String,
    microjoules: u64,
    /// Where it starts again from zero.
    range: u64,
}

impl Powercap {
    /// `root` is where `sys` is: `/`, or a fixture in tests.
    pub(super) fn new(root: &Path) -> Self {
        Self {
            folder: root.join("sys/class/powercap"),
            last: None,
        }
    }

    /// Joules of all packages since the last call; `None` at the first one, where there is no counter,
    /// and where it may not be read.
    pub(super) fn joules_since_last(&mut self) -> Option<f64> {
        let now = self.read();
        let before = std::mem::replace(&mut self.last, now.clone())?;
        let now = now?;
        if before.len() != now.len() {
            return None;
        }
        let spent = before.iter().zip(&now).map(|(before, now)| {
            let same = before.zone == now.zone;
            same.then(|| now.since(before)).flatten()
        });
        spent.sum::<Option<f64>>()
    }

    fn read(&self) -> Option<Vec<Counter>> {
        let entries = fs::read_dir(&self.folder).ok()?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| self.is_package(name))
            .collect();
        names.sort();
        let counters: Option<Vec<Counter>> = names
            .into_iter()
            .map(|zone| Counter::read(&self.folder, zone))
            .collect();
        counters.filter(|counters| !counters.is_empty())
    }

    /// `intel-rapl:0`, also on AMD. Zones below a package (`intel-rapl:0:0`) are part of it, those of the
    /// memory-mapped interface (`intel-rapl-mmio:0`) are the same again, and `psys` holds them all.
    fn is_package(&self, zone: &str) -> bool {
        let number = zone.strip_prefix("intel-rapl:");
        let is_top = number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        let name = || fs::read_to_string(self.folder.join(zone).join("name"));
        is_top && name().is_ok_and(|name| name.starts_with("package"))
    }
}

impl Counter {
    fn read(folder: &Path, zone: String) -> Option<Self> {
        let number = |file: &str| {
            let text = fs::read_to_string(folder.join(&zone).join(file)).ok()?;
            text.trim().parse().ok()
        };
        Some(Self {
            microjoules: number("energy_uj")?,
            range: number("max_energy_range_uj")?,
            zone,
        })
    }

    /// Joules since an earlier reading. A counter that is lower than before has gone round.
    #[expect(
        clippy::cast_precision_loss,
        reason = "microjoules between two readings"
    )]
    fn since(&self, before: &Self) -> Option<f64> {
        let spent = match self.microjoules.checked_sub(before.microjoules) {
            Some(spent) => spent,
            None => self
                .microjoules
                .checked_add(before.range.checked_sub(before.microjoules)?)?,
        };
        Some(spent as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn write(root: &TempDir, zone: &str, microjoules: &str) {
        let folder = root.path().join("sys/class/powercap").join(zone);
        fs::create_dir_all(&folder).unwrap();
        let name = if zone == "intel-rapl:2" {
            "psys\n"
        } else {
            "package-0\n"
        };
        fs::write(folder.join("name"), name).unwrap();
        fs::write(folder.join("energy_uj"), format!("{microjoules}\n")).unwrap();
        fs::write(folder.join("max_energy_range_uj"), "262143328850\n").unwrap();
    }

    fn joules(powercap: &mut Powercap) -> Option<f64> {
        powercap.joules_since_last()
    }

    #[test]
    fn packages_are_added_and_their_parts_are_not() {
        let root = tempfile::tempdir().unwrap();
        let mut powercap = Powercap::new(root.path());
        let zones = [
            "intel-rapl:0",
            "intel-rapl:0:0",
            "intel-rapl:1",
            "intel-rapl:2",
            "intel-rapl-mmio:0",
        ];
        for zone in zones {
            write(&root, zone, "1000000");
        }
        assert_eq!(joules(&mut powercap), None, "the first reading");
        write(&root, "intel-rapl:0", "3500000");
        write(&root, "intel-rapl:0:0", "9000000");
        write(&root, "intel-rapl:2", "9000000");
        write(&root, "intel-rapl:1", "2000000");
        assert_eq!(joules(&mut powercap), Some(3.5));
        assert_eq!(joules(&mut powercap), Some(0.0));
    }

    #[test]
    fn a_counter_that_went_round_goes_on() {
        let root = tempfile::tempdir().unwrap();
        let mut powercap = Powercap::new(root.path());
        write(&root, "intel-rapl:0", "262142328850");
        joules(&mut powercap);
        write(&root, "intel-rapl:0", "500000");
        assert_eq!(joules(&mut powercap), Some(1.5));
    }

    #[test]
    fn what_can_not_be_read_is_not_known() {
        let root = tempfile::tempdir().unwrap();
        let mut powercap = Powercap::new(root.path());
        assert_eq!(joules(&mut powercap), None, "no such folder");
        write(&root, "intel-rapl:0", "a lot");
        joules(&mut powercap);
        assert_eq!(joules(&mut powercap), None, "not a number");
        write(&root, "intel-rapl:0", "1000000");
        assert_eq!(joules(&mut powercap), None, "no reading before it");
        write(&root, "intel-rapl:1", "1000000");
        assert_eq!(joules(&mut powercap), None, "another package than before");
        fs::remove_file(
            root.path()
                .join("sys/class/powercap/intel-rapl:1/max_energy_range_uj"),
        )
        .unwrap();
        assert_eq!(joules(&mut powercap), None, "a file is missing");
    }
}
