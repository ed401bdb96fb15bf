//! The secret behind hashes and surrogates.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Sensitive;

/// The secret behind hashes and surrogates: who has it can try out values, nobody else can.
///
/// ```
/// use redactor::Key;
///
/// let root = Key::from_secret(b"at least sixteen random bytes");
/// let of_tenant = root.derive(&["tenant", "clinic-7"]);
/// assert_eq!(format!("{of_tenant:?}"), "Key(Sensitive<32 bytes>)");
/// ```
#[derive(Debug, Clone)]
pub struct Key(Sensitive<[u8; 32]>);

impl Key {
    /// A key made from a secret of any length; it is as hard to guess as the secret.
    pub fn from_secret(secret: &[u8]) -> Self {
        // Extraction with a fixed salt (RFC 5869 section 2.2).
        Self(Sensitive::new(mac(b"nearside redactor", &[secret])))
    }

    /// The key for one purpose: other `names` give a key that has nothing to do with this one.
    #[must_use]
    pub fn derive(&self, names: &[&str]) -> Self {
        let names: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
        Self(Sensitive::new(self.mac(&names)))
    }

    /// A keyed hash of texts, one after the other: HMAC-SHA-256 (RFC 2104) of each with its length
    /// before it.
    pub fn hash<const N: usize>(&self, texts: &[&str; N]) -> [u8; 32] {
        self.mac(&texts.map(str::as_bytes))
    }

    /// HMAC-SHA-256 (RFC 2104) of the parts, each with its length before it.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(self.0.expose(), parts)
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_borders_make_other_keys() {
        let root = Key::from_secret(b"secret");
        let mac = |names: &[&str]| root.derive(names).mac(&[b"x"]);
        assert_eq!(mac(&["a", "b"]), mac(&["a", "b"]));
        assert_ne!(mac(&["a", "b"]), mac(&["ab"]));
        assert_ne!(mac(&["a", "b"]), mac(&["a", "", "b"]));
    }

    #[test]
    fn another_secret_is_another_key() {
        let of = |secret: &[u8]| Key::from_secret(secret).mac(&[b"x"]);
        assert_ne!(of(b"one"), of(b"two"));
    }
}
