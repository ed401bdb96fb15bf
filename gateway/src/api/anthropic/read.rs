//! A request as a conversation.

mod message;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use self::message::RequestMessage;
use super::block::Content;
use crate::api::{
    ParseError,
    conversation::{AnswerFormat, Conversation, Reasoning, Sampling, Tool, ToolChoice},
};

/// Reads a request that has been through [`parse`](super::request::parse).
///
/// # Errors
/// A field of the wrong type, or one that only an Anthropic model's own server can serve.
pub(super) fn read(body: &str) -> Result<Conversation, ParseError> {
    let mut fields = Fields::of(body)?;
    fields.refuse_services()?;
    let choice: Option<RequestToolChoice> = fields.take(
        "tool_choice",
        "an object of type 'auto', 'any', 'tool' or 'none'",
    )?;
    let system = fields.take("system", "a string or an array of text blocks")?;
    let messages: Option<Vec<RequestMessage>> = fields.take(
        "messages",
        "an array of messages with a role and content of known block types",
    )?;
    let (format, effort) = fields.output()?;
    Ok(Conversation {
        model: fields.take("model", "a string")?.unwrap_or_default(),
        messages: message::messages(system, messages.unwrap_or_default())?,
        tools: fields.tools()?,
        parallel_tool_calls: choice
            .as_ref()
            .and_then(|choice| choice.disable_parallel_tool_use)
            .map(|is_disabled| !is_disabled),
        tool_choice: choice.map_or(Ok(ToolChoice::Auto), RequestToolChoice::read)?,
        format,
        max_output_tokens: fields.take("max_tokens", "a whole number from 0 up")?,
        stop: fields
            .take("stop_sequences", "an array of strings")?
            .unwrap_or_default(),
        sampling: fields.sampling()?,
        reasoning: fields.reasoning(effort)?,
        stream: fields.take("stream", "true or false")?.unwrap_or_default(),
        ..Conversation::default()
    })
}

/// The members of a request that have not been read yet.
#[derive(Debug)]
struct Fields(Map<String, Value>);

impl Fields {
    fn of(body: &str) -> Result<Self, ParseError> {
        let wrong = |_| ParseError::Field {
            field: "messages",
            expected: "a conversation that another API or the local model can read",
        };
        serde_json::from_str(body).map(Self).map_err(wrong)
    }

    /// The field's value; `None` where it is absent or null. The reader's own message would quote the
    /// value, so it is not shown.
    fn take<T: DeserializeOwned>(
        &mut self,
        field: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, ParseError> {
        let value = self.0.get_mut(field).map(Value::take).unwrap_or_default();
        serde_json::from_value(value).map_err(|_| ParseError::Field { field, expected })
    }

    /// Services of the provider's that change what is answered.
    fn refuse_services(&self) -> Result<(), ParseError> {
        for field in ["mcp_servers", "container"] {
            let is_wanted = match self.0.get(field) {
                None | Some(Value::Null) => false,
                Some(Value::Array(list)) => !list.is_empty(),
                Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                    true
                }
            };
            if is_wanted {
                return Err(ParseError::Field {
                    field,
                    expected: "nothing, where another API or the local model answers",
                });
            }
        }
        Ok(())
    }

    fn sampling(&mut self) -> Result<Sampling, ParseError> {
        Ok(Sampling {
            temperature: self.take("temperature", "a number")?,
            top_p: self.take("top_p", "a number")?,
            top_k: self.take("top_k", "a whole number from 0 up")?,
            ..Sampling::default()
        })
    }

    fn tools(&mut self) -> Result<Vec<Tool>, ParseError> {
        let tools: Option<Vec<RequestTool>> =
            self.take("tools", "an array of tools with a name and an input schema")?;
        let tools = tools.unwrap_or_default().into_iter();
        tools.map(RequestTool::read).collect()
    }

    /// The form of the answer, and how hard the model is to try.
    fn output(&mut self) -> Result<(AnswerFormat, Option<String>), ParseError> {
        const EXPECTED: &str = "a format of type 'json_schema' with its schema";
        let config: Option<OutputConfig> = self.take("output_config", EXPECTED)?;
        let config = config.unwrap_or_default();
        // The name that the field had at first.
        let format = match config.format {
            Some(format) => Some(format),
            None => self.take("output_format", EXPECTED)?,
        };
        let format = format.map_or(AnswerFormat::Text, OutputFormat::read);
        Ok((format, config.effort))
    }

    fn reasoning(&mut self, effort: Option<String>) -> Result<Option<Reasoning>, ParseError> {
        let thinking: Option<Thinking> = self.take(
            "thinking",
            "an object of type 'enabled', 'adaptive' or 'disabled'",
        )?;
        Ok(match (thinking, effort) {
            (Some(Thinking::Enabled { budget_tokens }), _) => {
                Some(Reasoning::Budget(budget_tokens))
            }
            (Some(Thinking::Disabled), _) => Some(Reasoning::Off),
            (_, Some(effort)) => Some(Reasoning::Effort(effort)),
            (Some(Thinking::Adaptive), None) => Some(Reasoning::On),
            (None, None) => None,
        })
    }
}

#[derive(Debug, Deserialize)]
struct RequestTool {
    r#type: Option<String>,
    name: String,
    description: Option<String>,
    input_schema: Option<Value>,
    strict: Option<bool>,
}

impl RequestTool {
    fn read(self) -> Result<Tool, ParseError> {
        if self.r#type.is_some_and(|kind| kind != "custom") {
            return Err(ParseError::Field {
                field: "tools",
                expected: "tools of the client's own, where another API or the local model answers",
            });
        }
        Ok(Tool {
            name: self.name,
            description: self.description,
            parameters: self.input_schema,
            strict: self.strict,
        })
    }
}

#[derive(Debug, Deserialize)]
struct RequestToolChoice {
    r#type: ChoiceType,
    name: Option<String>,
    disable_parallel_tool_use: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChoiceType {
    Auto,
    Any,
    Tool,
    None,
}

impl RequestToolChoice {
    fn read(self) -> Result<ToolChoice, ParseError> {
        match self.r#type {
            ChoiceType::Auto => Ok(ToolChoice::Auto),
            ChoiceType::Any => Ok(ToolChoice::Required),
            ChoiceType::None => Ok(ToolChoice::None),
            ChoiceType::Tool => self.name.map(ToolChoice::Named).ok_or(ParseError::Field {
                field: "tool_choice",
                expected: "the name of a tool beside type 'tool'",
            }),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct OutputConfig {
    format: Option<OutputFormat>,
    effort: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum OutputFormat {
    JsonSchema { schema: Value },
}

impl OutputFormat {
    fn read(self) -> AnswerFormat {
        let Self::JsonSchema { schema } = self;
        AnswerFormat::JsonSchema {
            name: None,
            schema,
            strict: None,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Thinking {
    Enabled { budget_tokens: u64 },
    Adaptive,
    Disabled,
}

#[cfg(test)]
mod tests;
