//! The layers around the pipeline, outermost first, and the routes inside them.

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, trace::TraceLayer};
use uuid::Uuid;

use crate::{
    api::openai,
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
        .layer(CatchPanicLayer::custom(panicked))
        // Over the limit, an answer now beats a place in a queue that only grows.
        .layer(middleware::from_fn_with_state(shedding, shed));
    Router::new()
        .route("/v1/chat/completions", post(chat).fallback(only_post))
        .route("/v1/models", get(models).fallback(only_get))
        .fallback(unknown_path)
        .layer(layers)
        .with_state(pipeline)
}

async fn chat(State(pipeline): State<Arc<Pipeline>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let id = request_id(&parts.headers);
    match read(body, pipeline.limits.body_bytes).await {
        Ok(body) => {
            pipeline
                .openai_chat(Incoming {
                    id,
                    headers: parts.headers,
                    body,
                })
                .await
        }
        Err(error) => pipeline.reject(&error, id),
    }
}

async fn models(State(pipeline): State<Arc<Pipeline>>, headers: HeaderMap) -> Response {
    pipeline.openai_models(request_id(&headers))
}

async fn only_post(pipeline: State<Arc<Pipeline>>, headers: HeaderMap) -> Response {
    let mut response = pipeline.reject(&Error::Method { expected: "POST" }, request_id(&headers));
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

async fn only_get(pipeline: State<Arc<Pipeline>>, headers: HeaderMap) -> Response {
    let mut response = pipeline.reject(&Error::Method { expected: "GET" }, request_id(&headers));
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

async fn unknown_path(pipeline: State<Arc<Pipeline>>, headers: HeaderMap) -> Response {
    pipeline.reject(&Error::UnknownPath, request_id(&headers))
}

async fn shed(
    State((in_flight, pipeline)): State<(InFlight, Arc<Pipeline>)>,
    request: Request,
    next: Next,
) -> Response {
    let overloaded =
        |request: &Request| pipeline.reject(&Error::Overloaded, request_id(request.headers()));
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
    // Paths of the API are few; any other path is free text of the client's.
    let path = match request.uri().path() {
        path @ ("/v1/chat/completions" | "/v1/models") => path,
        _ => "other",
    };
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    };
    tracing::info_span!("request", id = request_id(request.headers()), method, path)
}

/// The record in flight finishes itself when it is dropped by the panic.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    let mut response = json(Body::from(openai::error::body(&Error::Internal)));
    *response.status_mut() = Error::Internal.status();
    response
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
