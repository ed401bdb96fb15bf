//! Every request gets the answer it gets alone, whatever else runs.

use std::sync::atomic::Ordering::Relaxed;

use super::{
    super::ChunkSize,
    bench::{Bench, Case, few_graphs, graphs, guessing, ids, options},
};
use crate::{Priority, Sampling, reference_tests::reference_families, sampler::Sampler};

#[test]
fn prompts_read_in_parts_of_any_size_are_answered_alike() {
    for (graph, cases) in graphs() {
        let mut bench = Bench::open(&graph, 2, 16);
        for chunk in [16, 7, 1] {
            bench.scheduler.chunks = ChunkSize::between(chunk, chunk);
            for case in &cases {
                bench.forget();
                let answer = bench.ask(case);
                bench.finish();
                assert_eq!(ids(answer), case.expected, "{graph:?} in parts of {chunk}");
            }
        }
    }
}

#[test]
fn eight_requests_that_join_at_different_times_don_t_disturb_each_other() {
    for (graph, cases) in graphs() {
        let mut bench = Bench::open(&graph, 8, 16);
        let mut answers = Vec::new();
        for (join, case) in cases.iter().cycle().take(8).enumerate() {
            answers.push((case, bench.ask(case)));
            bench.turns(join);
        }
        bench.finish();
        for (case, answer) in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn neighbours_that_leave_free_their_slots_and_change_nothing() {
    for (graph, cases) in graphs() {
        let mut bench = Bench::open(&graph, 8, 7);
        let mut staying = Vec::new();
        let mut leaving = Vec::new();
        for case in cases.iter().cycle().take(4) {
            leaving.push(bench.ask(case));
            bench.turns(1);
            staying.push((case, bench.ask(case)));
            bench.turns(2);
        }
        for gone in leaving {
            drop(gone);
            bench.turns(2);
        }
        assert_eq!(bench.queue.load().running, 4, "{graph:?}");
        bench.finish();
        for (case, answer) in staying {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
        assert_eq!(bench.queue.load().running, 0);
    }
}

#[test]
fn requests_that_join_and_leave_at_random_are_answered_as_they_are_alone() {
    for (graph, cases) in few_graphs() {
        let mut alone = Bench::open(&graph, 1, 512);
        let mut random = Random(7);
        let requests: Vec<Case> = (0..60)
            .map(|_| {
                let base = &cases[random.below(2)].prompt;
                let mut prompt = base.split_at(1 + random.below(base.len())).0.to_vec();
                prompt.push(5 + u32::try_from(random.below(200)).unwrap());
                let answer = alone.submit(&prompt, 1 + random.below(20), Priority::Interactive);
                alone.finish();
                let expected = ids(answer);
                Case { prompt, expected }
            })
            .collect();
        let mut bench = Bench::open(&graph, 5, 9);
        let mut answers = Vec::new();
        for case in &requests {
            let priority = [Priority::Interactive, Priority::Batch][random.below(2)];
            let answer = bench.submit(&case.prompt, case.expected.len(), priority);
            if random.below(4) == 0 {
                bench.turns(random.below(6));
                drop(answer);
            } else {
                answers.push((case, answer));
            }
            bench.turns(random.below(4));
        }
        bench.finish();
        assert!(bench.reused() > 0);
        for (case, answer) in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn guesses_change_no_answer() {
    let (mut guessed, mut accepted) = (0, 0);
    for (graph, cases) in graphs() {
        let mut bench = Bench::around(&graph, &guessing(2), |decoder| decoder);
        for case in &cases {
            let answer = bench.ask(case);
            bench.finish();
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
        guessed += bench.counters.lookup.guessed.load(Relaxed);
        accepted += bench.counters.lookup.accepted.load(Relaxed);
    }
    // Some are right and some are wrong.
    assert!((1..guessed).contains(&accepted) || reference_families().is_empty());
}

#[test]
fn guesses_change_no_drawn_token() {
    for (graph, [case, _]) in few_graphs() {
        let prompt = case.prompt.repeat(3);
        let sampling = Sampling {
            temperature: 0.4,
            seed: Some(5),
            ..Sampling::default()
        };
        let [plain, guessed] = [options(1), guessing(1)].map(|options| {
            let mut bench = Bench::around(&graph, &options, |decoder| decoder);
            let sampler = Sampler::new(sampling, Vec::new(), &prompt);
            let answer = bench.push(&prompt, 60, Priority::Interactive, sampler);
            bench.finish();
            ids(answer)
        });
        assert_eq!(plain, guessed, "{graph:?}");
    }
}

/// Numbers that are the same in every run (Knuth's linear congruential generator, MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}
