//! `tojson` as transformers has it: Python's `json.dumps` with `ensure_ascii=False`.

use std::io;

use minijinja::{Error, ErrorKind, Value, value::Kwargs};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// The filter. `indent=N` spreads the value over lines; `ensure_ascii`, `separators` and
/// `sort_keys` are accepted and left at what transformers gives them.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the template engine hands filters owned values"
)]
pub(super) fn dumps(value: Value, kwargs: Kwargs) -> Result<Value, Error> {
    let indent: Option<usize> = kwargs.get("indent")?;
    for ignored in ["ensure_ascii", "separators", "sort_keys"] {
        kwargs.get::<Option<Value>>(ignored)?;
    }
    kwargs.assert_all_used()?;
    let text = match indent {
        None => serialize(&value, OneLine),
        Some(width) => serialize(
            &value,
            PrettyFormatter::with_indent(" ".repeat(width).as_bytes()),
        ),
    };
    text.map(Value::from_safe_string)
        .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

fn serialize(value: &Value, formatter: impl Formatter) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Python's one-line form: a space after every comma and colon.
struct OneLine;

impl Formatter for OneLine {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { w.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { w.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context, value::Serde};
    use serde_json::json;

    use super::*;

    fn check(template: &str, expected: &str) {
        let mut environment = Environment::new();
        environment.add_filter("tojson", dumps);
        let value = json!({"z": [1, 2.5, null], "a": "é <b> \"q\""});
        let rendered =
            environment.render_str(template, context! { v => Value::from(Serde(value)) });
        assert_eq!(rendered.unwrap(), expected);
    }

    #[test]
    fn one_line_has_python_spacing_and_keeps_order_and_characters() {
        check(
            "{{ v | tojson }}",
            r#"{"z": [1, 2.5, null], "a": "é <b> \"q\""}"#,
        );
    }

    #[test]
    fn indent_spreads_over_lines() {
        check("{{ v.z | tojson(indent=2) }}", "[\n  1,\n  2.5,\n  null\n]");
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        let mut environment = Environment::new();
        environment.add_filter("tojson", dumps);
        assert!(
            environment
                .render_str("{{ 1 | tojson(depth=3) }}", ())
                .is_err()
        );
    }
}
