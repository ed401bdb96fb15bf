//! The schema of a call, to which an answer is held where the client demands one.

use serde_json::{Value, json};

use crate::api::{ParseError, conversation::Tool};

/// The schema of a call of the tool of this name, or of any.
///
/// # Errors
/// No tool has that name.
pub(super) fn call_schema(tools: &[Tool], name: Option<&str>) -> Result<Value, ParseError> {
    let wanted = |tool: &&Tool| name.is_none_or(|name| tool.name == name);
    let wanted: Vec<&Tool> = tools.iter().filter(wanted).collect();
    match wanted.as_slice() {
        [] => Err(ParseError::Field {
            field: "tool_choice",
            expected: "the name of one of the tools",
        }),
        [only] => Ok(call(only, "")),
        several => {
            let calls = several.iter().enumerate();
            let calls: Vec<Value> = calls
                .map(|(at, tool)| call(tool, &format!("/anyOf/{at}")))
                .collect();
            Ok(json!({ "anyOf": calls }))
        }
    }
}

/// The schema of a call, which stands at `pointer` (RFC 6901) in the whole.
fn call(tool: &Tool, pointer: &str) -> Value {
    let any = || json!({"type": "object"});
    let mut arguments = tool.parameters.clone().unwrap_or_else(any);
    move_references(&mut arguments, &format!("#{pointer}/properties/arguments"));
    json!({
        "type": "object",
        "properties": {"name": {"const": tool.name}, "arguments": arguments},
        "required": ["name", "arguments"],
        "additionalProperties": false,
    })
}

/// Makes references to places of the schema itself say where those places are now.
fn move_references(schema: &mut Value, root: &str) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                if let Value::String(reference) = value
                    && name == "$ref"
                    && let Some(place) = reference.strip_prefix('#')
                {
                    *reference = format!("{root}{}", place.trim_end_matches('/'));
                }
                move_references(value, root);
            }
        }
        Value::Array(schemas) => {
            for schema in schemas {
                move_references(schema, root);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(name: &str, parameters: Option<Value>) -> Tool {
        Tool {
            name: name.to_owned(),
            description: None,
            parameters,
            strict: None,
        }
    }

    #[test]
    fn references_lead_where_they_led() {
        let parameters = json!({
            "type": "object",
            "properties": {"city": {"$ref": "#/$defs/city"}, "next": {"$ref": "#"}},
            "$defs": {"city": {"enum": ["Oslo", "Rome"]}},
        });
        let tools = [tool("g", None), tool("f", Some(parameters))];
        for name in [Some("f"), None] {
            let schema = call_schema(&tools, name).unwrap();
            let call = schema.pointer("/anyOf/1").unwrap_or(&schema);
            let arguments = &call["properties"]["arguments"];
            let referred = |member: &str| {
                let reference = arguments["properties"][member]["$ref"].as_str().unwrap();
                schema.pointer(reference.strip_prefix('#').unwrap())
            };
            assert_eq!(referred("city"), Some(&arguments["$defs"]["city"]));
            assert_eq!(referred("next"), Some(arguments));
        }
    }

    #[test]
    fn a_tool_without_parameters_takes_any_object() {
        let schema = call_schema(&[tool("f", None)], None).unwrap();
        assert_eq!(schema["properties"]["arguments"]["type"], "object");
        assert!(call_schema(&[], None).is_err());
    }
}
