//! `import`: a file is read whole, refused whole or taken in whole.

use super::{App, AppError};
use crate::domain::Period;
use crate::intake::{Delivery, FileKind, IntakeError, Notice, Reading, Refusal};
use crate::store::{BatchStatus, NewBatch, RawBody, SourceFilter};
use std::collections::BTreeMap;
use std::path::Path;

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
    /// Batch id; empty in a dry run.
    pub batch: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// `new`, `changed`, `unchanged` or `dry_run`.
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
    let mut imported = Vec::new();
    for delivery in deliveries {
        imported.push(take_in(app, &name, delivery, &bytes, options.dry_run).await?);
    }
    Ok(imported)
}

/// The batch that already holds these bytes for this span, under whatever file name: the same bytes twice change
/// nothing (contract §4), and a copy of a payment file is no second payment.
async fn same_bytes(app: &App, delivery: &Delivery) -> Result<Option<String>, AppError> {
    let known = app.store.sources(&SourceFilter::of([delivery.kind]).span(delivery.span), app.clock.now()).await?;
    let same =
        known.into_iter().find(|source| source.sha256 == delivery.sha256 && source.span == delivery.span && source.part != delivery.part);
    Ok(same.map(|source| source.batch))
}

async fn take_in(app: &App, file: &str, delivery: Delivery, bytes: &[u8], dry_run: bool) -> Result<Imported, AppError> {
    let known = if dry_run { None } else { same_bytes(app, &delivery).await? };
    let mut imported = Imported {
        file: file.to_owned(),
        kind: delivery.kind.key(),
        batch: String::new(),
        sha256: delivery.sha256.clone(),
        status: "dry_run",
        rows: delivery.rows_read as u64,
        new: 0,
        changed: 0,
        unchanged: 0,
        vanished: 0,
        refused: delivery.refused,
        notices: delivery.notices,
    };
    if dry_run {
        return Ok(imported);
    }
    if let Some(batch) = known {
        imported.batch = batch;
        imported.status = "unchanged";
        imported.unchanged = delivery.statements.len() as u64;
        return Ok(imported);
    }
    let batch = NewBatch {
        kind: delivery.kind,
        span: delivery.span,
        part: delivery.part,
        source: delivery.source,
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
    let receipt = app.store.accept(batch).await?;
    imported.batch = receipt.id;
    imported.status = match receipt.status {
        BatchStatus::Unchanged => "unchanged",
        BatchStatus::Changed => "changed",
        _ => "new",
    };
    (imported.new, imported.changed, imported.unchanged, imported.vanished) =
        (receipt.new, receipt.changed, receipt.unchanged, receipt.vanished);
    Ok(imported)
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("xls") => "application/vnd.ms-excel",
        Some("csv") => "text/csv",
        _ => "text/plain",
    }
}
