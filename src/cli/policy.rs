//! `policy`: validate policy files, and see what one would change.

use super::args::ReportArgs;
use super::output::{Format, Output};
use super::what_if::{self, WhatIfArgs};
use super::{CliError, Context, Exit};
use crate::config::Lang;
use crate::policy::CheckReport;
use clap::{Args, Subcommand};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Arguments of `policy`.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// What can be done with a policy.
#[derive(Debug, Clone, Subcommand)]
pub enum PolicyCommand {
    /// Say what contradicts, gaps or overlaps in a policy file
    Check(CheckArgs),
    /// Say what a policy would change in past periods: heads and Rupiah. Nothing is stored
    WhatIf(WhatIfArgs),
}

/// Arguments of `policy check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Policy file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `policy`.
///
/// # Errors
/// Exit 2 for a policy that is refused.
pub async fn run(args: PolicyArgs, context: &Context) -> Result<Exit, CliError> {
    let check = match args.command {
        PolicyCommand::Check(check) => check,
        PolicyCommand::WhatIf(args) => return what_if::run(args, context).await,
    };
    let output = Output::new(&check.report, &[Format::Text, Format::Json], context.lang)?;
    let target = output.target(output.formats.len())?;
    let report = CheckReport::read(&check.file).map_err(|error| CliError::refused(error.sentence(context.lang)))?;
    for format in &output.formats {
        output.write(&target, "policy", *format, |out| match format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&report)?),
            _ => write!(out, "{}", text(&check.file, &report, context.lang)),
        })?;
    }
    Ok(if report.is_usable() { Exit::Done } else { Exit::Refused })
}

/// Problems, unverified rules and notices, for a person.
fn text(file: &Path, report: &CheckReport, lang: Lang) -> String {
    let mut text = String::new();
    let (from, to) = report.effective;
    let until = to.map(|day| day.to_string()).unwrap_or_else(|| lang.pick("seterusnya", "on").to_owned());
    let _ = writeln!(text, "{} ({}), {from} .. {until}", file.display(), report.id);
    let _ = writeln!(text, "sha256 {}", report.sha256);
    let mut list = |heading: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{heading} ({})", lines.len());
            lines.iter().for_each(|line| {
                let _ = writeln!(text, "  {line}");
            });
        }
    };
    list(lang.pick("Harus diperbaiki", "Must be mended"), report.problems.iter().map(|problem| problem.sentence(lang)).collect());
    let unverified = report.unverified.iter().map(|(path, source)| format!("{path}: {source}")).collect();
    list(
        lang.pick("Belum diverifikasi terhadap peraturan (hasil: uji coba)", "Not verified against the regulation (results: trial)"),
        unverified,
    );
    let secondary = report.secondary.iter().map(|(path, source)| format!("{path}: {source}")).collect();
    list(
        lang.pick(
            "Baru dibaca di sumber kedua (bukan uji coba, tetapi periksa naskahnya)",
            "Read in a secondary source only (no trial, but check the text)",
        ),
        secondary,
    );
    list(lang.pick("Catatan", "Notes"), report.notices.iter().map(|notice| notice.sentence(lang)).collect());
    let verdict = match (report.is_usable(), report.draft) {
        (false, _) => lang.pick("DITOLAK: perbaiki yang disebut di atas", "REFUSED: mend what is named above"),
        (true, true) => {
            lang.pick("dapat dipakai; masih draf, jadi semua hasil berstatus uji coba", "usable; still a draft, so all results are trial")
        }
        (true, false) if !report.unverified.is_empty() => lang.pick(
            "dapat dipakai; periode yang memakai aturan yang belum diverifikasi di atas berstatus uji coba",
            "usable; a period that uses a rule named above as not verified is a trial",
        ),
        (true, false) => lang.pick("dapat dipakai", "usable"),
    };
    let _ = writeln!(text, "\n{verdict}");
    text
}
