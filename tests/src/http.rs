//! Just enough HTTP/1.1 (RFC 9112) to see and to say exactly what is on the wire.

use std::io;

use bytes::Bytes;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpStream,
};

/// The first line and the headers of a message, as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    raw: String,
}

impl Head {
    /// Everything up to and including the blank line.
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// The request line or status line.
    pub fn first_line(&self) -> &str {
        self.raw.lines().next().unwrap_or_default()
    }

    /// The value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self
            .raw
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'));
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The names of all headers in lower case, sorted.
    pub fn header_names(&self) -> Vec<String> {
        let headers = self
            .raw
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'));
        let mut names: Vec<String> = headers.map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names
    }
}

/// Reads a message's head. `None` when the peer closed the connection before it.
///
/// # Errors
/// The connection broke in the middle.
pub(crate) async fn read_head(from: &mut BufReader<TcpStream>) -> io::Result<Option<Head>> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).await? == 0 {
            let is_between = raw.is_empty();
            return if is_between {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
        raw.push_str(&line);
        if line.trim_end().is_empty() {
            return Ok(Some(Head { raw }));
        }
    }
}

/// The body of a message, read piece by piece.
#[derive(Debug)]
pub(crate) enum Body {
    /// This many bytes are left.
    Length(usize),
    /// In chunks, of which more may come.
    Chunked,
    /// Whatever comes until the connection ends.
    UntilClosed,
    /// Nothing is left.
    Ended,
}

impl Body {
    /// How the body of a request is framed: without a length there is none.
    pub(crate) fn of_request(head: &Head) -> Self {
        Self::framed(head).unwrap_or(Self::Ended)
    }

    /// How the body of a response is framed.
    pub(crate) fn of_response(head: &Head) -> Self {
        Self::framed(head).unwrap_or(Self::UntilClosed)
    }

    fn framed(head: &Head) -> Option<Self> {
        if head
            .header("transfer-encoding")
            .is_some_and(|coding| coding.contains("chunked"))
        {
            return Some(Self::Chunked);
        }
        head.header("content-length")?
            .parse()
            .ok()
            .map(Self::Length)
    }

    /// The next piece, `None` at the end.
    ///
    /// # Errors
    /// The body broke off.
    pub(crate) async fn next(
        &mut self,
        from: &mut BufReader<TcpStream>,
    ) -> io::Result<Option<Bytes>> {
        let piece = match self {
            Self::Length(left) => {
                let mut piece = vec![0; *left];
                from.read_exact(&mut piece).await?;
                *self = Self::Ended;
                piece
            }
            Self::Chunked => read_chunk(from).await?,
            Self::UntilClosed => {
                let mut piece = Vec::new();
                from.read_to_end(&mut piece).await?;
                *self = Self::Ended;
                piece
            }
            Self::Ended => Vec::new(),
        };
        if piece.is_empty() {
            *self = Self::Ended;
            return Ok(None);
        }
        Ok(Some(Bytes::from(piece)))
    }

    /// The whole body.
    ///
    /// # Errors
    /// The body broke off.
    pub(crate) async fn read(mut self, from: &mut BufReader<TcpStream>) -> io::Result<Bytes> {
        let mut body = Vec::new();
        while let Some(piece) = self.next(from).await? {
            body.extend_from_slice(&piece);
        }
        Ok(Bytes::from(body))
    }
}

/// One chunk; empty for the last one.
async fn read_chunk(from: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut line = String::new();
    from.read_line(&mut line).await?;
    let size = usize::from_str_radix(line.trim(), 16)
        .map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    let mut chunk = vec![0; size + LINE_END];
    from.read_exact(&mut chunk).await?;
    chunk.truncate(size);
    Ok(chunk)
}

const LINE_END: usize = 2;
