//! The map from stand-ins to originals, as a file: encrypted, and readable by its owner alone.
//!
//! | Bytes | What |
//! | --- | --- |
//! | 8 | `NSMAP` and the version of the format, three digits |
//! | 12 | Argon2id memory in KiB, passes, lanes: 32-bit numbers, little end first |
//! | 16 | salt |
//! | the rest | ChaCha20-Poly1305 of the content, its tag last |
//!
//! The key is Argon2id (RFC 9106) of the secret and the salt. The salt is random, so a key serves
//! one file and the nonce can be zero (RFC 8439 asks for a nonce once per key). The bytes before
//! the ciphertext are its associated data: changing any byte of the file makes it unreadable.
//! The content is JSON, `[{"kind","stand_in","original"} ...]`.

use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use redactor::{EntityKind, Key, Pair, Sensitive, Vault};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::CliError;
use super::files::{self, Access};
use crate::config::Environment;

/// The variable that holds the secret, where no file does.
pub(super) const SECRET_VAR: &str = "NEARSIDE_MAP_SECRET";

/// What a map is encrypted with: a passphrase, or any long random text.
#[derive(Debug)]
pub(super) struct Secret(Sensitive<String>);

impl Secret {
    /// The secret in this file, without white space around it, or else in the environment.
    ///
    /// # Errors
    /// When there is none, or one that is easily guessed.
    pub(super) fn find(
        file: Option<&PathBuf>,
        environment: &Environment,
    ) -> Result<Self, CliError> {
        let found = match file {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| CliError::unreadable(path, error))?;
                Some(text.trim().to_owned())
            }
            None => environment.var(SECRET_VAR),
        };
        let Some(secret) = found.map(Sensitive::new) else {
            return Err(CliError::Usage(format!(
                "a map is encrypted: give its secret with --key-file FILE or in {SECRET_VAR} \
                 (`openssl rand -base64 32 > map.key` makes one)"
            )));
        };
        if secret.expose().len() < MIN_SECRET {
            return Err(CliError::Usage(format!(
                "the secret of the map is too short, expected at least {MIN_SECRET} characters"
            )));
        }
        Ok(Self(secret))
    }

    /// The key of surrogates and hashes: of this secret, so that runs with the same one agree; of
    /// random bytes without any.
    ///
    /// # Errors
    /// As [`Secret::find`], but for a secret that is nowhere.
    pub(super) fn key(file: Option<&PathBuf>, environment: &Environment) -> Result<Key, CliError> {
        if file.is_some() || environment.var(SECRET_VAR).is_some() {
            let secret = Self::find(file, environment)?;
            return Ok(Key::from_secret(secret.0.expose().as_bytes()).derive(&["surrogates"]));
        }
        Ok(Key::from_secret(&random::<32>()?))
    }
}

fn random<const SIZE: usize>() -> Result<[u8; SIZE], CliError> {
    let mut bytes = [0; SIZE];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| CliError::message("the system gives no random numbers"))?;
    Ok(bytes)
}

/// Writes the map of a vault.
///
/// # Errors
/// When the file can't be written, or the system gives no random numbers.
pub(super) fn write(path: &Path, vault: &Vault, secret: &Secret) -> Result<(), CliError> {
    let pairs: Vec<Entry> = vault.pairs().map(Entry::from).collect();
    let mut content = serde_json::to_vec(&pairs).map_err(std::io::Error::from)?;
    let sealed = seal(&content, secret);
    content.zeroize();
    files::write(path, &sealed?, Access::Owner)
}

/// Reads a map into a vault that restores it.
///
/// # Errors
/// When the file can't be read, is no map, or the secret is another one.
pub(super) fn read(path: &Path, secret: &Secret) -> Result<Vault, CliError> {
    let shown = path.display();
    let file = std::fs::read(path).map_err(|error| CliError::unreadable(path, error))?;
    let mut content =
        open(&file, secret).map_err(|why| CliError::Usage(format!("{shown}: {why}")))?;
    let entries: Option<Vec<Entry>> = serde_json::from_slice(&content).ok();
    content.zeroize();
    let into_pairs = |entries: Vec<Entry>| entries.into_iter().map(Entry::into_pair).collect();
    let pairs: Option<Vec<Pair>> = entries.and_then(into_pairs);
    pairs.map(Vault::from_pairs).ok_or_else(|| {
        CliError::Usage(format!(
            "{shown}: the map is of a newer version of nearside"
        ))
    })
}

#[derive(Serialize, Deserialize)]
struct Entry {
    kind: String,
    stand_in: String,
    original: String,
}

impl From<Pair> for Entry {
    fn from(pair: Pair) -> Self {
        Self {
            kind: pair.kind.name().to_owned(),
            stand_in: pair.stand_in,
            original: pair.original.expose().clone(),
        }
    }
}

impl Entry {
    /// `None` for a kind that is not known.
    fn into_pair(mut self) -> Option<Pair> {
        Some(Pair {
            kind: EntityKind::from_name(&self.kind)?,
            stand_in: std::mem::take(&mut self.stand_in),
            original: std::mem::take(&mut self.original).into(),
        })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.original.zeroize();
    }
}

fn seal(content: &[u8], secret: &Secret) -> Result<Vec<u8>, CliError> {
    let mut file = MAGIC.to_vec();
    for cost in [MEMORY_KIB, PASSES, LANES] {
        file.extend(cost.to_le_bytes());
    }
    file.extend(random::<SALT>()?);
    let mut sealed = content.to_vec();
    let tag = cipher(&file, secret)
        .and_then(|key| {
            let nonce = Nonce::assume_unique_for_key([0; 12]);
            key.seal_in_place_separate_tag(nonce, Aad::from(&file), &mut sealed)
                .ok()
        })
        .ok_or_else(|| CliError::message("the map can't be encrypted"))?;
    file.extend(sealed);
    file.extend(tag.as_ref());
    Ok(file)
}

fn open(file: &[u8], secret: &Secret) -> Result<Vec<u8>, &'static str> {
    let split = file
        .split_at_checked(HEADER)
        .filter(|(header, _)| header.starts_with(MAGIC));
    let (header, sealed) = split.ok_or("not a map of nearside")?;
    let key = cipher(header, secret).ok_or("the map asks for more memory than is sensible")?;
    let mut content = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let opened = key.open_in_place(nonce, Aad::from(header), &mut content);
    let length = opened
        .map_err(|_| "the secret is another one, or the map was changed")?
        .len();
    content.truncate(length);
    Ok(content)
}

/// The key that a header and a secret make; `None` when the header asks for too much.
fn cipher(header: &[u8], secret: &Secret) -> Option<LessSafeKey> {
    let cost = |position: usize| {
        let start = MAGIC.len() + 4 * position;
        let bytes = header.get(start..start + 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    };
    let (memory, passes, lanes) = (cost(0)?, cost(1)?, cost(2)?);
    if memory > MAX_MEMORY_KIB || passes > MAX_PASSES || lanes > MAX_LANES {
        return None;
    }
    let salt = header.get(HEADER - SALT..HEADER)?;
    let params = Params::new(memory, passes, lanes, Some(KEY)).ok()?;
    let mut key = [0; KEY];
    let derived = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
        secret.0.expose().as_bytes(),
        salt,
        &mut key,
    );
    let cipher = derived
        .ok()
        .and_then(|()| UnboundKey::new(&CHACHA20_POLY1305, &key).ok());
    key.zeroize();
    cipher.map(LessSafeKey::new)
}

const MAGIC: &[u8] = b"NSMAP001";
const SALT: usize = 16;
const KEY: usize = 32;
const HEADER: usize = MAGIC.len() + 3 * 4 + SALT;
/// RFC 9106 section 4, second recommended option, on one lane: about a tenth of a second.
const MEMORY_KIB: u32 = if cfg!(test) { 64 } else { 64 << 10 };
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// More would let a forged file exhaust the machine.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 16;
/// In bytes. Argon2id makes guessing slow, not impossible.
const MIN_SECRET: usize = 12;

#[cfg(test)]
mod tests {
    use redactor::{Detector, Escape, Profile};

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret(text.to_owned().into())
    }

    #[test]
    fn a_map_restores_with_its_secret_alone_and_shows_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.map");
        let text = "jo@example.com, (202) 555-0143";
        let mut vault = Vault::new();
        let findings = Detector::builtin().detect(text, None);
        let redacted = vault
            .redact(text, &findings, &Profile::default())
            .into_owned();
        write(&path, &vault, &secret("correct horse battery")).unwrap();

        let bytes = std::fs::read(&path).unwrap();
        let shown = String::from_utf8_lossy(&bytes);
        assert!(!shown.contains("example") && !shown.contains("EMAIL"));

        let read_back = read(&path, &secret("correct horse battery")).unwrap();
        assert_eq!(redactor::restore(&read_back, &redacted, Escape::None), text);
        let wrong = read(&path, &secret("incorrect horse battery")).unwrap_err();
        assert!(
            wrong.to_string().contains("the secret is another one"),
            "{wrong}"
        );
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let secret = secret("correct horse battery");
        let file = seal(b"content", &secret).unwrap();
        assert_eq!(open(&file, &secret).unwrap(), b"content");
        // Of each part one: magic, salt, content, tag. (Costs are tried apart: they cost time.)
        for at in [0, HEADER - 1, HEADER, file.len() - 1] {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(open(&changed, &secret).is_err(), "byte {at}");
        }
        let mut greedy = file;
        greedy[MAGIC.len() + 3] = 0xff;
        assert!(open(&greedy, &secret).unwrap_err().contains("more memory"));
    }

    #[test]
    fn a_secret_is_asked_for_and_must_be_long() {
        let none = Secret::find(None, &Environment::from_pairs([])).unwrap_err();
        assert_eq!(none.exit_code(), 2);
        assert!(none.to_string().contains("--key-file"), "{none}");
        let short = Environment::from_pairs([(SECRET_VAR, "short")]);
        assert!(Secret::find(None, &short).is_err());
    }
}
