//! `import`: files into the store.

use super::args::{ReportArgs, period};
use super::{CliError, Context, Exit};
use crate::domain::Period;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum ImportKind {
    /// Roster, or the SIASN "Export Data ASN"
    Roster,
    /// Attendance by person and day
    Attendance,
    /// Leave and other permits
    Permits,
    /// Punishments
    Discipline,
    /// ADK tukin "daftar bayar", or the nominatif
    Payment,
    /// Any export file of e-Kinerja; which one is found out
    Ekinerja,
    /// Scans of attendance devices
    #[value(hide = true)]
    Attlog,
    /// Device numbers of people
    #[value(hide = true)]
    Pins,
}

/// Arguments of `import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// What the files are
    #[arg(value_name = "KIND", value_enum)]
    pub kind: ImportKind,
    /// Files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Work month (YYYY-MM) that the files are for
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Option<Period>,
    /// Only read and report; change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Import the good rows of a file that has refused ones
    #[arg(long)]
    pub accept_partial: bool,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `import`.
///
/// # Errors
/// Exit 2 for a refused file.
pub async fn run(args: ImportArgs, context: &Context) -> Result<Exit, CliError> {
    match args.kind {
        ImportKind::Attlog => Err(CliError::not_yet(context.lang, "import attlog")),
        ImportKind::Pins => Err(CliError::not_yet(context.lang, "import pins")),
        _ => Err(CliError::not_yet(context.lang, "import")),
    }
}
