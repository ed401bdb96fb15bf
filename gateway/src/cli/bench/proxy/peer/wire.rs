//! Just enough of HTTP/1.1 (RFC 9112) for a load client and an upstream that cost little
//! themselves: keep-alive, bodies with a length or in chunks. Not for peers that mean harm.

use std::io;

use bytes::{Buf, BytesMut};
use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection, and what was read from it and not yet used.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    buffer: BytesMut,
}

/// What the first lines of a message say about the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Of an answer; 0 in a request.
    pub(super) status: u16,
    pub(super) framing: Framing,
}

/// Where the body of a message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// After this many bytes.
    Length(usize),
    /// After the last chunk.
    Chunks,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: BytesMut::with_capacity(16 << 10),
        })
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// The next head; `None` when the peer has left between two messages.
    ///
    /// # Errors
    /// When the connection breaks, or the head is not of HTTP/1.1.
    pub(super) async fn head(&mut self) -> io::Result<Option<Head>> {
        loop {
            if let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") {
                let head = self.buffer.split_to(end + 4);
                return Head::parse(&head).map(Some).ok_or_else(|| wrong("head"));
            }
            match self.fill().await {
                Ok(()) => {}
                Err(_) if self.buffer.is_empty() => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// The next bytes, this many.
    pub(super) async fn take(&mut self, count: usize) -> io::Result<BytesMut> {
        while self.buffer.len() < count {
            self.fill().await?;
        }
        Ok(self.buffer.split_to(count))
    }

    /// The next chunk of a chunked body; `None` after the last.
    pub(super) async fn chunk(&mut self) -> io::Result<Option<BytesMut>> {
        let line_end = loop {
            match memmem::find(&self.buffer, b"\r\n") {
                Some(end) => break end,
                None => self.fill().await?,
            }
        };
        let line = self.buffer.split_to(line_end);
        self.buffer.advance(2);
        let size = std::str::from_utf8(&line).ok();
        let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let size = size.ok_or_else(|| wrong("chunk size"))?;
        let mut chunk = self.take(size + 2).await?;
        chunk.truncate(size);
        Ok((size > 0).then_some(chunk))
    }

    /// The whole body.
    pub(super) async fn body(&mut self, framing: Framing) -> io::Result<BytesMut> {
        match framing {
            Framing::Length(length) => self.take(length).await,
            Framing::Chunks => {
                let mut body = BytesMut::new();
                while let Some(chunk) = self.chunk().await? {
                    body.extend_from_slice(&chunk);
                }
                Ok(body)
            }
        }
    }

    async fn fill(&mut self) -> io::Result<()> {
        self.buffer.reserve(8 << 10);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Head {
    fn parse(head: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
        let status = match lines.next()?.strip_prefix("HTTP/1.1 ") {
            Some(status) => status.split(' ').next()?.parse().ok()?,
            None => 0,
        };
        let mut framing = Framing::Length(0);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("content-length") {
                framing = Framing::Length(value.trim().parse().ok()?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                framing = Framing::Chunks;
            }
        }
        Some(Self { status, framing })
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("not an HTTP/1.1 {what}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_tells_where_the_body_ends() {
        let check = |head: &str, status, framing| {
            assert_eq!(
                Head::parse(head.as_bytes()),
                Some(Head { status, framing }),
                "{head}"
            );
        };
        let post = "POST / HTTP/1.1\r\nContent-Length: 12\r\n\r\n";
        check(post, 0, Framing::Length(12));
        let stream = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        check(stream, 200, Framing::Chunks);
        check("HTTP/1.1 204 No Content\r\n\r\n", 204, Framing::Length(0));
        assert_eq!(Head::parse(b"HTTP/1.1 OK\r\n\r\n"), None);
    }
}
