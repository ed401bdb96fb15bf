//! The texts in a text that is JSON.

use super::Part;

/// What is text in a text that is JSON: its string values, words of an API left out.
pub(crate) fn string_values(text: &str) -> Vec<Part<'_>> {
    let mut values = Vec::new();
    if !text.trim_start().starts_with(['[', '{']) {
        return values;
    }
    let mut at = 0;
    while let Some(value) = next_string(text, at) {
        at = value.start + value.text.len() + 1;
        let is_key = text
            .get(at..)
            .is_some_and(|rest| rest.trim_start().starts_with(':'));
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if !is_key && !value.text.bytes().all(is_word) {
            values.push(value);
        }
    }
    values
}

/// The next string literal of JSON, without its quotes.
fn next_string(text: &str, at: usize) -> Option<Part<'_>> {
    let start = at + text.get(at..)?.find('"')? + 1;
    let rest = text.get(start..)?;
    let mut end = rest.find(['"', '\\'])?;
    while rest.as_bytes().get(end) == Some(&b'\\') {
        end += 2;
        end += rest.get(end..)?.find(['"', '\\'])?;
    }
    Some(Part {
        text: rest.get(..end)?,
        start,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_values_are_no_keys_and_no_words_of_an_api() {
        let text = r#"{"role":"user","a":["b \" c 1", "d\\"]}"#;
        let got: Vec<_> = string_values(text).iter().map(|part| part.text).collect();
        assert_eq!(got, [r#"b \" c 1"#, r"d\\"]);
    }
}
