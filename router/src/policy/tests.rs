//! Messages of the policy check, and what conditions may say.

use super::*;
use crate::utility::Weights;

const VOCABULARY: Vocabulary<'static> = Vocabulary {
    kinds: &["AGE", "EMAIL", "PERSON", "SECRET", "URL"],
    tagged: &["PERSON"],
    operators: &["placeholder", "generalize", "mask", "keep"],
    limited: &[("generalize", &["AGE"])],
    targets: Some(&["openai", "vllm"]),
};

fn messages(text: &str) -> String {
    let diagnostics = Policy::parse("policy.yaml", text, VOCABULARY).expect_err("mistakes");
    diagnostics
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

fn with_condition(when: &str) -> String {
    format!("version: 1\nname: p\nrules:\n  - name: r\n    when: {when}\n    route: [local]\n")
}

#[test]
fn policies_are_shared_between_threads() {
    fn assert_shared<T: Send + Sync + 'static>() {}
    assert_shared::<Policy>();
}

#[test]
fn shipped_policies_load_and_name_themselves() {
    for name in embedded_names() {
        let text = embedded(name).unwrap();
        let policy = Policy::parse(
            name,
            text,
            Vocabulary {
                targets: None,
                ..VOCABULARY
            },
        );
        assert_eq!(policy.unwrap().name(), name);
    }
}

#[test]
fn every_shipped_file_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(embedded(name).is_some(), "{name} is not embedded");
        }
    }
}

#[test]
fn all_mistakes_of_a_policy_are_reported_at_once() {
    insta::assert_snapshot!(messages(
        r#"
version: 2
name: My Policy
redaction:
  standard: { default: keep, kinds: { EMAILS: mask, URL: kep } }
  none: { default: mask }
rules:
  - name: secrets
    when: privacy.counts.SECRETS > 0
    route: [local]
  - name: secrets
    when: complexty > 0.6 && device.battery.level < 20
    route: [cloud, opnai, cloud]
    redact: standrad
  - name: open
    rout: [cloud]
    when: "privacy.class == 'PHI'"
  - name: unredacted
    when: complexity >= "high"
    route: [vllm, cloud]
    redact: none
    attachments: everywhere
  - name: last
    route: []
  - name: unreachable
    route: [local]
"#
    ));
}

#[test]
fn operators_that_cannot_serve_a_kind_are_refused() {
    let profile = |profile: &str| {
        format!(
            "version: 1\nname: p\nredaction:\n  standard: {profile}\n\
             rules:\n  - {{ name: r, route: [local] }}\n"
        )
    };
    insta::assert_snapshot!(messages(&profile(
        "{ default: generalize, kinds: { EMAIL: generalize, AGE: generalize }, consistent_within: everywhere }"
    )));
    let text = profile("{ default: mask, kinds: { AGE: generalize }, consistent_within: tenant }");
    let policy = Policy::parse("p.yaml", &text, VOCABULARY).unwrap();
    assert_eq!(
        policy.profiles().next().unwrap().consistent_within,
        Consistency::Tenant
    );
}

#[test]
fn weights_are_those_of_a_profile_or_numbers_and_only_for_utility() {
    let rule = |keys: &str| {
        format!("version: 1\nname: p\nrules:\n  - {{ name: r, route: [local], {keys} }}\n")
    };
    let wrong = [
        "choose: best",
        "weights: balanced",
        "choose: first, weights: balanced",
        "choose: utility, weights: batery",
        "choose: utility, weights:",
        "choose: utility, weights: 3",
        "choose: utility, weights: { usd: -1, second: .inf, joules: 1, megabyte: 2000000 }",
        "choose: utility, weights: { usd: much }",
    ];
    let all: Vec<String> = wrong.iter().map(|keys| messages(&rule(keys))).collect();
    insta::assert_snapshot!(all.join("\n"));

    let choice = |keys: &str| {
        let policy = Policy::parse("p.yaml", &rule(keys), VOCABULARY).unwrap();
        policy.rule_list()[0].choice
    };
    assert_eq!(choice("choose: first"), Choice::First);
    assert_eq!(
        choice("choose: utility"),
        Choice::Utility(Weights::BALANCED)
    );
    let cheap = Weights::profile("cheap").unwrap();
    assert_eq!(
        choice("choose: utility, weights: cheap"),
        Choice::Utility(cheap)
    );
    let own = Weights {
        usd: 0.0,
        second: 2.0,
        ..Weights::BALANCED
    };
    assert_eq!(
        choice("choose: utility, weights: { usd: 0, second: 2 }"),
        Choice::Utility(own)
    );
}

#[test]
fn thresholds_of_what_the_tagger_does_not_find_or_of_no_probability_are_refused() {
    insta::assert_snapshot!(messages(
        "
version: 1
name: p
redaction:
  standard:
    default: mask
    thresholds: { EMAIL: 0.5, PERSN: 0.2, PERSON: 0 }
rules:
  - { name: r, route: [local] }
"
    ));
}

#[test]
fn a_condition_of_pages_is_refused() {
    let long = with_condition(&format!("complexity > 0.{}", "1".repeat(4100)));
    insta::assert_snapshot!(messages(&long));
}

#[test]
fn a_policy_needs_rules() {
    insta::assert_snapshot!(messages("version: 1\nname: p\nrules: []\n"));
    insta::assert_snapshot!(messages("version: 1\nname: p\n"));
}

#[test]
fn limits_and_headers_that_cannot_work_are_refused() {
    insta::assert_snapshot!(messages(
        "
version: 1
name: p
sticky: always
rules:
  - name: limits
    when: complexity > 0.5
    route: [local]
    limits: { max_output_tokens: 0, timeout: 0s, tokens: 3 }
    sticky:
  - name: units
    when: complexity > 0.4
    route: [local]
    limits: { max_output_tokens: many, timeout: 20 }
  - name: certain
    when: complexity > 0.3
    route: [local, cloud]
    cascade: 1
  - name: alone
    when: complexity > 0.2
    route: [local]
    cascade: 0.5
  - name: far
    when: complexity > 0.1
    route: [site, cloud]
    cascade: 0.5
  - name: short
    when: complexity > 0.05
    route: [cloud]
    digest: 99
  - name: near
    when: complexity > 0.04
    route: [local]
    digest: 400
  - name: headers
    route: [local]
    headers:
      Authorization: Bearer x
      Transfer-Encoding: chunked
      x-nearside-route: local
      'x team': a
      X-Team: a
      x-team: b
      x-empty: ''
      x-long: ' a'
      x-foreign: ü
"
    ));
}

#[test]
fn conditions_that_cannot_work_are_refused() {
    let conditions = [
        "complexity",
        "complexity >",
        "complexity == \"high\"",
        "privacy.class > \"personal\"",
        "privacy.class == \"phii\"",
        "privacy.class in [\"phi\", \"secrets\"]",
        "request.api == \"openia\"",
        "device.link",
        "device.link.latency > 3.0",
        "complexity * 100 > 60",
        "request.turns > -1",
        "!complexity",
        "privacy.counts.EMAIL",
        "privacy.counts[\"EMAIL\"] > 0",
        "matches(request.model, \"gpt.*\")",
        "has(request.model)",
        "request.tags.exists(t, t == 3)",
        "request.tags.map(t, t).size() > 0",
        "request.model.exists(t, t == \"a\")",
        "request.turns in []",
        "request.turns > 3u",
        "complexity > 0.5 ? 1 : 2",
        "request.stream && request.tools",
        "request.turns in [1, \"a\"]",
        "size(request.model).length > 1",
        "{\"a\": 1}.size() > 0",
        "request.model == null",
        "complexity in request.tags",
        "(request.stream ? 1 : 2.5) > 1",
        "request.tags[0] == \"a\"",
        "size(complexity) > 1",
        "complexity > 1.5",
    ];
    let all: Vec<String> = conditions
        .iter()
        .map(|when| messages(&with_condition(&format!("'{when}'"))))
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn conditions_of_every_supported_form_are_accepted() {
    for when in [
        "true",
        "complexity > 0.6",
        "complexity > 0.6 && !link.metered || tenant == \"a\"",
        "privacy.class in [\"phi\", \"secret\"]",
        "\"batch\" in request.tags",
        "request.tags.exists(t, t.startsWith(\"batch-\"))",
        "request.tags.all(t, size(t) < 10)",
        "request.tags.exists_one(t, t == \"a\")",
        "request.model.contains(\"mini\") || request.model.size() == 0",
        "request.prompt_tokens + request.max_output_tokens > 4000",
        "double(request.prompt_tokens) * 1.5 > 1000.0",
        "int(complexity * 10.0) % 2 == 0",
        "(request.stream ? request.turns : 3) > 2",
        "device.thermal.celsius < -10.0",
        "complexity > 0",
    ] {
        let policy = Policy::parse("p.yaml", &with_condition(&format!("'{when}'")), VOCABULARY);
        assert!(policy.is_ok(), "{when}: {:?}", policy.err());
    }
}

#[test]
fn a_condition_left_empty_or_unquoted_does_not_make_a_rule_that_always_holds() {
    insta::assert_snapshot!(messages(&with_condition("")));
    insta::assert_snapshot!(messages(&with_condition("!link.online")));
}

#[test]
fn a_condition_in_a_block_scalar_is_placed_at_its_start() {
    let text = "version: 1\nname: p\nrules:\n  - name: r\n    when: >-\n      complexity > 0.5 &&\n      \
                complexty < 0.9\n    route: [local]\n";
    assert!(
        messages(text).starts_with("policy.yaml:6:7: unknown variable"),
        "{}",
        messages(text)
    );
}

#[test]
fn cloud_always_gets_a_profile() {
    let text = "version: 1\nname: p\nredaction:\n  a: { default: mask }\n  standard: { default: mask }\n\
                rules:\n  - { name: r, route: [cloud] }\n";
    let policy = Policy::parse("p.yaml", text, VOCABULARY).unwrap();
    assert_eq!(policy.rule_list()[0].profile, Some(1));
    let text = text.replace("  standard: { default: mask }\n", "");
    let policy = Policy::parse("p.yaml", &text, VOCABULARY).unwrap();
    assert_eq!(policy.rule_list()[0].profile, Some(0));
    let text = text.replace("redaction:\n  a: { default: mask }\n", "");
    let policy = Policy::parse("p.yaml", &text, VOCABULARY).unwrap();
    assert_eq!(policy.profiles().next().unwrap().name, "standard");
    assert_eq!(policy.rule_list()[0].profile, Some(0));
}

proptest::proptest! {
    #[test]
    fn any_text_as_condition_compiles_or_is_refused_with_a_place(
        text in "((complexity|link\\.online|request\\.tags|tenant|t|0\\.5|7|\"a\"|true)( |\\.|,|==|>|&&|\\|\\||!|\\(|\\)|\\[|\\]|\\?|:|%|/|in|exists|size)){0,6}",
    ) {
        if let Err(mistakes) = Condition::compile(&text, VOCABULARY.kinds) {
            proptest::prop_assert!(!mistakes.is_empty());
            let end = text.chars().count();
            proptest::prop_assert!(mistakes.iter().all(|mistake| mistake.offset <= end));
        }
    }
}
