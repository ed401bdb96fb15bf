//! From the file as typed to the checked configuration.

use std::net::SocketAddr;
use std::path::Path;

use router::Zone;
use router::yaml::{Diagnostic, Spanned};

use super::environment::Environment;
use super::file::{ConfigFile, LimitsFile, OneOrMany};
use super::problem::{ConfigError, Place, Problems, Typed as TypedValue};
use super::target::{self, Context};
use super::{
    AuditConfig, Config, Flags, Limits, PolicySource, budget, device, key, local, tagger, units,
};

/// A file as typed, with what its references are resolved with.
#[derive(Debug)]
pub(super) struct Typed<'a> {
    pub(super) name: &'a str,
    pub(super) file: ConfigFile,
    /// What is wrong with the file by itself; those values are not checked again.
    pub(super) mistakes: Vec<Diagnostic>,
    pub(super) folder: &'a Path,
    pub(super) environment: &'a Environment,
}

impl TryFrom<Typed<'_>> for Config {
    type Error = ConfigError;

    fn try_from(typed: Typed<'_>) -> Result<Self, ConfigError> {
        let Typed {
            name,
            file,
            mistakes,
            folder,
            environment,
        } = typed;
        let mut problems = Problems::new(name, mistakes);
        let default = Self::default();
        check_version(file.version.as_ref(), &mut problems);
        let config = Self {
            listen: problems
                .parse("listen", file.listen.as_ref(), parse_address)
                .unwrap_or(default.listen),
            admin: problems
                .parse("admin", file.admin.as_ref(), parse_address)
                .unwrap_or(default.admin),
            policies: check_policies(file.policy.as_ref(), folder, &mut problems)
                .unwrap_or(default.policies),
            rules: file
                .redaction
                .rules
                .iter()
                .map(|path| folder.join(path.as_str()))
                .collect(),
            tagger: tagger::check(&file.redaction, folder, &mut problems),
            local: local::check(&file.local, folder, &mut problems),
            targets: target::check_all(
                &file.targets,
                Context {
                    environment,
                    folder,
                },
                &mut problems,
            ),
            redaction_key: key::check_redaction_key(
                &file.redaction,
                Context {
                    environment,
                    folder,
                },
                &mut problems,
            ),
            audit: file.audit.map(|audit| AuditConfig {
                file: folder.join(audit.file.value),
                required: audit.required,
            }),
            budget: budget::check(file.budget.as_ref(), folder, &mut problems),
            limits: check_limits(&file.limits, &mut problems),
            device: device::check_overrides(&file.device, &mut problems),
            steady: device::check_steady(&file.device.steady, &mut problems),
            pace: device::check_pace(&file.device.pace, &mut problems),
            device_interval: device::check_interval(&file.device, &mut problems)
                .unwrap_or(default.device_interval),
            warnings: Vec::new(),
        };
        check_addresses(&config, file.admin.as_ref(), &mut problems);
        problems.into_result().map(|()| config)
    }
}

/// Applies `NEARSIDE_*` variables, then flags.
///
/// # Errors
/// All mistakes in both.
pub(super) fn apply_overrides(
    config: &mut Config,
    flags: &Flags,
    environment: &Environment,
) -> Result<(), ConfigError> {
    let mut problems = Problems::new("", Vec::new());
    let mut address =
        |flag: &str, given: Option<&String>, variable: &str, slot: &mut SocketAddr| {
            let from_variable = || environment.var(variable).map(|value| (variable, value));
            let Some((key, value)) = given
                .map(|value| (flag, value.clone()))
                .or_else(from_variable)
            else {
                return;
            };
            match parse_address(&value) {
                Ok(address) => *slot = address,
                Err(expected) => problems.expected(without_place(key, &value), expected),
            }
        };
    address(
        "--listen",
        flags.listen.as_ref(),
        "NEARSIDE_LISTEN",
        &mut config.listen,
    );
    address(
        "--admin",
        flags.admin.as_ref(),
        "NEARSIDE_ADMIN",
        &mut config.admin,
    );

    let (key, model) = match &flags.model {
        Some(model) => ("--model", Some(model.clone())),
        None => ("NEARSIDE_MODEL", environment.var("NEARSIDE_MODEL")),
    };
    if let Some(model) = model {
        match local::resolve_model(&model, Path::new("")) {
            // Who names a model wants one, whatever the file says.
            Ok(source) => config.local.get_or_insert_default().model = source,
            Err(expected) => problems.expected(without_place(key, &model), &expected),
        }
    }

    let (key, policies) = match environment.var("NEARSIDE_POLICY") {
        Some(text) if flags.policies.is_empty() => (
            "NEARSIDE_POLICY",
            text.split(',').map(|name| name.trim().to_owned()).collect(),
        ),
        Some(_) | None => ("--policy", flags.policies.clone()),
    };
    let mut sources = Vec::new();
    for text in &policies {
        match PolicySource::resolve(text, Path::new("")) {
            Ok(source) => sources.push(source),
            Err(expected) => problems.expected(without_place(key, text), &expected),
        }
    }
    if !sources.is_empty() {
        config.policies = sources;
    }
    problems.into_result()
}

/// Notes what is allowed but may not be meant.
pub(super) fn warn(config: &mut Config) {
    let mut warnings = Vec::new();
    for (key, address) in [("listen", config.listen), ("admin", config.admin)] {
        if !address.ip().is_loopback() {
            warnings.push(format!("{key}: {address} is reachable from other machines"));
        }
    }
    for target in &config.targets {
        let host = target.base_url.strip_prefix("http://");
        if target.zone == Zone::Cloud && host.is_some_and(|host| !is_loopback(host)) {
            let name = &target.name;
            warnings.push(format!(
                "target {name}: http sends requests and keys in the clear"
            ));
        }
    }
    if config.local.is_none() && config.targets.is_empty() {
        warnings.push("no local engine and no target: every request will be refused".to_owned());
    }
    config.warnings = warnings;
}

fn check_version(version: Option<&Spanned<u32>>, problems: &mut Problems) {
    match version {
        Some(version) => {
            problems.number("version", Some(version), "1", |number| {
                (number == 1).then_some(())
            });
        }
        None => problems.note(
            Place::start(),
            "version: is missing, expected `version: 1`".into(),
        ),
    }
}

fn check_addresses(config: &Config, admin: Option<&Spanned<String>>, problems: &mut Problems) {
    if config.listen == config.admin && config.listen.port() != 0 {
        let place = admin.map_or(Place::start(), Place::of);
        let value = config.admin.to_string();
        let typed = TypedValue {
            key: "admin",
            value: &value,
            place,
        };
        problems.expected(typed, "another address than `listen`");
    }
}

fn check_policies(
    policy: Option<&Spanned<OneOrMany>>,
    folder: &Path,
    problems: &mut Problems,
) -> Option<Vec<PolicySource>> {
    let policy = policy?;
    let place = Place::of(policy);
    let texts: Vec<(&str, Place)> = match &policy.value {
        OneOrMany::One(text) => vec![(text, place)],
        OneOrMany::Many(texts) => texts
            .iter()
            .map(|text| (text.value.as_str(), Place::of(text)))
            .collect(),
    };
    if texts.is_empty() {
        problems.note(
            place,
            "policy: got an empty list, expected at least one policy".into(),
        );
    }
    let mut sources = Vec::new();
    for (value, place) in texts {
        match PolicySource::resolve(value, folder) {
            Ok(source) => sources.push(source),
            Err(expected) => {
                problems.expected(
                    TypedValue {
                        key: "policy",
                        value,
                        place,
                    },
                    &expected,
                );
            }
        }
    }
    Some(sources)
}

fn check_limits(limits: &LimitsFile, problems: &mut Problems) -> Limits {
    let default = Limits::default();
    Limits {
        body_bytes: problems
            .parse("limits.body", limits.body.as_ref(), units::bytes)
            .unwrap_or(default.body_bytes),
        header_bytes: problems
            .parse("limits.header", limits.header.as_ref(), units::bytes)
            .unwrap_or(default.header_bytes),
        depth: problems
            .number(
                "limits.depth",
                limits.depth.as_ref(),
                "a number from 1 to 512",
                |depth| units::positive(depth).filter(|depth| *depth <= 512),
            )
            .unwrap_or(default.depth),
        in_flight: problems
            .number(
                "limits.in_flight",
                limits.in_flight.as_ref(),
                "a number of requests, 1 or more",
                units::positive,
            )
            .unwrap_or(default.in_flight),
    }
}

fn parse_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "an address with a port, such as `127.0.0.1:7070` or `[::1]:7070`")
}

/// True for `127.0.0.1:8080/v1`, `localhost` and `[::1]/`.
fn is_loopback(host_and_path: &str) -> bool {
    let authority = host_and_path.split('/').next().unwrap_or_default();
    let is_local_address = |text: &str| {
        text.trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => authority,
    };
    host == "localhost" || is_local_address(host)
}

const fn without_place<'a>(key: &'a str, value: &'a str) -> TypedValue<'a> {
    TypedValue {
        key,
        value,
        place: Place::none(),
    }
}
