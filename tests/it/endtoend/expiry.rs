//! What is fresh becomes stale when its own time has come, whatever has been said about others since, and what was taken
//! back keeps nobody fresh.

use super::touched::import;
use super::touched::settle;
use super::truth::app_at;
use super::truth::play;
use super::truth::stage;
use super::truth::stored;
use chrono::TimeDelta;
use selaras::app::demo::Stage;
use selaras::app::pull;
use selaras::app::pull::PullOptions;
use selaras::domain::Kind;
use selaras::domain::Nip;
use selaras::domain::Standing;
use selaras::ekinerja::Surface;
use selaras::intake::FileKind;
use std::collections::BTreeSet;
use std::sync::Arc;

async fn payable(stage: &Stage) -> BTreeSet<Nip> {
    let verdicts = stored(stage).await.verdicts;
    verdicts.iter().filter(|verdict| verdict.standing == Standing::Layak).map(|verdict| verdict.nip).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_taken_back_keeps_nobody_fresh() {
    for kind in [Kind::Permits, Kind::Discipline] {
        let folder = tempfile::tempdir().unwrap();
        let (mut stage, clock) = stage(40, 81, folder.path()).await;
        let text = std::fs::read_to_string(&stage.config_path).unwrap();
        let text = text.replacen("\"identity\"]", &format!("\"identity\", \"{kind}\"]"), 1);
        let text = text.replacen("[ekinerja.report]", &format!("[evidence.max_age]\n{kind} = \"35d\"\n\n[ekinerja.report]"), 1);
        std::fs::write(&stage.config_path, text).unwrap();
        stage.app = app_at(&stage, "sqlite://selaras.db", &clock).await;
        play(&stage).await;
        clock.advance(TimeDelta::days(40));
        stage.pull(None, Arc::new(|| false)).await.unwrap();
        settle(&stage, &clock, "a file of forty days ago").await;
        assert_eq!(payable(&stage).await.len(), 0, "{kind}: nothing newer has been said");

        let (file, old) = match kind {
            Kind::Permits => (FileKind::Permits, &stage.files.permits),
            _ => (FileKind::Discipline, &stage.files.discipline),
        };
        // The newer file names somebody less: whom neither names leans on nothing but their times.
        let newer = folder.path().join("lebih-baru.csv");
        let lines: Vec<String> = std::fs::read_to_string(old).unwrap().lines().map(str::to_owned).collect();
        std::fs::write(&newer, lines[..lines.len() - 1].join("\n") + "\n").unwrap();
        let batch = import(&stage, file, &newer).await;
        settle(&stage, &clock, "a newer file").await;
        assert!(payable(&stage).await.len() > 5, "{kind}");

        stage.app.store.withdraw(&batch, false).await.unwrap().unwrap();
        settle(&stage, &clock, "the newer file taken back").await;
        assert_eq!(payable(&stage).await.len(), 0, "{kind}: what was taken back says nothing about anybody");
        assert!(settle(&stage, &clock, "nothing new").await.looked_at.is_some(), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_asked_alone_becomes_stale_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(40, 82, folder.path()).await;
    // Everybody is known by a whole pull first, only to see whom to ask; then all begins anew in another store.
    play(&stage).await;
    let known: Vec<Nip> = payable(&stage).await.into_iter().collect();
    stage.app = app_at(&stage, "sqlite://lain.db", &clock).await;
    // No file says anything in BKN's place.
    for (kind, path) in stage.imports().into_iter().filter(|(kind, _)| *kind != FileKind::Ekinerja) {
        stage.import(kind, path).await.unwrap();
    }
    let ask = async |surface: Surface, only: &[Nip]| {
        let options = PullOptions { surfaces: vec![surface], only: only.to_vec(), ..PullOptions::default() };
        let pulled = pull::run(&stage.app, stage.period, options, Arc::new(|| false)).await.unwrap();
        assert!(pulled.is_complete(), "{pulled:?}");
    };
    ask(Surface::Siasn, &known[..2]).await;
    ask(Surface::Report, &known[..1]).await;
    settle(&stage, &clock, "one person").await;
    assert_eq!(payable(&stage).await, BTreeSet::from([known[0]]));
    clock.advance(TimeDelta::hours(20));
    ask(Surface::Report, &known[1..2]).await;
    settle(&stage, &clock, "another person").await;
    assert_eq!(payable(&stage).await, BTreeSet::from([known[0], known[1]]));
    clock.advance(TimeDelta::hours(17));
    settle(&stage, &clock, "the first one is stale").await;
    assert_eq!(payable(&stage).await, BTreeSet::from([known[1]]));
}
