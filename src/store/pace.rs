//! The pace of a surface for all processes on one store: a virtual schedule in one row. It knows moments and spans,
//! nothing of requests.
//!
//! Clocks of several machines differ, so nobody's wall clock is believed beyond its first word: whoever comes tells a
//! time, takes over the latest that anybody has told (`seen_at`), and measures from there. The order of the bookings is
//! that of the database.

use super::Result;
use super::Store;
use super::tx::Tx;
use super::tx::values;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use std::time::Duration;

/// A stretch of the schedule that nobody else has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// The time that holds: the caller's, or the latest that anybody has told.
    pub now: DateTime<Utc>,
    /// Where the stretch begins; not before `now`.
    pub start: DateTime<Utc>,
    /// Nobody asks before this moment; not after `now` when nobody has paused the surface.
    pub paused_until: DateTime<Utc>,
}

/// `next_at`, `paused_until`, `seen_at`, in microseconds.
type Row = (i64, i64, i64);

impl Store {
    /// Books the next `span` of the surface's schedule. `longest` bounds how far ahead of now the stretch may begin,
    /// unless there is a pause: what a process with a far slower pace has booked holds up nobody for long.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn book_pace(&self, surface: &str, now: DateTime<Utc>, span: Duration, longest: Duration) -> Result<Booked> {
        let mut tx = self.pool.write().await?;
        let (next, paused, seen) = tx.pace(surface).await?;
        let now = now.timestamp_micros().max(seen);
        let start = next.min(now.saturating_add(micros(longest))).max(now).max(paused);
        tx.set_pace(surface, (start.saturating_add(micros(span)), paused, now)).await?;
        tx.commit().await?;
        Ok(Booked { now: instant(now), start: instant(start), paused_until: instant(paused) })
    }

    /// Nobody asks the surface before `wait` has passed from `now`; gives the end of the longest pause that holds.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pause_pace(&self, surface: &str, now: DateTime<Utc>, wait: Duration) -> Result<Booked> {
        let mut tx = self.pool.write().await?;
        let (next, paused, seen) = tx.pace(surface).await?;
        let now = now.timestamp_micros().max(seen);
        let paused = now.saturating_add(micros(wait)).max(paused);
        let start = next.max(paused);
        tx.set_pace(surface, (start, paused, now)).await?;
        tx.commit().await?;
        Ok(Booked { now: instant(now), start: instant(start), paused_until: instant(paused) })
    }

    /// The time that holds and the end of the pause, as the last writer left them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look_at_pace(&self, surface: &str, now: DateTime<Utc>) -> Result<Booked> {
        const SQL: &str = "/* look_at_pace */ SELECT next_at, paused_until, seen_at FROM pace WHERE surface = $1";
        let mut tx = self.pool.read().await?;
        let row: Option<Row> = tx.maybe(SQL, values![surface]).await?;
        tx.commit().await?;
        let (next, paused, seen) = row.unwrap_or_default();
        let now = now.timestamp_micros().max(seen);
        Ok(Booked { now: instant(now), start: instant(next.max(now)), paused_until: instant(paused) })
    }
}

impl Tx {
    /// The row of the surface, for this transaction alone.
    async fn pace(&mut self, surface: &str) -> Result<Row> {
        const SQL: &str = "/* pace */ SELECT next_at, paused_until, seen_at FROM pace WHERE surface = $1";
        self.alone_on(&format!("pace {surface}")).await?;
        Ok(self.maybe(SQL, values![surface]).await?.unwrap_or_default())
    }

    async fn set_pace(&mut self, surface: &str, (next, paused, seen): Row) -> Result<()> {
        const SQL: &str = "/* set_pace */ INSERT INTO pace (surface, next_at, paused_until, seen_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (surface) DO UPDATE SET next_at = excluded.next_at, paused_until = excluded.paused_until, seen_at = excluded.seen_at";
        self.run(SQL, values![surface, next, paused, seen]).await?;
        Ok(())
    }
}

/// Whole microseconds, rounded up: a schedule is never faster than it was told.
fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_nanos().div_ceil(1_000)).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

fn instant(micros: i64) -> DateTime<Utc> {
    let bounds = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC - TimeDelta::days(366)];
    DateTime::from_timestamp_micros(micros).unwrap_or(bounds[usize::from(micros > 0)])
}
