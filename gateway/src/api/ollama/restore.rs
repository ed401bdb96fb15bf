//! Restoring a provider's answer, whole or as lines.
//!
//! Guarantees: the texts that a client joins from the lines equal the restored whole, for every way
//! the provider cuts its bytes; the texts of a line never mix; held back are only what may still
//! become a stand-in, and a line that has not ended. It is let go where the answer begins (thoughts),
//! in the last line's own fields, else in a line before it (an error's too), and when the stream ends. Lines into which
//! nothing was restored keep their bytes. With nothing to restore, all lines pass as they are.
//!
//! Where something was redacted, `context` comes back empty: the numbers stand for a conversation
//! with this request's stand-ins, and those of the next request may be other people's.
//!
//! Not caught: token texts inside `logprobs` show the placeholders that the provider's model wrote.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use redactor::Vault;

use super::{
    Endpoint,
    seen::{CONTENT, RESPONSE, Seen, StringAt, THINKING},
};
use crate::api::{
    ParseError,
    dialect::{StreamError, StreamRestorer},
    json,
    ndjson::{self, Decoder, Line},
    restore::{EVENT_BYTES_LIMIT, Edits, GrowingFields, restore_text},
    restored::{Progress, RestoreCounts, Restored},
};

/// Puts the originals back into every string of `body`.
///
/// # Errors
/// `body` is not JSON.
pub(super) fn whole(
    endpoint: Endpoint,
    body: &Bytes,
    vault: &Arc<Vault>,
    json_answer: bool,
) -> Result<Restored, ParseError> {
    let text = std::str::from_utf8(body).map_err(|error| ParseError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let seen = Seen::read(endpoint, text, json_answer)?;
    let tokens = seen.tokens();
    let mut counts = RestoreCounts::default();
    let mut edits = Edits::default();
    let strings = seen.strings.iter().filter(|_| !vault.is_empty());
    for string in strings {
        let (original, count) = restore_text(vault, &string.text, string.escape);
        counts += count;
        if let Some(original) = original {
            edits.replace(string.literal.clone(), &original);
        }
    }
    let edited = edits.apply(text);
    let emptied = seen.context.as_ref().filter(|_| !vault.is_empty());
    let edited = match emptied {
        Some(_) => Some(without_context(
            endpoint,
            edited.as_deref().unwrap_or(text),
        )?),
        None => edited,
    };
    Ok(Restored {
        body: edited.map_or_else(|| body.clone(), Bytes::from),
        tokens,
        counts,
    })
}

/// Restores one stream. Feed it bytes, send what it writes.
#[derive(Debug)]
pub(super) struct LineRestorer {
    endpoint: Endpoint,
    json_answer: bool,
    /// There is something to restore.
    restores: bool,
    decoder: Decoder,
    /// By name.
    fields: GrowingFields<String>,
    envelope: Envelope,
    progress: Progress,
}

/// The members that every line of a stream repeats, as the provider wrote them.
#[derive(Debug, Default)]
struct Envelope {
    model: String,
    created_at: String,
}

impl LineRestorer {
    /// A restorer for one answer.
    pub(super) fn new(endpoint: Endpoint, vault: Arc<Vault>, json_answer: bool) -> Self {
        Self {
            endpoint,
            json_answer,
            restores: !vault.is_empty(),
            decoder: Decoder::new(EVENT_BYTES_LIMIT),
            fields: GrowingFields::new(vault),
            envelope: Envelope::default(),
            progress: Progress::default(),
        }
    }

    fn pass(&mut self, line: &Line, out: &mut BytesMut) -> Result<(), StreamError> {
        let text = line.text()?;
        if self.restores {
            if let Some(restored) = self.restore_line(text, out)? {
                ndjson::write_line(&restored, out);
            } else {
                copy(line, out);
            }
            return Ok(());
        }
        if !is_middle(text) {
            let seen = Seen::read(self.endpoint, text, self.json_answer)?;
            self.progress.note(&seen);
        }
        copy(line, out);
        Ok(())
    }

    /// The line with originals, `None` where it stays. Lines that go before it are written to `out`.
    fn restore_line(
        &mut self,
        text: &str,
        out: &mut BytesMut,
    ) -> Result<Option<String>, StreamError> {
        let seen = Seen::read(self.endpoint, text, self.json_answer)?;
        self.progress.note(&seen);
        self.envelope.note(&seen);
        let mut edits = Edits::default();
        for string in &seen.strings {
            let restored = self.restore_string(string, seen.is_done);
            if let Some(restored) = restored.filter(|restored| *restored != string.text) {
                edits.replace(string.literal.clone(), &restored);
            }
        }
        let is_answering = is_growing(&seen, CONTENT) || is_growing(&seen, RESPONSE);
        let ends_thought = is_answering && !is_growing(&seen, THINKING);
        let is_last = seen.is_done || seen.is_error;
        self.flush(|name| is_last || ends_thought && name == THINKING, out);
        let edited = edits.apply(text);
        if seen.context.is_none() {
            return Ok(edited);
        }
        let edited = without_context(self.endpoint, edited.as_deref().unwrap_or(text))?;
        Ok(Some(edited))
    }

    fn restore_string(&mut self, string: &StringAt<'_>, is_last: bool) -> Option<String> {
        let StringAt { text, escape, .. } = string;
        let Some(name) = &string.growing else {
            return self.fields.whole(text, *escape);
        };
        let name = name.clone().into_owned();
        Some(if is_last {
            self.fields.push_last(name, *escape, text)
        } else {
            self.fields.push(name, *escape, text)
        })
    }

    /// Writes what the chosen fields hold back, each as a line of its own.
    fn flush(&mut self, chosen: impl Fn(&String) -> bool, out: &mut BytesMut) {
        let (endpoint, envelope) = (self.endpoint, &self.envelope);
        self.fields.end(chosen, |name, text| {
            ndjson::write_line(&envelope.line(endpoint, name, text), out);
        });
    }
}

impl StreamRestorer for LineRestorer {
    fn push(&mut self, bytes: &[u8]) -> Result<Bytes, StreamError> {
        self.decoder.push(bytes);
        let mut out = BytesMut::with_capacity(bytes.len() + 128);
        while let Some(line) = self.decoder.next_line()? {
            self.pass(&line, &mut out)?;
        }
        Ok(out.freeze())
    }

    fn finish(&mut self) -> Result<Bytes, StreamError> {
        let mut out = BytesMut::new();
        if let Some(line) = self.decoder.rest() {
            self.pass(&line, &mut out)?;
        }
        self.flush(|_| true, &mut out);
        Ok(out.freeze())
    }

    fn progress(&self) -> Progress {
        Progress {
            counts: self.fields.counts(),
            ..self.progress
        }
    }
}

impl Progress {
    fn note(&mut self, seen: &Seen<'_>) {
        self.is_complete |= seen.is_done || seen.is_error;
        self.failed |= seen.is_error;
        self.tokens = seen.tokens().or(self.tokens);
    }
}

impl Envelope {
    fn note(&mut self, seen: &Seen<'_>) {
        for (slot, raw) in [
            (&mut self.model, seen.model),
            (&mut self.created_at, seen.created_at),
        ] {
            if let Some(raw) = raw {
                raw.clone_into(slot);
            }
        }
    }

    /// A line that carries nothing but `text` for the field of this name.
    fn line(&self, endpoint: Endpoint, name: &str, text: &str) -> String {
        let said = |main: &str| {
            let (text, main_text) = (json::quote(text), json::quote(main));
            if name == main {
                return format!("{main_text}:{text}");
            }
            format!("{main_text}:\"\",{}:{text}", json::quote(name))
        };
        let said = match endpoint {
            Endpoint::Chat => format!("\"message\":{{\"role\":\"assistant\",{}}}", said(CONTENT)),
            Endpoint::Generate => said(RESPONSE),
        };
        let or_empty = |raw: &'_ str| if raw.is_empty() { "\"\"" } else { raw }.to_owned();
        format!(
            "{{\"model\":{},\"created_at\":{},{said},\"done\":false}}",
            or_empty(&self.model),
            or_empty(&self.created_at),
        )
    }
}

/// Whether there is more of a text in this line.
fn is_growing(seen: &Seen<'_>, name: &str) -> bool {
    let mut strings = seen.strings.iter();
    strings.any(|string| string.growing.as_deref() == Some(name) && !string.text.is_empty())
}

/// A line goes on with an end of its own, even where it came without.
fn copy(line: &Line, out: &mut BytesMut) {
    out.extend_from_slice(line.raw());
    if !line.raw().ends_with(b"\n") {
        out.extend_from_slice(b"\n");
    }
}

/// Whether a line neither ends a stream nor is an error. A search is much cheaper than a scan; what
/// it does not recognise is read.
fn is_middle(line: &str) -> bool {
    let has = |part: &str| memchr::memmem::find(line.as_bytes(), part.as_bytes()).is_some();
    (has("\"done\":false") || has("\"done\": false"))
        && !has("\"error\"")
        && !has("\"done\":true")
        && !has("\"done\": true")
}

/// The object with an empty `context`.
fn without_context(endpoint: Endpoint, object: &str) -> Result<String, json::ScanError> {
    let seen = Seen::read(endpoint, object, false)?;
    let numbers = seen.context.unwrap_or_default();
    let (before, after) = (object.get(..numbers.start), object.get(numbers.end..));
    Ok([before, after].into_iter().flatten().collect())
}

#[cfg(test)]
mod tests;
