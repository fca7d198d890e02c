//! What operations ask: which engine, which schema, does it answer, how much does it hold.

use super::Result;
use super::Store;
use super::migrate;
use super::tx::Pool;
use super::tx::values;
use chrono::DateTime;
use chrono::Utc;

/// How much the store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Census {
    /// Bytes on disk; for a file without its journal.
    pub bytes: u64,
    pub batches: u64,
    pub statements: u64,
    pub answers: u64,
    pub raw_bodies: u64,
    pub quarantined: u64,
    pub sync_runs: u64,
    pub verdicts: u64,
    /// Not resolved.
    pub open_findings: u64,
    /// When the newest batch was observed.
    pub newest_batch: Option<DateTime<Utc>>,
}

impl Store {
    /// `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        match &*self.pool {
            Pool::Sqlite(..) => "sqlite",
            Pool::Postgres(_) => "postgres",
        }
    }

    /// The URL without its password.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The schema version that this build writes.
    pub fn known_schema() -> i64 {
        migrate::KNOWN
    }

    /// The schema version of the store.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn schema_version(&self) -> Result<i64> {
        const SQL: &str = "/* schema_version */ SELECT COALESCE(MAX(version), 0) FROM schema_version";
        let mut tx = self.pool.read().await?;
        let (version,): (i64,) = tx.one(SQL, values![]).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.schema_version().await.map(drop)
    }

    /// How much the store holds. Counts every row: for `doctor`, not for a page.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn census(&self) -> Result<Census> {
        const SQLITE: &str = "/* census */ SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
        const POSTGRES: &str = "/* census */ SELECT CAST(pg_database_size(current_database()) AS BIGINT)";
        const COUNTS: &str = "/* census */ SELECT
            (SELECT COUNT(*) FROM batch), (SELECT COUNT(*) FROM evidence), (SELECT COUNT(*) FROM answer), (SELECT COUNT(*) FROM raw),
            (SELECT COUNT(*) FROM quarantine), (SELECT COUNT(*) FROM sync_run), (SELECT COUNT(*) FROM verdict),
            (SELECT COUNT(*) FROM finding_state WHERE status = 'open'), (SELECT MAX(observed_at) FROM batch)";
        let mut tx = self.pool.read().await?;
        let (bytes,): (i64,) = tx.one(if tx.is_sqlite() { SQLITE } else { POSTGRES }, values![]).await?;
        let row: (i64, i64, i64, i64, i64, i64, i64, i64, Option<i64>) = tx.one(COUNTS, values![]).await?;
        tx.commit().await?;
        Ok(Census {
            bytes: bytes.unsigned_abs(),
            batches: row.0.unsigned_abs(),
            statements: row.1.unsigned_abs(),
            answers: row.2.unsigned_abs(),
            raw_bodies: row.3.unsigned_abs(),
            quarantined: row.4.unsigned_abs(),
            sync_runs: row.5.unsigned_abs(),
            verdicts: row.6.unsigned_abs(),
            open_findings: row.7.unsigned_abs(),
            newest_batch: row.8.and_then(DateTime::from_timestamp_micros),
        })
    }

    /// Closes all connections; what is in flight on other clones fails.
    pub async fn close(&self) {
        match &*self.pool {
            Pool::Sqlite(pool, _) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}
