//! `sync`: pull from BKN once, now. It never evaluates.

use super::args::{ReportArgs, nip, period};
use super::{CliError, Context, Exit};
use crate::domain::Nip;
use crate::domain::Period;
use clap::{Args, ValueEnum};

/// BKN's surfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum SurfaceArg {
    /// The e-Kinerja report API
    Report,
    /// The SIASN web service
    Siasn,
}

/// Arguments of `sync`.
#[derive(Debug, Clone, Args)]
pub struct SyncArgs {
    /// Work month (YYYY-MM); default: the one that is paid next
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Option<Period>,
    /// Surfaces, parted by commas; default: those that are configured
    #[arg(long, value_name = "SURFACE", value_enum, value_delimiter = ',')]
    pub surface: Vec<SurfaceArg>,
    /// Only this person; may be repeated
    #[arg(long, value_name = "NIP", value_parser = nip)]
    pub nip: Vec<Nip>,
    /// Only say what would be asked
    #[arg(long)]
    pub plan: bool,
    /// Accept answers that lack more people than the vanish limits allow
    #[arg(long)]
    pub accept_vanish: bool,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `sync`. Exit 3 when something failed, was quarantined or was not asked.
///
/// # Errors
/// Exit 2 when a needed secret or address is missing.
pub async fn run(_args: SyncArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "sync"))
}
