//! What a program asked to be done once: under its key the answer is kept for a day, and whoever asks again is given
//! that answer. A key belongs to the token that sent it.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::values;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;

/// So long an answer is kept.
pub(super) const KEPT: TimeDelta = TimeDelta::hours(24);
/// Whoever has been at work for longer has died: no request takes this long.
const LOST: TimeDelta = TimeDelta::minutes(10);

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub kind: String,
    /// Body.
    pub body: Vec<u8>,
}

/// What stands under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: it is to be done now, by whoever asked.
    Now,
    /// It was done; this was the answer.
    Done(KeptAnswer),
    /// It is being done.
    AtWork,
    /// Something else was asked under this key.
    Other,
}

type Row = (String, Option<i64>, String, Vec<u8>, i64);

impl Store {
    /// Takes a key of a token for a request, unless it is taken.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn begin_once(&self, token_sha: &str, key: &str, request_sha: &str) -> Result<Begun> {
        const FIND: &str = "/* begin_once */ SELECT request_sha, status, kind, answer, began_at FROM idempotency
            WHERE token_sha = $1 AND key = $2";
        const FORGET: &str = "/* begin_once */ DELETE FROM idempotency WHERE token_sha = $1 AND key = $2";
        const TAKE: &str = "/* begin_once */ INSERT INTO idempotency (token_sha, key, request_sha, status, kind, answer, began_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        tx.alone_on("once").await?;
        if let Some((request, status, kind, body, began)) = tx.maybe::<Row>(FIND, values![token_sha, key]).await? {
            let at = At { table: "idempotency", id: request.as_str() };
            let age = now - at.time("began_at", began)?;
            let holds = age < if status.is_some() { KEPT } else { LOST };
            if holds && request != request_sha {
                return Ok(Begun::Other);
            }
            match status {
                Some(status) if holds => {
                    let status = at.word("status", &status.to_string(), |text| text.parse().ok())?;
                    return Ok(Begun::Done(KeptAnswer { status, kind, body }));
                }
                None if holds => return Ok(Begun::AtWork),
                _ => tx.run(FORGET, values![token_sha, key]).await?,
            };
        }
        let nothing: &[u8] = &[];
        tx.run(TAKE, values![token_sha, key, request_sha, None::<i64>, "", nothing, now.timestamp_micros()]).await?;
        tx.commit().await?;
        Ok(Begun::Now)
    }

    /// Keeps the answer of a request whose key was taken.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_once(&self, token_sha: &str, key: &str, answer: &KeptAnswer) -> Result<()> {
        const SQL: &str = "/* end_once */ UPDATE idempotency SET status = $1, kind = $2, answer = $3
            WHERE token_sha = $4 AND key = $5 AND status IS NULL";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![i64::from(answer.status), &answer.kind, answer.body.as_slice(), token_sha, key]).await?;
        tx.commit().await
    }

    /// Gives a key back under which nothing was done.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn release_once(&self, token_sha: &str, key: &str) -> Result<()> {
        const SQL: &str = "/* release_once */ DELETE FROM idempotency WHERE token_sha = $1 AND key = $2 AND status IS NULL";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![token_sha, key]).await?;
        tx.commit().await
    }
}

/// Answers that began before this instant are kept no longer.
pub(super) fn kept_from(now: DateTime<Utc>) -> DateTime<Utc> {
    now - KEPT
}
