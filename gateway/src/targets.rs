//! The places a request can go, in the order of the configuration: the local engine first; and what
//! asking each takes.

use std::collections::BTreeMap;

use http::StatusCode;
use router::{Rates, RouteWish, Signals, TargetState, TokenPrice};

use crate::{
    api::ollama::{
        head::plain_name,
        models::{ModelCard, ModelPlace},
    },
    clock::Timestamp,
    config::Price,
    error::Error,
    history::{History, Kind, Known, Place},
    local::{self, Local, LocalName, TextEncoder},
    telemetry::LOCAL_TARGET,
    upstream::Upstream,
};

/// A place a request can go.
#[derive(Debug)]
pub(crate) enum Target {
    /// The engine in this process.
    Local(Local),
    /// A provider, on the premises or in the cloud.
    Far(Box<FarTarget>),
}

impl Target {
    /// What policies, headers and metrics call it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Local(_) => LOCAL_TARGET,
            Self::Far(far) => far.upstream.name(),
        }
    }
}

/// A provider and the models it serves.
#[derive(Debug)]
pub(crate) struct FarTarget {
    pub(crate) upstream: Upstream,
    /// The configured list; empty when the configuration doesn't say.
    pub(crate) models: Vec<String>,
    /// What they cost, by name.
    pub(crate) prices: BTreeMap<String, Price>,
    /// Share of what a capable model does well that they do well too, if configured.
    pub(crate) quality: Option<f64>,
}

/// All targets, and their states as the router takes them (same order).
#[derive(Debug)]
pub(crate) struct Targets {
    targets: Vec<Target>,
    /// What makes vectors of texts on the device.
    encoder: Option<TextEncoder>,
    /// Without rates, which change.
    states: Vec<TargetState>,
    history: History,
}

impl Targets {
    /// `contexts` are the far targets' windows, where the configuration knows them.
    pub(crate) fn new(
        local: Option<Local>,
        encoder: Option<TextEncoder>,
        far: Vec<(FarTarget, Option<u32>)>,
        history: History,
    ) -> Self {
        let mut targets = Vec::new();
        let mut states = Vec::new();
        if let Some(local) = local {
            states.push(local.state());
            targets.push(Target::Local(local));
        }
        for (target, context_tokens) in far {
            states.push(TargetState {
                name: target.upstream.name().to_owned(),
                zone: target.upstream.zone(),
                reachable: true,
                context_tokens,
                tools: true,
                // Whether it may have them is the rule's decision.
                attachments: true,
                rates: Rates::default(),
            });
            targets.push(Target::Far(Box::new(target)));
        }
        Self {
            targets,
            encoder,
            states,
            history,
        }
    }

    /// The encoder on the device.
    ///
    /// # Errors
    /// [`Error::NotOffered`] where none is configured.
    pub(crate) fn encoder(&self) -> Result<&TextEncoder, Error> {
        self.encoder.as_ref().ok_or(Error::NotOffered {
            status: StatusCode::NOT_IMPLEMENTED,
            instead: "no model for embeddings runs here: `local.embeddings` of the configuration names one",
        })
    }

    /// What the router chooses from for this request, with what asking each takes now.
    pub(crate) fn states(&self, signals: &Signals) -> Vec<TargetState> {
        let kind = Kind::of(signals);
        let mut far = 0;
        let rates = |target: &Target| match target {
            Target::Local(local) => local.rates(self.history.known(Place::Local, kind)),
            Target::Far(target) => {
                let known = self.history.known(Place::Far(far), kind);
                far += 1;
                target.rates(&signals.model, known)
            }
        };
        let rates = self.targets.iter().map(rates);
        let states = self.states.iter().zip(rates);
        states
            .map(|(state, rates)| TargetState {
                rates,
                ..state.clone()
            })
            .collect()
    }

    /// The target behind an index of the router's chain.
    pub(crate) fn get(&self, index: usize) -> Option<&Target> {
        self.targets.get(index)
    }

    /// The local engine, if there is one.
    pub(crate) fn local(&self) -> Option<&Local> {
        self.targets.iter().find_map(|target| match target {
            Target::Local(local) => Some(local),
            Target::Far(_) => None,
        })
    }

    /// Every model a client may name, with who owns it.
    pub(crate) fn models(&self) -> impl Iterator<Item = (&str, &str)> {
        let listed = self.targets.iter().flat_map(|target| match target {
            Target::Local(local) => {
                let names = local.names();
                names.map(|name| (name, "nearside")).collect::<Vec<_>>()
            }
            Target::Far(far) => {
                let owner = far.upstream.name();
                let models = far.models.iter();
                models.map(|model| (model.as_str(), owner)).collect()
            }
        });
        let encoder = self.encoder.iter();
        let encoder = encoder.map(|encoder| (encoder.name(), "nearside"));
        std::iter::once((AUTO, "nearside"))
            .chain(listed)
            .chain(encoder)
    }

    /// The same with what is known about each, which has been so since `modified`.
    pub(crate) fn cards(&self, modified: Timestamp) -> Vec<ModelCard> {
        let card = |name: &str, place| ModelCard {
            name: name.to_owned(),
            place,
            modified,
        };
        let mut cards = vec![card(AUTO, ModelPlace::There { target: None })];
        for target in &self.targets {
            match target {
                Target::Local(local) => {
                    let place = |name| ModelPlace::Here(local.card(name));
                    cards.extend(local.names().map(|name| card(name, place(name))));
                }
                Target::Far(far) => cards.extend(far.models.iter().map(|model| {
                    let target = Some(far.upstream.name().to_owned());
                    card(model, ModelPlace::There { target })
                })),
            }
        }
        cards
    }

    /// What the route wish becomes in the light of the model that the client named: a name of the
    /// local model keeps the request on the device.
    ///
    /// # Errors
    /// [`Error::UnknownModel`] or [`Error::UnknownAdapter`] when no target can serve the name,
    /// [`Error::Header`] when the wish and the model contradict each other.
    pub(crate) fn narrow(&self, wish: RouteWish, model: &str) -> Result<RouteWish, Error> {
        if model == AUTO {
            return Ok(wish);
        }
        let local = self.local();
        let has = |adapter| local.is_some_and(|local| local.has_adapter(adapter));
        match LocalName::read(model, local.map(Local::name)) {
            None => return self.far_only(wish, model),
            Some(LocalName::Plain) => {}
            Some(LocalName::Adapted(adapter)) if has(adapter) => {}
            Some(LocalName::Adapted(_)) if self.lists(model) => return Ok(wish),
            // What was meant to stay here never goes to a target that takes any name.
            Some(LocalName::Adapted(_)) => {
                return Err(local.map_or(Error::UnknownModel, Local::unknown_adapter));
            }
        }
        match wish {
            RouteWish::Auto | RouteWish::Local => Ok(RouteWish::Local),
            RouteWish::Cloud => Err(Error::Header {
                name: "x-nearside-route",
                expected: "local or auto, since the model is the local one",
            }),
        }
    }

    /// The same for a request for vectors. Those of two models can't be compared, so that the model's
    /// name alone says who answers, never what a text says: a target that lists it, and no other;
    /// for any other name the encoder on the device, and a target that takes any name only
    /// where there is no encoder.
    ///
    /// # Errors
    /// [`Error::NotOffered`] where an encoder is wanted and none is configured; else as for
    /// [`Self::narrow`].
    pub(crate) fn narrow_embedding(
        &self,
        wish: RouteWish,
        model: &str,
    ) -> Result<RouteWish, Error> {
        let own = self.local().map(Local::name);
        let is_local = model == AUTO || LocalName::read(model, own).is_some();
        let goes_far = self.lists(model) || self.encoder.is_none() && !is_local;
        if goes_far && wish != RouteWish::Local {
            self.far_only(RouteWish::Cloud, model)
        } else if goes_far && self.lists(model) {
            Err(Error::Header {
                name: "x-nearside-route",
                expected: "cloud or auto, since only a target has this model",
            })
        } else if wish == RouteWish::Cloud {
            Err(Error::Header {
                name: "x-nearside-route",
                expected: "local or auto, since the model is the local one",
            })
        } else {
            self.encoder().map(|_| RouteWish::Local)
        }
    }

    /// The wish of a client that named a model which only other targets can have.
    fn far_only(&self, wish: RouteWish, model: &str) -> Result<RouteWish, Error> {
        if self.lists(model) || self.far().any(|far| far.models.is_empty()) {
            Ok(wish)
        } else {
            Err(Error::UnknownModel)
        }
    }

    /// Whether vectors of this model can come from this target: it lists the model, or nobody does and
    /// it lists none.
    pub(crate) fn embeds(&self, target: &FarTarget, model: &str) -> bool {
        let is_open = || target.models.is_empty() && !self.lists(model);
        listed(&target.models, model).is_some() || is_open()
    }

    /// Whether some target's configuration names the model.
    fn lists(&self, model: &str) -> bool {
        self.far().any(|far| listed(&far.models, model).is_some())
    }

    fn far(&self) -> impl Iterator<Item = &FarTarget> {
        self.targets.iter().filter_map(|target| match target {
            Target::Local(_) => None,
            Target::Far(far) => Some(far.as_ref()),
        })
    }
}

impl FarTarget {
    /// The name under which this target is asked for `model`: another one where the client left the
    /// choice to the gateway, or named a model that only other targets have. `None` keeps it.
    ///
    /// # Errors
    /// [`Error::UnknownModel`] when the client named none and none is configured.
    pub(crate) fn model_for(&self, model: &str) -> Result<Option<&str>, Error> {
        served_name(&self.models, model)
    }

    /// What asking for `model` takes, as far as it is configured or was measured.
    fn rates(&self, model: &str, known: Known) -> Rates {
        Rates {
            wait_seconds: known.wait_seconds,
            output_tokens_per_second: known.output_tokens_per_second,
            output_tokens: known.output_tokens,
            ..configured_rates(&self.models, &self.prices, self.quality, model)
        }
    }
}

/// What asking a target with these models and prices for `model` takes, as far as it is configured.
pub(crate) fn configured_rates(
    models: &[String],
    prices: &BTreeMap<String, Price>,
    quality: Option<f64>,
    model: &str,
) -> Rates {
    let asked = served_name(models, model).ok().flatten().unwrap_or(model);
    Rates {
        quality,
        price: Price::of(prices, asked).map(TokenPrice::from),
        ..Rates::default()
    }
}

fn served_name<'m>(models: &'m [String], model: &str) -> Result<Option<&'m str>, Error> {
    if let Some(listed) = listed(models, model) {
        return Ok((listed != model).then_some(listed));
    }
    match (models.first(), is_alias(model)) {
        (Some(first), _) => Ok(Some(first)),
        (None, false) => Ok(None),
        (None, true) => Err(Error::UnknownModel),
    }
}

/// The name under which `models` lists a model. Of names that differ in the tag `latest` alone, each
/// stands for the other.
fn listed<'m>(models: &'m [String], model: &str) -> Option<&'m str> {
    let same = |name: &&String| plain_name(name) == plain_name(model);
    models.iter().find(same).map(String::as_str)
}

impl From<Price> for TokenPrice {
    fn from(price: Price) -> Self {
        Self {
            usd_per_million_prompt_tokens: price.input_per_million,
            usd_per_million_output_tokens: price.output_per_million,
        }
    }
}

fn is_alias(model: &str) -> bool {
    model == AUTO || model == local::ANY
}

/// The policy chooses the model.
const AUTO: &str = "auto";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_that_of_the_model_which_the_target_is_asked_for() {
        let price = |input_per_million| Price {
            input_per_million,
            output_per_million: 10.0,
        };
        let named = |name: &str, input| (name.to_owned(), price(input));
        let both = BTreeMap::from([named("large", 5.0), named("small", 1.0)]);
        let models = ["small".to_owned(), "large".to_owned()];
        let check = |models: &[String], prices: &BTreeMap<_, _>, model, expected: Option<f64>| {
            let rates = configured_rates(models, prices, None, model);
            let price = rates.price.map(|price| price.usd_per_million_prompt_tokens);
            assert_eq!(price, expected, "{model}");
        };
        check(&models, &both, "large", Some(5.0));
        check(&models, &both, AUTO, Some(1.0));
        check(&models, &both, "another target's", Some(1.0));
        check(&[], &both, "large", Some(5.0));
        check(&[], &both, "unknown", None);
        check(&[], &both, AUTO, None);
        let one = BTreeMap::from([named("large", 5.0)]);
        check(&models, &one, "small", Some(5.0));
        check(&models, &BTreeMap::new(), "small", None);
    }
}
