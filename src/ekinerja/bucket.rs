//! The token bucket: when one request may leave. It knows no HTTP. Monotonic time only, so a corrected wall clock
//! neither floods BKN nor stops us.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use tokio::time::Instant;

/// A wait for one token.
pub type Taking<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Hands out the right to send one request. The one here serves a process; a store can serve all processes that share
/// it (contract §5: one bucket per surface for all processes on one store).
pub trait Bucket: Send + Sync {
    /// Returns when one request may leave. Dropping the future gives nothing back.
    fn take(&self) -> Taking<'_>;

    /// Nobody takes a token before this much time has passed.
    fn pause(&self, wait: Duration);
}

/// The bucket of one process, as a virtual schedule: each request books the next free moment.
#[derive(Debug)]
pub struct LocalBucket {
    interval: Duration,
    slack: Duration,
    schedule: Mutex<Schedule>,
}

#[derive(Debug)]
struct Schedule {
    next: Instant,
    paused_until: Instant,
}

/// Shorter waits are not slept: the timer is no finer. The schedule still advances, so the rate holds.
const TIMER_GRAIN: Duration = Duration::from_millis(1);

/// Slower than one request a day is no rate.
const SLOWEST: Duration = Duration::from_secs(86_400);

impl LocalBucket {
    /// A full bucket.
    pub fn new(requests_per_second: f64, burst: u32) -> Self {
        let interval = Duration::try_from_secs_f64(1.0 / requests_per_second).unwrap_or(SLOWEST).min(SLOWEST);
        let now = Instant::now();
        Self { interval, slack: interval * burst.saturating_sub(1), schedule: Mutex::new(Schedule { next: now, paused_until: now }) }
    }

    fn schedule(&self) -> std::sync::MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Books the next free moment and returns it.
    fn book(&self, now: Instant) -> Instant {
        let mut schedule = self.schedule();
        let booked = schedule.next.max(now);
        schedule.next = booked + self.interval;
        booked.checked_sub(self.slack).unwrap_or(now).max(now)
    }
}

impl Bucket for LocalBucket {
    fn take(&self) -> Taking<'_> {
        Box::pin(async move {
            let now = Instant::now();
            let booked = self.book(now);
            if booked - now >= TIMER_GRAIN {
                tokio::time::sleep_until(booked).await;
            }
            loop {
                let paused_until = self.schedule().paused_until;
                if paused_until <= Instant::now() {
                    return;
                }
                tokio::time::sleep_until(paused_until).await;
            }
        })
    }

    fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut schedule = self.schedule();
        schedule.paused_until = schedule.paused_until.max(until);
        // Who books during the pause queues up behind its end instead of leaving with everybody else.
        schedule.next = schedule.next.max(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    async fn take(bucket: &LocalBucket, count: usize) -> Duration {
        let start = Instant::now();
        for _ in 0..count {
            bucket.take().await;
        }
        start.elapsed()
    }

    #[tokio::test]
    async fn a_burst_leaves_at_once_and_the_rest_at_the_rate() {
        let bucket = LocalBucket::new(5.0, 5);
        assert!(take(&bucket, 5).await < Duration::from_millis(190));
        let rest = take(&bucket, 2).await;
        assert!(rest >= Duration::from_millis(200), "{rest:?}");
    }

    #[tokio::test]
    async fn a_pause_holds_everybody_also_those_who_already_wait() {
        let bucket = Arc::new(LocalBucket::new(1000.0, 1000));
        bucket.pause(Duration::from_millis(60));
        let early = {
            let bucket = bucket.clone();
            tokio::spawn(async move { take(&bucket, 1).await })
        };
        tokio::time::sleep(Duration::from_millis(20)).await;
        bucket.pause(Duration::from_millis(100));
        assert!(early.await.unwrap() >= Duration::from_millis(118));
    }

    #[tokio::test]
    async fn a_fast_rate_is_not_slowed_by_the_timer() {
        let bucket = Arc::new(LocalBucket::new(20_000.0, 1));
        let start = Instant::now();
        let takers: Vec<_> = (0..8)
            .map(|_| {
                let bucket = bucket.clone();
                tokio::spawn(async move { take(&bucket, 500).await })
            })
            .collect();
        for taker in takers {
            taker.await.unwrap();
        }
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(195), "4000 requests at 20000 a second: {took:?}");
        assert!(took < Duration::from_millis(1500), "{took:?}");
    }
}
