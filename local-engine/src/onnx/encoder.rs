//! An encoder graph in an ONNX Runtime session: it reads whole texts at once and keeps nothing.

use ort::{
    session::{Session, SessionInputValue},
    value::{DynValue, Tensor, TensorElementType, ValueType},
};

use super::session;
use crate::{Error, Provider, model::EncoderFiles};

/// A loaded encoder.
#[derive(Debug)]
pub(crate) struct EncoderGraph {
    session: Session,
    inputs: Vec<Input>,
    output: Output,
    output_name: String,
    providers: Vec<Provider>,
}

/// What the graph is run for, its first output of a known name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// `sentence_embedding` [texts, width]: pooled by the graph.
    Sentence,
    /// `last_hidden_state` or `token_embeddings` [texts, tokens, width].
    Hidden,
    /// `logits` [texts, labels].
    TextScores,
    /// `logits` [texts, tokens, labels].
    TokenScores,
}

/// Texts that are read together, the shorter ones filled up on the right.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Number of texts.
    pub(crate) rows: usize,
    /// Tokens of the longest.
    pub(crate) tokens: usize,
    /// [rows, tokens].
    pub(crate) ids: Vec<i64>,
    /// [rows, tokens]: 1 for a token of the text, 0 for filling.
    pub(crate) mask: Vec<i64>,
    /// [rows, tokens]: 0, or what the model's configuration makes of them.
    pub(crate) types: Vec<i64>,
}

/// What came back, as 32-bit floats: [rows, width] or [rows, tokens, width].
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) values: Vec<f32>,
    /// The last dimension.
    pub(crate) width: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    TokenIds,
    AttentionMask,
    TokenTypes,
    Positions,
}

impl Input {
    const ALL: [Self; 4] = [
        Self::TokenIds,
        Self::AttentionMask,
        Self::TokenTypes,
        Self::Positions,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::TokenIds => "input_ids",
            Self::AttentionMask => "attention_mask",
            Self::TokenTypes => "token_type_ids",
            Self::Positions => "position_ids",
        }
    }

    fn values(self, batch: &Batch) -> Vec<i64> {
        let count = batch.rows * batch.tokens;
        match self {
            Self::TokenIds => batch.ids.clone(),
            Self::AttentionMask => batch.mask.clone(),
            Self::TokenTypes => batch.types.clone(),
            Self::Positions => (0..).take(batch.tokens).cycle().take(count).collect(),
        }
    }
}

impl EncoderGraph {
    /// Loads an encoder's graph.
    ///
    /// # Errors
    /// The graph is malformed, refused by ONNX Runtime, or no encoder the engine can feed.
    pub(crate) fn load(files: &EncoderFiles, threads: Option<usize>) -> Result<Self, Error> {
        let file = files.graph.file();
        let opened = session::open(&files.graph, threads, &files.providers)?;
        let session = opened.session;
        let inputs = inputs(&session, &file)?;
        let (output, output_name) = output(&session, &file)?;
        Ok(Self {
            session,
            inputs,
            output,
            output_name,
            providers: opened.providers,
        })
    }

    /// What the graph is run for.
    pub(crate) fn output(&self) -> Output {
        self.output
    }

    /// The execution providers that were taken.
    pub(crate) fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// Reads the texts of a batch.
    ///
    /// # Errors
    /// [`Error::Inference`], or [`Error::LogitsInvalid`] for answers that are no numbers.
    pub(crate) fn run(&mut self, batch: &Batch) -> Result<Answer, Error> {
        let answer = self.run_session(batch).map_err(|source| Error::Inference {
            source: Box::new(source),
        })?;
        if answer.values.iter().all(|value| value.is_finite()) {
            Ok(answer)
        } else {
            Err(Error::LogitsInvalid)
        }
    }

    fn run_session(&mut self, batch: &Batch) -> ort::Result<Answer> {
        let mut values = Vec::new();
        for input in &self.inputs {
            let shape = [batch.rows, batch.tokens];
            let tensor = Tensor::from_array((shape, input.values(batch)))?;
            values.push((input.name(), SessionInputValue::from(tensor)));
        }
        let mut outputs = self.session.run(values)?;
        let missing = || ort::Error::new("the output did not come back");
        let value = outputs.remove(&self.output_name).ok_or_else(missing)?;
        floats(&value)
    }
}

fn inputs(session: &Session, file: &str) -> Result<Vec<Input>, Error> {
    let known = |name: &str| Input::ALL.into_iter().find(|input| input.name() == name);
    let mut inputs = Vec::new();
    for outlet in session.inputs() {
        let refused = |reason: &str| Error::InputUnsupported {
            file: file.to_owned(),
            input: outlet.name().to_owned(),
            reason: reason.to_owned(),
        };
        let input = known(outlet.name()).ok_or_else(|| refused("text encoders have none such"))?;
        let is_usual = match outlet.dtype() {
            ValueType::Tensor { ty, shape, .. } => {
                *ty == TensorElementType::Int64 && shape.iter().all(|size| *size < 0)
            }
            ValueType::Sequence(_) | ValueType::Map { .. } | ValueType::Optional(_) => false,
        };
        if !is_usual {
            return Err(refused("64-bit integers of open shape are expected"));
        }
        inputs.push(input);
    }
    if inputs.contains(&Input::TokenIds) {
        Ok(inputs)
    } else {
        Err(not_an_encoder(file, "no input is called `input_ids`"))
    }
}

fn output(session: &Session, file: &str) -> Result<(Output, String), Error> {
    let names = [
        "logits",
        "sentence_embedding",
        "last_hidden_state",
        "token_embeddings",
    ];
    let outputs = session.outputs();
    let found = names
        .iter()
        .find_map(|name| outputs.iter().find(|output| output.name() == *name));
    let Some(found) = found else {
        let reason = format!("no output is called `{}`", names.join("` or `"));
        return Err(not_an_encoder(file, &reason));
    };
    let rank = match found.dtype() {
        ValueType::Tensor { shape, .. } => shape.len(),
        ValueType::Sequence(_) | ValueType::Map { .. } | ValueType::Optional(_) => 0,
    };
    let output = match (found.name(), rank) {
        ("logits", 2) => Output::TextScores,
        ("logits", 3) => Output::TokenScores,
        ("sentence_embedding", 2) => Output::Sentence,
        ("last_hidden_state" | "token_embeddings", 3) => Output::Hidden,
        (name, rank) => {
            let reason = format!("`{name}` has {rank} dimensions");
            return Err(not_an_encoder(file, &reason));
        }
    };
    Ok((output, found.name().to_owned()))
}

fn floats(value: &DynValue) -> ort::Result<Answer> {
    let half = TensorElementType::Float16;
    let is_half = matches!(value.dtype(), ValueType::Tensor { ty, .. } if *ty == half);
    let (shape, values) = if is_half {
        let (shape, values) = value.try_extract_tensor::<half::f16>()?;
        (shape, values.iter().map(|value| value.to_f32()).collect())
    } else {
        let (shape, values) = value.try_extract_tensor::<f32>()?;
        (shape, values.to_vec())
    };
    let width = shape.last().and_then(|size| usize::try_from(*size).ok());
    Ok(Answer {
        values,
        width: width.unwrap_or(0),
    })
}

fn not_an_encoder(file: &str, reason: &str) -> Error {
    Error::NotAnEncoder {
        file: file.to_owned(),
        reason: reason.to_owned(),
    }
}
