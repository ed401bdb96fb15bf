//! What targets have charged in this day or month, and the limit on it.
//!
//! Guarantees: no request waits for the disk; what the file holds is a whole sum, never half of one;
//! a file that can't be read keeps the gateway from starting, since the limit would not hold.
//!
//! Not caught: what was spent in the last seconds before a crash, and by other gateways.

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use router::Budget;
use serde::{Deserialize, Serialize};
use tokio::time::MissedTickBehavior;

use crate::{
    clock::{Clock, Timestamp},
    config::{BudgetConfig, BudgetPeriod},
    error::with_causes,
};

/// The sum of a period; clones share it. Without a budget it does nothing.
#[derive(Debug, Clone)]
pub(crate) struct Ledger(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    limit_usd: f64,
    period: BudgetPeriod,
    file: Option<PathBuf>,
    spending: Mutex<Spending>,
}

/// As the file has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spending {
    /// The day or month, as `2026-11-21` or `2026-11`.
    period: String,
    spent_usd: f64,
}

/// The file of a budget can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    /// It can't be read or written.
    #[error("{path}: the budget's file can't be used")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It holds something else.
    #[error("{path}: expected the file of a budget, {{\"period\": \"2026-11\", \"spent_usd\": 0}}")]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

impl BudgetError {
    /// Notes in the log that the sum is not kept, and why.
    pub(crate) fn log(&self) {
        let error = with_causes(self, ": ");
        tracing::error!(error, "the budget is not kept");
    }
}

impl Ledger {
    /// The ledger of this budget, with what its file holds. Blocks.
    ///
    /// # Errors
    /// [`BudgetError`], but for a file that is not there yet.
    pub(crate) fn open(config: Option<&BudgetConfig>, clock: Clock) -> Result<Self, BudgetError> {
        let Some(config) = config else {
            return Ok(Self(None));
        };
        let spending = match &config.file {
            Some(file) => read(file)?,
            None => Spending::default(),
        };
        let ledger = Self(Some(Arc::new(Shared {
            clock,
            limit_usd: config.usd,
            period: config.per,
            file: config.file.clone(),
            spending: Mutex::new(spending),
        })));
        // A file that can't be written is better known now.
        ledger.save()?;
        Ok(ledger)
    }

    /// Adds what a target has charged, in US dollars.
    pub(crate) fn spend(&self, usd: f64) {
        if let Some(shared) = &self.0 {
            shared.current().spent_usd += usd;
        }
    }

    /// Where the budget stands now; `None` without one.
    pub(crate) fn state(&self) -> Option<Budget> {
        let shared = self.0.as_ref()?;
        Some(Budget {
            limit_usd: shared.limit_usd,
            spent_usd: shared.current().spent_usd,
        })
    }

    /// Writes the file, if there is one. Blocks.
    ///
    /// # Errors
    /// [`BudgetError::File`]; what the file held before, it holds still.
    pub(crate) fn save(&self) -> Result<(), BudgetError> {
        let Some((shared, file)) = self.file() else {
            return Ok(());
        };
        let spending = shared.current().clone();
        write(file, &spending).map_err(|source| BudgetError::File {
            path: file.to_owned(),
            source,
        })
    }

    /// Writes the file whenever the sum has changed, until the future is dropped.
    pub(crate) async fn keep(self) {
        let Some((shared, _)) = self.file() else {
            return;
        };
        let mut ticker = tokio::time::interval(SAVE_EVERY);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut saved = shared.current().clone();
        loop {
            ticker.tick().await;
            let spending = shared.current().clone();
            if spending == saved {
                continue;
            }
            let ledger = self.clone();
            match tokio::task::spawn_blocking(move || ledger.save()).await {
                Ok(Ok(())) => saved = spending,
                Ok(Err(error)) => error.log(),
                Err(error) => tracing::error!(%error, "keeping the budget failed"),
            }
        }
    }

    fn file(&self) -> Option<(&Shared, &Path)> {
        let shared = self.0.as_deref()?;
        Some((shared, shared.file.as_deref()?))
    }
}

impl Shared {
    /// The sum of the period that it is now.
    fn current(&self) -> MutexGuard<'_, Spending> {
        let now = period_of(self.clock.wall(), self.period);
        let mut spending = self.spending.lock().unwrap_or_else(PoisonError::into_inner);
        if spending.period != now {
            *spending = Spending {
                period: now,
                spent_usd: 0.0,
            };
        }
        spending
    }
}

/// The day or month of a moment, in UTC.
fn period_of(moment: Timestamp, period: BudgetPeriod) -> String {
    let mut text = moment.to_string();
    text.truncate(match period {
        BudgetPeriod::Day => "2026-11-21".len(),
        BudgetPeriod::Month => "2026-11".len(),
    });
    text
}

fn read(file: &Path) -> Result<Spending, BudgetError> {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Spending::default()),
        Err(source) => {
            return Err(BudgetError::File {
                path: file.to_owned(),
                source,
            });
        }
    };
    serde_json::from_slice(&text).map_err(|source| BudgetError::Content {
        path: file.to_owned(),
        source,
    })
}

/// Beside the file first, so that there is always a whole one.
fn write(file: &Path, spending: &Spending) -> io::Result<()> {
    let beside = file.with_added_extension("new");
    let mut new = File::create(&beside)?;
    new.write_all(&serde_json::to_vec(spending)?)?;
    new.sync_all()?;
    std::fs::rename(beside, file)
}

const SAVE_EVERY: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    fn config(per: BudgetPeriod, file: Option<&Path>) -> BudgetConfig {
        BudgetConfig {
            usd: 10.0,
            per,
            file: file.map(Path::to_owned),
        }
    }

    fn spent(ledger: &Ledger) -> f64 {
        ledger.state().unwrap().spent_usd
    }

    #[test]
    fn without_a_budget_nothing_is_limited() {
        let ledger = Ledger::open(None, Clock::manual()).unwrap();
        ledger.spend(5.0);
        assert_eq!(ledger.state(), None);
    }

    #[test]
    fn every_period_begins_with_nothing_spent() {
        for (per, long) in [(BudgetPeriod::Day, 24), (BudgetPeriod::Month, 31 * 24)] {
            let clock = Clock::manual();
            let ledger = Ledger::open(Some(&config(per, None)), clock.clone()).unwrap();
            ledger.spend(4.0);
            clock.advance(Duration::from_hours(long - 1));
            ledger.spend(2.5);
            assert!((spent(&ledger) - 6.5).abs() < 1e-9);
            clock.advance(Duration::from_hours(1));
            assert!(spent(&ledger) < 1e-9, "{per:?}");
        }
    }

    #[test]
    fn the_sum_outlives_the_gateway_but_not_the_period() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("budget.json");
        let config = config(BudgetPeriod::Day, Some(&file));
        let clock = Clock::manual();
        let ledger = Ledger::open(Some(&config), clock.clone()).unwrap();
        ledger.spend(1.25);
        ledger.save().unwrap();
        let next = Ledger::open(Some(&config), clock.clone()).unwrap();
        assert!((spent(&next) - 1.25).abs() < 1e-9);
        clock.advance(Duration::from_hours(24));
        let later = Ledger::open(Some(&config), clock).unwrap();
        assert!(spent(&later) < 1e-9);
    }

    #[test]
    fn a_file_that_is_no_budget_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("notes.txt");
        std::fs::write(&file, "buy milk").unwrap();
        let opened = Ledger::open(
            Some(&config(BudgetPeriod::Month, Some(&file))),
            Clock::manual(),
        );
        let error = opened.unwrap_err();
        assert!(matches!(error, BudgetError::Content { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "buy milk");
        let nowhere = folder.path().join("missing/budget.json");
        let opened = Ledger::open(
            Some(&config(BudgetPeriod::Month, Some(&nowhere))),
            Clock::manual(),
        );
        assert!(matches!(opened, Err(BudgetError::File { .. })));
    }
}
