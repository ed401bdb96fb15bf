//! Fetches the pinned library once, through the Python package client.
//!
//! `pip` refuses a package whose hash is not the pinned one; the library inside is hashed again
//! before it is moved into the cache. The move is one rename of a whole folder, made while a lock
//! file is held, so that what is in the cache is always complete.

use std::{
    fs::{self, File},
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use sha2::{Digest, Sha256};

use super::pin::{PACKAGE, Pin};
use crate::Error;

/// The library in `cache`, fetched first if it is not there.
///
/// # Errors
/// [`Error::RuntimeFetch`], which says what to put where by hand.
pub(super) fn cached_or_fetched(pin: &Pin, cache: &Path) -> Result<PathBuf, Error> {
    let library = cache.join(pin.folder_name()).join(pin.library);
    if library.is_file() {
        return Ok(library);
    }
    fetch_under_lock(pin, cache, &library).map_err(|reason| pin.fetch_error(reason, cache))?;
    Ok(library)
}

/// Waits for other processes that fetch the same file, then fetches unless they did.
fn fetch_under_lock(pin: &Pin, cache: &Path, library: &Path) -> Result<(), String> {
    let unusable = |error: io::Error| format!("`{}` cannot be written: {error}", cache.display());
    fs::create_dir_all(cache).map_err(unusable)?;
    let lock = File::create(cache.join(format!("{}.lock", pin.folder_name()))).map_err(unusable)?;
    // The lock ends with the file handle, so a process that dies leaves none behind.
    lock.lock().map_err(unusable)?;
    if library.is_file() {
        return Ok(());
    }
    let scratch = cache.join(format!("{}.partial", pin.folder_name()));
    remove_folder(&scratch)
        .and_then(|()| fs::create_dir(&scratch))
        .map_err(unusable)?;
    let fetched = fetch(pin, &scratch).and_then(|file| install(&file, pin, cache, &scratch));
    let cleaned = remove_folder(&scratch);
    fetched.and_then(|()| cleaned.map_err(unusable))
}

/// Downloads and unpacks the package into `scratch`; returns the checked library.
fn fetch(pin: &Pin, scratch: &Path) -> Result<PathBuf, String> {
    let requirements = scratch.join("requirements.txt");
    let line = format!("{PACKAGE} --hash=sha256:{}\n", pin.package_sha256);
    fs::write(&requirements, line).map_err(|error| error.to_string())?;
    download(pin, scratch, &requirements)?;
    let package = package_in(scratch)?;
    let unpacked = scratch.join("unpacked");
    let arguments = ["-m", "zipfile", "-e"].map(PathBuf::from);
    let arguments = [arguments.as_slice(), &[package, unpacked.clone()]].concat();
    first_that_runs(&[&["python3"], &["python"]], |command| {
        command.args(&arguments)
    })?;
    let library = unpacked.join("onnxruntime").join("capi").join(pin.library);
    let found =
        sha256(&library).map_err(|error| format!("the package lacks its library: {error}"))?;
    if found == pin.library_sha256 {
        Ok(library)
    } else {
        Err(format!(
            "the library's SHA-256 is {found}, expected {}",
            pin.library_sha256
        ))
    }
}

fn download(pin: &Pin, scratch: &Path, requirements: &Path) -> Result<(), String> {
    announce(pin);
    let clients: [&[&str]; 4] = [
        &["python3", "-m", "pip"],
        &["python", "-m", "pip"],
        &["pip3"],
        &["pip"],
    ];
    first_that_runs(&clients, |command| {
        command
            .args([
                "download",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
            ])
            .args(["--python-version", "3.12", "--platform", pin.platform])
            .args(["--disable-pip-version-check", "--no-input", "--dest"])
            .arg(scratch)
            .arg("--requirement")
            .arg(requirements);
        // On a terminal pip draws its own progress bar; on stderr, since stdout is the program's.
        if io::stderr().is_terminal() {
            command.stdout(io::stderr())
        } else {
            command
        }
    })
}

#[expect(
    clippy::print_stderr,
    reason = "a pause of seconds at the first start needs a word to the user"
)]
fn announce(pin: &Pin) {
    eprintln!(
        "fetching ONNX Runtime once: {PACKAGE} for {} (about 24 MB)",
        pin.platform
    );
}

/// Runs the first of `programs` that exists and succeeds; the reasons of all if none does.
fn first_that_runs(
    programs: &[&[&str]],
    arguments: impl Fn(&mut Command) -> &mut Command,
) -> Result<(), String> {
    let mut reasons = Vec::new();
    for program in programs {
        let Some((name, fixed)) = program.split_first() else {
            continue;
        };
        let mut command = Command::new(name);
        command
            .args(fixed)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        match arguments(&mut command)
            .spawn()
            .and_then(std::process::Child::wait_with_output)
        {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => reasons.push(format!("`{}`: {}", program.join(" "), last_words(&output))),
            Err(error) => reasons.push(format!("`{}`: {error}", program.join(" "))),
        }
    }
    Err(reasons.join("; "))
}

/// The last line that a failed program wrote to stderr, or its exit status.
fn last_words(output: &Output) -> String {
    let words = String::from_utf8_lossy(&output.stderr);
    let line = words.lines().rev().find(|line| !line.trim().is_empty());
    line.map_or_else(|| output.status.to_string(), |line| line.trim().to_owned())
}

/// The one package file in `folder`.
fn package_in(folder: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| "the package client left no package".to_owned())
}

/// Moves the library into a folder of its own, then that folder to its final name.
fn install(file: &Path, pin: &Pin, cache: &Path, scratch: &Path) -> Result<(), String> {
    let complete = scratch.join("complete");
    let folder = cache.join(pin.folder_name());
    fs::create_dir(&complete)
        .and_then(|()| fs::rename(file, complete.join(pin.library)))
        .and_then(|()| remove_folder(&folder))
        .and_then(|()| fs::rename(&complete, &folder))
        .map_err(|error| format!("`{}` cannot be written: {error}", folder.display()))
}

/// Removes a folder and all in it; no error if it does not exist.
fn remove_folder(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// SHA-256 of a file in lower-case hexadecimal.
fn sha256(path: &Path) -> io::Result<String> {
    let digest = Sha256::digest(fs::read(path)?);
    Ok(digest
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_in_the_cache_is_used_as_it_is() {
        let cache = tempfile::tempdir().unwrap();
        let pin = Pin::for_this_platform().unwrap();
        let folder = cache.path().join(pin.folder_name());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(pin.library), "").unwrap();
        let found = cached_or_fetched(pin, cache.path()).unwrap();
        assert_eq!(found, folder.join(pin.library));
    }

    #[test]
    fn a_folder_without_the_library_is_replaced_whole() {
        let cache = tempfile::tempdir().unwrap();
        let pin = Pin::for_this_platform().unwrap();
        let folder = cache.path().join(pin.folder_name());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("leftover"), "").unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let library = scratch.path().join("library");
        fs::write(&library, "bytes").unwrap();
        install(&library, pin, cache.path(), scratch.path()).unwrap();
        assert_eq!(fs::read(folder.join(pin.library)).unwrap(), b"bytes");
        assert!(!folder.join("leftover").exists());
    }

    #[test]
    fn a_failed_fetch_says_what_to_put_where() {
        let pin = Pin::for_this_platform().unwrap();
        let message = pin
            .fetch_error("no route".into(), Path::new("cache"))
            .to_string();
        for part in [
            "no route",
            pin.library,
            pin.platform,
            "ORT_DYLIB_PATH",
            &pin.folder_name(),
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_missing_program_is_named_in_the_reason() {
        let reason = first_that_runs(&[&["no-such-program-here"]], |command| command).unwrap_err();
        assert!(reason.contains("no-such-program-here"), "{reason}");
    }

    #[test]
    fn sha256_of_a_file_is_that_of_fips_180_4() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "abc").unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(file.path()).unwrap(), expected);
    }
}
