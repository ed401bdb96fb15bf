//! Why a constraint was refused, told without the client's text.
//!
//! Messages of `llguidance` quote what they are about: names of properties, patterns, lines of a
//! grammar. Errors reach logs, where none of that may stand, so only words that are known to be of
//! the library or of JSON Schema pass; the rest, numbers included, becomes `...`.

/// The first line of a message with the words that may be told.
pub(super) fn without_text_of_the_client(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut told = String::new();
    for word in line.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let known = SCHEMA.contains(&bare) || OWN.split_whitespace().any(|own| own == bare);
        let next = if known { bare } else { HIDDEN };
        if next == HIDDEN && told.ends_with(HIDDEN) {
            continue;
        }
        if !told.is_empty() {
            told.push(' ');
        }
        told.push_str(next);
    }
    if told.is_empty() || told == HIDDEN {
        return "it can't be compiled".to_owned();
    }
    told
}

const HIDDEN: &str = "...";

/// JSON Schema's keywords, types and formats.
const SCHEMA: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "array",
    "boolean",
    "const",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "duration",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "hostname",
    "idn-email",
    "idn-hostname",
    "if",
    "integer",
    "iri",
    "iri-reference",
    "items",
    "json-pointer",
    "maxContains",
    "maximum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minContains",
    "minimum",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "not",
    "null",
    "number",
    "object",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "ref",
    "regex",
    "relative-json-pointer",
    "required",
    "schema",
    "string",
    "then",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "uri",
    "uri-reference",
    "uri-template",
];

/// The plain words of `llguidance`'s messages.
const OWN: &str = "\
    All Definition Expected Failed Infinite Invalid Lexer No Only Parser Reference Unexpected \
    Unimplemented Unknown Unmatched Unsatisfiable a absolute after already an and are array as at \
    attribute backtracking be bounds cannot character circular complex compile condition \
    constraints declare definition deeply does empty end enough error escape exceeded exist \
    exists expected expecting expression failed flag for format found fuel generate grammar \
    grammars in input integer intersection invalid is it items its key keys keyword large lark \
    length level lexer limit literal look-around max min missing model must name negated nested \
    nesting next no not number numbers object of options or order overflow parse parser parsing \
    property range reference referenced referencing regex regular repeated repetition required \
    rule schema segment size special specified stack start state states statement string \
    supported syntax template term terminals that the to token tokens too type undefined unknown \
    unmatched unsupported usage used value with within without yet";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: &str) {
        assert_eq!(without_text_of_the_client(message), expected);
    }

    #[test]
    fn what_is_unsupported_is_named() {
        check(
            r#"Unimplemented keys: ["not", "uniqueItems"]"#,
            "Unimplemented keys not uniqueItems",
        );
        check("Unknown format: idn-email", "Unknown format idn-email");
    }

    #[test]
    fn what_the_client_wrote_is_left_out() {
        check(
            "Definition not found: #/$defs/JaneDoe",
            "Definition not found ...",
        );
        check(
            "Expected array for 'required', got \"Jane Doe 555-0100\"\nrequired: Jane",
            "Expected array for required ...",
        );
        check("", "it can't be compiled");
        check("Jane Doe", "it can't be compiled");
    }
}
