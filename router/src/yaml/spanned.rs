//! A value that remembers where it was written.

use std::{fmt, marker::PhantomData, ops::Deref};

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::Diagnostic;

/// A value with its place, for checks that come after parsing.
///
/// Usable as a field type in structs read by [`super::parse`] (and by nothing else: other
/// deserializers have no places to give).
///
/// ```
/// use router::yaml::{Spanned, parse};
///
/// #[derive(serde::Deserialize)]
/// struct Listener {
///     port: Spanned<u16>,
/// }
///
/// let listener: Listener = parse("a.yaml", "port: 7070").unwrap();
/// assert_eq!((*listener.port, listener.port.line, listener.port.column), (7070, 1, 7));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Line, from 1; 0 for a stand-in.
    pub line: usize,
    /// Column in characters, from 1; 0 for a stand-in.
    pub column: usize,
}

impl<T> Spanned<T> {
    /// True when nothing (valid) was written and the value only fills the gap, see
    /// [`super::parse_with_gaps`], or when it is a default.
    pub fn is_stand_in(&self) -> bool {
        self.line == 0
    }

    /// A diagnostic at this place.
    pub fn diagnostic(&self, file: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            message: message.into(),
        }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(NAME, &FIELDS, SpannedVisitor(PhantomData))
    }
}

/// By this name the deserializers recognise a request for a place.
pub(super) const NAME: &str = "$router::yaml::Spanned";
/// In the order in which the deserializers give them.
pub(super) const FIELDS: [&str; 3] = ["line", "column", "value"];

struct SpannedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
    type Value = Spanned<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        Ok(Spanned {
            line: field(&mut map)?,
            column: field(&mut map)?,
            value: field(&mut map)?,
        })
    }
}

fn field<'de, A: MapAccess<'de>, T: Deserialize<'de>>(map: &mut A) -> Result<T, A::Error> {
    match map.next_key::<IgnoredAny>()? {
        Some(_) => map.next_value(),
        None => Err(de::Error::custom("a place is known only to router::yaml")),
    }
}
