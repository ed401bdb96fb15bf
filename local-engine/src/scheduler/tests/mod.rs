//! The scheduler driven turn by turn, on float32 graphs: there the tokens are known, and a row's
//! scores don't depend on its neighbours.

mod adapters;
mod bench;
mod draft;
mod exact;
mod faults;
mod guesses;
mod reuse;
mod turns;
