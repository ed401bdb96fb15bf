//! What Ollama's clients ask besides answers: who is there, which models, and to change them.

use std::{sync::Arc, time::UNIX_EPOCH};

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::{any, delete, get, post},
};
use bytes::Bytes;
use http::{Method, StatusCode};

use super::{only, only_get, only_post, read, reject, request_id};
use crate::{
    answer::JSON,
    api::{
        dialect::Dialect,
        ollama::{
            Endpoint,
            embed::{EmbedEndpoint, Embedded},
            manage::{self, ManageCall},
            models::{self, ModelCard},
        },
    },
    clock::Timestamp,
    error::Error,
    pipeline::Pipeline,
};

/// The calls that no model answers.
pub(super) fn routes() -> Router<Arc<Pipeline>> {
    let refused = |call: ManageCall| {
        move |State(pipeline): State<Arc<Pipeline>>, request: Request| async move {
            reject(&pipeline, &call.refusal(), &request)
        }
    };
    let embedded = |endpoint| move |pipeline, request| embed(endpoint, pipeline, request);
    Router::new()
        .route("/", get(hello).fallback(only_get))
        .route("/api/version", get(version).fallback(only_get))
        .route("/api/tags", get(tags).fallback(only_get))
        .route("/api/ps", get(running).fallback(only_get))
        .route("/api/show", post(show).fallback(only_post))
        .route(
            "/api/embed",
            post(embedded(EmbedEndpoint::Embed)).fallback(only_post),
        )
        .route(
            "/api/embeddings",
            post(embedded(EmbedEndpoint::Embeddings)).fallback(only_post),
        )
        .route("/api/pull", post(pull).fallback(only_post))
        .route(
            "/api/push",
            post(refused(ManageCall::Push)).fallback(only_post),
        )
        .route(
            "/api/create",
            post(refused(ManageCall::Create)).fallback(only_post),
        )
        .route(
            "/api/copy",
            post(refused(ManageCall::Copy)).fallback(only_post),
        )
        .route(
            "/api/delete",
            delete(refused(ManageCall::Delete)).fallback(only_delete),
        )
        .route("/api/blobs/{digest}", any(blobs))
}

async fn hello(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    let text = Bytes::from_static(b"Ollama is running");
    tell(&pipeline, "text/plain; charset=utf-8", text, &request)
}

async fn version(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    tell(&pipeline, JSON, models::version(), &request)
}

async fn tags(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    tell(&pipeline, JSON, models::tags(&cards(&pipeline)), &request)
}

async fn running(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    let now = pipeline.telemetry.clock().wall();
    let list = models::running(&cards(&pipeline), now);
    tell(&pipeline, JSON, list, &request)
}

async fn show(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    let (head, body) = match whole(&pipeline, request).await {
        Ok(whole) => whole,
        Err(refused) => return refused,
    };
    let shown = models::named(&body).map_err(Error::Body).and_then(|name| {
        let shown = models::show(&cards(&pipeline), &name);
        shown.ok_or(Error::UnknownModel)
    });
    match shown {
        Ok(shown) => tell(&pipeline, JSON, shown, &head),
        Err(error) => reject(&pipeline, &error, &head),
    }
}

/// A model that is here need not be pulled.
async fn pull(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    let (head, body) = match whole(&pipeline, request).await {
        Ok(whole) => whole,
        Err(refused) => return refused,
    };
    match models::named(&body) {
        Ok(name) if models::show(&cards(&pipeline), &name).is_some() => {
            let media_type = DIALECT.stream_type();
            tell(&pipeline, media_type, manage::pulled(&body), &head)
        }
        Ok(_) => reject(&pipeline, &ManageCall::Pull.refusal(), &head),
        Err(error) => reject(&pipeline, &Error::Body(error), &head),
    }
}

async fn embed(
    endpoint: EmbedEndpoint,
    State(pipeline): State<Arc<Pipeline>>,
    request: Request,
) -> Response {
    let (head, body) = match whole(&pipeline, request).await {
        Ok(whole) => whole,
        Err(refused) => return refused,
    };
    let error = match endpoint.read(&body) {
        Ok(wanted) if wanted.texts.is_empty() => {
            let none = endpoint.write(&wanted.model, &Embedded::default());
            return tell(&pipeline, JSON, none, &head);
        }
        Ok(_) => Error::NotOffered {
            status: StatusCode::NOT_IMPLEMENTED,
            instead: "no model for embeddings runs here, and text does not leave the device for them",
        },
        Err(error) => Error::Body(error),
    };
    reject(&pipeline, &error, &head)
}

/// No blob is here.
async fn blobs(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    if request.method() == Method::HEAD {
        return reject(&pipeline, &Error::UnknownPath, &request);
    }
    reject(&pipeline, &ManageCall::Blobs.refusal(), &request)
}

async fn only_delete(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    only(&pipeline, &request, "DELETE")
}

fn cards(pipeline: &Pipeline) -> Vec<ModelCard> {
    let started = UNIX_EPOCH + std::time::Duration::from_secs(pipeline.started);
    pipeline.targets.cards(Timestamp::from(started))
}

fn tell(pipeline: &Pipeline, media_type: &'static str, body: Bytes, request: &Request) -> Response {
    pipeline.tell(&DIALECT, media_type, body, request_id(request.headers()))
}

/// The request without its body, and the body.
async fn whole(pipeline: &Pipeline, request: Request) -> Result<(Request, Bytes), Response> {
    let (parts, body) = request.into_parts();
    let head = Request::from_parts(parts, axum::body::Body::empty());
    match read(body, pipeline.limits.body_bytes).await {
        Ok(body) => Ok((head, body)),
        Err(error) => Err(reject(pipeline, &error, &head)),
    }
}

/// Whose errors these clients read.
static DIALECT: Endpoint = Endpoint::Chat;
