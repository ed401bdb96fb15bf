//! Texts made harmless for the places of a page they land in.

use serde::Serialize;

/// For element content and quoted attributes (HTML, section 13.1.2).
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Browsers drop or replace these; they are shown as they are known.
            '\0' => escaped.push('\u{fffd}'),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// As JSON inside a `script` element, which ends at `</script` wherever it stands.
pub(super) fn script(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_place_is_escaped() {
        assert_eq!(html("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
        assert_eq!(
            script(&"</script><!--"),
            r#""\u003c/script\u003e\u003c!--""#
        );
    }
}
