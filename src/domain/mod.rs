//! The words of the field, as types that can only hold valid values.
//!
//! Nothing here knows I/O, async, SQL, a clock or untyped JSON: whoever reads a file or asks BKN turns what it
//! finds into these types, and everything further on speaks only of them.

pub mod access;
pub mod action;
pub mod attendance;
pub mod calendar;
pub mod cycle;
pub mod days;
pub mod discipline;
pub mod dossier;
pub mod ekinerja;
pub mod evidence;
pub mod finding;
pub mod leave;
pub mod nip;
pub mod payment;
pub mod percent;
pub mod period;
pub mod person;
pub mod places;
pub mod predikat;
pub mod rupiah;
pub mod text;
pub mod verdict;
pub mod waiver;

pub use cycle::{Cycle, CycleLength};
pub use evidence::{Body, Kind, Locator, Statement, StatementState};
pub use finding::{Code, Finding, Owner, Severity};
pub use nip::Nip;
pub use percent::Percent;
pub use period::Period;
pub use predikat::{Predikat, Rating};
pub use rupiah::Rupiah;
pub use verdict::{Standing, Verdict};
pub use waiver::{Excuse, Waiver};
