//! From evidence to verdicts, on evidence as the store hands it out.

mod attendance;
mod bench;
mod main_cases;
mod mutations;
mod other_findings;
mod policy_keys;
mod properties;
mod recomputed;
mod second_reader;
mod shifts;
mod small_office;
