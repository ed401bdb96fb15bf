//! Who goes first when requests wait.

/// How soon somebody needs an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Priority {
    /// Somebody is waiting for it.
    #[default]
    Interactive,
    /// Nobody is: it waits while interactive requests do, though not for ever, and leaves them
    /// one slot where there are several.
    Batch,
}
