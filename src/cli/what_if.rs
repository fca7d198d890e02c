//! `policy what-if`: what a policy would change in past periods.

use super::args::{Months, ReportArgs, months};
use super::export::{plain, shape};
use super::output::{Format, Output};
use super::progress::Progress;
use super::{CliError, Context, Exit};
use crate::app::AppError;
use crate::app::access::{By, action};
use crate::app::what_if::{self, Wanted};
use crate::export::what_if::{WhatIfTable, write_what_if, write_what_if_csv};
use crate::policy::Policy;
use clap::Args;
use std::path::PathBuf;

/// People that the text shows; the documents have all.
const SHOWN: usize = 20;

/// Arguments of `policy what-if`.
#[derive(Debug, Clone, Args)]
pub struct WhatIfArgs {
    /// Policy file; its holiday lists stand beside it
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Work months, from..to (YYYY-MM..YYYY-MM)
    #[arg(long, value_name = "PERIODS", value_parser = months)]
    pub periods: Months,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `policy what-if`. Nothing is written but that somebody has looked.
///
/// # Errors
/// Exit 2 for a policy that is refused, a period that no policy in force covers, a year without a list of holidays, or a
/// period without a roster.
pub async fn run(args: WhatIfArgs, context: &Context) -> Result<Exit, CliError> {
    let lang = context.lang;
    let output = Output::new(&args.report, &[Format::Text, Format::Json, Format::Csv, Format::Xlsx], lang)?;
    let documents = output.formats.iter().map(|format| if *format == Format::Csv { WhatIfTable::ALL.len() } else { 1 }).sum();
    let target = output.target(documents)?;
    let tried = Policy::read(&args.file).map_err(|error| context.why()(AppError::from(error)))?;
    let app = context.app().await?;
    let bar = Progress::new(lang, lang.pick("menilai", "evaluating"), None);
    let rows = output.formats.iter().any(|format| *format != Format::Text);
    let wanted = Wanted { units: None, top: SHOWN, rows };
    let months = args.periods.all();
    let found = what_if::run(&app, &tried, &months, wanted, &mut |people| bar.at(people)).await.map_err(context.why())?;
    bar.finish();
    let span = months.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let told = By::terminal().entry(action::EXPORTED, "what-if").with("periods", span);
    app.store.audit(&[told]).await.map_err(|error| context.why()(error.into()))?;
    for format in &output.formats {
        if *format == Format::Csv {
            for (stem, table) in WhatIfTable::ALL {
                output.write(&target, stem, *format, |out| write_what_if_csv(table, lang, &found, out).map_err(plain))?;
            }
            continue;
        }
        output.write(&target, "what-if", *format, |out| write_what_if(shape(*format), lang, &found, out).map_err(plain))?;
    }
    Ok(Exit::Done)
}
