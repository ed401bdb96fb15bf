//! The hash that the hub gives with every file, which is also the file's name in the store.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

/// What a file's content must hash to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Digest {
    /// SHA-256 of the content: large files (Git LFS object ids, also in Xet storage).
    Sha256(String),
    /// SHA-1 of `blob <length>\0` and the content: small files (git object ids).
    GitSha1(String),
}

impl Digest {
    /// Reads an `ETag` or `X-Linked-Etag`: quotes and the weak mark do not count, the length of the
    /// hexadecimal digits says which hash it is.
    pub(super) fn from_etag(etag: &str) -> Option<Self> {
        let hex = etag.trim();
        let hex = hex.strip_prefix("W/").unwrap_or(hex).trim_matches('"');
        let digits = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        match hex.len() {
            64 if hex.bytes().all(digits) => Some(Self::Sha256(hex.to_owned())),
            40 if hex.bytes().all(digits) => Some(Self::GitSha1(hex.to_owned())),
            _ => None,
        }
    }

    /// The hexadecimal digits.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Sha256(hex) | Self::GitSha1(hex) => hex,
        }
    }

    /// Its name in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "SHA-256",
            Self::GitSha1(_) => "git SHA-1",
        }
    }

    /// The same hash of a file on disk, in hexadecimal digits.
    pub(super) fn of_file(&self, path: &Path) -> io::Result<String> {
        let mut file = File::open(path)?;
        match self {
            Self::Sha256(_) => hash(&mut file, Sha256::new()),
            Self::GitSha1(_) => {
                let header = format!("blob {}\0", file.metadata()?.len());
                hash(&mut file, Sha1::new_with_prefix(header))
            }
        }
    }
}

fn hash<H: sha1::Digest>(file: &mut File, mut hasher: H) -> io::Result<String> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        let length = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        hasher.update(bytes);
    }
    let digest = hasher.finalize();
    Ok(digest
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_an_etag_tells_the_hash() {
        let sha1 = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
        let sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
        let check = |etag: &str, expected: Option<Digest>| {
            assert_eq!(Digest::from_etag(etag), expected, "{etag}");
        };
        check(
            &format!("\"{sha1}\""),
            Some(Digest::GitSha1(sha1.to_owned())),
        );
        check(
            &format!("W/\"{sha256}\""),
            Some(Digest::Sha256(sha256.to_owned())),
        );
        check("\"../../../../etc/passwd\"", None);
        check("\"d41d8cd98f00b204e9800998ecf8427e\"", None);
        check(&"/".repeat(40), None);
    }

    #[test]
    fn hashes_of_a_file_are_those_of_git_and_of_fips_180_4() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hello\n").unwrap();
        // `printf 'hello\n' | git hash-object --stdin`
        let git = Digest::GitSha1("ce013625030ba8dba906f756967f9e9ca394464a".to_owned());
        assert_eq!(git.of_file(file.path()).unwrap(), git.as_str());
        let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
        let sha256 = Digest::Sha256(sha256.to_owned());
        assert_eq!(sha256.of_file(file.path()).unwrap(), sha256.as_str());
    }
}
