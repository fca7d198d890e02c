//! `simulate`: a stand-in for both BKN surfaces, on this machine only.

use super::args::{loopback, period};
use super::{CliError, Context, Exit};
use crate::domain::Period;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Arguments of `simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateArgs {
    /// Employees of the simulated ministry
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub employees: u32,
    /// Seed of the simulated ministry: the same seed gives the same people
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Work month (YYYY-MM)
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Option<Period>,
    /// Address of both surfaces, on this machine
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9480", value_parser = loopback)]
    pub listen: SocketAddr,
    /// Named profile of faults
    #[arg(long, value_name = "NAME")]
    pub faults: Option<String>,
    /// Also write the matching internal files and truth.json into this folder
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// Runs `simulate` until it is asked to leave.
///
/// # Errors
/// An address in use, an unknown fault profile, a folder that cannot be written.
pub async fn run(_args: SimulateArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "simulate"))
}
