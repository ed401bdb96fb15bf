//! Any stream that completes a prompt, and any request for one or for vectors.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| nearside::fuzz::openai_prompts(input));
