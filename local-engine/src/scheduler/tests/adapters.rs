//! Requests under different adapters run beside each other and never meet.

use std::path::Path;

use super::{
    super::ChunkSize,
    bench::{Bench, Case, draft, ids, options},
};
use crate::{
    ModelOptions, ModelSource,
    model::{Machine, ModelFiles},
    onnx::{AdapterId, Decoder},
    reference_tests::json,
};

/// One of a model's three ways to answer, with a case that shows which.
#[derive(Clone)]
struct Adapted {
    adapter: Option<AdapterId>,
    case: Case,
}

/// The model as it is, and each of its adapters. `blue` comes first by name.
fn adapted() -> [Adapted; 3] {
    let recorded = json(&Path::new(MODEL).join("expected.json"));
    let prompt: Vec<u32> = serde_json::from_value(recorded["prompt_ids"].clone()).unwrap();
    [("", None), ("blue", Some(0)), ("red", Some(1))].map(|(name, index)| {
        let greedy = &recorded["adapters"][name]["model.onnx"]["greedy_ids"];
        let expected = serde_json::from_value(greedy.clone()).unwrap();
        Adapted {
            adapter: index.map(AdapterId),
            case: Case {
                prompt: prompt.clone(),
                expected,
            },
        }
    })
}

fn open(slots: usize) -> Bench {
    Bench::open(Path::new(MODEL), slots, 512)
}

fn ask(bench: &Bench, wanted: &Adapted) -> crate::Generation {
    bench.ask_adapted(&wanted.case, wanted.adapter)
}

#[test]
fn each_adapter_answers_in_its_own_way() {
    let mut bench = open(1);
    for wanted in adapted() {
        bench.forget();
        let answer = ask(&bench, &wanted);
        bench.finish();
        assert_eq!(ids(answer), wanted.case.expected);
    }
}

#[test]
fn what_was_read_under_one_adapter_is_not_reused_under_another() {
    let [plain, blue, red] = adapted();
    // One slot, so that what it held goes to the store; then slots enough for all.
    for slots in [1, 4] {
        let mut bench = open(slots);
        for (wanted, seen) in [
            (&plain, false),
            (&red, false),
            (&red, true),
            (&plain, true),
            (&blue, false),
            (&red, true),
        ] {
            let before = bench.reused();
            let answer = ask(&bench, wanted);
            bench.finish();
            assert_eq!(ids(answer), wanted.case.expected, "{slots} slots");
            let expected = if seen {
                wanted.case.prompt.len() - 1
            } else {
                0
            };
            assert_eq!(bench.reused() - before, expected as u64, "{slots} slots");
        }
    }
}

#[test]
fn prompts_that_come_together_share_nothing_but_with_their_own_adapter() {
    let mut bench = open(6);
    let wanted = adapted();
    let answers: Vec<_> = wanted
        .iter()
        .cycle()
        .take(6)
        .map(|wanted| (wanted, ask(&bench, wanted)))
        .collect();
    bench.finish();
    // The second of each adapter starts from the first one's prompt.
    assert_eq!(bench.reused(), 3 * (wanted[0].case.prompt.len() as u64 - 1));
    for (wanted, answer) in answers {
        assert_eq!(ids(answer), wanted.case.expected);
    }
}

#[test]
fn a_turn_gives_a_token_to_every_request_whatever_its_adapter() {
    let mut bench = open(4);
    let [plain, blue, red] = adapted();
    let answers = [&plain, &red, &plain, &blue].map(|wanted| ask(&bench, wanted));
    bench.turns(4);
    let before = answers.each_ref().map(|answer| answer.events.len());
    bench.turns(3);
    let after = answers.each_ref().map(|answer| answer.events.len());
    assert_eq!(after, before.map(|tokens| tokens + 3));
}

#[test]
fn requests_that_join_and_leave_at_random_stay_in_groups() {
    join_and_leave(&mut open(5), &adapted());
}

#[test]
fn a_draft_changes_no_answer_of_requests_that_join_and_leave_at_random() {
    let wanted = adapted().map(answered_alone);
    let mut bench = Bench::with_files(&scoring(), Some(coarser(5)), &options(5));
    join_and_leave(&mut bench, &wanted);
    // Some are right and some are wrong.
    let (guessed, accepted) = bench.drafted();
    assert!((1..guessed).contains(&accepted), "{accepted} of {guessed}");
}

#[test]
fn guesses_are_checked_under_the_request_s_adapter() {
    for wanted in adapted().map(answered_alone) {
        let mut bench = Bench::with_files(&scoring(), Some(coarser(1)), &options(1));
        let answer = ask(&bench, &wanted);
        bench.finish_drafting();
        assert_eq!(ids(answer), wanted.case.expected);
        assert!(bench.drafted().0 > 0);
    }
}

/// Asks with answers of many lengths, some of which nobody waits for, and compares the others.
fn join_and_leave(bench: &mut Bench, wanted: &[Adapted; 3]) {
    bench.scheduler.chunks = ChunkSize::between(9, 9);
    let mut answers = Vec::new();
    for index in 0_usize..90 {
        // Steps that meet every pair of neighbours (multiples of a number prime to all three).
        let wanted = &wanted[index * index / 2 % 3];
        let mut case = wanted.case.clone();
        case.expected.truncate(1 + index * 7 % 24);
        let answer = bench.ask_adapted(&case, wanted.adapter);
        if index % 4 == 3 {
            guessing_turns(bench, index % 5);
            drop(answer);
        } else {
            answers.push((case.expected, answer));
        }
        guessing_turns(bench, index % 3);
        assert_groups(bench);
    }
    bench.finish_drafting();
    for (expected, answer) in answers {
        assert_eq!(ids(answer), expected);
    }
}

fn guessing_turns(bench: &mut Bench, turns: usize) {
    for _ in 0..turns {
        bench.draft_turn();
    }
}

/// What [`scoring`] answers alone and without guesses.
fn answered_alone(mut wanted: Adapted) -> Adapted {
    let mut bench = Bench::with_files(&scoring(), None, &options(1));
    let answer = ask(&bench, &wanted);
    bench.finish();
    wanted.case.expected = ids(answer);
    wanted
}

/// The model without adapters, quantized otherwise.
fn coarser(slots: usize) -> Decoder {
    let graph = Path::new(MODEL).with_file_name("tiny-llama-pair/prefill.onnx");
    draft(&graph, slots)
}

/// A graph that scores every token, which the usual one does not, with the same adapters.
fn scoring() -> ModelFiles {
    let adapters = ["blue", "red"].map(|name| {
        let file = format!("{MODEL}/adapters/{name}.onnx_adapter");
        (name.to_owned(), file.into())
    });
    let options = ModelOptions {
        adapters: adapters.into(),
        ..ModelOptions::default()
    };
    let graph = Path::new(MODEL).with_file_name("tiny-llama-adapters-pair/decode.onnx");
    ModelFiles::choose(
        &ModelSource::Path(graph),
        &options,
        Machine::with_limit(None),
    )
    .unwrap()
}

/// No adapter begins a second group among the slots that decode.
fn assert_groups(bench: &Bench) {
    let decoding = bench.scheduler.slots.iter().take(bench.scheduler.decoding);
    let mut adapters: Vec<_> = decoding.map(|slot| slot.adapter).collect();
    adapters.dedup();
    let groups = adapters.len();
    adapters.sort_by_key(|adapter| adapter.map(|AdapterId(index)| index));
    adapters.dedup();
    assert_eq!(groups, adapters.len());
}

const MODEL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/testdata/exported/tiny-llama-adapters"
);
