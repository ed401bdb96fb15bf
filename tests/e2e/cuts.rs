//! A stream says the same however its bytes are cut.

use e2e_tests::{
    answer::Answer,
    dice::Dice,
    gateway::{EVERYTHING_FAR, Setup},
    provider::Provider,
    wire::{DONE, ask_streaming, text_events},
};
use proptest::prelude::*;

/// What a model may make of the request below, placeholders in every form that is restored.
const TELLING: &str = "Dear [EMAIL_1],\nthe \u{201e}card\u{201c} **[CREDIT_CARD_1]** and \\[email\\_2\\] \
    are [EMAIL_ 1 or [[EMAIL_1]]; \u{1f600} [PHONE_1]'s line rang. [EMAIL_9] [IBAN";

const REQUEST: &str =
    "ada@example.com, jürgen@bücher.example, 4111 1111 1111 1111, +1 202-555-0143";

const TOLD: &str = "Dear ada@example.com,\nthe \u{201e}card\u{201c} **4111 1111 1111 1111** and \
    jürgen@bücher.example are [EMAIL_ 1 or [ada@example.com]; \u{1f600} +1 202-555-0143's line rang. \
    [EMAIL_9] [IBAN";

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_of_a_stream_gives_the_same_text(seed in any::<u64>(), longest_delta in 1..24_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (text, is_done) = runtime.block_on(said(seed, longest_delta));
        prop_assert_eq!(text, TOLD);
        prop_assert!(is_done);
    }
}

/// The answer, with deltas of up to `longest_delta` characters, in pieces of 1 to 3 bytes.
async fn said(seed: u64, longest_delta: usize) -> (String, bool) {
    let mut dice = Dice::new(seed);
    let mut events = text_events(deltas(&mut dice, longest_delta).iter().map(String::as_str));
    events.push(DONE.to_owned());
    let answer = Answer::stream(events).in_pieces(&mut dice, 3);
    let provider = Provider::answering(answer).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", &provider)
        .start()
        .await;
    let stream = gateway.chat(&ask_streaming(REQUEST)).await.stream();
    gateway.stop().await;
    (stream.text().to_owned(), stream.is_done)
}

fn deltas(dice: &mut Dice, longest: usize) -> Vec<String> {
    let characters: Vec<char> = TELLING.chars().collect();
    let mut deltas = Vec::new();
    let mut rest = characters.as_slice();
    while !rest.is_empty() {
        let (delta, after) = rest.split_at((1 + dice.below(longest)).min(rest.len()));
        deltas.push(delta.iter().collect());
        rest = after;
    }
    deltas
}
