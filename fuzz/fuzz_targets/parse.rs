//! Shell text, mutated by libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| maos_fuzz::parse(bytes));
