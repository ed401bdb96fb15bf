use super::*;

fn rule(name: &str) -> Rule {
    Rule {
        pattern: Some(r"\bEMP-([0-9]{6})\b".to_owned()),
        examples: vec!["EMP-123456".to_owned()],
        counter_examples: vec!["EMP-12345".to_owned()],
        ..Rule::new(name, EntityKind::AccountId)
    }
}

fn set(rules: impl IntoIterator<Item = Rule>) -> RuleSet {
    RuleSet {
        rules: rules.into_iter().collect(),
        ..RuleSet::default()
    }
}

fn mistakes(set: &RuleSet) -> Vec<(Part, Mistake)> {
    let errors = Detector::with_rules(set).unwrap_err();
    errors
        .0
        .into_iter()
        .map(|error| (error.part, error.mistake))
        .collect()
}

fn found(detector: &Detector, text: &str) -> Vec<(String, EntityKind)> {
    let findings = detector.detect(text, None);
    let found = findings.iter().map(|finding| {
        (
            text.get(finding.span.clone()).unwrap().to_owned(),
            finding.kind,
        )
    });
    found.collect()
}

#[test]
fn rules_of_ones_own_join_the_built_in_ones() {
    let words = Rule {
        words: vec!["Blue Heron".to_owned()],
        ..Rule::new("projects", EntityKind::Org)
    };
    let detector = Detector::with_rules(&set([rule("employee"), words])).unwrap();
    let text = "EMP-004217 mailed jo@example.com about blue heron and bluer herons.";
    assert_eq!(
        found(&detector, text),
        [
            ("004217".to_owned(), EntityKind::AccountId),
            ("jo@example.com".to_owned(), EntityKind::Email),
            ("blue heron".to_owned(), EntityKind::Org),
        ]
    );
    let names: Vec<_> = detector
        .rules()
        .filter(|rule| rule.origin == Origin::Own)
        .collect();
    assert_eq!((names[0].name, names[1].name), ("employee", "projects"));
}

#[test]
fn validator_and_context_decide_as_in_built_in_rows() {
    let loyalty = Rule {
        pattern: Some(r"\b[A-Z]{2}[0-9]{8}\b".to_owned()),
        validator: Some(Validator::Luhn),
        context: vec![
            "loyalty".to_owned(),
            "Kundenkarte".to_owned(),
            "carte fidélité".to_owned(),
        ],
        score: 0.3,
        examples: vec![
            "Loyalty: QX00000018".to_owned(),
            "kundenkarteNr <- QX00000018".to_owned(),
            "Carte Fidelite : QX00000018".to_owned(),
        ],
        counter_examples: vec!["QX00000018".to_owned(), "loyalty QX00000019".to_owned()],
        ..Rule::new("loyalty", EntityKind::AccountId)
    };
    assert!(Detector::with_rules(&set([loyalty])).is_ok());
}

fn with_pattern(name: &str, pattern: &str) -> Rule {
    Rule {
        pattern: Some(pattern.to_owned()),
        ..rule(name)
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    let wrong_examples = Rule {
        examples: vec!["x".to_owned()],
        counter_examples: vec!["EMP-000000".to_owned()],
        ..rule("examples")
    };
    let short_word = Rule {
        words: vec!["ok".to_owned(), " ".to_owned()],
        ..Rule::new("words", EntityKind::Org)
    };
    let bad = RuleSet {
        disabled: vec!["nobody".to_owned()],
        thresholds: vec![(EntityKind::Phone, 0.0)],
        ..set([
            rule("Bad Name"),
            rule("email"),
            wrong_examples,
            short_word,
            Rule::new("nothing", EntityKind::Org),
        ])
    };
    assert_eq!(
        mistakes(&bad),
        [
            (Part::Disabled(0), Mistake::UnknownRule),
            (Part::Threshold(0), Mistake::Score),
            (Part::Name(0), Mistake::Name),
            (Part::Name(1), Mistake::DuplicateName),
            (Part::Example(2, 0), Mistake::Missed),
            (Part::CounterExample(2, 0), Mistake::Taken),
            (Part::Word(3, 1), Mistake::Word),
            (Part::Rule(4), Mistake::NothingToFind),
        ]
    );
}

#[test]
fn a_pattern_that_can_not_serve_is_refused() {
    let syntax = Mistake::Pattern {
        what: "unclosed group".to_owned(),
        column: 2,
    };
    for (pattern, mistake) in [
        ("a(", syntax),
        ("a*", Mistake::Empty("the pattern")),
        (r"\b", Mistake::Empty("the pattern")),
        ("(a*)b", Mistake::Empty("a group of the pattern")),
        (r"\w{900}{900}", Mistake::PatternSize),
    ] {
        let told = mistakes(&set([with_pattern("own", pattern)]));
        assert_eq!(told, [(Part::Pattern(0), mistake)], "{pattern}");
    }
}

#[test]
fn scores_are_shares_and_patterns_need_examples() {
    let score = Rule {
        score: 1.5,
        ..rule("score")
    };
    let bare = Rule {
        examples: Vec::new(),
        ..rule("bare")
    };
    assert_eq!(
        mistakes(&set([score, bare])),
        [
            (Part::Score(0), Mistake::Score),
            (Part::Rule(1), Mistake::NoExamples("`examples`")),
        ]
    );
}

#[test]
fn built_in_rules_can_be_switched_off_and_thresholds_moved() {
    let text = "jo@example.com or (202) 555-0143";
    let without = RuleSet {
        disabled: vec!["email".to_owned()],
        ..RuleSet::default()
    };
    assert_eq!(
        found(&Detector::with_rules(&without).unwrap(), text).len(),
        1
    );
    let strict = RuleSet {
        thresholds: vec![(EntityKind::Phone, 1.0)],
        ..RuleSet::default()
    };
    let detector = Detector::with_rules(&strict).unwrap();
    assert_eq!(
        found(&detector, text),
        [("jo@example.com".to_owned(), EntityKind::Email)]
    );
}

#[test]
fn a_pattern_without_an_anchor_reads_every_text() {
    let detector = Detector::with_rules(&set([Rule {
        pattern: Some(r"\p{Lu}\p{Ll}+ Lane".to_owned()),
        examples: vec!["Penny Lane".to_owned()],
        counter_examples: vec!["penny lane".to_owned()],
        ..Rule::new("lanes", EntityKind::Address)
    }]));
    let found = found(&detector.unwrap(), "by Élm Lane.");
    assert_eq!(found, [("Élm Lane".to_owned(), EntityKind::Address)]);
}

#[test]
fn the_built_in_examples_hold() {
    assert_eq!(Detector::builtin().broken_examples(), []);
}
