//! `nearside restore --cases`: puts originals back into the answers of a file of cases.
//!
//! A case has values, each with its kind, and an answer in which `⟦A⟧` stands for the placeholder
//! of value `A`, as a language model might have given it back: `mutation` says how.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use redactor::{EntityKind, Escape, Finding, Operator, Profile, Restorer, Vault};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::{CliError, Terminal, input};

/// Prints `{"id","text"}` for every case.
pub(super) fn run(cases: &Path, terminal: &mut Terminal) -> Result<(), CliError> {
    let expected = r#"an object with "id", "values", "answer" and "mutation""#;
    let files = [cases.to_owned()];
    input::map_lines(&files, expected, terminal, |case: Case| {
        let text = restore(&case)?;
        Ok(Restored { id: case.id, text })
    })
}

fn restore(case: &Case) -> Result<String, String> {
    let mutation = Mutation::parse(&case.mutation)?;
    let mut vault = Vault::new();
    vault.reserve(&case.answer);
    let mut answer = case.answer.clone();
    for (name, original) in &case.values {
        let placeholder = placeholder(&mut vault, original);
        answer = answer.replace(&format!("⟦{name}⟧"), &mutation.apply(&placeholder));
    }
    let escape = if mutation == Mutation::JsonString || is_json(&case.answer) {
        Escape::Json
    } else {
        Escape::None
    };
    let mut restorer = Restorer::new(Arc::new(vault), escape);
    let mut text = String::new();
    for chunk in mutation.chunks(&answer) {
        restorer.push(&chunk, &mut text);
    }
    restorer.finish(&mut text);
    Ok(text)
}

/// True for an answer that is a JSON document, as the arguments of a tool call are: its placeholders
/// stand inside strings.
fn is_json(answer: &str) -> bool {
    let document = serde_json::from_str::<Value>(answer);
    document.is_ok_and(|document| document.is_object() || document.is_array())
}

/// What the vault gives for a value. A kind that the redactor does not know counts as some other
/// identifier.
fn placeholder(vault: &mut Vault, original: &Original) -> String {
    let kind = EntityKind::from_name(&original.kind).unwrap_or(EntityKind::OtherId);
    let span = 0..original.value.len();
    let finding = Finding {
        span,
        kind,
        score: 1.0,
        recognizer: "case".into(),
    };
    let profile = Profile {
        default: Operator::Placeholder,
        kinds: Vec::new(),
    };
    vault
        .redact(&original.value, &[finding], &profile)
        .into_owned()
}

/// What a language model did to a placeholder, or how its answer arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mutation {
    None,
    /// The answer arrives in chunks of this many characters.
    Chunk(usize),
    /// The answer is JSON, and the placeholder stands inside one of its strings.
    JsonString,
    Lowercase,
    Uppercase,
    /// `[**EMAIL_1**]`
    Bold,
    /// `[*EMAIL_1*]`
    Italic,
    /// `` [`EMAIL_1`] ``
    Code,
    /// `[EMAIL_1's]`
    Possessive,
    /// `\[EMAIL_1\]`
    EscapedBrackets,
    /// `[EMAIL\_1]`
    EscapedUnderscore,
    /// `[EMAIL 1]`
    Space,
    /// `[EMAIL-1]`
    Hyphen,
}

impl Mutation {
    fn parse(text: &str) -> Result<Self, String> {
        if let Some(size) = text.strip_prefix("chunk:") {
            return match size.parse() {
                Ok(size @ 1..) => Ok(Self::Chunk(size)),
                Ok(_) | Err(_) => Err("mutation chunk: expected a size, 1 or more".to_owned()),
            };
        }
        match text {
            "none" => Ok(Self::None),
            "json_string" => Ok(Self::JsonString),
            "lowercase" => Ok(Self::Lowercase),
            "uppercase" => Ok(Self::Uppercase),
            "markdown_bold" => Ok(Self::Bold),
            "markdown_italic" => Ok(Self::Italic),
            "markdown_code" => Ok(Self::Code),
            "possessive" => Ok(Self::Possessive),
            "escaped_brackets" => Ok(Self::EscapedBrackets),
            "escaped_underscore" => Ok(Self::EscapedUnderscore),
            "space" => Ok(Self::Space),
            "hyphen" => Ok(Self::Hyphen),
            _ => Err(format!(
                "mutation: got `{text}`, expected none, chunk:N, json_string, lowercase, uppercase, \
                 markdown_bold, markdown_italic, markdown_code, possessive, escaped_brackets, \
                 escaped_underscore, space or hyphen"
            )),
        }
    }

    fn apply(self, placeholder: &str) -> String {
        let inside = placeholder.trim_start_matches('[').trim_end_matches(']');
        match self {
            Self::None | Self::Chunk(_) | Self::JsonString => placeholder.to_owned(),
            Self::Lowercase => placeholder.to_lowercase(),
            Self::Uppercase => placeholder.to_uppercase(),
            Self::Bold => format!("[**{inside}**]"),
            Self::Italic => format!("[*{inside}*]"),
            Self::Code => format!("[`{inside}`]"),
            Self::Possessive => format!("[{inside}'s]"),
            Self::EscapedBrackets => format!("\\[{inside}\\]"),
            Self::EscapedUnderscore => placeholder.replace('_', "\\_"),
            Self::Space => placeholder.replace('_', " "),
            Self::Hyphen => placeholder.replace('_', "-"),
        }
    }

    fn chunks(self, answer: &str) -> Vec<String> {
        let Self::Chunk(size) = self else {
            return vec![answer.to_owned()];
        };
        let characters: Vec<char> = answer.chars().collect();
        characters
            .chunks(size)
            .map(|chunk| chunk.iter().collect())
            .collect()
    }
}

#[derive(Deserialize)]
struct Case {
    id: Value,
    /// In the order of their names, which is the order of first appearance.
    values: BTreeMap<String, Original>,
    answer: String,
    mutation: String,
}

#[derive(Deserialize)]
struct Original {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

#[derive(Serialize)]
struct Restored {
    id: Value,
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mutation: &str, answer: &str, expected: &str) {
        let case = serde_json::json!({
            "id": 1,
            "values": { "A": { "type": "EMAIL", "value": "jo@example.com" },
                        "B": { "type": "PERSON", "value": "Jo \"J\" Doe" } },
            "answer": answer,
            "mutation": mutation,
        });
        let case: Case = serde_json::from_value(case).unwrap();
        assert_eq!(restore(&case).unwrap(), expected, "{mutation}");
    }

    #[test]
    fn every_mutation_restores() {
        let (answer, expected) = ("To ⟦A⟧ (⟦B⟧).", "To jo@example.com (Jo \"J\" Doe).");
        for mutation in [
            "none",
            "chunk:1",
            "chunk:7",
            "lowercase",
            "uppercase",
            "markdown_bold",
        ] {
            check(mutation, answer, expected);
        }
        for mutation in [
            "possessive",
            "escaped_brackets",
            "escaped_underscore",
            "space",
        ] {
            check(mutation, answer, expected);
        }
        let (answer, expected) = (r#"{"to":"⟦B⟧"}"#, r#"{"to":"Jo \"J\" Doe"}"#);
        check("json_string", answer, expected);
        check("lowercase", answer, expected);
    }

    #[test]
    fn an_unknown_mutation_is_named() {
        assert!(
            Mutation::parse("rot13")
                .unwrap_err()
                .contains("got `rot13`")
        );
        assert!(Mutation::parse("chunk:0").is_err());
    }
}
