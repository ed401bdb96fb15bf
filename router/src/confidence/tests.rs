//! What confidence promises: bounds, order, and indifference to length.

use proptest::prelude::*;

use super::*;

fn right(tokens: &[f32]) -> f64 {
    let evidence = Evidence::of(tokens).unwrap();
    Confidence::default().right(&evidence, TaskKind::Fact)
}

#[test]
fn one_doubtful_token_counts_for_more_than_many_sure_ones() {
    let sure = vec![-0.01; 40];
    let mut doubtful = sure.clone();
    doubtful.push(-4.0);
    assert!(right(&doubtful) < right(&sure) - 0.1);
    // Their means are next to each other.
    assert!(right(&[-0.1; 41]) < right(&sure));
}

#[test]
fn no_tokens_say_nothing_and_odd_ones_do_no_harm() {
    assert_eq!(Evidence::of(&[]), None);
    assert!((0.0..0.1).contains(&right(&[f32::NAN])));
    assert!((0.9..=1.0).contains(&right(&[0.0, 0.5])));
    assert!((0.0..0.1).contains(&right(&[f32::NEG_INFINITY])));
}

#[test]
fn fitting_finds_how_much_a_model_exaggerates() {
    // Of a hundred answers with odds of `p`, as many are right as half the log-odds say.
    let answers = [0.5_f32, 0.7, 0.9, 0.99].into_iter().flat_map(|p| {
        let evidence = Evidence::of(&[p.ln()]).unwrap();
        let claimed = f64::from(p);
        let odds = (claimed / (1.0 - claimed)).sqrt();
        let rights = 400.0 * odds / (1.0 + odds);
        (0..400).map(move |index| Answer {
            kind: TaskKind::Choice,
            evidence,
            is_right: f64::from(index) < rights,
        })
    });
    let answers: Vec<Answer> = answers.collect();
    let fitted = Confidence::fit(&answers);
    let of = |p: f32| fitted.right(&Evidence::of(&[p.ln()]).unwrap(), TaskKind::Choice);
    assert!((of(0.9) - 0.75).abs() < 0.02, "{}", of(0.9));
    assert!((of(0.99) - 0.909).abs() < 0.02, "{}", of(0.99));
    assert_eq!(fitted.line(TaskKind::Code), Line::UNFITTED);
}

#[test]
fn answers_that_are_wrong_where_the_model_is_sure_never_turn_the_order_round() {
    let answers: Vec<Answer> = [(-0.01_f32, false), (-3.0, true)]
        .into_iter()
        .cycle()
        .take(200)
        .map(|(log, is_right)| Answer {
            kind: TaskKind::Text,
            evidence: Evidence::of(&[log]).unwrap(),
            is_right,
        })
        .collect();
    let line = Confidence::fit(&answers).line(TaskKind::Text);
    assert!(line.weights.iter().all(|weight| *weight < 1e-12));
}

proptest! {
    #[test]
    fn confidence_is_bounded_and_rises_with_every_token(
        tokens in prop::collection::vec(-12.0..0.0_f32, 1..60),
        at in any::<prop::sample::Index>(),
        more in 0.0..6.0_f32,
    ) {
        let before = right(&tokens);
        let mut better = tokens.clone();
        let token = at.get(&tokens);
        better[at.index(tokens.len())] = (token + more).min(0.0);
        prop_assert!((0.0..=1.0).contains(&before));
        prop_assert!(right(&better) >= before);
    }

    #[test]
    fn saying_it_all_again_changes_nothing(
        tokens in prop::collection::vec(-12.0..0.0_f32, 1..40),
        times in 2_usize..5,
    ) {
        let repeated = tokens.repeat(times);
        prop_assert_eq!(right(&tokens).to_bits(), right(&repeated).to_bits());
    }
}
