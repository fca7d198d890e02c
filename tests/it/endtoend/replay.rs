//! The same again: a second pull and a second reconciliation change nothing, rows in another order change nothing, and
//! whoever evaluates only what changed comes to what a full evaluation comes to.

use super::office::OF_THE_PLACE;
use super::office::OF_THE_RUN;
use super::office::same;
use super::office::without;
use super::truth::app_at;
use super::truth::documents;
use super::truth::play;
use super::truth::stage;
use super::truth::stored;
use chrono::TimeDelta;
use selaras::app::App;
use selaras::app::demo::Comparison;
use selaras::app::demo::Stage;
use selaras::app::import;
use selaras::app::import::ImportOptions;
use selaras::app::reconcile;
use selaras::app::report;
use selaras::clock::Clock;
use selaras::domain::Code;
use selaras::intake::FileKind;
use selaras::simulator::Ministry;
use selaras::simulator::PaymentForm;
use selaras::simulator::Settings;
use selaras::store::BatchStatus;
use std::path::Path;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_time_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, clock) = stage(60, 11, folder.path()).await;
    let first = play(&stage).await;
    let of_first = documents(&stored(&stage).await);
    let as_of = clock.now();
    let before = documents(&report::of(&stage.app, stage.period, as_of).await.unwrap());
    for (one, other) in before.iter().zip(&of_first) {
        same(one, other, "what reconcile says and what export says");
    }
    clock.advance(TimeDelta::hours(1));
    for (kind, path) in stage.imports() {
        for again in stage.import(kind, path).await.unwrap() {
            assert_eq!((again.status, again.new, again.changed, again.vanished), ("unchanged", 0, 0, 0), "{again:?}");
        }
    }
    let pulled = stage.pull(None, Arc::new(|| false)).await.unwrap();
    assert!(!pulled.resumed && !pulled.report.batches.is_empty());
    for batch in &pulled.report.batches {
        assert_eq!((batch.status, batch.new, batch.changed, batch.vanished), (BatchStatus::Unchanged, 0, 0, 0), "{batch:?}");
        assert!(batch.rows > 0 && batch.unchanged == batch.rows, "{batch:?}");
    }
    let second = stage.reconcile(&mut |_| {}).await.unwrap();
    assert!(!second.saved.changed, "{:?}", second.saved);
    // Only those whose question failed again were looked at again.
    let failed = stage.truth.planted.iter().filter(|planted| planted.code == Code::Sr02).count() as u64;
    assert_eq!((second.evaluated, second.unchanged), (failed, first.evaluated - failed));
    assert_eq!((second.saved.new, second.saved.resolved), (first.saved.new, 0));
    let after = documents(&report::of(&stage.app, stage.period, as_of).await.unwrap());
    for (one, other) in before.iter().zip(&after) {
        same(one, other, "exports of one instant, before and after");
    }
    assert!(second.looked_at.is_some(), "nothing that people share has changed");
    for (one, other) in before.iter().zip(&documents(&stored(&stage).await)) {
        same(&without(one, &OF_THE_RUN), &without(other, &OF_THE_RUN), "the first and the second reconciliation");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn evaluating_everybody_changes_nothing_either() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, clock) = stage(50, 12, folder.path()).await;
    let first = play(&stage).await;
    let of_first = documents(&stored(&stage).await);
    let as_of = clock.now();
    let full = reconcile::run(&stage.app, stage.period, true, as_of, &mut |_| {}).await.unwrap();
    assert_eq!(full.evaluated, first.evaluated);
    let of_full = documents(&stored(&stage).await);
    for (one, other) in of_first.iter().zip(&of_full) {
        same(one, other, "incremental and --full");
    }
    let exported = documents(&report::of(&stage.app, stage.period, as_of).await.unwrap());
    for (one, other) in of_full.iter().zip(&exported) {
        same(one, other, "--full and export");
    }
}

/// A correction arrives: one store evaluates whom it concerns, the other everybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_seen_alike_by_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(50, 13, folder.path()).await;
    let text = std::fs::read_to_string(&stage.files.attendance).unwrap();
    let mut seen = Vec::new();
    for full in [false, true] {
        std::fs::write(&stage.files.attendance, &text).unwrap();
        stage.app = app_at(&stage, &format!("sqlite://{full}.db"), &clock).await;
        let everybody = play(&stage).await.evaluated;
        clock.advance(TimeDelta::minutes(1));
        let on_time = text.lines().filter(|line| line.contains(",07:2")).nth(20).unwrap();
        std::fs::write(&stage.files.attendance, text.replace(on_time, &on_time.replace(",07:2", ",10:2"))).unwrap();
        let changed = stage.import(FileKind::Attendance, &stage.files.attendance).await.unwrap();
        assert_eq!((changed[0].status, changed[0].changed), ("changed", 1));
        let done = reconcile::run(&stage.app, stage.period, full, clock.now(), &mut |_| {}).await.unwrap();
        assert_eq!(done.evaluated, if full { everybody } else { done.evaluated });
        assert!(done.saved.changed);
        seen.push(documents(&stored(&stage).await).map(|text| without(&text, &OF_THE_RUN)));
        clock.advance(TimeDelta::minutes(-1));
    }
    for (one, other) in seen[0].iter().zip(&seen[1]) {
        same(one, other, "incremental and --full");
    }
}

async fn import_all(app: &App, stage: &Stage, payment: &Path) {
    let options = |kind| ImportOptions { kind, period: Some(stage.period), dry_run: false, accept_partial: false };
    for (kind, path) in stage.imports() {
        let path = if path == stage.files.payment[0] { payment } else { path };
        import::file(app, path, options(kind)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_in_another_order_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(80, 14, folder.path()).await;
    let payment = folder.path().join("adk.txt");
    let ministry = Ministry::grow(&Settings { employees: 80, seed: 14, ..Settings::default() }).unwrap();
    ministry.write_payment(&payment, PaymentForm::Text).unwrap();
    let mut seen = Vec::new();
    for turn in 0..3_u64 {
        if turn > 0 {
            let files = &stage.files;
            for path in [&files.roster, &files.attendance, &files.permits, &files.discipline] {
                shuffle(path, 1, 0, turn);
            }
            shuffle(&payment, 0, 1, turn);
        }
        stage.app = app_at(&stage, &format!("sqlite://shuffled-{turn}.db"), &clock).await;
        import_all(&stage.app, &stage, &payment).await;
        stage.pull(None, Arc::new(|| false)).await.unwrap();
        stage.reconcile(&mut |_| {}).await.unwrap();
        let done = stored(&stage).await;
        assert!(Comparison::of(&stage.truth, &done.findings).is_exact(), "turn {turn}");
        seen.push(documents(&done).map(|text| without(&without(&text, &OF_THE_RUN), &OF_THE_PLACE)));
    }
    for other in &seen[1..] {
        for (one, other) in seen[0].iter().zip(other) {
            same(one, other, "documents of shuffled files");
        }
    }
}

/// Shuffles the lines of a file except those at its head and its foot.
fn shuffle(path: &Path, head: usize, foot: usize, seed: u64) {
    let text = std::fs::read_to_string(path).unwrap();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.len() - foot;
    let middle = &mut lines[head..last];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for at in (1..middle.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        middle.swap(at, (state % (at as u64 + 1)) as usize);
    }
    let shuffled = lines.join(end) + end;
    assert_eq!(shuffled.len(), text.len(), "{}: only the order changes", path.display());
    std::fs::write(path, shuffled).unwrap();
}
