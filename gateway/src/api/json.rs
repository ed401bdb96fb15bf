//! One pass over a JSON text: every key, string and number with its place in the bytes.
//!
//! A body that goes on to a provider is not rebuilt; it is spliced (`DESIGN`: pass-through of what
//! we don't know). So what is needed from JSON is not a tree but an index: where each literal lies,
//! and under which path. [`scan`] checks the whole grammar of RFC 8259 on the way (a provider must
//! never read a body differently from the gateway), in linear time and without recursion.

use std::{borrow::Cow, ops::Range};

/// Walks `text` and reports every literal to `visit`, in the order of the text.
///
/// # Errors
/// [`ScanError`] with the byte offset of the first mistake, or when objects and arrays are nested
/// deeper than `depth_limit`.
pub(crate) fn scan<'t>(
    text: &'t str,
    depth_limit: usize,
    visit: &mut impl FnMut(&Path<'t>, Literal<'t>),
) -> Result<(), ScanError> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        path: Path {
            segments: Vec::new(),
        },
    };
    scanner.document(depth_limit, visit)
}

/// What [`scan`] reports: a scalar or an object key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Literal<'t> {
    /// What it is.
    pub(crate) kind: LiteralKind,
    /// Its bytes, quotes included.
    pub(crate) range: Range<usize>,
    /// The literal as written, quotes included.
    pub(crate) raw: &'t str,
}

impl<'t> Literal<'t> {
    /// The text of a string or key, without quotes and escapes.
    ///
    /// # Errors
    /// An escape that names no character (a lone surrogate): such text can't be inspected.
    pub(crate) fn text(&self) -> Result<Cow<'t, str>, ScanError> {
        unescape(self.raw, self.range.start)
    }
}

/// The kinds of literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LiteralKind {
    /// The name of an object member.
    Key,
    /// A string value.
    String,
    /// A number.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
}

/// Where a literal stands: the keys and indexes above it, its own key last.
#[derive(Debug, Default)]
pub(crate) struct Path<'t> {
    segments: Vec<Segment<'t>>,
}

impl<'t> Path<'t> {
    /// The steps from the root down.
    pub(crate) fn segments(&self) -> &[Segment<'t>] {
        &self.segments
    }

    /// The nearest object key at or above the literal.
    pub(crate) fn label(&self) -> Option<&str> {
        self.segments
            .iter()
            .rev()
            .find_map(|segment| match segment {
                Segment::Key(key) => Some(key.as_ref()),
                Segment::Index(_) => None,
            })
    }

    /// Whether the path is exactly `pattern`, where `"*"` stands for any array index.
    pub(crate) fn is(&self, pattern: &[&str]) -> bool {
        self.segments.len() == pattern.len() && self.starts_with(pattern)
    }

    /// Whether the path begins with `pattern`, where `"*"` stands for any array index.
    pub(crate) fn starts_with(&self, pattern: &[&str]) -> bool {
        self.segments.len() >= pattern.len()
            && self
                .segments
                .iter()
                .zip(pattern)
                .all(|(segment, wanted)| match segment {
                    Segment::Key(key) => key == wanted,
                    Segment::Index(_) => *wanted == "*",
                })
    }

    /// The array index at `position`, if the path has one there.
    pub(crate) fn index(&self, position: usize) -> Option<usize> {
        match self.segments.get(position) {
            Some(Segment::Index(index)) => Some(*index),
            Some(Segment::Key(_)) | None => None,
        }
    }
}

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment<'t> {
    /// Into the object member of this name.
    Key(Cow<'t, str>),
    /// Into the array element of this number, from 0.
    Index(usize),
}

/// Why a text is not acceptable JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// The grammar is broken.
    #[error("invalid JSON at byte {at}: expected {expected}")]
    Syntax {
        /// Byte offset of the mistake.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// Too many objects and arrays inside each other.
    #[error("JSON is nested deeper than {limit} levels at byte {at}")]
    TooDeep {
        /// Byte offset of the bracket that was one too many.
        at: usize,
        /// The configured limit.
        limit: usize,
    },
    /// An escape sequence that is no Unicode character.
    #[error("the string at byte {at} holds an escape that is no Unicode character")]
    BadEscape {
        /// Byte offset of the string.
        at: usize,
    },
}

/// `text` as a JSON string literal, quotes included.
pub(crate) fn quote(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    quote_into(text, &mut literal);
    literal
}

/// Appends `text` as a JSON string literal, quotes included.
pub(crate) fn quote_into(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'))
    {
        let (clean, special) = rest.split_at(at);
        out.push_str(clean);
        let mut chars = special.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => {
                out.push_str("\\u00");
                let code = control as u32;
                out.extend(char::from_digit(code >> 4, 16));
                out.extend(char::from_digit(code & 0xf, 16));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn unescape(raw: &str, at: usize) -> Result<Cow<'_, str>, ScanError> {
    let inner = raw
        .strip_prefix('"')
        .and_then(|raw| raw.strip_suffix('"'))
        .unwrap_or(raw);
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(inner));
    }
    serde_json::from_str::<String>(raw)
        .map(Cow::Owned)
        .map_err(|_| ScanError::BadEscape { at })
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    path: Path<'t>,
}

/// What the scanner stands in, besides the path.
#[derive(Clone, Copy)]
enum Frame {
    Object,
    Array,
}

impl<'t> Scanner<'t> {
    fn document(
        &mut self,
        depth_limit: usize,
        visit: &mut impl FnMut(&Path<'t>, Literal<'t>),
    ) -> Result<(), ScanError> {
        let mut frames: Vec<Frame> = Vec::new();
        loop {
            // A value is due here.
            self.skip_space();
            let opened = match self.peek() {
                Some(b'{') => self.open_object(visit)?.then_some(Frame::Object),
                Some(b'[') => self.open_array().then_some(Frame::Array),
                _ => {
                    self.scalar(visit)?;
                    None
                }
            };
            if let Some(frame) = opened {
                if frames.len() == depth_limit {
                    return Err(ScanError::TooDeep {
                        at: self.at,
                        limit: depth_limit,
                    });
                }
                frames.push(frame);
                continue;
            }
            // A value has ended: close what ends with it, or go on to the next one.
            if self.close(&mut frames, visit)? {
                return self.end();
            }
        }
    }

    /// Steps over `,` to the next value, or over closing brackets. `true` when the root has ended.
    fn close(
        &mut self,
        frames: &mut Vec<Frame>,
        visit: &mut impl FnMut(&Path<'t>, Literal<'t>),
    ) -> Result<bool, ScanError> {
        while let Some(frame) = frames.last() {
            self.skip_space();
            match (frame, self.peek()) {
                (Frame::Object, Some(b',')) => {
                    self.at += 1;
                    self.path.segments.pop();
                    self.skip_space();
                    self.key(visit)?;
                    return Ok(false);
                }
                (Frame::Array, Some(b',')) => {
                    self.at += 1;
                    if let Some(Segment::Index(index)) = self.path.segments.last_mut() {
                        *index += 1;
                    }
                    return Ok(false);
                }
                (Frame::Object, Some(b'}')) | (Frame::Array, Some(b']')) => {
                    self.at += 1;
                    self.path.segments.pop();
                    frames.pop();
                }
                (Frame::Object, _) => return Err(self.expected("',' or '}'")),
                (Frame::Array, _) => return Err(self.expected("',' or ']'")),
            }
        }
        Ok(true)
    }

    fn end(&mut self) -> Result<(), ScanError> {
        self.skip_space();
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(self.expected("the end"))
        }
    }

    /// Consumes `{` and the first key. `false` for an empty object, which is consumed whole.
    fn open_object(
        &mut self,
        visit: &mut impl FnMut(&Path<'t>, Literal<'t>),
    ) -> Result<bool, ScanError> {
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(false);
        }
        self.key(visit)?;
        Ok(true)
    }

    /// Consumes `[`. `false` for an empty array, which is consumed whole.
    fn open_array(&mut self) -> bool {
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return false;
        }
        self.path.segments.push(Segment::Index(0));
        true
    }

    fn key(&mut self, visit: &mut impl FnMut(&Path<'t>, Literal<'t>)) -> Result<(), ScanError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("an object key"));
        }
        let literal = self.string(LiteralKind::Key)?;
        self.path.segments.push(Segment::Key(literal.text()?));
        visit(&self.path, literal);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("':'"));
        }
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self, visit: &mut impl FnMut(&Path<'t>, Literal<'t>)) -> Result<(), ScanError> {
        let literal = match self.peek() {
            Some(b'"') => self.string(LiteralKind::String)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", LiteralKind::True)?,
            Some(b'f') => self.word("false", LiteralKind::False)?,
            Some(b'n') => self.word("null", LiteralKind::Null)?,
            _ => return Err(self.expected("a value")),
        };
        visit(&self.path, literal);
        Ok(())
    }

    fn string(&mut self, kind: LiteralKind) -> Result<Literal<'t>, ScanError> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(self.literal(kind, start));
                }
                Some(b'\\') => self.escape()?,
                Some(0..0x20) => return Err(self.expected("no control character in a string")),
                Some(_) => self.at += 1,
                None => return Err(self.expected("'\"'")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), ScanError> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return Err(self.expected("four hexadecimal digits"));
                    }
                    self.at += 1;
                }
            }
            _ => return Err(self.expected("an escape character")),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Literal<'t>, ScanError> {
        let start = self.at;
        self.skip_if(|byte| byte == b'-');
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.skip_if(|byte| byte == b'.') {
            self.digits()?;
        }
        if self.skip_if(|byte| matches!(byte, b'e' | b'E')) {
            self.skip_if(|byte| matches!(byte, b'+' | b'-'));
            self.digits()?;
        }
        Ok(self.literal(LiteralKind::Number, start))
    }

    fn digits(&mut self) -> Result<(), ScanError> {
        if !self.skip_if(|byte| byte.is_ascii_digit()) {
            return Err(self.expected("a digit"));
        }
        while self.skip_if(|byte| byte.is_ascii_digit()) {}
        Ok(())
    }

    fn word(&mut self, word: &'static str, kind: LiteralKind) -> Result<Literal<'t>, ScanError> {
        let start = self.at;
        for expected in word.bytes() {
            if !self.skip_if(|byte| byte == expected) {
                return Err(self.expected(word));
            }
        }
        Ok(self.literal(kind, start))
    }

    fn literal(&self, kind: LiteralKind, start: usize) -> Literal<'t> {
        let range = start..self.at;
        // Both ends stand beside an ASCII byte, so they are character boundaries.
        Literal {
            kind,
            raw: self.text.get(range.clone()).unwrap_or_default(),
            range,
        }
    }

    fn skip_space(&mut self) {
        while self.skip_if(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')) {}
    }

    fn skip_if(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let found = self.peek().is_some_and(wanted);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn expected(&self, expected: &'static str) -> ScanError {
        ScanError::Syntax {
            at: self.at,
            expected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paths(text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        scan(text, 16, &mut |path, literal| {
            let path: Vec<String> = path
                .segments()
                .iter()
                .map(|segment| match segment {
                    Segment::Key(key) => key.to_string(),
                    Segment::Index(index) => index.to_string(),
                })
                .collect();
            seen.push(format!(
                "{} {:?} {}",
                path.join("."),
                literal.kind,
                literal.raw
            ));
        })
        .unwrap();
        seen
    }

    #[test]
    fn literals_come_with_their_paths() {
        assert_eq!(
            paths(r#" {"a":[1, {"b":"x"}, []], "c":{}, "d":null} "#),
            [
                "a Key \"a\"",
                "a.0 Number 1",
                "a.1.b Key \"b\"",
                "a.1.b String \"x\"",
                "c Key \"c\"",
                "d Key \"d\"",
                "d Null null",
            ]
        );
    }

    #[test]
    fn an_escaped_key_is_the_key_it_spells() {
        let mut label = String::new();
        scan("{\"mod\\u0065l\":1}", 4, &mut |path, _| {
            label = path.label().unwrap().to_owned();
        })
        .unwrap();
        assert_eq!(label, "model");
    }

    #[test]
    fn depth_is_limited() {
        assert_eq!(scan("[[1]]", 2, &mut |_, _| {}), Ok(()));
        assert!(matches!(
            scan("[[[1]]]", 2, &mut |_, _| {}),
            Err(ScanError::TooDeep { .. })
        ));
    }

    #[test]
    fn broken_texts_are_refused_with_their_place() {
        for (text, at) in [
            ("", 0),
            ("{", 1),
            ("[1,]", 3),
            ("{\"a\" 1}", 5),
            ("{\"a\":1,}", 7),
            ("01", 1),
            ("1.", 2),
            ("\"\n\"", 1),
            ("nul", 3),
            ("1 2", 2),
            ("\"\\x\"", 2),
        ] {
            match scan(text, 8, &mut |_, _| {}) {
                Err(ScanError::Syntax { at: found, .. }) => assert_eq!(found, at, "{text:?}"),
                other => panic!("{text:?} gave {other:?}"),
            }
        }
    }

    proptest! {
        #[test]
        fn a_quoted_text_reads_back(text in any::<String>()) {
            let literal = quote(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&literal).unwrap(), text.clone());
            let mut read = String::new();
            scan(&literal, 1, &mut |_, literal| read = literal.text().unwrap().into_owned()).unwrap();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn scan_accepts_what_serde_json_accepts(text in r#"[\[\]{}",:0-9a\\ tn.e+-]{0,24}"#) {
            let ours = scan(&text, 64, &mut |_, _| {}).is_ok();
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
        }
    }
}
