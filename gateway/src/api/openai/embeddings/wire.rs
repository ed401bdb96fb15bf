//! Requests for vectors and their answers as JSON has them.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::INPUT;
use crate::api::{
    ParseError,
    embedding::{EmbedRequest, Embedded, Encoding},
    openai::chat::{
        completion::to_json,
        options::{FieldType, wrong_field_of},
    },
};

/// Reads a request for the local encoder.
///
/// # Errors
/// A field of the wrong type; token ids, which are those of another model.
pub(super) fn read(body: &str) -> Result<EmbedRequest, ParseError> {
    let request: WireRequest = serde_json::from_str(body).map_err(|_| {
        wrong_field_of(body, TYPES).unwrap_or(ParseError::Field {
            field: INPUT.name,
            expected: "a text or several, where the local encoder answers",
        })
    })?;
    Ok(EmbedRequest {
        texts: match request.input {
            Input::One(text) => vec![text],
            Input::Many(texts) => texts,
        },
        field: INPUT.name,
        cuts: false,
        dimensions: request.dimensions,
        encoding: match request.encoding_format {
            None | Some(WireEncoding::Float) => Encoding::Float,
            Some(WireEncoding::Base64) => Encoding::Base64,
        },
    })
}

/// Writes the answer.
pub(super) fn write(model: &str, encoding: Encoding, embedded: &Embedded) -> Bytes {
    let data = (0..).zip(&embedded.vectors).map(|(index, vector)| Datum {
        object: "embedding",
        index,
        embedding: match encoding {
            Encoding::Float => WireVector::Float(vector),
            Encoding::Base64 => WireVector::Base64(base64(vector)),
        },
    });
    Bytes::from(to_json(&Answer {
        object: "list",
        data: data.collect(),
        model,
        usage: Usage {
            prompt_tokens: embedded.prompt_tokens,
            total_tokens: embedded.prompt_tokens,
        },
    }))
}

fn base64(vector: &[f32]) -> String {
    let bytes: Vec<u8> = vector.iter().flat_map(|it| it.to_le_bytes()).collect();
    STANDARD.encode(bytes)
}

#[derive(Deserialize)]
struct WireRequest {
    input: Input,
    encoding_format: Option<WireEncoding>,
    dimensions: Option<u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Input {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireEncoding {
    Float,
    Base64,
}

/// The fields that are read, beside the texts.
const TYPES: &[FieldType] = &[
    ("encoding_format", "'float' or 'base64'", is_encoding),
    ("dimensions", "a whole number from 0 up", Value::is_u64),
];

fn is_encoding(value: &Value) -> bool {
    matches!(value.as_str(), Some("float" | "base64"))
}

#[derive(Serialize)]
struct Answer<'a> {
    object: &'static str,
    data: Vec<Datum<'a>>,
    model: &'a str,
    usage: Usage,
}

#[derive(Serialize)]
struct Datum<'a> {
    object: &'static str,
    index: usize,
    embedding: WireVector<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum WireVector<'a> {
    Float(&'a [f32]),
    Base64(String),
}

#[derive(Serialize)]
struct Usage {
    prompt_tokens: u64,
    total_tokens: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_with_what_is_wanted_of_them() {
        let one = read(r#"{"model":"m","input":"a","encoding_format":null}"#).unwrap();
        assert!(one.texts == ["a"] && one.encoding == Encoding::Float && !one.cuts);
        let many =
            read(r#"{"model":"m","input":["a","b"],"encoding_format":"base64","dimensions":8}"#)
                .unwrap();
        assert!(many.texts == ["a", "b"] && many.encoding == Encoding::Base64);
        assert_eq!(many.dimensions, Some(8));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (fields, expected) in [
            (
                r#""input":[1,2]"#,
                "'input': expected a text or several, where the local encoder answers",
            ),
            (
                r#""input":"a","encoding_format":"int8""#,
                "'encoding_format': expected 'float' or 'base64'",
            ),
            (
                r#""input":"a","dimensions":-1"#,
                "'dimensions': expected a whole number from 0 up",
            ),
        ] {
            let error = read(&format!(r#"{{"model":"m",{fields}}}"#)).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn vectors_are_written_as_numbers_and_as_their_bytes() {
        let embedded = Embedded {
            vectors: vec![vec![0.5, -1.0], vec![0.25, 0.0]],
            prompt_tokens: 7,
            total_nanoseconds: 1,
        };
        let written = [Encoding::Float, Encoding::Base64].map(|encoding| {
            let body = write("m", encoding, &embedded);
            String::from_utf8(body.to_vec()).unwrap()
        });
        insta::assert_snapshot!(written.join("\n"));
        // 0.5 is 0x3f000000 (IEEE 754), its lowest byte first.
        assert_eq!(base64(&[0.5]), STANDARD.encode([0, 0, 0, 0x3f]));
    }
}
