//! Deletes what is old and nobody's evidence: raw bodies, the questions of old pulls, yesterday's answers to programs. Statements, verdicts and
//! findings stay, and so do their hashes: what was concluded can still be read and replayed, only not shown byte by byte.

use super::Result;
use super::Store;
use super::once::kept_from;
use super::tx::values;
use chrono::DateTime;
use chrono::Utc;

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Raw bodies.
    pub bodies: u64,
    /// Questions of pulls.
    pub items: u64,
    /// Answers that programs had asked to be kept for a day.
    pub answers: u64,
    /// What happened to cases and no web hook has taken.
    pub posts: u64,
}

impl Store {
    /// Deletes raw bodies that no batch, answer or quarantined row from `before` on refers to, and the questions of pulls
    /// that began before and are at an end; and answers to programs that are older than a day.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn purge(&self, before: DateTime<Utc>) -> Result<Purged> {
        const BODIES: &str = "/* purge */ DELETE FROM raw WHERE sha256 IN (SELECT sha256 FROM raw
            EXCEPT SELECT raw_sha FROM batch WHERE received_at >= $1 OR observed_at >= $2
            EXCEPT SELECT raw_sha FROM answer WHERE at >= $3 AND raw_sha IS NOT NULL
            EXCEPT SELECT raw_sha FROM quarantine WHERE at >= $4 AND raw_sha IS NOT NULL)";
        const ITEMS: &str = "/* purge */ DELETE FROM sync_item WHERE run IN
            (SELECT seq FROM sync_run WHERE started_at < $1 AND state IN ('finished', 'stopped', 'deadline'))";
        const ANSWERS: &str = "/* purge */ DELETE FROM idempotency WHERE began_at < $1";
        let at = before.timestamp_micros();
        let kept_from = kept_from(self.now()).timestamp_micros();
        let mut tx = self.pool.write().await?;
        // A body that is seen again at this moment must not go before the batch that refers to it has come.
        tx.alone_with_evidence().await?;
        let bodies = tx.run(BODIES, values![at, at, at, at]).await?;
        let items = tx.run(ITEMS, values![at]).await?;
        let answers = tx.run(ANSWERS, values![kept_from]).await?;
        let posts = tx.purge_case_posts(self.now()).await?;
        tx.commit().await?;
        Ok(Purged { bodies, items, answers, posts })
    }
}
