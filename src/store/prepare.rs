//! From a batch as it is handed over to what is written: canonical bodies, their hashes, one hash of the content.
//! Pure, and the slow half of accepting a large file, so it runs off the runtime's threads and outside transactions.

use super::Result;
use super::StoreError;
use super::batch::NewBatch;
use super::codec::hex;
use super::codec::sha256_hex;
use super::codec::to_json;
use super::raw::Packed;
use crate::domain::Nip;
use crate::domain::Statement;
use crate::domain::StatementState;
use crate::domain::evidence::SourceFacts;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeSet;

/// One statement, ready for its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    pub span: String,
    pub nip: String,
    pub state: StatementState,
    pub body: Option<String>,
    pub locator: String,
    pub sha256: String,
}

impl Stated {
    pub(super) fn of(statement: &Statement) -> Result<Self> {
        let body = match (statement.state, &statement.body) {
            (StatementState::Present, Some(body)) if body.kind() == statement.kind => Some(to_json(body)?),
            (StatementState::DeclaredAbsent, None) => None,
            _ => return Err(inconsistent(statement, "its state and its content contradict each other")),
        };
        let sha256 = sha256_hex(body.as_deref().unwrap_or(statement.state.key()).as_bytes());
        Ok(Self {
            span: statement.span.to_string(),
            nip: statement.nip.to_string(),
            state: statement.state,
            body,
            locator: statement.locator.encode(),
            sha256,
        })
    }

    /// The statement that the source no longer names the person.
    pub(super) fn withdrawn(span: String, nip: String) -> Self {
        let state = StatementState::Withdrawn;
        Self { span, nip, state, body: None, locator: String::new(), sha256: sha256_hex(state.key().as_bytes()) }
    }
}

fn inconsistent(statement: &Statement, why: &str) -> StoreError {
    StoreError::Inconsistent(format!("statement {} {} of {}: {why}", statement.kind, statement.span, statement.nip.masked()))
}

/// A batch, ready to be written.
pub(super) struct Prepared {
    pub batch: NewBatch,
    pub rows: Vec<Stated>,
    pub spans: String,
    pub facts: String,
    pub content_sha: String,
    pub raw: Option<Packed>,
}

impl Prepared {
    pub(super) fn of(mut batch: NewBatch) -> Result<Self> {
        let statements = std::mem::take(&mut batch.statements);
        let mut rows = Vec::with_capacity(statements.len());
        for statement in &statements {
            if statement.kind != batch.kind {
                return Err(inconsistent(statement, &format!("it stands in a batch of {}", batch.kind)));
            }
            rows.push(Stated::of(statement)?);
        }
        rows.sort_by(|one, other| (&one.nip, &one.span).cmp(&(&other.nip, &other.span)));
        if let Some(twice) = rows.windows(2).find(|pair| (&pair[0].nip, &pair[0].span) == (&pair[1].nip, &pair[1].span)) {
            let nip = crate::domain::nip::mask(&twice[0].nip);
            return Err(StoreError::Inconsistent(format!("{} {} of {nip} is stated twice in one batch", batch.kind, twice[0].span)));
        }
        let spans: BTreeSet<&str> = rows.iter().map(|row| row.span.as_str()).collect();
        let raw = batch.raw.take().map(|raw| Packed::of(&raw)).transpose()?;
        if let Some(raw) = raw.as_ref().filter(|raw| raw.sha256 != batch.sha256) {
            return Err(StoreError::Inconsistent(format!(
                "the raw body of {} has SHA-256 {}, not {}",
                batch.source, raw.sha256, batch.sha256
            )));
        }
        Ok(Self { spans: to_json(&spans)?, facts: to_json(&batch.facts)?, content_sha: content_sha(&batch, &rows)?, raw, rows, batch })
    }

    /// The same on a thread that may be busy.
    pub(super) async fn off_thread(batch: NewBatch) -> Result<Self> {
        super::codec::off_thread(move || Self::of(batch)).await
    }
}

/// Two batches with equal content say the same: whom they speak for, what about, and what about themselves. Whose row
/// was set aside is content: without it, a list that lacks them would be taken for one that could not be read. Where
/// the rows stand in the source, and when it was drawn, is not content; how many of them name nobody is.
fn content_sha(batch: &NewBatch, rows: &[Stated]) -> Result<String> {
    let count = |places: &[String]| vec![String::new(); places.len()];
    let (nameless, niks) = (count(&batch.facts.nameless), count(&batch.facts.niks));
    let facts = SourceFacts { drawn_at: None, unknown_columns: Vec::new(), nameless, niks, ..batch.facts.clone() };
    let mut digest = Sha256::new();
    digest.update(format!("{}\u{1f}{}\u{1f}{}\u{1e}", batch.span, batch.scope.key(), to_json(&facts)?));
    for row in rows {
        digest.update(format!("{}\u{1f}{}\u{1f}{}\u{1e}", row.nip, row.span, row.sha256));
    }
    let unread: BTreeSet<&str> = batch.set_aside.iter().filter_map(|row| row.nip.as_ref().map(Nip::as_str)).collect();
    for nip in unread {
        digest.update(format!("{nip}\u{1f}\u{1e}"));
    }
    Ok(hex(&digest.finalize()))
}
