//! De-identification of text: find, replace, restore.
//!
//! ```text
//! text -> detect -> findings -> propagate -> redact -> [EMAIL_1] ... -> restore -> text
//!                                               `-> vault ----> guard      ^
//!                                                     `-------------------'
//! ```
//!
//! - [`Detector`] finds values by format, check digit and context words; [`propagate`] finds them
//!   again in every text of a request.
//! - [`Vault`] replaces them as a [`Profile`] says and remembers what stood there.
//! - [`restore`] and [`Restorer`] put the originals back into an answer, whole or streaming.
//! - [`Guard`] looks once more for every original in the bytes that are about to leave.
//!
//! Everything here is pure: no I/O, no clock, no wire types, no threads. Originals live in
//! [`Sensitive`] and never show in `Debug` or in errors.
//!
//! ```
//! use redactor::{Detector, Escape, Guard, Profile, Vault, restore};
//!
//! let detector = Detector::builtin();
//! let prompt = "Reply to jane@example.com, card 4111 1111 1111 1111.";
//!
//! let mut vault = Vault::new();
//! vault.reserve(prompt);
//! let findings = detector.detect(prompt, None);
//! let redacted = vault.redact(prompt, &findings, &Profile::default());
//! assert_eq!(redacted, "Reply to [EMAIL_1], card [CREDIT_CARD_1].");
//! assert!(Guard::new(&vault).check(redacted.as_bytes()).is_ok());
//! assert_eq!(restore(&vault, &redacted, Escape::None), prompt);
//! ```

mod checksum;
mod decode;
mod detect;
mod encode;
pub mod explain;
mod finding;
mod generalize;
mod guard;
mod joined;
mod key;
mod kind;
mod map;
mod placeholder;
mod prefilter;
mod profile;
mod propagate;
mod recognizer;
mod redact;
mod rehash;
mod restore;
pub mod rules;
mod sensitive;
mod surrogate;
pub mod tagger;
mod vault;
mod word_list;

pub use detect::Detector;
pub use finding::Finding;
pub use guard::{Breach, Guard};
pub use key::Key;
pub use kind::EntityKind;
pub use map::Pair;
pub use profile::{Operator, Profile};
pub use propagate::{propagate, propagate_known};
pub use restore::{Escape, Restorer, restore};
pub use sensitive::Sensitive;
pub use vault::Vault;
