//! Answers of the local model.

use http::HeaderMap;

use super::written::Steps;
use crate::{
    api::conversation::AnswerEvent,
    error::Error,
    local::LocalSteps,
    telemetry::{Outcome, Record},
};

impl Steps for LocalSteps {
    async fn next(&mut self, _: &mut Record, steps: &mut Vec<AnswerEvent>) -> Result<bool, Error> {
        Self::next(self, steps).await
    }

    fn headers(&self) -> HeaderMap {
        HeaderMap::new()
    }

    fn finish(self, record: &mut Record, error: Option<&Error>) -> Outcome {
        if error.is_none() {
            if let Some(timings) = self.timings() {
                record.timings(timings);
            }
            let usage = self.usage();
            record.tokens(usage.prompt, usage.completion);
        }
        Outcome::Ok
    }
}
