//! One bucket for all processes on a store: together they keep the rate, whatever their clocks say, and a pause of one
//! is a pause of all.

use crate::support::Bench;
use crate::support::on_both_engines;
use selaras::clock::Clock;
use selaras::clock::ManualClock;
use selaras::clock::SharedClock;
use selaras::ekinerja::Bucket;
use selaras::store::Store;
use selaras::sync::StoreBucket;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

const RATE: f64 = 100.0;

on_both_engines!(
    two_processes_keep_one_rate,
    clocks_that_differ_keep_it_too,
    a_pause_of_one_holds_all,
    what_nobody_used_is_not_saved_up,
    a_far_slower_process_holds_nobody_for_long,
    surfaces_have_their_own,
);

async fn bucket(bench: &Bench, hours: i64) -> Arc<StoreBucket> {
    bucket_of(bench.another().await, bench, hours, RATE, 1)
}

/// A process whose clock is so many hours wrong.
fn bucket_of(store: Store, bench: &Bench, hours: i64, rate: f64, burst: u32) -> Arc<StoreBucket> {
    let clock = ManualClock::at(bench.clock.now() + chrono::Duration::hours(hours));
    let clock: SharedClock = Arc::new(clock);
    Arc::new(StoreBucket::new(store, &clock, "siasn", rate, burst))
}

/// When requests left, of so many askers in each process, in `time`.
async fn departures(buckets: &[Arc<StoreBucket>], askers: usize, time: Duration) -> Vec<Duration> {
    let (start, left) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
    let mut tasks = Vec::new();
    for bucket in buckets {
        for _ in 0..askers {
            let (bucket, left) = (Arc::clone(bucket), Arc::clone(&left));
            tasks.push(tokio::spawn(async move {
                while tokio::time::timeout(time.saturating_sub(start.elapsed()), bucket.take()).await.is_ok() {
                    left.lock().unwrap().push(start.elapsed());
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut left = left.lock().unwrap().clone();
    left.sort();
    left
}

/// The most that left within any second.
fn most_in_a_second(left: &[Duration]) -> usize {
    let within = |from: &Duration| left.iter().filter(|at| **at >= *from && **at < *from + Duration::from_secs(1)).count();
    left.iter().map(within).max().unwrap_or_default()
}

async fn two_processes_keep_one_rate(bench: Bench) {
    let both = [bucket(&bench, 0).await, bucket(&bench, 0).await];
    let left = departures(&both, 6, Duration::from_millis(2_500)).await;
    assert!(
        most_in_a_second(&left) <= 110,
        "a hundred a second, and what the timer of a busy machine is late: {}",
        most_in_a_second(&left)
    );
    assert!(left.len() >= 200, "{} of 250", left.len());
}

/// One is an hour behind, one a day ahead; who comes first does not matter.
async fn clocks_that_differ_keep_it_too(bench: Bench) {
    let all = [bucket(&bench, -1).await, bucket(&bench, 24).await, bucket(&bench, 0).await];
    departures(&all[..1], 1, Duration::from_millis(100)).await;
    let left = departures(&all, 3, Duration::from_millis(2_500)).await;
    // Who is ahead cannot know what the others have booked: once, and no more than a batch.
    assert!(most_in_a_second(&left) <= 110 + 20, "{}", most_in_a_second(&left));
    let later: Vec<Duration> = left.iter().copied().filter(|at| *at >= Duration::from_millis(500)).collect();
    assert!(most_in_a_second(&later) <= 110, "{}", most_in_a_second(&later));
    assert!(left.len() >= 150, "nobody waits for the clock of another: {}", left.len());
    let back = bucket(&bench, -24 * 365).await;
    assert!(!departures(&[back], 1, Duration::from_millis(1_500)).await.is_empty(), "not even a year");
}

async fn a_pause_of_one_holds_all(bench: Bench) {
    let (one, other) = (bucket(&bench, 0).await, bucket(&bench, 0).await);
    let at_work = {
        let other = Arc::clone(&other);
        tokio::spawn(async move { departures(&[other], 6, Duration::from_millis(2_000)).await })
    };
    tokio::time::sleep(Duration::from_millis(500)).await;
    one.pause(Duration::from_millis(1_000));
    let left = at_work.await.unwrap();
    let (from, to) = (Duration::from_millis(750), Duration::from_millis(1_480));
    let within: Vec<&Duration> = left.iter().filter(|at| **at > from && **at < to).collect();
    assert!(within.is_empty(), "seen within 250 ms: {within:?}");
    let before = left.iter().filter(|at| **at <= from).count();
    let after: Vec<Duration> = left.iter().copied().filter(|at| *at >= to).collect();
    assert!(before >= 40 && after.len() >= 30, "{before} before, {} after", after.len());
    let heap = after.iter().filter(|at| **at < after[0] + Duration::from_millis(100)).count();
    assert!(heap <= 18, "who waited for the end does not leave in a heap: {heap}");
}

async fn what_nobody_used_is_not_saved_up(bench: Bench) {
    let one = bucket(&bench, 0).await;
    departures(&[Arc::clone(&one)], 6, Duration::from_millis(500)).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let left = departures(&[one], 6, Duration::from_millis(500)).await;
    assert!(left.len() <= 52, "{}", left.len());
}

/// Somebody asks once an hour by mistake: what that has booked holds the others for a few batches at most.
async fn a_far_slower_process_holds_nobody_for_long(bench: Bench) {
    let slow = bucket_of(bench.another().await, &bench, 0, 1.0 / 3_600.0, 1);
    slow.take().await;
    let quick = bucket_of(bench.another().await, &bench, 0, 2_000.0, 1);
    let start = Instant::now();
    quick.take().await;
    assert!(start.elapsed() < Duration::from_secs(14), "{:?}", start.elapsed());
}

async fn surfaces_have_their_own(bench: Bench) {
    let siasn = bucket(&bench, 0).await;
    siasn.pause(Duration::from_secs(60));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let clock: SharedClock = Arc::new(bench.clock.clone());
    let report = StoreBucket::new(bench.another().await, &clock, "report", RATE, 5);
    let start = Instant::now();
    for _ in 0..5 {
        report.take().await;
    }
    assert!(start.elapsed() < Duration::from_millis(300), "five at once: {:?}", start.elapsed());
    assert!(tokio::time::timeout(Duration::from_millis(100), siasn.take()).await.is_err());
}
