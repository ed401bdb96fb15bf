//! Times the making of connections, which tells the round trip to a target.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use reqwest::Url;
use tower::{Layer, Service};

use crate::device::TargetMeter;

/// A layer around what makes the connections of a client.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    meter: TargetMeter,
    /// Round trips until a connection stands.
    round_trips: u32,
}

impl Measured {
    /// Measures connections to this URL: TCP takes one round trip, TLS 1.3 one more (RFC 8446, 2).
    pub(super) fn new(url: &Url, meter: TargetMeter) -> Self {
        let round_trips = if url.scheme() == "https" { 2 } else { 1 };
        Self { meter, round_trips }
    }
}

impl<S> Layer<S> for Measured {
    type Service = MeasuredConnector<S>;

    fn layer(&self, inner: S) -> MeasuredConnector<S> {
        MeasuredConnector {
            inner,
            measured: self.clone(),
        }
    }
}

/// Makes connections as `inner` does, and tells how long each took.
#[derive(Clone, Debug)]
pub(super) struct MeasuredConnector<S> {
    inner: S,
    measured: Measured,
}

impl<S, R> Service<R> for MeasuredConnector<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
    S::Response: 'static,
    S::Error: 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let Measured { meter, round_trips } = self.measured.clone();
        let connecting = self.inner.call(request);
        Box::pin(async move {
            let start = meter.now();
            let connection = connecting.await?;
            meter.connected(start, round_trips);
            Ok(connection)
        })
    }
}
