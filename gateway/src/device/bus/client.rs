//! Follows the services for as long as there is a bus.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::select_all;
use zbus::connection::Builder;
use zbus::wire::OwnedVariant;
use zbus::{Connection, MessageStream};

use super::BusReading;
use super::service;

/// Properties of an object, by name.
pub(super) type Properties = HashMap<String, OwnedVariant>;

/// Tells what the services say, now and whenever it changes, until the future is dropped. `address`
/// is the bus of a test; `None` is the system's.
pub(in crate::device) async fn follow(address: Option<&str>, mut tell: impl FnMut(BusReading)) {
    loop {
        if let Err(error) = follow_once(address, &mut tell).await {
            // Most machines without a desktop have no bus.
            tracing::debug!(%error, "the system bus can't be followed");
        }
        tell(BusReading::default());
        tokio::time::sleep(UNTIL_NEXT_TRY).await;
    }
}

/// What the services say now; nothing without a bus.
pub(in crate::device) async fn read(address: Option<&str>) -> BusReading {
    match Bus::connect(address).await {
        Ok(bus) => service::read(&bus).await,
        Err(error) => {
            tracing::debug!(%error, "there is no system bus");
            BusReading::default()
        }
    }
}

/// Ends when the bus does.
async fn follow_once(
    address: Option<&str>,
    tell: &mut impl FnMut(BusReading),
) -> Result<(), zbus::Error> {
    let bus = Bus::connect(address).await?;
    let mut signals = Vec::new();
    for rule in service::SIGNALS {
        signals.push(MessageStream::for_match_rule(*rule, &bus.connection, None).await?);
    }
    let mut signals = select_all(signals);
    loop {
        tell(service::read(&bus).await);
        match tokio::time::timeout(UNTIL_NEXT_READING, signals.next()).await {
            Ok(Some(Ok(_))) => tokio::time::sleep(SIGNALS_COME_TOGETHER).await,
            Ok(Some(Err(error))) => return Err(error),
            Ok(None) => return Ok(()),
            Err(_) if bus.connection.is_closed() => return Ok(()),
            Err(_) => {}
        }
    }
}

/// A connection to a bus.
#[derive(Debug)]
pub(super) struct Bus {
    connection: Connection,
}

impl Bus {
    async fn connect(address: Option<&str>) -> Result<Self, zbus::Error> {
        let builder = address.map_or_else(Builder::system, Builder::address);
        let connection = builder.method_timeout(LONGEST_CALL).build().await?;
        Ok(Self { connection })
    }

    /// Whether a service runs. Asking one that doesn't would start it.
    pub(super) async fn has(&self, name: &str) -> bool {
        let bus = Some("org.freedesktop.DBus");
        let path = "/org/freedesktop/DBus";
        let reply = self
            .connection
            .call_method(bus, path, bus, "NameHasOwner", &(name,))
            .await;
        let answer = reply.and_then(|reply| reply.body().deserialize::<bool>());
        answer.unwrap_or(false)
    }

    /// All properties of an object; none when it doesn't answer.
    pub(super) async fn properties(
        &self,
        service: &str,
        path: &str,
        interface: &str,
    ) -> Properties {
        let reply = self
            .connection
            .call_method(
                Some(service),
                path,
                Some("org.freedesktop.DBus.Properties"),
                "GetAll",
                &(interface,),
            )
            .await;
        let properties = reply.and_then(|reply| reply.body().deserialize::<Properties>());
        properties.unwrap_or_else(|error| {
            tracing::debug!(%error, service, path, "no answer on the system bus");
            Properties::new()
        })
    }
}

const LONGEST_CALL: Duration = Duration::from_secs(2);
const UNTIL_NEXT_TRY: Duration = Duration::from_mins(1);
const UNTIL_NEXT_READING: Duration = Duration::from_secs(30);

/// A change of the network is a dozen signals.
const SIGNALS_COME_TOGETHER: Duration = Duration::from_millis(100);
