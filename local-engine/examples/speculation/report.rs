//! What is printed.

use std::{fmt, time::Duration};

use local_engine::{Completion, GuessStats};

/// What a text has to do with its prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// It repeats much of it.
    Copies,
    /// It is new.
    Rest,
    /// It is whatever the model says.
    OwnWords,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Copies => "copies",
            Self::Rest => "rest",
            Self::OwnWords => "own words",
        })
    }
}

/// The rounds of one text on one engine.
#[derive(Default)]
pub(crate) struct Figures {
    ids: Vec<u32>,
    /// Seconds per token after the first, one for each round.
    rounds: Vec<f64>,
}

impl Figures {
    pub(crate) fn add(&mut self, answer: &Completion) {
        let tokens = u32::try_from(answer.ids.len()).unwrap_or(u32::MAX);
        let each = answer.timings.decode / tokens.saturating_sub(1).max(1);
        self.rounds
            .push(each.max(Duration::from_nanos(1)).as_secs_f64());
        self.ids.clone_from(&answer.ids);
    }

    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Seconds per token in the median round.
    fn per_token(&self) -> f64 {
        let mut rounds = self.rounds.clone();
        rounds.sort_by(f64::total_cmp);
        rounds.get(rounds.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// One text.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) group: Group,
    pub(crate) without: Figures,
    pub(crate) with: Figures,
    /// Runs of the model that wrote, with guesses, in all rounds.
    pub(crate) runs: u64,
    /// Both answers are the same.
    pub(crate) same: bool,
    pub(crate) lookup: GuessStats,
    pub(crate) draft: GuessStats,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (without, with) = (self.without.per_token(), self.with.per_token());
        write!(
            f,
            "{:<10} {:<34} {:>4} tokens {:>8.1} -> {:>8.1} tok/s {:>5.2}x",
            self.group,
            self.name,
            self.with.ids.len(),
            without.recip(),
            with.recip(),
            without / with
        )?;
        if let Some(runs) = self.runs.checked_div(self.with.rounds.len() as u64) {
            write!(f, " in {runs:>4} runs")?;
        }
        for (source, guesses) in [("lookup", self.lookup), ("draft", self.draft)] {
            if guesses.guessed > 0 {
                write!(f, "  {source} {}/{}", guesses.accepted, guesses.guessed)?;
            }
        }
        if self.same {
            Ok(())
        } else {
            f.write_str("  ANSWERS DIFFER")
        }
    }
}

/// Each group as a whole: all its tokens over all their time.
pub(crate) fn summary(lines: &[Line]) -> String {
    let groups = [Group::Copies, Group::Rest, Group::OwnWords];
    let figures = groups.map(|group| {
        let lines: Vec<&Line> = lines.iter().filter(|line| line.group == group).collect();
        let time = |figures: fn(&Line) -> &Figures| -> f64 {
            let times = lines.iter().map(|line| {
                let figures = figures(line);
                let tokens = u32::try_from(figures.ids.len()).unwrap_or(u32::MAX);
                figures.per_token() * f64::from(tokens)
            });
            times.sum()
        };
        let ratios = lines
            .iter()
            .map(|line| line.without.per_token() / line.with.per_token());
        let worst = ratios.fold(f64::INFINITY, f64::min);
        let ratio = time(|line| &line.without) / time(|line| &line.with);
        (!lines.is_empty()).then(|| format!("{group}: {ratio:.2}x, worst {worst:.2}x"))
    });
    figures.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
