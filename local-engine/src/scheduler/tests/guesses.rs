//! Guesses are made where they save runs, given up where they don't, and harm nobody.

use super::bench::{Bench, draft, guessing, ids, options, scoring};
use crate::{EngineStats, Priority, Sampling, sampler::Sampler};

#[test]
fn lookup_saves_runs_where_an_answer_repeats_itself() {
    let stats = written(lookup(), &repetitive(), 0.15);
    assert!(stats.decode_steps < TOKENS * 2 / 3, "{stats:?}");
}

#[test]
fn lookup_is_given_up_where_an_answer_only_seems_to_repeat_itself() {
    let stats = written(lookup(), &random(), 0.5);
    assert!((1..TOKENS / 5).contains(&stats.lookup.guessed), "{stats:?}");
}

#[test]
fn a_draft_that_is_right_saves_runs() {
    let stats = written(same_draft(), &usual(), 0.15);
    assert!(stats.decode_steps < TOKENS / 2, "{stats:?}");
}

#[test]
fn a_draft_that_is_wrong_is_given_up() {
    // The draft knows nothing of the bias that makes the answer repeat itself.
    let stats = written(same_draft(), &repetitive(), 0.15);
    assert!((1..TOKENS / 5).contains(&stats.draft.guessed), "{stats:?}");
    assert!(stats.draft.accepted < stats.draft.guessed / 4, "{stats:?}");
}

#[test]
fn nothing_is_guessed_where_guesses_cost_as_much_as_steps() {
    for bench in [lookup(), same_draft()] {
        let stats = written(bench, &repetitive(), 1.0);
        assert_eq!(stats.lookup.guessed + stats.draft.guessed, 0);
        assert_eq!(stats.decode_steps, TOKENS - 1);
    }
}

#[test]
fn a_request_that_ends_among_its_guesses_leaves_alone_who_gets_its_row() {
    let (graph, _, [ending, staying]) = scoring();
    let mut bench = Bench::open(&graph, 2, 512);
    let answers = [bench.ask(&ending), bench.ask(&staying)];
    bench.turns(2);
    let scheduler = &mut bench.scheduler;
    let [first, second] = &mut *scheduler.slots else {
        panic!("there are two slots");
    };
    let (first, second) = (
        first.request.as_mut().unwrap(),
        second.request.as_ref().unwrap(),
    );
    let written = first.answer.usage.completion_tokens;
    let (known, unknown) = ending.expected.split_at(written);
    assert_eq!(known.last(), Some(&first.last));
    first.answer.eos = vec![unknown[0]];
    // The guess after the end is what the other request, which gets the row, reads next.
    scheduler.speculation.plans[0].guesses = vec![second.last];
    assert_ne!(unknown[0], second.last);
    assert!(scheduler.check_guesses(0, 1.0));
    assert_eq!(scheduler.decoding, 1);
    bench.finish();
    let [ended, stayed] = answers.map(ids);
    assert_eq!(ended, ending.expected[..=written]);
    assert_eq!(stayed, staying.expected);
}

fn lookup() -> Bench {
    Bench::around(&scoring().0, &guessing(1), |decoder| decoder)
}

/// The model guesses for itself.
fn same_draft() -> Bench {
    let (graph, ..) = scoring();
    Bench::with_draft(&graph, draft(&graph, 1), &options(1))
}

/// How tokens are chosen.
type Choosing = (Sampling, Vec<(u32, f32)>);

fn usual() -> Choosing {
    (Sampling::GREEDY, Vec::new())
}

/// Always the same token.
fn repetitive() -> Choosing {
    (Sampling::GREEDY, vec![(7, 100.0)])
}

/// One of four tokens, all as likely.
fn random() -> Choosing {
    let sampling = Sampling {
        temperature: 100.0,
        seed: Some(5),
        ..Sampling::default()
    };
    (sampling, (7..11).map(|id| (id, 10_000.0)).collect())
}

/// Writes an answer, where each guess adds the share `guess` of a step to a run, and checks that it
/// is the one without guesses.
fn written(mut bench: Bench, choosing: &Choosing, guess: f64) -> EngineStats {
    let (graph, _, [case, _]) = scoring();
    let mut plain = Bench::open(&graph, 1, 512);
    let [expected, answer] = [&plain, &bench].map(|bench| {
        let (sampling, bias) = choosing.clone();
        let sampler = Sampler::new(sampling, bias, &case.prompt);
        let tokens = usize::try_from(TOKENS).unwrap();
        bench.push(&case.prompt, tokens, Priority::Interactive, sampler)
    });
    plain.finish();
    bench.finish_as_if(guess);
    assert_eq!(ids(answer), ids(expected));
    bench.counters.snapshot()
}

/// Tokens that are written.
const TOKENS: u64 = 160;
