//! Who is signed in, and attempts to be. It knows the hash of a session's token, never the token.

use super::Result;
use super::Store;
use super::accounts::Account;
use super::audit::AuditEntry;
use super::codec::At;
use super::tx::values;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;

/// From this many failed attempts on, the account waits.
const PATIENCE: u32 = 5;
/// How long at first; each further failure doubles it.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token.
    pub token_sha: String,
    /// Who.
    pub account: Account,
    /// What its forms carry.
    pub csrf: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, as far as the store was told.
    pub seen_at: DateTime<Utc>,
}

/// A session as the line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Hash of the token.
    pub token_sha: String,
    /// Whose.
    pub account: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, as far as the store was told.
    pub seen_at: DateTime<Utc>,
}

impl SessionLine {
    /// By which it is ended: enough of the hash to tell sessions apart.
    pub fn id(&self) -> &str {
        self.token_sha.get(..16).unwrap_or_default()
    }
}

/// A session to open.
#[derive(Clone)]
pub struct NewSession<'a> {
    /// Hash of the token.
    pub token_sha: &'a str,
    /// Whose.
    pub account: &'a str,
    /// What its forms carry.
    pub csrf: &'a str,
    /// Hash of the token that the browser had before; that session ends.
    pub replaces: Option<&'a str>,
}

/// Whether a password may be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Against this hash. It counts as failed until [`Store::open_session`] says otherwise; when it does fail, the account
    /// waits until then.
    Admitted {
        /// Argon2id in PHC form.
        hash: String,
        /// Until when the account waits if this attempt fails.
        then_waits_until: Option<DateTime<Utc>>,
    },
    /// The account waits, or is closed.
    Barred,
    /// There is no such account.
    Unknown,
}

/// How long an account waits after so many failures in a row.
fn wait(failed: u32) -> Option<TimeDelta> {
    let doublings = failed.checked_sub(PATIENCE)?;
    let factor = 1i32.checked_shl(doublings).filter(|_| doublings < 8).unwrap_or(i32::MAX);
    Some(FIRST_WAIT.checked_mul(factor).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

impl Store {
    /// Counts an attempt before it is tried, so that many at once cannot get past the limit.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn begin_attempt(&self, name: &str) -> Result<Attempt> {
        const COUNT: &str = "/* begin_attempt */ UPDATE account SET failed = $1, locked_until = $2 WHERE name = $3";
        const HASH: &str = "/* begin_attempt */ SELECT hash FROM account WHERE name = $1";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        // Every attempt writes, also for an account that is not there: the time that it takes tells nothing.
        tx.alone_on("sign-in").await?;
        let attempt = match tx.account(name).await? {
            None => Attempt::Unknown,
            Some(account) if account.disabled || account.locked_until.is_some_and(|until| until > now) => Attempt::Barred,
            Some(account) => {
                let failed = account.failed.saturating_add(1);
                let until = wait(failed).map(|wait| now + wait);
                tx.run(COUNT, values![i64::from(failed), until.map_or(0, |until| until.timestamp_micros()), name]).await?;
                let (hash,): (String,) = tx.one(HASH, values![name]).await?;
                Attempt::Admitted { hash, then_waits_until: until }
            }
        };
        tx.commit().await?;
        Ok(attempt)
    }

    /// Opens a session and forgets failed attempts; sessions that began before `oldest` or were last seen before `idle`
    /// go. `false`: the account was closed in the meantime.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open_session(&self, new: &NewSession<'_>, oldest: DateTime<Utc>, idle: DateTime<Utc>, told: AuditEntry) -> Result<bool> {
        const FORGET: &str = "/* open_session */ UPDATE account SET failed = 0, locked_until = 0 WHERE name = $1 AND disabled = 0";
        const SQL: &str = "/* open_session */ INSERT INTO web_session (token_sha, account, csrf, created_at, seen_at)
            VALUES ($1, $2, $3, $4, $5)";
        const OVER: &str = "/* open_session */ DELETE FROM web_session WHERE created_at < $1 OR seen_at < $2 OR token_sha = $3";
        let now = self.now();
        let at = now.timestamp_micros();
        let mut tx = self.pool.write().await?;
        if tx.run(FORGET, values![new.account]).await? == 0 {
            return Ok(false);
        }
        tx.run(OVER, values![oldest.timestamp_micros(), idle.timestamp_micros(), new.replaces.unwrap_or_default()]).await?;
        tx.run(SQL, values![new.token_sha, new.account, new.csrf, at, at]).await?;
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The session of a token, if there is one and its account is open.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn session(&self, token_sha: &str) -> Result<Option<Session>> {
        const SQL: &str = "/* session */ SELECT account, csrf, created_at, seen_at FROM web_session WHERE token_sha = $1";
        let mut tx = self.pool.read().await?;
        let row: Option<(String, String, i64, i64)> = tx.maybe(SQL, values![token_sha]).await?;
        let Some((name, csrf, created_at, seen_at)) = row else { return Ok(None) };
        let account = tx.account(&name).await?.filter(|account| !account.disabled);
        tx.commit().await?;
        let at = At { table: "web_session", id: name.as_str() };
        let (created_at, seen_at) = (at.time("created_at", created_at)?, at.time("seen_at", seen_at)?);
        Ok(account.map(|account| Session { token_sha: token_sha.to_owned(), account, csrf, created_at, seen_at }))
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn touch_session(&self, token_sha: &str, at: DateTime<Utc>) -> Result<()> {
        const SQL: &str = "/* touch_session */ UPDATE web_session SET seen_at = $1 WHERE token_sha = $2 AND seen_at < $3";
        let at = at.timestamp_micros();
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![at, token_sha, at]).await?;
        tx.commit().await
    }

    /// The sessions of an account (`None`: of all), the one that was used last first; those too that have expired and
    /// were not cleared away yet.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn sessions(&self, account: Option<&str>) -> Result<Vec<SessionLine>> {
        const SQL: &str = "/* sessions */ SELECT token_sha, account, created_at, seen_at FROM web_session
            WHERE ($1 = '' OR account = $2) ORDER BY seen_at DESC, token_sha";
        let account = account.unwrap_or_default();
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String, i64, i64)> = tx.all(SQL, values![account, account]).await?;
        tx.commit().await?;
        let line = |(token_sha, account, created_at, seen_at): (String, String, i64, i64)| {
            let at = At { table: "web_session", id: account.as_str() };
            let (created_at, seen_at) = (at.time("created_at", created_at)?, at.time("seen_at", seen_at)?);
            Ok(SessionLine { token_sha, account: account.clone(), created_at, seen_at })
        };
        rows.into_iter().map(line).collect()
    }

    /// Ends all sessions of an account; gives how many there were.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn close_sessions(&self, account: &str, told: AuditEntry) -> Result<u64> {
        const SQL: &str = "/* close_sessions */ DELETE FROM web_session WHERE account = $1";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        let ended = tx.run(SQL, values![account]).await?;
        if ended > 0 {
            tx.audit(&[told], now).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends a session; `false`: there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn close_session(&self, token_sha: &str, told: AuditEntry) -> Result<bool> {
        const SQL: &str = "/* close_session */ DELETE FROM web_session WHERE token_sha = $1";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if tx.run(SQL, values![token_sha]).await? == 0 {
            return Ok(false);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_at_the_fifth_failure_doubles_and_has_an_end() {
        let minutes: Vec<i64> = (4..12).map(|failed| wait(failed).map_or(0, |wait| wait.num_minutes())).collect();
        assert_eq!(minutes, [0, 1, 2, 4, 8, 15, 15, 15]);
        assert_eq!(wait(u32::MAX), Some(LONGEST_WAIT));
    }
}
