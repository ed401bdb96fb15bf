//! Bounds on what a chat template may do.

use minijinja::{Environment, Error as JinjaError, ErrorKind, Template, Value};

use super::meter;
use crate::Error;

/// Steps of the template engine. A conversation of a thousand messages takes a few hundred
/// thousand.
const STEPS: u64 = 10_000_000;

/// Levels of macros and recursive loops, each of which takes some of the caller's stack.
const DEPTH: usize = 100;

/// Sets the bounds that the template engine knows itself.
pub(super) fn limit(environment: &mut Environment<'_>) {
    environment.set_fuel(Some(STEPS));
    environment.set_recursion_limit(DEPTH);
}

/// Renders a template of an environment with [`limit`]s and meters. What it prints is metered too.
///
/// # Errors
/// [`Error::Template`] or [`Error::TemplateUnbounded`].
pub(super) fn render(template: &Template<'_, '_>, values: Value) -> Result<String, Error> {
    meter::start();
    template.render(values).map_err(|error| {
        if meter::is_spent() {
            Error::TemplateUnbounded {
                limit: "64 MiB of values",
            }
        } else if is_out_of_fuel(&error) {
            Error::TemplateUnbounded {
                limit: "10 million steps",
            }
        } else {
            super::failed(error)
        }
    })
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use crate::template::ChatTemplates;

    fn refusal(template: &str) -> String {
        let templates = [("default".to_owned(), template.to_owned())].into();
        let messages = [json!({"role": "user", "content": "Hi"})];
        let error = ChatTemplates::compile(&templates, BTreeMap::new())
            .and_then(|templates| templates.render(&messages, &[], &serde_json::Map::new()))
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
        let nested = |body: &str| {
            let open = "{% for a in range(999) %}".repeat(4);
            format!("{open}{body}{}", "{% endfor %}".repeat(4))
        };
        check(&nested(&"{% set c = 1 %}".repeat(80)), "10 million steps");
        check(&nested(""), "64 MiB");
        let macros = "{% macro f(n) %}{% for i in range(99999) %}{% if n %}{{ f(n - 1) }}\
                      {% endif %}{% endfor %}{% endmacro %}{{ f(9) }}";
        check(macros, "64 MiB");
    }

    #[test]
    fn texts_end() {
        let text = "a".repeat(5_000);
        check(
            &format!("{{% for i in range(99999) %}}{text}{{% endfor %}}"),
            "64 MiB",
        );
        check("{{ 'a' * 999999999999 }}", "too large");
        check("{{ '{:>999999999}'.format('a') }}", "too large");
    }

    #[test]
    fn texts_that_feed_on_themselves_end() {
        let doubled = |body: &str| {
            format!(
                "{{% set ns = namespace(x='ab') %}}{{% for i in range(99) %}}{body}{{% endfor %}}"
            )
        };
        for body in [
            "{% set ns.x = ns.x ~ ns.x %}",
            "{% set ns.x = ns.x + ns.x %}",
            "{% set ns.x = ns.x * 9 %}",
            "{% set ns.x = ns.x | replace('a', ns.x) %}",
            "{% set ns.x = ns.x.replace('a', ns.x) %}",
            "{% set ns.x = ns.x.join(ns.x | list) %}",
            "{% set ns.x = [ns.x, ns.x] | join(ns.x) %}",
            "{% set y %}{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = y %}",
            "{% set y %}{% filter upper %}{{ ns.x }}{{ ns.x }}{% endfilter %}{% endset %}\
             {% set ns.x = y %}",
            "{% set ns.x = [ns.x, ns.x] | string %}",
            "{% set ns.x = {'a': ns.x, 'b': ns.x} | tojson %}",
            "{% set ns.x = ns.x.format() ~ (ns.x | upper) %}",
            "{% set ns.x = [ns.x, ns.x] %}",
            "{% set ns.x = ([ns.x] * 9999) | map('upper') | list | join %}",
        ] {
            let message = refusal(&doubled(body));
            let bounds = ["64 MiB", "too deeply", "too large"];
            let is_bounded = bounds.iter().any(|bound| message.contains(bound));
            assert!(is_bounded, "{body}: {message}");
        }
        let macros = "{% macro f(s) %}{{ f(s ~ s) }}{% endmacro %}{{ f('ab') }}";
        check(macros, "recursion limit");
        let literal = "a".repeat(9_999);
        let captured = format!(
            "{{% set x %}}{{% for i in range(99999) %}}{literal}{{% endfor %}}{{% endset %}}"
        );
        check(&captured, "64 MiB");
    }

    #[test]
    fn slow_steps_end() {
        let slow =
            "{% for i in range(99999) %}{% set x = range(99999) | list | sort %}{% endfor %}";
        check(slow, "64 MiB");
        let deep = "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}\
                    {% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}";
        check(deep, "too deeply");
    }

    #[test]
    fn long_lines_do_not_exhaust_the_stack() {
        let chain = format!("{{{{ 1{} }}}}", " ~ 1".repeat(99_999));
        check(&chain, "too long");
        let calls = format!("{{{{ a{} }}}}", ".b()".repeat(99_999));
        check(&calls, "too long");
        let filters = format!("{{{{ a{} }}}}", "|upper".repeat(99_999));
        check(&filters, "too long");
        let branches = format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}b".repeat(9_999));
        check(&branches, "too many branches");
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
        check(&format!("{{{{ {nested} }}}}"), "too long");
        check(&"{% if 1 %}".repeat(9_999), "recursion");
        let brackets = format!("{}1{}", "[".repeat(250), "]".repeat(250));
        check(&format!("{{{{ {brackets} }}}}"), "recursion");
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
        check("{% include '/etc/hostname' %}", "stands alone");
        check("{% extends 'default' %}", "stands alone");
        check("{% import 'os' as os %}", "stands alone");
    }
}
