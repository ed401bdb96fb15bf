//! A client that sends the bytes it is told to and sees every byte that comes back.

use std::net::SocketAddr;

use bytes::Bytes;
use serde_json::Value;
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::{
    PATIENCE,
    http::{Body, Head, read_head},
    lines::Lines,
    wire::Streamed,
    within,
};

/// One request, with a connection of its own.
#[derive(Debug, Clone)]
pub struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// A `POST` of JSON.
    pub fn post(path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", path, body).header("content-type", "application/json")
    }

    /// A chat completion request.
    pub fn chat(body: &Value) -> Self {
        Self::post(CHAT, body.to_string())
    }

    /// A `GET`.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path, "")
    }

    /// Any request, with no headers but those that HTTP needs.
    pub fn new(method: &'static str, path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Panics
    /// When no whole answer comes.
    pub async fn send(self, to: SocketAddr) -> Reply {
        let mut open = self.open(to).await;
        let mut body = Vec::new();
        while let Some(piece) = open.next().await {
            body.extend_from_slice(&piece);
        }
        Reply {
            head: open.head.clone(),
            body: Bytes::from(body),
        }
    }

    /// Sends it and reads the answer's head. Dropping the answer closes the connection, which is
    /// how every client leaves.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn open(self, to: SocketAddr) -> OpenReply {
        let stream = TcpStream::connect(to).await.expect("the gateway listens");
        let mut stream = BufReader::new(stream);
        // A server that has seen enough answers before it has read all: what matters is the answer.
        drop(stream.write_all(&self.bytes("close")).await);
        let head = within(PATIENCE, "the answer's head", read_head(&mut stream)).await;
        let head = head
            .expect("an answer")
            .expect("an answer, not a closed connection");
        OpenReply {
            body: Body::of_response(&head),
            head,
            stream,
        }
    }

    /// Sends it `times` times over one connection, each time reading the whole answer.
    ///
    /// # Panics
    /// When an answer does not come whole.
    pub async fn send_repeatedly(self, times: usize, to: SocketAddr) -> Vec<Reply> {
        let stream = TcpStream::connect(to).await.expect("the gateway listens");
        let mut stream = BufReader::new(stream);
        let mut replies = Vec::new();
        for _ in 0..times {
            stream
                .write_all(&self.bytes("keep-alive"))
                .await
                .expect("the gateway reads");
            let head = read_head(&mut stream)
                .await
                .expect("an answer")
                .expect("an open connection");
            let body = Body::of_response(&head).read(&mut stream);
            let body = within(PATIENCE, "the answer's body", body)
                .await
                .expect("a whole body");
            replies.push(Reply { head, body });
        }
        replies
    }

    /// Sends the head and, once the gateway reads the body, all but the last `bytes` of it, and
    /// leaves.
    ///
    /// # Panics
    /// When the gateway does not ask for the body.
    pub async fn break_off(self, bytes: usize, to: SocketAddr) {
        let request = self.header("expect", "100-continue");
        let whole = request.bytes("close");
        let (head, body) = whole.split_at(whole.len() - request.body.len());
        let stream = TcpStream::connect(to).await.expect("the gateway listens");
        let mut stream = BufReader::new(stream);
        stream.write_all(head).await.expect("the gateway reads");
        let go_on = within(PATIENCE, "the word to go on", read_head(&mut stream)).await;
        let go_on = go_on.expect("an answer").expect("an open connection");
        assert_eq!(status(&go_on), 100, "{}", go_on.as_str());
        let (sent, _) = body.split_at(body.len().saturating_sub(bytes));
        stream.write_all(sent).await.expect("the gateway reads");
    }

    fn bytes(&self, connection: &str) -> Vec<u8> {
        let Self {
            method,
            path,
            headers,
            body,
        } = self;
        let headers: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: gateway\r\n{}content-length: {}\r\n\
             connection: {connection}\r\n\r\n",
            headers.concat(),
            body.len()
        );
        [head.as_bytes(), body].concat()
    }
}

/// An answer that is still coming.
#[derive(Debug)]
pub struct OpenReply {
    head: Head,
    body: Body,
    stream: BufReader<TcpStream>,
}

impl OpenReply {
    /// The HTTP status.
    ///
    /// # Panics
    /// When there is none.
    pub fn status(&self) -> u16 {
        status(&self.head)
    }

    /// The next piece of the body, `None` at its end.
    ///
    /// # Panics
    /// When the body breaks off, or nothing comes.
    pub async fn next(&mut self) -> Option<Bytes> {
        let next = self.body.next(&mut self.stream);
        within(PATIENCE, "the next piece of the answer", next)
            .await
            .expect("a whole body")
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Reply {
    head: Head,
    body: Bytes,
}

impl Reply {
    /// The HTTP status.
    ///
    /// # Panics
    /// When there is none.
    pub fn status(&self) -> u16 {
        status(&self.head)
    }

    /// The status line and headers.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The value of a header, empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.head.header(name).unwrap_or_default()
    }

    /// The body's bytes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text, for messages.
    pub fn shown(&self) -> String {
        format!(
            "{}\n{}",
            self.head.first_line(),
            String::from_utf8_lossy(&self.body)
        )
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.shown()))
    }

    /// What the first choice says.
    ///
    /// # Panics
    /// When there is no such thing.
    pub fn text(&self) -> String {
        let json = self.json();
        let content = json
            .pointer("/choices/0/message/content")
            .and_then(Value::as_str);
        content
            .unwrap_or_else(|| panic!("no content: {}", self.shown()))
            .to_owned()
    }

    /// The body read as lines of JSON.
    pub fn lines(&self) -> Lines {
        Lines::read(&self.body)
    }

    /// The body read as an event stream.
    pub fn stream(&self) -> Streamed {
        Streamed::read(&self.body)
    }
}

fn status(head: &Head) -> u16 {
    let code = head.first_line().split(' ').nth(1);
    code.and_then(|code| code.parse().ok())
        .expect("a status line")
}

/// Where chat completions are asked for.
pub const CHAT: &str = "/v1/chat/completions";
