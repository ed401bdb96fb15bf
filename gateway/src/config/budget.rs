//! `budget`: the most that targets may charge.

use std::path::Path;

use super::file::BudgetFile;
use super::problem::Problems;
use super::{BudgetConfig, BudgetPeriod};

pub(super) fn check(
    budget: Option<&BudgetFile>,
    folder: &Path,
    problems: &mut Problems,
) -> Option<BudgetConfig> {
    let budget = budget?;
    let usd = problems.number(
        "budget.usd",
        Some(&budget.usd),
        "US dollars, above 0",
        |usd| (usd.is_finite() && usd > 0.0).then_some(usd),
    );
    let per = problems.parse("budget.per", Some(&budget.per), |text| match text {
        "day" => Ok(BudgetPeriod::Day),
        "month" => Ok(BudgetPeriod::Month),
        _ => Err("day or month"),
    });
    Some(BudgetConfig {
        usd: usd?,
        per: per?,
        file: budget.file.as_ref().map(|file| folder.join(&file.value)),
    })
}
