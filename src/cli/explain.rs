//! `explain`: one verdict, down to its source records.

use super::args::{AsOfArgs, ReportArgs, nip, period};
use super::export::{plain, shape};
use super::output::{Format, Output};
use super::{CliError, Context, Exit};
use crate::app::access::{By, action};
use crate::app::report;
use crate::domain::Nip;
use crate::domain::Period;
use crate::export::write_explanation;
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
pub async fn run(args: ExplainArgs, context: &Context) -> Result<Exit, CliError> {
    let able = [Format::Text, Format::Json, Format::Csv, Format::Xlsx];
    let output = Output::new(&args.report, &able, context.lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    let as_of = app.instant(args.as_of.as_of);
    let (header, verdict) = report::one(&app, args.period, args.nip, as_of).await.map_err(context.why())?;
    let told = By::terminal().entry(action::PERSON_SEEN, args.nip.as_str()).with("period", args.period.to_string());
    app.store.audit(&[told]).await.map_err(|error| context.why()(error.into()))?;
    for format in &output.formats {
        output.write(&target, "explain", *format, |out| {
            write_explanation(shape(*format), context.lang, &header, &verdict, out).map_err(plain)
        })?;
    }
    Ok(Exit::Done)
}
