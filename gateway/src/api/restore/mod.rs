//! Putting originals back into what providers answer: the parts that all APIs share.
//!
//! | Module | Restores |
//! | --- | --- |
//! | [`whole`] | an answer that came as one JSON body |
//! | [`fields`] | the texts that grow over a stream, each by itself |
//! | [`events`] | an event stream, with what is an API's own as a parameter |
//! | [`edits`] | (writes the new strings into the JSON text they stand in) |

mod edits;
mod events;
mod fields;
mod whole;

pub(crate) use self::{
    edits::Edits,
    events::{EventRestorer, StreamShape},
    fields::{GrowingFields, restore_text},
    whole::whole,
};

/// Deeper than any API's answer; a provider's body can't exhaust anything either.
pub(crate) const ANSWER_DEPTH_LIMIT: usize = 256;

/// Providers send whole tool calls in one event at times; nothing honest is longer than this.
pub(crate) const EVENT_BYTES_LIMIT: usize = 16 << 20;
