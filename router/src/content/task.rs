//! What messages ask for, and what they are about.

use std::fmt;

/// What a message asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Task {
    /// It does not say.
    #[default]
    Unknown,
    /// Greetings, thanks and talk.
    Chat,
    /// Something is asked, and wants an explanation or a fact.
    Question,
    /// A text is to be written: a letter, a story, a list of ideas.
    Write,
    /// A text is to be put in other words, corrected, shortened.
    Rewrite,
    /// A text is to be summed up.
    Summarize,
    /// A text is to be put in another language.
    Translate,
    /// Facts are to be taken out of a text.
    Extract,
    /// A text is to be put in a class: its topic, its mood.
    Classify,
    /// Code is to be written, mended or explained.
    Code,
    /// Something is to be calculated or proven.
    Math,
}

impl Task {
    /// All of them, `Unknown` first.
    pub const ALL: [Self; 11] = [
        Self::Unknown,
        Self::Chat,
        Self::Question,
        Self::Write,
        Self::Rewrite,
        Self::Summarize,
        Self::Translate,
        Self::Extract,
        Self::Classify,
        Self::Code,
        Self::Math,
    ];

    /// The name policies use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Chat => "chat",
            Self::Question => "question",
            Self::Write => "write",
            Self::Rewrite => "rewrite",
            Self::Summarize => "summarize",
            Self::Translate => "translate",
            Self::Extract => "extract",
            Self::Classify => "classify",
            Self::Code => "code",
            Self::Math => "math",
        }
    }

    /// The names of all of them, in the same order.
    #[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
    pub const NAMES: [&'static str; 11] = {
        let mut names = [""; 11];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };

    /// The task of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.name() == name)
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a message is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Nothing in particular.
    #[default]
    General,
    /// Programs and the machines they run on.
    Software,
    /// Mathematics.
    Mathematics,
    /// Health and illness.
    Medicine,
    /// Laws, contracts, courts.
    Law,
    /// Money, accounting, markets.
    Finance,
    /// Physics, chemistry, biology.
    Science,
}

impl Domain {
    /// All of them, `General` first.
    pub const ALL: [Self; 7] = [
        Self::General,
        Self::Software,
        Self::Mathematics,
        Self::Medicine,
        Self::Law,
        Self::Finance,
        Self::Science,
    ];

    /// The name policies use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Software => "software",
            Self::Mathematics => "mathematics",
            Self::Medicine => "medicine",
            Self::Law => "law",
            Self::Finance => "finance",
            Self::Science => "science",
        }
    }

    /// The names of all of them, in the same order.
    #[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
    pub const NAMES: [&'static str; 7] = {
        let mut names = [""; 7];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };

    /// The domain of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|domain| domain.name() == name)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
