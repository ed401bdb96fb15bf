//! A stand-in for a cloud provider: a tiny server with the `OpenAI` API, on this machine.
//!
//! It does not think. It keeps every byte it receives, and answers as a language model would that
//! was given placeholders: it uses them, in prose, in bold, with a possessive, in the arguments of a
//! tool call. Answers depend on the request alone. Streams come a few letters at a time, in packets
//! that end in the middle of events.

mod answer;
mod composer;

use std::{convert::Infallible, io, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
    serve::ListenerExt,
};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    answer::{Answer, packets},
    composer::compose,
};
use super::recorder::Recorder;

/// The name of its one model.
pub(super) const MODEL: &str = "stand-in-large";

/// Time between two tokens of a stream, about that of a large model.
pub(super) const TOKEN_PAUSE: Duration = Duration::from_millis(15);

/// Starts serving on a free port of the loopback interface, until `stop`.
///
/// # Errors
/// No port can be listened on.
pub(super) async fn start(
    recorder: Recorder,
    tasks: &TaskTracker,
    stop: CancellationToken,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let service = Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/models", get(models))
        .with_state(recorder);
    tasks.spawn(async move {
        let serve = axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned());
        if let Err(error) = serve.await {
            tracing::error!(%error, "the stand-in stopped serving");
        }
    });
    Ok(address)
}

async fn models() -> Response {
    let model = json!({ "id": MODEL, "object": "model", "created": 0, "owned_by": "stand-in" });
    json_response(
        StatusCode::OK,
        &json!({ "object": "list", "data": [model] }),
    )
}

async fn chat(State(recorder): State<Recorder>, headers: HeaderMap, body: Bytes) -> Response {
    let arrival = recorder.arrived(headers, body.clone());
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        let error = json!({ "error": { "message": "not JSON", "type": "invalid_request_error" } });
        return json_response(StatusCode::BAD_REQUEST, &error);
    };
    let answer = Answer {
        composed: compose(&request),
        usage: usage(&request),
    };
    if request.get("stream").and_then(Value::as_bool) != Some(true) {
        let body = answer.body();
        recorder.answered(arrival, body.to_string().as_bytes());
        return json_response(StatusCode::OK, &body);
    }
    let with_usage = request.pointer("/stream_options/include_usage") == Some(&Value::Bool(true));
    let events = answer.events(with_usage);
    recorder.answered(arrival, events.concat().as_bytes());
    let body = stream::unfold(packets(&events).into_iter(), |mut packets| async move {
        let packet = packets.next()?;
        tokio::time::sleep(TOKEN_PAUSE).await;
        Some((Ok::<_, Infallible>(packet), packets))
    });
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(body),
    )
        .into_response()
}

/// Four bytes to a token, roughly; nobody pays for them.
fn usage(request: &Value) -> Value {
    let prompt = request
        .get("messages")
        .map_or(0, |messages| messages.to_string().len() / 4);
    json!({ "prompt_tokens": prompt, "completion_tokens": 64, "total_tokens": prompt + 64 })
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, body.to_string()).into_response()
}
