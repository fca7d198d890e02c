//! Pulling from BKN: what is to be asked (`plan`), asking it item by item so that a kill costs only what was in flight
//! (`surface`), and one run over all surfaces (`run`). It never evaluates.

pub mod bucket;
pub mod need;
pub mod plan;
pub mod report;
pub mod run;
mod settlement;
mod surface;

pub use bucket::StoreBucket;
pub use need::{Known, Need, Why};
pub use plan::{Plan, Wanted};
pub use run::{Accepted, Pull, Pulled, Stopped};
pub use settlement::{SAMPLE, UNREADABLE};
pub use surface::PartTime;
