//! A recording relay on the loopback interface, between the gateway and a real provider.
//!
//! The gateway takes it for the provider. It keeps what arrives, passes it on unchanged, and hands
//! the answer back as it comes.

use std::{io, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, StatusCode, header};
use reqwest::Url;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::recorder::Recorder;

/// Starts relaying to the API below `base_url`, until `stop`.
///
/// # Errors
/// No port can be listened on.
pub(super) async fn start(
    base_url: &Url,
    http: reqwest::Client,
    recorder: Recorder,
    tasks: &TaskTracker,
    stop: CancellationToken,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let relay = Arc::new(Relay {
        chat: chat_url(base_url),
        http,
        recorder,
    });
    let service = Router::new()
        .route("/v1/chat/completions", post(chat))
        .with_state(relay);
    tasks.spawn(async move {
        let serve = axum::serve(listener, service).with_graceful_shutdown(stop.cancelled_owned());
        if let Err(error) = serve.await {
            tracing::error!(%error, "the relay stopped serving");
        }
    });
    Ok(address)
}

struct Relay {
    chat: Url,
    http: reqwest::Client,
    recorder: Recorder,
}

async fn chat(State(relay): State<Arc<Relay>>, headers: HeaderMap, body: Bytes) -> Response {
    let arrival = relay.recorder.arrived(headers.clone(), body.clone());
    let request = relay
        .http
        .post(relay.chat.clone())
        .headers(end_to_end(headers))
        .body(body);
    let Ok(answer) = request.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, headers) = (answer.status(), end_to_end(answer.headers().clone()));
    let pieces = answer.bytes_stream().inspect(move |piece| {
        if let Ok(piece) = piece {
            relay.recorder.answered(arrival, piece);
        }
    });
    (status, headers, Body::from_stream(pieces)).into_response()
}

/// The headers that are not about one connection (RFC 9110, section 7.6.1).
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in [
        header::HOST,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        header::TE,
        header::TRAILER,
    ] {
        headers.remove(name);
    }
    headers
}

fn chat_url(base_url: &Url) -> Url {
    let mut url = base_url.clone();
    let path = format!("{}/chat/completions", base_url.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{client::loopback, stand_in};

    #[test]
    fn the_path_goes_below_the_base() {
        for base in ["https://api.example.com/v1", "https://api.example.com/v1/"] {
            let url = chat_url(&base.parse().unwrap());
            assert_eq!(url.as_str(), "https://api.example.com/v1/chat/completions");
        }
    }

    #[tokio::test]
    async fn what_passes_is_kept_and_unchanged() {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let (far, here) = (Recorder::default(), Recorder::default());
        let provider = stand_in::start(far.clone(), &tasks, stop.clone())
            .await
            .unwrap();
        let base = format!("http://{provider}/v1").parse().unwrap();
        let http = loopback().unwrap();
        let relay = start(&base, http.clone(), here.clone(), &tasks, stop.clone())
            .await
            .unwrap();

        let sent = r#"{"messages":[{"role":"user","content":"[EMAIL_1]?"}],"stream":true}"#;
        let url = format!("http://{relay}/v1/chat/completions");
        let answer = http
            .post(url)
            .body(sent)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();

        assert_eq!(far.since(0)[0].body, sent);
        assert_eq!(here.since(0)[0].body, sent);
        assert_eq!(here.since(0)[0].answer, answer);
        assert_eq!(far.since(0)[0].answer, answer);
        stop.cancel();
    }
}
