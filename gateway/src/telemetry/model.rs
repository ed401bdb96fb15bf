//! Where the local engine's model is, and what it may take of the memory.

use local_engine::{EngineStats, ModelState};
use prometheus::{Counter, Gauge, IntCounter, IntGauge, IntGaugeVec, Opts, Registry};

use super::engine::raise;
use super::family::{counters, register};

/// The model's way in and out of memory, set at every scrape.
#[derive(Debug)]
pub(super) struct ModelMetrics {
    loaded: IntGauge,
    loads: IntCounter,
    failed_loads: IntCounter,
    unloads: IntCounter,
    loading: Counter,
    budget: Gauge,
    weights: IntGauge,
    adapters: IntGauge,
    cache: IntGauge,
    prefix_cache: IntGauge,
}

impl ModelMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let loads = counters(
            registry,
            "nearside_engine_loads_total",
            "Times the local model was loaded, by whether that succeeded.",
            &["outcome"],
        )?;
        let memory = Opts::new(
            "nearside_engine_memory_bytes",
            "Memory that is set aside for the local model, by what for; 0 while it is not loaded.",
        );
        let memory = register(registry, IntGaugeVec::new(memory, &["part"])?)?;
        let budget = register(
            registry,
            Gauge::new(
                "nearside_engine_memory_budget_bytes",
                "The most memory that the local model may take; NaN is unlimited.",
            )?,
        )?;
        budget.set(f64::NAN);
        Ok(Self {
            loaded: register(
                registry,
                IntGauge::new(
                    "nearside_engine_model_loaded",
                    "1 when the local model is in memory.",
                )?,
            )?,
            loads: loads.with_label_values(&["ok"]),
            failed_loads: loads.with_label_values(&["failed"]),
            unloads: register(
                registry,
                IntCounter::new(
                    "nearside_engine_unloads_total",
                    "Times the local model was unloaded because nobody used it.",
                )?,
            )?,
            loading: register(
                registry,
                Counter::new(
                    "nearside_engine_load_seconds_total",
                    "Time that loading the local model took.",
                )?,
            )?,
            budget,
            weights: memory.with_label_values(&["weights"]),
            adapters: memory.with_label_values(&["adapters"]),
            cache: memory.with_label_values(&["cache"]),
            prefix_cache: memory.with_label_values(&["prefix_cache"]),
        })
    }

    pub(super) fn set(&self, model: ModelState, stats: &EngineStats) {
        self.loaded.set(i64::from(model == ModelState::Loaded));
        raise(&self.loads, stats.loads);
        raise(&self.failed_loads, stats.failed_loads);
        raise(&self.unloads, stats.unloads);
        let loading = stats.loading.as_secs_f64() - self.loading.get();
        self.loading.inc_by(loading.max(0.0));
        let memory = stats.memory;
        self.budget.set(memory.budget.map_or(f64::NAN, as_float));
        let gauge = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        self.weights.set(gauge(memory.weights));
        self.adapters.set(gauge(memory.adapters));
        self.cache.set(gauge(memory.cache));
        self.prefix_cache.set(gauge(memory.prefix_cache));
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn as_float(bytes: u64) -> f64 {
    bytes as f64
}
