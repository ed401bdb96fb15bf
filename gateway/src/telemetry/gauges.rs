//! Gauges of the device; what is not known is absent, never zero.

use std::sync::{Arc, Mutex, PoisonError};

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{Gauge, GaugeVec, Opts, Registry};
use router::{DeviceSnapshot, LinkKind, Pace, PaceCause};

use super::family::register;
use crate::device::{Reading, TargetLink, readings};

/// The device as routing sees it, and the ways to the targets.
#[derive(Clone, Debug)]
pub(super) struct DeviceGauges(Arc<Shared>);

impl DeviceGauges {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let with_metric = readings()
            .iter()
            .filter(|reading| !reading.metric.is_empty());
        let gauges = with_metric.map(|reading| {
            let gauge = Gauge::new(reading.metric, reading.help)?;
            Ok((reading, gauge))
        });
        let of_target = |name: &str, help: &str| GaugeVec::new(Opts::new(name, help), &["target"]);
        let gauges = Self(Arc::new(Shared {
            gauges: gauges.collect::<Result<_, prometheus::Error>>()?,
            snapshot: Mutex::default(),
            kind: GaugeVec::new(
                Opts::new(
                    "nearside_link_kind_info",
                    "1, with what the link runs over.",
                ),
                &["kind"],
            )?,
            rtt: of_target(
                "nearside_upstream_rtt_seconds",
                "Round trip to a target, from making connections of late.",
            )?,
            first_byte: of_target(
                "nearside_upstream_first_byte_seconds",
                "Time from a request to the head of its answer, of late.",
            )?,
            throughput: of_target(
                "nearside_upstream_throughput_bytes_per_second",
                "What whole answers of a target came at of late.",
            )?,
        }));
        register(registry, gauges)
    }

    pub(super) fn set(&self, snapshot: &DeviceSnapshot) {
        let Shared { kind, .. } = &*self.0;
        kind.reset();
        if let Some(known) = snapshot.link.kind.map(LinkKind::name) {
            kind.with_label_values(&[known]).set(1.0);
        }
        *lock(&self.0.snapshot) = snapshot.clone();
    }

    pub(super) fn set_targets(&self, targets: &[TargetLink]) {
        let Shared {
            rtt,
            first_byte,
            throughput,
            ..
        } = &*self.0;
        for gauges in [rtt, first_byte, throughput] {
            gauges.reset();
        }
        let set = |gauges: &GaugeVec, target: &str, value: Option<f64>| {
            if let Some(value) = value {
                gauges.with_label_values(&[target]).set(value);
            }
        };
        for link in targets {
            let seconds = |millis: Option<f64>| millis.map(|millis| millis / 1000.0);
            set(rtt, &link.target, seconds(link.rtt_ms));
            set(first_byte, &link.target, seconds(link.first_byte_ms));
            let bytes = link.throughput_mbps.map(|mbps| mbps * 1e6 / 8.0);
            set(throughput, &link.target, bytes);
        }
    }
}

#[derive(Debug)]
struct Shared {
    gauges: Vec<(&'static Reading, Gauge)>,
    snapshot: Mutex<DeviceSnapshot>,
    kind: GaugeVec,
    rtt: GaugeVec,
    first_byte: GaugeVec,
    throughput: GaugeVec,
}

impl Shared {
    fn labelled(&self) -> [&GaugeVec; 4] {
        [&self.kind, &self.rtt, &self.first_byte, &self.throughput]
    }
}

impl Collector for DeviceGauges {
    fn desc(&self) -> Vec<&Desc> {
        let plain = self.0.gauges.iter().flat_map(|(_, gauge)| gauge.desc());
        let labelled = self.0.labelled();
        plain
            .chain(labelled.into_iter().flat_map(Collector::desc))
            .collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let snapshot = lock(&self.0.snapshot).clone();
        let mut families = Vec::new();
        for (reading, gauge) in &self.0.gauges {
            if let Some(number) = reading.number(&snapshot) {
                gauge.set(number);
                families.extend(gauge.collect());
            }
        }
        families.extend(self.0.labelled().into_iter().flat_map(Collector::collect));
        families
    }
}

/// How hard the local engine may work.
#[derive(Debug)]
pub(super) struct PaceGauges {
    duty: Gauge,
    cause: GaugeVec,
}

impl PaceGauges {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let duty = Gauge::new(
            "nearside_engine_duty_ratio",
            "Share of time that the local engine may compute.",
        )?;
        duty.set(1.0);
        let cause = Opts::new(
            "nearside_engine_pace_info",
            "1 for what slows the local engine down, or for none.",
        );
        Ok(Self {
            duty: register(registry, duty)?,
            cause: register(registry, GaugeVec::new(cause, &["cause"])?)?,
        })
    }

    pub(super) fn set(&self, pace: &Pace) {
        self.duty.set(pace.duty_ratio);
        for cause in PaceCause::ALL {
            let is_it = if cause == pace.cause { 1.0 } else { 0.0 };
            self.cause.with_label_values(&[cause.name()]).set(is_it);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_names_every_gauge() {
        let readme = include_str!("../../../README.md");
        let missing: Vec<&str> = readings()
            .iter()
            .map(|reading| reading.metric)
            .filter(|name| !name.is_empty() && !readme.contains(&format!("`{name}`")))
            .collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn what_is_unknown_is_absent() {
        let registry = Registry::new();
        let gauges = DeviceGauges::new(&registry).unwrap();
        assert!(registry.gather().is_empty());
        let mut snapshot = DeviceSnapshot {
            cpu_load_ratio: Some(0.0),
            ..DeviceSnapshot::default()
        };
        snapshot.link.kind = Some(LinkKind::Wifi);
        gauges.set(&snapshot);
        let names = || -> Vec<String> {
            let families = registry.gather();
            families
                .iter()
                .map(|family| family.name().to_owned())
                .collect()
        };
        let both = ["nearside_device_cpu_load_ratio", "nearside_link_kind_info"];
        assert_eq!(names(), both);
        gauges.set(&DeviceSnapshot::default());
        assert_eq!(names(), [""; 0]);
    }
}
