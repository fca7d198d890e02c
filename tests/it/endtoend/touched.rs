//! Who is looked at after what has come: only whom it touches, or everybody where people share what has changed.
//! Whichever it is, what is stored is what `export` works out.

use super::office::same;
use super::truth::documents;
use super::truth::play;
use super::truth::stage;
use super::truth::stored;
use chrono::TimeDelta;
use selaras::app::demo::Stage;
use selaras::app::reconcile;
use selaras::app::reconcile::Reconciled;
use selaras::app::report;
use selaras::clock::Clock;
use selaras::clock::ManualClock;
use selaras::domain::Code;
use selaras::domain::Kind;
use selaras::domain::Percent;
use selaras::domain::evidence::Scope;
use selaras::domain::evidence::SourceFacts;
use selaras::intake::FileKind;
use selaras::simulator::Ministry;
use selaras::simulator::PaymentForm;
use selaras::simulator::Settings;
use selaras::store::BatchStatus;
use selaras::store::NewBatch;
use selaras::store::VanishLimits;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Reconciles a minute later, and holds what is stored against `export`.
pub async fn settle(stage: &Stage, clock: &ManualClock, what: &str) -> Reconciled {
    clock.advance(TimeDelta::minutes(1));
    let done = stage.reconcile(&mut |_| {}).await.unwrap();
    let exported = report::of(&stage.app, stage.period, clock.now()).await.unwrap();
    for (one, other) in documents(&stored(stage).await).iter().zip(&documents(&exported)) {
        same(one, other, what);
    }
    done
}

/// Changes the first row that holds a text.
fn change(path: &Path, row: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    let line = text.lines().find(|line| line.contains(row) && line.contains(from)).unwrap_or_else(|| panic!("{row} {from}"));
    std::fs::write(path, text.replacen(line, &line.replacen(from, to, 1), 1)).unwrap();
}

pub async fn import(stage: &Stage, kind: FileKind, path: &Path) -> String {
    stage.import(kind, path).await.unwrap().remove(0).batch.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whom_news_touches_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, clock) = stage(60, 71, folder.path()).await;
    let files = &stage.files;
    let first = play(&stage).await;
    assert_eq!((first.looked_at, first.unchanged), (None, 0), "nobody has been looked at before");
    let always = settle(&stage, &clock, "nothing new").await.looked_at.unwrap();
    assert!(always < 10, "{always} people whose questions failed");

    change(&files.attendance, "2026-10-14", ",07:", ",09:");
    import(&stage, FileKind::Attendance, &files.attendance).await;
    let done = settle(&stage, &clock, "one row of attendance").await;
    // The others are absent from a file that was said again: since when, shows.
    assert!((1..10).contains(&done.evaluated) && done.saved.changed && done.removed == 0, "{done:?}");
    assert!(done.looked_at.unwrap() < always + 10, "{done:?}");
    assert_eq!(done.unchanged, first.evaluated - done.evaluated);

    import(&stage, FileKind::Roster, &files.roster).await;
    import(&stage, FileKind::Payment, &files.payment[0]).await;
    let done = settle(&stage, &clock, "files that say what they said").await;
    assert!(done.looked_at.is_some() && !done.saved.changed, "{done:?}");

    let permits = import(&stage, FileKind::Permits, &files.permits).await;
    stage.app.store.withdraw(&permits, false).await.unwrap().unwrap();
    let done = settle(&stage, &clock, "permits taken back").await;
    assert!(done.looked_at.is_some_and(|people| people > 1) && done.saved.changed, "{done:?}");
    import(&stage, FileKind::Permits, &files.permits).await;
    assert!(settle(&stage, &clock, "permits again").await.looked_at.is_some());

    stage.pull(None, Arc::new(|| false)).await.unwrap();
    let done = settle(&stage, &clock, "BKN says what it said").await;
    assert!(done.looked_at.is_some() && done.unchanged > 50, "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_looked_at_where_it_may_be_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, clock) = stage(60, 72, folder.path()).await;
    let files = &stage.files;
    play(&stage).await;
    let everybody = async |what: &str| {
        assert_eq!(settle(&stage, &clock, what).await.looked_at, None, "{what}");
        assert!(settle(&stage, &clock, "nothing new").await.looked_at.is_some(), "after {what}");
    };

    clock.advance(TimeDelta::days(2));
    everybody("evaluations that have become stale").await;
    clock.advance(TimeDelta::days(30));
    everybody("the day of KPPN").await;

    let earlier = clock.now() - TimeDelta::hours(1);
    let done = reconcile::run(&stage.app, stage.period, false, earlier, &mut |_| {}).await.unwrap();
    assert_eq!(done.looked_at, None, "an earlier instant");
    assert!(settle(&stage, &clock, "back in the present").await.looked_at.is_some());
    let before = clock.now() - TimeDelta::days(31);
    let done = reconcile::run(&stage.app, stage.period, false, before, &mut |_| {}).await.unwrap();
    assert_eq!(done.looked_at, None, "an instant before some of the evidence");

    change(&files.roster, ",AKTIF,", ",AKTIF,", ",CLTN,");
    import(&stage, FileKind::Roster, &files.roster).await;
    everybody("another roster").await;

    let policy = stage.config_path.with_file_name("policy").join("contoh-kemenko-infra.toml");
    let text = std::fs::read_to_string(&policy).unwrap();
    std::fs::write(&policy, text + "# another day\n").unwrap();
    everybody("another policy").await;

    let mut unit = batch(&stage, &clock, "one", 10).await;
    assert_eq!(unit.status, BatchStatus::New);
    everybody("a source that speaks for everybody").await;
    unit = batch(&stage, &clock, "two", 0).await;
    assert_eq!(unit.status, BatchStatus::Quarantined);
    everybody("an answer about everybody that was set aside").await;
    let first = stage.app.store.sources(&selaras::store::SourceFilter::of([Kind::Skp]).part("uji"), clock.now()).await.unwrap();
    stage.app.store.withdraw(&first[0].batch, false).await.unwrap().unwrap();
    everybody("a source that was taken back").await;

    let payment = folder.path().join("adk-lain.txt");
    let settings = Settings { employees: 60, seed: 72, ..Settings::default() };
    Ministry::grow(&settings).unwrap().write_payment(&payment, PaymentForm::Text).unwrap();
    import(&stage, FileKind::Payment, &payment).await;
    everybody("another payment file").await;
}

/// In the place of the ministry's payment files one that pays everybody in full.
pub fn pay_in_full(stage: &mut Stage, employees: usize, seed: u64, folder: &Path) {
    let path = folder.join("adk-utuh.txt");
    let settings = Settings { employees, seed, ..Settings::default() };
    Ministry::grow(&settings).unwrap().write_payment(&path, PaymentForm::Text).unwrap();
    let in_full = |line: &str| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        (cells[8], cells[9]) = ("0", cells[7]);
        cells.join("\t") + "\r\n"
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with("TOTAL"));
    std::fs::write(&path, rows.map(in_full).collect::<String>()).unwrap();
    stage.files.payment = vec![path];
}

/// Whether a payment file is known to deduct nothing.
pub async fn nothing_is_deducted(stage: &Stage) -> bool {
    stored(stage).await.findings.iter().any(|row| row.finding.code == Code::Am04 && row.status.is_open())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_file_that_deducts_nothing_is_told_either_way() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(24, 73, folder.path()).await;
    pay_in_full(&mut stage, 24, 73, folder.path());
    play(&stage).await;
    assert!(nothing_is_deducted(&stage).await);
    let attendance = stage.files.attendance.clone();
    let text = std::fs::read_to_string(&attendance).unwrap();
    let in_time: BTreeSet<&str> = text.lines().filter(|line| line.contains(",2026-10-14,07:")).filter_map(|line| line.get(..18)).collect();
    let (mut short, mut long) = (0, 0);
    for nip in &in_time {
        change(&attendance, &format!("{nip},2026-10-14"), ",07:", ",10:");
        import(&stage, FileKind::Attendance, &attendance).await;
        let done = settle(&stage, &clock, "somebody comes late").await;
        assert!(done.evaluated > 0 && nothing_is_deducted(&stage).await);
        *if done.looked_at.is_some() { &mut short } else { &mut long } += 1;
    }
    println!("of {} people {short} the short way, {long} the long way", in_time.len());
    assert!(long > 0 && short > long, "of {} people {short} the short way, {long} the long way", in_time.len());
}

/// A list of SKP with this many people of the roster, as a file that speaks for everybody.
async fn batch(stage: &Stage, clock: &ManualClock, bytes: &str, people: usize) -> selaras::store::Receipt {
    use sha2::Digest;
    use std::fmt::Write as _;
    let span = selaras::domain::period::Span::Year(stage.period.year());
    let evidence = stage.app.store.evidence(&[(Kind::Skp, span)], None, clock.now()).await.unwrap().all().await.unwrap();
    let mut statements: Vec<_> = evidence.into_iter().map(|one| one.statement).filter(|one| one.body.is_some()).collect();
    statements.dedup_by_key(|one| one.nip);
    statements.truncate(people);
    let sha256 = sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    let batch = NewBatch {
        kind: Kind::Skp,
        span,
        part: "uji".to_owned(),
        source: "uji".to_owned(),
        sha256,
        scope: Scope::Everybody,
        facts: SourceFacts::default(),
        raw: None,
        statements,
        set_aside: Vec::new(),
        observed_at: clock.now(),
        run: None,
        vanish: Some(VanishLimits { percent: Percent::whole(10), min: 2 }),
        accept_vanish: false,
    };
    stage.app.store.accept(batch).await.unwrap()
}
