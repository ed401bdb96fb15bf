//! Gauges of the budget, read from its ledger at every scrape; absent without a budget.

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{Gauge, Registry};

use super::family::register;
use crate::budget::Ledger;

#[derive(Clone, Debug)]
pub(super) struct BudgetGauges {
    ledger: Ledger,
    limit: Gauge,
    spent: Gauge,
}

impl BudgetGauges {
    pub(super) fn register(registry: &Registry, ledger: Ledger) -> Result<(), prometheus::Error> {
        let gauges = Self {
            ledger,
            limit: Gauge::new(
                "nearside_budget_limit_usd",
                "The most that targets may charge in a period.",
            )?,
            spent: Gauge::new(
                "nearside_budget_spent_usd",
                "What targets have charged in this period.",
            )?,
        };
        register(registry, gauges).map(drop)
    }
}

impl Collector for BudgetGauges {
    fn desc(&self) -> Vec<&Desc> {
        let mut desc = self.limit.desc();
        desc.extend(self.spent.desc());
        desc
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let Some(budget) = self.ledger.state() else {
            return Vec::new();
        };
        self.limit.set(budget.limit_usd);
        self.spent.set(budget.spent_usd);
        let mut families = self.limit.collect();
        families.extend(self.spent.collect());
        families
    }
}
