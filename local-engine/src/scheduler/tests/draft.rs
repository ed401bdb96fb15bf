//! A draft model makes answers faster, never different.

use std::path::PathBuf;

use super::bench::{Bench, Case, draft, few_graphs, graphs, guessing, ids, options, scoring};
use crate::{Priority, Sampling, reference_tests::reference_families, sampler::Sampler};

#[test]
fn a_draft_that_says_the_same_is_always_right_and_changes_no_answer() {
    for (graph, _, cases) in graphs_with_drafts() {
        let mut bench = Bench::with_draft(&graph, draft(&graph, 1), &options(1));
        for case in &cases {
            let answer = bench.ask(case);
            bench.finish_drafting();
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
        let (guessed, accepted) = bench.drafted();
        assert!(guessed > 0 && accepted == guessed, "{graph:?}");
    }
}

#[test]
fn a_draft_for_a_graph_that_can_t_check_guesses_is_dropped() {
    let drafted: Vec<PathBuf> = graphs_with_drafts().into_iter().map(|it| it.0).collect();
    for (graph, [case, _]) in few_graphs().filter(|(graph, _)| !drafted.contains(graph)) {
        let mut bench = Bench::with_draft(&graph, draft(&graph, 2), &options(2));
        let answers = [bench.ask(&case), bench.ask(&case)];
        bench.finish_drafting();
        for answer in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
        assert_eq!(bench.drafted(), (0, 0), "{graph:?}");
        assert!(bench.scheduler.speculation.draft.is_none(), "{graph:?}");
    }
}

#[test]
fn drafts_that_are_often_wrong_change_no_answer_of_requests_that_run_together() {
    let (mut guessed, mut accepted) = (0, 0);
    for (graph, other, cases) in graphs_with_drafts() {
        let mut bench = Bench::with_draft(&graph, draft(&other, 4), &options(4));
        let mut answers = Vec::new();
        for (join, case) in cases.iter().cycle().take(7).enumerate() {
            answers.push((case, bench.ask(case)));
            for _ in 0..join {
                bench.draft_turn();
            }
        }
        bench.finish_drafting();
        for (case, answer) in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?} after {other:?}");
        }
        guessed += bench.drafted().0;
        accepted += bench.drafted().1;
    }
    assert!((1..guessed).contains(&accepted), "{accepted} of {guessed}");
}

#[test]
fn a_draft_with_a_growing_cache_is_right_as_well() {
    for family in reference_families() {
        let (graph, other) = (
            family.join("genai-fp32/model.onnx"),
            family.join("onnx/model.onnx"),
        );
        if !graph.is_file() {
            continue;
        }
        let cases = graphs().into_iter().find(|(it, _)| *it == graph);
        let Some((_, [case, _])) = cases else {
            continue;
        };
        let mut bench = Bench::with_draft(&graph, draft(&other, 2), &options(2));
        let answers = [bench.ask(&case), bench.ask(&case)];
        bench.finish_drafting();
        for answer in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
        let (guessed, accepted) = bench.drafted();
        assert!(guessed > 0 && accepted * 2 > guessed, "{graph:?}");
    }
}

#[test]
fn a_draft_changes_no_drawn_token() {
    for (graph, other, [case, _]) in graphs_with_drafts() {
        let sampling = Sampling {
            temperature: 0.6,
            seed: Some(5),
            ..Sampling::default()
        };
        let ask = |bench: &Bench| {
            let sampler = Sampler::new(sampling, Vec::new(), &case.prompt);
            bench.push(&case.prompt, 60, Priority::Interactive, sampler)
        };
        let mut plain = Bench::open(&graph, 1, 512);
        let expected = ask(&plain);
        plain.finish();
        let mut bench = Bench::with_draft(&graph, draft(&other, 1), &options(1));
        let answer = ask(&bench);
        bench.finish_drafting();
        assert_eq!(ids(answer), ids(expected), "{graph:?}");
        assert!(bench.drafted().0 > 0, "{graph:?}");
    }
}

#[test]
fn a_draft_follows_when_prompts_are_reused_and_slots_taken_over() {
    for (graph, _, [case, next]) in graphs_with_drafts() {
        let mut bench = Bench::with_draft(&graph, draft(&graph, 1), &options(1));
        for asked in [&case, &case, &next, &case] {
            let before = bench.drafted().0;
            let answer = bench.ask(asked);
            bench.finish_drafting();
            assert_eq!(ids(answer), asked.expected, "{graph:?}");
            assert!(bench.drafted().0 > before, "{graph:?}");
        }
        let (guessed, accepted) = bench.drafted();
        assert_eq!(accepted, guessed, "{graph:?}");
        assert!(bench.reused() > 0);
    }
}

#[test]
fn a_draft_that_fails_harms_no_answer() {
    for (graph, _, [case, _]) in graphs_with_drafts() {
        let bad = case.expected[case.expected.len() / 2];
        let failing = draft(&graph, 2).failing_on(bad);
        let mut bench = Bench::with_draft(&graph, failing, &options(2));
        let answers = [bench.ask(&case), bench.ask(&case)];
        bench.finish_drafting();
        for answer in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn lookup_goes_first_and_the_draft_fills_in() {
    let (graph, _, [case, _]) = scoring();
    let mut bench = Bench::with_draft(&graph, draft(&graph, 1), &guessing(1));
    let prompt = case.prompt.repeat(3);
    let mut plain = Bench::open(&graph, 1, 512);
    let [expected, answer] = [&plain, &bench].map(|it| it.submit(&prompt, 80, Priority::Batch));
    plain.finish();
    bench.finish_drafting();
    assert_eq!(ids(answer), ids(expected));
    let stats = bench.counters.snapshot();
    assert!(
        stats.draft.guessed > 0 && stats.lookup.guessed > 0,
        "{stats:?}"
    );
    assert!(stats.decode_steps < stats.generated_tokens / 2, "{stats:?}");
}

/// Graphs that share past and present and score every token, each with a coarser one of the same
/// model.
fn graphs_with_drafts() -> Vec<(PathBuf, PathBuf, [Case; 2])> {
    let shared = graphs().into_iter().filter_map(|(graph, cases)| {
        let coarser = graph.ancestors().nth(2)?.join("genai-int4/model.onnx");
        let is_shared = graph.ends_with("genai-fp32/model.onnx") && coarser.is_file();
        is_shared.then_some((graph, coarser, cases))
    });
    shared.chain([scoring()]).collect()
}
