//! What those who run it see of all processes (breakers, tokens, requests), and what they decided: answers that were
//! held, forms that were sent. It knows a token by the start of a hash only.

use super::Result;
use super::Store;
use super::audit::AuditEntry;
use super::codec::At;
use super::leases::LeaseOwner;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use std::collections::BTreeMap;

/// A form is known so long: no page stays open longer.
const KEPT: TimeDelta = TimeDelta::days(2);

/// How a process last found a surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakerSeen {
    /// Key of the surface.
    pub surface: String,
    /// Host of the process whose breaker it is.
    pub host: String,
    /// Its pid.
    pub pid: u32,
    /// `closed`, `open`, `probing` or `gone`.
    pub state: String,
    /// That process asks nothing before this moment.
    pub rest_until: Option<DateTime<Utc>>,
    /// Requests that may be under way at once, as it has learnt.
    pub in_flight: u32,
    /// When it said so.
    pub seen_at: DateTime<Utc>,
}

/// Since when a token is used, and how long it will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUse {
    /// Its key in the configuration.
    pub key: String,
    /// Start of its hash.
    pub fingerprint: String,
    /// First used, or given to us.
    pub since: DateTime<Utc>,
    /// When it says that it expires.
    pub expires_at: Option<DateTime<Utc>>,
    /// When BKN last refused it.
    pub refused_at: Option<DateTime<Utc>>,
}

/// What somebody decided about an answer that was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A new pull may bring as much of it.
    Accepted,
    /// It stays aside, and nobody is asked about it again.
    Refused,
}

impl Decision {
    /// Both with their keys.
    pub const ALL: [(&'static str, Self); 2] = [("accepted", Self::Accepted), ("refused", Self::Refused)];

    /// The key in the store.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(key, _)| key)
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, known)| *known)
    }
}

/// A decision about an answer that was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Of which kind.
    pub kind: Kind,
    /// Of which stream.
    pub part: String,
    /// When the answer had come.
    pub held_at: DateTime<Utc>,
    /// Why it was held.
    pub reason: Reason,
    /// How many were gone, or could not be read.
    pub count: u64,
    /// What was decided.
    pub decision: Decision,
    /// By whom.
    pub account: String,
    /// When.
    pub at: DateTime<Utc>,
}

type BreakerRow = (String, String, i64, String, i64, i64, i64);
type TokenRow = (String, String, i64, Option<i64>, Option<i64>);

impl Store {
    /// Notes how this process finds a surface.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_breaker(&self, surface: &str, state: &str, rest_until: Option<DateTime<Utc>>, in_flight: u32) -> Result<()> {
        const SQL: &str = "/* note_breaker */ INSERT INTO breaker (surface, host, pid, state, rest_until, in_flight, seen_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (surface) DO UPDATE SET host = excluded.host, pid = excluded.pid,
                state = excluded.state, rest_until = excluded.rest_until, in_flight = excluded.in_flight, seen_at = excluded.seen_at";
        let owner = LeaseOwner::this_process();
        let rest = rest_until.map_or(0, |until| until.timestamp_micros());
        let host = owner.host().split('/').next().unwrap_or_default();
        let mut tx = self.pool.write().await?;
        let pid = i64::from(std::process::id());
        tx.run(SQL, values![surface, host, pid, state, rest, i64::from(in_flight), self.now().timestamp_micros()]).await?;
        tx.commit().await
    }

    /// How each surface was found last, by whichever process asked it last.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn breakers(&self) -> Result<Vec<BreakerSeen>> {
        const SQL: &str = "/* breakers */ SELECT surface, host, pid, state, rest_until, in_flight, seen_at FROM breaker ORDER BY surface";
        let mut tx = self.pool.read().await?;
        let rows: Vec<BreakerRow> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        let seen = |(surface, host, pid, state, rest, in_flight, seen_at): BreakerRow| {
            let at = At { table: "breaker", id: surface.as_str() };
            Ok(BreakerSeen {
                host,
                pid: u32::try_from(pid).unwrap_or_default(),
                state,
                rest_until: (rest != 0).then(|| at.time("rest_until", rest)).transpose()?,
                in_flight: u32::try_from(in_flight).unwrap_or_default(),
                seen_at: at.time("seen_at", seen_at)?,
                surface: surface.clone(),
            })
        };
        rows.into_iter().map(seen).collect()
    }

    /// Notes which token is used under a key. Another one than before begins anew.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_token(&self, key: &str, fingerprint: &str, since: DateTime<Utc>, expires_at: Option<DateTime<Utc>>) -> Result<()> {
        const SQL: &str = "/* note_token */ INSERT INTO token_use (key, fingerprint, since, expires_at, refused_at)
            VALUES ($1, $2, $3, $4, NULL) ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, since = excluded.since,
                expires_at = excluded.expires_at, refused_at = NULL WHERE token_use.fingerprint <> excluded.fingerprint";
        let expires = expires_at.map(|at| at.timestamp_micros());
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![key, fingerprint, since.timestamp_micros(), expires]).await?;
        tx.commit().await
    }

    /// BKN did not want the token of that key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn token_refused(&self, key: &str) -> Result<()> {
        const SQL: &str = "/* token_refused */ UPDATE token_use SET refused_at = $1 WHERE key = $2";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![self.now().timestamp_micros(), key]).await?;
        tx.commit().await
    }

    /// The tokens in use, by key.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn token_uses(&self) -> Result<Vec<TokenUse>> {
        const SQL: &str = "/* token_uses */ SELECT key, fingerprint, since, expires_at, refused_at FROM token_use ORDER BY key";
        let mut tx = self.pool.read().await?;
        let rows: Vec<TokenRow> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        let used = |(key, fingerprint, since, expires, refused): TokenRow| {
            let at = At { table: "token_use", id: key.as_str() };
            Ok(TokenUse {
                fingerprint,
                since: at.time("since", since)?,
                expires_at: expires.map(|expires| at.time("expires_at", expires)).transpose()?,
                refused_at: refused.map(|refused| at.time("refused_at", refused)).transpose()?,
                key: key.clone(),
            })
        };
        rows.into_iter().map(used).collect()
    }

    /// Writes a decision down, once; `false`: somebody has decided before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn decide_held(&self, new: &Decided, told: AuditEntry) -> Result<bool> {
        const SQL: &str = "/* decide_held */ INSERT INTO held_decision (kind, part, held_at, reason, row_count, decision, account, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (kind, part, held_at) DO NOTHING";
        let (held, at) = (new.held_at.timestamp_micros(), new.at.timestamp_micros());
        let mut tx = self.pool.write().await?;
        let count = i64::try_from(new.count).unwrap_or(i64::MAX);
        let row = values![new.kind.key(), &new.part, held, new.reason.key(), count, new.decision.key(), &new.account, at];
        if tx.run(SQL, row).await? == 0 {
            return Ok(false);
        }
        tx.audit(&[told], self.now()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What was decided about answers that came since then.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn held_decisions(&self, since: DateTime<Utc>) -> Result<Vec<Decided>> {
        const SQL: &str = "/* held_decisions */ SELECT kind, part, held_at, reason, row_count, decision, account, at FROM held_decision
            WHERE held_at >= $1 ORDER BY held_at DESC, kind, part";
        type Row = (String, String, i64, String, i64, String, String, i64);
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(SQL, values![since.timestamp_micros()]).await?;
        tx.commit().await?;
        let decided = |(kind, part, held_at, reason, count, decision, account, at): Row| {
            let row = At { table: "held_decision", id: held_at };
            Ok(Decided {
                kind: row.word("kind", &kind, Kind::from_key)?,
                part,
                held_at: row.time("held_at", held_at)?,
                reason: row.word("reason", &reason, Reason::from_key)?,
                count: row.count("row_count", count)?,
                decision: row.word("decision", &decision, Decision::from_key)?,
                account,
                at: row.time("at", at)?,
            })
        };
        rows.into_iter().map(decided).collect()
    }

    /// Takes a form in, and writes what it asks for down; `false`: it was sent before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn form_sent(&self, id: &str, told: AuditEntry) -> Result<bool> {
        const SQL: &str = "/* form_sent */ INSERT INTO form_sent (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        const OLD: &str = "/* form_sent */ DELETE FROM form_sent WHERE at < $1";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if tx.run(SQL, values![id, now.timestamp_micros()]).await? == 0 {
            return Ok(false);
        }
        tx.run(OLD, values![(now - KEPT).timestamp_micros()]).await?;
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Requests of all pulls that began since then.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn requests_since(&self, since: DateTime<Utc>) -> Result<u64> {
        const SQL: &str = "/* requests_since */ SELECT COALESCE(CAST(SUM(requests) AS BIGINT), 0) FROM sync_run WHERE started_at >= $1";
        let mut tx = self.pool.read().await?;
        let (requests,): (i64,) = tx.one(SQL, values![since.timestamp_micros()]).await?;
        tx.commit().await?;
        At { table: "sync_run", id: "sum" }.count("requests", requests)
    }

    /// Of whom an answer of the kind was set aside for that reason since then, and when the last time.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn set_aside_people(&self, kind: Kind, reason: Reason, since: DateTime<Utc>) -> Result<BTreeMap<Nip, DateTime<Utc>>> {
        const SQL: &str = "/* set_aside_people */ SELECT nip, MAX(at) FROM quarantine
            WHERE kind = $1 AND reason = $2 AND at >= $3 AND nip <> '' GROUP BY nip ORDER BY nip";
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, i64)> = tx.all(SQL, values![kind.key(), reason.key(), since.timestamp_micros()]).await?;
        tx.commit().await?;
        let row = At { table: "quarantine", id: kind.key() };
        rows.into_iter().map(|(nip, at)| Ok((row.nip(&nip)?, row.time("at", at)?))).collect()
    }
}
