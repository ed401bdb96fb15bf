//! How a model's weights are stored, as exporters say it in file names.

/// The kinds of weights that the Hugging Face exporters write, each with its own file suffix
/// (`DATA_TYPES` of transformers.js).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weights {
    Fp32,
    Fp16,
    Q8,
    Int8,
    Uint8,
    Q4,
    Q4f16,
    Bnb4,
    Q2,
    Q2f16,
    Q1,
    Q1f16,
}

impl Weights {
    pub(super) const ALL: [Self; 12] = [
        Self::Fp32,
        Self::Fp16,
        Self::Q8,
        Self::Int8,
        Self::Uint8,
        Self::Q4,
        Self::Q4f16,
        Self::Bnb4,
        Self::Q2,
        Self::Q2f16,
        Self::Q1,
        Self::Q1f16,
    ];

    /// What users call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fp32 => "fp32",
            Self::Fp16 => "fp16",
            Self::Q8 => "q8",
            Self::Int8 => "int8",
            Self::Uint8 => "uint8",
            Self::Q4 => "q4",
            Self::Q4f16 => "q4f16",
            Self::Bnb4 => "bnb4",
            Self::Q2 => "q2",
            Self::Q2f16 => "q2f16",
            Self::Q1 => "q1",
            Self::Q1f16 => "q1f16",
        }
    }

    /// What stands between `model` and `.onnx` in the file's name.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Fp32 => "",
            Self::Fp16 => "_fp16",
            Self::Q8 => "_quantized",
            Self::Int8 => "_int8",
            Self::Uint8 => "_uint8",
            Self::Q4 => "_q4",
            Self::Q4f16 => "_q4f16",
            Self::Bnb4 => "_bnb4",
            Self::Q2 => "_q2",
            Self::Q2f16 => "_q2f16",
            Self::Q1 => "_q1",
            Self::Q1f16 => "_q1f16",
        }
    }

    /// The kind of `model_q4.onnx` and of its like.
    pub(crate) fn of_file(stem: &str) -> Option<Self> {
        let suffix = STEMS.iter().find_map(|name| stem.strip_prefix(name))?;
        Self::ALL.into_iter().find(|kind| kind.suffix() == suffix)
    }

    /// The kind that a folder's name speaks of, as in `cpu-int4-rtn-block-32`.
    pub(crate) fn of_folder(name: &str) -> Option<Self> {
        let words = [
            ("dyn8", Self::Q8),
            ("int8", Self::Int8),
            ("int4", Self::Q4),
            ("fp16", Self::Fp16),
            ("fp32", Self::Fp32),
        ];
        let found = words.iter().find(|(word, _)| name.contains(word));
        found.map(|(_, kind)| *kind)
    }

    /// Bits of a weight. Those of `q4f16` have four; sixteen is what it computes in.
    pub(crate) fn bits(self) -> u8 {
        match self {
            Self::Fp32 => 32,
            Self::Fp16 => 16,
            Self::Q8 | Self::Int8 | Self::Uint8 => 8,
            Self::Q4 | Self::Q4f16 | Self::Bnb4 => 4,
            Self::Q2 | Self::Q2f16 => 2,
            Self::Q1 | Self::Q1f16 => 1,
        }
    }

    /// Whether the arithmetic is in 16-bit floats.
    pub(super) fn is_half(self) -> bool {
        matches!(self, Self::Fp16 | Self::Q4f16 | Self::Q2f16 | Self::Q1f16)
    }
}

/// What the file of a decoder is called before the suffix.
pub(super) const STEMS: [&str; 2] = ["model", "decoder_model_merged"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_is_known_in_both_names() {
        for kind in Weights::ALL {
            for stem in STEMS {
                let file = format!("{stem}{}", kind.suffix());
                assert_eq!(Weights::of_file(&file), Some(kind), "{file}");
            }
        }
        assert_eq!(Weights::of_file("model_q5"), None);
        assert_eq!(Weights::of_file("encoder_model"), None);
    }

    #[test]
    fn folders_of_the_model_builder_are_read_by_their_words() {
        let check = |name: &str, kind| assert_eq!(Weights::of_folder(name), kind, "{name}");
        check("cpu-int4-rtn-block-32-acc-level-4", Some(Weights::Q4));
        check("genai-dyn8", Some(Weights::Q8));
        check("cuda-fp16", Some(Weights::Fp16));
        check("v2", None);
    }
}
