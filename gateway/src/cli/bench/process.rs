//! What this process takes of the machine, as Linux counts it. Elsewhere nothing is known.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// Memory of the process that lies in RAM, in MiB.
pub(super) fn resident_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kib: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?
        .trim()
        .strip_suffix(" kB")?
        .parse()
        .ok()?;
    Some(kib / 1024.0)
}

/// Processor time so far of the threads for whose name `counts` is true.
///
/// In nanoseconds of the scheduler's own count; times of threads that have ended are lost.
pub(super) fn thread_time(counts: impl Fn(&str) -> bool) -> Option<Duration> {
    let mut total = Duration::ZERO;
    for thread in fs::read_dir("/proc/self/task").ok()? {
        // A thread that has just ended has no files any more.
        if let Some((name, time)) = thread.ok().and_then(|thread| named_time(&thread.path()))
            && counts(name.trim_end())
        {
            total += time;
        }
    }
    (!total.is_zero()).then_some(total)
}

fn named_time(thread: &Path) -> Option<(String, Duration)> {
    let name = fs::read_to_string(thread.join("comm")).ok()?;
    let times = fs::read_to_string(thread.join("schedstat")).ok()?;
    let nanoseconds = times.split(' ').next()?.parse().ok()?;
    Some((name, Duration::from_nanos(nanoseconds)))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_process_takes_memory() {
        assert!(resident_mib().unwrap() > 1.0);
    }

    #[test]
    fn time_is_counted_by_the_name_of_the_thread() {
        let work = || {
            let busy: u64 = (0..20_000_000).fold(0, |sum, n| std::hint::black_box(sum ^ n));
            std::hint::black_box(busy);
            thread_time(|name| name == "worker-of-test")
        };
        let worker = std::thread::Builder::new().name("worker-of-test".to_owned());
        let time = worker.spawn(work).unwrap().join().unwrap();
        assert!(time > Some(Duration::ZERO));
        assert_eq!(thread_time(|name| name == "no such thread"), None);
    }
}
