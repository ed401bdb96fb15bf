use super::*;

fn parse(text: &str, environment: &Environment) -> Result<Config, ConfigError> {
    Config::parse("nearside.yaml", text, Path::new("."), environment)
}

fn check_mistakes(text: &str, expected: &[&str]) {
    let error = parse(text, &Environment::from_pairs([])).unwrap_err();
    let lines: Vec<String> = error.to_string().lines().map(str::to_owned).collect();
    assert_eq!(lines, expected);
}

#[test]
fn an_empty_gateway_has_safe_defaults() {
    let config = Config::default();
    assert!(config.listen.ip().is_loopback() && config.admin.ip().is_loopback());
    assert!(config.targets.is_empty(), "nothing can leave the device");
    assert_eq!(
        config.policies,
        [PolicySource::Embedded("default".to_owned())]
    );
    assert!(matches!(
        config.local,
        Some(LocalConfig {
            model: ModelSource::Embedded,
            ..
        })
    ));
    let parsed = parse("version: 1\n", &Environment::from_pairs([])).unwrap();
    assert_eq!(format!("{parsed:?}"), format!("{config:?}"));
}

#[test]
fn every_key_is_read() {
    let keys = [
        ("PROVIDER_KEY", "kkkkkkkk"),
        ("REDACTION_KEY", "kkkkkkkkkkkkkkkk"),
    ];
    let environment = Environment::from_pairs(keys);
    let config = parse(WHOLE, &environment).unwrap();
    insta::assert_debug_snapshot!(config);
}

#[test]
fn all_mistakes_are_reported_at_once_with_their_places() {
    let error = parse(WRONG, &Environment::from_pairs([])).unwrap_err();
    insta::assert_snapshot!(error);
}

#[test]
fn a_model_may_stay_for_ever_for_no_time_or_for_a_while() {
    let check = |text: &str, expected: Option<Duration>| {
        let text = format!("version: 1\nlocal: {{ keep_alive: {text} }}\n");
        let config = parse(&text, &Environment::from_pairs([])).unwrap();
        assert_eq!(config.local.unwrap().engine.keep_alive, expected);
    };
    check("never", None);
    check("0", Some(Duration::ZERO));
    check("90s", Some(Duration::from_secs(90)));
}

#[test]
fn sizes_and_calibrations_that_are_none_are_refused_with_their_places() {
    check_mistakes(
        "version: 1\nlocal:\n  size: huge\n  calibration: missing.yaml\n",
        &[
            "nearside.yaml:3:9: local.size: got `huge`, expected auto, small, medium or large",
            "nearside.yaml:4:16: local.calibration: got `missing.yaml`, expected a file that \
             `nearside calibrate` made (./missing.yaml: can't be read: entity not found)",
        ],
    );
}

#[test]
fn a_key_in_the_wrong_place_is_never_shown() {
    let key = "k".repeat(40);
    for auth in [
        format!("{{ mode: key, api_key_env: {key} }}"),
        format!("{{ mode: key, api_key: {key} }}"),
    ] {
        let text = format!(
            "version: 1\ntargets:\n  - {{ name: a, zone: cloud, api: openai, \
             base_url: \"https://me:{key}@example.com\", auth: {auth} }}\n"
        );
        let error = parse(&text, &Environment::from_pairs([])).unwrap_err();
        assert!(!error.to_string().contains(&key), "{error}");
    }
}

#[test]
fn a_key_that_is_not_set_is_named() {
    check_mistakes(
        "version: 1\ntargets:\n  - name: a\n    zone: cloud\n    api: openai\n    \
         base_url: https://example.com\n    auth: { mode: key, api_key_env: MISSING_KEY }\n",
        &[
            "nearside.yaml:7:37: targets[0].auth.api_key_env: got `MISSING_KEY`, \
           expected the name of an environment variable that is set and not empty",
        ],
    );
}

#[test]
fn a_redaction_key_comes_from_one_place_and_is_long_enough() {
    check_mistakes(
        "version: 1\nredaction: { key_env: KEY, key_file: key }\n",
        &["nearside.yaml:2:12: redaction: expected only one of key_env and key_file"],
    );
    check_mistakes(
        "version: 1\nredaction: { key_env: MISSING_KEY }\n",
        &["nearside.yaml:2:23: redaction.key_env: got `MISSING_KEY`, \
             expected the name of an environment variable that is set and not empty"],
    );
    let environment = Environment::from_pairs([("SHORT", "kkkkkkkk")]);
    let error = parse("version: 1\nredaction: { key_env: SHORT }\n", &environment).unwrap_err();
    let expected = "nearside.yaml:2:12: redaction: expected a key of at least 16 characters";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_key_file_is_read_without_its_line_feed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "kkkkkkkk\n").unwrap();
    let text = "version: 1\ntargets:\n  - { name: a, zone: cloud, api: openai, base_url: \
                https://example.com, auth: { mode: key, api_key_file: key } }\n";
    let config = Config::parse("c.yaml", text, folder.path(), &Environment::from_pairs([]));
    match &config.unwrap().targets[0].auth {
        Auth::Key(key) => assert_eq!(key.expose(), "kkkkkkkk"),
        other @ (Auth::Passthrough | Auth::None) => panic!("{other:?}"),
    }
}

#[test]
fn flags_win_over_environment_and_environment_over_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nearside.yaml");
    std::fs::write(
        &path,
        "version: 1\nlisten: 127.0.0.1:1\nadmin: 127.0.0.1:2\n",
    )
    .unwrap();
    let path = path.to_str().unwrap();
    let environment = Environment::from_pairs([
        ("NEARSIDE_CONFIG", path),
        ("NEARSIDE_LISTEN", "127.0.0.1:11"),
        ("NEARSIDE_ADMIN", "127.0.0.1:12"),
    ]);
    let model = folder.path().to_str().unwrap();
    let flags = Flags {
        listen: Some("127.0.0.1:21".to_owned()),
        model: Some(model.to_owned()),
        ..Flags::default()
    };
    let config = Config::load(&flags, &environment).unwrap();
    assert_eq!((config.listen.port(), config.admin.port()), (21, 12));
    let local = config.local.unwrap().model;
    assert_eq!(local, ModelSource::Path(folder.path().to_owned()));

    let without_overrides = Environment::from_pairs([("NEARSIDE_CONFIG", path)]);
    let config = Config::load(&Flags::default(), &without_overrides).unwrap();
    assert_eq!((config.listen.port(), config.admin.port()), (1, 2));
}

#[test]
fn wrong_overrides_name_the_flag_or_the_variable() {
    let environment = Environment::from_pairs([
        ("NEARSIDE_ADMIN", "nowhere"),
        ("NEARSIDE_POLICY", "defualt"),
    ]);
    let flags = Flags {
        listen: Some("7070".to_owned()),
        model: Some("org/never-pulled".to_owned()),
        ..Flags::default()
    };
    let error = Config::load(&flags, &environment).unwrap_err();
    insta::assert_snapshot!(error, @r"
    --listen: got `7070`, expected an address with a port, such as `127.0.0.1:7070` or `[::1]:7070`
    NEARSIDE_ADMIN: got `nowhere`, expected an address with a port, such as `127.0.0.1:7070` or `[::1]:7070`
    --model: got `org/never-pulled`, expected an embedded model, a model of the store, a folder, or an .onnx file (model `org/never-pulled` is not in the store: `nearside models pull org/never-pulled` brings it)
    NEARSIDE_POLICY: got `defualt`, expected the name of an embedded policy, such as `default`, or a path to a .yaml file
    ");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::read(
        Path::new("/nowhere/nearside.yaml"),
        &Environment::from_pairs([]),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "/nowhere/nearside.yaml: can't be read: entity not found"
    );
}

#[test]
fn what_may_not_be_meant_is_warned_about() {
    let check = |text: &str, expected: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nearside.yaml");
        std::fs::write(&path, format!("version: 1\n{text}")).unwrap();
        let flags = Flags {
            config: Some(path),
            ..Flags::default()
        };
        let config = Config::load(&flags, &Environment::from_pairs([])).unwrap();
        assert_eq!(config.warnings, expected, "{text}");
    };
    check("", &[]);
    check(
        "listen: 0.0.0.0:7070\n",
        &["listen: 0.0.0.0:7070 is reachable from other machines"],
    );
    check(
        "targets: [{ name: a, zone: cloud, api: openai, base_url: http://example.com/v1 }]\n",
        &["target a: http sends requests and keys in the clear"],
    );
    check(
        "targets: [{ name: a, zone: cloud, api: openai, base_url: \"http://[::1]:8080/v1\" }]\n",
        &[],
    );
    check(
        "local: { enabled: false }\n",
        &["no local engine and no target: every request will be refused"],
    );
}

const WHOLE: &str = "\
version: 1
listen: 127.0.0.1:8080
admin: '[::1]:8081'
policy: [default, policies/own.yaml]
redaction:
  rules: [rules.yaml]
  key_env: REDACTION_KEY
local:
  model: nearside-tiny
  size: large
  variant: q4
  prefill: prefill.onnx
  decode: decode.onnx
  adapters: { terse: adapters/short.onnx_adapter }
  providers: [cuda, cpu]
  template: { enable_thinking: false }
  threads: 4
  max_context: 2048
  queue: 8
  slots: 2
  cache: 512MiB
  prefix_cache: 64MiB
  memory: 4GiB
  load: first_request
  keep_alive: 5m
  embeddings: ../local-engine/testdata/encoder/embedder
  prompt_lookup: false
  draft: { model: nearside-tiny, variant: q4 }
targets:
  - name: far
    zone: cloud
    api: anthropic
    base_url: https://api.example.com/
    auth: { mode: key, api_key_env: PROVIDER_KEY }
    price: { large: { input_per_million: 2.5, output_per_million: 10 } }
    quality: 0.9
    timeouts: { connect: 250ms, first_byte: 1m, idle: 30s }
    context: 200000
    models: [large, small]
    responses: false
  - { name: near, zone: site, api: ollama, base_url: 'http://127.0.0.1:11434', auth: { mode: none } }
audit: { file: audit.jsonl, required: true }
budget: { usd: 20, per: month, file: budget.json }
limits: { body: 1MiB, header: 16KiB, depth: 64, in_flight: 256 }
device: { interval: 1s, battery: 0.5, charging: true, online: true, metered: true, celsius: 60, throttled: false, rtt: 80ms,
  watts: 9.5, time_left: 90m, saver: true, headroom: 20, link: mobile, rate_mbps: 100, throughput_mbps: 5,
  memory_available: 0.5, cpu_load: 0.25, cpu_quota: 0.1, pressure_cpu: 0.1, pressure_memory: 0.2, pressure_io: 0.3,
  steady: { battery: 0.05, celsius: 3, ratio: 0.2, relative: 0.3, cool_headroom: 8, cool_after: 2m, charging_after: 20s,
    online_after: 30s, unmetered_after: 1m, missing_for: 40s },
  pace: { battery_from: 0.5, battery_to: 0.3, headroom_from: 20, headroom_to: 8, memory_from: 0.2, memory_to: 0.1,
    least_duty: 0.4, least_slots: 0.5 } }
";

const WRONG: &str = "\
version: 2
listen: localhost
admin: 127.0.0.1:7070
policy: defualt
local: { threads: many, max_context: 0, slots: 0, cache: much, memory: 0B, load: later, keep_alive: 5, modle: x, variant: '', decode: d.gguf, providers: [gpu], adapters: { 'a:b': a.onnx_adapter, terse: a.gguf }, draft: { variant: '' }, embeddings: nearside-tiny }
targets:
  - name: Far Away
    zone: moon
    base_url: ftp://example.com
    auth: { mode: key }
    price: { large: { input_per_million: -1, output_per_million: cheap } }
    quality: 1.5
    timeouts: { connect: 5, idle: 0s }
  - { name: cloud, zone: site, api: openai, base_url: 'http://127.0.0.1/?key=1', auth: { mode: none, api_key_env: KEY } }
audit: { required: true }
budget: { usd: 0, per: year }
limits: { body: 32, depth: 100000 }
device: { battery: 15, rtt: soon, link: pigeon, steady: { ratio: 2, cool_after: 5 }, pace: { battery_from: 0.1, least_duty: 0 } }
";
