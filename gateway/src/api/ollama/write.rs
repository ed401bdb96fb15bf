//! A conversation, written as a request.
//!
//! Left out is what only asks for more care than Ollama takes: a schema's name and strictness, and
//! how many tokens a model may think for. That a tool failed is said by its text.

use router::complexity::Role;
use serde_json::{Map, Value, json};

use super::{
    Endpoint,
    calls::Calls,
    member::wrong,
    options,
    read::{LEVELS, json as to_json},
};
use crate::api::{
    ParseError,
    conversation::{
        AnswerFormat, Conversation, Image, Message, Part, Reasoning, Tool, ToolCall, ToolChoice,
    },
};

/// Writes a request.
///
/// # Errors
/// Names what Ollama can't say.
pub(super) fn request(
    endpoint: Endpoint,
    conversation: &Conversation,
) -> Result<String, ParseError> {
    let mut request = Map::new();
    request.insert("model".to_owned(), json!(conversation.model));
    match endpoint {
        Endpoint::Chat => {
            let messages = messages(&conversation.messages)?;
            request.insert("messages".to_owned(), Value::Array(messages));
            let tools = tools(conversation)?;
            if !tools.is_empty() {
                request.insert("tools".to_owned(), Value::Array(tools));
            }
        }
        Endpoint::Generate => prompt(conversation, &mut request)?,
    }
    request.insert("stream".to_owned(), json!(conversation.stream));
    if let Some(format) = format(&conversation.format) {
        request.insert("format".to_owned(), format);
    }
    if let Some(reasoning) = &conversation.reasoning {
        request.insert("think".to_owned(), think(reasoning)?);
    }
    if conversation.answers.is_some_and(|answers| answers > 1) {
        return Err(wrong("n", "1, since Ollama gives one answer"));
    }
    if let Some(count) = conversation.top_logprobs {
        request.insert("logprobs".to_owned(), json!(true));
        request.insert("top_logprobs".to_owned(), json!(count));
    }
    let options = options::write(conversation)?;
    if !options.is_empty() {
        request.insert("options".to_owned(), Value::Object(options));
    }
    Ok(to_json(&request))
}

fn messages(messages: &[Message]) -> Result<Vec<Value>, ParseError> {
    let mut calls = Calls::default();
    let mut written = Vec::with_capacity(messages.len());
    for message in messages {
        let mut draft = Draft::default();
        for part in &message.parts {
            match part {
                Part::ToolResult(result) => {
                    // A result is a message of its own, and what stands beside it another.
                    let mut of_result = Draft::default();
                    result
                        .parts
                        .iter()
                        .try_for_each(|part| of_result.add(part, &mut calls))?;
                    let name = result.name.as_deref().or_else(|| calls.tool(&result.id));
                    let mut result_message = of_result.message("tool");
                    if let Some(name) = name {
                        result_message.insert("tool_name".to_owned(), json!(name));
                    }
                    result_message.insert("tool_call_id".to_owned(), json!(result.id));
                    written.push(Value::Object(result_message));
                }
                Part::Text(_)
                | Part::Image(_)
                | Part::Reasoning(_)
                | Part::Refusal(_)
                | Part::ToolCall(_) => draft.add(part, &mut calls)?,
            }
        }
        if message.name.is_some() {
            return Err(wrong(
                "messages.name",
                "nothing, since Ollama's speakers have none",
            ));
        }
        if !draft.is_empty() {
            written.push(Value::Object(draft.message(role(message.role))));
        }
    }
    Ok(written)
}

/// A message in the making.
#[derive(Debug, Default)]
struct Draft {
    content: Option<String>,
    thinking: Option<String>,
    images: Vec<Value>,
    tool_calls: Vec<Value>,
}

impl Draft {
    fn add(&mut self, part: &Part, calls: &mut Calls) -> Result<(), ParseError> {
        match part {
            Part::Text(text) | Part::Refusal(text) => add_line(&mut self.content, text),
            Part::Reasoning(thought) => add_line(&mut self.thinking, thought),
            Part::Image(picture) => self.images.push(image(picture)?),
            Part::ToolCall(call) => {
                calls.make(Some(&call.id), &call.name);
                let index = self.tool_calls.len();
                self.tool_calls.push(tool_call(index, call)?);
            }
            Part::ToolResult(_) => {
                return Err(wrong("messages.content", "no result within a result"));
            }
        }
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.content.is_none()
            && self.thinking.is_none()
            && self.images.is_empty()
            && self.tool_calls.is_empty()
    }

    fn message(self, role: &str) -> Map<String, Value> {
        let mut message = Map::new();
        message.insert("role".to_owned(), json!(role));
        let content = self.content.unwrap_or_default();
        message.insert("content".to_owned(), Value::String(content));
        if let Some(thinking) = self.thinking {
            message.insert("thinking".to_owned(), Value::String(thinking));
        }
        for (name, list) in [("images", self.images), ("tool_calls", self.tool_calls)] {
            if !list.is_empty() {
                message.insert(name.to_owned(), Value::Array(list));
            }
        }
        message
    }
}

/// Texts of one message stand on lines of their own.
fn add_line(text: &mut Option<String>, line: &str) {
    match text {
        Some(text) => {
            text.push('\n');
            text.push_str(line);
        }
        None => *text = Some(line.to_owned()),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    }
}

fn tool_call(index: usize, call: &ToolCall) -> Result<Value, ParseError> {
    let arguments = arguments(&call.arguments).ok_or(wrong(
        "messages.tool_calls.function.arguments",
        "a JSON object",
    ))?;
    let function = json!({"index": index, "name": call.name, "arguments": arguments});
    Ok(json!({"id": call.id, "function": function}))
}

/// Arguments as the object that Ollama has them as; none at all are an empty one. `None` where they
/// are no object.
pub(super) fn arguments(json: &str) -> Option<Map<String, Value>> {
    if json.trim().is_empty() {
        return Some(Map::new());
    }
    serde_json::from_str(json).ok()
}

fn image(image: &Image) -> Result<Value, ParseError> {
    let data = match image {
        Image::Base64 { data, .. } => data.as_str(),
        // RFC 2397; a picture somewhere else would have to be fetched.
        Image::Url(url) => url
            .strip_prefix("data:")
            .and_then(|url| url.split_once(";base64,"))
            .map(|(_, data)| data)
            .ok_or(wrong(
                "messages.image_url",
                "a picture in the request itself, since Ollama fetches none",
            ))?,
    };
    Ok(json!(data))
}

fn tools(conversation: &Conversation) -> Result<Vec<Value>, ParseError> {
    if conversation.parallel_tool_calls == Some(false) && !conversation.tools.is_empty() {
        let expected = "true, since Ollama can't keep a model to one call";
        return Err(wrong("parallel_tool_calls", expected));
    }
    match conversation.tool_choice {
        ToolChoice::Auto => Ok(conversation.tools.iter().map(tool).collect()),
        // What a model does not know of, it can't call.
        ToolChoice::None => Ok(Vec::new()),
        ToolChoice::Required | ToolChoice::Named(_) => Err(wrong(
            "tool_choice",
            "'auto' or 'none', since Ollama can't make a model call a tool",
        )),
    }
}

fn tool(tool: &Tool) -> Value {
    let mut function = Map::new();
    function.insert("name".to_owned(), json!(tool.name));
    if let Some(description) = &tool.description {
        function.insert("description".to_owned(), json!(description));
    }
    let parameters = tool.parameters.clone();
    let parameters = parameters.unwrap_or_else(|| json!({"type": "object", "properties": {}}));
    function.insert("parameters".to_owned(), parameters);
    json!({"type": "function", "function": function})
}

/// A conversation as one prompt: instructions, then what the user says.
fn prompt(conversation: &Conversation, request: &mut Map<String, Value>) -> Result<(), ParseError> {
    if !conversation.tools.is_empty() {
        return Err(wrong("tools", "none beside a prompt"));
    }
    let (mut system, mut draft) = (None, Draft::default());
    for message in &conversation.messages {
        match message.role {
            Role::System => add_line(&mut system, &message.text()),
            Role::User if draft.is_empty() => {
                let mut calls = Calls::default();
                let mut parts = message.parts.iter();
                parts.try_for_each(|part| draft.add(part, &mut calls))?;
            }
            Role::User | Role::Assistant | Role::Tool => {
                return Err(wrong("messages", "one message of the user as the prompt"));
            }
        }
    }
    let prompt = draft.content.unwrap_or_default();
    request.insert("prompt".to_owned(), Value::String(prompt));
    if let Some(system) = system {
        request.insert("system".to_owned(), Value::String(system));
    }
    if !draft.images.is_empty() {
        request.insert("images".to_owned(), Value::Array(draft.images));
    }
    Ok(())
}

fn format(format: &AnswerFormat) -> Option<Value> {
    match format {
        AnswerFormat::Text => None,
        AnswerFormat::Json => Some(json!("json")),
        AnswerFormat::JsonSchema { schema, .. } => Some(schema.clone()),
    }
}

/// The nearest that Ollama knows.
fn think(reasoning: &Reasoning) -> Result<Value, ParseError> {
    match reasoning {
        Reasoning::Off => Ok(json!(false)),
        Reasoning::On | Reasoning::Budget(_) => Ok(json!(true)),
        Reasoning::Effort(effort) => match effort.as_str() {
            "none" => Ok(json!(false)),
            "minimal" => Ok(json!("low")),
            "xhigh" => Ok(json!("max")),
            level if LEVELS.contains(&level) => Ok(json!(level)),
            _ => Err(wrong("reasoning_effort", "'low', 'medium' or 'high'")),
        },
    }
}
