//! Control groups, version 2: what this process may take of the machine, and what it waits for.

use std::path::{Component, Path, PathBuf};

use router::Pressure;

use super::files::{amount, field, text, text_in};

/// The folders of the control groups that this process is in, the innermost first; empty where there
/// are none.
#[derive(Debug)]
pub(super) struct Groups(Vec<PathBuf>);

impl Groups {
    /// Those that `/proc/self/cgroup` names. In a container that may be the mount point itself.
    pub(super) fn of_this_process(root: &Path) -> Self {
        let mount = root.join("sys/fs/cgroup");
        let list = text(&root.join("proc/self/cgroup")).unwrap_or_default();
        // Version 2 has one hierarchy, with the number 0 and no controllers.
        let own = list.lines().find_map(|line| line.strip_prefix("0::/"));
        let Some(own) = own.map(Path::new).filter(|path| stays_below(path)) else {
            return Self(Vec::new());
        };
        let groups = own.ancestors().map(|group| mount.join(group));
        Self(groups.collect())
    }

    /// The folders, the innermost first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(PathBuf::as_path)
    }

    /// Share of memory that is available: of the machine's, or of what the tightest group allows,
    /// whichever is less.
    pub(super) fn memory_available_ratio(&self, root: &Path) -> Option<f64> {
        let groups = self.iter().filter_map(group_available_ratio);
        groups.chain(machine_available_ratio(root)).reduce(f64::min)
    }

    /// Pressure on what this process may use, or on the machine where its groups don't say.
    pub(super) fn pressure(&self, root: &Path) -> Pressure {
        let read = |name: &str| {
            let mut groups = self.iter();
            let group = groups.find_map(|group| text_in(group, &format!("{name}.pressure")));
            let machine = || text_in(&root.join("proc/pressure"), name);
            waited_ratio(&group.or_else(machine)?)
        };
        Pressure {
            cpu: read("cpu"),
            memory: read("memory"),
            io: read("io"),
        }
    }
}

/// False for a path that would lead elsewhere.
fn stays_below(path: &Path) -> bool {
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
}

/// Pages of files that can be dropped count as available.
fn group_available_ratio(group: &Path) -> Option<f64> {
    // Without a limit it says `max`, which is no number.
    let most = amount(group, "memory.max").filter(|most| *most > 0.0)?;
    let used = amount(group, "memory.current")?;
    let stat = text_in(group, "memory.stat").unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "a share of memory")]
    let droppable = field(&stat, "inactive_file").unwrap_or(0) as f64;
    let used = (used - droppable).max(0.0);
    Some((1.0 - used / most).clamp(0.0, 1.0))
}

fn machine_available_ratio(root: &Path) -> Option<f64> {
    let meminfo = text(&root.join("proc/meminfo"))?;
    #[expect(clippy::cast_precision_loss, reason = "a share of memory")]
    let kibibytes = |word: &str| field(&meminfo, word).map(|kibibytes| kibibytes as f64);
    let total = kibibytes("MemTotal").filter(|total| *total > 0.0)?;
    Some((kibibytes("MemAvailable")? / total).clamp(0.0, 1.0))
}

/// `some avg10=1.53 avg60=0.87 avg300=0.21 total=58761459`: percent of the last ten seconds.
fn waited_ratio(text: &str) -> Option<f64> {
    let some = text.lines().find_map(|line| line.strip_prefix("some "))?;
    let percent = some
        .split_whitespace()
        .find_map(|pair| pair.strip_prefix("avg10="))?;
    let percent: f64 = percent.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}
