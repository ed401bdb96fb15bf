//! The layers around the pipeline, outermost first, and the routes inside them.

mod ollama;

use std::{panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{any, get, post},
};
use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower::ServiceBuilder;
use tower_http::trace::TraceLayer;
use uuid::Uuid;

use crate::{
    answer::JSON,
    api::{
        dialect::Dialect,
        openapi,
        routes::{self, ROUTES},
    },
    error::Error,
    layer::in_flight::InFlight,
    pipeline::{Incoming, Pipeline},
};

/// The gateway as one service.
pub(crate) fn service(pipeline: Arc<Pipeline>) -> Router {
    let in_flight = InFlight::new(pipeline.limits.in_flight);
    let shedding = (in_flight, Arc::clone(&pipeline));
    let layers = ServiceBuilder::new()
        // An id of our own: what a client sends under this name could be anything.
        .map_request(identify)
        // One span a request, with id, method and path; never a query, a header or a body.
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(()),
        )
        // A defect costs one request, not the process.
        .layer(middleware::from_fn(catch_panic))
        // Over the limit, an answer now beats a place in a queue that only grows.
        .layer(middleware::from_fn_with_state(shedding, shed));
    let mut router = Router::new();
    for &(path, dialect) in ROUTES {
        let answer = move |pipeline: State<Arc<Pipeline>>, request: Request| {
            answer(dialect, pipeline, request)
        };
        router = router.route(path, post(answer).fallback(only_post));
    }
    router
        .route("/v1/models", get(models).fallback(only_get))
        .route("/v1/models/{*name}", get(model).fallback(only_get))
        .route("/v1/responses/{*rest}", any(stored_answer))
        .route("/openapi.json", get(description).fallback(only_get))
        .merge(ollama::routes())
        .fallback(unknown_path)
        .layer(layers)
        .with_state(pipeline)
}

/// Reads the body whatever its type is said to be: some clients say none, or a wrong one.
async fn answer(
    dialect: &'static dyn Dialect,
    State(pipeline): State<Arc<Pipeline>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let id = request_id(&parts.headers);
    match read(body, pipeline.limits.body_bytes).await {
        Ok(body) => {
            let incoming = Incoming {
                dialect,
                id,
                headers: parts.headers,
                body,
            };
            pipeline.answer(incoming).await
        }
        Err(error) => pipeline.reject(dialect, &error, id),
    }
}

async fn models(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    pipeline.models(dialect(&request), request_id(request.headers()))
}

async fn model(
    State(pipeline): State<Arc<Pipeline>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    pipeline.model(dialect(&request), &name, request_id(request.headers()))
}

async fn description(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    let id = request_id(request.headers());
    pipeline.tell(dialect(&request), JSON, openapi::document(), id)
}

/// What the API offers for answers by their id.
async fn stored_answer(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    let error = Error::NotOffered {
        status: StatusCode::NOT_FOUND,
        instead: "answers are not served again by their id; 'previous_response_id' goes on from one",
    };
    reject_unread(&pipeline, &error, request).await
}

async fn only_post(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    only(&pipeline, request, "POST").await
}

async fn only_get(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    only(&pipeline, request, "GET, HEAD").await
}

async fn only(pipeline: &Pipeline, request: Request, methods: &'static str) -> Response {
    let error = Error::Method { expected: methods };
    let mut response = reject_unread(pipeline, &error, request).await;
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(methods));
    response
}

async fn unknown_path(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    reject_unread(&pipeline, &Error::UnknownPath, request).await
}

/// Answers as an API does whose client would send such a request.
fn reject(pipeline: &Pipeline, error: &Error, request: &Request) -> Response {
    pipeline.reject(dialect(request), error, request_id(request.headers()))
}

/// The same for a request whose body nobody has read. It is read all the same: what is left unread
/// would close the connection, on which the client's next request may be under way.
async fn reject_unread(pipeline: &Pipeline, error: &Error, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(unread) = read(body, pipeline.limits.body_bytes).await {
        tracing::debug!(reason = unread.reason(), "the connection will close");
    }
    reject(pipeline, error, &Request::from_parts(parts, Body::empty()))
}

fn dialect(request: &Request) -> &'static dyn Dialect {
    routes::of_path(request.uri().path(), request.headers())
}

async fn shed(
    State((in_flight, pipeline)): State<(InFlight, Arc<Pipeline>)>,
    request: Request,
    next: Next,
) -> Response {
    let overloaded = |request: &Request| reject(&pipeline, &Error::Overloaded, request);
    in_flight.limit(request, next, overloaded).await
}

fn identify(mut request: Request) -> Request {
    let id = Uuid::new_v4().simple().to_string();
    if let Ok(id) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(REQUEST_ID, id);
    }
    request
}

fn request_id(headers: &HeaderMap) -> String {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    id.unwrap_or_default().to_owned()
}

fn span(request: &Request) -> tracing::Span {
    // Paths of the APIs are few; any other path is free text of the client's.
    let path = request.uri().path();
    let known = ROUTES.iter().map(|(known, _)| *known);
    let path = known
        .chain(["/v1/models"])
        .find(|known| *known == path)
        .unwrap_or("other");
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    };
    tracing::info_span!("request", id = request_id(request.headers()), method, path)
}

/// The record in flight finishes itself when it is dropped by the panic.
async fn catch_panic(request: Request, next: Next) -> Response {
    let (dialect, id) = (dialect(&request), request_id(request.headers()));
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answered.unwrap_or_else(|_| {
        let mut response = json(Body::from(dialect.error(&Error::Internal, &id)));
        *response.status_mut() = Error::Internal.status();
        response
    })
}

/// The whole body, as long as it is within the limit.
async fn read(body: Body, limit: usize) -> Result<Bytes, Error> {
    let too_large = Error::BodyTooLarge {
        limit_bytes: limit as u64,
    };
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large);
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large),
        Err(_) => Err(Error::BodyIncomplete),
    }
}

fn json(body: Body) -> Response {
    let mut response = Response::new(body);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-nearside-request-id");
