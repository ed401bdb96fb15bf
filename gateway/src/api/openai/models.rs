//! `GET /v1/models` and `GET /v1/models/{id}`.

use bytes::Bytes;
use serde::Serialize;

/// The list of models, each with who owns it. `created` is seconds since the Unix epoch.
pub(crate) fn list<'m>(models: impl Iterator<Item = (&'m str, &'m str)>, created: u64) -> Bytes {
    let data = models.map(|model| Model::new(model, created)).collect();
    to_json(&List {
        object: "list",
        data,
    })
}

/// One model and who owns it.
pub(crate) fn one(model: (&str, &str), created: u64) -> Bytes {
    to_json(&Model::new(model, created))
}

#[expect(
    clippy::expect_used,
    reason = "structs of strings and numbers always serialize"
)]
fn to_json(value: &impl Serialize) -> Bytes {
    Bytes::from(serde_json::to_vec(value).expect("a JSON value"))
}

#[derive(Serialize)]
struct List<'m> {
    object: &'static str,
    data: Vec<Model<'m>>,
}

#[derive(Serialize)]
struct Model<'m> {
    id: &'m str,
    object: &'static str,
    created: u64,
    owned_by: &'m str,
}

impl<'m> Model<'m> {
    fn new((id, owned_by): (&'m str, &'m str), created: u64) -> Self {
        Self {
            id,
            object: "model",
            created,
            owned_by,
        }
    }
}
