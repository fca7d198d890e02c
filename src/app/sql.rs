//! `[[sources.sql]]`: a read-only query on the ministry's own database, whose rows are read like a CSV file with the
//! names of its columns as header (row 1), and imported by the ordinary importer.
//!
//! Nothing can be written through it: one SELECT, in a read-only transaction or on a file that is opened read-only; the
//! first and last day of the period are bound, never pasted.

mod fetch;
mod statement;

use super::import::{self, ImportOptions, Imported};
use super::{App, AppError};
use crate::config::{Engine, Said, SqlSource};
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::intake::FileKind;
use crate::telemetry::mask;

/// What became of one source.
#[derive(Debug)]
pub struct Queried {
    /// `sql:attendance`, or `sql:attendance-2` for the second one of a kind.
    pub name: String,
    /// What its rows are.
    pub kind: FileKind,
    /// What was imported, or why nothing was.
    pub outcome: Result<Vec<Imported>, AppError>,
}

/// Runs every configured query for a period. A source that is refused does not keep the others from being read.
///
/// # Errors
/// The store's.
pub async fn import_all(app: &App, period: Period, dry_run: bool) -> Result<Vec<Queried>, AppError> {
    let mut queried: Vec<Queried> = Vec::new();
    for source in &app.config.sources.sql {
        let same = queried.iter().filter(|known| known.kind.key() == source.kind.key()).count();
        let name = match same {
            0 => format!("sql:{}", source.kind),
            earlier => format!("sql:{}-{}", source.kind, earlier + 1),
        };
        let Some(kind) = FileKind::from_key(source.kind.key()) else { continue };
        let outcome = one(app, &name, source, kind, period, dry_run).await;
        if let Err(error) = &outcome
            && !error.is_refusal()
        {
            return outcome.map(|_| queried);
        }
        queried.push(Queried { name, kind, outcome });
    }
    Ok(queried)
}

async fn one(app: &App, name: &str, source: &SqlSource, kind: FileKind, period: Period, dry_run: bool) -> Result<Vec<Imported>, AppError> {
    let refused = |said: Said| AppError::Inbox(name.to_owned(), said);
    let url = source.url.resolve("sources.sql.url")?;
    let engine = Engine::of(url.reveal()).ok_or_else(|| {
        refused(Said::new("url: pakai postgres://, mysql:// atau sqlite://", "url: use postgres://, mysql:// or sqlite://"))
    })?;
    let statement = statement::Statement::read(&source.query, engine).map_err(refused)?;
    let rows = fetch::rows(url.reveal(), engine, &statement, period).await.map_err(refused)?;
    let options = ImportOptions { kind, period: Some(period), dry_run, accept_partial: false };
    import::content(app, name.to_owned(), rows, options).await
}

/// What a database said, without what may name a person or hold a password: its first line, numbers masked.
fn said_by_database(id: &str, en: &str, error: &sqlx::Error) -> Said {
    let text = match error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        other => other.to_string(),
    };
    let line = mask(text.lines().next().unwrap_or_default()).into_owned();
    Said::new(format!("{id} ({line})"), format!("{en} ({line})"))
}

/// One sentence about a source that was read.
pub fn sentence(queried: &Queried, lang: Lang) -> String {
    match &queried.outcome {
        Ok(_) => queried.name.clone(),
        Err(error) => error.sentence(lang),
    }
}
