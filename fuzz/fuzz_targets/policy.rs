#![no_main]

libfuzzer_sys::fuzz_target!(init: selaras_fuzz::let_panics_be_caught(), |bytes: &[u8]| selaras_fuzz::targets::policy(bytes));
