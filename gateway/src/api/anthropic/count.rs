//! `POST /v1/messages/count_tokens`: how many tokens a request would read.

use bytes::Bytes;
use serde::Serialize;

use super::to_json;

/// `{"input_tokens": ...}`
pub(super) fn answer(input_tokens: u64) -> Bytes {
    Bytes::from(to_json(&Counted { input_tokens }))
}

#[derive(Debug, Serialize)]
struct Counted {
    input_tokens: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_one_number() {
        assert_eq!(answer(14), "{\"input_tokens\":14}");
    }
}
