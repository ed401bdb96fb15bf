//! Who goes first.

use super::bench::{Bench, few_graphs, ids};
use crate::{Generation, Pace, Priority};

#[test]
fn a_short_prompt_does_not_wait_for_a_long_one() {
    for (graph, [case, other]) in few_graphs() {
        let mut bench = Bench::open(&graph, 2, 4);
        let long: Vec<u32> = case.prompt.iter().copied().cycle().take(200).collect();
        let long = bench.submit(&long, 1, Priority::Interactive);
        bench.turns(3);
        let short = bench.submit(other.prompt.split_at(8).0, 1, Priority::Interactive);
        bench.turns(4);
        assert_eq!((short.events.len(), long.events.len()), (2, 0), "{graph:?}");
        bench.finish();
        assert_eq!(long.events.len(), 2);
    }
}

#[test]
fn batch_requests_let_interactive_ones_pass_but_not_for_ever() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 1, 512);
        let batch = bench.submit(&case.prompt, 1, Priority::Batch);
        let mut interactive: Vec<Generation> = (0..12).map(|_| bench.ask(&case)).collect();
        let mut order = Vec::new();
        let mut batch = Some(batch);
        while !bench.scheduler.is_idle() || bench.queue.load().waiting > 0 {
            bench.turns(1);
            if batch.as_ref().is_some_and(|batch| batch.events.len() > 1) {
                order.push(
                    interactive
                        .iter()
                        .filter(|one| one.events.len() > 1)
                        .count(),
                );
                batch = None;
            }
        }
        assert_eq!(order, [8], "{graph:?}");
        assert!(interactive.iter_mut().all(|one| one.events.len() > 1));
    }
}

#[test]
fn a_slower_pace_leaves_slots_empty_and_changes_no_answer() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 4, 512);
        bench.queue.set_pace(Pace {
            slots: 1,
            duty: 0.5,
        });
        let all: Vec<Generation> = (0..3).map(|_| bench.ask(&case)).collect();
        bench.turns(2);
        let load = bench.queue.load();
        assert_eq!((load.running, load.waiting), (1, 2), "{graph:?}");
        bench.queue.set_pace(Pace::FULL);
        bench.turns(1);
        assert_eq!(bench.queue.load().running, 3, "{graph:?}");
        bench.queue.set_pace(Pace {
            slots: 0,
            duty: 0.0,
        });
        bench.finish();
        for one in all {
            assert_eq!(ids(one), case.expected, "{graph:?}");
        }
    }
}
