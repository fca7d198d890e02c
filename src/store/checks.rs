//! When each person was asked about last, question by question.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;

/// The last answers about one person to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// The last good one, also one that found nothing new.
    pub good: Option<DateTime<Utc>>,
    /// The last one, good or not.
    pub last: DateTime<Utc>,
}

impl Store {
    /// Everybody who was ever asked about, by NIP.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn checks(&self, kind: Kind, part: &str, span: Span) -> Result<Vec<(Nip, Check)>> {
        const SQL: &str = "/* checks */ SELECT nip, MAX(CASE WHEN good = 1 THEN at END), MAX(at) FROM answer
            WHERE kind = $1 AND part = $2 AND span = $3 AND nip <> '' GROUP BY nip ORDER BY nip";
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, Option<i64>, i64)> = tx.all(SQL, values![kind.key(), part, &span.to_string()]).await?;
        tx.commit().await?;
        let row = At { table: "answer", id: kind.key() };
        rows.into_iter()
            .map(|(nip, good, last)| {
                let good = good.map(|good| row.time("at", good)).transpose()?;
                Ok((row.nip(&nip)?, Check { good, last: row.time("at", last)? }))
            })
            .collect()
    }
}
