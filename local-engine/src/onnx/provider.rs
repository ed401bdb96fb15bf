//! Execution providers in a session: those that were asked for and are there, in order.
//!
//! Whatever a provider can't compute runs on the processor, which is always the last. Cache and
//! logits stay in main memory, so that a provider with memory of its own copies them in every step.

use ort::{
    ep::{self, ExecutionProvider, ExecutionProviderDispatch},
    session::{Session, builder::SessionBuilder},
};

use super::library;
use crate::{
    Error,
    provider::{Provider, names},
};

/// Adds the wanted providers to a session until one of them is the processor; returns those that
/// were taken. One that is missing or does not start is passed over with a warning.
///
/// # Errors
/// [`Error::ProvidersMissing`] when none is left, with the reason for each.
pub(super) fn add(
    builder: &mut SessionBuilder,
    wanted: &[Provider],
) -> Result<Vec<Provider>, Error> {
    let mut taken = Vec::new();
    let mut refused = Vec::new();
    for &provider in wanted {
        if provider == Provider::Cpu {
            taken.push(provider);
            break;
        }
        match start(builder, provider) {
            Ok(()) => taken.push(provider),
            Err(reason) => {
                tracing::warn!(provider = provider.name(), reason, "passed over");
                refused.push(format!("{provider}: {reason}"));
            }
        }
    }
    if wanted.is_empty() {
        taken.push(Provider::Cpu);
    }
    if taken.is_empty() {
        return Err(Error::ProvidersMissing {
            refused: refused.join("; "),
            offered: names(&offered()?),
        });
    }
    Ok(taken)
}

/// The providers that a session takes when it is asked for the `wanted` ones.
///
/// # Errors
/// [`Error::ProvidersMissing`], or any error about ONNX Runtime itself.
pub(crate) fn taken(wanted: &[Provider]) -> Result<Vec<Provider>, Error> {
    let builder = Session::builder(library::environment()?);
    add(&mut builder.map_err(Error::inference)?, wanted)
}

/// What the loaded runtime was built with, of the providers that can be asked for.
///
/// # Errors
/// Any error about ONNX Runtime itself.
pub(crate) fn offered() -> Result<Vec<Provider>, Error> {
    library::environment()?;
    let all = Provider::ALL.into_iter();
    Ok(all.filter(|provider| is_offered(*provider)).collect())
}

/// Why `provider` can't be had is for people to read.
fn start(builder: &mut SessionBuilder, provider: Provider) -> Result<(), String> {
    if !is_offered(provider) {
        return Err("this build of ONNX Runtime does not have it".to_owned());
    }
    dispatch(provider)
        .register(builder)
        .map_err(|error| error.to_string())
}

fn is_offered(provider: Provider) -> bool {
    let offered = match provider {
        Provider::Cpu => ep::CPU::is_available(),
        Provider::Cuda => ep::CUDA::is_available(),
        Provider::CoreMl => ep::CoreML::is_available(),
        Provider::DirectMl => ep::DirectML::is_available(),
        Provider::OpenVino => ep::OpenVINO::is_available(),
        Provider::Qnn => ep::QNN::is_available(),
    };
    offered.unwrap_or(false)
}

fn dispatch(provider: Provider) -> ExecutionProviderDispatch {
    match provider {
        Provider::Cpu => ep::CPU::default().build(),
        Provider::Cuda => ep::CUDA::default().build(),
        Provider::CoreMl => ep::CoreML::default().build(),
        Provider::DirectMl => ep::DirectML::default().build(),
        Provider::OpenVino => ep::OpenVINO::default().build(),
        Provider::Qnn => ep::QNN::default().build(),
    }
}
