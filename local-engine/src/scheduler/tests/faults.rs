//! What goes wrong with one request harms no other.

use super::{
    super::guarded,
    bench::{Bench, few_graphs, ids, options},
};
use crate::{Error, Priority, Sampling, sampler::Sampler};

#[test]
fn a_request_that_goes_wrong_goes_alone() {
    for (graph, [case, other]) in few_graphs() {
        let mut bench = Bench::open(&graph, 3, 512);
        let fine = bench.ask(&case);
        let bias = vec![(7, f32::INFINITY)];
        let sampler = Sampler::new(Sampling::GREEDY, bias, &other.prompt);
        let invalid = bench.push(&other.prompt, 9, Priority::Interactive, sampler);
        bench.finish();
        assert_eq!(ids(fine), case.expected, "{graph:?}");
        let ended = invalid.blocking_collect();
        assert!(
            matches!(ended, Err(Error::LogitsInvalid)),
            "{graph:?}: {ended:?}"
        );
        assert_eq!(bench.queue.load().running, 0);
    }
}

#[test]
fn a_run_that_fails_ends_only_the_request_at_fault() {
    for (graph, [case, other]) in few_graphs() {
        // The other answer says it, this one does not.
        let bad = other.expected.iter().skip(2);
        let innocent = [&case.prompt[..], &case.expected, &other.prompt].concat();
        let Some(bad) = bad.copied().find(|id| !innocent.contains(id)) else {
            panic!("the cases of {graph:?} have the same tokens");
        };
        let mut bench = Bench::around(&graph, &options(2), |decoder| decoder.failing_on(bad));
        let [fine, faulty] = [bench.ask(&case), bench.ask(&other)];
        bench.finish();
        assert_eq!(ids(fine), case.expected, "{graph:?}");
        let ended = faulty.blocking_collect();
        assert!(matches!(ended, Err(Error::Inference { .. })), "{graph:?}");
    }
}

#[test]
fn a_panic_becomes_an_error() {
    let outcome: Result<(), Error> = guarded(|| panic!("a bug"));
    assert!(matches!(outcome, Err(Error::RequestPanicked)));
}

#[test]
fn a_request_without_room_for_a_token_ends_at_once() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 1, 512);
        let empty = bench.submit(&case.prompt, 0, Priority::Interactive);
        bench.finish();
        assert!(ids(empty).is_empty());
    }
}

#[test]
fn what_runs_when_the_engine_is_dropped_ends_with_an_error() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 1, 512);
        let [running, waiting] = [bench.ask(&case), bench.ask(&case)];
        bench.turns(2);
        // As the engine's thread does when it ends.
        drop(bench.scheduler);
        bench.queue.close();
        for answer in [running, waiting] {
            let ended = answer.blocking_collect();
            assert!(matches!(ended, Err(Error::EngineStopped)), "{graph:?}");
        }
    }
}
