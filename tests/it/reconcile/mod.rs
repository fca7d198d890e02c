//! From evidence to verdicts, on evidence as the store hands it out.

mod attendance;
mod bench;
mod main_cases;
mod other_findings;
mod policy_keys;
mod properties;
mod second_reader;
mod shifts;
