//! `/metrics` as Prometheus reads it, before and after there is anything to count.

use super::{Page, stage};
use selaras::app::demo::{Stage, set_up};
use selaras::app::report;
use selaras::clock::ManualClock;
use selaras::domain::text::Lang;
use selaras::simulator::Settings;
use selaras::store::SourceFilter;
use sqlx::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Each sample with its value; a line that is neither a comment nor a sample fails.
async fn scrape(page: &Page) -> BTreeMap<String, f64> {
    let answer = page.send("GET", "/metrics", "").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    assert!(answer.body.ends_with("# EOF\n"), "{}", answer.body);
    let samples = answer.body.lines().filter(|line| !line.starts_with('#'));
    samples.map(|line| line.rsplit_once(' ').map(|(name, value)| (name.to_owned(), value.parse().unwrap())).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_are_those_of_the_store_and_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let page = Page::open(&stage, Lang::Id).await;
    let samples = scrape(&page).await;
    let report = report::of(&stage.app, stage.period, stage.app.clock.now()).await.unwrap();
    for kind in &report.completeness.kinds {
        let heads =
            |state: &str| samples[&format!("selaras_evidence_heads{{period=\"2026-10\",kind=\"{}\",state=\"{state}\"}}", kind.kind)];
        let told = ["present", "declared_absent", "not_asked", "failed", "stale"].map(heads);
        let known = [kind.present, kind.declared_absent, kind.not_asked, kind.failed, kind.stale].map(|count| count as f64);
        assert_eq!(told, known, "{}", kind.kind);
    }
    let open: f64 = samples.iter().filter(|(name, _)| name.starts_with("selaras_findings_open{")).map(|(_, count)| count).sum();
    assert_eq!(open, report.findings.iter().filter(|row| row.status.is_open()).count() as f64);
    assert_eq!(samples["selaras_complete{period=\"2026-10\"}"], f64::from(u8::from(report.completeness.is_complete())));
    assert!(samples["selaras_sync_requests{period=\"2026-10\"}"] > 0.0);
    let deadline = samples["selaras_kppn_deadline_timestamp_seconds{period=\"2026-10\"}"];
    let last = stage.app.policy(stage.period).unwrap().kppn_deadline(stage.period).unwrap();
    assert_eq!(deadline, last.and_hms_opt(17, 0, 0).unwrap().and_utc().timestamp() as f64, "midnight in Jakarta");

    let body = page.send("GET", "/metrics", "").await.body;
    for verdict in &report.verdicts {
        assert!(!body.contains(verdict.nip.as_str()) && verdict.name.as_ref().is_none_or(|name| !body.contains(name.as_str())));
    }
    stage.app.store.close().await;
    assert_eq!(page.send("GET", "/metrics", "").await.status, 503);
    page.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_store_has_metrics_too() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(super::NOW.parse().unwrap()));
    let stage: Stage = set_up(Settings { employees: 20, seed: 3, ..Settings::default() }, folder.path(), clock).await.unwrap();
    let page = Page::open(&stage, Lang::Id).await;
    let samples = scrape(&page).await;
    assert!(samples.keys().any(|name| name.starts_with("selaras_build_info{")));
    assert!(!samples.keys().any(|name| name.starts_with("selaras_complete")), "nothing was counted yet");
    page.close().await;
}

/// A rule that nobody has checked makes figures a trial, under an approved policy too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unverified_rule_is_a_trial() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let path = stage.config_path.with_file_name("policy").join("contoh-kemenko-infra.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let changes = [("\nstatus = \"draft\"", "\nstatus = \"approved\""), ("approved_by = \"\"", "approved_by = \"Uji\"")];
    let changes = changes.into_iter().chain([("approved_on = \"\"", "approved_on = \"2026-01-02\"")]);
    std::fs::write(&path, changes.fold(text, |text, (from, to)| text.replacen(from, to, 1))).unwrap();
    assert!(!stage.app.policy(stage.period).unwrap().is_draft());
    let done = stage.reconcile(&mut |_| {}).await.unwrap();
    assert!(done.overview.header.trial && !done.overview.header.unverified_rules_used.is_empty());
    let run = stage.app.store.latest_reconcile_run(stage.period).await.unwrap().unwrap();
    assert_eq!(run.record.mode, "trial");
    let page = Page::open(&stage, Lang::Id).await;
    assert_eq!(scrape(&page).await["selaras_trial{period=\"2026-10\"}"], 1.0);
    page.close().await;
}

/// What a source says about itself, such as every scan of a device, is not read to tell when it was confirmed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scrape_reads_no_more_of_a_source_than_its_times() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let mut newest: BTreeMap<String, f64> = BTreeMap::new();
    for source in stage.app.store.sources(&SourceFilter::default(), stage.app.clock.now()).await.unwrap() {
        let at = source.checked_at.timestamp_micros() as f64 / 1e6;
        let known = newest.entry(format!("selaras_source_checked_timestamp_seconds{{kind=\"{}\"}}", source.kind)).or_insert(at);
        *known = known.max(at);
    }
    let url = format!("sqlite://{}", folder.path().join("selaras.db").display());
    let mut store = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE batch SET facts = '{'").execute(&mut store).await.unwrap();
    let page = Page::open(&stage, Lang::Id).await;
    let samples = scrape(&page).await;
    let told: BTreeMap<String, f64> = samples.into_iter().filter(|(name, _)| name.starts_with("selaras_source_checked")).collect();
    assert!(told.len() > 5 && told == newest, "{told:?} {newest:?}");
    page.close().await;
}
