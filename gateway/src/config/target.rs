//! Checks one target of the configuration.

use std::collections::BTreeMap;
use std::path::Path;

use redactor::Sensitive;
use router::yaml::Spanned;
use router::{Api, Zone};

use super::environment::Environment;
use super::file::{AuthFile, PriceFile, TargetFile, TimeoutsFile};
use super::key::KeySource;
use super::problem::{Place, Problems, Typed};
use super::{Auth, Price, TargetConfig, Timeouts, units};

/// What the references of a target are resolved with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) environment: &'a Environment,
    pub(super) folder: &'a Path,
}

/// Checks all targets; names must be unique. `None` stands where a target has mistakes.
pub(super) fn check_all(
    targets: &[Spanned<TargetFile>],
    context: Context<'_>,
    problems: &mut Problems,
) -> Vec<TargetConfig> {
    let mut checked: Vec<TargetConfig> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        if let Some(name) = &target.value.name {
            if names.contains(&name.value.as_str()) {
                let key = format!("targets[{index}].name");
                let typed = Typed {
                    key: &key,
                    value: &name.value,
                    place: Place::of(name),
                };
                problems.expected(typed, "a name that no other target has");
            }
            names.push(&name.value);
        }
        checked.extend(check(index, target, context, problems));
    }
    checked
}

fn check(
    index: usize,
    target: &Spanned<TargetFile>,
    context: Context<'_>,
    problems: &mut Problems,
) -> Option<TargetConfig> {
    let place = Place::of(target);
    let file = &target.value;
    let key = |name: &str| format!("targets[{index}].{name}");
    let mut required = |name: &str, value: Option<&Spanned<String>>| {
        if value.is_none() {
            problems.note(place, format!("{}: is missing", key(name)));
        }
    };
    required("name", file.name.as_ref());
    required("zone", file.zone.as_ref());
    required("api", file.api.as_ref());
    required("base_url", file.base_url.as_ref());

    let name = problems.parse(&key("name"), file.name.as_ref(), parse_name);
    let zone = problems.parse(&key("zone"), file.zone.as_ref(), parse_zone);
    let api = problems.parse(&key("api"), file.api.as_ref(), parse_api);
    let base_url = file.base_url.as_ref().and_then(|url| {
        parse_base_url(&url.value)
            .map_err(|expected| {
                problems.expected_hidden(&key("base_url"), Place::of(url), expected);
            })
            .ok()
    });
    let auth = check_auth(&key("auth"), file.auth.as_ref(), context, problems);
    let price = check_prices(&key("price"), &file.price, problems);
    let quality = problems.number(
        &key("quality"),
        file.quality.as_ref(),
        "a share from 0 to 1",
        |share| (0.0..=1.0).contains(&share).then_some(share),
    );
    let timeouts = check_timeouts(&key("timeouts"), &file.timeouts, problems);
    let context_tokens = problems.number(
        &key("context"),
        file.context.as_ref(),
        "a number of tokens from 1 to 4294967295",
        |tokens| u32::try_from(tokens).ok().filter(|tokens| *tokens > 0),
    );
    Some(TargetConfig {
        name: name?,
        zone: zone?,
        api: api?,
        base_url: base_url?,
        auth: auth?,
        price,
        quality,
        timeouts,
        context_tokens,
        models: file.models.clone(),
        responses: file.responses.unwrap_or(true),
    })
}

/// A name is a metric label and a word of policies: short, plain, and not a word that policies
/// and metrics use for something else.
fn parse_name(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
        return Err("1 to 64 of a-z, 0-9, `-` and `_`");
    }
    if RESERVED_NAMES.contains(&text) {
        return Err("a name other than local, device, site, cloud, none and other");
    }
    Ok(text.to_owned())
}

fn parse_zone(text: &str) -> Result<Zone, &'static str> {
    match text {
        "device" => Ok(Zone::Device),
        "site" => Ok(Zone::Site),
        "cloud" => Ok(Zone::Cloud),
        _ => Err("device, site or cloud"),
    }
}

fn parse_api(text: &str) -> Result<Api, &'static str> {
    match text {
        "openai" => Ok(Api::OpenAi),
        "anthropic" => Ok(Api::Anthropic),
        "ollama" => Ok(Api::Ollama),
        _ => Err("openai, anthropic or ollama"),
    }
}

/// The URL without a slash at the end. It is never shown in a message: it could hold a password.
fn parse_base_url(text: &str) -> Result<String, &'static str> {
    const EXPECTED: &str = "a URL such as `https://api.example.com/v1`: http or https, \
                            without user, query or fragment";
    let url: http::Uri = text.parse().map_err(|_| EXPECTED)?;
    let is_http = matches!(url.scheme_str(), Some("http" | "https"));
    let authority = url.authority().ok_or(EXPECTED)?.as_str();
    if !is_http || authority.contains('@') || url.query().is_some() || text.contains('#') {
        return Err(EXPECTED);
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// `None` when there is a mistake; absent means that the client's own credentials are forwarded.
fn check_auth(
    key: &str,
    auth: Option<&Spanned<AuthFile>>,
    context: Context<'_>,
    problems: &mut Problems,
) -> Option<Auth> {
    let Some(auth) = auth else {
        return Some(Auth::Passthrough);
    };
    let AuthFile {
        mode,
        api_key_env,
        api_key_file,
    } = &auth.value;
    let has_key = api_key_env.is_some() || api_key_file.is_some();
    if mode.is_none() {
        problems.note(Place::of(auth), format!("{key}.mode: is missing"));
    }
    let mode = problems.parse(&format!("{key}.mode"), mode.as_ref(), |text| match text {
        "passthrough" | "key" | "none" => Ok(text.to_owned()),
        _ => Err("passthrough, key or none"),
    });
    match mode?.as_str() {
        "key" => check_key(key, auth, context, problems).map(Auth::Key),
        _ if has_key => {
            let message = format!("{key}: a key is given, so expected `mode: key`");
            problems.note(Place::of(auth), message);
            None
        }
        "none" => Some(Auth::None),
        _ => Some(Auth::Passthrough),
    }
}

fn check_key(
    key: &str,
    auth: &Spanned<AuthFile>,
    context: Context<'_>,
    problems: &mut Problems,
) -> Option<Sensitive<String>> {
    let (variable, file) = (auth.api_key_env.as_ref(), auth.api_key_file.as_ref());
    let Some(source) = KeySource::only(&format!("{key}.api_key"), variable, file) else {
        let message = format!("{key}: `mode: key` expects one of api_key_env and api_key_file");
        problems.note(Place::of(auth), message);
        return None;
    };
    source.read(context, problems)
}

fn check_prices(
    key: &str,
    prices: &BTreeMap<String, PriceFile>,
    problems: &mut Problems,
) -> BTreeMap<String, Price> {
    let mut checked = BTreeMap::new();
    for (model, price) in prices {
        let mut dollars = |name: &str, value: &Spanned<f64>| {
            let key = format!("{key}.{model}.{name}");
            problems.number(&key, Some(value), "US dollars, 0 or more", |dollars| {
                (dollars.is_finite() && dollars >= 0.0).then_some(dollars)
            })
        };
        let input = dollars("input_per_million", &price.input_per_million);
        let output = dollars("output_per_million", &price.output_per_million);
        if let (Some(input_per_million), Some(output_per_million)) = (input, output) {
            checked.insert(
                model.clone(),
                Price {
                    input_per_million,
                    output_per_million,
                },
            );
        }
    }
    checked
}

fn check_timeouts(key: &str, file: &TimeoutsFile, problems: &mut Problems) -> Timeouts {
    let mut duration = |name: &str, text: Option<&Spanned<String>>| {
        problems.parse(&format!("{key}.{name}"), text, units::positive_duration)
    };
    let default = Timeouts::default();
    Timeouts {
        connect: duration("connect", file.connect.as_ref()).unwrap_or(default.connect),
        first_byte: duration("first_byte", file.first_byte.as_ref()).unwrap_or(default.first_byte),
        idle: duration("idle", file.idle.as_ref()).unwrap_or(default.idle),
    }
}

/// Words that policies use for zones, and metrics for the absence of a target.
const RESERVED_NAMES: &[&str] = &["local", "device", "site", "cloud", "none", "other"];
