//! `GET /v1/models`.

use bytes::Bytes;
use serde::Serialize;

/// The list of models, each with who owns it. `created` is seconds since the Unix epoch.
pub(crate) fn list<'m>(
    models: impl Iterator<Item = (&'m str, &'m str)>,
    created: u64,
) -> Result<Bytes, serde_json::Error> {
    let data = models
        .map(|(id, owned_by)| Model {
            id,
            object: "model",
            created,
            owned_by,
        })
        .collect();
    serde_json::to_vec(&List {
        object: "list",
        data,
    })
    .map(Bytes::from)
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
