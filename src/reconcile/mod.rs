//! From evidence to verdicts. Pure code: no clock, no I/O, no randomness; the same inputs give the same bytes.
//!
//! [`assemble`] turns stored evidence into dossiers, [`evaluate`] turns a dossier into a verdict by the rules under
//! [`rules`] (one file a family of findings), [`amount`] holds the arithmetic, [`files`] the findings about whole
//! files, [`completeness`] what is not known.

pub mod amount;
pub mod assemble;
pub mod completeness;
pub mod coverage;
pub mod cycles;
pub mod deductions;
pub mod devices;
pub mod evaluate;
pub mod everybody;
pub mod files;
pub mod knowledge;
pub mod peers;
pub mod rules;
pub mod several;
mod share;
pub mod shared;
pub mod unit_days;
pub mod units;
mod window;
pub mod worksheet;

pub use assemble::{Basis, Desk, Laid};
pub use cycles::WhenPaid;
pub use deductions::WithoutDeductions;
pub use devices::Devices;
pub use evaluate::{evaluate, evaluate_briefly};
pub use everybody::Everybody;
pub use peers::{PaymentPeers, RosterPeers};
pub use shared::{Leaning, Recalled};
pub use unit_days::{Days, UnitDays};
pub use units::AttendancePeers;
