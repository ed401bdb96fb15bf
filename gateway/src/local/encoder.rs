//! The encoder in this process: texts as vectors.

use std::sync::Arc;

use local_engine::{Embedding, Encoder, EncoderOptions, ModelSource};

use crate::{
    api::{
        ParseError,
        embedding::{EmbedRequest, Embedded},
    },
    error::Error,
};

/// A loaded sentence encoder. Requests take turns, a few texts at a time.
#[derive(Debug, Clone)]
pub(crate) struct TextEncoder {
    encoder: Arc<Encoder>,
    /// Components of each vector.
    width: usize,
}

impl TextEncoder {
    /// Loads an encoder. Blocks while weights are read.
    ///
    /// # Errors
    /// The model's files are not sound, or it gives no vectors.
    pub(crate) fn open(
        source: &ModelSource,
        threads: Option<usize>,
        memory: Option<u64>,
    ) -> Result<Self, local_engine::Error> {
        let options = EncoderOptions {
            threads,
            memory,
            ..EncoderOptions::default()
        };
        let encoder = Encoder::open(source, &options)?;
        let tried = encoder.embed(&["a"])?;
        Ok(Self {
            width: tried.first().map_or(0, |embedding| embedding.vector.len()),
            encoder: Arc::new(encoder),
        })
    }

    /// The model's name.
    pub(crate) fn name(&self) -> &str {
        self.encoder.name()
    }

    /// The vector of each text. Dropping the future ends the work after the texts that are being read.
    ///
    /// # Errors
    /// [`Error::LocalField`] for too many texts, for one that may not be cut and is too long, and for
    /// vectors of another width than the model's; [`Error::Engine`] for what the encoder fails at.
    pub(crate) async fn embed(&self, request: &EmbedRequest) -> Result<Embedded, Error> {
        let is_width = |wanted| u64::try_from(self.width).is_ok_and(|width| width == wanted);
        if !request.dimensions.is_none_or(is_width) {
            return Err(Error::LocalField(ParseError::Field {
                field: "dimensions",
                expected: "as many as the local encoder's vectors have, or none",
            }));
        }
        if request.texts.len() > MOST_TEXTS {
            return Err(Error::LocalField(ParseError::Field {
                field: request.field,
                expected: "at most 2048 texts",
            }));
        }
        let mut embedded = Embedded::default();
        for texts in request.texts.chunks(TEXTS_AT_A_TIME) {
            for embedding in self.vectors(texts.to_vec()).await? {
                if embedding.is_cut && !request.cuts {
                    return Err(Error::LocalField(ParseError::Field {
                        field: request.field,
                        expected: "texts that the local encoder can read whole",
                    }));
                }
                embedded.prompt_tokens += embedding.tokens as u64;
                embedded.vectors.push(embedding.vector);
            }
        }
        Ok(embedded)
    }

    async fn vectors(&self, texts: Vec<String>) -> Result<Vec<Embedding>, Error> {
        let encoder = Arc::clone(&self.encoder);
        let embed = move || {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            encoder.embed(&texts)
        };
        let embedded = tokio::task::spawn_blocking(embed).await;
        Ok(embedded.map_err(|_| Error::Internal)??)
    }
}

/// As `OpenAI` has it: all vectors are in memory before the first one is sent.
const MOST_TEXTS: usize = 2048;

/// As many as the encoder reads in one run.
const TEXTS_AT_A_TIME: usize = 16;
