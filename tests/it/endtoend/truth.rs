//! Whatever the simulator plants is found, and nothing else is, on either engine.

use super::office::OF_THE_RUN;
use super::office::without;
use crate::support;
use selaras::app::App;
use selaras::app::demo;
use selaras::app::demo::Comparison;
use selaras::app::demo::Stage;
use selaras::app::pull;
use selaras::app::pull::PullOptions;
use selaras::app::reconcile::Reconciled;
use selaras::app::report;
use selaras::app::report::PeriodReport;
use selaras::clock::ManualClock;
use selaras::config::Config;
use selaras::domain::text::Lang;
use selaras::ekinerja::Surface;
use selaras::export::Format;
use selaras::export::What;
use selaras::export::write_document;
use selaras::intake::FileKind;
use selaras::simulator::Settings;
use std::path::Path;
use std::sync::Arc;

/// A stage whose clock stands still until the test moves it.
pub async fn stage(employees: usize, seed: u64, folder: &Path) -> (Stage, ManualClock) {
    stage_of(Settings { employees, seed, ..Settings::default() }, folder).await
}

async fn stage_of(settings: Settings, folder: &Path) -> (Stage, ManualClock) {
    let clock = ManualClock::at(support::at("2026-11-05T01:00:00Z"));
    let stage = demo::set_up(settings, folder, Arc::new(clock.clone())).await.unwrap();
    (stage, clock)
}

/// The same ministry and BKN with another store.
pub async fn app_at(stage: &Stage, url: &str, clock: &ManualClock) -> App {
    let env = [("SELARAS__STORE__URL".to_owned(), url.to_owned())];
    let config = Config::load(Some(&stage.config_path), env).unwrap();
    App::open(config, Arc::new(clock.clone())).await.unwrap()
}

/// Imports, pulls and reconciles, as `demo` does.
pub async fn play(stage: &Stage) -> Reconciled {
    stage.live_through_last_week().await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    let pulled = stage.pull(None, Arc::new(|| false)).await.unwrap();
    assert_eq!(pulled.report.items.unsettled(), 0, "{pulled:?}");
    stage.import_whole_roster().await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap()
}

/// The rows of the last reconciliation, as they are stored.
pub async fn stored(stage: &Stage) -> PeriodReport {
    report::stored(&stage.app, stage.period).await.unwrap()
}

/// The three documents of a reconciliation, as JSON.
pub fn documents(done: &PeriodReport) -> [String; 3] {
    What::DOCUMENTS.map(|what| {
        let mut out = Vec::new();
        write_document(what, Format::Json, Lang::Id, &done.as_export(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    })
}

async fn finds_exactly_what_is_planted(employees: usize, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let (stage, _) = stage_of(Settings::of_demo(employees, seed), folder.path()).await;
    play(&stage).await;
    let done = stored(&stage).await;
    let comparison = Comparison::of(&stage.truth, &done.findings);
    assert!(comparison.is_exact(), "{employees} employees, seed {seed}: {comparison:?}");
    for row in &done.findings {
        let shown = &row.finding.evidence;
        assert!(!shown.is_empty() && shown.iter().all(|one| !one.source.is_empty()), "{} shows nothing", row.finding.code);
    }
    let [planted, found, ..] = comparison.totals();
    assert!(planted > 20 && found == planted, "{employees} employees, seed {seed}: {:?}", comparison.totals());
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_people_of_six_seeds() {
    for seed in 5..=10 {
        finds_exactly_what_is_planted(50, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn six_hundred_people() {
    finds_exactly_what_is_planted(600, 7).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(60, 8, folder.path()).await;
    play(&stage).await;
    let on_sqlite = documents(&stored(&stage).await);
    stage.app = app_at(&stage, &support::postgres::fresh_database().await, &clock).await;
    assert_eq!(stage.app.store.engine(), "postgres");
    play(&stage).await;
    let on_postgres = stored(&stage).await;
    assert!(Comparison::of(&stage.truth, &on_postgres.findings).is_exact());
    for (one, other) in on_sqlite.iter().zip(&documents(&on_postgres)) {
        super::office::same(&without(one, &OF_THE_RUN), &without(other, &OF_THE_RUN), "SQLite and PostgreSQL");
    }
}

/// On a day on which the report API cannot be reached, its export files do as well.
#[tokio::test(flavor = "multi_thread")]
async fn export_files_stand_in_for_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, _) = stage(60, 9, folder.path()).await;
    let exports = stage.files.exports.iter().map(|path| (FileKind::Ekinerja, path.as_path()));
    for (kind, path) in stage.imports().into_iter().chain(exports) {
        stage.import(kind, path).await.unwrap();
    }
    let only = PullOptions { surfaces: vec![Surface::Siasn], ..PullOptions::default() };
    pull::run(&stage.app, stage.period, only, Arc::new(|| false)).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    let done = stored(&stage).await;
    let comparison = Comparison::of(&stage.truth, &done.findings);
    assert!(comparison.is_exact(), "{comparison:?}");
}

#[test]
fn the_demo_says_so_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_selaras"));
    command.current_dir(folder.path()).args(["demo", "--once", "--employees", "50", "--seed", "3", "--data", "demo"]);
    let ran = super::office::Ran::of(command.output().unwrap()).ended(0);
    let last: Vec<&str> = ran.out.lines().rfind(|line| line.contains("semua")).unwrap().split_whitespace().collect();
    assert_eq!((last[1], last[3], last[4]), (last[2], "0", "0"), "{}", ran.out);
}
