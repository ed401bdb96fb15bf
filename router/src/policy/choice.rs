//! A rule's `choose:` and `weights:`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{
    suggest::{did_you_mean, quoted_list},
    utility::{Choice, Weights},
    yaml::Spanned,
};

/// How the eligible targets are put in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ChooseFile {
    #[default]
    First,
    Utility,
}

/// What the costs are worth, as typed.
#[derive(Debug)]
pub(super) enum WeightsFile {
    /// The name of a profile.
    Profile(String),
    /// Numbers of the rule's own; those left out are the balanced ones.
    Own(OwnWeights),
}

/// Weights of a rule's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnWeights {
    usd: Option<Spanned<f64>>,
    second: Option<Spanned<f64>>,
    joule: Option<Spanned<f64>>,
    megabyte: Option<Spanned<f64>>,
}

/// The choice, of use only when the list of mistakes is empty.
pub(super) fn check(
    choose: ChooseFile,
    weights: Option<&Spanned<WeightsFile>>,
) -> (Choice, Vec<Spanned<String>>) {
    let mut mistakes = Vec::new();
    let choice = match (choose, weights) {
        (ChooseFile::First, None) => Choice::First,
        (ChooseFile::First, Some(weights)) => {
            mistakes.push(at(weights, "weights need 'choose: utility'"));
            Choice::First
        }
        (ChooseFile::Utility, None) => Choice::Utility(Weights::BALANCED),
        (ChooseFile::Utility, Some(weights)) => Choice::Utility(match &weights.value {
            WeightsFile::Profile(name) => profile(weights, name, &mut mistakes),
            WeightsFile::Own(own) => own.check(&mut mistakes),
        }),
    };
    (choice, mistakes)
}

fn profile<T>(place: &Spanned<T>, name: &str, mistakes: &mut Vec<Spanned<String>>) -> Weights {
    Weights::profile(name).unwrap_or_else(|| {
        let known = || Weights::PROFILES.iter().map(|(name, _)| *name);
        let message = format!(
            "unknown weights '{name}', expected one of {}{}",
            quoted_list(known()),
            did_you_mean(name, known())
        );
        mistakes.push(at(place, message));
        Weights::BALANCED
    })
}

impl OwnWeights {
    fn check(&self, mistakes: &mut Vec<Spanned<String>>) -> Weights {
        let mut weight = |typed: Option<&Spanned<f64>>, balanced: f64| {
            let Some(typed) = typed else { return balanced };
            if !(0.0..=MOST_WEIGHT).contains(&typed.value) {
                let message = format!(
                    "expected a weight from 0 to {MOST_WEIGHT}, found {}",
                    typed.value
                );
                mistakes.push(at(typed, message));
            }
            typed.value
        };
        let balanced = Weights::BALANCED;
        Weights {
            usd: weight(self.usd.as_ref(), balanced.usd),
            second: weight(self.second.as_ref(), balanced.second),
            joule: weight(self.joule.as_ref(), balanced.joule),
            megabyte: weight(self.megabyte.as_ref(), balanced.megabyte),
        }
    }
}

/// A message at the place of what it is about.
fn at<T>(place: &Spanned<T>, message: impl Into<String>) -> Spanned<String> {
    Spanned {
        value: message.into(),
        line: place.line,
        column: place.column,
    }
}

impl<'de> Deserialize<'de> for WeightsFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WeightsVisitor)
    }
}

struct WeightsVisitor;

impl<'de> Visitor<'de> for WeightsVisitor {
    type Value = WeightsFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a profile or a mapping of weights")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<WeightsFile, E> {
        Ok(WeightsFile::Profile(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, weights: A) -> Result<WeightsFile, A::Error> {
        OwnWeights::deserialize(MapAccessDeserializer::new(weights)).map(WeightsFile::Own)
    }
}

/// Any weight near this makes its term the only one that counts.
const MOST_WEIGHT: f64 = 1_000_000.0;
