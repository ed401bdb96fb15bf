//! Templates rendered as transformers renders them: `testdata/templates` has the reference and the
//! script that made it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Chat, ChatTemplates};

#[derive(Deserialize)]
struct Fixture {
    conversations: BTreeMap<String, Conversation>,
    templates: Vec<Reference>,
}

#[derive(Deserialize)]
struct Conversation {
    messages: Vec<Value>,
    #[serde(default)]
    tools: Vec<Value>,
    add_generation_prompt: Option<bool>,
    #[serde(default)]
    variables: Map<String, Value>,
}

#[derive(Deserialize)]
struct Reference {
    name: String,
    template: String,
    special_tokens: BTreeMap<String, String>,
    /// By conversation; `None` where transformers raises an error.
    rendered: BTreeMap<String, Option<String>>,
}

#[test]
fn conversations_are_rendered_as_transformers_renders_them() {
    let fixture = include_str!("../../testdata/templates/rendered.json");
    let fixture: Fixture = serde_json::from_str(fixture).unwrap();
    let mut differences = Vec::new();
    for reference in &fixture.templates {
        let templates = [("default".to_owned(), reference.template.clone())].into();
        let templates =
            ChatTemplates::compile(&templates, reference.special_tokens.clone()).unwrap();
        for (name, expected) in &reference.rendered {
            let rendered = render(&templates, &fixture.conversations[name]);
            if rendered.as_ref().ok() != expected.as_ref() {
                let template = &reference.name;
                differences.push(format!(
                    "{template}, {name}:\n  expected {expected:?}\n  rendered {rendered:?}"
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn render(templates: &ChatTemplates, conversation: &Conversation) -> Result<String, crate::Error> {
    let chat = Chat {
        messages: &conversation.messages,
        tools: &conversation.tools,
        add_generation_prompt: conversation.add_generation_prompt.unwrap_or(true),
        variables: &conversation.variables,
    };
    templates.render_chat(&chat)
}
