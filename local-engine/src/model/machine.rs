//! What this machine has for a model: memory, and a processor that computes in 16-bit floats or not.

use std::{fs, path::Path};

use super::Weights;
use crate::budget::Budget;

/// Facts that decide which variant of a model is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Machine {
    /// What a model may take of it.
    pub(crate) budget: Budget,
    /// ONNX Runtime's processor kernels compute in 16-bit floats here. Elsewhere it turns every
    /// weight into 32 bits, which costs memory and time.
    pub(crate) half_floats: bool,
}

impl Machine {
    /// The running machine, of which a model may take at most `limit` bytes.
    pub(crate) fn with_limit(limit: Option<u64>) -> Self {
        Self {
            budget: Budget::new(limit, free_memory(Path::new("/"))),
            half_floats: has_half_floats(),
        }
    }

    /// Whether weights of this kind become 32-bit floats here; `None` where no name says the kind.
    pub(super) fn widens(self, weights: Option<Weights>) -> bool {
        !self.half_floats && weights.is_some_and(Weights::is_half)
    }
}

/// ONNX Runtime has 16-bit float kernels for Arm only (`MlasFp16AccelerationSupported`).
#[cfg(target_arch = "aarch64")]
fn has_half_floats() -> bool {
    std::arch::is_aarch64_feature_detected!("fp16")
}

#[cfg(not(target_arch = "aarch64"))]
fn has_half_floats() -> bool {
    false
}

/// The least of what the kernel calls available (`MemAvailable` of proc(5)) and what the process's
/// control groups, versions 1 and 2, leave. `root` is the file system's.
fn free_memory(root: &Path) -> Option<u64> {
    let own = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let own = own.lines().find_map(|line| line.strip_prefix("0::/"));
    let groups = root.join("sys/fs/cgroup");
    let nested = groups.join(own.unwrap_or_default());
    let version_two = nested
        .ancestors()
        .take_while(|folder| folder.starts_with(&groups))
        .filter_map(|folder| left_in(folder, "memory.max", "memory.current"));
    let version_one = left_in(
        &groups.join("memory"),
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
    );
    version_two
        .chain(version_one)
        .chain(available(&root.join("proc/meminfo")))
        .min()
}

/// Bytes that a control group leaves; file pages that the kernel may drop count as free. `None`
/// without a limit.
fn left_in(group: &Path, limit: &str, usage: &str) -> Option<u64> {
    let number = |file: &str| -> Option<u64> {
        let text = fs::read_to_string(group.join(file)).ok()?;
        text.trim().parse().ok()
    };
    let stat = fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
    let droppable = field(&stat, "inactive_file").unwrap_or(0);
    let used = number(usage)?.saturating_sub(droppable);
    Some(number(limit)?.saturating_sub(used))
}

fn available(meminfo: &Path) -> Option<u64> {
    let text = fs::read_to_string(meminfo).ok()?;
    Some(field(&text, "MemAvailable:")?.saturating_mul(1024))
}

/// The number after `name` at the start of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(name)).then(|| words.next()?.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: Option<u64>) {
        let root = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        assert_eq!(free_memory(root.path()), expected);
    }

    #[test]
    fn the_kernel_says_what_is_available() {
        let meminfo = "MemTotal:  100 kB\nMemAvailable:   40 kB\n";
        check(&[("proc/meminfo", meminfo)], Some(40 * 1024));
        check(&[], None);
    }

    #[test]
    fn the_tightest_control_group_above_the_process_wins() {
        check(
            &[
                ("proc/meminfo", "MemAvailable: 9999 kB\n"),
                ("proc/self/cgroup", "0::/shop/gateway\n"),
                ("sys/fs/cgroup/shop/memory.max", "1000\n"),
                ("sys/fs/cgroup/shop/memory.current", "900\n"),
                (
                    "sys/fs/cgroup/shop/memory.stat",
                    "anon 5\ninactive_file 300\n",
                ),
                ("sys/fs/cgroup/shop/gateway/memory.max", "max\n"),
                ("sys/fs/cgroup/shop/gateway/memory.current", "800\n"),
            ],
            Some(400),
        );
    }

    #[test]
    fn a_version_one_group_counts_too() {
        check(
            &[
                ("sys/fs/cgroup/memory/memory.limit_in_bytes", "5000\n"),
                ("sys/fs/cgroup/memory/memory.usage_in_bytes", "2000\n"),
            ],
            Some(3000),
        );
    }

    #[test]
    fn this_machine_has_memory() {
        if cfg!(target_os = "linux") {
            assert!(Machine::with_limit(None).budget.bytes.unwrap() > 0);
        }
    }
}
