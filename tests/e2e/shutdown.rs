//! A gateway that is told to stop lets open streams come to their end.

use std::sync::Arc;

use e2e_tests::{
    answer::Answer,
    client::Request,
    gateway::{EVERYTHING_FAR, Setup},
    provider::Provider,
    wire::{DONE, Streamed, ask_streaming, text_events},
};
use tokio::{net::TcpStream, sync::Semaphore};

#[tokio::test]
async fn an_open_stream_is_drained_and_nothing_new_is_taken() {
    let gate = Arc::new(Semaphore::new(0));
    let mut events = text_events(["To [EMA", "IL_1]", "."]);
    events.push(DONE.to_owned());
    let pieces = events.len();
    let provider = Provider::answering(Answer::stream(events).gated(&gate)).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", &provider)
        .start()
        .await;
    let address = gateway.address();
    let mut reply = gateway
        .open(Request::chat(&ask_streaming("ada@example.com")))
        .await;
    let first = reply.next().await.expect("the first event");

    let mut stopping = std::pin::pin!(gateway.stop());
    // The listener goes first; the gate is opened only once it is gone.
    let refused = async { while TcpStream::connect(address).await.is_ok() {} };
    tokio::select! {
        _ = &mut stopping => panic!("stopped with a stream open"),
        () = refused => gate.add_permits(pieces),
    }
    let rest = async {
        let mut body = first.to_vec();
        while let Some(piece) = reply.next().await {
            body.extend_from_slice(&piece);
        }
        Streamed::read(&body)
    };
    let (stream, remains) = tokio::join!(rest, stopping);
    assert_eq!(stream.text(), "To ada@example.com.");
    assert!(stream.is_done);
    assert_eq!(remains.record()["outcome"], "ok");
}
