//! A limit on requests under way, streams included, that sheds instead of queueing.
//!
//! A request counts until its response body has been sent or dropped: an open stream holds memory and
//! a connection, so a limit that lets go at the response's head would bound nothing.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The permits of a [`limit`]ed service.
#[derive(Debug, Clone)]
pub(crate) struct InFlight {
    permits: Arc<Semaphore>,
}

impl InFlight {
    /// At most `most` requests at a time.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
        }
    }

    /// Runs the request if there is a permit for it; otherwise answers with `shed`.
    pub(crate) async fn limit(
        &self,
        request: Request,
        next: Next,
        shed: impl FnOnce(&Request) -> Response,
    ) -> Response {
        match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => next
                .run(request)
                .await
                .map(|body| Body::new(Held { body, permit })),
            Err(_) => shed(&request),
        }
    }
}

/// A body that holds a permit until it is dropped.
struct Held {
    body: Body,
    #[expect(dead_code, reason = "held for its drop")]
    permit: OwnedSemaphorePermit,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, middleware, routing::get};
    use http::StatusCode;
    use tower::ServiceExt;

    fn service(most: usize) -> Router {
        let in_flight = InFlight::new(most);
        let limit = move |request: Request, next: Next| {
            let in_flight = in_flight.clone();
            async move {
                let shed = |_: &Request| {
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                    response
                };
                in_flight.limit(request, next, shed).await
            }
        };
        Router::new()
            .route("/", get(|| async { "body" }))
            .layer(middleware::from_fn(limit))
    }

    async fn status(service: &Router) -> (StatusCode, Response) {
        let request = Request::builder().uri("/").body(Body::empty()).unwrap();
        let response = service.clone().oneshot(request).await.unwrap();
        (response.status(), response)
    }

    #[tokio::test]
    async fn a_permit_is_held_until_the_body_is_gone() {
        let service = service(1);
        let (first, body) = status(&service).await;
        assert_eq!(first, StatusCode::OK);
        assert_eq!(status(&service).await.0, StatusCode::SERVICE_UNAVAILABLE);
        drop(body);
        assert_eq!(status(&service).await.0, StatusCode::OK);
    }
}
