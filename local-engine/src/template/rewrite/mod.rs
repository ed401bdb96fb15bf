//! Rewrites a template so that every text and list it makes passes through a meter.
//!
//! The template engine counts steps, but one step can double a text, and forty of them fill any
//! memory. So the template is parsed and written again, with each operand and each result of an
//! operator, a filter or a call as the argument of [`TEXT`] or [`LIST`], functions that count what
//! they are given and hand it on. Literal text becomes an expression, so that it is counted too.
//!
//! Everything else stays as it was. Templates stand alone: blocks, imports and includes are refused.

mod expressions;
mod statements;

use minijinja::{
    Error, ErrorKind,
    machinery::{self, Token, ast::Expr},
    syntax::SyntaxConfig,
};

/// Counts a value by all that is in it, however deep.
pub(in crate::template) const TEXT: &str = "metered_text";

/// Counts a list by its elements alone, a text by its bytes.
pub(in crate::template) const LIST: &str = "metered_list";

/// The template with meters in it.
///
/// # Errors
/// The template does not parse, nests too deeply, or uses other templates.
pub(in crate::template) fn with_meters(
    source: &str,
    syntax: SyntaxConfig,
) -> Result<String, Error> {
    check_tags(source, &syntax)?;
    let template = machinery::parse(source, "chat template", syntax)?;
    let mut rewriter = Rewriter {
        text: String::with_capacity(source.len() * 2),
        depth: 0,
    };
    rewriter.statement(&template)?;
    Ok(rewriter.text)
}

/// Refuses what the engine's parser would make a tree of without bound: `a ~ b ~ c` is as deep as it
/// is long, and every `elif` lies inside the one before.
fn check_tags(source: &str, syntax: &SyntaxConfig) -> Result<(), Error> {
    let (mut parts, mut branches) = (0, 0);
    for token in machinery::tokenize(source, false, syntax.clone()) {
        let token = token?.0;
        let ends = matches!(
            token,
            Token::TemplateData(_) | Token::VariableEnd | Token::BlockEnd
        );
        parts = if ends { 0 } else { parts + 1 };
        branches += usize::from(matches!(token, Token::Ident("elif")));
        if parts > LONGEST_TAG {
            return Err(refused("a tag is too long"));
        }
        if branches > MOST_BRANCHES {
            return Err(refused("it has too many branches"));
        }
    }
    Ok(())
}

struct Rewriter {
    text: String,
    depth: usize,
}

impl Rewriter {
    /// The expression inside a call of `meter`.
    fn metered(&mut self, meter: &str, expression: &Expr<'_>) -> Result<(), Error> {
        self.push(meter);
        self.push("(");
        self.expression(expression)?;
        self.push(")");
        Ok(())
    }

    fn list<T>(
        &mut self,
        items: &[T],
        mut write: impl FnMut(&mut Self, &T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.push(", ");
            }
            write(self, item)?;
        }
        Ok(())
    }

    fn deeper(&mut self, write: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if self.depth >= DEEPEST {
            return Err(refused("it is nested too deeply"));
        }
        self.depth += 1;
        let written = write(self);
        self.depth -= 1;
        written
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

fn refused(reason: &'static str) -> Error {
    Error::new(ErrorKind::SyntaxError, reason)
}

/// Words, signs and names in one tag.
const LONGEST_TAG: usize = 600;

/// `elif` in a whole template.
const MOST_BRANCHES: usize = 100;

/// Levels of statements and expressions.
const DEEPEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let rewritten = with_meters(source, SyntaxConfig::default()).unwrap();
        let short = rewritten.replace(TEXT, "T").replace(LIST, "L");
        assert_eq!(short, expected);
    }

    #[test]
    fn operands_and_results_are_counted() {
        check(
            "{{ a ~ 'b\\n' ~ c.d }}",
            r#"{{ T(L(T(a) ~ T("b\n") ~ T(c.d))) }}"#,
        );
        check("{% set ns.x = a + 1 %}", "{% set ns.x = L(T(a) + T(1)) %}");
        check("x \"y\"", r#"{{ T("x \"y\"") }}"#);
        check(
            "{{ a | trim | length }}",
            "{{ T(L(L(L(L(a) | trim)) | length)) }}",
        );
        check("{{ f(a, b=1).g() }}", "{{ T(T(L(T(f(a, b=1))).g())) }}");
        check(
            "{{ [a, (1,)] | map('x') }}",
            r#"{{ T(T(T(T([a, T((1,))])) | map("x"))) }}"#,
        );
        check("{{ a[1:-1] }}", "{{ T(L(a[1:(-1):])) }}");
        check(
            "{% for a, b in c if a %}{{ b }}{% else %}{% break %}{% endfor %}",
            "{% for a, b in L(c) if a %}{{ T(b) }}{% else %}{% break %}{% endfor %}",
        );
        check(
            "{% macro f(a, b=1) %}{% endmacro %}",
            "{% macro f(a, b=1) %}{% endmacro %}",
        );
    }
}
