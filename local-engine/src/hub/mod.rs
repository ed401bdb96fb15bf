//! The model store: brings models from a Hugging Face style hub, and finds them on this machine.
//!
//! Models come when the user says so (`nearside models pull`), never while a request is served. The
//! store is laid out as the hub's own tools lay out theirs, so that both share files.
//!
//! Guarantees: every file is checked against the hub's hash before it can be opened; nothing that a
//! hub says leads outside the store; the token goes to the hub and to no other host; a pull that was
//! cut, killed or stopped goes on where it was; what is shown is whole.
//!
//! What is not caught: a hub that lies about the hash of a file. Pin a commit (`org/name@commit`)
//! where that matters.

mod client;
mod description;
mod digest;
mod download;
mod error;
mod journal;
mod layout;
mod name;
mod needs;
mod path;
mod progress;
mod pull;
mod remote;
mod retry;
mod settings;
mod stop;
mod store;
mod stream;
mod transfer;
mod transport;
mod variant;

pub(crate) use layout::model_of;

pub use client::Hub;
pub use description::Description;
pub use error::HubError;
pub use name::{ModelName, Reference};
pub use progress::{Event, Progress, Unwatched};
pub use pull::{Pull, Pulled};
pub use retry::Patience;
pub use settings::Settings;
pub use stop::Stop;
pub use store::{Store, StoredFile, StoredModel};
pub use transport::{Body, Transport};
