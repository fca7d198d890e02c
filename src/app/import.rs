//! `import`: a file is read whole, refused whole or taken in whole.

use super::{App, AppError};
use crate::domain::evidence::{Source, StatementState};
use crate::domain::period::Span;
use crate::domain::{Kind, Nip, Period, Statement};
use crate::intake::{Delivery, FileKind, IntakeError, Notice, Reading, Refusal};
use crate::store::{NewBatch, RawBody, SourceFilter, Withdrawal, Withdrawn};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use tracing::Instrument;
use tracing::field::Empty;

/// How files are read.
#[derive(Debug, Clone, Copy)]
pub struct ImportOptions {
    /// What they are.
    pub kind: FileKind,
    /// For which work month.
    pub period: Option<Period>,
    /// Only read and report.
    pub dry_run: bool,
    /// Leave refused rows out instead of refusing the file.
    pub accept_partial: bool,
}

/// What became of one delivery of a file.
#[derive(Debug, Clone)]
pub struct Imported {
    /// File name without folder.
    pub file: String,
    /// Kind of evidence.
    pub kind: &'static str,
    /// For which month or year; `None` for what stands, and of a file that was taken back.
    pub span: Option<String>,
    /// Batch id; `None` in a dry run.
    pub batch: Option<String>,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// `new`, `changed`, `unchanged`, `withdrawn` or `dry_run`.
    pub status: &'static str,
    /// Data rows in the file, refused ones included.
    pub rows: u64,
    /// People (or people and months) about whom it said something for the first time.
    pub new: u64,
    /// About whom it says something else than before.
    pub changed: u64,
    /// About whom it says what it said.
    pub unchanged: u64,
    /// Whom it no longer names.
    pub vanished: u64,
    /// Refused rows that were left out.
    pub refused: Vec<Refusal>,
    /// What the operator should know.
    pub notices: Vec<Notice>,
}

/// Imports one file.
///
/// # Errors
/// A refused file (nothing is imported), or the store's.
pub async fn file(app: &App, path: &Path, options: ImportOptions) -> Result<Vec<Imported>, AppError> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let bytes = tokio::fs::read(path).await.map_err(|source| IntakeError::Io { path: path.display().to_string(), source })?;
    content(app, name, bytes, options).await
}

/// Imports the content of a file, or of what is to be read like one, under its name.
///
/// # Errors
/// See [`file`].
pub async fn content(app: &App, name: String, bytes: Vec<u8>, options: ImportOptions) -> Result<Vec<Imported>, AppError> {
    // The names of files may name people.
    let span = tracing::info_span!("import", kind = options.kind.key(), bytes = bytes.len(), error = Empty);
    let imported = read_and_take(app, name, bytes, options).instrument(span.clone()).await;
    if imported.is_err() {
        span.record("error", "refused");
    }
    imported
}

async fn read_and_take(app: &App, name: String, bytes: Vec<u8>, options: ImportOptions) -> Result<Vec<Imported>, AppError> {
    let synonyms: BTreeMap<String, Vec<String>> = app.config.sources.columns.clone();
    let (bytes, read) = tokio::task::spawn_blocking(move || {
        let reading = Reading {
            kind: options.kind,
            name: &name,
            bytes: &bytes,
            period: options.period,
            accept_partial: options.accept_partial,
            synonyms: &synonyms,
        };
        let read = crate::intake::read(&reading).map(|deliveries| (name.clone(), deliveries));
        (bytes, read)
    })
    .await
    .map_err(|gone| AppError::Io("import".to_owned(), std::io::Error::other(gone.to_string())))?;
    let (name, deliveries) = read?;
    for delivery in &deliveries {
        of_this_agency(app, &name, delivery)?;
    }
    let mut imported = Vec::new();
    for delivery in deliveries {
        let span = tracing::info_span!("batch", kind = delivery.kind.key(), batch = Empty, status = Empty, rows = delivery.rows_read);
        let taken = take_in(app, &name, delivery, &bytes, options.dry_run).instrument(span.clone()).await?;
        span.record("batch", taken.batch.as_deref()).record("status", taken.status);
        imported.push(taken);
    }
    Ok(imported)
}

/// Refuses an export whose first line names another agency than the policy. Without a policy for its period, or without
/// a code in either, nothing can be said.
pub(super) fn of_this_agency(app: &App, file: &str, delivery: &Delivery) -> Result<(), AppError> {
    let month = match delivery.span {
        Span::Month(month) => Some(month),
        _ => None,
    };
    let Some((found, period)) = delivery.facts.agency.as_ref().zip(delivery.facts.period.or(month)) else { return Ok(()) };
    let wanted = app.policy(period).map(|policy| policy.file.policy.agency_code.trim().to_owned()).unwrap_or_default();
    if wanted.is_empty() || wanted == *found {
        return Ok(());
    }
    Err(AppError::OtherAgency(file.to_owned(), found.clone(), wanted))
}

/// Takes back what one import brought: it no longer counts, from now on. Taken back already: `unchanged`.
///
/// # Errors
/// The batch is unknown, superseded or not from a file; the store's.
pub async fn withdraw(app: &App, batch: &str, dry_run: bool) -> Result<Imported, AppError> {
    let unknown = || AppError::UnknownBatch(batch.to_owned());
    let Withdrawal { batch, kind, part, sha256, outcome } = app.store.withdraw(batch, dry_run).await?.ok_or_else(unknown)?;
    let (status, vanished) = match outcome {
        Withdrawn::Now(vanished) => (if dry_run { "dry_run" } else { "withdrawn" }, vanished),
        Withdrawn::Earlier => ("unchanged", 0),
        Withdrawn::Superseded(by) => return Err(AppError::Superseded(batch, by)),
        Withdrawn::Pulled => return Err(AppError::NotAFile(batch)),
    };
    Ok(Imported {
        file: part,
        kind: kind.key(),
        span: None,
        batch: Some(batch),
        sha256,
        status,
        rows: 0,
        new: 0,
        changed: 0,
        unchanged: 0,
        vanished,
        refused: Vec::new(),
        notices: Vec::new(),
    })
}

async fn take_in(app: &App, file: &str, delivery: Delivery, bytes: &[u8], dry_run: bool) -> Result<Imported, AppError> {
    let twin = twin(app, &delivery).await?;
    let mut imported = Imported {
        file: file.to_owned(),
        kind: delivery.kind.key(),
        span: Some(delivery.span.to_string()).filter(|span| !span.is_empty()),
        batch: None,
        sha256: delivery.sha256.clone(),
        status: "dry_run",
        rows: delivery.rows_read as u64,
        new: 0,
        changed: 0,
        unchanged: 0,
        vanished: 0,
        refused: delivery.refused.clone(),
        notices: delivery.notices.clone(),
    };
    let mut batch = NewBatch {
        kind: delivery.kind,
        span: delivery.span,
        part: delivery.part,
        // Rows of a database are no file.
        source: delivery.source.strip_prefix("file:").filter(|name| name.starts_with("sql:")).map(str::to_owned).unwrap_or(delivery.source),
        sha256: delivery.sha256,
        scope: delivery.scope,
        facts: delivery.facts,
        raw: Some(RawBody { content_type: content_type(file).to_owned(), bytes: bytes.to_vec() }),
        statements: delivery.statements,
        set_aside: Vec::new(),
        observed_at: app.clock.now(),
        run: None,
        vanish: None,
        accept_vanish: false,
    };
    if let Some(twin) = twin {
        (batch.part, batch.source, batch.facts) = (twin.part, twin.name, twin.facts);
    }
    if dry_run {
        (imported.new, imported.changed, imported.unchanged, imported.vanished) = foreseen(app, &batch).await?;
        return Ok(imported);
    }
    let receipt = app.store.accept(batch).await?;
    imported.batch = Some(receipt.id);
    imported.status = receipt.status.key();
    (imported.new, imported.changed, imported.unchanged, imported.vanished) =
        (receipt.new, receipt.changed, receipt.unchanged, receipt.vanished);
    Ok(imported)
}

/// The source that brought the very same bytes to say the same, under whatever name: a file that was downloaded twice
/// must not count twice (contract §4: the same bytes twice change nothing).
async fn twin(app: &App, delivery: &Delivery) -> Result<Option<Source>, AppError> {
    let sources = app.store.sources(&SourceFilter::of([delivery.kind]), app.clock.now()).await?;
    let says_the_same = |source: &Source| {
        // PR05 asks for which period somebody gave an evaluation file.
        let asked = delivery.kind != Kind::Evaluation || source.facts.period == delivery.facts.period;
        asked && (source.span, source.scope, &source.sha256) == (delivery.span, delivery.scope, &delivery.sha256)
    };
    let is_own = |source: &Source| source.part == delivery.part;
    if sources.iter().any(|source| is_own(source) && says_the_same(source)) {
        return Ok(None);
    }
    Ok(sources.into_iter().find(|source| !is_own(source) && says_the_same(source)))
}

/// What accepting a batch would come to: new, changed, unchanged, vanished.
async fn foreseen(app: &App, batch: &NewBatch) -> Result<(u64, u64, u64, u64), AppError> {
    let mut stated: HashMap<(Nip, Span), &Statement> =
        batch.statements.iter().map(|statement| ((statement.nip, statement.span), statement)).collect();
    let [mut new, mut changed, mut unchanged, mut vanished] = [0, 0, 0, 0];
    let wanted = app.store.sources(&SourceFilter::of([batch.kind]).part(&batch.part), app.clock.now()).await?;
    let spans: BTreeSet<Span> =
        batch.statements.iter().map(|statement| statement.span).chain(wanted.iter().map(|source| source.span)).collect();
    let wanted: Vec<(Kind, Span)> = spans.into_iter().map(|span| (batch.kind, span)).collect();
    let mut known = app.store.evidence(&wanted, None, app.clock.now()).await?;
    while let Some(evidence) = known.next().await? {
        let before = evidence.statement;
        if *evidence.part != batch.part {
            continue;
        }
        let now = stated.remove(&(before.nip, before.span));
        *match now {
            Some(now) if (now.state, &now.body) == (before.state, &before.body) => &mut unchanged,
            Some(_) if before.state == StatementState::Withdrawn => &mut new,
            Some(_) => &mut changed,
            None if before.state == StatementState::Present => &mut vanished,
            None => continue,
        } += 1;
    }
    new += stated.len() as u64;
    Ok((new, changed, unchanged, vanished))
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("xls") => "application/vnd.ms-excel",
        Some("csv") => "text/csv",
        _ => "text/plain",
    }
}
