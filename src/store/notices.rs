//! What people have been told: one row a cause that is not over, or whose end somebody has yet to be told. It knows no
//! reasons and no ways.

use super::Result;
use super::Store;
use super::StoreError;
use super::tx::values;
use chrono::DateTime;
use chrono::Utc;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;

/// Which ways have been told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Of the cause.
    pub begun: BTreeSet<String>,
    /// Of its end.
    pub ended: BTreeSet<String>,
}

/// A cause that somebody was, or is to be, told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRecord {
    /// Stable name of what is wrong.
    pub cause: String,
    /// Kind of event.
    pub event: String,
    /// When it was first seen.
    pub since: DateTime<Utc>,
    /// The sentence, in Indonesian and in English.
    pub said: [String; 2],
    /// When it was first not seen again.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who has been told.
    pub told: Told,
}

type Row = (String, String, i64, String, String, Option<i64>, String);

impl Store {
    /// All causes that are kept, by name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn notices(&self) -> Result<Vec<NoticeRecord>> {
        const SQL: &str = "/* notices */ SELECT cause, event, since, said_id, said_en, ended_at, told FROM notice ORDER BY cause";
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        rows.into_iter()
            .map(|(cause, event, since, id, en, ended, told)| {
                let told = serde_json::from_str(&told).map_err(|why| StoreError::corrupt("notice", "told", &cause, why))?;
                let instant = |micros| DateTime::from_timestamp_micros(micros).unwrap_or_default();
                Ok(NoticeRecord { cause, event, since: instant(since), said: [id, en], ended_at: ended.map(instant), told })
            })
            .collect()
    }

    /// Keeps a cause as it is now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_notice(&self, notice: &NoticeRecord) -> Result<()> {
        const SQL: &str = "/* keep_notice */ INSERT INTO notice (cause, event, since, said_id, said_en, ended_at, told)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (cause) DO UPDATE SET event = excluded.event, since = excluded.since, said_id = excluded.said_id,
            said_en = excluded.said_en, ended_at = excluded.ended_at, told = excluded.told";
        let told = serde_json::to_string(&notice.told).unwrap_or_default();
        let [id, en] = &notice.said;
        let ended = notice.ended_at.map(|at| at.timestamp_micros());
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![&notice.cause, &notice.event, notice.since.timestamp_micros(), id, en, ended, &told]).await?;
        tx.commit().await
    }

    /// Forgets a cause that is over and told.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn drop_notice(&self, cause: &str) -> Result<()> {
        const SQL: &str = "/* drop_notice */ DELETE FROM notice WHERE cause = $1";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![cause]).await?;
        tx.commit().await
    }
}
