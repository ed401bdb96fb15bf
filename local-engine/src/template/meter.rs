//! Counts what a template makes, and the few functions that make much of little.

use std::cell::Cell;

use minijinja::{Environment, Error, ErrorKind, State, Value, value::ValueKind};
use minijinja_contrib::pycompat;

use super::rewrite::{LIST, TEXT};

thread_local! {
    /// Bytes that the rendering on this thread may still make or read.
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

/// Bytes that one rendering may make and read, repeats included: many times what the longest
/// conversations need.
const MOST: usize = 64 << 20;

/// Bytes that an element of a list counts for.
const ELEMENT: usize = 24;

/// Levels of lists in lists: every one takes some of the stack when it is printed or freed.
const DEEPEST: usize = 64;

/// Begins a rendering on this thread.
pub(super) fn start() {
    LEFT.set(MOST);
}

/// Whether the rendering that failed on this thread had made too much.
pub(super) fn is_spent() -> bool {
    LEFT.get() == 0
}

/// Adds the meters, and bounded forms of the functions whose result can be longer than all that
/// they are given.
pub(super) fn install(environment: &mut Environment<'_>) {
    environment.add_function(TEXT, |value: Value| spend_all(&value).map(|()| value));
    environment.add_function(LIST, |value: Value| {
        let bytes = value.len().unwrap_or(1);
        let size = if value.as_str().is_some() { 1 } else { ELEMENT };
        spend(bytes.saturating_mul(size)).map(|()| value)
    });
    environment.add_filter("replace", |text: String, from: String, to: String| {
        replaced(&text, &from, &to, usize::MAX)
    });
    environment.add_filter("join", |list: Value, between: Option<String>| {
        joined(&list, &between.unwrap_or_default())
    });
    environment.set_unknown_method_callback(method);
    // They make as much as a number asks for, and templates of chats have no use for them.
    for name in ["batch", "format", "indent", "pprint", "slice"] {
        environment.remove_filter(name);
    }
    environment.add_filter(
        "indent",
        |text: String, width: Option<usize>, first: Option<bool>| indented(&text, width, first),
    );
}

/// Python's methods, those that multiply what they are given in a bounded form.
fn method(
    state: &mut State<'_, '_>,
    value: &Value,
    name: &str,
    args: &[Value],
) -> Result<Value, Error> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    match (value.as_str(), name) {
        (Some(this), "replace") if args.len() <= 3 => {
            let (Some(from), Some(to)) = (text(args.first()), text(args.get(1))) else {
                return Err(refused("replace takes two texts"));
            };
            let most = args.get(2).and_then(Value::as_usize).unwrap_or(usize::MAX);
            replaced(this, &from, &to, most)
        }
        (Some(this), "join") if args.len() == 1 => {
            joined(args.first().unwrap_or(&Value::UNDEFINED), this)
        }
        (Some(this), "format") if has_long_number(this) => {
            Err(refused("a width in a format is too large"))
        }
        _ => pycompat::unknown_method_callback(state, value, name, args),
    }
}

fn replaced(text: &str, from: &str, to: &str, most: usize) -> Result<Value, Error> {
    let found = text.matches(from).take(most).count();
    spend(text.len().saturating_add(found.saturating_mul(to.len())))?;
    Ok(Value::from(text.replacen(from, to, most)))
}

fn joined(list: &Value, between: &str) -> Result<Value, Error> {
    spend_all(list)?;
    let mut text = String::new();
    for (number, element) in list.try_iter()?.enumerate() {
        if number > 0 {
            spend(between.len())?;
            text.push_str(between);
        }
        match element.as_str() {
            Some(element) => text.push_str(element),
            None => text.push_str(&element.to_string()),
        }
    }
    Ok(Value::from(text))
}

/// Spaces before every line but the first, or that too; blank lines stay blank.
fn indented(text: &str, width: Option<usize>, first: Option<bool>) -> Result<Value, Error> {
    let spaces = " ".repeat(width.unwrap_or(4).min(WIDEST_INDENT));
    spend(
        text.len()
            .saturating_add(text.matches('\n').count() * spaces.len()),
    )?;
    let mut result = String::with_capacity(text.len());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if (number > 0 || first == Some(true)) && !line.trim().is_empty() {
            result.push_str(&spaces);
        }
        result.push_str(line);
    }
    Ok(Value::from(result))
}

/// Counts all that is in a value.
fn spend_all(value: &Value) -> Result<(), Error> {
    let mut pending = vec![(value.clone(), 0)];
    while let Some((value, depth)) = pending.pop() {
        if depth > DEEPEST {
            return Err(refused("lists are nested too deeply"));
        }
        spend(value.as_str().map_or(1, str::len))?;
        let is_list = matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
        if !is_list && value.kind() != ValueKind::Map {
            continue;
        }
        for element in value.try_iter()? {
            spend(ELEMENT)?;
            if value.kind() == ValueKind::Map {
                pending.push((value.get_item(&element)?, depth + 1));
            }
            pending.push((element, depth + 1));
        }
    }
    Ok(())
}

fn spend(bytes: usize) -> Result<(), Error> {
    let left = LEFT.get().saturating_sub(bytes);
    LEFT.set(left);
    if left > 0 {
        Ok(())
    } else {
        Err(refused("the template makes too much text"))
    }
}

/// Five digits in a row: no width or precision of a sensible format.
fn has_long_number(format: &str) -> bool {
    let mut run = 0;
    format.chars().any(|character| {
        run = if character.is_ascii_digit() {
            run + 1
        } else {
            0
        };
        run >= 5
    })
}

fn refused(reason: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, reason)
}

/// More than any template asks for.
const WIDEST_INDENT: usize = 64;
