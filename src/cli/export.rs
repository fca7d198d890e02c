//! `export`: what the last reconciliation found, as documents.

use super::args::{AsOfArgs, ReportArgs, period};
use super::{CliError, Context, Exit};
use crate::domain::Period;
use clap::{Args, ValueEnum};

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum What {
    /// One row a person: verdict, expected and paid
    Verdicts,
    /// One row a finding, with its evidence
    Findings,
    /// What is known, missing, failed and stale
    Completeness,
    /// The payment list.
    #[value(hide = true)]
    Nominatif,
    /// Sums by class and unit.
    #[value(hide = true)]
    Rekap,
    /// Whom to call.
    #[value(hide = true)]
    Calllist,
}

/// Arguments of `export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// What to write
    #[arg(value_name = "WHAT", value_enum)]
    pub what: What,
    /// Work month (YYYY-MM)
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Period,
    /// When "now" is.
    #[command(flatten)]
    pub as_of: AsOfArgs,
    /// Where it goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `export`.
///
/// # Errors
/// A period that has not been reconciled; a place that cannot be written.
pub async fn run(args: ExportArgs, context: &Context) -> Result<Exit, CliError> {
    match args.what {
        What::Nominatif => Err(CliError::not_yet(context.lang, "export nominatif")),
        What::Rekap => Err(CliError::not_yet(context.lang, "export rekap")),
        What::Calllist => Err(CliError::not_yet(context.lang, "export calllist")),
        _ => Err(CliError::not_yet(context.lang, "export")),
    }
}
