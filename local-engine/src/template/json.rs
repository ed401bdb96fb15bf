//! `tojson` as transformers has it: Python's `json.dumps` with `ensure_ascii=False`.

use std::io;

use minijinja::{Error, ErrorKind, Value, value::Kwargs};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

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
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Dumps::new(indent));
    value
        .serialize(&mut serializer)
        .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
    Ok(Value::from_safe_string(
        String::from_utf8_lossy(&bytes).into_owned(),
    ))
}

/// The forms of `json.dumps`: on one line with a space after every comma and colon, or indented.
struct Dumps {
    /// Spaces of one level; `None` for one line.
    indent: Option<usize>,
    level: usize,
    /// The list or object that is open has an element.
    has_elements: bool,
}

impl Dumps {
    fn new(indent: Option<usize>) -> Self {
        Self {
            indent: indent.map(|width| width.min(WIDEST_INDENT)),
            level: 0,
            has_elements: false,
        }
    }

    fn open<W: ?Sized + io::Write>(&mut self, w: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level += 1;
        self.has_elements = false;
        w.write_all(bracket)
    }

    fn close<W: ?Sized + io::Write>(&mut self, w: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.level = self.level.saturating_sub(1);
        if self.has_elements {
            self.new_line(w)?;
        }
        w.write_all(bracket)
    }

    fn separate<W: ?Sized + io::Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        match (self.indent, first) {
            (None, true) => Ok(()),
            (None, false) => w.write_all(b", "),
            (Some(_), true) => self.new_line(w),
            (Some(_), false) => {
                w.write_all(b",")?;
                self.new_line(w)
            }
        }
    }

    fn new_line<W: ?Sized + io::Write>(&self, w: &mut W) -> io::Result<()> {
        let Some(width) = self.indent else {
            return Ok(());
        };
        write!(w, "\n{:1$}", "", width * self.level)
    }
}

impl Formatter for Dumps {
    fn write_f64<W: ?Sized + io::Write>(&mut self, w: &mut W, value: f64) -> io::Result<()> {
        w.write_all(python_float(value).as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.open(w, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.close(w, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(w, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_elements = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.open(w, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.close(w, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.separate(w, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_elements = true;
        Ok(())
    }
}

/// A number as Python's `repr` writes it: the shortest digits, as Rust's, and exponents with a sign
/// and two digits.
fn python_float(value: f64) -> String {
    let text = format!("{value:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => match exponent.strip_prefix('-') {
            Some(exponent) => format!("{digits}e-{exponent:0>2}"),
            None => format!("{digits}e+{exponent:0>2}"),
        },
    }
}

/// More than any template asks for, and few enough to stay small when multiplied by the depth.
const WIDEST_INDENT: usize = 16;

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
        check(
            "{{ {'a': [], 'b': {}} | tojson(indent=1) }}",
            "{\n \"a\": [],\n \"b\": {}\n}",
        );
    }

    #[test]
    fn floats_are_written_as_python_writes_them() {
        check(
            "{{ [1.0, 0.1, 1e16, 1e15, 0.00001, 0.0001, -1.5e-10, 1e100] | tojson }}",
            "[1.0, 0.1, 1e+16, 1000000000000000.0, 1e-05, 0.0001, -1.5e-10, 1e+100]",
        );
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
