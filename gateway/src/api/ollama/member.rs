//! Members of a JSON object, read one by one, so that an error names the one that is wrong.
//!
//! A member is named by the way to it (`messages.content`); its key is what stands behind the last
//! point. `null` is the same as nothing, as it is to Ollama.

use serde_json::{Map, Value};

use crate::api::ParseError;

/// A member that `read` understands.
///
/// # Errors
/// Names the member, where it is there and `read` does not.
pub(super) fn member<'v, T>(
    object: &'v Map<String, Value>,
    name: &'static str,
    expected: &'static str,
    read: impl FnOnce(&'v Value) -> Option<T>,
) -> Result<Option<T>, ParseError> {
    let key = name.rsplit('.').next().unwrap_or(name);
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => read(value).map(Some).ok_or(wrong(name, expected)),
    }
}

/// A text; none where it is empty.
///
/// # Errors
/// As [`member`].
pub(super) fn text<'v>(
    object: &'v Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'v str>, ParseError> {
    let text = member(object, name, "a string", Value::as_str)?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// A list; nothing is an empty one.
///
/// # Errors
/// As [`member`].
pub(super) fn list<'v>(
    object: &'v Map<String, Value>,
    name: &'static str,
) -> Result<&'v [Value], ParseError> {
    let list = member(object, name, "an array", Value::as_array)?;
    Ok(list.map_or(&[], Vec::as_slice))
}

/// A list of strings.
///
/// # Errors
/// As [`member`].
pub(super) fn strings(
    object: &Map<String, Value>,
    name: &'static str,
) -> Result<Vec<String>, ParseError> {
    let read = |value: &Value| {
        let list = value.as_array()?.iter();
        list.map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let strings = member(object, name, "an array of strings", read)?;
    Ok(strings.unwrap_or_default())
}

/// A flag; nothing is `None`.
///
/// # Errors
/// As [`member`].
pub(super) fn flag(
    object: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<bool>, ParseError> {
    member(object, name, "true or false", Value::as_bool)
}

/// An object.
///
/// # Errors
/// As [`member`].
pub(super) fn object<'v>(
    object: &'v Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'v Map<String, Value>>, ParseError> {
    member(object, name, "an object", Value::as_object)
}

/// The error that names a field.
pub(super) fn wrong(field: &'static str, expected: &'static str) -> ParseError {
    ParseError::Field { field, expected }
}
