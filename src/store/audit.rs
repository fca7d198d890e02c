//! The audit log: who did what to whose data. It is only added to, and each line holds the hash of the one before, so
//! that a line that was changed, taken out or moved is found.
//!
//! Who can write to the database can also write a new chain from any line on. Against that only a head that somebody
//! else keeps helps: [`Store::audit_head`] stands on exported documents, and [`Store::verify_audit`] asks for it.

use super::Result;
use super::Store;
use super::codec::At;
use super::codec::to_json;
use super::tx::Cell;
use super::tx::Tx;
use super::tx::values;
use chrono::DateTime;
use chrono::Utc;
use serde_json::Value;
use sha2::Digest;
use sha2::Sha256;

/// What the first line names as the hash of the line before it.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Lines read at a time.
const PAGE: i64 = 1_000;

/// Something that is to be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Who: an account, `terminal`, or `tautan-masuk`.
    pub account: String,
    /// What, as a stable key.
    pub action: &'static str,
    /// To whom or what: an account, a NIP, a document and its period.
    pub subject: String,
    /// What else belongs to it; never a secret.
    pub detail: Value,
}

impl AuditEntry {
    /// An entry about `subject`, with the address that the request came from (empty: from the machine itself).
    pub fn new(account: &str, address: &str, action: &'static str, subject: impl Into<String>) -> Self {
        let detail = if address.is_empty() { Value::Object(serde_json::Map::new()) } else { serde_json::json!({"address": address}) };
        Self { account: account.to_owned(), action, subject: subject.into(), detail }
    }

    /// Adds a detail.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(map) = &mut self.detail {
            map.insert(key.to_owned(), value.into());
        }
        self
    }
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Place, from 1.
    pub seq: i64,
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub account: String,
    /// What.
    pub action: String,
    /// To whom or what.
    pub subject: String,
    /// JSON.
    pub detail: String,
    /// Hash of the line before.
    pub prev: String,
    /// Hash of this line.
    pub hash: String,
}

impl AuditLine {
    /// The hash that the line should have. Each part stands with its length, so that nothing can be moved from one to
    /// the next.
    pub fn right_hash(&self) -> String {
        let mut digest = Sha256::new();
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        for part in ["selaras-audit-1", &self.prev, &seq, &at, &self.account, &self.action, &self.subject, &self.detail] {
            digest.update(format!("{}:", part.len()));
            digest.update(part);
        }
        super::codec::hex(&digest.finalize())
    }
}

/// Where the log ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    /// Place of the last line; 0: there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

impl Default for AuditHead {
    fn default() -> Self {
        Self { seq: 0, hash: NOTHING.to_owned() }
    }
}

impl std::fmt::Display for AuditHead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl std::str::FromStr for AuditHead {
    type Err = ();
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (seq, hash) = text.trim().split_once(':').ok_or(())?;
        let sound = hash.len() == NOTHING.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let seq = seq.parse().ok().filter(|seq| *seq >= 0).ok_or(())?;
        if sound { Ok(Self { seq, hash: hash.to_ascii_lowercase() }) } else { Err(()) }
    }
}

/// Reads a log line by line and tells the first that is not what was written.
#[derive(Debug, Clone, Default)]
pub struct AuditChain {
    end: AuditHead,
}

impl AuditChain {
    /// Takes the next line in.
    ///
    /// # Errors
    /// The place at which the chain is broken.
    pub fn take(&mut self, line: &AuditLine) -> std::result::Result<(), i64> {
        let next = self.end.seq + 1;
        if line.seq != next || line.prev != self.end.hash || line.hash != line.right_hash() {
            return Err(next);
        }
        self.end = AuditHead { seq: line.seq, hash: line.hash.clone() };
        Ok(())
    }

    /// Compares the end of what was taken with where the log should end.
    ///
    /// # Errors
    /// The first place that is missing or too many.
    pub fn ends_at(&self, head: &AuditHead) -> std::result::Result<(), i64> {
        match self.end.seq.min(head.seq) {
            _ if self.end == *head => Ok(()),
            same if self.end.seq == head.seq => Err(same),
            shorter => Err(shorter + 1),
        }
    }

    /// Where it ends so far.
    pub fn end(&self) -> &AuditHead {
        &self.end
    }
}

/// Which lines of the log are wanted; what is empty or `None` narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditWanted {
    /// Before this place.
    pub before: Option<i64>,
    /// By whom.
    pub account: String,
    /// What.
    pub action: String,
    /// Not earlier.
    pub from: Option<DateTime<Utc>>,
    /// Earlier than this.
    pub until: Option<DateTime<Utc>>,
}

/// What a look through the whole log came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditVerified {
    /// Where the sound part ends.
    pub head: AuditHead,
    /// The first place that is not what was written.
    pub broken: Option<i64>,
    /// Whether the head that was asked for is a line of the log.
    pub known: bool,
}

type Row = (i64, i64, String, String, String, String, String, String);

fn line((seq, at, account, action, subject, detail, prev, hash): Row) -> AuditLine {
    AuditLine { seq, at, account, action, subject, detail, prev, hash }
}

impl Store {
    /// Adds lines, all or none; when this returns they survive a power cut.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit(&self, entries: &[AuditEntry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let mut tx = self.pool.write().await?;
        tx.audit(entries, now).await?;
        tx.commit().await
    }

    /// Where the log ends, for the foot of a document.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit_head(&self) -> Result<AuditHead> {
        let mut tx = self.pool.read().await?;
        let head = tx.audit_head().await?;
        tx.commit().await?;
        Ok(head)
    }

    /// The newest lines before `before` (`None`: from the end), newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit_lines(&self, before: Option<i64>, most: u32) -> Result<Vec<AuditLine>> {
        const SQL: &str = "/* audit_lines */ SELECT seq, at, account, action, subject, detail, prev, hash FROM audit
            WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(SQL, values![before.unwrap_or(i64::MAX), i64::from(most)]).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(line).collect())
    }

    /// The newest lines that are wanted, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn audit_wanted(&self, wanted: &AuditWanted, most: u32) -> Result<Vec<AuditLine>> {
        let micros = |at: DateTime<Utc>| at.timestamp_micros();
        let mut sql =
            "/* audit_wanted */ SELECT seq, at, account, action, subject, detail, prev, hash FROM audit WHERE seq < $1".to_owned();
        let mut values = vec![Cell::from(wanted.before.unwrap_or(i64::MAX))];
        // Only what is asked for stands in the statement, so that an index can serve it.
        let text = [("account = ", &wanted.account), ("action = ", &wanted.action)].into_iter().filter(|(_, text)| !text.is_empty());
        let times = [("at >= ", wanted.from), ("at < ", wanted.until)].into_iter().filter_map(|(what, at)| Some((what, at?)));
        let cells = text.map(|(what, text)| (what, Cell::from(text))).chain(times.map(|(what, at)| (what, Cell::from(micros(at)))));
        for (what, cell) in cells {
            values.push(cell);
            sql.push_str(&format!(" AND {what}${}", values.len()));
        }
        values.push(Cell::from(i64::from(most)));
        sql.push_str(&format!(" ORDER BY seq DESC LIMIT ${}", values.len()));
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(&sql, &values).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(line).collect())
    }

    /// Reads the whole log and checks each line; `wanted` is a head that somebody kept.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn verify_audit(&self, wanted: Option<&AuditHead>) -> Result<AuditVerified> {
        const SQL: &str = "/* verify_audit */ SELECT seq, at, account, action, subject, detail, prev, hash FROM audit
            WHERE seq > $1 ORDER BY seq LIMIT $2";
        let mut tx = self.pool.read().await?;
        let mut chain = AuditChain::default();
        let mut known = wanted.is_none_or(|wanted| wanted == chain.end());
        let (mut broken, mut after) = (None, i64::MIN);
        'log: loop {
            let rows: Vec<Row> = tx.all(SQL, values![after, PAGE]).await?;
            let Some(last) = rows.last() else { break };
            after = last.0;
            for row in rows {
                if let Err(at) = chain.take(&line(row)) {
                    broken = Some(at);
                    break 'log;
                }
                known |= wanted == Some(chain.end());
            }
        }
        let head = tx.audit_head().await?;
        tx.commit().await?;
        let broken = broken.or(chain.ends_at(&head).err());
        Ok(AuditVerified { head: chain.end, broken, known })
    }
}

impl Tx {
    async fn audit_head(&mut self) -> Result<AuditHead> {
        const SQL: &str = "/* audit_head */ SELECT seq, hash FROM audit_head WHERE one = 1";
        let row: Option<(i64, String)> = self.maybe(SQL, values![]).await?;
        Ok(row.map_or_else(AuditHead::default, |(seq, hash)| AuditHead { seq, hash }))
    }

    /// Adds lines to the log, as part of the change that they tell of.
    pub(super) async fn audit(&mut self, entries: &[AuditEntry], now: DateTime<Utc>) -> Result<()> {
        const LINE: &str = "/* audit */ INSERT INTO audit (seq, at, account, action, subject, detail, prev, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const HEAD: &str = "/* audit */ INSERT INTO audit_head (one, seq, hash) VALUES (1, $1, $2)
            ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
        self.alone_on("audit").await?;
        let mut head = self.audit_head().await?;
        for entry in entries {
            let mut line = AuditLine {
                seq: head.seq + 1,
                at: now.timestamp_micros(),
                account: entry.account.clone(),
                action: entry.action.to_owned(),
                subject: entry.subject.clone(),
                detail: to_json(&entry.detail)?,
                prev: head.hash,
                hash: String::new(),
            };
            line.hash = line.right_hash();
            let row = values![line.seq, line.at, &line.account, &line.action, &line.subject, &line.detail, &line.prev, &line.hash];
            self.run(LINE, row).await?;
            head = AuditHead { seq: line.seq, hash: line.hash };
        }
        self.run(HEAD, values![head.seq, &head.hash]).await?;
        Ok(())
    }
}

impl AuditLine {
    /// When it was written.
    ///
    /// # Errors
    /// A line whose time is none.
    pub fn time(&self) -> Result<DateTime<Utc>> {
        At { table: "audit", id: self.seq }.time("at", self.at)
    }
}

#[cfg(test)]
mod tests;
