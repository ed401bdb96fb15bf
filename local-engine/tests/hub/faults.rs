//! What a pull survives, and what it does not.

use std::{fs, path::Path, time::Duration};

use local_engine::hub::{Hub, HubError, Patience, Store};

use super::{
    HubServer, MIB, client::Client, hub, names_in, pull, pull_model, pull_watched, repository,
    watcher::Watcher, weights,
};

fn weights_are_right(store: &Path) -> bool {
    let snapshots = store.join("models--org--model/snapshots");
    let commit = names_in(&snapshots).remove(0);
    let data = snapshots.join(commit).join("onnx/model_q4.onnx_data");
    fs::read(data).unwrap() == weights()
}

/// Places to cut at, the same in every run.
fn cuts(count: usize, most: usize) -> Vec<usize> {
    let places = (1..=count).map(|number| number.wrapping_mul(0x9e37_79b9) % most);
    places.collect()
}

#[test]
fn a_cut_connection_goes_on_at_the_byte_where_it_broke() {
    let server = HubServer::start(repository());
    server.faults().cuts = cuts(16, MIB).into();
    let folder = tempfile::tempdir().unwrap();
    let watcher = Watcher::new();
    pull_watched(&server, folder.path(), &watcher).unwrap();
    assert!(weights_are_right(folder.path()));
    assert!(server.faults().cuts.is_empty(), "some cuts never happened");
    assert_eq!(watcher.restarted(), 0);
    // No byte of the weights went twice.
    let large: usize = repository_bytes();
    assert_eq!(server.sent(), large);
}

/// Bytes of the files that come from the storage.
fn repository_bytes() -> usize {
    weights().len() + b"four bits".len() + b"more weights".len() + b"{}".len()
}

#[test]
fn a_server_without_ranges_is_read_from_start_to_end() {
    let server = HubServer::start(repository());
    server.faults().no_ranges = true;
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    assert!(weights_are_right(folder.path()));
    assert_eq!(server.sent(), repository_bytes());
}

#[test]
fn a_server_without_ranges_may_be_cut_too() {
    let server = HubServer::start(repository());
    server.faults().no_ranges = true;
    server.faults().cuts = [1, MIB, 7 * MIB, 3 * MIB, 19 * MIB].into();
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    assert!(weights_are_right(folder.path()));
}

#[test]
fn a_server_that_gives_no_lengths_is_believed_by_the_hash_only() {
    let server = HubServer::start(repository());
    server.faults().no_lengths = true;
    server.faults().cuts = [5, 6 * MIB, 11 * MIB].into();
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    assert!(weights_are_right(folder.path()));
}

#[test]
fn wrong_bytes_are_refused_and_nothing_of_them_stays() {
    for no_lengths in [false, true] {
        let server = HubServer::start(repository());
        server.faults().wrong_byte = true;
        server.faults().no_lengths = no_lengths;
        let folder = tempfile::tempdir().unwrap();
        let error = pull_model(&server, folder.path()).unwrap_err();
        assert!(matches!(error, HubError::HashMismatch { .. }), "{error}");
        let model = folder.path().join("models--org--model");
        assert!(names_in(&model.join("snapshots")).is_empty());
        let blobs = names_in(&model.join("blobs"));
        assert!(
            !blobs.iter().any(|name| name.contains("nearside")),
            "{blobs:?}"
        );

        server.faults().wrong_byte = false;
        pull_model(&server, folder.path()).unwrap();
        assert!(weights_are_right(folder.path()));
    }
}

#[test]
fn what_an_earlier_pull_left_wrong_is_fetched_anew() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let user = hub(&server, None);
    let watcher = Watcher::acting_at(10 * MIB, || user.stop().request());
    let store = Store::new(folder.path());
    pull("org/model").run(&user, &store, &watcher).unwrap_err();
    let blobs = folder.path().join("models--org--model/blobs");
    let unfinished = names_in(&blobs)
        .into_iter()
        .find(|name| name.ends_with("incomplete"))
        .unwrap();
    // A machine that lost its power: the journal tells of bytes that never reached the disk.
    let file = fs::File::options()
        .write(true)
        .open(blobs.join(unfinished))
        .unwrap();
    file.set_len(0).unwrap();
    file.set_len(weights().len() as u64).unwrap();
    let again = Watcher::new();
    pull_watched(&server, folder.path(), &again).unwrap();
    assert!(weights_are_right(folder.path()));
    assert_eq!(again.restarted(), weights().len() as u64);
}

#[test]
fn a_stopped_pull_goes_on_where_it_was() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let user = hub(&server, None);
    let watcher = Watcher::acting_at(10 * MIB, || user.stop().request());
    let error = pull("org/model")
        .run(&user, &Store::new(folder.path()), &watcher)
        .unwrap_err();
    assert!(matches!(error, HubError::Stopped), "{error}");
    assert!(names_in(&folder.path().join("models--org--model/snapshots")).is_empty());

    let again = Watcher::new();
    pull_watched(&server, folder.path(), &again).unwrap();
    assert!(weights_are_right(folder.path()));
    let all = watcher.received() + again.received();
    assert!(
        all < (weights().len() + MIB) as u64,
        "{all} bytes came in all"
    );
}

#[test]
fn a_killed_pull_goes_on_where_it_was() {
    let server = HubServer::start(repository());
    let (folder, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let blobs = |store: &Path| store.join("models--org--model/blobs");
    // What lies on the disk in the middle of a pull is what a kill at that moment leaves.
    let watcher = Watcher::acting_at(14 * MIB, || {
        fs::create_dir_all(blobs(killed.path())).unwrap();
        // The journal first: it may tell of less than is there, never of more.
        let mut names = names_in(&blobs(folder.path()));
        names.sort_by_key(|name| !name.ends_with("journal"));
        for name in names {
            let from = blobs(folder.path()).join(&name);
            fs::copy(from, blobs(killed.path()).join(name)).unwrap();
        }
    });
    pull_watched(&server, folder.path(), &watcher).unwrap();

    let again = Watcher::new();
    pull_watched(&server, killed.path(), &again).unwrap();
    assert!(weights_are_right(killed.path()));
    // Each of the four connections may have had a mebibyte that the journal did not tell of yet.
    let most = weights().len() - 14 * MIB + 5 * MIB;
    assert!(
        again.received() < most as u64,
        "{} bytes came again",
        again.received()
    );
}

#[test]
fn passing_statuses_are_tried_again_and_others_are_not() {
    let server = HubServer::start(repository());
    server.faults().statuses = [
        (503, ""),
        (429, "retry-after: 0\r\n"),
        (500, ""),
        (403, ""),
        (504, ""),
    ]
    .into();
    let folder = tempfile::tempdir().unwrap();
    let watcher = Watcher::new();
    pull_watched(&server, folder.path(), &watcher).unwrap();
    let retries = watcher
        .notes()
        .iter()
        .filter(|note| note.starts_with("Retrying"))
        .count();
    assert_eq!(retries, 5, "{:?}", watcher.notes());
}

#[test]
fn a_server_that_keeps_failing_is_given_up() {
    let server = HubServer::start(repository());
    server.faults().statuses = vec![(502, ""); 1000].into();
    let folder = tempfile::tempdir().unwrap();
    let error = pull_model(&server, folder.path()).unwrap_err();
    let HubError::Unreachable {
        attempts, reason, ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!((attempts, reason.as_str()), (6, "status 502"));
}

#[test]
fn a_long_wait_is_told_not_done() {
    let server = HubServer::start(repository());
    server.faults().statuses = [(429, "retry-after: 3600\r\n"); 8].into();
    let folder = tempfile::tempdir().unwrap();
    let error = pull_model(&server, folder.path()).unwrap_err();
    assert!(
        matches!(error, HubError::RateLimited { after, .. } if after.as_secs() == 3600),
        "{error}"
    );
}

#[test]
fn a_silent_server_is_left_and_asked_again() {
    let server = HubServer::start(repository());
    server.faults().stalls = [1, 3 * MIB].into();
    let folder = tempfile::tempdir().unwrap();
    let impatient = Client {
        patience: Duration::from_secs(1),
    };
    let user = Hub::new(&server.endpoint(), None, Box::new(impatient))
        .unwrap()
        .with_patience(Patience {
            first_pause: Duration::from_millis(1),
            ..Patience::default()
        });
    pull("org/model")
        .run(
            &user,
            &Store::new(folder.path()),
            &local_engine::hub::Unwatched,
        )
        .unwrap();
    assert!(weights_are_right(folder.path()));
}

#[test]
fn no_room_is_known_before_the_first_byte() {
    let server = HubServer::start(repository());
    server.faults().claimed_length = Some(1 << 60);
    let folder = tempfile::tempdir().unwrap();
    let error = pull_model(&server, folder.path()).unwrap_err();
    assert!(
        matches!(error, HubError::DiskFull { needed, .. } if needed > 1 << 60),
        "{error}"
    );
    assert_eq!(server.sent(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_on_the_way_is_named() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let blobs = folder.path().join("models--org--model/blobs");
    fs::create_dir_all(&blobs).unwrap();
    let hash = super::server::hex(&<sha2::Sha256 as sha2::Digest>::digest(weights()));
    // The one file that is always full.
    let journal = blobs.join(format!("{hash}.nearside.journal"));
    std::os::unix::fs::symlink("/dev/full", &journal).unwrap();
    let error = pull_model(&server, folder.path()).unwrap_err();
    assert!(matches!(error, HubError::DiskFull { .. }), "{error}");

    fs::remove_file(journal).unwrap();
    pull_model(&server, folder.path()).unwrap();
    assert!(weights_are_right(folder.path()));
}
