//! What may still be spent.

use crate::{
    signals::Signals,
    target::{TargetState, Zone},
    utility::Forecast,
};

/// A limit on what targets may charge in a period, and what they have charged in it, in US dollars.
///
/// ```
/// use router::Budget;
///
/// let budget = Budget { limit_usd: 20.0, spent_usd: 15.0 };
/// assert_eq!((budget.remaining_usd(), budget.spent_ratio()), (5.0, 0.75));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// The most that may be spent; above zero.
    pub limit_usd: f64,
    /// What was spent so far.
    pub spent_usd: f64,
}

impl Budget {
    /// What is left, 0 or more.
    pub fn remaining_usd(&self) -> f64 {
        (self.limit_usd - self.spent_usd).max(0.0)
    }

    /// Share of the limit that was spent, 0 to 1.
    pub fn spent_ratio(&self) -> f64 {
        (self.spent_usd / self.limit_usd).clamp(0.0, 1.0)
    }

    /// Why a request may not go to the target; `None` when it may. The device and targets without a
    /// charge are always free to use.
    pub(crate) fn obstacle(&self, signals: &Signals, target: &TargetState) -> Option<&'static str> {
        match (target.zone, target.rates.price) {
            (Zone::Device, _) | (Zone::Site, None) => None,
            (Zone::Cloud, None) => Some("there is a budget, and its price is not known"),
            (Zone::Site | Zone::Cloud, Some(_)) => {
                let expected = Forecast::of(signals, target).usd.value;
                (expected > self.remaining_usd())
                    .then_some("it costs more than the budget has left")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Rates, TokenPrice};

    fn target(zone: Zone, usd_per_million: Option<f64>) -> TargetState {
        TargetState {
            name: "t".to_owned(),
            zone,
            reachable: true,
            context_tokens: None,
            tools: true,
            attachments: true,
            rates: Rates {
                output_tokens: Some(100.0),
                price: usd_per_million.map(|usd| TokenPrice {
                    usd_per_million_prompt_tokens: usd,
                    usd_per_million_output_tokens: usd,
                }),
                ..Rates::default()
            },
        }
    }

    fn check(spent_usd: f64, zone: Zone, price: Option<f64>, expected: bool) {
        let budget = Budget {
            limit_usd: 1.0,
            spent_usd,
        };
        let signals = Signals {
            prompt_tokens: 100,
            ..Signals::default()
        };
        let obstacle = budget.obstacle(&signals, &target(zone, price));
        assert_eq!(
            obstacle.is_none(),
            expected,
            "{spent_usd} {zone:?} {price:?}"
        );
    }

    #[test]
    fn what_costs_more_than_is_left_is_out_of_reach() {
        // 200 tokens at ten dollars a million: 0.002 dollars.
        check(0.0, Zone::Cloud, Some(10.0), true);
        check(0.9979, Zone::Cloud, Some(10.0), true);
        check(0.9981, Zone::Cloud, Some(10.0), false);
        check(7.0, Zone::Site, Some(10.0), false);
    }

    #[test]
    fn what_is_free_stays_and_what_may_cost_anything_goes() {
        check(1.0, Zone::Device, None, true);
        check(1.0, Zone::Site, None, true);
        check(1.0, Zone::Cloud, Some(0.0), true);
        check(0.0, Zone::Cloud, None, false);
    }
}
