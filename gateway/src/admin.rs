//! The admin port: `/metrics`, `/livez`, `/readyz`, `/device`, `/decisions`.
//!
//! It has a port and a runtime of its own, so that it answers while the other is overloaded, and so
//! that it need not be reachable where the APIs are. Nothing here shows text of a request.
//!
//! | Path | Answer |
//! | --- | --- |
//! | `GET /metrics` | Prometheus' text format |
//! | `GET /livez` | 200 while the process answers |
//! | `GET /readyz` | 200, or 503 with what is not ready; whether the local model is loaded |
//! | `GET /device` | what was measured, what is overridden, what routing goes by |
//! | `PUT /device` | replaces the overrides that were given before; what is not named is measured |
//! | `PATCH /device` | changes those that are named; null removes one (RFC 7396) |
//! | `DELETE /device` | removes them all; those of the configuration stay |
//! | `GET /decisions?limit=50` | the audit records of the last decided requests, the newest first |
//!
//! `"expires_s": 60` among the overrides removes them after a minute.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use local_engine::{Engine, ModelState};
use serde_json::{Map, Value, json};

use crate::device::{Device, OverrideRequest};
use crate::tagger::Tagger;
use crate::telemetry::{self, Telemetry};

/// What the admin port shows.
#[derive(Clone)]
pub struct AdminState(Arc<Parts>);

impl AdminState {
    /// Shows these parts. `engine` is `None` where the configuration turns it off.
    pub fn new(
        telemetry: Telemetry,
        device: Device,
        engine: Option<Arc<dyn Engine>>,
        tagger: Tagger,
    ) -> Self {
        Self(Arc::new(Parts {
            telemetry,
            device,
            engine,
            tagger,
        }))
    }

    /// Whether each part is ready, with a word about it.
    fn readiness(&self) -> [(&'static str, bool, &'static str); 4] {
        let audit = self.0.telemetry.audit();
        let (audit_ready, audit) = match (audit.is_on(), audit.is_ready()) {
            (false, _) => (true, OFF),
            (true, true) => (true, READY),
            (true, false) => (
                false,
                "records can't be written, and the configuration requires them",
            ),
        };
        let (tagger_ready, tagger) = match self.0.tagger {
            Tagger::Ready(_) => (true, READY),
            Tagger::Off => (true, OFF),
            Tagger::Missing => (
                false,
                "the model can't be opened, and nothing crosses without it",
            ),
        };
        // The engine takes requests in every state, and one whose model failed to load must get the
        // next request to try again.
        let engine = self.0.engine.as_ref();
        let engine = engine.map_or(OFF, |engine| state_name(engine.state()));
        // A gateway without a checked policy does not start.
        [
            ("policy", true, READY),
            ("engine", true, engine),
            ("tagger", tagger_ready, tagger),
            ("audit", audit_ready, audit),
        ]
    }
}

impl fmt::Debug for AdminState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminState").finish_non_exhaustive()
    }
}

/// The routes of the admin port.
pub fn router(state: AdminState) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route(
            "/device",
            get(device)
                .put(put_device)
                .patch(patch_device)
                .delete(delete_device),
        )
        .route("/decisions", get(decisions))
        .with_state(state)
}

struct Parts {
    telemetry: Telemetry,
    device: Device,
    engine: Option<Arc<dyn Engine>>,
    tagger: Tagger,
}

async fn metrics(State(state): State<AdminState>) -> Response {
    let Parts {
        telemetry,
        device,
        engine,
        tagger,
    } = state.0.as_ref();
    telemetry.device(&device.snapshot());
    telemetry.target_links(&device.meter().targets());
    telemetry.tagger(tagger.stats());
    if let Some(engine) = engine {
        telemetry.engine(&**engine);
    }
    match telemetry.scrape() {
        Ok(text) => {
            let content_type = HeaderValue::from_static(telemetry::CONTENT_TYPE);
            ([(CONTENT_TYPE, content_type)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the metrics can't be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn livez() -> &'static str {
    "ok\n"
}

async fn readyz(State(state): State<AdminState>) -> Response {
    let readiness = state.readiness();
    let ready = readiness.iter().all(|(_, is_ready, _)| *is_ready);
    let checks: Map<String, Value> = readiness
        .iter()
        .map(|(part, _, word)| ((*part).to_owned(), json!(word)))
        .collect();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        json_body(&json!({ "ready": ready, "checks": checks })),
    )
        .into_response()
}

async fn device(State(state): State<AdminState>) -> Response {
    json_body(&state.0.device.to_json())
}

async fn put_device(State(state): State<AdminState>, body: Bytes) -> Response {
    override_device(&state, OverrideRequest::from_json(&body))
}

async fn patch_device(State(state): State<AdminState>, body: Bytes) -> Response {
    let before = state.0.device.given();
    let merged = OverrideRequest::merged(&body, before.overrides).map(|merged| OverrideRequest {
        expires: merged.expires.or(before.expires),
        ..merged
    });
    override_device(&state, merged)
}

async fn delete_device(State(state): State<AdminState>) -> Response {
    override_device(&state, Ok(OverrideRequest::default()))
}

fn override_device(state: &AdminState, request: Result<OverrideRequest, String>) -> Response {
    match request {
        Ok(request) => {
            tracing::info!(?request, "the device is overridden");
            state.0.device.request(request);
            json_body(&state.0.device.to_json())
        }
        Err(message) => (
            StatusCode::BAD_REQUEST,
            json_body(&json!({ "error": message })),
        )
            .into_response(),
    }
}

async fn decisions(State(state): State<AdminState>, RawQuery(query): RawQuery) -> Response {
    match limit(query.as_deref().unwrap_or_default()) {
        Some(limit) => json_body(&state.0.telemetry.decisions(limit)),
        None => (
            StatusCode::BAD_REQUEST,
            json_body(&json!({ "error": "expected at most `limit`, a number of decisions" })),
        )
            .into_response(),
    }
}

/// The only thing that a query of `/decisions` may say; `None` when it says something else.
fn limit(query: &str) -> Option<usize> {
    if query.is_empty() {
        return Some(DEFAULT_DECISIONS);
    }
    query.strip_prefix("limit=")?.parse().ok()
}

fn json_body(value: &Value) -> Response {
    let content_type = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, content_type)], format!("{value:#}\n")).into_response()
}

fn state_name(state: ModelState) -> &'static str {
    match state {
        ModelState::Unloaded => "unloaded",
        ModelState::Loading => "loading",
        ModelState::Loaded => "loaded",
        ModelState::Failed => "not loaded: the last attempt failed",
    }
}

const DEFAULT_DECISIONS: usize = 50;
const READY: &str = "ready";
const OFF: &str = "off";

#[cfg(test)]
mod tests {
    use http::Request;
    use http_body_util::{BodyExt, Full};
    use tower::ServiceExt;

    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::device::DeviceOverrides;

    fn state() -> AdminState {
        let telemetry = Telemetry::open(&Config::default(), &["routine"], Clock::manual()).unwrap();
        let device = Device::new("/nowhere".into(), DeviceOverrides::default());
        AdminState::new(telemetry, device, None, Tagger::Off)
    }

    async fn ask(
        state: &AdminState,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, String, String) {
        let body = Full::from(body.to_owned());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(body)
            .unwrap();
        let request = request.map(axum::body::Body::new);
        let response = router(state.clone()).oneshot(request).await.unwrap();
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .map_or("", |kind| kind.to_str().unwrap());
        let (status, kind) = (response.status().as_u16(), kind.to_owned());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, kind, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn metrics_carry_the_content_type_that_prometheus_demands() {
        let (status, kind, body) = ask(&state(), "GET", "/metrics", "").await;
        assert_eq!((status, kind.as_str()), (200, "text/plain; version=0.0.4"));
        assert!(body.contains("\nnearside_build_info{version="), "{body}");
    }

    #[tokio::test]
    async fn a_put_overrides_the_device_until_the_next_one() {
        let state = state();
        let (status, _, body) = ask(&state, "PUT", "/device", r#"{"battery": 0.15}"#).await;
        assert_eq!(status, 200);
        assert!(body.contains(r#""level": 0.15"#), "{body}");
        let (_, _, scrape) = ask(&state, "GET", "/metrics", "").await;
        assert!(
            scrape.contains("\nnearside_device_battery_ratio 0.15\n"),
            "{scrape}"
        );

        ask(&state, "PUT", "/device", "{}").await;
        let (_, _, scrape) = ask(&state, "GET", "/metrics", "").await;
        assert!(
            !scrape.contains("nearside_device_battery_ratio"),
            "{scrape}"
        );
    }

    #[tokio::test]
    async fn a_patch_keeps_the_rest_and_a_delete_nothing() {
        let state = state();
        ask(
            &state,
            "PUT",
            "/device",
            r#"{"battery": 0.15, "saver": true, "expires_s": 600}"#,
        )
        .await;
        let (status, _, _) = ask(
            &state,
            "PATCH",
            "/device",
            r#"{"saver": null, "celsius": 70}"#,
        )
        .await;
        assert_eq!(status, 200);
        let given = state.0.device.given();
        let expected = DeviceOverrides {
            battery: Some(0.15),
            celsius: Some(70.0),
            ..DeviceOverrides::NONE
        };
        assert_eq!(given.overrides, expected);
        assert!(given.expires.is_some(), "the time stays");
        assert_eq!(ask(&state, "DELETE", "/device", "").await.0, 200);
        assert_eq!(state.0.device.given(), OverrideRequest::default());
    }

    #[tokio::test]
    async fn a_wrong_override_is_refused_and_changes_nothing() {
        let state = state();
        for wrong in [r#"{"battery": 15}"#, r#"{"batery": 0.5}"#, "[]", ""] {
            let (status, _, body) = ask(&state, "PUT", "/device", wrong).await;
            assert_eq!(status, 400, "{wrong}: {body}");
        }
        assert_eq!(state.0.device.snapshot().battery, None);
    }

    #[tokio::test]
    async fn the_feed_of_decisions_takes_a_limit_and_nothing_else() {
        let state = state();
        for good in ["/decisions", "/decisions?limit=7"] {
            let (status, kind, body) = ask(&state, "GET", good, "").await;
            assert_eq!((status, kind.as_str()), (200, "application/json"), "{good}");
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(body, json!({ "decisions": [] }));
        }
        for wrong in ["limit=", "limit=-1", "limit=1&limit=2", "since=3"] {
            let path = format!("/decisions?{wrong}");
            assert_eq!(ask(&state, "GET", &path, "").await.0, 400, "{wrong}");
        }
    }

    #[tokio::test]
    async fn readiness_names_every_part() {
        let (status, _, body) = ask(&state(), "GET", "/readyz", "").await;
        assert_eq!(status, 200);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["ready"], true);
        assert_eq!(
            body["checks"],
            json!({ "policy": "ready", "engine": "off", "tagger": "off", "audit": "off" })
        );
        assert_eq!(ask(&state(), "GET", "/livez", "").await.0, 200);
    }
}
