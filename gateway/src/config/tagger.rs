//! `redaction.tagger`: which model looks for names, and within what.

use std::path::Path;

use super::file::RedactionFile;
use super::problem::Problems;
use super::{local, units};
use crate::tagger::{TaggerConfig, TaggerModel};

pub(super) fn check(
    redaction: &RedactionFile,
    folder: &Path,
    problems: &mut Problems,
) -> TaggerConfig {
    let usual = TaggerConfig::default();
    let model = problems.parse("redaction.tagger", redaction.tagger.as_ref(), |text| {
        parse_model(text, folder)
    });
    let threads = problems.parse(
        "redaction.tagger_threads",
        redaction.tagger_threads.as_ref(),
        local::parse_threads,
    );
    let cache = problems.parse(
        "redaction.tagger_cache",
        redaction.tagger_cache.as_ref(),
        units::bytes,
    );
    TaggerConfig {
        model: model.unwrap_or(usual.model),
        threads: threads.unwrap_or(usual.threads),
        cache_bytes: cache.map_or(usual.cache_bytes, |bytes| bytes as u64),
    }
}

/// What `redaction.tagger` or `--tagger` means; a relative path starts at `folder`.
///
/// # Errors
/// What was expected.
pub(crate) fn parse_model(text: &str, folder: &Path) -> Result<Option<TaggerModel>, &'static str> {
    const EXPECTED: &str = "nearside-tagger, off, or a folder with a token classifier";
    match text {
        "off" => Ok(None),
        "nearside-tagger" => Ok(Some(TaggerModel::Embedded)),
        path => {
            let path = folder.join(path);
            let is_there = path.exists();
            is_there
                .then_some(Some(TaggerModel::Path(path)))
                .ok_or(EXPECTED)
        }
    }
}
