//! Bounds on what a chat template may do.

use std::io;

use minijinja::{Environment, Error as JinjaError, ErrorKind, Template, Value};

use crate::Error;

/// Steps of the template engine. A conversation of a thousand messages takes a few hundred
/// thousand.
const STEPS: u64 = 20_000_000;

/// Levels of macros and recursive loops, each of which takes some of the caller's stack.
const DEPTH: usize = 100;

/// Bytes of rendered text: many times what the largest context windows hold.
const BYTES: usize = 64 << 20;

/// Sets the bounds that the template engine knows itself.
pub(super) fn limit(environment: &mut Environment<'_>) {
    environment.set_fuel(Some(STEPS));
    environment.set_recursion_limit(DEPTH);
}

/// Renders a template of an environment with [`limit`]s.
///
/// # Errors
/// [`Error::Template`] or [`Error::TemplateUnbounded`].
pub(super) fn render(template: &Template<'_, '_>, values: Value) -> Result<String, Error> {
    let mut text = Bounded::default();
    match template.render_captured_to(values, &mut text) {
        Ok(_) => {}
        Err(_) if text.is_full => {
            return Err(Error::TemplateUnbounded {
                limit: "64 MiB of text",
            });
        }
        Err(error) if is_out_of_fuel(&error) => {
            return Err(Error::TemplateUnbounded {
                limit: "20 million steps",
            });
        }
        Err(error) => return Err(super::failed(error)),
    }
    // Only whole strings are written.
    Ok(String::from_utf8_lossy(&text.bytes).into_owned())
}

/// Errors inside macros and included templates are causes of others.
fn is_out_of_fuel(error: &JinjaError) -> bool {
    let mut error: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(level) = error {
        let jinja = level.downcast_ref::<JinjaError>();
        if jinja.is_some_and(|jinja| jinja.kind() == ErrorKind::OutOfFuel) {
            return true;
        }
        error = level.source();
    }
    false
}

/// A text that stops growing at [`BYTES`].
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    is_full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > BYTES {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use crate::template::ChatTemplates;

    fn refusal(template: &str) -> String {
        let templates = [("default".to_owned(), template.to_owned())].into();
        let messages = [json!({"role": "user", "content": "Hi"})];
        let error = ChatTemplates::compile(&templates, BTreeMap::new())
            .and_then(|templates| templates.render(&messages, &[]))
            .expect_err("the template is hostile");
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", cause.unwrap_or_default())
    }

    fn check(template: &str, expected: &str) {
        let message = refusal(template);
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn loops_end() {
        let loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = 1 %}\
                     {% endfor %}{% endfor %}";
        check(loops, "20 million steps");
        let macros = "{% macro f(n) %}{% for i in range(99999) %}{% if n %}{{ f(n - 1) }}\
                      {% endif %}{% endfor %}{% endmacro %}{{ f(9) }}";
        check(macros, "20 million steps");
    }

    #[test]
    fn texts_end() {
        let text = "a".repeat(5_000);
        check(
            &format!("{{% for i in range(99999) %}}{text}{{% endfor %}}"),
            "64 MiB",
        );
        check("{{ 'a' * 999999999999 }}", "too large");
    }

    #[test]
    fn recursion_ends() {
        check(
            "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
            "recursion limit",
        );
        check(
            "{% for a in [[1]] recursive %}{{ loop([a]) }}{% endfor %}",
            "recursion limit",
        );
        let nested = format!("{}1{}", "(".repeat(9_999), ")".repeat(9_999));
        check(&format!("{{{{ {nested} }}}}"), "recursion");
        check(&"{% if 1 %}".repeat(9_999), "recursion");
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        check("{{ messages | shell }}", "shell");
        check("{{ open('/etc/hostname') }}", "open");
        check("{{ messages is executable }}", "executable");
        check("{{ messages.__class__.__mro__ }}", "undefined");
        check("{{ messages[0].content.__class__.__base__ }}", "undefined");
        check("{{ ''.__init__() }}", "__init__");
        check("{{ raise_exception.__globals__['os'] }}", "undefined");
        check("{% include '/etc/hostname' %}", "not found");
        check("{% extends 'default' %}", "cycle");
        check("{% import 'os' as os %}", "not found");
    }
}
