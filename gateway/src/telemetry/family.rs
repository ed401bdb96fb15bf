//! Metrics whose label sets are all known at the start.
//!
//! A [`Family`] resolves every combination once: a scrape sees them at 0 from the start, and
//! counting on the way of a request is an index instead of a hash and a lock.

use prometheus::core::{MetricVec, MetricVecBuilder};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};

/// One metric for every combination of two lists of labels, row by row.
#[derive(Clone, Debug)]
pub(super) struct Family<M> {
    columns: usize,
    cells: Vec<M>,
}

impl<M: Clone> Family<M> {
    /// Resolves each row with each column; `labels` gives the label values of a combination.
    pub(super) fn resolve<'a, B, R, C, const N: usize>(
        vec: &MetricVec<B>,
        rows: impl IntoIterator<Item = R>,
        columns: &[C],
        labels: impl Fn(&R, &C) -> [&'a str; N],
    ) -> Self
    where
        B: MetricVecBuilder<M = M>,
        M: prometheus::core::Metric,
    {
        let mut cells = Vec::new();
        for row in rows {
            cells.extend(
                columns
                    .iter()
                    .map(|column| vec.with_label_values(&labels(&row, column))),
            );
        }
        Self {
            columns: columns.len(),
            cells,
        }
    }

    /// The metric of a combination; `None` beyond the lists.
    pub(super) fn at(&self, row: usize, column: usize) -> Option<&M> {
        debug_assert!(column < self.columns);
        self.cells.get(row * self.columns + column)
    }
}

/// Registers counters by label.
pub(super) fn counters(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntCounterVec, prometheus::Error> {
    register(registry, IntCounterVec::new(Opts::new(name, help), labels)?)
}

/// Registers histograms by label, with these upper bounds of buckets.
pub(super) fn histograms(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
    buckets: &[f64],
) -> Result<HistogramVec, prometheus::Error> {
    let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
    register(registry, HistogramVec::new(options, labels)?)
}

/// Registers a metric and hands it back.
pub(super) fn register<C: prometheus::core::Collector + Clone + 'static>(
    registry: &Registry,
    metric: C,
) -> Result<C, prometheus::Error> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}
