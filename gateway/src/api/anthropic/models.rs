//! `GET /v1/models`, as clients of this API expect it: those that send `anthropic-version`.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use serde::Serialize;

use super::to_json;
use crate::clock::Timestamp;

/// The list of models, all on one page. `created` is seconds since the Unix epoch.
pub(crate) fn list<'m>(models: impl Iterator<Item = &'m str>, created: u64) -> Bytes {
    let data: Vec<Model<'m>> = models.map(|id| Model::new(id, created)).collect();
    Bytes::from(to_json(&List {
        has_more: false,
        first_id: data.first().map(|model| model.id),
        last_id: data.last().map(|model| model.id),
        data,
    }))
}

/// One model, for `GET /v1/models/{id}`.
pub(crate) fn one(id: &str, created: u64) -> Bytes {
    Bytes::from(to_json(&Model::new(id, created)))
}

#[derive(Debug, Serialize)]
struct List<'m> {
    data: Vec<Model<'m>>,
    has_more: bool,
    first_id: Option<&'m str>,
    last_id: Option<&'m str>,
}

#[derive(Debug, Serialize)]
struct Model<'m> {
    r#type: &'static str,
    id: &'m str,
    display_name: &'m str,
    /// RFC 3339.
    created_at: String,
}

impl<'m> Model<'m> {
    fn new(id: &'m str, created: u64) -> Self {
        Self {
            r#type: "model",
            id,
            display_name: id,
            created_at: Timestamp::from(UNIX_EPOCH + Duration::from_secs(created)).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_listed_on_one_page() {
        let list = list(["auto", "nearside-tiny"].into_iter(), 951_782_400);
        insta::assert_snapshot!(std::str::from_utf8(&list).unwrap());
        let one = one("auto", 951_782_400);
        assert!(list.windows(one.len()).any(|window| window == one));
    }
}
