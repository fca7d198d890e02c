//! What was set aside: bodies and rows that arrived and could not be used, each with its reason.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::Cell;
use super::tx::Tx;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::evidence::Reason;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;

/// One thing that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// What was asked.
    pub kind: Kind,
    /// Which source.
    pub part: String,
    /// For which span.
    pub span: Span,
    /// About whom was asked; `None`: everybody.
    pub nip: Option<Nip>,
    /// Why.
    pub reason: Reason,
    /// In words; NIPs masked.
    pub detail: String,
    /// SHA-256 of the body, if it was kept ([`Store::raw`]).
    pub raw: Option<String>,
    /// Where in the source; empty for a whole body.
    pub locator: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The same, before it is written.
pub(super) struct NewQuarantine<'a> {
    pub run: Option<i64>,
    pub batch: Option<i64>,
    pub kind: Kind,
    pub part: &'a str,
    pub span: &'a str,
    pub nip: &'a str,
    pub reason: Reason,
    pub detail: &'a str,
    pub raw_sha: Option<&'a str>,
    pub locator: &'a str,
    pub at: i64,
}

type Row = (i64, String, String, String, String, String, String, Option<String>, String, i64);

impl Tx {
    pub(super) async fn write_quarantine<'a>(&mut self, rows: impl Iterator<Item = NewQuarantine<'a>>) -> Result<()> {
        self.insert(
            "/* write_quarantine */ INSERT INTO quarantine (run, batch, kind, part, span, nip, reason, detail, raw_sha, locator, at) VALUES",
            "",
            11,
            rows.map(|row| {
                vec![
                    Cell::from(row.run),
                    Cell::from(row.batch),
                    Cell::from(row.kind.key()),
                    Cell::from(row.part),
                    Cell::from(row.span),
                    Cell::from(row.nip),
                    Cell::from(row.reason.key()),
                    Cell::from(row.detail),
                    Cell::from(row.raw_sha),
                    Cell::from(row.locator),
                    Cell::from(row.at),
                ]
            }),
        )
        .await
    }
}

impl Store {
    /// What was set aside since `since`, newest first, at most `limit`.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn quarantined(&self, since: DateTime<Utc>, limit: u32) -> Result<Vec<Quarantined>> {
        const SQL: &str = "/* quarantined */ SELECT seq, kind, part, span, nip, reason, detail, raw_sha, locator, at FROM quarantine
            WHERE at >= $1 ORDER BY at DESC, seq DESC LIMIT $2";
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(SQL, values![since.timestamp_micros(), i64::from(limit)]).await?;
        tx.commit().await?;
        rows.into_iter().map(quarantined).collect()
    }
}

fn quarantined((seq, kind, part, span, nip, reason, detail, raw, locator, at): Row) -> Result<Quarantined> {
    let row = At { table: "quarantine", id: seq };
    Ok(Quarantined {
        kind: row.word("kind", &kind, Kind::from_key)?,
        part,
        span: row.word("span", &span, |text| text.parse().ok())?,
        nip: row.maybe_nip(&nip)?,
        reason: row.word("reason", &reason, Reason::from_key)?,
        detail,
        raw,
        locator,
        at: row.time("at", at)?,
    })
}
