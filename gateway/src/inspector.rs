//! Looking through requests: what is sensitive in them, and what routing needs to know.

use std::sync::Arc;

use redactor::Detector;
use router::{RouteWish, complexity::Scorer};

use crate::{
    error::Error,
    stage::{Inspected, Parsed, to_tag},
    tagger::Tagger,
};

/// Patterns, tagger and scorer; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Inspector {
    detector: Arc<Detector>,
    tagger: Tagger,
    scorer: Arc<Scorer>,
}

impl Inspector {
    pub(crate) fn new(detector: Detector, tagger: Tagger, scorer: Scorer) -> Self {
        Self {
            detector: Arc::new(detector),
            tagger,
            scorer: Arc::new(scorer),
        }
    }

    /// Looks through a request. A long one, or one that the tagger has to read, is looked through
    /// beside the async threads.
    ///
    /// # Errors
    /// [`Error::Internal`] for a defect.
    pub(crate) async fn inspect(
        &self,
        parsed: Parsed,
        wish: RouteWish,
    ) -> Result<Inspected, Error> {
        if parsed.body().len() < INLINE_BYTES
            && let Some(tags) = self.tagger.recall(|| to_tag(&parsed.texts()))
        {
            let scorer = &self.scorer;
            return Ok(Inspected::new(parsed, &self.detector, tags, wish, scorer));
        }
        let this = self.clone();
        let inspect = move || {
            let tags = this.tagger.tag(&to_tag(&parsed.texts()));
            Inspected::new(parsed, &this.detector, tags, wish, &this.scorer)
        };
        tokio::task::spawn_blocking(inspect)
            .await
            .map_err(|_| Error::Internal)
    }
}

/// Patterns take a few hundred microseconds for this much: less than a hop to another thread would
/// ever save.
const INLINE_BYTES: usize = 64 << 10;
