//! Our own middleware, one reason each. What tower-http has is taken from there.

pub(crate) mod in_flight;
