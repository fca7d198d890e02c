//! `reconcile`: evaluate what changed.

use super::args::{AsOfArgs, ReportArgs, period};
use super::output::{Format, Output};
use super::progress::Progress;
use super::{CliError, Context, Exit};
use crate::app::reconcile::{self, Reconciled};
use crate::config::Lang;
use crate::domain::Period;
use crate::lifecycle::yield_to_readers;
use clap::Args;
use std::io::{self, Write};

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
pub async fn run(args: ReconcileArgs, context: &Context) -> Result<Exit, CliError> {
    let lang = context.lang;
    let able = [Format::Text, Format::Json, Format::Csv, Format::Xlsx];
    let output = Output::new(&args.report, &able, lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    yield_to_readers();
    let bar = Progress::new(lang, lang.pick("menilai", "evaluating"), None);
    let (period, full, mut progress) = (args.period, args.full, |people| bar.at(people));
    let done = match args.as_of.as_of {
        Some(named) => reconcile::run(&app, period, full, named, &mut progress).await,
        None => reconcile::run_now(&app, period, full, &mut progress).await,
    };
    let done = done.map_err(context.why())?;
    bar.finish();
    for format in &output.formats {
        output.write(&target, "reconcile", *format, |out| match format {
            Format::Text => write_summary(&done, lang, out),
            other => super::export::write_overview(*other, lang, &done.overview, out),
        })?;
    }
    Ok(if done.overview.header.complete { Exit::Done } else { Exit::Incomplete })
}

/// Counts by verdict and code, and how much of it is news.
///
/// # Errors
/// The writer's.
pub fn write_summary(done: &Reconciled, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    super::export::write_overview(Format::Text, lang, &done.overview, out)?;
    let Reconciled { saved, evaluated, unchanged, removed, .. } = done;
    match lang {
        Lang::Id => writeln!(
            out,
            "\n{evaluated} dinilai, {unchanged} tidak berubah, {removed} keluar; temuan: {} baru, {} masih ada, {} selesai",
            saved.new, saved.persisting, saved.resolved
        ),
        Lang::En => writeln!(
            out,
            "\n{evaluated} evaluated, {unchanged} unchanged, {removed} gone; findings: {} new, {} persisting, {} resolved",
            saved.new, saved.persisting, saved.resolved
        ),
    }
}
