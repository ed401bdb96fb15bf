//! Any event stream, cut anywhere: read and restored, the chunks say what the whole says.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| nearside::fuzz::response_events(input));
