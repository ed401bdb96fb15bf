//! What the command is told.

use std::env;

use local_engine::{DraftOptions, Error, ModelOptions, ModelSource};

/// The command line, read.
pub(crate) struct Arguments {
    pub(crate) model: String,
    pub(crate) draft: Option<String>,
    /// A `tokenizer.json` in place of the model's own.
    pub(crate) tokenizer: Option<String>,
    /// Times that each text is written, with and without guesses.
    pub(crate) rounds: usize,
}

impl Arguments {
    /// Reads the command line; an error says how it should look.
    pub(crate) fn of_command_line() -> Result<Self, String> {
        let (mut models, mut tokenizer, mut rounds) = (Vec::new(), None, USUAL_ROUNDS);
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--tokenizer" => tokenizer = Some(words.next().ok_or(USAGE)?),
                "--rounds" => {
                    let number = words.next().ok_or(USAGE)?;
                    rounds = number.parse().map_err(|_| USAGE)?;
                }
                _ => models.push(word),
            }
        }
        let mut models = models.into_iter();
        Ok(Self {
            model: models.next().ok_or(USAGE)?,
            draft: models.next(),
            tokenizer,
            rounds,
        })
    }

    /// The draft as the engine wants it.
    pub(crate) fn draft_options(&self) -> Result<Option<DraftOptions>, Error> {
        let Some(draft) = &self.draft else {
            return Ok(None);
        };
        Ok(Some(DraftOptions {
            source: ModelSource::resolve(draft)?,
            model: ModelOptions::default(),
        }))
    }
}

const USAGE: &str = "usage: speculation MODEL [DRAFT] [--tokenizer FILE] [--rounds N]";

const USUAL_ROUNDS: usize = 3;
