//! What a written token costs the device, in joules.
//!
//! The counter of the processor's package (`powercap`) or, on battery, the battery's own power reading
//! says what the machine took between two samples; the engine says how much it worked. What the
//! machine takes while the engine rests is measured too, and taken off. Where neither can be read,
//! nothing is known, and the router guesses from the model's size.
//!
//! Not caught: what other programs take while the engine works is counted as the engine's.

use std::{path::Path, sync::Arc, time::Duration};

use local_engine::{Engine, EngineStats};
use router::{DeviceSnapshot, utility::assumed::PROMPT_ENERGY_SHARE};
use tokio::{sync::watch, time::MissedTickBehavior};

use super::{History, average::Average, powercap::Powercap, real};

/// Measures at every `interval` until the future is dropped. Files are read off the async threads;
/// `root` is where `sys` is.
pub(crate) async fn watch_energy(
    history: History,
    engine: Arc<dyn Engine>,
    device: watch::Receiver<DeviceSnapshot>,
    root: &Path,
    interval: Duration,
) {
    let mut ticker = tokio::time::interval(interval);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut meter = Meter::default();
    let mut powercap = Powercap::new(root);
    let mut last = history.millis();
    loop {
        ticker.tick().await;
        let read = tokio::task::spawn_blocking(move || {
            let joules = powercap.joules_since_last();
            (powercap, joules)
        });
        let Ok((returned, counted)) = read.await else {
            tracing::error!("reading the energy counter failed; energy is not measured any more");
            return;
        };
        powercap = returned;
        let now = history.millis();
        let seconds = real(now.saturating_sub(last)) / 1000.0;
        last = now;
        let drawn = battery_watts(&device.borrow()).map(|watts| watts * seconds);
        let stats = engine.stats();
        if let Some(joules) = meter.measure(counted.or(drawn), seconds, stats, now) {
            history.0.joules.add(joules, now);
        }
    }
}

/// What the battery gives, while it gives.
fn battery_watts(device: &DeviceSnapshot) -> Option<f64> {
    let battery = device.battery.as_ref()?;
    battery.power_watts.filter(|_| !battery.charging)
}

/// Splits what the machine took between the engine and the rest.
#[derive(Debug, Default)]
struct Meter {
    /// Watts while the engine rests.
    idle: Average,
    before: Option<EngineStats>,
}

impl Meter {
    /// Joules for one written token, from what the machine took in the last `seconds`; `None` where
    /// that does not tell: nothing was read, or the engine worked too little for it.
    fn measure(
        &mut self,
        joules: Option<f64>,
        seconds: f64,
        stats: EngineStats,
        now_millis: u64,
    ) -> Option<f64> {
        let before = self.before.replace(stats)?;
        let joules = joules.filter(|joules| *joules >= 0.0 && seconds > 0.0)?;
        let busy = (stats.busy.saturating_sub(before.busy)).as_secs_f64() / seconds;
        if busy < RESTING {
            self.idle.add(joules / seconds, now_millis);
            return None;
        }
        let written = real(
            stats
                .generated_tokens
                .saturating_sub(before.generated_tokens),
        );
        let read = real(stats.prompt_tokens.saturating_sub(before.prompt_tokens));
        let tokens = written + read * PROMPT_ENERGY_SHARE;
        let idle = self.idle.get(now_millis)? * seconds;
        (busy >= WORKING && tokens >= LEAST_TOKENS)
            .then(|| ((joules - idle) / tokens).clamp(0.0, MOST_JOULES))
    }
}

/// Shares of the time in which the engine had work.
const RESTING: f64 = 0.02;
const WORKING: f64 = 0.2;
/// Fewer tokens drown in the noise.
const LEAST_TOKENS: f64 = 16.0;
/// More than any device takes for one token.
const MOST_JOULES: f64 = 10_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(busy_seconds: u64, prompt_tokens: u64, generated_tokens: u64) -> EngineStats {
        EngineStats {
            busy: Duration::from_secs(busy_seconds),
            prompt_tokens,
            generated_tokens,
            ..EngineStats::default()
        }
    }

    #[test]
    fn what_the_machine_takes_at_rest_is_taken_off() {
        let mut meter = Meter::default();
        assert_eq!(meter.measure(Some(50.0), 5.0, stats(0, 0, 0), 0), None);
        assert_eq!(
            meter.measure(Some(50.0), 5.0, stats(0, 0, 0), 5_000),
            None,
            "10 W at rest"
        );
        // 5 s at 30 W, of which 20 are the engine's: 100 J for 50 written and 250 read tokens.
        let measured = meter.measure(Some(150.0), 5.0, stats(5, 250, 50), 10_000);
        assert!((measured.unwrap() - 1.0).abs() < 1e-5, "{measured:?}");
    }

    #[test]
    fn what_can_not_be_told_is_not_known() {
        let mut meter = Meter::default();
        meter.measure(Some(50.0), 5.0, stats(0, 0, 0), 0);
        let unknown_rest = meter.measure(Some(150.0), 5.0, stats(5, 0, 100), 5_000);
        assert_eq!(unknown_rest, None);
        meter.measure(Some(50.0), 5.0, stats(5, 0, 100), 10_000);
        let unread = meter.measure(None, 5.0, stats(10, 0, 200), 15_000);
        assert_eq!(unread, None);
        let few_tokens = meter.measure(Some(150.0), 5.0, stats(15, 0, 203), 20_000);
        assert_eq!(few_tokens, None);
        let hardly_busy = meter.measure(Some(150.0), 50.0, stats(16, 0, 303), 70_000);
        assert_eq!(hardly_busy, None);
        let less_than_at_rest = meter.measure(Some(1.0), 5.0, stats(21, 0, 403), 75_000);
        assert_eq!(less_than_at_rest, Some(0.0));
    }
}
