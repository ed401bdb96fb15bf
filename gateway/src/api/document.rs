//! Every text a body holds, and how to put other texts in their places.
//!
//! Default deny: a [`Document`] lists *all* object keys, strings and numbers of four or more digits,
//! whatever field they stand in, so that a field that an API gains tomorrow is inspected from its
//! first day. JSON inside a string (tool arguments, most often) is opened, so that its own escapes
//! hide nothing. [`Document::splice`] changes the literals that have a new text and copies every
//! other byte.

use std::borrow::Cow;

use super::json::{self, Literal, LiteralKind, Path, ScanError};

/// The texts of one JSON body, in the order of the body.
#[derive(Debug)]
pub(crate) struct Document {
    slots: Vec<Slot>,
}

/// A literal that holds text.
#[derive(Debug)]
struct Slot {
    start: usize,
    end: usize,
    /// The text, where it differs from the bytes between the quotes.
    unescaped: Option<Box<str>>,
    label: Box<str>,
    place: Place,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// Between quotes.
    String,
    /// A number, without quotes. A new text turns it into a string.
    Number,
    /// A string that holds JSON.
    Json(Document),
}

/// What a text is in its API, which says how it is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// What is said in the conversation's message of this number.
    Content {
        /// Counted from 0.
        message: usize,
    },
    /// Anything may stand here.
    Free,
    /// An object key.
    Key,
    /// The model's name.
    Model,
    /// A structural field (`id`, `type` ...): only unmistakable findings count.
    Structural,
    /// A provider's own words under its seal (a signature, a cipher): they go back as they came, byte
    /// for byte, or not at all.
    Sealed,
}

/// One text, ready for inspection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'d> {
    /// The text itself, unescaped.
    pub(crate) text: &'d str,
    /// The nearest object key.
    pub(crate) label: Option<&'d str>,
    /// How to read it.
    pub(crate) place: Place,
}

impl Document {
    /// Indexes `body`. `place_of` says what each string and number is, by
    /// its path and its kind; `observe` sees every literal, so
    /// that an API reads its own fields in the same pass.
    ///
    /// # Errors
    /// `body` is not JSON, nests deeper than `depth_limit`, or holds an escape that is no character.
    pub(crate) fn index<'b>(
        body: &'b str,
        depth_limit: usize,
        place_of: &impl Fn(&Path<'_>, LiteralKind, &str) -> Place,
        observe: &mut impl FnMut(&Path<'b>, &Literal<'b>),
    ) -> Result<Self, ScanError> {
        let mut slots = Vec::new();
        let mut failure = None;
        json::scan(body, depth_limit, &mut |path, literal| {
            observe(path, &literal);
            match Slot::of(path, &literal, depth_limit, place_of) {
                Ok(slot) => slots.extend(slot),
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        })?;
        failure.map_or(Ok(Self { slots }), Err)
    }

    /// The texts in order, those inside JSON strings in the place of their string. `body` is what
    /// was indexed.
    pub(crate) fn texts<'d>(&'d self, body: &'d str) -> Vec<Text<'d>> {
        let mut texts = Vec::with_capacity(self.slots.len());
        self.collect(body, &mut texts);
        texts
    }

    fn collect<'d>(&'d self, body: &'d str, texts: &mut Vec<Text<'d>>) {
        for slot in &self.slots {
            let text = slot.text(body);
            match &slot.content {
                Content::Json(inner) => inner.collect(text, texts),
                Content::String | Content::Number => texts.push(Text {
                    text,
                    label: (!slot.label.is_empty()).then_some(&*slot.label),
                    place: slot.place,
                }),
            }
        }
    }

    /// Where each text begins in the body, in the order of [`Self::texts`]; of one inside a JSON string,
    /// where that string does.
    pub(crate) fn starts(&self) -> Vec<usize> {
        let mut starts = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let texts = match &slot.content {
                Content::Json(inner) => inner.count(),
                Content::String | Content::Number => 1,
            };
            starts.extend(std::iter::repeat_n(slot.start, texts));
        }
        starts
    }

    /// Number of texts.
    fn count(&self) -> usize {
        let of_slot = |slot: &Slot| match &slot.content {
            Content::Json(inner) => inner.count(),
            Content::String | Content::Number => 1,
        };
        self.slots.iter().map(of_slot).sum()
    }

    /// `body` with new texts in place. `replacements` gives, for each text in the order of
    /// [`Self::texts`], its new text or `None` to keep the bytes. `None` when nothing changed.
    pub(crate) fn splice(
        &self,
        body: &str,
        replacements: &mut impl Iterator<Item = Option<String>>,
    ) -> Option<String> {
        let mut spliced: Option<String> = None;
        let mut copied = 0;
        for slot in &self.slots {
            let replacement = match &slot.content {
                Content::Json(inner) => inner.splice(slot.text(body), replacements),
                Content::String | Content::Number => replacements.next().flatten(),
            };
            let Some(text) = replacement else { continue };
            let out = spliced.get_or_insert_with(|| String::with_capacity(body.len() + 64));
            out.push_str(body.get(copied..slot.start).unwrap_or_default());
            json::quote_into(&text, out);
            copied = slot.end;
        }
        if let Some(out) = &mut spliced {
            out.push_str(body.get(copied..).unwrap_or_default());
        }
        spliced
    }
}

impl Slot {
    fn of(
        path: &Path<'_>,
        literal: &Literal<'_>,
        depth_limit: usize,
        place_of: &impl Fn(&Path<'_>, LiteralKind, &str) -> Place,
    ) -> Result<Option<Self>, ScanError> {
        let is_key = literal.kind == LiteralKind::Key;
        let label = if is_key {
            ""
        } else {
            path.label().unwrap_or_default()
        };
        let (unescaped, content, place) = match literal.kind {
            LiteralKind::True | LiteralKind::False | LiteralKind::Null => return Ok(None),
            LiteralKind::Number => {
                let integer = spelled_out(literal.raw);
                let spelled = integer.as_deref().unwrap_or(literal.raw);
                if spelled.contains(POINT_OR_EXPONENT) || digits(spelled) < SUSPICIOUS_DIGITS {
                    return Ok(None);
                }
                let place = place_of(path, literal.kind, literal.raw);
                (integer, Content::Number, place)
            }
            LiteralKind::Key | LiteralKind::String => {
                let text = literal.text()?;
                if text.is_empty() {
                    return Ok(None);
                }
                let place = if is_key {
                    Place::Key
                } else {
                    place_of(path, literal.kind, &text)
                };
                let content = match place {
                    Place::Sealed => Content::String,
                    Place::Content { .. }
                    | Place::Free
                    | Place::Key
                    | Place::Model
                    | Place::Structural => {
                        nested(&text, depth_limit).map_or(Content::String, Content::Json)
                    }
                };
                let unescaped = matches!(text, Cow::Owned(_)).then(|| Box::from(text));
                (unescaped, content, place)
            }
        };
        Ok(Some(Self {
            start: literal.range.start,
            end: literal.range.end,
            unescaped,
            label: label.into(),
            place,
            content,
        }))
    }

    fn text<'d>(&'d self, body: &'d str) -> &'d str {
        if let Some(text) = &self.unescaped {
            return text;
        }
        let raw = body.get(self.start..self.end).unwrap_or_default();
        match self.content {
            Content::Number => raw,
            Content::String | Content::Json(_) => raw
                .strip_prefix('"')
                .and_then(|raw| raw.strip_suffix('"'))
                .unwrap_or(raw),
        }
    }
}

/// Whether an id looks like one that a provider made: letters and digits without meaning. Anything
/// else may be someone's number.
pub(crate) fn is_made_up(id: &str) -> bool {
    id.len() <= 64
        && id.bytes().any(|byte| byte.is_ascii_alphabetic())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether a text looks like a signature or a cipher of a provider: long, and base64 (RFC 4648, either
/// alphabet). Those that providers make have several hundred characters.
pub(crate) fn is_seal(text: &str) -> bool {
    text.len() >= SHORTEST_SEAL
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte))
}

/// The index of a string that is itself a JSON object or array with something in it. What only
/// looks like JSON is ordinary text.
fn nested(text: &str, depth_limit: usize) -> Option<Document> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with(['{', '[']) || depth_limit == 0 {
        return None;
    }
    // Each level of quoting costs one level of depth, which bounds the recursion.
    let document = Document::index(
        text,
        depth_limit / 2,
        &|_, _, _| Place::Free,
        &mut |_, _| {},
    )
    .ok()?;
    (!document.slots.is_empty()).then_some(document)
}

/// The whole number that a literal with a point or an exponent stands for: `4.2e3` is 4200.
fn spelled_out(raw: &str) -> Option<Box<str>> {
    if !raw.contains(POINT_OR_EXPONENT) {
        return None;
    }
    let value: f64 = raw.parse().ok()?;
    (value.fract() == 0.0 && value.abs() < LARGEST_EXACT).then(|| format!("{value:.0}").into())
}

const SHORTEST_SEAL: usize = 64;

const POINT_OR_EXPONENT: [char; 3] = ['.', 'e', 'E'];

fn digits(raw: &str) -> usize {
    raw.bytes().filter(u8::is_ascii_digit).count()
}

/// Whole numbers below 2^53 are exact as `f64` (IEEE 754).
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The shortest number that identifies someone under a telling key, as in `"pin": 4711`.
const SUSPICIOUS_DIGITS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn index(body: &str) -> Document {
        Document::index(body, 32, &|_, _, _| Place::Free, &mut |_, _| {}).unwrap()
    }

    fn upper(body: &str) -> Option<String> {
        let document = index(body);
        let mut replacements: Vec<_> = document
            .texts(body)
            .iter()
            .map(|text| Some(text.text.to_uppercase()))
            .collect();
        document.splice(body, &mut replacements.drain(..))
    }

    #[test]
    fn every_key_string_and_long_number_is_a_text() {
        let body = r#"{"a":"x\u0040y","n":[1,4111111111111111],"b":true}"#;
        let document = index(body);
        let texts: Vec<_> = document.texts(body).iter().map(|text| text.text).collect();
        assert_eq!(texts, ["a", "x@y", "n", "4111111111111111", "b"]);
    }

    #[test]
    fn json_inside_a_string_is_opened_and_closed_again() {
        let body = r#"{"arguments":"{\"to\":\"a\\\"b\", \"n\":1}"}"#;
        let document = index(body);
        let texts: Vec<_> = document.texts(body).iter().map(|text| text.text).collect();
        assert_eq!(texts, ["arguments", "to", "a\"b", "n"]);
        assert_eq!(
            upper(body).unwrap(),
            r#"{"ARGUMENTS":"{\"TO\":\"A\\\"B\", \"N\":1}"}"#
        );
    }

    #[test]
    fn a_number_with_a_new_text_becomes_a_string() {
        let body = "{\"card\":4111111111111111}";
        let document = index(body);
        let spliced = document.splice(body, &mut [None, Some("[X]".to_owned())].into_iter());
        assert_eq!(spliced.unwrap(), "{\"card\":\"[X]\"}");
    }

    #[test]
    fn a_number_is_the_number_it_spells() {
        let body = "[4.111111111111111e15, 5.5e-3, 1e300]";
        let document = index(body);
        let texts: Vec<_> = document.texts(body).iter().map(|text| text.text).collect();
        assert_eq!(texts, ["4111111111111111"]);
    }

    #[test]
    fn a_lone_surrogate_is_refused() {
        let indexed = Document::index(r#"["\ud800"]"#, 8, &|_, _, _| Place::Free, &mut |_, _| {});
        assert_eq!(indexed.unwrap_err(), ScanError::BadEscape { at: 1 });
    }

    proptest! {
        #[test]
        fn without_replacements_nothing_changes(value in any_json()) {
            let body = value.to_string();
            let document = index(&body);
            prop_assert_eq!(document.splice(&body, &mut std::iter::repeat(None)), None);
        }

        #[test]
        fn the_same_texts_spliced_in_mean_the_same(value in any_json()) {
            let body = value.to_string();
            let document = index(&body);
            let mut same: Vec<_> = document
                .texts(&body)
                .iter()
                .map(|text| Some(text.text.to_owned()))
                .collect();
            if let Some(spliced) = document.splice(&body, &mut same.drain(..)) {
                prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&spliced).unwrap(), value);
            }
        }
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i32>().prop_map(|number| (number % 1000).into()),
            ".{0,8}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
                prop::collection::vec((".{0,6}", inner), 0..4)
                    .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
            ]
        })
    }
}
