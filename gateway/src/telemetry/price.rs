//! What a request cost, and what it would have cost far away.

use std::collections::BTreeMap;

use router::Zone;

use super::lane::{FIRST_ANSWERING, FIRST_CONFIGURED};
use crate::config::{Price, TargetConfig};

/// The prices of all targets.
#[derive(Debug)]
pub(super) struct Prices {
    /// In the order of the configuration.
    targets: Vec<BTreeMap<String, Price>>,
    /// Every priced model of the cloud.
    cloud: BTreeMap<String, Price>,
}

impl Prices {
    pub(super) fn new(targets: &[TargetConfig]) -> Self {
        let in_cloud = targets.iter().filter(|target| target.zone == Zone::Cloud);
        Self {
            targets: targets.iter().map(|target| target.price.clone()).collect(),
            cloud: in_cloud.flat_map(|target| target.price.clone()).collect(),
        }
    }

    /// What the target of a lane charges, in US dollars; `None` where its price is not known. The
    /// device charges nothing.
    pub(super) fn cost(
        &self,
        lane: usize,
        model: &str,
        prompt: u64,
        completion: u64,
    ) -> Option<f64> {
        if lane == FIRST_ANSWERING {
            return Some(0.0);
        }
        let prices = self.targets.get(lane.checked_sub(FIRST_CONFIGURED)?)?;
        Price::of(prices, model).map(|price| dollars(price, prompt, completion))
    }

    /// What the cloud would have charged: the price of the model that was asked for, else that of
    /// the cheapest model in the cloud, so that savings are never overstated.
    pub(super) fn in_cloud(&self, model: &str, prompt: u64, completion: u64) -> f64 {
        let asked_for = self.cloud.get(model).copied();
        let costs = asked_for.map_or_else(
            || self.cloud.values().copied().collect(),
            |price| vec![price],
        );
        let costs = costs
            .into_iter()
            .map(|price| dollars(price, prompt, completion));
        costs.reduce(f64::min).unwrap_or(0.0)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "token counts are far below 2^52"
)]
fn dollars(price: Price, prompt: u64, completion: u64) -> f64 {
    let input = price.input_per_million * prompt as f64;
    let output = price.output_per_million * completion as f64;
    (input + output) / 1e6
}
