//! `check`: the clerk's one-shot on files alone.

use super::args::{AsOfArgs, ReportArgs, period};
use super::output::{Format, Output, Target};
use super::{CliError, Context, Exit, say};
use crate::app::AppError;
use crate::app::check::{self, CheckFiles, Checked};
use crate::config::Lang;
use crate::domain::Period;
use crate::export::{self, What};
use crate::policy::Policy;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Work month (YYYY-MM)
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Period,
    /// Policy file; its holiday lists stand beside it
    #[arg(long, value_name = "FILE")]
    pub policy: PathBuf,
    /// Roster
    #[arg(long, value_name = "FILE")]
    pub roster: PathBuf,
    /// "Laporan Penilaian SKP" or "Rekap Penilaian"
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub evaluation: Vec<PathBuf>,
    /// "Laporan SKP"
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub skp: Vec<PathBuf>,
    /// Attendance by person and day
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub attendance: Vec<PathBuf>,
    /// Logs of attendance devices (attlog.dat); --pins says whose the scans are
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub attlog: Vec<PathBuf>,
    /// Whose the PINs of the devices are
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub pins: Vec<PathBuf>,
    /// Leave and other permits; without it nobody has any
    #[arg(long, value_name = "FILE")]
    pub permits: Option<PathBuf>,
    /// Punishments; without it nobody has any
    #[arg(long, value_name = "FILE")]
    pub discipline: Option<PathBuf>,
    /// ADK tukin "daftar bayar", or the nominatif
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub payment: Vec<PathBuf>,
    /// When "now" is.
    #[command(flatten)]
    pub as_of: AsOfArgs,
    /// Where the documents go.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `check`. Exit 3 when a required kind is incomplete.
///
/// # Errors
/// Exit 2 for a refused file or policy.
pub async fn run(args: CheckArgs, context: &Context) -> Result<Exit, CliError> {
    let lang = context.lang;
    let able = [Format::Text, Format::Json, Format::Csv, Format::Xlsx];
    let output = Output::new(&args.report, &able, lang)?;
    let documents = output.formats.iter().map(|format| if *format == Format::Csv { What::DOCUMENTS.len() } else { 1 }).sum();
    let target = output.target(documents)?;
    let as_of = args.as_of.as_of.unwrap_or_else(|| context.clock.now());
    let config = context.config.clone();
    let work = move || {
        let policy = Policy::read(&args.policy).map_err(AppError::from)?;
        let CheckArgs { period, roster, evaluation, skp, attendance, attlog, pins, permits, discipline, payment, .. } = args;
        let files = CheckFiles { roster, evaluation, skp, attendance, attlog, pins, permits, discipline, payment };
        check::run(&config, &policy, period, &files, as_of)
    };
    let gone = |why: tokio::task::JoinError| CliError::failed(why.to_string());
    let checked = tokio::task::spawn_blocking(work).await.map_err(gone)?.map_err(context.why())?;
    for (file, notice) in &checked.notices {
        say(&format!("{file}: {}", notice.sentence(lang)));
    }
    for format in &output.formats {
        write(&output, &target, *format, &checked, lang)?;
    }
    Ok(if checked.report.header.complete { Exit::Done } else { Exit::Incomplete })
}

/// The documents of one format: one for reading, one workbook, in a folder one JSON and one CSV a document.
fn write(output: &Output, target: &Target, format: Format, checked: &Checked, lang: Lang) -> Result<(), CliError> {
    let report = checked.report.as_export();
    let apart = matches!(target, Target::Folder(_)) && matches!(format, Format::Json | Format::Csv);
    if apart {
        for what in What::DOCUMENTS {
            output.write(target, what.key(), format, |out| super::export::write(what, format, lang, &report, out))?;
        }
        return Ok(());
    }
    output.write(target, "check", format, |out| match format {
        Format::Json => export::write_check_json(&report, out).map_err(super::export::plain),
        Format::Xlsx => export::write_check_workbook(&report, lang, out).map_err(super::export::plain),
        other => super::export::write(What::Summary, other, lang, &report, out),
    })?;
    Ok(())
}
