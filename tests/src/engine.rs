//! An engine that never ends by itself.

use std::thread;

use local_engine::{
    Engine, EngineLoad, Error, Event, GenerateRequest, Generation, ModelSummary, Prompt,
};
use tokio::sync::{mpsc, watch};

use crate::{PATIENCE, within};

/// Generates until its reader leaves.
#[derive(Debug)]
pub struct EndlessEngine {
    summary: ModelSummary,
    running: watch::Sender<usize>,
}

impl EndlessEngine {
    /// An engine with nothing to do.
    pub fn new() -> Self {
        let summary = ModelSummary {
            name: "endless".to_owned(),
            family: "endless".to_owned(),
            context_tokens: 4096,
            vocabulary: 1,
            file: String::new(),
            prefill_file: None,
            variant: "endless".to_owned(),
            reason: "it is a stub".to_owned(),
            providers: Vec::new(),
            weight_bytes: 0,
            tools: true,
            adapters: Vec::new(),
            draft_file: None,
        };
        Self {
            summary,
            running: watch::Sender::new(0),
        }
    }

    /// Waits until this many requests are being generated.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn running(&self, requests: usize) {
        let mut running = self.running.subscribe();
        let reached = running.wait_for(|now| *now == requests);
        within(PATIENCE, "the engine's load", reached)
            .await
            .expect("the engine is there");
    }
}

impl Default for EndlessEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for EndlessEngine {
    fn model(&self) -> &ModelSummary {
        &self.summary
    }

    fn count_tokens(&self, _: &Prompt) -> Result<usize, Error> {
        Ok(1)
    }

    fn generate(&self, _: GenerateRequest) -> Result<Generation, Error> {
        let (sender, events) = mpsc::channel(1);
        let running = self.running.clone();
        running.send_modify(|requests| *requests += 1);
        thread::spawn(move || {
            let token = || Event::Token {
                id: 0,
                text: "on and ".to_owned(),
                logprob: -0.1,
                bytes: Vec::new(),
                top: Vec::new(),
            };
            while sender.blocking_send(Ok(token())).is_ok() {}
            running.send_modify(|requests| *requests -= 1);
        });
        Ok(Generation { events })
    }

    fn load(&self) -> EngineLoad {
        EngineLoad {
            waiting: 0,
            running: *self.running.borrow(),
        }
    }
}
