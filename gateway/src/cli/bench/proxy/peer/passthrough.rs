//! The floor: a proxy on hyper that looks at nothing. What a gateway costs beyond it is its own
//! doing.

use std::io;
use std::net::SocketAddr;

use http::{Request, Uri};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

/// Hands every request on to `upstream` until the future is dropped or the listener breaks.
pub(crate) async fn serve(
    listener: TcpListener,
    upstream: SocketAddr,
    tasks: TaskTracker,
) -> io::Result<()> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<HttpConnector, Incoming> =
        Client::builder(TokioExecutor::new()).build(connector);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let client = client.clone();
        let hand_on = service_fn(move |mut request: Request<Incoming>| {
            *request.uri_mut() = at(upstream, request.uri());
            client.request(request)
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), hand_on);
        // A client that leaves in the middle is no failure of a proxy.
        tasks.spawn(async move { drop(connection.await) });
    }
}

/// The same path on another server.
fn at(server: SocketAddr, uri: &Uri) -> Uri {
    let builder = Uri::builder().scheme("http").authority(server.to_string());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    builder.path_and_query(path).build().unwrap_or_default()
}
