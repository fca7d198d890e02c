//! The ministry's tukin rules as data: dated, cited, each marked verified or not.
//!
//! `model` is the file's shape; a key that is not in it is refused with the nearest known one. `check` says what
//! contradicts, gaps or overlaps; `load` reads a folder of policy files with their holiday lists. Nothing here knows
//! a person, a file of evidence or the store.

pub mod model;
pub mod set;

pub use model::*;
pub use set::Policy;
