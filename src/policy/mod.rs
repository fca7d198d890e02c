//! The ministry's tukin rules as data: dated, cited, each marked verified or not.
//!
//! `model` is the file's shape; a key that is not in it is refused with the nearest known one (`wording`). `check`
//! says what contradicts, gaps, overlaps or is not yet supported; `load` reads a file with its holiday lists and a
//! folder of them; `lookup` and `citation` answer what the rules ask. Nothing here knows a person, a file of evidence
//! or the store.

pub mod check;
mod citation;
pub mod error;
pub mod holidays;
mod load;
mod lookup;
pub mod model;
pub mod set;
mod wording;

pub use check::CheckReport;
pub use check::Problem;
pub use check::Sentence;
pub use citation::Cited;
pub use error::PolicyError;
pub use lookup::Worker;
pub use model::*;
pub use set::Policy;
pub use set::PolicySet;
