use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::verify::{Break, Fault, Intact, verify};
use super::*;

struct Log {
    folder: TempDir,
    required: bool,
}

impl Log {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            required: false,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    fn open(&self) -> Result<Audit, OpenError> {
        open(&self.path(), self.required, &AuditCounters::detached())
    }

    /// Opens, writes these records and closes, as one run of the gateway does.
    fn write(&self, ids: &[&str]) {
        let audit = self.open().unwrap();
        for id in ids {
            audit.append(Arc::new(Entry::example(id)));
        }
        audit.close();
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn lines(&self) -> Vec<String> {
        self.text().lines().map(str::to_owned).collect()
    }
}

fn open(path: &Path, required: bool, counters: &AuditCounters) -> Result<Audit, OpenError> {
    let config = AuditConfig {
        file: path.to_owned(),
        required,
    };
    Audit::open(&config, 16, counters.clone(), &Clock::manual())
}

fn check(text: &str) -> Result<Intact, Break> {
    verify(text.as_bytes()).unwrap()
}

fn broken(line: u64, fault: Fault) -> Result<Intact, Break> {
    Err(Break { line, fault })
}

#[test]
fn a_line_holds_the_record_and_its_links() {
    let log = Log::new();
    log.write(&["r1"]);
    insta::assert_snapshot!(log.text());
}

#[test]
fn the_hash_is_of_the_bytes_before_it() {
    let log = Log::new();
    log.write(&["r1"]);
    let text = log.text();
    let (body, hash) = text.trim_end().split_once(r#","hash":""#).unwrap();
    assert_eq!(hash, format!("{}\"}}", chain::sha256_hex(body.as_bytes())));
}

#[test]
fn the_chain_goes_on_after_a_restart() {
    let log = Log::new();
    log.write(&["r1", "r2"]);
    log.write(&[]);
    log.write(&["r3"]);
    let intact = check(&log.text()).unwrap();
    assert_eq!((intact.lines, intact.torn), (3, vec![]));
    assert!(log.text().ends_with(&format!("{}\"}}\n", intact.last_hash)));
}

#[test]
fn tampering_is_found_at_its_line() {
    let log = Log::new();
    log.write(&["r1", "r2", "r3", "r4"]);
    let lines = log.lines();
    let join = |lines: &[&String]| {
        let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
        lines.join("\n") + "\n"
    };
    let [a, b, c, d] = lines.as_slice() else {
        panic!("{lines:?}")
    };

    assert_eq!(check(&join(&[a, b, c, d])).unwrap().lines, 4);
    let changed = b.replace("r2", "r9");
    assert_eq!(
        check(&join(&[a, &changed, c, d])),
        broken(2, Fault::Changed)
    );
    assert_eq!(check(&join(&[a, c, d])), broken(2, Fault::NotNext));
    assert_eq!(check(&join(&[b, c, d])), broken(1, Fault::NotNext));
    assert_eq!(check(&join(&[a, c, b, d])), broken(2, Fault::NotNext));
    assert_eq!(check(&join(&[a, b, b, c, d])), broken(3, Fault::NotNext));
    let foreign = "not a record".to_owned();
    assert_eq!(
        check(&join(&[a, b, &foreign, c, d])),
        broken(3, Fault::Changed)
    );
    assert_eq!(
        check(&join(&[a, b, c, &foreign])),
        broken(4, Fault::Changed)
    );
}

#[test]
fn a_torn_line_is_kept_and_accounted_for() {
    let log = Log::new();
    log.write(&["r1", "r2"]);
    let text = log.text();
    let (kept, _) = text.split_at(text.len() - 40);
    fs::write(log.path(), kept).unwrap();
    let intact = check(kept).unwrap();
    assert_eq!((intact.lines, intact.torn), (1, vec![2]));

    log.write(&["r3"]);
    let after = log.text();
    assert!(after.starts_with(kept), "what was written stays");
    let intact = check(&after).unwrap();
    assert_eq!(
        (intact.lines, intact.torn),
        (3, vec![2]),
        "r1, the note, r3"
    );

    let forged = after.replacen("\"request_id\":\"r2\"", "\"request_id\":\"r7\"", 1);
    assert_ne!(forged, after);
    assert_eq!(
        check(&forged),
        broken(2, Fault::Changed),
        "the note binds the torn bytes too"
    );
}

#[test]
fn a_line_that_lacks_only_its_line_feed_is_whole() {
    let log = Log::new();
    log.write(&["r1"]);
    fs::write(log.path(), log.text().trim_end()).unwrap();
    log.write(&["r2"]);
    let intact = check(&log.text()).unwrap();
    assert_eq!((intact.lines, intact.torn), (2, vec![]));
}

#[test]
fn a_file_whose_end_was_changed_is_not_continued() {
    let log = Log::new();
    log.write(&["r1"]);
    fs::write(log.path(), log.text().replace("r1", "r9")).unwrap();
    assert!(matches!(log.open(), Err(OpenError::Chain { .. })));
}

#[test]
fn two_gateways_do_not_share_a_file() {
    let log = Log::new();
    let first = log.open().unwrap();
    assert!(matches!(log.open(), Err(OpenError::Locked { .. })));
    first.close();
    log.open().unwrap().close();
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let log = Log::new();
    log.write(&[]);
    assert_eq!(
        fs::metadata(log.path()).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn every_record_is_written_or_counted_as_lost() {
    let log = Log::new();
    let counters = AuditCounters::detached();
    let audit = open(&log.path(), false, &counters).unwrap();
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let audit = audit.clone();
            std::thread::spawn(move || {
                (0..5000)
                    .for_each(|n| audit.append(Arc::new(Entry::example(&format!("{thread}-{n}")))));
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    audit.close();
    audit.append(Arc::new(Entry::example("after the end")));
    let written = counters.written.get();
    assert_eq!(written + counters.lost.get(), 20_001);
    assert_eq!(check(&log.text()).unwrap().lines, written);
}

#[test]
fn a_long_line_is_found_again_after_a_restart() {
    let log = Log::new();
    log.write(&["r1", &"x".repeat(300_000)]);
    log.write(&["r3"]);
    assert_eq!(check(&log.text()).unwrap().lines, 3);
}

/// `/dev/full` is a disk without room: every write fails.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_refuses_requests_only_where_records_are_required() {
    for required in [true, false] {
        let counters = AuditCounters::detached();
        let audit = open(Path::new("/dev/full"), required, &counters).unwrap();
        assert!(audit.is_ready());
        audit.append(Arc::new(Entry::example("r1")));
        while counters.write_errors.get() == 0 {
            std::thread::yield_now();
        }
        audit.append(Arc::new(Entry::example("r2")));
        assert_eq!(audit.is_ready(), !required);
        audit.close();
        assert_eq!((counters.written.get(), counters.lost.get()), (0, 2));
    }
}

/// Four lines of a chain.
fn four_lines() -> Vec<u8> {
    let mut chain = chain::Chain::start();
    let mut lines = Vec::new();
    for id in ["r1", "r2", "r3", "r4"] {
        chain
            .link("request", &Entry::example(id), &mut lines)
            .unwrap();
    }
    lines
}

proptest! {
    /// The last line feed is left alone: without it the last line counts as torn.
    #[test]
    fn any_changed_byte_breaks_the_chain(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut lines = four_lines();
        let at = at.index(lines.len() - 1);
        prop_assume!(lines[at] != byte);
        lines[at] = byte;
        prop_assert!(verify(lines.as_slice()).unwrap().is_err());
    }

    #[test]
    fn a_log_cut_off_anywhere_is_intact_up_to_there(at in any::<prop::sample::Index>()) {
        let lines = four_lines();
        let (cut, _) = lines.split_at(at.index(lines.len()));
        let intact = verify(cut).unwrap().unwrap();
        prop_assert!(intact.lines <= 4 && intact.torn.len() <= 1);
    }
}
