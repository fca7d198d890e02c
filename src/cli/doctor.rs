//! `doctor`: what is well, what is not, and what to do.

use super::args::ReportArgs;
use super::{CliError, Context, Exit};
use clap::Args;

/// Arguments of `doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `doctor`.
///
/// # Errors
/// A place that cannot be written; what is unwell stands in the report.
pub async fn run(_args: DoctorArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "doctor"))
}
