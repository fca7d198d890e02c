//! The schedule: each slot once, whatever the clock, the process and the other replicas do. The clock is moved by the
//! tests; both engines are real.

use crate::support::Bench;
use crate::support::at;
use crate::support::on_both_engines;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use selaras::clock::ManualClock;
use selaras::schedule::Job;
use selaras::schedule::LEASE;
use selaras::schedule::Line;
use selaras::schedule::Looked;
use selaras::schedule::Rounds;
use selaras::schedule::Work;
use selaras::store::Claimed;
use selaras::store::SlotClaim;
use selaras::store::SlotEnd;
use selaras::store::SlotLease;
use selaras::store::SlotState;
use selaras::store::Store;
use selaras::store::StoreError;
use selaras::store::WokenBy;
use std::sync::Arc;
use std::sync::Mutex;

on_both_engines![
    each_slot_once_across_a_day_with_a_suspended_process_and_a_jumping_clock,
    two_schedulers_share_every_slot,
    slots_missed_while_nobody_served_are_one_run,
    a_slot_whose_worker_died_is_taken_over_and_its_writes_are_refused,
    a_job_that_kills_its_process_is_not_tried_for_ever,
    a_slot_that_was_given_back_is_taken_up_again,
    an_alarm_that_never_rings_is_noticed_by_the_watchdog,
    another_line_owes_nothing_of_the_past,
    a_failure_is_kept_with_its_reason,
];

type Done = Arc<Mutex<Vec<DateTime<Utc>>>>;

/// Work that writes down its slot.
fn note(done: &Done) -> Work {
    let done = Arc::clone(done);
    Arc::new(move |assignment| {
        let done = Arc::clone(&done);
        Box::pin(async move {
            done.lock().unwrap().push(assignment.lease.slot);
            SlotEnd::Done
        })
    })
}

fn line(text: &str) -> Line {
    Line::new(text, chrono_tz::Asia::Jakarta).unwrap()
}

async fn rounds(store: &Store, clock: &ManualClock, text: &str, work: Work) -> Rounds {
    Rounds::plan(store.clone(), Arc::new(clock.clone()), [(Job::Sync, line(text))], work).await.unwrap()
}

fn slots(from: &str, minutes: i64, count: i64) -> Vec<DateTime<Utc>> {
    (0..count).map(|n| at(from) + TimeDelta::minutes(minutes * n)).collect()
}

/// Half-hourly slots over 24 hours, looked at every 20 seconds: the process is suspended for two hours and a half, the
/// clock jumps three hours ahead and is put right again, and goes back by 40 minutes once more.
async fn each_slot_once_across_a_day_with_a_suspended_process_and_a_jumping_clock(bench: Bench) {
    let done = Done::default();
    let rounds = rounds(&bench.store, &bench.clock, "0 */30 * * * *", note(&done)).await;
    let step = TimeDelta::seconds(20);
    let (begin, end) = (at("2026-11-02T01:00:00Z"), at("2026-11-03T01:00:00Z"));
    let mut now = begin;
    let mut ticks = 0;
    while now < end {
        rounds.look(Job::Sync, WokenBy::Watchdog).await.unwrap();
        rounds.look(Job::Sync, WokenBy::Alarm).await.unwrap();
        ticks += 1;
        let jump = match ticks {
            // Suspended from 06:59:40 to 09:29:40: 07:00 … 09:00 are one run.
            1_079 => TimeDelta::minutes(150),
            // Ahead by three hours at 14:00, and back a minute later.
            1_890 => TimeDelta::hours(3),
            1_893 => -TimeDelta::hours(3),
            2_500 => -TimeDelta::minutes(40),
            _ => TimeDelta::zero(),
        };
        bench.clock.advance(step + jump);
        now = now + step + jump;
    }
    let mut worked = done.lock().unwrap().clone();
    worked.sort_unstable();
    let mut once = worked.clone();
    once.dedup();
    assert_eq!(worked, once, "a slot was worked twice");
    let suspended = [at("2026-11-02T07:00:00Z"), at("2026-11-02T07:30:00Z"), at("2026-11-02T08:00:00Z"), at("2026-11-02T08:30:00Z")];
    let expected: Vec<_> = slots("2026-11-02T01:00:00Z", 30, 48).into_iter().filter(|slot| !suspended.contains(slot)).collect();
    assert_eq!(worked, expected, "every slot but those that one run stands for");
    let kept = bench.store.slots("sync", 1_000).await.unwrap();
    assert!(kept.iter().all(|slot| slot.state == SlotState::Done && slot.attempts == 1));
    let of = |slot| kept.iter().find(|kept| kept.slot == at(slot)).unwrap();
    assert_eq!(of("2026-11-02T09:00:00Z").missed, 4);
}

async fn two_schedulers_share_every_slot(bench: Bench) {
    let (mine, theirs) = (Done::default(), Done::default());
    let other = bench.another().await;
    let one = Arc::new(rounds(&bench.store, &bench.clock, "0 * * * * *", note(&mine)).await);
    let two = Arc::new(rounds(&other, &bench.clock, "0 * * * * *", note(&theirs)).await);
    for _ in 0..60 {
        let looks = [&one, &two, &one, &two].map(|rounds| {
            let rounds = Arc::clone(rounds);
            let here = tokio::runtime::Handle::current();
            tokio::task::spawn_blocking(move || here.block_on(rounds.look(Job::Sync, WokenBy::Alarm)).unwrap())
        });
        for look in looks {
            look.await.unwrap();
        }
        bench.clock.advance(TimeDelta::minutes(1));
    }
    let mut all: Vec<_> = mine.lock().unwrap().iter().chain(theirs.lock().unwrap().iter()).copied().collect();
    all.sort_unstable();
    assert_eq!(all, slots("2026-11-02T01:00:00Z", 1, 60));
}

async fn slots_missed_while_nobody_served_are_one_run(bench: Bench) {
    let done = Done::default();
    let first = rounds(&bench.store, &bench.clock, "0 0 * * * *", note(&done)).await;
    assert_eq!(first.look(Job::Sync, WokenBy::Start).await.unwrap(), Looked::Worked(at("2026-11-02T01:00:00Z"), true));
    assert_eq!(first.look(Job::Sync, WokenBy::Start).await.unwrap(), Looked::Idle);
    drop(first);
    bench.clock.advance(TimeDelta::hours(53) + TimeDelta::minutes(10));
    let again = rounds(&bench.another().await, &bench.clock, "0 0 * * * *", note(&done)).await;
    assert_eq!(again.look(Job::Sync, WokenBy::Start).await.unwrap(), Looked::Worked(at("2026-11-04T06:00:00Z"), true));
    assert_eq!(again.look(Job::Sync, WokenBy::Watchdog).await.unwrap(), Looked::Idle);
    let newest = bench.store.job("sync").await.unwrap().unwrap().newest.unwrap();
    assert_eq!((newest.missed, newest.woken_by, newest.state), (52, WokenBy::Start, SlotState::Done));
}

async fn claim(store: &Store, slot: &str) -> Claimed {
    let claim = SlotClaim { job: "sync", slot: at(slot), woken_by: WokenBy::Alarm, missed: 0, lease: LEASE };
    store.claim_slot(&claim).await.unwrap()
}

fn won(claimed: Claimed) -> SlotLease {
    match claimed {
        Claimed::Won(lease) => lease,
        other => panic!("{other:?}"),
    }
}

async fn a_slot_whose_worker_died_is_taken_over_and_its_writes_are_refused(bench: Bench) {
    let slot = "2026-11-02T01:00:00Z";
    bench.store.plan_job("sync", "x").await.unwrap();
    let old = won(claim(&bench.store, slot).await);
    let writes = bench.store.under(&old);
    writes.plan_job("other", "x").await.unwrap();
    let other = bench.another().await;
    bench.clock.advance(TimeDelta::from_std(LEASE).unwrap() - TimeDelta::seconds(1));
    assert_eq!(claim(&other, slot).await, Claimed::Busy, "overlap");
    assert!(bench.store.renew_slot(&old, LEASE).await.unwrap());
    bench.clock.advance(TimeDelta::from_std(LEASE).unwrap());
    // Suspended past its lease.
    let new = won(claim(&other, slot).await);
    assert!(new.fence > old.fence && new.attempts == 2, "{new:?}");
    let refused = writes.plan_job("third", "x").await.unwrap_err();
    assert_eq!(refused, StoreError::LeaseLost { job: "sync".to_owned() });
    assert!(other.job("third").await.unwrap().is_none(), "it was written all the same");
    assert!(!bench.store.renew_slot(&old, LEASE).await.unwrap());
    assert!(!bench.store.end_slot(&old, SlotEnd::Done).await.unwrap());
    other.under(&new).plan_job("third", "x").await.unwrap();
    assert!(other.end_slot(&new, SlotEnd::Done).await.unwrap());
    assert!(other.under(&new).plan_job("fourth", "x").await.is_err(), "an ended lease writes no more");
    assert_eq!(claim(&bench.store, slot).await, Claimed::Over);
}

async fn a_job_that_kills_its_process_is_not_tried_for_ever(bench: Bench) {
    let slot = "2026-11-02T01:00:00Z";
    bench.store.plan_job("sync", "x").await.unwrap();
    for attempt in 1..=3 {
        assert_eq!(won(claim(&bench.store, slot).await).attempts, attempt);
        bench.clock.advance(TimeDelta::from_std(LEASE).unwrap());
    }
    assert_eq!(claim(&bench.store, slot).await, Claimed::Over);
    let newest = bench.store.job("sync").await.unwrap().unwrap().newest.unwrap();
    assert_eq!(newest.state, SlotState::Failed);
    assert!(newest.reason.unwrap().contains("3 times"));
    won(claim(&bench.store, "2026-11-02T01:05:00Z").await);
}

async fn a_slot_that_was_given_back_is_taken_up_again(bench: Bench) {
    let slot = "2026-11-02T01:00:00Z";
    bench.store.plan_job("sync", "0 0 * * * * Asia/Jakarta").await.unwrap();
    for _ in 0..5 {
        let lease = won(claim(&bench.store, slot).await);
        assert_eq!(lease.attempts, 1);
        assert!(bench.store.end_slot(&lease, SlotEnd::GivenBack).await.unwrap());
    }
    let done = Done::default();
    let rounds = rounds(&bench.store, &bench.clock, "0 0 * * * *", note(&done)).await;
    assert_eq!(rounds.look(Job::Sync, WokenBy::Start).await.unwrap(), Looked::Worked(at(slot), true));
}

/// The library's issue #113: an alarm that rang once and never again.
async fn an_alarm_that_never_rings_is_noticed_by_the_watchdog(bench: Bench) {
    let done = Done::default();
    let rounds = rounds(&bench.store, &bench.clock, "0 0 * * * *", note(&done)).await;
    rounds.look(Job::Sync, WokenBy::Alarm).await.unwrap();
    bench.clock.advance(TimeDelta::minutes(60) + TimeDelta::seconds(30));
    assert_eq!(rounds.look(Job::Sync, WokenBy::Watchdog).await.unwrap(), Looked::Idle, "the alarm may still ring");
    bench.clock.advance(TimeDelta::seconds(31));
    assert_eq!(rounds.look(Job::Sync, WokenBy::Watchdog).await.unwrap(), Looked::Worked(at("2026-11-02T02:00:00Z"), true));
    let kept = bench.store.slots("sync", 10).await.unwrap();
    assert_eq!(kept.iter().map(|slot| slot.woken_by).collect::<Vec<_>>(), [WokenBy::Watchdog, WokenBy::Alarm]);
}

async fn another_line_owes_nothing_of_the_past(bench: Bench) {
    let done = Done::default();
    rounds(&bench.store, &bench.clock, "0 0 8 * * *", note(&done)).await.look(Job::Sync, WokenBy::Start).await.unwrap();
    bench.clock.advance(TimeDelta::hours(3));
    let later = rounds(&bench.store, &bench.clock, "0 0 9 * * *", note(&done)).await;
    assert_eq!(later.look(Job::Sync, WokenBy::Start).await.unwrap(), Looked::Idle, "09.00 had passed when it was first written");
    bench.clock.advance(TimeDelta::hours(24));
    assert_eq!(later.look(Job::Sync, WokenBy::Start).await.unwrap(), Looked::Worked(at("2026-11-03T02:00:00Z"), true));
}

async fn a_failure_is_kept_with_its_reason(bench: Bench) {
    let work: Work = Arc::new(|_| Box::pin(async { SlotEnd::Failed("token ditolak".to_owned()) }));
    let rounds = rounds(&bench.store, &bench.clock, "0 0 * * * *", work).await;
    rounds.look(Job::Sync, WokenBy::Alarm).await.unwrap();
    let newest = bench.store.job("sync").await.unwrap().unwrap().newest.unwrap();
    assert_eq!((newest.state, newest.reason.as_deref()), (SlotState::Failed, Some("token ditolak")));
    assert_eq!(rounds.look(Job::Sync, WokenBy::Watchdog).await.unwrap(), Looked::Idle, "its next slot is its next try");
}
