//! A client of HTTP/1.1 that does no more than the trait asks for.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use local_engine::hub::{Body, Transport};

/// Opens a connection for every request.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// Longest silence.
    pub(crate) patience: Duration,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(20),
        }
    }
}

impl Transport for Client {
    fn send(&self, request: http::Request<()>) -> io::Result<http::Response<Body>> {
        let uri = request.uri();
        let authority = uri.authority().unwrap().as_str();
        let mut stream = TcpStream::connect(authority)?;
        stream.set_read_timeout(Some(self.patience))?;
        let target = uri.path_and_query().unwrap();
        write!(
            stream,
            "{} {target} HTTP/1.1\r\nhost: {authority}\r\n",
            request.method()
        )?;
        for (name, value) in request.headers() {
            write!(stream, "{name}: {}\r\n", value.to_str().unwrap())?;
        }
        stream.write_all(b"connection: close\r\n\r\n")?;
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).ok_or_else(cut)?;
        let mut response = http::Response::builder().status(status);
        let mut length = None;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Err(cut());
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            if name == "content-length" {
                length = value.parse().ok();
            }
            response = response.header(name, value);
        }
        let body: Body = match length {
            Some(left) => Box::new(Measured { reader, left }),
            None => Box::new(reader),
        };
        Ok(response.body(body).unwrap())
    }
}

/// A body of known length, which must not end before.
struct Measured {
    reader: BufReader<TcpStream>,
    left: usize,
}

impl Read for Measured {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.left);
        let length = self.reader.read(buffer.get_mut(..most).unwrap())?;
        self.left -= length;
        if length == 0 && most > 0 {
            return Err(cut());
        }
        Ok(length)
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the connection was cut")
}
