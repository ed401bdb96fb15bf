//! The local engine as a target: what a request asks becomes what the engine takes.

use std::sync::Arc;

use local_engine::{Engine, Event, GenerateRequest, Generation};
use router::{TargetState, Zone};

use crate::{api::openai, error::Error, stage::Inspected, telemetry::LOCAL_TARGET};

/// The engine in this process.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    engine: Arc<dyn Engine>,
}

/// An answer of the engine that has begun: the first event is here, more may come.
#[derive(Debug)]
pub(crate) struct LocalAnswer {
    pub(crate) first: Event,
    pub(crate) rest: Generation,
}

impl Local {
    pub(crate) fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    /// The model's name.
    pub(crate) fn name(&self) -> &str {
        &self.engine.model().name
    }

    /// What the router needs to know.
    pub(crate) fn state(&self) -> TargetState {
        let model = self.engine.model();
        TargetState {
            name: LOCAL_TARGET.to_owned(),
            zone: Zone::Device,
            reachable: true,
            context_tokens: u32::try_from(model.context_tokens).ok(),
            tools: model.tools,
            attachments: false,
        }
    }

    /// Clients set the most tokens with large models in mind. It is a limit, not a demand: what the
    /// window holds beside the prompt is enough.
    fn fit(&self, request: &mut GenerateRequest) -> Result<(), Error> {
        let window = self.engine.model().context_tokens;
        if let Some(most) = request.max_tokens.filter(|most| *most > window / 2) {
            let room = window.saturating_sub(self.engine.count_tokens(&request.prompt)?);
            request.max_tokens = Some(most.min(room.max(1)));
        }
        Ok(())
    }

    /// Queues the request and waits until the answer begins, so that what fails before it can still
    /// go elsewhere. Dropping the future or the answer ends the generation.
    ///
    /// # Errors
    /// What the engine refuses or fails at, or a field that it can't serve.
    pub(crate) async fn answer(&self, inspected: &Inspected) -> Result<LocalAnswer, Error> {
        let mut request = openai::request::generate_request(inspected.parsed().text())
            .map_err(Error::LocalField)?;
        self.fit(&mut request)?;
        let mut rest = self.engine.generate(request)?;
        match rest.events.recv().await {
            Some(first) => Ok(LocalAnswer {
                first: first?,
                rest,
            }),
            None => Err(local_engine::Error::EngineStopped.into()),
        }
    }
}
