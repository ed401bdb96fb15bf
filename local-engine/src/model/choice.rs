//! Chooses the variant of a model that suits the machine best, and says why.

use std::{fs, path::Path};

use super::{layout::Layout, layout::Variant, machine::Machine, weights::Weights};
use crate::{Error, budget::WeightFiles};

/// A chosen variant.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) variant: Variant,
    /// Why this one, for people.
    pub(super) reason: String,
}

/// The variant called `wanted`, or the best that fits.
///
/// Without a name: pairs before graphs of ONNX Runtime `generate()` before others, because that is
/// how fast they run; within one layout 8-bit weights, then 4-bit ones, then floats, because on
/// processors 8-bit ones are the fastest to read prompts with and close to the original. Variants
/// made for other devices come last.
///
/// # Errors
/// [`Error::VariantMissing`], which lists those that exist.
pub(super) fn choose(
    mut variants: Vec<Variant>,
    wanted: Option<&str>,
    machine: Machine,
) -> Result<Choice, Error> {
    let available = variants.iter().map(|variant| variant.name.as_str());
    let available = available.collect::<Vec<_>>().join(", ");
    variants.sort_by_key(|variant| rank(variant, machine));
    if let Some(wanted) = wanted {
        let exact = variants.iter().position(|variant| variant.name == wanted);
        let named = exact.or_else(|| variants.iter().position(|one| answers_to(one, wanted)));
        let missing = || Error::VariantMissing {
            wanted: wanted.to_owned(),
            available,
        };
        let reason = "it was asked for".to_owned();
        let variant = variants.swap_remove(named.ok_or_else(missing)?);
        return Ok(Choice { variant, reason });
    }
    let count = variants.len();
    let fitting = variants.iter().position(|variant| fits(variant, machine));
    let smallest = || {
        let by_size = variants.iter().enumerate();
        by_size.min_by_key(|(_, variant)| needed_memory(variant, machine))
    };
    let index = fitting.or_else(|| Some(smallest()?.0)).unwrap_or_default();
    let budget = machine.budget;
    let reason = match (count, fitting) {
        (1, _) => "it is the only one".to_owned(),
        (_, Some(0)) => format!("it is the fastest on this processor of {available}"),
        (_, Some(_)) => format!("it is the fastest of {available} that fits {budget}"),
        (_, None) => {
            format!("it is the smallest of {available}, none of which fits {budget}")
        }
    };
    let missing = Error::FileMissing {
        looked_for: Vec::new(),
    };
    let variant = variants.into_iter().nth(index).ok_or(missing)?;
    Ok(Choice { variant, reason })
}

/// Whether a name that is not a variant's own means it: its weights' or its layout's.
fn answers_to(variant: &Variant, name: &str) -> bool {
    variant
        .weights
        .is_some_and(|weights| weights.name() == name)
        || (variant.layout == Layout::Pair && name == "pair")
}

/// Lower is better.
fn rank(variant: &Variant, machine: Machine) -> (bool, Layout, usize) {
    let words = ["cuda", "gpu", "directml", "dml", "npu", "qnn", "rocm"];
    let elsewhere = words.iter().any(|word| variant.name.contains(word));
    let order = if machine.half_floats {
        &WITH_HALF_FLOATS
    } else {
        &WITHOUT_HALF_FLOATS
    };
    let place = |weights| order.iter().position(|kind| *kind == weights);
    // Between the kinds that suit a processor and those that don't.
    let unknown = 4;
    let weights = variant.weights.and_then(place).unwrap_or(unknown);
    (elsewhere, variant.layout, weights)
}

const WITHOUT_HALF_FLOATS: [Weights; 12] = [
    Weights::Q8,
    Weights::Int8,
    Weights::Uint8,
    Weights::Q4,
    Weights::Fp32,
    Weights::Fp16,
    Weights::Q4f16,
    Weights::Bnb4,
    Weights::Q2,
    Weights::Q2f16,
    Weights::Q1,
    Weights::Q1f16,
];

const WITH_HALF_FLOATS: [Weights; 12] = [
    Weights::Q8,
    Weights::Int8,
    Weights::Uint8,
    Weights::Q4,
    Weights::Q4f16,
    Weights::Fp16,
    Weights::Fp32,
    Weights::Bnb4,
    Weights::Q2,
    Weights::Q2f16,
    Weights::Q1,
    Weights::Q1f16,
];

fn fits(variant: &Variant, machine: Machine) -> bool {
    let most = machine.budget.bytes.unwrap_or(u64::MAX);
    needed_memory(variant, machine) <= most
}

/// Bytes that a variant takes with a short context, for which an eighth of its weights is added.
fn needed_memory(variant: &Variant, machine: Machine) -> u64 {
    let graphs = [Some(&variant.decode), variant.prefill.as_ref()];
    let files = graphs.into_iter().flatten().map(|graph| files(graph));
    let weights = files.fold(WeightFiles::default(), |sum, files| WeightFiles {
        inside: sum.inside.saturating_add(files.inside),
        external: sum.external.saturating_add(files.external),
    });
    let weights = weights.in_memory(machine.widens(variant.weights));
    weights.saturating_add(weights / 8)
}

/// Sizes of a graph and of its external weights: of `model.onnx`, and of `model.onnx_data`,
/// `model.onnx_data_1`, `model.onnx.data` and their like.
fn files(graph: &Path) -> WeightFiles {
    let folder = graph.parent().unwrap_or(Path::new("."));
    let name = graph.file_name().unwrap_or_default().to_string_lossy();
    // Sizes behind links, which `DirEntry::metadata` would not follow.
    let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let parts = entries.filter(|entry| {
        let file = entry.file_name();
        let end = file.to_string_lossy();
        let end = end.strip_prefix(&*name);
        end.is_some_and(|end| !end.is_empty())
    });
    WeightFiles {
        inside: size(graph),
        external: parts.map(|entry| size(&entry.path())).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{budget::Budget, model::layout};

    const fn budget(bytes: u64) -> Budget {
        Budget {
            bytes: Some(bytes),
            is_set: true,
        }
    }

    const ROOMY: Machine = Machine {
        budget: budget(1 << 30),
        half_floats: false,
    };

    /// Files of so many kibibytes.
    fn choose_from(
        files: &[(&str, u64)],
        wanted: Option<&str>,
        machine: Machine,
    ) -> Result<Choice, Error> {
        let folder = tempfile::tempdir().unwrap();
        for (file, kibibytes) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::File::create(path)
                .unwrap()
                .set_len(kibibytes << 10)
                .unwrap();
        }
        choose(layout::find(folder.path()).unwrap(), wanted, machine)
    }

    const HUB: [(&str, u64); 5] = [
        ("onnx/model.onnx", 10),
        ("onnx/model.onnx_data", 4000),
        ("onnx/model_quantized.onnx", 2000),
        ("onnx/model_q4.onnx", 1000),
        ("onnx/model_q4f16.onnx", 700),
    ];

    #[test]
    fn the_fastest_variant_that_fits_is_taken() {
        let check = |kibibytes: u64, name: &str, why: &str| {
            let machine = Machine {
                budget: budget(kibibytes << 10),
                ..ROOMY
            };
            let choice = choose_from(&HUB, None, machine).unwrap();
            assert_eq!(choice.variant.name, name);
            assert!(choice.reason.starts_with(why), "{}", choice.reason);
        };
        check(
            10_000,
            "q8",
            "it is the fastest on this processor of fp32, q8, q4",
        );
        check(
            2_000,
            "q4",
            "it is the fastest of fp32, q8, q4, q4f16 that fits the memory limit of 1 MiB",
        );
        check(
            500,
            "q4",
            "it is the smallest of fp32, q8, q4, q4f16, none of which",
        );
    }

    #[test]
    fn half_floats_are_preferred_only_where_the_processor_has_them() {
        let files = [("model.onnx", 400), ("model_fp16.onnx", 200)];
        let name = |half_floats| {
            let machine = Machine {
                half_floats,
                ..ROOMY
            };
            choose_from(&files, None, machine).unwrap().variant.name
        };
        assert_eq!((name(false), name(true)), ("fp32".into(), "fp16".into()));
    }

    #[test]
    fn a_variant_can_be_named() {
        let choice = choose_from(&HUB, Some("fp32"), ROOMY).unwrap();
        assert_eq!(choice.variant.name, "fp32");
        let message = choose_from(&HUB, Some("q3"), ROOMY)
            .unwrap_err()
            .to_string();
        assert_eq!(
            message,
            "the model has no variant `q3`: it has fp32, q8, q4, q4f16"
        );
    }
}
