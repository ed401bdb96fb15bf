//! Constraints as grammars of `llguidance`, within bounds of size and work.

use std::{fmt::Write as _, thread};

use llguidance::{
    JsonCompileOptions, ParserFactory, TokenParser,
    api::{ParserLimits, TopLevelGrammar},
};
use serde_json::{Value, json};

use super::reason;
use crate::{Constraint, Error};

/// Compiles a constraint.
///
/// # Errors
/// [`Error::ConstraintInvalid`].
pub(super) fn compile(
    factory: &ParserFactory,
    constraint: &Constraint,
) -> Result<TokenParser, Error> {
    let invalid = |reason: String| Error::ConstraintInvalid {
        kind: constraint.kind(),
        reason,
    };
    let grammar = grammar(constraint).map_err(|reason| invalid(reason.to_owned()))?;
    let compiled = thread::scope(|scope| {
        let compiling = thread::Builder::new()
            .name("nearside-grammar".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || factory.create_parser(grammar))
            .map_err(|source| Error::Thread { source })?;
        // A panic inside `create_parser` comes back as its error.
        compiling.join().map_err(|_| Error::ConstraintsUnavailable)
    })?;
    compiled.map_err(|error| invalid(reason::without_text_of_the_client(&error.to_string())))
}

/// How much work a constraint may make. Compiling the largest one takes tens of milliseconds, a
/// step of the worst one a few, its states some ten megabytes.
pub(super) fn limits() -> ParserLimits {
    ParserLimits {
        initial_lexer_fuel: 1_000_000,
        step_lexer_fuel: 100_000,
        step_max_items: 50_000,
        max_lexer_states: 20_000,
        max_grammar_size: 100_000,
        precompute_large_lexemes: false,
        // Messages would quote the client's grammar and the answer so far.
        verbose_errors: false,
        ..ParserLimits::default()
    }
}

fn grammar(constraint: &Constraint) -> Result<TopLevelGrammar, &'static str> {
    match constraint {
        Constraint::JsonSchema(schema) => json_schema(schema.clone()),
        Constraint::Json => json_schema(json!({"type": "object"})),
        Constraint::Regex(pattern) => {
            check_text(pattern)?;
            Ok(TopLevelGrammar::from_regex(pattern))
        }
        Constraint::Lark(grammar) => {
            check_text(grammar)?;
            Ok(TopLevelGrammar::from_lark(grammar.clone()))
        }
        Constraint::Choice(choices) => Ok(TopLevelGrammar::from_lark(one_of(choices)?)),
    }
}

/// The schema, compiled with our options and not with those that it may carry itself.
fn json_schema(mut schema: Value) -> Result<TopLevelGrammar, &'static str> {
    if schema == Value::Bool(true) {
        schema = json!({});
    }
    if !schema.is_object() {
        return Err("expected an object");
    }
    check_depth(&schema, DEEPEST)?;
    if serde_json::to_vec(&schema).map_or(usize::MAX, |bytes| bytes.len()) > LONGEST {
        return Err(TOO_LONG);
    }
    let options = JsonCompileOptions {
        whitespace_pattern: Some(WHITESPACE.to_owned()),
        ..JsonCompileOptions::default()
    };
    options.apply_to(&mut schema);
    Ok(TopLevelGrammar::from_json_schema(schema))
}

/// A Lark grammar of alternatives, whose strings are written as in JSON.
fn one_of(choices: &[String]) -> Result<String, &'static str> {
    if choices.is_empty() {
        return Err("expected at least one text");
    }
    let mut grammar = "start: ".to_owned();
    for (index, choice) in choices.iter().enumerate() {
        let separator = if index == 0 { "" } else { " | " };
        let written = write!(grammar, "{separator}{}", Value::String(choice.clone()));
        debug_assert!(written.is_ok(), "strings can always be written to");
    }
    if grammar.len() > LONGEST {
        return Err(TOO_LONG);
    }
    Ok(grammar)
}

/// Parsers of regular expressions and grammars recurse into brackets.
fn check_text(text: &str) -> Result<(), &'static str> {
    if text.len() > LONGEST {
        return Err(TOO_LONG);
    }
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(TOO_DEEP);
        }
    }
    Ok(())
}

fn check_depth(value: &Value, left: usize) -> Result<(), &'static str> {
    let left = left.checked_sub(1).ok_or(TOO_DEEP)?;
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| check_depth(item, left)),
        Value::Object(fields) => fields.values().try_for_each(|item| check_depth(item, left)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// What may stand between the parts of a JSON text: one blank. Given more room, a small model may
/// write blanks and line breaks until its answer is cut.
const WHITESPACE: &str = " ";

/// Bytes of a schema, a pattern or a grammar.
const LONGEST: usize = 64 * 1024;
const TOO_LONG: &str = "it is longer than 64 KiB";

/// The compiler follows rules that lead to rules by calling itself: a grammar of [`LONGEST`] bytes
/// in a single chain overflows the stack that threads usually have. Only what is used of it costs.
const STACK_BYTES: usize = 128 * 1024 * 1024;

/// Brackets within brackets.
const DEEPEST: usize = 64;
const TOO_DEEP: &str = "it is nested more than 64 deep";
