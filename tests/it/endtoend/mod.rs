//! The whole way: files and BKN in, verdicts out. Real binary, real files, real HTTP, real stores; nothing stands in
//! for a part of Selaras.

mod bad_input;
pub mod bkn;
mod check;
mod check_devices;
mod commands;
mod devices;
mod disk;
mod edits;
mod expiry;
mod explain;
mod faults;
mod knowledge;
pub mod office;
mod overtaken;
mod replay;
mod touched;
mod truth;
mod what_if;
