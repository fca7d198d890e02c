//! Two processes reconcile the same period: whoever comes late, or has a clock that is late, never puts an older instant
//! in the place of a newer one.

use super::office::same;
use super::touched::import;
use super::truth::app_at;
use super::truth::documents;
use super::truth::play;
use super::truth::stage;
use super::truth::stored;
use crate::support;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;
use selaras::app::App;
use selaras::app::demo::Stage;
use selaras::app::evaluation::People;
use selaras::app::reconcile;
use selaras::app::report;
use selaras::clock::Clock;
use selaras::clock::ManualClock;
use selaras::intake::FileKind;

/// The instant of what is stored, which must be what `export` works out for it.
async fn stands_at(stage: &Stage) -> DateTime<Utc> {
    let as_of = stage.app.store.latest_reconcile_run(stage.period).await.unwrap().unwrap().as_of;
    let exported = report::of(&stage.app, stage.period, as_of).await.unwrap();
    for (one, other) in documents(&stored(stage).await).iter().zip(&documents(&exported)) {
        same(one, other, "what is stored and export");
    }
    as_of
}

/// Somebody comes late, and another process with another clock takes that in.
async fn meanwhile(stage: &Stage, other: &App, row: &str) -> DateTime<Utc> {
    let text = std::fs::read_to_string(&stage.files.attendance).unwrap();
    let line = text.lines().find(|line| line.contains(row) && line.contains(",07:")).unwrap();
    std::fs::write(&stage.files.attendance, text.replacen(line, &line.replacen(",07:", ",09:", 1), 1)).unwrap();
    let import = selaras::app::import::ImportOptions {
        kind: FileKind::Attendance,
        period: Some(stage.period),
        dry_run: false,
        accept_partial: false,
    };
    selaras::app::import::file(other, &stage.files.attendance, import).await.unwrap();
    let done = reconcile::run(other, stage.period, false, other.clock.now(), &mut |_| {}).await.unwrap();
    assert!(done.saved.changed);
    other.clock.now()
}

async fn never_goes_back(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(40, 91, folder.path()).await;
    stage.app = app_at(&stage, url, &clock).await;
    play(&stage).await;
    let theirs = ManualClock::at(clock.now());
    let other = app_at(&stage, url, &theirs).await;

    // Overtaken in the middle: whatever was begun before ends as if it had begun afterwards.
    clock.advance(TimeDelta::minutes(1));
    theirs.advance(TimeDelta::minutes(5));
    import(&stage, FileKind::Roster, &stage.files.roster).await;
    let mut newest = None;
    let runtime = tokio::runtime::Handle::current();
    stage
        .reconcile(&mut |_| {
            newest.get_or_insert_with(|| tokio::task::block_in_place(|| runtime.block_on(meanwhile(&stage, &other, "2026-10-14"))));
        })
        .await
        .unwrap();
    assert_eq!(Some(stands_at(&stage).await), newest, "overtaken");

    // Not overtaken, with a clock that is late.
    clock.advance(TimeDelta::minutes(1));
    theirs.advance(TimeDelta::minutes(1));
    let newest = meanwhile(&stage, &other, "2026-10-15").await;
    assert!(clock.now() < newest);
    let done = stage.reconcile(&mut |_| {}).await.unwrap();
    assert!(!done.saved.changed, "{done:?}");
    assert_eq!(stands_at(&stage).await, newest, "a clock that is late");
    clock.advance(TimeDelta::minutes(10));
    stage.reconcile(&mut |_| {}).await.unwrap();
    assert_eq!(stands_at(&stage).await, clock.now(), "the present");

    // Who names an instant means it, and leaves nobody there.
    for minutes in [-5, 120] {
        let named = clock.now() + TimeDelta::minutes(minutes);
        reconcile::run(&stage.app, stage.period, false, named, &mut |_| {}).await.unwrap();
        assert_eq!(stands_at(&stage).await, named);
        stage.reconcile(&mut |_| {}).await.unwrap();
        assert_eq!(stands_at(&stage).await, clock.now(), "back from {minutes} minutes");
    }
    // A clock that was far ahead, and set right: it was wrong, and what it said is no measure.
    theirs.advance(TimeDelta::days(400));
    reconcile::run(&other, stage.period, false, theirs.now(), &mut |_| {}).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    assert_eq!(stands_at(&stage).await, clock.now(), "a clock that was wrong");
}

/// A task that reads ahead and dies has not come to the end.
#[tokio::test(flavor = "multi_thread")]
async fn who_dies_while_reading_has_not_read_everybody() {
    let mut people = People::read_ahead(|hand| async move {
        hand.send(Vec::new()).await.unwrap();
        panic!("on purpose");
    });
    assert!(people.next().await.unwrap().is_some());
    let why = people.next().await.unwrap_err();
    assert!(!why.is_refusal() && people.next().await.is_err(), "{why:?}");

    let mut people = People::read_ahead(|hand| async move {
        hand.send(Vec::new()).await.unwrap();
        Ok(())
    });
    assert!(people.next().await.unwrap().is_some());
    assert!(people.next().await.unwrap().is_none() && people.next().await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    never_goes_back("sqlite://dua.db").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    never_goes_back(&support::postgres::fresh_database().await).await;
}
