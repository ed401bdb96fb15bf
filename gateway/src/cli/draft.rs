//! `--draft`: the model that guesses ahead for another one.

use local_engine::{DraftOptions, ModelOptions, ModelSource};

use super::CliError;

/// The draft that a name or a path means.
pub(super) fn resolve(name: Option<&str>) -> Result<Option<DraftOptions>, CliError> {
    let Some(name) = name else { return Ok(None) };
    let source = ModelSource::resolve(name)
        .map_err(|error| CliError::failed("the draft model can't be found", error))?;
    let model = ModelOptions::default();
    Ok(Some(DraftOptions { source, model }))
}
