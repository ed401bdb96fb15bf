//! The places a request can go, in the order of the configuration: the local engine first.

use router::{Rates, RouteWish, TargetState};

use crate::{
    error::Error,
    local::{self, Local, LocalName},
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
}

/// All targets, and their states as the router takes them (same order).
#[derive(Debug)]
pub(crate) struct Targets {
    targets: Vec<Target>,
    states: Vec<TargetState>,
}

impl Targets {
    /// `contexts` are the far targets' windows, where the configuration knows them.
    pub(crate) fn new(local: Option<Local>, far: Vec<(FarTarget, Option<u32>)>) -> Self {
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
                // Other APIs are not translated yet, so their targets can't take this API's requests.
                reachable: target.upstream.api() == router::Api::OpenAi,
                context_tokens,
                tools: true,
                // Whether it may have them is the rule's decision.
                attachments: true,
                rates: Rates::default(),
            });
            targets.push(Target::Far(Box::new(target)));
        }
        Self { targets, states }
    }

    /// What the router chooses from.
    pub(crate) fn states(&self) -> &[TargetState] {
        &self.states
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
        std::iter::once((AUTO, "nearside")).chain(listed)
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

    /// The wish of a client that named a model which only other targets can have.
    fn far_only(&self, wish: RouteWish, model: &str) -> Result<RouteWish, Error> {
        if self.lists(model) || self.far().any(|far| far.models.is_empty()) {
            Ok(wish)
        } else {
            Err(Error::UnknownModel)
        }
    }

    /// Whether some target's configuration names the model.
    fn lists(&self, model: &str) -> bool {
        self.far()
            .any(|far| far.models.iter().any(|name| name == model))
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
        if self.models.iter().any(|name| name == model) {
            return Ok(None);
        }
        match (self.models.first(), is_alias(model)) {
            (Some(first), _) => Ok(Some(first)),
            (None, false) => Ok(None),
            (None, true) => Err(Error::UnknownModel),
        }
    }
}

fn is_alias(model: &str) -> bool {
    model == AUTO || model == local::ANY
}

/// The policy chooses the model.
const AUTO: &str = "auto";
