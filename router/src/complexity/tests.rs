//! The scorer on everyday prompts, and its invariants.

use proptest::prelude::*;

use super::*;

fn score(prompt: &str) -> f64 {
    Features::extract([(Role::User, prompt)].into_iter(), 0).score()
}

#[test]
fn weights_fit_the_features() {
    let names = Features::default().values().map(|(name, _)| name);
    assert_eq!(
        WEIGHTS.map(|(name, ..)| name),
        names,
        "run router/training/train.py"
    );
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
    assert!(features.score() < score(hard));
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
        prop_assert!((0.0..=1.0).contains(&features.score()));
        prop_assert!(features.values().iter().all(|(_, value)| value.is_finite()));
    }
}
