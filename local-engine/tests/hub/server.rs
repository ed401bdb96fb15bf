//! A hub, and the storage on another port to which it sends who wants large files. As honest as the
//! real one, unless told otherwise.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    thread,
};

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

/// What the hub has.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    name: String,
    commit: String,
    files: BTreeMap<String, Vec<u8>>,
    /// Listed, but not to be had.
    phantoms: Vec<String>,
}

impl Repository {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            commit: COMMIT.to_owned(),
            files: BTreeMap::new(),
            phantoms: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, path: &str, content: &[u8]) -> Self {
        self.files.insert(path.to_owned(), content.to_owned());
        self
    }

    pub(crate) fn at(mut self, commit: &str) -> Self {
        commit.clone_into(&mut self.commit);
        self
    }

    pub(crate) fn listing(mut self, phantom: &str) -> Self {
        self.phantoms.push(phantom.to_owned());
        self
    }
}

/// What goes wrong. Queues are used up, one for each request to the storage.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each fault is one of its own"
)]
pub(crate) struct Faults {
    /// Bodies end after so many bytes.
    pub(crate) cuts: VecDeque<usize>,
    /// Bodies stand still after so many bytes, for good.
    pub(crate) stalls: VecDeque<usize>,
    /// Statuses in place of an answer, with headers.
    pub(crate) statuses: VecDeque<(u16, &'static str)>,
    /// Ranges are ignored.
    pub(crate) no_ranges: bool,
    /// No answer says how long the file is.
    pub(crate) no_lengths: bool,
    /// The length that the hub gives for large files.
    pub(crate) claimed_length: Option<u64>,
    /// Every body has one wrong byte.
    pub(crate) wrong_byte: bool,
    /// The storage sends the client elsewhere.
    pub(crate) redirect: Option<String>,
    /// Status and headers of everything that the hub answers to who has no such token.
    pub(crate) locked: Option<(&'static str, u16, &'static str)>,
    /// Headers of a 404 for the list of files.
    pub(crate) unknown: Option<&'static str>,
    /// The hub gives no hashes.
    pub(crate) no_hashes: bool,
}

/// A request that came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) at_hub: bool,
    pub(crate) target: String,
    pub(crate) token: Option<String>,
    pub(crate) range: Option<(usize, Option<usize>)>,
    method: String,
}

pub(crate) struct HubServer {
    hub: String,
    state: Arc<State>,
}

struct State {
    storage: String,
    repository: Mutex<Repository>,
    faults: Mutex<Faults>,
    seen: Mutex<Vec<Seen>>,
    /// Bytes of large files that went out.
    sent: Mutex<usize>,
}

impl HubServer {
    pub(crate) fn start(repository: Repository) -> Self {
        let hub = TcpListener::bind("127.0.0.1:0").unwrap();
        let storage = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = |listener: &TcpListener| listener.local_addr().unwrap().to_string();
        let state = Arc::new(State {
            storage: address(&storage),
            repository: Mutex::new(repository),
            faults: Mutex::default(),
            seen: Mutex::default(),
            sent: Mutex::default(),
        });
        let server = Self {
            hub: address(&hub),
            state: Arc::clone(&state),
        };
        serve(hub, Arc::clone(&state), State::answer_at_hub);
        serve(storage, state, State::answer_at_storage);
        server
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.hub)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.state.faults.lock().unwrap()
    }

    pub(crate) fn replace(&self, repository: Repository) {
        *self.state.repository.lock().unwrap() = repository;
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    pub(crate) fn sent(&self) -> usize {
        *self.state.sent.lock().unwrap()
    }
}

/// Answers for as long as the test runs; the thread ends with the process.
fn serve(listener: TcpListener, state: Arc<State>, answer: fn(&State, &Seen, &mut TcpStream)) {
    thread::spawn(move || {
        for stream in listener.incoming() {
            let state = Arc::clone(&state);
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                let at_hub = std::ptr::fn_addr_eq(
                    answer,
                    State::answer_at_hub as fn(&State, &Seen, &mut TcpStream),
                );
                if let Some(seen) = read_request(&stream, at_hub) {
                    state.seen.lock().unwrap().push(seen.clone());
                    answer(&state, &seen, &mut stream);
                }
            });
        }
    });
}

fn read_request(stream: &TcpStream, at_hub: bool) -> Option<Seen> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let mut words = first.split(' ');
    let mut seen = Seen {
        at_hub,
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        token: None,
        range: None,
    };
    for line in lines {
        let line = line.ok()?;
        let Some((name, value)) = line.split_once(": ") else {
            break;
        };
        match name {
            "authorization" => seen.token = Some(value.to_owned()),
            "range" => {
                let (start, end) = value.strip_prefix("bytes=")?.split_once('-')?;
                seen.range = Some((start.parse().ok()?, end.parse().ok()));
            }
            _ => {}
        }
    }
    Some(seen)
}

impl State {
    fn answer_at_hub(&self, seen: &Seen, stream: &mut TcpStream) {
        let repository = self.repository.lock().unwrap().clone();
        let faults = self.faults.lock().unwrap();
        if let Some((token, status, headers)) = faults.locked
            && seen.token.as_deref() != Some(&format!("Bearer {token}"))
        {
            return head(stream, status, headers);
        }
        let api = format!("/api/models/{}/revision/", repository.name);
        if seen.target.starts_with(&api) {
            if let Some(headers) = faults.unknown {
                return head(stream, 404, headers);
            }
            let files = repository.files.keys().chain(&repository.phantoms);
            let siblings: Vec<_> = files
                .map(|path| serde_json::json!({"rfilename": path}))
                .collect();
            let body = serde_json::json!({"sha": repository.commit, "siblings": siblings});
            let body = body.to_string();
            head(stream, 200, &format!("content-length: {}\r\n", body.len()));
            return send(stream, body.as_bytes());
        }
        let resolve = format!("/{}/resolve/{}/", repository.name, repository.commit);
        let path = seen.target.strip_prefix(&resolve).unwrap_or_default();
        let Some(content) = repository.files.get(path) else {
            return head(stream, 404, "x-error-code: EntryNotFound\r\n");
        };
        if faults.no_hashes {
            return head(stream, 200, "");
        }
        if is_large(path) {
            let hash = hex(&Sha256::digest(content));
            let size = faults.claimed_length.unwrap_or(content.len() as u64);
            let length = if faults.no_lengths {
                String::new()
            } else {
                format!("x-linked-size: {size}\r\n")
            };
            let place = format!("location: http://{}/{path}?signature=abc\r\n", self.storage);
            return head(
                stream,
                302,
                &format!("x-linked-etag: \"{hash}\"\r\n{length}{place}"),
            );
        }
        let blob = [format!("blob {}\0", content.len()).as_bytes(), content].concat();
        let length = content.len();
        let hash = hex(&Sha1::digest(blob));
        head(
            stream,
            200,
            &format!("etag: \"{hash}\"\r\ncontent-length: {length}\r\n"),
        );
        if seen.method == "GET" {
            send(stream, content);
        }
    }

    fn answer_at_storage(&self, seen: &Seen, stream: &mut TcpStream) {
        let path = seen
            .target
            .trim_start_matches('/')
            .split('?')
            .next()
            .unwrap();
        let mut content = self
            .repository
            .lock()
            .unwrap()
            .files
            .get(path)
            .unwrap()
            .clone();
        let (cut, stall, headers, status) = {
            let mut faults = self.faults.lock().unwrap();
            if let Some((status, headers)) = faults.statuses.pop_front() {
                return head(stream, status, headers);
            }
            if let Some(location) = &faults.redirect {
                return head(stream, 302, &format!("location: {location}\r\n"));
            }
            if faults.wrong_byte {
                *content.first_mut().unwrap() ^= 1;
            }
            let total = content.len();
            let (status, start, end) = match seen.range.filter(|_| !faults.no_ranges) {
                Some((start, _)) if start >= total => return head(stream, 416, ""),
                Some((start, last)) => (206, start, last.map_or(total, |last| last + 1)),
                None => (200, 0, total),
            };
            content.truncate(end);
            content.drain(..start);
            let mut headers = String::new();
            if !faults.no_lengths {
                headers = format!("content-length: {}\r\n", content.len());
            }
            if status == 206 {
                let last = end - 1;
                let range = format!("content-range: bytes {start}-{last}/{total}\r\n");
                headers.push_str(&range);
            }
            let (cut, stall) = (faults.cuts.pop_front(), faults.stalls.pop_front());
            (cut, stall, headers, status)
        };
        head(stream, status, &headers);
        content.truncate(cut.unwrap_or(usize::MAX));
        *self.sent.lock().unwrap() += content.len();
        if let Some(stall) = stall {
            content.truncate(stall);
            send(stream, &content);
            // Silent until the client has had enough and goes.
            drop(stream.read(&mut [0]));
            return;
        }
        send(stream, &content);
    }
}

fn head(stream: &mut TcpStream, status: u16, headers: &str) {
    send(
        stream,
        format!("HTTP/1.1 {status} Status\r\n{headers}\r\n").as_bytes(),
    );
}

/// A client that has gone is no fault of the server's.
fn send(stream: &mut TcpStream, bytes: &[u8]) {
    drop(stream.write_all(bytes));
}

/// Files that the real hub keeps in its large storage.
fn is_large(path: &str) -> bool {
    path.contains(".onnx") || path == "tokenizer.json" || path.ends_with(".safetensors")
}

pub(crate) fn hex(digest: &[u8]) -> String {
    digest
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
