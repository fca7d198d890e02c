//! `doctor`: what is well, what is not, and what to do.

use super::args::ReportArgs;
use super::output::{Format, Output};
use super::{CliError, Context, Exit};
use crate::app::doctor::{self, Level, Line};
use crate::config::{Lang, Said};
use clap::Args;
use serde::Serialize;
use std::io::{self, Write};

/// Arguments of `doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `doctor`. Exit 1 when something does not work.
///
/// # Errors
/// A place that cannot be written; what is unwell stands in the report.
pub async fn run(args: DoctorArgs, context: &Context) -> Result<Exit, CliError> {
    let output = Output::new(&args.report, &[Format::Text, Format::Json], context.lang)?;
    let target = output.target(output.formats.len())?;
    let lines = doctor::examine(&context.config, context.config_file.as_deref(), &context.clock).await;
    for format in &output.formats {
        output.write(&target, "doctor", *format, |out| match format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&Document::of(&lines))?),
            _ => write_text(&lines, context.lang, out),
        })?;
    }
    Ok(if lines.iter().any(|line| line.level == Level::Fail) { Exit::Failed } else { Exit::Done })
}

fn write_text(lines: &[Line], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{:<5} {:<11} {}", line.level.key(), line.check, line.found.in_lang(lang))?;
        if let Some(action) = &line.action {
            writeln!(out, "{:<17} -> {}", "", action.in_lang(lang))?;
        }
    }
    Ok(())
}

/// The report for programs; it does not change with the language, so it holds both.
#[derive(Serialize)]
struct Document<'a> {
    ok: bool,
    lines: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    check: &'static str,
    level: &'static str,
    found: Both<'a>,
    action: Option<Both<'a>>,
}

#[derive(Serialize)]
struct Both<'a> {
    id: &'a str,
    en: &'a str,
}

impl<'a> Document<'a> {
    fn of(lines: &'a [Line]) -> Self {
        let both = |said: &'a Said| Both { id: &said.id, en: &said.en };
        let row = |line: &'a Line| Row {
            check: line.check,
            level: line.level.key(),
            found: both(&line.found),
            action: line.action.as_ref().map(both),
        };
        Self { ok: lines.iter().all(|line| line.level != Level::Fail), lines: lines.iter().map(row).collect() }
    }
}
