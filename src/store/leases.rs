//! Leases: who asks which question right now. A lease is a token with an expiry and a fence that rises with every
//! claim; settling checks the token, so whoever lost a lease cannot write over the one who has it now.

use super::Result;
use super::Store;
use super::codec::At;
use super::codec::new_id;
use super::runs::RunHandle;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::period::Span;
use std::collections::BTreeMap;
use std::time::Duration;

/// A question that this process holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedItem {
    /// What about.
    pub kind: Kind,
    /// Which surface answers it.
    pub surface: String,
    /// The stream that the answer belongs to.
    pub part: String,
    /// For which span.
    pub span: Span,
    /// About whom; `None`: everybody.
    pub nip: Option<Nip>,
    /// How often it was claimed, this time included.
    pub attempts: u64,
    /// Rises with every claim.
    pub fence: u64,
    pub(super) seq: i64,
    pub(super) token: String,
}

impl ClaimedItem {
    /// Its number in the store: what the log calls it by.
    pub fn number(&self) -> i64 {
        self.seq
    }
}

/// A process that can hold leases, in a form that another process on the same machine can check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseOwner {
    host: String,
    pid: u32,
    started: String,
}

impl LeaseOwner {
    /// This process: host and pid namespace, pid, and its start, since pids are used again.
    pub fn this_process() -> Self {
        let pid = std::process::id();
        Self { host: this_host(), pid, started: start_of(pid).unwrap_or_default() }
    }

    /// A process by its parts: `host` is compared with this machine's, `started` with field 22 of `/proc/PID/stat`.
    pub fn of(host: impl Into<String>, pid: u32, started: impl Into<String>) -> Self {
        Self { host: host.into(), pid, started: started.into() }
    }

    /// The host of this process, as leases write it.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn encode(&self) -> String {
        format!("{}|{}|{}", self.host, self.pid, self.started)
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, '|');
        let started = parts.next()?.to_owned();
        let pid = parts.next()?.parse().ok()?;
        Some(Self { host: parts.next()?.to_owned(), pid, started })
    }

    /// Whether the process is certainly gone: only said of this machine's processes, and only where `/proc` tells.
    pub(super) fn is_gone(&self) -> bool {
        self.host == this_host()
            && start_of(std::process::id()).is_some()
            && start_of(self.pid).is_none_or(|started| started != self.started)
    }
}

fn this_host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let pids = std::fs::read_link("/proc/self/ns/pid").map(|link| link.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}/{pids}", name.trim())
}

/// When the process began, in the kernel's ticks; `None` when there is no such process (or no `/proc`).
fn start_of(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold spaces and brackets; fields are counted after its last bracket, where field 3 begins.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

type ClaimedRow = (i64, String, String, String, String, String, i64, i64);

impl Store {
    /// Claims up to `count` items of the surface for `lease`, in the order of the plan: those never asked, those
    /// whose lease has run out and, on SQLite, those whose owner on this machine is gone. Claims are serial, so nobody
    /// gets an item twice; a claim costs one commit, so take many.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn claim(
        &self,
        run: &RunHandle,
        surface: &str,
        count: usize,
        lease: Duration,
        owner: &LeaseOwner,
    ) -> Result<Vec<ClaimedItem>> {
        const SQL: &str = "/* claim */ UPDATE sync_item SET state = 'leased', lease_owner = $1, lease_token = $2, lease_until = $3,
                attempts = attempts + 1, fence = fence + 1
            WHERE seq IN (SELECT seq FROM sync_item WHERE run = $4 AND surface = $5 AND state = 'pending' ORDER BY seq LIMIT $6)
            RETURNING seq, kind, surface, part, span, nip, attempts, fence";
        let now = self.now().timestamp_micros();
        let token = new_id();
        let holder = owner.encode();
        let mut tx = self.pool.write().await?;
        tx.alone_on(&format!("claim {}", run.id)).await?;
        tx.take_back(run.seq, surface, now).await?;
        let values =
            values![&holder, &token, now.saturating_add(micros(lease)), run.seq, surface, i64::try_from(count).unwrap_or(i64::MAX),];
        let mut rows: Vec<ClaimedRow> = tx.all(SQL, values).await?;
        tx.commit().await?;
        rows.sort_by_key(|row| row.0);
        rows.into_iter().map(|row| claimed(row, &token)).collect()
    }

    /// Prolongs the leases that are still held to `lease` from now; gives how many are.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn renew(&self, items: &[ClaimedItem], lease: Duration) -> Result<usize> {
        let until = self.now().timestamp_micros().saturating_add(micros(lease));
        let mut tx = self.pool.write().await?;
        let held = tx.touch(items, "/* renew */ UPDATE sync_item SET state = 'leased', lease_until = $1", values![until]).await?;
        tx.commit().await?;
        Ok(held.len())
    }

    /// Gives items back unasked, so that anybody can claim them at once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn release(&self, items: &[ClaimedItem]) -> Result<()> {
        const HEAD: &str = "/* release */ UPDATE sync_item SET lease_token = '', lease_until = 0, state = $1";
        let mut tx = self.pool.write().await?;
        tx.touch(items, HEAD, values!["pending"]).await?;
        tx.commit().await
    }

    /// Items of the surface that nobody holds will not be asked in this run; gives how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn skip_rest(&self, run: &RunHandle, surface: &str, reason: Option<crate::domain::evidence::Reason>) -> Result<u64> {
        const SQL: &str =
            "/* skip_rest */ UPDATE sync_item SET state = 'skipped', reason = $1 WHERE run = $2 AND surface = $3 AND state = 'pending'";
        let mut tx = self.pool.write().await?;
        tx.alone_on(&format!("claim {}", run.id)).await?;
        let skipped = tx.run(SQL, values![reason.map(|reason| reason.key()), run.seq, surface]).await?;
        tx.commit().await?;
        Ok(skipped)
    }
}

impl Tx {
    /// Leases that have run out, or whose owner is gone, are free again. Their tokens stay until somebody else claims
    /// the item, so an answer that comes late and is still wanted counts.
    async fn take_back(&mut self, run: i64, surface: &str, now: i64) -> Result<()> {
        const EXPIRED: &str = "/* take_back */ UPDATE sync_item SET state = 'pending' WHERE run = $1 AND surface = $2 AND state = 'leased' AND lease_until <= $3";
        const OWNERS: &str = "/* take_back */ SELECT DISTINCT lease_owner FROM sync_item WHERE run = $1 AND surface = $2 AND state = 'leased' ORDER BY lease_owner";
        const GONE: &str = "/* take_back */ UPDATE sync_item SET state = 'pending' WHERE run = $1 AND surface = $2 AND state = 'leased' AND lease_owner = $3";
        self.run(EXPIRED, values![run, surface, now]).await?;
        // A PostgreSQL store is shared between machines, whose host names nobody promises to differ.
        if self.is_sqlite() {
            let owners: Vec<(String,)> = self.all(OWNERS, values![run, surface]).await?;
            for (owner,) in owners.iter().filter(|(owner,)| LeaseOwner::decode(owner).is_some_and(|owner| owner.is_gone())) {
                self.run(GONE, values![run, surface, owner]).await?;
            }
        }
        Ok(())
    }

    /// Changes those items of which this process still holds the lease (`head` sets values `$1…`); gives their keys.
    pub(super) async fn touch(&mut self, items: &[ClaimedItem], head: &str, set: &[Cell<'_>]) -> Result<Vec<i64>> {
        let mut by_token: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for item in items {
            by_token.entry(&item.token).or_default().push(item.seq);
        }
        let mut held = Vec::with_capacity(items.len());
        for (token, mut seqs) in by_token {
            seqs.sort_unstable();
            for seqs in seqs.chunks(LIST) {
                let next = set.len() + 1;
                let sql = format!(
                    "{head} WHERE lease_token = ${next} AND state IN ('leased', 'pending') AND seq IN ({}) RETURNING seq",
                    list(next + 1, seqs.len())
                );
                let mut values = set.to_vec();
                values.push(Cell::from(token));
                values.extend(seqs.iter().map(|seq| Cell::from(*seq)));
                let rows: Vec<(i64,)> = self.all(&sql, &values).await?;
                held.extend(rows.into_iter().map(|(seq,)| seq));
            }
        }
        Ok(held)
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

fn claimed((seq, kind, surface, part, span, nip, attempts, fence): ClaimedRow, token: &str) -> Result<ClaimedItem> {
    let at = At { table: "sync_item", id: seq };
    Ok(ClaimedItem {
        kind: at.word("kind", &kind, Kind::from_key)?,
        surface,
        part,
        span: at.word("span", &span, |text| text.parse().ok())?,
        nip: at.maybe_nip(&nip)?,
        attempts: at.count("attempts", attempts)?,
        fence: at.count("fence", fence)?,
        seq,
        token: token.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_not_gone_and_its_successor_is_another() {
        let owner = LeaseOwner::this_process();
        assert_eq!(LeaseOwner::decode(&owner.encode()).as_ref(), Some(&owner));
        assert!(!owner.is_gone());
        assert!(LeaseOwner { started: "1".to_owned(), ..owner.clone() }.is_gone());
        assert!(!LeaseOwner { host: "elsewhere".to_owned(), pid: u32::MAX, ..owner }.is_gone());
    }
}
