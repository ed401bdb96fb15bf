//! Execution providers: where ONNX Runtime computes.

use std::{fmt, str::FromStr};

use crate::Error;

/// Hardware, or a library for it, that ONNX Runtime can compute on. Which ones there are depends on
/// how the loaded runtime was built: the one this crate fetches has the processor, and `CoreML` on
/// macOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// The processor. Always there.
    Cpu,
    /// NVIDIA cards.
    Cuda,
    /// Apple's neural engine and graphics.
    CoreMl,
    /// Direct3D 12 cards on Windows.
    DirectMl,
    /// Intel's processors, graphics and neural units.
    OpenVino,
    /// Qualcomm's neural unit.
    Qnn,
}

impl Provider {
    /// Every provider that can be asked for.
    pub const ALL: [Self; 6] = [
        Self::Cpu,
        Self::Cuda,
        Self::CoreMl,
        Self::DirectMl,
        Self::OpenVino,
        Self::Qnn,
    ];

    /// What users call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
            Self::CoreMl => "coreml",
            Self::DirectMl => "directml",
            Self::OpenVino => "openvino",
            Self::Qnn => "qnn",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads the name that [`Provider::name`] gives.
///
/// # Examples
/// ```
/// use local_engine::Provider;
///
/// assert_eq!("coreml".parse::<Provider>()?, Provider::CoreMl);
/// assert!("gpu".parse::<Provider>().is_err());
/// # Ok::<(), local_engine::Error>(())
/// ```
impl FromStr for Provider {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL
            .into_iter()
            .find(|provider| provider.name() == name);
        known.ok_or_else(|| Error::ProviderUnknown {
            name: name.to_owned(),
            known: names(&Self::ALL),
        })
    }
}

/// Names with commas between them.
pub(crate) fn names(providers: &[Provider]) -> String {
    let names: Vec<&str> = providers.iter().map(|provider| provider.name()).collect();
    names.join(", ")
}
