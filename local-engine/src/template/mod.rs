//! Chat templates, rendered as transformers' `apply_chat_template` renders them.
//!
//! Templates are Jinja with blocks trimmed, Python's string and dictionary methods, `tojson` as
//! `json.dumps` writes it, `raise_exception`, `strftime_now` and `{% generation %}` marks. Python's
//! `%` between a string and values is not known, nor is the filter `truncate`.
//!
//! A template comes with a model and is trusted with nothing: it sees the conversation alone, runs a
//! bounded number of steps, nests to a bounded depth, makes and writes a bounded amount of text.

mod bounded;
mod date;
#[cfg(test)]
mod fixture_tests;
mod json;
mod meter;
mod rewrite;

use std::collections::BTreeMap;

use minijinja::{
    Environment, Error as JinjaError, ErrorKind, Value, context, syntax::SyntaxConfig, value::Serde,
};

use crate::{Error, clock};

/// What a template is given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chat<'a> {
    /// Objects with `role` and `content`.
    pub(crate) messages: &'a [serde_json::Value],
    /// JSON schemas of functions.
    pub(crate) tools: &'a [serde_json::Value],
    /// Open the prompt for the assistant's answer.
    pub(crate) add_generation_prompt: bool,
    /// Further names that the template may know, such as `enable_thinking`.
    pub(crate) variables: &'a serde_json::Map<String, serde_json::Value>,
}

/// The chat templates of a model, compiled.
#[derive(Debug)]
pub(crate) struct ChatTemplates {
    environment: Environment<'static>,
    special_tokens: BTreeMap<String, String>,
    variables: serde_json::Map<String, serde_json::Value>,
    renders_tools: bool,
}

impl ChatTemplates {
    /// Compiles templates by name; `default` is the usual one, `tool_use` the one for tools.
    ///
    /// # Errors
    /// [`Error::Template`] for a template that does not parse.
    pub(crate) fn compile(
        templates: &BTreeMap<String, String>,
        special_tokens: BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let mut environment = python_like_environment();
        for (name, source) in templates {
            let source = without_generation_marks(source);
            let syntax = environment.syntax().clone();
            let source = rewrite::with_meters(&source, syntax).map_err(failed)?;
            environment
                .add_template_owned(name.clone(), source)
                .map_err(failed)?;
        }
        let renders_tools = environment
            .templates()
            .any(|(_, template)| template.undeclared_variables(false).contains("tools"));
        Ok(Self {
            environment,
            special_tokens,
            variables: serde_json::Map::new(),
            renders_tools,
        })
    }

    /// The same templates with further names that they may know, such as `enable_thinking`.
    pub(crate) fn with_variables(
        self,
        variables: serde_json::Map<String, serde_json::Value>,
    ) -> Self {
        Self { variables, ..self }
    }

    /// Whether tools given to [`render`](Self::render) reach the prompt.
    pub(crate) fn renders_tools(&self) -> bool {
        self.renders_tools
    }

    /// The prompt for a conversation, opened for the assistant's answer. `variables` win over those of
    /// [`with_variables`](Self::with_variables).
    ///
    /// # Errors
    /// As [`render_chat`](Self::render_chat).
    pub(crate) fn render(
        &self,
        messages: &[serde_json::Value],
        tools: &[serde_json::Value],
        variables: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<String, Error> {
        let mut known = self.variables.clone();
        known.extend(variables.clone());
        self.render_chat(&Chat {
            messages,
            tools,
            add_generation_prompt: true,
            variables: &known,
        })
    }

    /// The text of a conversation.
    ///
    /// # Errors
    /// [`Error::TemplateMissing`], [`Error::Template`] when the template refuses the messages, or
    /// [`Error::TemplateUnbounded`].
    pub(crate) fn render_chat(&self, chat: &Chat<'_>) -> Result<String, Error> {
        let Chat {
            messages,
            tools,
            add_generation_prompt,
            variables,
        } = *chat;
        let for_tools = (!tools.is_empty()).then(|| self.environment.get_template("tool_use").ok());
        let template = for_tools
            .flatten()
            .or_else(|| self.environment.get_template("default").ok());
        let template = template.ok_or(Error::TemplateMissing)?;
        let tools = if tools.is_empty() {
            Value::from(())
        } else {
            Value::from(Serde(tools))
        };
        let values = context! {
            messages => Value::from(Serde(messages)),
            tools,
            documents => Value::from(()),
            add_generation_prompt,
            ..context! {
                ..Value::from(Serde(variables)),
                ..Value::from(Serde(&self.special_tokens))
            }
        };
        bounded::render(&template, values)
    }
}

/// Jinja as transformers sets it up.
fn python_like_environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // Both can only fail for delimiters that this configuration does not touch.
    if let Ok(syntax) = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
    {
        environment.set_syntax(syntax);
    }
    bounded::limit(&mut environment);
    meter::install(&mut environment);
    environment.add_filter("tojson", json::dumps);
    // What a message leaves out is none, and none has no elements.
    environment.add_test("iterable", |value: &Value| {
        !value.is_none() && value.try_iter().is_ok()
    });
    environment.add_function(
        "raise_exception",
        |message: String| -> Result<Value, JinjaError> {
            Err(JinjaError::new(ErrorKind::InvalidOperation, message))
        },
    );
    environment.add_function("strftime_now", |format: String| {
        date::strftime(&format, clock::since_epoch())
    });
    environment
}

/// Replaces `{% generation %}` blocks, which mark the assistant's words for training, by blocks
/// without effect that treat white space alike.
fn without_generation_marks(source: &str) -> String {
    let mut result = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("{%") {
        result.push_str(before);
        result.push_str("{%");
        let Some((tag, tail)) = after.split_once("%}") else {
            rest = after;
            continue;
        };
        let name = tag.trim_matches(|c: char| c == '-' || c == '+' || c.is_whitespace());
        match name {
            "generation" => result.push_str(&tag.replace(name, "if true")),
            "endgeneration" => result.push_str(&tag.replace(name, "endif")),
            _ => result.push_str(tag),
        }
        result.push_str("%}");
        rest = tail;
    }
    result.push_str(rest);
    result
}

fn failed(source: JinjaError) -> Error {
    Error::Template {
        source: Box::new(source),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn render(template: &str) -> Result<String, Error> {
        let templates = [("default".to_owned(), template.to_owned())].into();
        let tokens = [("bos_token".to_owned(), "<s>".to_owned())].into();
        let messages = [json!({"role": "user", "content": "Hi & <bye>"})];
        ChatTemplates::compile(&templates, tokens)?.render(&messages, &[], &Map::new())
    }

    fn check(template: &str, expected: &str) {
        assert_eq!(render(template).unwrap(), expected);
    }

    #[test]
    fn blocks_are_trimmed_and_python_methods_work() {
        check(
            "{{ bos_token }}\n{% if true %}\n  x\n  {% endif %}\ny",
            "<s>\n  x\ny",
        );
        check("{{ messages[0]['content'].split(' ')[0].lower() }}", "hi");
        check(
            "{% for m in messages %}{{ m.items() | length }}{% endfor %}",
            "2",
        );
    }

    #[test]
    fn an_absent_value_is_none() {
        check("{{ tools is none }}{{ documents is none }}", "TrueTrue");
        check("{% if not tools %}no tools{% endif %}", "no tools");
    }

    #[test]
    fn what_a_template_raises_reaches_the_caller() {
        let error = render("{{ raise_exception('roles must alternate') }}").unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("roles must alternate"), "{source}");
    }

    #[test]
    fn generation_marks_have_no_effect() {
        check("a {%- generation -%} b {%- endgeneration %} c", "ab c");
        assert_eq!(without_generation_marks("a {% b"), "a {% b");
    }

    #[test]
    fn tools_are_rendered_where_the_template_names_them() {
        let templates: BTreeMap<_, _> = [
            ("default".to_owned(), "{{ messages | length }}".to_owned()),
            ("tool_use".to_owned(), "{{ tools[0] | tojson }}".to_owned()),
        ]
        .into();
        let templates = ChatTemplates::compile(&templates, BTreeMap::new()).unwrap();
        assert!(templates.renders_tools());
        let tools = [json!({"type": "function", "a": 1})];
        assert_eq!(
            templates.render(&[], &tools, &Map::new()).unwrap(),
            r#"{"type": "function", "a": 1}"#
        );
        assert_eq!(templates.render(&[], &[], &Map::new()).unwrap(), "0");
    }

    #[test]
    fn variables_reach_the_template_but_replace_nothing() {
        let source = "{{ enable_thinking }} {{ messages | length }} {{ bos_token }}";
        let templates = [("default".to_owned(), source.to_owned())].into();
        let tokens = [("bos_token".to_owned(), "<s>".to_owned())].into();
        let variables = json!({"enable_thinking": false, "messages": "none", "bos_token": "!"});
        let templates = ChatTemplates::compile(&templates, tokens).unwrap();
        let templates = templates.with_variables(variables.as_object().unwrap().clone());
        let render = |variables: &Map<_, _>| templates.render(&[], &[], variables).unwrap();
        assert_eq!(render(&Map::new()), "False 0 !");
        let wanted = [("enable_thinking".to_owned(), json!(true))];
        assert_eq!(render(&wanted.into_iter().collect()), "True 0 !");
    }

    #[test]
    fn a_model_without_template_says_so() {
        let none = ChatTemplates::compile(&BTreeMap::new(), BTreeMap::new()).unwrap();
        assert!(matches!(
            none.render(&[], &[], &Map::new()),
            Err(Error::TemplateMissing)
        ));
    }
}
