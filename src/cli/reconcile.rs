//! `reconcile`: evaluate what changed.

use super::args::{AsOfArgs, ReportArgs, period};
use super::{CliError, Context, Exit};
use crate::domain::Period;
use clap::Args;

/// Arguments of `reconcile`.
#[derive(Debug, Clone, Args)]
pub struct ReconcileArgs {
    /// Work month (YYYY-MM)
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Period,
    /// Evaluate everybody, not only whose evidence changed
    #[arg(long)]
    pub full: bool,
    /// When "now" is.
    #[command(flatten)]
    pub as_of: AsOfArgs,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `reconcile`. Exit 3 when a required kind is incomplete.
///
/// # Errors
/// Exit 2 for a refused policy or a year without a holiday list.
pub async fn run(_args: ReconcileArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "reconcile"))
}
