//! `export`: what the last reconciliation found, as documents.

use super::args::{AsOfArgs, ReportArgs, period};
use super::output::{Format, Output};
use super::{CliError, Context, Exit};
use crate::app::access::{By, action};
use crate::app::{App, report};
use crate::config::Lang;
use crate::domain::Period;
use crate::export::{self, ExportError, List, Overview, Report};
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
    /// The payment list: who, how much, to which account (also --as pdf)
    Nominatif,
    /// The payment list added up by class and by unit (also --as pdf)
    Rekap,
    /// Whom to call, by the Rupiah that wait (also --as pdf)
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
    match args.what {
        What::Verdicts => document(export::What::Verdicts, &args, context).await,
        What::Findings => document(export::What::Findings, &args, context).await,
        What::Completeness => document(export::What::Completeness, &args, context).await,
        What::Nominatif => list(List::Nominatif, &args, context).await,
        What::Rekap => list(List::Rekap, &args, context).await,
        What::Calllist => list(List::Calllist, &args, context).await,
    }
}

async fn document(what: export::What, args: &ExportArgs, context: &Context) -> Result<Exit, CliError> {
    let able = [Format::Text, Format::Json, Format::Csv, Format::Xlsx];
    let output = Output::new(&args.report, &able, context.lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    let report = report::of(&app, args.period, app.instant(args.as_of.as_of)).await.map_err(context.why())?;
    told(&app, what.key(), args, context).await?;
    for format in &output.formats {
        output.write(&target, what.key(), *format, |out| write(what, *format, context.lang, &report.as_export(), out))?;
    }
    Ok(Exit::Done)
}

async fn list(list: List, args: &ExportArgs, context: &Context) -> Result<Exit, CliError> {
    let able = [Format::Text, Format::Json, Format::Csv, Format::Xlsx, Format::Pdf];
    let output = Output::new(&args.report, &able, context.lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    let report = report::payout(&app, args.period, app.instant(args.as_of.as_of)).await.map_err(context.why())?;
    let payout = report.as_payout();
    told(&app, list.key(), args, context).await?;
    for format in &output.formats {
        output.write(&target, list.key(), *format, |out| {
            let written = match format {
                Format::Pdf => export::write_list_pdf(list, context.lang, &payout, out),
                other => export::write_list(list, shape(*other), context.lang, &payout, out),
            };
            written.map_err(plain)
        })?;
    }
    Ok(Exit::Done)
}

/// A document with people in it is about to leave: the audit log knows it first.
async fn told(app: &App, what: &str, args: &ExportArgs, context: &Context) -> Result<(), CliError> {
    let told = By::terminal().entry(action::EXPORTED, what).with("period", args.period.to_string());
    app.store.audit(&[told]).await.map_err(|error| context.why()(error.into()))
}

/// Writes one document in one format.
///
/// # Errors
/// The writer's; what a workbook cannot hold.
pub fn write(what: export::What, format: Format, lang: Lang, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    export::write_document(what, shape(format), lang, report, out).map_err(plain)
}

/// Writes the summary in one format.
///
/// # Errors
/// The writer's; what a workbook cannot hold.
pub fn write_overview(format: Format, lang: Lang, overview: &Overview, out: &mut dyn Write) -> io::Result<()> {
    export::write_overview(shape(format), lang, overview, out).map_err(plain)
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
