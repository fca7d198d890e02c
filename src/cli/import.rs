//! `import`: files into the store.

mod many;

use super::args::{ReportArgs, period};
use super::output::{Format, Output};
use super::{CliError, Context, Exit};
use crate::app::import::{ImportOptions, Imported};
use crate::app::{App, AppError, inbox, sql};
use crate::config::Lang;
use crate::domain::Period;
use crate::intake::{FileKind, IntakeError, Refusal, Unreadable};
use clap::{Args, ValueEnum};
use serde::Serialize;
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
    /// Scans of attendance devices (attlog.dat)
    Attlog,
    /// Device PINs of people: perangkat, pin, nip
    Pins,
}

/// Arguments of `import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// What the files are
    #[arg(value_name = "KIND", value_enum, required_unless_present_any = ["withdraw", "inbox", "sql"])]
    pub kind: Option<ImportKind>,
    /// Files
    #[arg(value_name = "FILE", required_unless_present_any = ["withdraw", "inbox", "sql"])]
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
    /// Take what lies in the inbox, once, now
    #[arg(long, conflicts_with_all = ["kind", "files", "period", "dry_run", "accept_partial", "sql"])]
    pub inbox: bool,
    /// Run the queries of [[sources.sql]], once, now
    #[arg(long, conflicts_with_all = ["kind", "files", "accept_partial"])]
    pub sql: bool,
    /// Take back what this batch brought; it stays readable as of an earlier instant. May be repeated
    #[arg(long, value_name = "BATCH", conflicts_with_all = ["kind", "files", "period", "accept_partial", "inbox", "sql"])]
    pub withdraw: Vec<String>,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `import`: file after file (or batch after batch, to be taken back); the first refused one ends it.
///
/// # Errors
/// Exit 2 for a refused file, or a batch that cannot be taken back.
pub async fn run(args: ImportArgs, context: &Context) -> Result<Exit, CliError> {
    let kind = args.kind.map(|kind| match kind {
        ImportKind::Roster => FileKind::Roster,
        ImportKind::Attendance => FileKind::Attendance,
        ImportKind::Permits => FileKind::Permits,
        ImportKind::Discipline => FileKind::Discipline,
        ImportKind::Payment => FileKind::Payment,
        ImportKind::Ekinerja => FileKind::Ekinerja,
        ImportKind::Attlog => FileKind::Attlog,
        ImportKind::Pins => FileKind::Pins,
    });
    let output = Output::new(&args.report, &[Format::Text, Format::Json], context.lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    if args.inbox || args.sql {
        let found = if args.inbox { from_inbox(&app, context.lang).await } else { from_databases(&app, &args).await };
        return many::write(&output, &target, &found.map_err(context.why())?, context.lang);
    }
    let mut all = Vec::new();
    let failed = match kind {
        Some(kind) => {
            let options = ImportOptions { kind, period: args.period, dry_run: args.dry_run, accept_partial: args.accept_partial };
            take_in(&app, &args.files, options, &mut all).await.err()
        }
        None => take_back(&app, &args.withdraw, args.dry_run, &mut all).await.err(),
    };
    let kind = kind.map_or("", FileKind::key);
    let refused = failed.as_ref().and_then(refused_file).map(|(file, refusals, whole)| Refused { file, kind, refusals, whole });
    for format in &output.formats {
        output.write(&target, "import", *format, |out| match format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&document(&all, refused.as_ref()))?),
            _ => {
                all.iter().try_for_each(|imported| writeln!(out, "{}", line(imported, context.lang)))?;
                refused.iter().try_for_each(|refused| writeln!(out, "{}", refused.lines(context.lang)))
            }
        })?;
    }
    match failed {
        Some(error) => Err(context.why()(error)),
        None => Ok(Exit::Done),
    }
}

async fn take_in(app: &App, files: &[PathBuf], options: ImportOptions, all: &mut Vec<Imported>) -> Result<(), AppError> {
    for path in files {
        all.extend(crate::app::import::file(app, path, options).await?);
    }
    Ok(())
}

async fn take_back(app: &App, batches: &[String], dry_run: bool, all: &mut Vec<Imported>) -> Result<(), AppError> {
    for batch in batches {
        all.push(crate::app::import::withdraw(app, batch, dry_run).await?);
    }
    Ok(())
}

async fn from_inbox(app: &App, lang: Lang) -> Result<many::Found, AppError> {
    let swept = inbox::sweep(app, lang, inbox::SETTLE).await?;
    let one = |taken: inbox::Taken| many::One { name: taken.name, kind: taken.kind, place: Some(taken.place), outcome: taken.outcome };
    Ok(many::Found { all: swept.taken.into_iter().map(one).collect(), waiting: swept.waiting, unknown: swept.unknown })
}

async fn from_databases(app: &App, args: &ImportArgs) -> Result<many::Found, AppError> {
    let period = args.period.unwrap_or_else(|| app.current_period());
    let queried = sql::import_all(app, period, args.dry_run).await?;
    let one = |queried: sql::Queried| many::One { name: queried.name, kind: Some(queried.kind), place: None, outcome: queried.outcome };
    Ok(many::Found { all: queried.into_iter().map(one).collect(), waiting: Vec::new(), unknown: Vec::new() })
}

/// A file of which nothing was taken in, with everything that is wrong in it.
struct Refused<'a> {
    file: &'a str,
    kind: &'static str,
    refusals: &'a [Refusal],
    /// Why it is no table at all.
    whole: Option<&'a Unreadable>,
}

impl Refused<'_> {
    fn lines(&self, lang: Lang) -> String {
        let Self { file, kind, refusals, whole } = self;
        let mut text = match lang {
            Lang::Id => format!("{file}: {kind}, ditolak; tidak ada yang diimpor"),
            Lang::En => format!("{file}: {kind}, refused; nothing was imported"),
        };
        if let Some(why) = whole {
            text.push_str(&format!("\n  {}", why.sentence(lang)));
        }
        for refusal in *refusals {
            text.push_str(&format!("\n  {}", refusal.sentence(lang)));
        }
        text
    }
}

fn refused_file(error: &AppError) -> Option<(&str, &[Refusal], Option<&Unreadable>)> {
    match error {
        AppError::Intake(error) => match error.as_ref() {
            IntakeError::Refused { file, refusals } => Some((file, refusals, None)),
            IntakeError::Unreadable { file, reason } => Some((file, &[], Some(reason))),
            _ => None,
        },
        _ => None,
    }
}

/// What became of one file, for a person.
pub fn line(imported: &Imported, lang: Lang) -> String {
    let kind = imported.span.as_ref().map_or_else(|| imported.kind.to_owned(), |span| format!("{} {span}", imported.kind));
    let Imported { file, rows, new, changed, unchanged, vanished, .. } = imported;
    let refused = imported.refused.iter().filter_map(|refusal| refusal.row).collect::<std::collections::BTreeSet<_>>().len();
    let status = match (imported.status, lang) {
        ("dry_run", Lang::Id) => "hanya dibaca",
        ("dry_run", Lang::En) => "only read",
        ("unchanged", Lang::Id) => "tidak berubah",
        ("changed", Lang::Id) => "diperbarui",
        ("new", Lang::Id) => "baru",
        ("withdrawn", Lang::Id) => "ditarik",
        (status, _) => status,
    };
    let mut text = match lang {
        Lang::Id => format!(
            "{file}: {kind}, {status}; {rows} baris dibaca, {refused} ditolak; isinya, orang demi orang: {new} baru, {changed} berubah, {unchanged} sama, {vanished} hilang"
        ),
        Lang::En => format!(
            "{file}: {kind}, {status}; {rows} rows read, {refused} refused; what they say, person by person: {new} new, {changed} changed, {unchanged} unchanged, {vanished} vanished"
        ),
    };
    let batch = imported.batch.as_ref().map(|batch| format!("batch {batch} ")).unwrap_or_default();
    text.push_str(&format!("\n  {batch}sha256 {}", imported.sha256));
    for refusal in &imported.refused {
        text.push_str(&format!("\n  {}", refusal.sentence(lang)));
    }
    for notice in &imported.notices {
        text.push_str(&format!("\n  {}", notice.sentence(lang)));
    }
    text
}

/// `import --as json`. Like all JSON it is the same in every language, so reasons and notices are in English.
#[derive(Serialize)]
struct Document<'a> {
    files: Vec<FileDocument<'a>>,
}

#[derive(Serialize)]
struct FileDocument<'a> {
    file: &'a str,
    kind: &'a str,
    span: Option<&'a str>,
    batch: Option<&'a str>,
    sha256: Option<&'a str>,
    status: &'a str,
    rows: Option<u64>,
    new: u64,
    changed: u64,
    unchanged: u64,
    vanished: u64,
    refused: Vec<RefusalDocument<'a>>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct RefusalDocument<'a> {
    sheet: Option<&'a str>,
    row: Option<u32>,
    column: Option<&'a str>,
    value: Option<&'a str>,
    reason: String,
}

impl<'a> From<&'a Refusal> for RefusalDocument<'a> {
    fn from(refusal: &'a Refusal) -> Self {
        let Refusal { sheet, row, column, value, reason } = refusal;
        Self { sheet: sheet.as_deref(), row: *row, column: column.as_deref(), value: value.as_deref(), reason: reason.sentence(Lang::En) }
    }
}

impl From<&Unreadable> for RefusalDocument<'_> {
    fn from(why: &Unreadable) -> Self {
        Self { sheet: None, row: None, column: None, value: None, reason: why.sentence(Lang::En) }
    }
}

fn document<'a>(all: &'a [Imported], refused: Option<&'a Refused<'a>>) -> Document<'a> {
    let imported = all.iter().map(|imported| FileDocument {
        file: &imported.file,
        kind: imported.kind,
        span: imported.span.as_deref(),
        batch: imported.batch.as_deref(),
        sha256: Some(&imported.sha256),
        status: imported.status,
        rows: Some(imported.rows),
        new: imported.new,
        changed: imported.changed,
        unchanged: imported.unchanged,
        vanished: imported.vanished,
        refused: imported.refused.iter().map(RefusalDocument::from).collect(),
        notices: imported.notices.iter().map(|notice| notice.sentence(Lang::En)).collect(),
    });
    let refused = refused.map(|refused| FileDocument {
        file: refused.file,
        kind: refused.kind,
        span: None,
        batch: None,
        sha256: None,
        status: "refused",
        rows: None,
        new: 0,
        changed: 0,
        unchanged: 0,
        vanished: 0,
        refused: refused.whole.map(RefusalDocument::from).into_iter().chain(refused.refusals.iter().map(RefusalDocument::from)).collect(),
        notices: Vec::new(),
    });
    Document { files: imported.chain(refused).collect() }
}
