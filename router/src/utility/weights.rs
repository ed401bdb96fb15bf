//! How much of a chance of success a dollar, a second, a joule and a megabyte are worth.

use crate::device::{Battery, DeviceSnapshot};

/// What one unit of each cost is worth in success: with `usd: 20`, five cents are worth a whole success,
/// and a cent twenty points of a chance.
///
/// ```
/// use router::utility::Weights;
/// use router::{Battery, DeviceSnapshot};
///
/// let weights = Weights::profile("battery").unwrap();
/// let at = |level| {
///     let battery = Battery { level, charging: false, power_watts: None };
///     let device = DeviceSnapshot { battery: Some(battery), ..DeviceSnapshot::default() };
///     weights.on(&device).joule / weights.joule
/// };
/// assert_eq!((at(1.0), at(0.5), at(0.1), at(0.01)), (1.0, 2.0, 10.0, 20.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Per US dollar.
    pub usd: f64,
    /// Per second until the last token.
    pub second: f64,
    /// Per joule of the device, on a full battery.
    pub joule: f64,
    /// Per megabyte, on a metered link.
    pub megabyte: f64,
}

impl Weights {
    /// Of no favourites: a cent is worth twenty points of success, ten seconds ten, a watt-hour of a full
    /// battery thirty-six.
    pub const BALANCED: Self = Self {
        usd: 20.0,
        second: 0.01,
        joule: 0.0001,
        megabyte: 0.05,
    };

    /// The profiles, by the name that a rule's `weights:` gives.
    pub const PROFILES: [(&'static str, Self); 5] = [
        ("balanced", Self::BALANCED),
        (
            "battery",
            Self {
                joule: 0.0005,
                ..Self::BALANCED
            },
        ),
        (
            "metered",
            Self {
                megabyte: 2.0,
                ..Self::BALANCED
            },
        ),
        (
            "fast",
            Self {
                usd: 5.0,
                second: 0.05,
                ..Self::BALANCED
            },
        ),
        (
            "cheap",
            Self {
                usd: 100.0,
                second: 0.005,
                ..Self::BALANCED
            },
        ),
    ];

    /// The profile of this name.
    pub fn profile(name: &str) -> Option<Self> {
        let found = Self::PROFILES.iter().find(|(known, _)| *known == name);
        found.map(|(_, weights)| *weights)
    }

    /// What the weights become on a device in this state.
    ///
    /// - A joule is worth its share of what is left: its weight is divided by the charge, down to a
    ///   charge of 5 %. On mains (charging, or no battery known) it is a tenth, for the heat and the
    ///   bill. While heat slows the processor it is doubled.
    /// - A megabyte keeps its weight on a metered link, has a tenth of it on one that is not, and half
    ///   where that is not known.
    #[must_use]
    pub fn on(self, device: &DeviceSnapshot) -> Self {
        let heat = if device.thermal.throttled == Some(true) {
            THROTTLED_ENERGY
        } else {
            1.0
        };
        Self {
            joule: self.joule * scarcity(device.battery.as_ref()) * heat,
            megabyte: self.megabyte * tariff(device.link.metered),
            ..self
        }
    }
}

/// How much more a joule is worth than on a full battery.
fn scarcity(battery: Option<&Battery>) -> f64 {
    match battery {
        Some(battery) if battery.level.is_nan() => MAINS_ENERGY,
        Some(battery) if !battery.charging => 1.0 / battery.level.clamp(LEAST_CHARGE, 1.0),
        Some(_) | None => MAINS_ENERGY,
    }
}

/// How much of its weight a megabyte has.
fn tariff(metered: Option<bool>) -> f64 {
    match metered {
        Some(true) => 1.0,
        None => 0.5,
        Some(false) => 0.1,
    }
}

/// Below this charge a joule gets no dearer.
const LEAST_CHARGE: f64 = 0.05;
const MAINS_ENERGY: f64 = 0.1;
const THROTTLED_ENERGY: f64 = 2.0;
