//! What stands where a secret would: a variable, a template, a mask, a word of documentation.

/// True when the value is no secret but the place of one.
pub(super) fn is_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    is_template(value)
        || is_filler(value)
        || PARTS.iter().any(|part| lower.contains(part))
        || WORDS.contains(&lower.trim_end_matches(['.', ',', ';']))
}

/// True for a variable, a format string, a template or a regular expression. A generated value may
/// begin with the same sign, or hold it.
pub(super) fn is_template(value: &str) -> bool {
    let is_of_names = |c: char| c.is_alphanumeric() || "_.-:>{}()[]%$*/\"'".contains(c);
    let is_variable = value.starts_with(['$', '%', '*']) && value.chars().all(is_of_names);
    let is_call = value.contains("$(") && value.ends_with(')');
    let is_format = value.contains("%(") && value.contains(")s");
    let is_marked = ["${", "{{", "#{", "<%", "[a-", "[A-", "[0-9"]
        .iter()
        .any(|sign| value.contains(sign));
    is_variable || is_call || is_format || is_marked || value.starts_with(['<', '[', '{'])
}

/// True when one character fills more than half of the value: `xxxx-xxxx`, `0000`, `ghp_****`.
pub(super) fn is_filler(value: &str) -> bool {
    let mut counts = [0_usize; 256];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let most = counts.into_iter().max().unwrap_or(0);
    most * 2 > value.len()
}

/// Parts of values that documentation writes, in lower case. None of them turns up in random
/// characters but once in a million.
const PARTS: &[&str] = &[
    "xxxx",
    "****",
    "####",
    "...",
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "your-",
    "your_",
    "-here",
    "_here",
    "redacted",
    "environ",
    "example",
    "insert",
    "replace",
    "<",
    "process.env",
    "getenv",
];

/// Whole values that are words of a language or of a type system, in lower case.
const WORDS: &[&str] = &[
    "bearer",
    "bool",
    "boolean",
    "bytes",
    "credentials",
    "default",
    "dummy",
    "empty",
    "false",
    "input",
    "int",
    "key",
    "nil",
    "none",
    "null",
    "number",
    "object",
    "optional",
    "option",
    "pass",
    "passwd",
    "password",
    "prompt",
    "required",
    "sample",
    "secret",
    "str",
    "string",
    "test",
    "text",
    "todo",
    "token",
    "true",
    "undefined",
    "unknown",
    "user",
    "username",
    "value",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_secrets_are_stand_ins() {
        for value in [
            "$TOKEN",
            "<your token>",
            "xxxxxxxx",
            "********",
            "aaaa",
            "None,",
            "[SECRET_1]",
            "{{ token }}",
            "sk_[a-z]{24}",
            "ops_eyJhbG...",
            "00000000-0000-0000-0000-000000000000",
            "put-your-token-here",
        ] {
            assert!(is_stand_in(value), "{value}");
        }
    }

    #[test]
    fn generated_values_are_not() {
        for value in [
            "q7w8e9r0t1y2u3i4",
            "hunter22",
            "correct-horse",
            "p@ss",
            "$q7^w8%(e9",
            "*r0$(t1&",
        ] {
            assert!(!is_stand_in(value), "{value}");
        }
    }
}
