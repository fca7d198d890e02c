//! `export`: what the last reconciliation found, as documents.

use super::args::{AsOfArgs, ReportArgs, period};
use super::output::{Format, Output};
use super::{CliError, Context, Exit};
use crate::app::report;
use crate::config::Lang;
use crate::domain::Period;
use crate::export::{self, ExportError, Report};
use clap::{Args, ValueEnum};
use std::io::{self, Write};

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
/// A period without a roster or policy; a place that cannot be written.
pub async fn run(args: ExportArgs, context: &Context) -> Result<Exit, CliError> {
    let what = match args.what {
        What::Nominatif => return Err(CliError::not_yet(context.lang, "export nominatif")),
        What::Rekap => return Err(CliError::not_yet(context.lang, "export rekap")),
        What::Calllist => return Err(CliError::not_yet(context.lang, "export calllist")),
        What::Verdicts => export::What::Verdicts,
        What::Findings => export::What::Findings,
        What::Completeness => export::What::Completeness,
    };
    let able = [Format::Text, Format::Json, Format::Csv, Format::Xlsx];
    let output = Output::new(&args.report, &able, context.lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    let report = report::of(&app, args.period, app.instant(args.as_of.as_of)).await.map_err(context.why())?;
    for format in &output.formats {
        output.write(&target, what.key(), *format, |out| write(what, *format, context.lang, &report.as_export(), out))?;
    }
    Ok(Exit::Done)
}

/// Writes one document in one format.
///
/// # Errors
/// The writer's; what a workbook cannot hold.
pub fn write(what: export::What, format: Format, lang: Lang, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    export::write_document(what, shape(format), lang, report, out).map_err(plain)
}

/// The format as the export knows it.
pub fn shape(format: Format) -> export::Format {
    match format {
        Format::Json => export::Format::Json,
        Format::Csv => export::Format::Csv,
        Format::Xlsx => export::Format::Xlsx,
        Format::Text | Format::Pdf => export::Format::Text,
    }
}

/// The disk's error as it is, a workbook's as one of the disk.
pub fn plain(error: ExportError) -> io::Error {
    match error {
        ExportError::Write(why) => why,
        other => io::Error::other(other.to_string()),
    }
}
