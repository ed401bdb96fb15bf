//! The scorer on everyday prompts, and its invariants.

use proptest::prelude::*;

use super::{
    table::{CALIBRATION, FAR, FEATURES, GAIN, IS_DEMANDING, IS_EVERYDAY, LOCAL, SHIFT},
    *,
};

fn features(prompt: &str) -> Features {
    Features::extract([(Role::User, prompt)].into_iter(), 0)
}

fn score(prompt: &str) -> f64 {
    Scorer::default().score(&features(prompt))
}

#[test]
fn the_table_fits_the_features() {
    let names = Features::default().values().map(|(name, _)| name);
    assert_eq!(FEATURES, names, "run router/training/train.py");
    for forest in [&LOCAL, &FAR, &GAIN, &IS_EVERYDAY, &IS_DEMANDING] {
        assert!(forest.is_sound(COUNT));
    }
    for points in CALIBRATION {
        let curve = Calibration::from_points(points.to_vec());
        assert!(curve.is_ok(), "{curve:?}");
    }
}

/// What `router/training/train.py` computed itself when it wrote the table.
#[test]
fn scores_are_those_of_the_training() {
    let cases: serde_json::Value =
        serde_json::from_str(include_str!("../../testdata/complexity-scores.json")).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() > 30);
    for case in cases {
        let prompt = case["prompt"].as_str().unwrap();
        let tools = usize::try_from(case["tools"].as_u64().unwrap()).unwrap();
        let features = Features::extract([(Role::User, prompt)].into_iter(), tools);
        let (raw, expected) = (
            Scorer::default().raw(&features),
            case["raw"].as_f64().unwrap(),
        );
        assert!((raw - expected).abs() < 1e-4, "{raw} {expected} {prompt}");
    }
}

#[test]
fn larger_local_models_need_the_far_one_less() {
    assert!(SHIFT.is_sorted());
    let prompt = "A train leaves at 9 and goes 80 km/h. How far is it at noon?";
    let local = |size| Scorer::new(size).outlook(&features(prompt)).local;
    let [small, medium, large] = SizeClass::ALL.map(local);
    assert!(small < medium && medium < large, "{small} {medium} {large}");
}

#[test]
fn everyday_requests_stay_below_a_third() {
    for prompt in include_str!("../../testdata/complexity-easy.txt").lines() {
        assert!(score(prompt) < 0.35, "{:.3} {prompt}", score(prompt));
    }
}

#[test]
fn demanding_requests_score_above_the_threshold() {
    for prompt in include_str!("../../testdata/complexity-hard.txt").lines() {
        assert!(score(prompt) > 0.6, "{:.3} {prompt}", score(prompt));
    }
}

#[test]
fn only_the_last_question_counts_as_focus() {
    let hard = "Prove that the sum of two odd integers is even, by contradiction.";
    let texts = [
        (Role::User, hard),
        (Role::Assistant, "Done."),
        (Role::User, "Thanks!"),
    ];
    let features = Features::extract(texts.into_iter(), 0);
    assert!(Scorer::default().score(&features) < score(hard));
    assert_eq!(features.user_turns, 2);
    assert_eq!(features.context_chars, hard.len() + "Done.".len());
}

#[test]
fn tokens_grow_with_the_text_and_the_messages() {
    let one = Features::extract([(Role::User, "How are you today?")].into_iter(), 0);
    assert_eq!(one.prompt_tokens(), 9);
    let two = Features::extract(
        [
            (Role::System, "Be brief."),
            (Role::User, "How are you today?"),
        ]
        .into_iter(),
        0,
    );
    assert_eq!(two.prompt_tokens(), 9 + 7);
}

proptest! {
    #[test]
    fn any_text_scores_between_0_and_1(text in "\\PC{0,300}", tools in 0_usize..50) {
        let features = Features::extract([(Role::User, text.as_str())].into_iter(), tools);
        for size in SizeClass::ALL {
            prop_assert!((0.0..=1.0).contains(&Scorer::new(size).score(&features)));
        }
        prop_assert!(features.values().iter().all(|(_, value)| value.is_finite()));
    }
}
