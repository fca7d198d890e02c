//! Every fault of the simulator on each surface, after a good pull and before the first one: nothing that was known is
//! lost, nothing unknown becomes layak, and the pull ends as is promised (`simulator::Promise`).

mod drift;
mod ground;
mod promises;

use ground::Day;
use ground::Ground;
use ground::Patience;
use ground::accepting;
use ground::day;
use ground::period;
use ground::timeless;
use promises::Case;
use promises::Moment;
use selaras::app::causes;
use selaras::app::causes::Fate;
use selaras::app::pull;
use selaras::app::pull::PullOptions;
use selaras::domain::Kind;
use selaras::ekinerja::Surface;
use selaras::simulator::Faults;
use selaras::simulator::Listed;
use std::sync::Arc;
use std::sync::Mutex;

/// Cases at the same time; most of them wait for the network.
const AT_ONCE: usize = 12;

/// How long a client waits under a fault.
fn patience(fault: &str) -> Patience {
    let never = fault.starts_with("hang") || fault == "drip-once" || fault == "drip-for-ever";
    let stuck = matches!(fault, "303001-for-ever" | "429-for-ever");
    Patience {
        request_timeout: if never { "900ms" } else { Patience::CALM.request_timeout },
        run_deadline: if stuck { "400ms" } else { Patience::CALM.run_deadline },
        // Tokens die so fast that whoever asks much at once would be refused twice.
        max_in_flight: if matches!(fault, "token-midway" | "tokens-midway") { 1 } else { 32 },
    }
}

fn seeds() -> Vec<u64> {
    let count: u64 = std::env::var("SELARAS_SEEDS").map_or(1, |count| count.parse().unwrap());
    (0..count).map(|number| 7 + 10 * number).collect()
}

/// One fault on one surface: a good pull before it, a good one after it.
async fn after_a_good_pull(ground: &Ground, case: Case, url: &str) -> Vec<String> {
    let under = ground.under(url, &case.name(), patience(case.fault.name)).await;
    let struck = day(&under).await;
    let mut broken = case.judge(Moment::AfterGood, ground.calm(), &struck);
    let calm = ground.calmly(url).await;
    let mut mended = day(&calm).await;
    if mended.pulled.resumed {
        // It ended the pull that was left; what had failed in that one is asked by the next.
        mended = day(&calm).await;
    }
    broken.extend(case.mended(ground.calm(), &mended));
    broken
}

/// The same with nothing pulled before.
async fn before_the_first(ground: &Ground, case: Case, url: &str) -> Vec<String> {
    let under = ground.under(url, &case.name(), patience(case.fault.name)).await;
    let struck = day(&under).await;
    let mut broken = case.judge(Moment::First, ground.calm(), &struck);
    let again = PullOptions { accept_vanish: true, ..PullOptions::default() };
    let mended = accepting(&ground.calmly(url).await, again).await;
    broken.extend(case.mended(ground.calm(), &mended));
    broken
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Every fault on one surface, with every seed, on SQLite.
fn matrix(surface: Surface, moment: Moment) {
    let (runtime, broken) = (runtime(), Mutex::new(Vec::new()));
    for seed in seeds() {
        let ground = runtime.block_on(Ground::lay(seed));
        let cases: Mutex<Vec<Case>> = Mutex::new(chosen().into_iter().rev().map(|fault| Case { fault, surface }).collect());
        let next = || cases.lock().unwrap().pop();
        std::thread::scope(|scope| {
            let work = || {
                while let Some(case) = next() {
                    let found = runtime.block_on(async {
                        match moment {
                            Moment::AfterGood => after_a_good_pull(&ground, case, &ground.fresh("good.db")).await,
                            Moment::First => before_the_first(&ground, case, &ground.fresh("first.db")).await,
                        }
                    });
                    let found = found.into_iter().map(|what| format!("{} seed {seed}: {what}", case.name()));
                    broken.lock().unwrap().extend(found);
                }
            };
            (0..AT_ONCE).for_each(|_| drop(scope.spawn(work)));
        });
    }
    let broken = broken.into_inner().unwrap();
    assert!(broken.is_empty(), "{} promises are broken:\n{}", broken.len(), broken.join("\n"));
}

/// All faults, or only those of `SELARAS_FAULTS`, parted by commas.
fn chosen() -> Vec<Listed> {
    let only = std::env::var("SELARAS_FAULTS").unwrap_or_default();
    Faults::list().filter(|fault| only.is_empty() || only.split(',').any(|name| name == fault.name)).collect()
}

#[test]
fn of_the_report_api_after_a_good_pull() {
    matrix(Surface::Report, Moment::AfterGood);
}

#[test]
fn of_siasn_after_a_good_pull() {
    matrix(Surface::Siasn, Moment::AfterGood);
}

#[test]
fn of_the_report_api_before_the_first_pull() {
    matrix(Surface::Report, Moment::First);
}

#[test]
fn of_siasn_before_the_first_pull() {
    matrix(Surface::Siasn, Moment::First);
}

/// Every fourth fault (all of them with `SELARAS_SEEDS`, seven minutes): those of the report API on one PostgreSQL store that lives through all of them, those of SIASN each
/// on a copy, as whoever has just been asked is not asked again.
#[test]
fn on_postgres() {
    let broken = runtime().block_on(async {
        let ground = Ground::lay(7).await;
        let url = crate::support::postgres::fresh_database().await;
        let app = ground.calmly_before(&url).await;
        ground.import(&app).await;
        let mut broken = Vec::new();
        let first = day(&app).await;
        app.store.close().await;
        if timeless(&first.report.verdicts) != timeless(&ground.calm().report.verdicts) {
            broken.push("the first pull differs from that on SQLite".to_owned());
        }
        let template = crate::support::postgres::copy_of(&url).await;
        let step = if std::env::var("SELARAS_SEEDS").is_ok() { 1 } else { 4 };
        for (number, fault) in chosen().into_iter().step_by(step).enumerate() {
            let surface = if number % 2 == 0 { Surface::Report } else { Surface::Siasn };
            let case = Case { fault, surface };
            let good = if surface == Surface::Siasn { crate::support::postgres::copy_of(&template).await } else { url.clone() };
            let found = after_a_good_pull(&ground, case, &good).await;
            broken.extend(found.into_iter().map(|what| format!("{}: {what}", case.name())));
        }
        broken
    });
    assert!(broken.is_empty(), "{} promises are broken:\n{}", broken.len(), broken.join("\n"));
}

/// What failed about everybody is not over because somebody has asked about one person, or about one kind.
#[test]
fn a_pull_about_some_ends_no_cause_about_all() {
    runtime().block_on(async {
        let ground = Ground::lay(7).await;
        let url = ground.fresh("good.db");
        let struck = ground.under(&url, "html@siasn", Patience::CALM).await;
        pull::run(&struck, period(), PullOptions::default(), Arc::new(|| false)).await.unwrap();
        let fate = async |app| causes::of(app).await.unwrap().fate("pull:siasn");
        assert_eq!(fate(&struck).await, Fate::Lasts);
        assert!(causes::of(&struck).await.unwrap().all.iter().any(|cause| cause.key == "pull:siasn"));
        let calm = ground.calmly(&url).await;
        let somebody = ground.calm().report.verdicts.iter().find(|verdict| verdict.unit.is_some()).unwrap().nip;
        let one = PullOptions { only: vec![somebody], ..PullOptions::default() };
        let kind = PullOptions { surfaces: vec![Surface::Siasn], kinds: vec![Kind::Identity], ..PullOptions::default() };
        for some in [one, kind] {
            pull::run(&calm, period(), some, Arc::new(|| false)).await.unwrap();
            assert_eq!(fate(&calm).await, Fate::Lasts);
            assert!(causes::of(&calm).await.unwrap().all.iter().any(|cause| cause.key == "pull:siasn"), "the others were not asked");
        }
        // What is left of the first one is asked, and then the next one asks everybody.
        pull::run(&calm, period(), PullOptions::default(), Arc::new(|| false)).await.unwrap();
        pull::run(&calm, period(), PullOptions::default(), Arc::new(|| false)).await.unwrap();
        assert_eq!(fate(&calm).await, Fate::Over);
    });
}

/// What the pull gave, for messages.
fn told(day: &Day) -> String {
    let report = &day.pulled.report;
    let ends: Vec<String> = report
        .reasons
        .iter()
        .map(|row| format!("{} {} {} {}", row.kind, row.state.key(), row.reason.map_or("-", |reason| reason.key()), row.count))
        .collect();
    let stopped: Vec<&str> = day.pulled.stopped.iter().map(|stopped| stopped.key.unwrap_or("no key")).collect();
    let batches: Vec<String> =
        report.batches.iter().map(|batch| format!("{} {} -{}", batch.kind, batch.status.key(), batch.vanished)).collect();
    format!(
        "{ends:?} stopped {stopped:?} batches {batches:?} drift {:?} held {} set aside {}",
        report.drift.iter().map(|drift| format!("{} {} {}", drift.kind, drift.field, drift.change)).collect::<Vec<_>>(),
        report.held.len(),
        day.pulled.set_aside
    )
}
