//! How hard the local engine may work, before any route changes.
//!
//! Heat and a low battery come gradually. A device that slows its engine in time often gets neither so
//! hot nor so empty that requests have to go elsewhere. A token costs about as much energy at any
//! pace; what falls is the power, and with it heat, noise and the drain while others use the machine.

use crate::device::DeviceSnapshot;

/// When to slow the engine down, and how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaceOptions {
    /// Charge at which a device on battery begins to save, and at which it saves most; 0 to 1.
    pub battery: Ramp,
    /// Headroom at which a device begins to spare itself, and at which it does so most; in degrees
    /// Celsius, see [`crate::Thermal::headroom_celsius`].
    pub headroom: Ramp,
    /// Share of memory available at which fewer requests begin to run at once, and at which the
    /// fewest do.
    pub memory: Ramp,
    /// The least share of time that the engine computes, above 0 and up to 1.
    pub least_duty: f64,
    /// The least share of the engine's slots in use, 0 to 1; one slot always is.
    pub least_slots: f64,
}

impl Default for PaceOptions {
    fn default() -> Self {
        Self {
            battery: Ramp { from: 0.4, to: 0.2 },
            headroom: Ramp {
                from: 15.0,
                to: 5.0,
            },
            memory: Ramp {
                from: 0.15,
                to: 0.05,
            },
            least_duty: 0.5,
            least_slots: 0.25,
        }
    }
}

/// Where a falling value begins to matter, and where it matters fully.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp {
    /// At this value and above it does not matter.
    pub from: f64,
    /// At this value and below it matters fully; less than `from`.
    pub to: f64,
}

impl Ramp {
    /// 0 down to `from`, 1 from `to` on, in quarters, so that small changes are none.
    fn strain(self, value: f64) -> f64 {
        let strain = (self.from - value) / (self.from - self.to);
        if strain.is_nan() {
            return 0.0;
        }
        let quarters = strain.clamp(0.0, 1.0) * 4.0;
        // What rounding adds to a whole quarter is not the beginning of the next one.
        (quarters - 1e-9).ceil().max(0.0) / 4.0
    }
}

/// How hard the engine may work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Share of its slots that may be in use, 0 to 1.
    pub slots_ratio: f64,
    /// Share of time that it may compute, 0 to 1; the rest it pauses between runs of the graph.
    pub duty_ratio: f64,
    /// What slows it down most.
    pub cause: PaceCause,
}

impl Pace {
    /// Nothing held back.
    pub const FULL: Self = Self {
        slots_ratio: 1.0,
        duty_ratio: 1.0,
        cause: PaceCause::None,
    };

    /// Slots to use of `slots`, at least one.
    pub fn slots(&self, slots: usize) -> usize {
        let used = (1..=slots).find(|used| {
            #[expect(clippy::cast_precision_loss, reason = "slots are few")]
            let share = *used as f64 / slots as f64;
            share >= self.slots_ratio
        });
        used.unwrap_or(slots).max(1)
    }
}

/// What slows the engine down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaceCause {
    /// Nothing does.
    None,
    /// The processor is hot, or about to be.
    Heat,
    /// The battery is low and not charging.
    Battery,
    /// The user asked the device to save power.
    Saver,
    /// Memory is short.
    Memory,
}

impl PaceCause {
    /// All causes.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Heat,
        Self::Battery,
        Self::Saver,
        Self::Memory,
    ];

    /// The word for metrics and the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Heat => "heat",
            Self::Battery => "battery",
            Self::Saver => "saver",
            Self::Memory => "memory",
        }
    }
}

/// How hard the engine may work on this device. What is unknown slows nothing down.
///
/// ```
/// use router::{DeviceSnapshot, Pace, PaceCause, PaceOptions, Thermal, pace};
///
/// let warm = DeviceSnapshot {
///     thermal: Thermal { headroom_celsius: Some(9.0), ..Thermal::default() },
///     ..DeviceSnapshot::default()
/// };
/// let slowed = pace(&warm, &PaceOptions::default());
/// assert_eq!((slowed.cause, slowed.duty_ratio, slowed.slots(8)), (PaceCause::Heat, 0.625, 4));
/// assert_eq!(pace(&DeviceSnapshot::default(), &PaceOptions::default()), Pace::FULL);
/// ```
pub fn pace(device: &DeviceSnapshot, options: &PaceOptions) -> Pace {
    let heat = match (device.thermal.throttled, device.thermal.headroom_celsius) {
        (Some(true), _) => 1.0,
        (_, Some(headroom)) => options.headroom.strain(headroom),
        (_, None) => 0.0,
    };
    let battery = device.battery.as_ref().filter(|battery| !battery.charging);
    let battery = battery.map_or(0.0, |battery| options.battery.strain(battery.level));
    let saver = if device.power.saver == Some(true) {
        HALF
    } else {
        0.0
    };
    let memory = device
        .memory_available_ratio
        .map_or(0.0, |available| options.memory.strain(available));
    let power = heat.max(battery).max(saver);
    let causes = [
        (heat, PaceCause::Heat),
        (battery, PaceCause::Battery),
        (saver, PaceCause::Saver),
        (memory, PaceCause::Memory),
    ];
    let mut worst = (0.0, PaceCause::None);
    for (strain, cause) in causes {
        if strain > worst.0 {
            worst = (strain, cause);
        }
    }
    Pace {
        slots_ratio: 1.0 - power.max(memory) * (1.0 - options.least_slots),
        duty_ratio: 1.0 - power * (1.0 - options.least_duty),
        cause: worst.1,
    }
}

/// How much a power saver matters: who turns it on wants less of everything, but not the least.
const HALF: f64 = 0.5;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Battery, Power, Thermal};

    fn device(level: f64, charging: bool, headroom: Option<f64>) -> DeviceSnapshot {
        DeviceSnapshot {
            battery: Some(Battery {
                level,
                charging,
                power_watts: None,
            }),
            thermal: Thermal {
                headroom_celsius: headroom,
                ..Thermal::default()
            },
            ..DeviceSnapshot::default()
        }
    }

    fn check(device: &DeviceSnapshot, cause: PaceCause, duty: f64, slots: usize) {
        let pace = pace(device, &PaceOptions::default());
        assert_eq!(
            (pace.cause, pace.duty_ratio, pace.slots(8)),
            (cause, duty, slots),
            "{device:?}"
        );
    }

    #[test]
    fn the_engine_slows_down_as_the_battery_falls_or_heat_rises() {
        check(&device(0.9, false, None), PaceCause::None, 1.0, 8);
        check(&device(0.3, false, None), PaceCause::Battery, 0.75, 5);
        check(&device(0.1, false, None), PaceCause::Battery, 0.5, 2);
        check(&device(0.1, true, None), PaceCause::None, 1.0, 8);
        check(&device(0.9, false, Some(10.0)), PaceCause::Heat, 0.75, 5);
        check(&device(0.9, false, Some(-3.0)), PaceCause::Heat, 0.5, 2);
    }

    #[test]
    fn a_saver_and_short_memory_slow_it_down_too() {
        let saver = DeviceSnapshot {
            power: Power {
                saver: Some(true),
                time_left: None,
            },
            ..DeviceSnapshot::default()
        };
        check(&saver, PaceCause::Saver, 0.75, 5);
        let short = DeviceSnapshot {
            memory_available_ratio: Some(0.02),
            ..DeviceSnapshot::default()
        };
        check(&short, PaceCause::Memory, 1.0, 2);
    }

    #[test]
    fn one_slot_always_stays() {
        let least = Pace {
            slots_ratio: 0.0,
            ..Pace::FULL
        };
        assert_eq!((least.slots(1), least.slots(8), least.slots(0)), (1, 1, 1));
    }

    proptest! {
        #[test]
        fn less_battery_and_less_headroom_never_quicken(
            (less, more) in (0.0..=1.0, 0.0..=1.0),
            (hot, cool) in (-10.0..40.0, -10.0..40.0),
        ) {
            let options = PaceOptions::default();
            let (less, more) = (f64::min(less, more), f64::max(less, more));
            let (hot, cool) = (f64::min(hot, cool), f64::max(hot, cool));
            let slower = pace(&device(less, false, Some(hot)), &options);
            let faster = pace(&device(more, false, Some(cool)), &options);
            prop_assert!(slower.duty_ratio <= faster.duty_ratio);
            prop_assert!(slower.slots_ratio <= faster.slots_ratio);
            prop_assert!(slower.duty_ratio >= options.least_duty);
        }
    }
}
