//! How large the local model is.

use std::fmt;

/// The size of the local model, as far as scores differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SizeClass {
    /// Under a billion parameters.
    Small,
    /// One to five billion.
    #[default]
    Medium,
    /// More.
    Large,
}

impl SizeClass {
    /// All of them, the smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The class of a model with this many parameters.
    ///
    /// ```
    /// use router::complexity::SizeClass;
    ///
    /// assert_eq!(SizeClass::of_parameters(494_000_000), SizeClass::Small);
    /// assert_eq!(SizeClass::of_parameters(3_820_000_000), SizeClass::Medium);
    /// assert_eq!(SizeClass::of_parameters(8_030_000_000), SizeClass::Large);
    /// ```
    pub const fn of_parameters(parameters: u64) -> Self {
        match parameters {
            0..1_000_000_000 => Self::Small,
            1_000_000_000..5_000_000_000 => Self::Medium,
            5_000_000_000.. => Self::Large,
        }
    }

    /// What belongs to this class, of what belongs to each.
    pub(super) fn pick<T>(self, [small, medium, large]: [T; 3]) -> T {
        match self {
            Self::Small => small,
            Self::Medium => medium,
            Self::Large => large,
        }
    }

    /// The name that configurations use: `small`, `medium`, `large`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// The class of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

impl fmt::Display for SizeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
