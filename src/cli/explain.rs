//! `explain`: one verdict, down to its source records.

use super::args::{AsOfArgs, ReportArgs, nip, period};
use super::{CliError, Context, Exit};
use crate::domain::Nip;
use crate::domain::Period;
use clap::Args;

/// Arguments of `explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// Work month (YYYY-MM)
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Period,
    /// Whose verdict
    #[arg(long, value_name = "NIP", value_parser = nip)]
    pub nip: Nip,
    /// When "now" is.
    #[command(flatten)]
    pub as_of: AsOfArgs,
    /// Where it goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `explain`.
///
/// # Errors
/// A person without evidence in the period.
pub async fn run(_args: ExplainArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "explain"))
}
