//! What to take for true about the device instead of measuring it.

use router::{Battery, DeviceSnapshot};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Values that stand over the measured ones; `None` leaves the measured one.
///
/// As JSON on the admin port (`PUT /device`): `{"battery": 0.15, "charging": false}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeviceOverrides {
    /// Charge of the battery, 0 to 1. A device without a battery gets one.
    pub battery: Option<f64>,
    /// Whether the battery is charging; without effect where there is no battery.
    pub charging: Option<bool>,
    /// Temperature of the hottest zone.
    pub celsius: Option<f64>,
    /// Whether the processor is slowed down by heat.
    pub throttled: Option<bool>,
    /// Whether there is a network.
    pub online: Option<bool>,
    /// Whether bytes on the network cost money.
    pub metered: Option<bool>,
    /// Round trip time to the far side, in milliseconds.
    pub rtt_ms: Option<f64>,
}

impl DeviceOverrides {
    /// Reads what the admin port was sent.
    ///
    /// # Errors
    /// What was expected, when it is not a JSON object of known values in range.
    pub fn from_json(body: &[u8]) -> Result<Self, String> {
        let object: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| "expected a JSON object".to_owned())?;
        let overrides =
            Self::deserialize(Value::Object(object)).map_err(|error| error.to_string())?;
        let in_range = |value: Option<f64>, low: f64, high: f64| {
            value.is_none_or(|value| (low..=high).contains(&value))
        };
        if !in_range(overrides.battery, 0.0, 1.0) {
            return Err("battery: expected a charge from 0 to 1".to_owned());
        }
        if !in_range(overrides.celsius, -60.0, 200.0) {
            return Err("celsius: expected a temperature from -60 to 200".to_owned());
        }
        if !in_range(overrides.rtt_ms, 0.0, 600_000.0) {
            return Err("rtt_ms: expected milliseconds from 0 to 600000".to_owned());
        }
        Ok(overrides)
    }

    /// The snapshot with these values over the measured ones.
    pub fn over(&self, measured: &DeviceSnapshot) -> DeviceSnapshot {
        let mut snapshot = measured.clone();
        if let Some(level) = self.battery {
            let measured = snapshot.battery.take();
            snapshot.battery = Some(Battery {
                level,
                charging: measured.as_ref().is_some_and(|battery| battery.charging),
                power_watts: measured.and_then(|battery| battery.power_watts),
            });
        }
        if let (Some(charging), Some(battery)) = (self.charging, &mut snapshot.battery) {
            battery.charging = charging;
        }
        snapshot.thermal.celsius = self.celsius.or(snapshot.thermal.celsius);
        snapshot.thermal.throttled = self.throttled.or(snapshot.thermal.throttled);
        snapshot.link.online = self.online.or(snapshot.link.online);
        snapshot.link.metered = self.metered.or(snapshot.link.metered);
        snapshot.link.rtt_ms = self.rtt_ms.or(snapshot.link.rtt_ms);
        snapshot
    }
}
