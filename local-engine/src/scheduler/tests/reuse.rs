//! A prompt that begins like an earlier one is not read again, and is answered alike.

use super::bench::{Bench, few_graphs, graphs, ids, options};
use crate::{EngineOptions, Generation, Priority};

#[test]
fn a_prompt_seen_before_is_not_read_again_and_answered_alike() {
    for (graph, [case, other]) in graphs() {
        let mut bench = Bench::open(&graph, 1, 16);
        // The third time the slot has held something else in between.
        for (asked, reused) in [
            (&case, false),
            (&case, true),
            (&other, false),
            (&case, true),
        ] {
            let before = bench.reused();
            let answer = bench.ask(asked);
            bench.finish();
            assert_eq!(ids(answer), asked.expected, "{graph:?}");
            let hit = bench.reused() - before + 1 >= asked.prompt.len() as u64;
            assert_eq!(hit, reused, "{graph:?}");
        }
    }
}

#[test]
fn a_conversation_goes_on_where_it_was() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 4, 16);
        let answer = bench.ask(&case);
        bench.finish();
        let mut next = [case.prompt.as_slice(), &ids(answer)].concat();
        let history = next.len() - 1;
        next.extend([9, 8, 7]);
        let second = bench.submit(&next, 12, Priority::Interactive);
        bench.finish();
        assert_eq!(bench.reused(), history as u64, "{graph:?}");
        let mut alone = Bench::open(&graph, 1, 512);
        let whole = alone.submit(&next, 12, Priority::Interactive);
        alone.finish();
        assert_eq!(ids(second), ids(whole), "{graph:?}");
    }
}

#[test]
fn a_beginning_is_copied_from_a_request_that_runs() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 2, 512);
        let first = bench.ask(&case);
        bench.turns(3);
        let second = bench.ask(&case);
        bench.finish();
        assert_eq!(bench.reused(), case.prompt.len() as u64 - 1, "{graph:?}");
        assert_eq!(ids(first), case.expected, "{graph:?}");
        assert_eq!(ids(second), case.expected, "{graph:?}");
    }
}

#[test]
fn a_prompt_that_comes_several_times_at_once_is_read_once() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 4, 7);
        let answers: Vec<Generation> = (0..4).map(|_| bench.ask(&case)).collect();
        bench.finish();
        assert_eq!(
            bench.reused(),
            3 * (case.prompt.len() as u64 - 1),
            "{graph:?}"
        );
        for answer in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn nothing_is_reused_where_that_is_switched_off() {
    for (graph, [case, _]) in few_graphs() {
        let options = EngineOptions {
            prefix_bytes: 0,
            ..options(2)
        };
        let mut bench = Bench::around(&graph, &options, |decoder| decoder);
        let answers: Vec<Generation> = (0..4).map(|_| bench.ask(&case)).collect();
        bench.finish();
        assert_eq!(bench.reused(), 0);
        for answer in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}
