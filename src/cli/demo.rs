//! `demo`: one command to see it all.

use super::args::address;
use super::{CliError, Context, Exit};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Arguments of `demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Stop after the summary, which then also compares the findings with the planted truth
    #[arg(long)]
    pub once: bool,
    /// Employees of the simulated ministry
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub employees: u32,
    /// Seed of the simulated ministry: the same seed gives the same people
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Address of the page; default: web.listen
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub listen: Option<SocketAddr>,
    /// Folder for the store and the files; default: a temporary one
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Runs `demo`. Exit 0 when nothing planted was missed and nothing was found that is not there.
///
/// # Errors
/// What the importers, the sync and the reconciliation refuse.
pub async fn run(_args: DemoArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "demo"))
}
