//! Slots of the schedule: one row per (job, slot), which one process can insert, and a lease per job whose fence rises
//! with every claim. Which instants are slots, and what a job does, is for the schedule to know.

use super::Result;
use super::Store;
use super::codec::At;
use super::codec::new_id;
use super::leases::LeaseOwner;
use super::tx::Tx;
use super::tx::values;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use std::time::Duration;

/// Claims of one slot whose worker died each time; then it counts as failed, so that a job that kills the daemon does
/// not do so for ever.
const MOST_ATTEMPTS: i64 = 3;
/// Slots of a job that are kept: two weeks of one every five minutes.
const KEPT: i64 = 5_000;
/// A lease that ends this much later than a lease lasts was written by a clock that was wrong.
const WRONG_CLOCK: TimeDelta = TimeDelta::hours(1);

/// The right to work on a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotLease {
    /// Which job.
    pub job: String,
    /// The instant for which it is.
    pub slot: DateTime<Utc>,
    /// Rises with every claim of the job.
    pub fence: u64,
    /// How often the slot was claimed, this time included.
    pub attempts: u64,
    pub(super) token: String,
}

/// A slot to be claimed.
#[derive(Debug, Clone)]
pub struct SlotClaim<'a> {
    /// Which job.
    pub job: &'a str,
    /// The instant for which it is.
    pub slot: DateTime<Utc>,
    /// Who or what noticed that it is due.
    pub woken_by: WokenBy,
    /// Earlier slots that nobody worked, for which this one stands too.
    pub missed: u64,
    /// How long the lease holds unless it is renewed.
    pub lease: Duration,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The slot is ours to work.
    Won(SlotLease),
    /// Somebody is at work on the job.
    Busy,
    /// The slot has been worked, or is nobody's debt.
    Over,
}

/// Who or what noticed that a slot is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WokenBy {
    /// The alarm of the cron library.
    Alarm,
    /// The start of the daemon.
    Start,
    /// The watchdog, because no alarm rang.
    Watchdog,
    /// Somebody who wants it now.
    Hand,
}

/// How far a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlotState {
    /// Somebody is at work.
    Running,
    /// Worked.
    Done,
    /// Worked, and it came to nothing.
    Failed,
    /// Its worker died.
    Lost,
}

macro_rules! keys {
    ($type:ty, $count:literal: $($key:literal => $variant:ident),*) => {
        impl $type {
            /// All with their keys.
            pub const ALL: [(&'static str, Self); $count] = [$(($key, Self::$variant)),*];

            /// The key in the store.
            pub fn key(self) -> &'static str {
                Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(key, _)| key)
            }

            /// What has that key.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, known)| *known)
            }
        }
    };
}
keys!(WokenBy, 4: "alarm" => Alarm, "start" => Start, "watchdog" => Watchdog, "hand" => Hand);
keys!(SlotState, 4: "running" => Running, "done" => Done, "failed" => Failed, "lost" => Lost);

/// How the work on a slot ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotEnd {
    /// It is done.
    Done,
    /// It failed, with the reason in one sentence.
    Failed(String),
    /// Its process was asked to leave: the next one takes the slot up again.
    GivenBack,
}

/// A slot as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotRecord {
    /// Which job.
    pub job: String,
    /// The instant for which it is.
    pub slot: DateTime<Utc>,
    /// How far it is.
    pub state: SlotState,
    /// Who or what noticed it.
    pub woken_by: WokenBy,
    /// Earlier slots for which it stands too.
    pub missed: u64,
    /// How often it was claimed.
    pub attempts: u64,
    /// Why it failed.
    pub reason: Option<String>,
    /// When it was claimed last.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A job of the schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    /// Its name.
    pub name: String,
    /// From when on its slots count.
    pub since: DateTime<Utc>,
    /// Its newest slot that is not in the future.
    pub newest: Option<SlotRecord>,
}

type SlotRow = (String, i64, String, String, i64, i64, Option<String>, i64, Option<i64>);

impl Store {
    /// Makes a job known. Slots count from now on when it is new or its line has changed: what lies before was never
    /// promised.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn plan_job(&self, job: &str, line: &str) -> Result<()> {
        const SQL: &str =
            "/* plan_job */ INSERT INTO job (name, line, since, fence, lease_owner, lease_token) VALUES ($1, $2, $3, 0, '', '')
            ON CONFLICT (name) DO UPDATE SET line = excluded.line, since = excluded.since
            WHERE job.line <> excluded.line OR job.since > excluded.since";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![job, line, self.now().timestamp_micros()]).await?;
        tx.commit().await
    }

    /// The job, if it was made known.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn job(&self, job: &str) -> Result<Option<JobRecord>> {
        const JOB: &str = "/* job */ SELECT since FROM job WHERE name = $1";
        const NEWEST: &str = "/* job */ SELECT job, slot, state, woken_by, missed, attempts, reason, started_at, ended_at
            FROM job_slot WHERE job = $1 AND slot <= $2 ORDER BY slot DESC LIMIT 1";
        let now = self.now();
        let mut tx = self.pool.read().await?;
        let since: Option<(i64,)> = tx.maybe(JOB, values![job]).await?;
        let newest: Option<SlotRow> = tx.maybe(NEWEST, values![job, now.timestamp_micros()]).await?;
        tx.commit().await?;
        let Some((since,)) = since else { return Ok(None) };
        // Set by a clock that ran ahead: it counts from now.
        let since = At { table: "job", id: job }.time("since", since)?.min(now);
        Ok(Some(JobRecord { name: job.to_owned(), since, newest: newest.map(record).transpose()? }))
    }

    /// The slots of a job, newest first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn slots(&self, job: &str, count: u32) -> Result<Vec<SlotRecord>> {
        const SQL: &str = "/* slots */ SELECT job, slot, state, woken_by, missed, attempts, reason, started_at, ended_at
            FROM job_slot WHERE job = $1 ORDER BY slot DESC LIMIT $2";
        let mut tx = self.pool.read().await?;
        let rows: Vec<SlotRow> = tx.all(SQL, values![job, i64::from(count)]).await?;
        tx.commit().await?;
        rows.into_iter().map(record).collect()
    }

    /// Claims a slot: it must never have been claimed, or its worker must have died. One worker a job.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn claim_slot(&self, claim: &SlotClaim<'_>) -> Result<Claimed> {
        const JOB: &str = "/* claim_slot */ SELECT since, fence, lease_owner, lease_token FROM job WHERE name = $1";
        const TAKE: &str = "/* claim_slot */ UPDATE job SET fence = $1, lease_owner = $2, lease_token = $3 WHERE name = $4";
        const LOST: &str =
            "/* claim_slot */ UPDATE job_slot SET state = 'lost', ended_at = $1 WHERE job = $2 AND state = 'running' AND slot <> $3";
        let (job, slot, now) = (claim.job, claim.slot.timestamp_micros(), self.now());
        let mut tx = self.pool.write().await?;
        tx.alone_on(&format!("job {job}")).await?;
        let known: Option<(i64, i64, String, String)> = tx.maybe(JOB, values![job]).await?;
        let Some((since, fence, owner, token)) = known else { return Ok(Claimed::Over) };
        if slot < since.min(now.timestamp_micros()) {
            return Ok(Claimed::Over);
        }
        if !token.is_empty() && tx.is_held(job, &owner, now, claim.lease).await? {
            return Ok(Claimed::Busy);
        }
        let fence = fence.saturating_add(1);
        let Some(attempts) = tx.take_slot(claim, fence, now).await? else {
            // A slot that was given up is noted.
            tx.commit().await?;
            return Ok(Claimed::Over);
        };
        tx.run(LOST, values![now.timestamp_micros(), job, slot]).await?;
        let token = new_id();
        tx.run(TAKE, values![fence, &LeaseOwner::this_process().encode(), &token, job]).await?;
        tx.commit().await?;
        let at = At { table: "job", id: job };
        let (fence, attempts) = (at.count("fence", fence)?, at.count("attempts", attempts)?);
        Ok(Claimed::Won(SlotLease { job: job.to_owned(), slot: claim.slot, fence, attempts, token }))
    }

    /// Prolongs a lease to `lease` from now; whether it is still held.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn renew_slot(&self, held: &SlotLease, lease: Duration) -> Result<bool> {
        const SQL: &str =
            "/* renew_slot */ UPDATE job_slot SET lease_until = $1 WHERE job = $2 AND slot = $3 AND fence = $4 AND state = 'running'";
        let mut tx = self.pool.write().await?;
        let until = later(self.now(), lease);
        let touched = tx.run(SQL, values![until, &held.job, held.slot.timestamp_micros(), fence_of(held)]).await?;
        tx.commit().await?;
        Ok(touched > 0)
    }

    /// Ends the work on a slot and frees the job; whether the lease was still held (else nothing changes).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_slot(&self, held: &SlotLease, end: SlotEnd) -> Result<bool> {
        const END: &str =
            "/* end_slot */ UPDATE job_slot SET state = $1, reason = $2, ended_at = $3, attempts = attempts - $4, lease_until = 0
            WHERE job = $5 AND slot = $6 AND fence = $7 AND state = 'running'";
        const FREE: &str = "/* end_slot */ UPDATE job SET lease_owner = '', lease_token = '' WHERE name = $1 AND lease_token = $2";
        const OLD: &str = "/* end_slot */ DELETE FROM job_slot WHERE job = $1
            AND slot < (SELECT MIN(slot) FROM (SELECT slot FROM job_slot WHERE job = $2 ORDER BY slot DESC LIMIT $3) kept)";
        let (state, reason, ended, back) = match &end {
            SlotEnd::Done => (SlotState::Done, None, Some(self.now().timestamp_micros()), 0),
            SlotEnd::Failed(why) => (SlotState::Failed, Some(why.as_str()), Some(self.now().timestamp_micros()), 0),
            SlotEnd::GivenBack => (SlotState::Running, None, None, 1),
        };
        let mut tx = self.pool.write().await?;
        let slot = held.slot.timestamp_micros();
        let touched = tx.run(END, values![state.key(), reason, ended, back, &held.job, slot, fence_of(held)]).await?;
        tx.run(FREE, values![&held.job, &held.token]).await?;
        tx.run(OLD, values![&held.job, &held.job, KEPT]).await?;
        tx.commit().await?;
        Ok(touched > 0)
    }
}

impl Tx {
    /// Whether the holder of the job is at work, as far as can be told from here.
    async fn is_held(&mut self, job: &str, owner: &str, now: DateTime<Utc>, lease: Duration) -> Result<bool> {
        const SQL: &str = "/* is_held */ SELECT lease_until FROM job_slot WHERE job = $1 AND state = 'running' ORDER BY slot DESC LIMIT 1";
        // A PostgreSQL store is shared between machines, whose host names nobody promises to differ.
        if self.is_sqlite() && LeaseOwner::decode(owner).is_some_and(|owner| owner.is_gone()) {
            return Ok(false);
        }
        let until: Option<(i64,)> = self.maybe(SQL, values![job]).await?;
        let (now, latest) = (now.timestamp_micros(), later(now + WRONG_CLOCK, lease));
        Ok(until.is_some_and(|(until,)| now < until && until <= latest))
    }

    /// Inserts the slot, or takes it over from a worker that died; gives how often it was claimed. `None`: it is over.
    async fn take_slot(&mut self, claim: &SlotClaim<'_>, fence: i64, now: DateTime<Utc>) -> Result<Option<i64>> {
        const NEW: &str = "/* take_slot */ INSERT INTO job_slot
                (job, slot, state, woken_by, missed, attempts, fence, lease_until, reason, started_at, ended_at)
            VALUES ($1, $2, 'running', $3, $4, 1, $5, $6, NULL, $7, NULL) ON CONFLICT (job, slot) DO NOTHING";
        const KNOWN: &str = "/* take_slot */ SELECT attempts FROM job_slot WHERE job = $1 AND slot = $2 AND state = 'running'";
        const AGAIN: &str = "/* take_slot */ UPDATE job_slot SET attempts = attempts + 1, fence = $1, lease_until = $2, started_at = $3
            WHERE job = $4 AND slot = $5";
        const GIVE_UP: &str =
            "/* take_slot */ UPDATE job_slot SET state = 'failed', reason = $1, ended_at = $2 WHERE job = $3 AND slot = $4";
        let (job, slot) = (claim.job, claim.slot.timestamp_micros());
        let (until, at) = (later(now, claim.lease), now.timestamp_micros());
        let missed = i64::try_from(claim.missed).unwrap_or(i64::MAX);
        if self.run(NEW, values![job, slot, claim.woken_by.key(), missed, fence, until, at]).await? > 0 {
            return Ok(Some(1));
        }
        let known: Option<(i64,)> = self.maybe(KNOWN, values![job, slot]).await?;
        match known {
            None => Ok(None),
            Some((attempts,)) if attempts >= MOST_ATTEMPTS => {
                let why = format!("its process ended {attempts} times before it was done");
                self.run(GIVE_UP, values![&why, at, job, slot]).await?;
                Ok(None)
            }
            Some((attempts,)) => {
                self.run(AGAIN, values![fence, until, at, job, slot]).await?;
                Ok(Some(attempts + 1))
            }
        }
    }
}

fn fence_of(held: &SlotLease) -> i64 {
    i64::try_from(held.fence).unwrap_or(i64::MAX)
}

fn later(from: DateTime<Utc>, by: Duration) -> i64 {
    from.timestamp_micros().saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
}

fn record((job, slot, state, woken_by, missed, attempts, reason, started_at, ended_at): SlotRow) -> Result<SlotRecord> {
    let at = At { table: "job_slot", id: slot };
    Ok(SlotRecord {
        slot: at.time("slot", slot)?,
        state: at.word("state", &state, SlotState::from_key)?,
        woken_by: at.word("woken_by", &woken_by, WokenBy::from_key)?,
        missed: at.count("missed", missed)?,
        attempts: at.count("attempts", attempts)?,
        reason,
        started_at: at.time("started_at", started_at)?,
        ended_at: ended_at.map(|ended| at.time("ended_at", ended)).transpose()?,
        job,
    })
}
