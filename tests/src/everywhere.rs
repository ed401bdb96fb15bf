//! Requests with personal data in every place that holds a string: a chat, prompts and a response of
//! `OpenAI`, messages of Anthropic, a chat and a prompt of Ollama.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::planted::{Plant, Planter};

/// A request, and what is planted where.
#[derive(Debug)]
pub struct Everywhere {
    /// The body.
    pub body: Value,
    /// Name of the place, and what stands there.
    pub plants: Vec<(&'static str, Plant)>,
}

impl Everywhere {
    /// Plants something else in each place.
    pub fn request(planter: &mut Planter) -> Self {
        let mut beds = Beds::new(planter);
        let mut body = json!({
            "model": beds.bare("model"),
            "messages": messages(&mut beds),
            "tools": tools(&mut beds),
        });
        if let (Value::Object(body), Value::Object(options)) = (&mut body, options(&mut beds)) {
            body.extend(options);
        }
        beds.with(body)
    }

    /// The same for prompts to complete.
    pub fn completion(planter: &mut Planter) -> Self {
        let mut beds = Beds::new(planter);
        let body = json!({
            "model": beds.bare("model"),
            "prompt": [beds.said("prompt"), beds.bare("prompt of a value"), beds.said("second prompt")],
            "suffix": beds.said("suffix"),
            "stop": [beds.bare("stop")],
            "user": beds.bare("user"),
            "logit_bias": { beds.bare("key of logit_bias"): 1 },
            "x_unknown": { "list": [beds.said("unknown field"), { beds.bare("unknown key"): true }] },
            "x_percent": beds.percent("percent-encoded"),
            "x_base64": beds.base64("base64"),
            "x_number": beds.number("unknown number"),
        });
        beds.with(body)
    }

    /// The same for texts to embed, in a field of this name: one, or several.
    pub fn embedding(planter: &mut Planter, field: &str) -> Self {
        let mut beds = Beds::new(planter);
        let texts = match field {
            "input" => json!([beds.said("text"), beds.bare("text of a value")]),
            _ => json!(beds.said("text")),
        };
        let body = json!({
            "model": beds.bare("model"),
            field: texts,
            "user": beds.bare("user"),
            "options": { "x": beds.said("option"), "num_ctx": 2048 },
            "x_unknown": { "list": [beds.said("unknown field"), { beds.bare("unknown key"): true }] },
            "x_base64": beds.base64("base64"),
            "x_number": beds.number("unknown number"),
        });
        beds.with(body)
    }

    /// The same for a chat of Ollama, whose answer is to be JSON.
    pub fn ollama_chat(planter: &mut Planter) -> Self {
        let mut beds = Beds::new(planter);
        let inner = json!({ "deep": beds.said("JSON inside a string") });
        let arguments = json!({
            "to": beds.said("tool arguments"),
            beds.bare("key of tool arguments"): 1,
            "card": beds.number("number in tool arguments"),
            "inner": inner.to_string(),
        });
        let body = json!({
            "model": beds.bare("model"),
            "messages": [
                { "role": "system", "content": beds.said("content") },
                { "role": beds.bare("role"), "content": beds.said("content of nobody") },
                { "role": "assistant", "content": "", "thinking": beds.said("thinking"), "tool_calls": [{
                    "id": beds.bare("id of a tool call"),
                    "function": { "index": 0, "name": beds.bare("name of a called tool"), "arguments": arguments },
                }] },
                { "role": "tool", "content": beds.said("tool result"), "tool_name": beds.bare("tool_name"),
                  "tool_call_id": beds.bare("tool_call_id") },
                { "role": "user", "content": "What now?", "note": beds.said("unknown field of a message") },
            ],
            "tools": tools(&mut beds),
            "think": beds.bare("think"),
            "options": ollama_options(&mut beds),
            "format": { "type": "object", "title": beds.said("title in a schema"), "const": beds.bare("const in a schema") },
        });
        beds.with(body)
    }

    /// The same for a prompt of Ollama.
    pub fn ollama_prompt(planter: &mut Planter) -> Self {
        let mut beds = Beds::new(planter);
        let body = json!({
            "model": beds.bare("model"),
            "prompt": beds.said("prompt"),
            "system": beds.said("system"),
            "suffix": beds.said("suffix"),
            "template": beds.said("template"),
            "options": ollama_options(&mut beds),
            "keep_alive": beds.bare("keep_alive"),
            "format": "json",
        });
        beds.with(body)
    }

    /// The same for messages of Anthropic.
    pub fn messages(planter: &mut Planter) -> Self {
        let mut beds = Beds::new(planter);
        let mut body = json!({
            "max_tokens": 64,
            "messages": anthropic_messages(&mut beds),
            "model": beds.bare("model"),
            "system": [{ "type": "text", "text": beds.said("system"), "cache_control": { "type": "ephemeral" } }],
        });
        if let (Value::Object(body), Value::Object(options)) =
            (&mut body, anthropic_options(&mut beds))
        {
            body.extend(options);
        }
        beds.with(body)
    }

    /// The same for a response of `OpenAI`, whose text is to be JSON.
    pub fn responses(planter: &mut Planter) -> Self {
        let mut beds = Beds::new(planter);
        let mut body = json!({
            "model": beds.bare("model"),
            "instructions": beds.said("instructions"),
            "input": responses_input(&mut beds),
        });
        if let (Value::Object(body), Value::Object(options)) =
            (&mut body, responses_options(&mut beds))
        {
            body.extend(options);
        }
        beds.with(body)
    }

    /// What must not be seen.
    pub fn originals(&self) -> Vec<&str> {
        self.plants
            .iter()
            .map(|(_, plant)| plant.original.as_str())
            .collect()
    }
}

/// The strings of a JSON value, keys and long numbers included, those inside JSON strings in the
/// place of their string: what a provider can read in it.
pub fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(number) => Some(number.to_string())
            .filter(|n| n.len() >= 9)
            .into_iter()
            .collect(),
        Value::String(text) => match serde_json::from_str(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => strings(&inner),
            _ => vec![text.clone()],
        },
        Value::Array(elements) => elements.iter().flat_map(strings).collect(),
        Value::Object(members) => {
            let member =
                |(name, value): (&String, &Value)| [vec![name.clone()], strings(value)].concat();
            members.iter().flat_map(member).collect()
        }
    }
}

fn messages(beds: &mut Beds<'_>) -> Value {
    let twice =
        json!({ "deep": json!({ "deeper": beds.said("JSON twice inside a string") }).to_string() });
    let arguments = json!({
        "to": beds.said("tool arguments"),
        beds.bare("key of tool arguments"): 1,
        "card": beds.number("number in tool arguments"),
        "inner": twice.to_string(),
    });
    let result = json!({ "rows": [beds.said("tool result in JSON")] });
    json!([
        { "role": "system", "content": beds.said("content"), "name": beds.bare("name") },
        { "role": "user", "content": [
            { "type": "text", "text": beds.said("content part") },
            { "type": "text", "text": "And?", "cache_control": { "note": beds.said("unknown field of a part") } },
        ] },
        { "role": "assistant", "content": null, "refusal": beds.said("refusal"), "tool_calls": [{
            "id": beds.bare("id of a tool call"), "type": "function",
            "function": { "name": beds.bare("name of a called tool"), "arguments": arguments.to_string() },
        }] },
        { "role": "tool", "tool_call_id": beds.bare("id of a tool result"), "content": result.to_string() },
        { "role": beds.bare("role"), "content": beds.said("tool result in prose") },
        { "role": "user", "content": "What now?" },
    ])
}

fn tools(beds: &mut Beds<'_>) -> Value {
    json!([{ "type": "function", "function": {
        "name": beds.bare("name of a tool"),
        "description": beds.said("description of a tool"),
        "parameters": { "type": "object", "required": [beds.bare("required parameter")], "properties": {
            beds.bare("name of a parameter"): {
                "type": "string",
                "description": beds.said("description of a parameter"),
                "enum": [beds.bare("enum of a parameter")],
                "default": beds.bare("default of a parameter"),
            },
        } },
    } }])
}

fn options(beds: &mut Beds<'_>) -> Value {
    json!({
        "user": beds.bare("user"),
        "safety_identifier": beds.bare("safety_identifier"),
        "prompt_cache_key": beds.bare("prompt_cache_key"),
        "service_tier": beds.bare("service_tier"),
        "metadata": { beds.bare("key of metadata"): beds.said("value of metadata") },
        "stop": [beds.bare("stop")],
        "tool_choice": { "type": "function", "function": { "name": beds.bare("tool_choice") } },
        "response_format": { "type": "json_schema", "json_schema": {
            "name": beds.bare("name of a schema"),
            "description": beds.said("description of a schema"),
            "schema": { "type": "object", "title": beds.said("title in a schema"), "const": beds.bare("const in a schema") },
        } },
        "prediction": { "type": "content", "content": beds.said("prediction") },
        "web_search_options": { "user_location": { "approximate": { "city": beds.said("location") } } },
        "x_unknown": { "list": [beds.said("unknown field"), { beds.bare("unknown key"): true }] },
        "x_percent": beds.percent("percent-encoded"),
        "x_base64": beds.base64("base64"),
        "x_number": beds.number("unknown number"),
    })
}

fn responses_input(beds: &mut Beds<'_>) -> Value {
    let inner = json!({ "deep": beds.said("JSON inside a string") });
    let arguments = json!({
        "to": beds.said("arguments"),
        beds.bare("key of arguments"): 1,
        "card": beds.number("number in arguments"),
        "inner": inner.to_string(),
    });
    json!([
        { "role": "user", "content": beds.said("content") },
        { "type": "message", "role": "user", "content": [
            { "type": "input_text", "text": beds.said("text"), "note": beds.bare("unknown field of a part") }] },
        { "type": "reasoning", "id": beds.bare("id of thoughts"), "encrypted_content": beds.bare("encrypted_content"),
            "summary": [{ "type": "summary_text", "text": beds.said("summary") }],
            "content": [{ "type": "reasoning_text", "text": beds.said("thought") }] },
        { "type": "message", "id": beds.bare("id of a message"), "status": beds.bare("status"), "role": "assistant",
            "content": [
                { "type": "output_text", "text": beds.said("output_text"), "annotations": [{ "type": "url_citation",
                    "url": beds.percent("url of an annotation"), "title": beds.bare("title of an annotation") }] },
                { "type": "refusal", "refusal": beds.said("refusal") }] },
        { "type": "function_call", "id": "fc_1", "call_id": beds.bare("call_id"), "name": beds.bare("name of a called tool"),
            "arguments": arguments.to_string() },
        { "type": "function_call_output", "call_id": beds.bare("call_id of a result"), "output": beds.said("output") },
        { "type": "function_call_output", "call_id": "call_2", "output": [
            { "type": "input_text", "text": beds.said("text of a result") }] },
        { "type": "custom_tool_call", "call_id": "call_3", "name": "f", "input": beds.said("custom input") },
        { "type": "custom_tool_call_output", "call_id": "call_3", "output": beds.said("custom output") },
        { "type": "web_search_call", "id": "ws_1", "status": "completed", "action": { "type": "search", "query": beds.said("query") } },
        { "type": "mcp_call", "id": "mcp_1", "server_label": beds.bare("server_label"), "name": "f",
            "arguments": "{}", "output": beds.said("output of a server") },
        { "role": beds.bare("role"), "content": beds.said("content of nobody"), "note": beds.said("unknown field of an item") },
        { "role": "user", "content": "What now?" },
    ])
}

fn responses_options(beds: &mut Beds<'_>) -> Value {
    json!({
        "user": beds.bare("user"),
        "safety_identifier": beds.bare("safety_identifier"),
        "prompt_cache_key": beds.bare("prompt_cache_key"),
        "metadata": { beds.bare("key of metadata"): beds.said("value of metadata") },
        "prompt": { "id": "pmpt_1", "variables": { beds.bare("variable"): beds.said("value of a variable") } },
        "tools": [
            { "type": "function", "name": beds.bare("name of a tool"), "description": beds.said("description of a tool"),
                "parameters": { "type": "object", "properties": { beds.bare("name of a parameter"): {
                    "description": beds.said("description of a parameter"), "enum": [beds.bare("enum of a parameter")] } } } },
            { "type": "mcp", "server_label": "s", "server_url": beds.percent("server_url"),
                "headers": { "authorization": beds.bare("authorization of a server") } },
            { "type": "web_search", "user_location": { "type": "approximate", "city": beds.said("location") } },
        ],
        "tool_choice": { "type": "function", "name": beds.bare("tool_choice") },
        "text": { "format": { "type": "json_schema", "name": beds.bare("name of a schema"),
            "description": beds.said("description of a schema"),
            "schema": { "type": "object", "title": beds.said("title in a schema"), "const": beds.bare("const in a schema") } } },
        "reasoning": { "effort": beds.bare("effort") },
        "include": [beds.bare("include")],
        "x_unknown": { "list": [beds.said("unknown field"), { beds.bare("unknown key"): true }] },
        "x_base64": beds.base64("base64"),
        "x_number": beds.number("unknown number"),
    })
}

fn ollama_options(beds: &mut Beds<'_>) -> Value {
    json!({
        "stop": [beds.bare("stop")],
        "seed": 42,
        "temperature": beds.bare("text for a number"),
        "x_number": beds.number("unknown number"),
        beds.bare("unknown key"): { "list": [beds.said("unknown field")] },
        "x_percent": beds.percent("percent-encoded"),
        "x_base64": beds.base64("base64"),
    })
}

fn anthropic_messages(beds: &mut Beds<'_>) -> Value {
    let input = json!({
        "to": beds.said("tool input"),
        beds.bare("key of tool input"): 1,
        "card": beds.number("number in tool input"),
        "inner": json!({ "deep": beds.said("JSON inside a string") }).to_string(),
    });
    json!([
        { "role": "user", "content": beds.said("content") },
        { "role": "assistant", "content": [
            { "type": "thinking", "thinking": beds.said("thinking"), "signature": beds.bare("signature") },
            { "type": "redacted_thinking", "data": beds.bare("data of redacted thinking") },
            { "type": "text", "text": beds.said("text"), "citations": [{ "cited_text": beds.said("cited_text"),
                "document_title": beds.bare("document_title"), "encrypted_index": beds.bare("encrypted_index") }] },
            { "type": "tool_use", "id": beds.bare("id of a call"), "name": beds.bare("name of a called tool"), "input": input },
            { "type": "server_tool_use", "id": beds.bare("id of a server's call"), "name": "web_search",
                "input": { "query": beds.said("query") } },
            { "type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [
                { "type": "web_search_result", "title": beds.bare("title of a result"),
                    "encrypted_content": beds.bare("encrypted_content") }] },
        ] },
        { "role": "user", "content": [
            { "type": "tool_result", "tool_use_id": beds.bare("tool_use_id"), "content": beds.said("tool result") },
            { "type": "tool_result", "tool_use_id": "toolu_2", "is_error": true, "content": [
                { "type": "text", "text": beds.said("text in a tool result") }] },
            { "type": "document", "title": beds.bare("title of a document"), "context": beds.said("context of a document"),
                "source": { "type": "text", "media_type": "text/plain", "data": beds.said("data of a document") } },
            { "type": "document", "source": { "type": "content", "content": [
                { "type": "text", "text": beds.said("text in a document") }] } },
            { "type": "search_result", "source": beds.percent("source of a search result"),
                "title": beds.bare("title of a search result"), "content": [{ "type": "text", "text": beds.said("search result") }] },
        ] },
        { "role": beds.bare("role"), "content": beds.said("content of nobody"), "note": beds.said("unknown field of a message") },
        { "role": "user", "content": "What now?" },
    ])
}

fn anthropic_options(beds: &mut Beds<'_>) -> Value {
    json!({
        "metadata": { "user_id": beds.bare("user_id") },
        "stop_sequences": [beds.bare("stop_sequences")],
        "tools": [{ "name": beds.bare("name of a tool"), "description": beds.said("description of a tool"),
            "input_schema": { "type": "object", "properties": { beds.bare("name of a parameter"): {
                "description": beds.said("description of a parameter"), "enum": [beds.bare("enum of a parameter")] } } } }],
        "tool_choice": { "type": "tool", "name": beds.bare("tool_choice") },
        "output_config": { "format": { "type": "json_schema", "schema": { "type": "object",
            "title": beds.said("title in a schema") } }, "effort": beds.bare("effort") },
        "service_tier": beds.bare("service_tier"),
        "container": beds.bare("container"),
        "mcp_servers": [{ "type": "url", "url": beds.percent("url of a server"), "name": beds.bare("name of a server"),
            "authorization_token": beds.bare("authorization_token") }],
        "x_unknown": { "list": [beds.said("unknown field"), { beds.bare("unknown key"): true }] },
        "x_base64": beds.base64("base64"),
        "x_number": beds.number("unknown number"),
    })
}

/// Plants, and remembers where.
struct Beds<'p> {
    planter: &'p mut Planter,
    plants: Vec<(&'static str, Plant)>,
}

impl<'p> Beds<'p> {
    fn new(planter: &'p mut Planter) -> Self {
        let plants = Vec::new();
        Self { planter, plants }
    }

    fn with(self, body: Value) -> Everywhere {
        let plants = self.plants;
        Everywhere { body, plants }
    }

    /// The plant by itself.
    fn bare(&mut self, place: &'static str) -> String {
        let plant = self.planter.draw();
        let text = plant.text.clone();
        self.plants.push((place, plant));
        text
    }

    /// The plant in a sentence.
    fn said(&mut self, place: &'static str) -> String {
        let text = self.bare(place);
        format!("She wrote: {text} is „mine\u{201c}.\n\tBye")
    }

    /// The plant in the query of a URL.
    fn percent(&mut self, place: &'static str) -> String {
        let encode = |byte: u8| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        let encoded: String = self.bare(place).bytes().map(encode).collect();
        format!("https://example.com/search?q={encoded}&page=1")
    }

    /// The plant in base64, as an attachment would be.
    fn base64(&mut self, place: &'static str) -> String {
        let text = self.bare(place);
        STANDARD.encode(format!("Dear sir, this is for {text} only."))
    }

    /// A payment card as a JSON number, as long as there are some.
    fn number(&mut self, place: &'static str) -> Value {
        let Some(plant) = self.planter.card_number() else {
            return Value::Null;
        };
        let number = plant.text.parse::<u64>().map_or(Value::Null, Value::from);
        self.plants.push((place, plant));
        number
    }
}
