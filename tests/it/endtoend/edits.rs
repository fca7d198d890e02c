//! Random edits of random evidence: after each one, whoever evaluates only what changed comes to the bytes to which a
//! full evaluation comes.
//!
//! `SELARAS_EDITS=1000 cargo nextest run -E 'test(edits)'` makes a thousand of them on each engine; `SELARAS_SEED` makes
//! others.

use super::office::same;
use super::truth::{app_at, documents, play, stage};
use crate::support;
use chrono::TimeDelta;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use selaras::app::demo::Stage;
use selaras::app::reconcile;
use selaras::app::report;
use selaras::clock::{Clock, ManualClock};
use selaras::domain::access::{Role, Scope};
use selaras::domain::text::Lang;
use selaras::domain::{Finding, Nip};
use selaras::export::{Format, Overview, write_overview};
use selaras::intake::FileKind;
use selaras::store::{AuditEntry, CaseTarget, Deed, NewAccount, NewWaiver, Worked};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What may stand in a cell, right or wrong for its column: a wrong one is refused, and then nothing may change.
const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "8",
    "9",
    "17",
    "99",
    "2026-10-05",
    "2026-10-14",
    "2026-10-31",
    "2025-03-01",
    "07:30",
    "07:31:10",
    "10:02",
    "16:00",
    "23:59",
    "00:00",
    "AKTIF",
    "CLTN",
    "MPP",
    "TUGAS_BELAJAR",
    "PINDAH",
    "WFO",
    "CUTI",
    "TIDAK_HADIR",
    "DINAS",
    "cuti_sakit",
    "cuti_tahunan",
    "izin_terlambat",
    "PNS",
    "CPNS",
    "Baik",
    "Sangat Kurang",
    "Butuh Perbaikan",
    "-",
    "Persetujuan",
    "Draf",
    "sedang_1",
    "25",
    "100",
    "Kepala Kantor",
    "198501012010011901",
];

/// One file of the ministry, as it stood before anybody touched it.
struct Sheet {
    kind: FileKind,
    path: PathBuf,
    delimiter: char,
    /// Lines above the rows.
    head: usize,
    lines: Vec<String>,
}

impl Sheet {
    fn read(kind: FileKind, path: &Path) -> Self {
        let lines: Vec<String> = std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
        let head =
            lines.iter().position(|line| line.chars().any(|c| c.is_ascii_digit()) && line.matches(',').count() > 2 && holds_nip(line));
        let head = head.or_else(|| lines.iter().position(|line| holds_nip(line))).unwrap();
        let delimiter = if lines[head].contains(';') { ';' } else { ',' };
        Self { kind, path: path.to_owned(), delimiter, head, lines }
    }

    /// One edit: a cell, a row gone, a row twice, a row that names somebody else, or everything as it was.
    fn edited(&self, now: &[String], dice: &mut impl Rng) -> Vec<String> {
        let mut lines = now.to_vec();
        if lines.len() <= self.head + 2 || dice.random_ratio(1, 12) {
            return self.lines.clone();
        }
        let at = dice.random_range(self.head..lines.len());
        match dice.random_range(0..10) {
            0 => {
                lines.remove(at);
            }
            1 => lines.insert(at, lines[at].clone()),
            2 => {
                let other = dice.random_range(self.head..lines.len());
                let swapped = nip_of(&lines[other]);
                lines[at] = lines[at].replacen(&nip_of(&lines[at]), &swapped, 1);
            }
            _ => {
                let mut cells: Vec<&str> = lines[at].split(self.delimiter).collect();
                let cell = dice.random_range(0..cells.len());
                cells[cell] = VALUES.choose(dice).unwrap();
                lines[at] = cells.join(&self.delimiter.to_string());
            }
        }
        lines
    }
}

fn holds_nip(line: &str) -> bool {
    !nip_of(line).is_empty()
}

/// The first eighteen digits in a row.
fn nip_of(line: &str) -> String {
    line.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 18).unwrap_or_default().to_owned()
}

fn sheets(stage: &Stage) -> Vec<Sheet> {
    let files = &stage.files;
    let mut all = vec![
        Sheet::read(FileKind::Roster, &files.roster),
        Sheet::read(FileKind::Attendance, &files.attendance),
        Sheet::read(FileKind::Permits, &files.permits),
        Sheet::read(FileKind::Discipline, &files.discipline),
    ];
    all.extend(files.exports.iter().map(|path| Sheet::read(FileKind::Ekinerja, path)));
    all
}

/// What the edits came to.
#[derive(Debug, Default)]
struct Counts {
    /// Edits that were taken in.
    taken: usize,
    /// Edits that were seen in a document.
    seen: usize,
    /// Reconciliations that looked only at whom the news touched.
    short: usize,
    /// The same, of edits that were seen.
    short_and_seen: usize,
    /// Reconciliations after which a waiver excused something.
    waived: usize,
}

/// Two people who work cases.
async fn officers(stage: &Stage) {
    for name in ["sri", "tono"] {
        let new = NewAccount { name: name.into(), shown: String::new(), hash: "x".into(), roles: [Role::Sdm].into(), scope: Scope::All };
        stage.app.store.add_account(&new, AuditEntry::new("terminal", "", "account_added", name)).await.unwrap();
    }
}

/// One asks that a finding be excused for some hours or weeks, the other approves it.
async fn waive(stage: &Stage, dice: &mut impl Rng) {
    let verdicts = super::truth::stored(stage).await.verdicts;
    let open: Vec<&Finding> = verdicts.iter().flat_map(|verdict| &verdict.findings).filter(|finding| finding.is_open()).collect();
    let Some(finding) = open.choose(dice) else { return };
    let (store, now) = (&stage.app.store, stage.app.clock.now());
    let ends_at = now + TimeDelta::hours(dice.random_range(1..400));
    let new = NewWaiver { reason: "uji".into(), document: "ND-1".into(), until: ends_at.date_naive(), ends_at };
    for (who, deed) in [("sri", Deed::Ask(new)), ("tono", Deed::Approve)] {
        let version = store.case_file(stage.period, &finding.id).await.unwrap().unwrap().case.version;
        let target = CaseTarget { id: finding.id.clone(), version, evidence: finding.evidence_hash() };
        let done = store.work(stage.period, &[target], &deed, who, "").await.unwrap();
        assert!(matches!(done, Worked::Done(1) | Worked::HasWaiver | Worked::NoWaiver | Worked::Expired), "{done:?}");
    }
}

/// Somebody takes back one that excuses something.
async fn withdraw(stage: &Stage) {
    let verdicts = super::truth::stored(stage).await.verdicts;
    let Some(finding) = verdicts.iter().find_map(|verdict| verdict.waived().next()) else { return };
    let store = &stage.app.store;
    let version = store.case_file(stage.period, &finding.id).await.unwrap().unwrap().case.version;
    let target = CaseTarget { id: finding.id.clone(), version, evidence: finding.evidence_hash() };
    let done = store.work(stage.period, &[target], &Deed::Withdraw, "sri", "").await.unwrap();
    assert!(matches!(done, Worked::Done(1) | Worked::NoWaiver), "{done:?}");
}

/// Edits, imports and reconciles; both ways every third time, so that what the short way leaves is built upon.
async fn edit(stage: &Stage, clock: &ManualClock, edits: usize, seed: u64) -> Counts {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let sheets = sheets(stage);
    officers(stage).await;
    let mut now: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut batches: Vec<String> = Vec::new();
    let mut counts = Counts::default();
    let mut before = None;
    for number in 0..edits {
        let hours = if dice.random_ratio(1, 10) { 9 } else { 0 };
        clock.advance(TimeDelta::minutes(1) + TimeDelta::hours(hours));
        match dice.random_range(0..20) {
            16..=18 => waive(stage, &mut dice).await,
            19 => withdraw(stage).await,
            0 => {
                stage.pull(None, Arc::new(|| false)).await.unwrap();
            }
            1 if !batches.is_empty() => {
                let batch = batches.swap_remove(dice.random_range(0..batches.len()));
                stage.app.store.withdraw(&batch, false).await.unwrap();
            }
            2 => {
                stage.import(FileKind::Payment, stage.files.payment.choose(&mut dice).unwrap()).await.unwrap();
            }
            _ => {
                let which = dice.random_range(0..sheets.len());
                let sheet = &sheets[which];
                let lines = sheet.edited(now.get(&which).unwrap_or(&sheet.lines), &mut dice);
                std::fs::write(&sheet.path, lines.join("\n") + "\n").unwrap();
                if let Ok(imported) = stage.import(sheet.kind, &sheet.path).await {
                    counts.taken += 1;
                    now.insert(which, lines);
                    if sheet.kind != FileKind::Roster {
                        batches.extend(imported.into_iter().filter_map(|one| one.batch));
                    }
                }
            }
        }
        let what = format!("seed {seed}, edit {number}");
        let as_of = clock.now();
        let short = reconcile::run(&stage.app, stage.period, false, as_of, &mut |_| {}).await.unwrap();
        // A waiver that this run has ended is no input of the next one at the same instant; that is no news.
        let again = reconcile::run(&stage.app, stage.period, false, as_of, &mut |_| {}).await.unwrap();
        assert!(!again.saved.changed, "{what}: the same again has news");
        counts.waived += usize::from(short.overview.waived > 0);
        let changed = documents(&super::truth::stored(stage).await);
        let exported = report::of(&stage.app, stage.period, as_of).await.unwrap();
        same(&summary(&short.overview), &summary(&Overview::of(&exported.as_export())), &format!("{what}: the summaries"));
        for (changed, exported) in changed.iter().zip(&documents(&exported)) {
            same(changed, exported, &format!("{what}: what is stored and export ({:?} looked at)", short.looked_at));
        }
        if number % 3 == 2 {
            let mark = figures(stage).await;
            let full = reconcile::run(&stage.app, stage.period, true, as_of, &mut |_| {}).await.unwrap();
            assert_eq!((full.looked_at, full.saved.changed), (None, false), "{what}: --full has news");
            assert_eq!((full.saved.new, full.saved.persisting), (short.saved.new, short.saved.persisting), "{what}");
            same(&summary(&short.overview), &summary(&full.overview), &format!("{what}: the summaries"));
            for (changed, full) in changed.iter().zip(&documents(&super::truth::stored(stage).await)) {
                same(changed, full, &format!("{what}: incremental and --full"));
            }
            assert_eq!(mark, figures(stage).await, "{what}: what is left to the next reconciliation");
        }
        let rows = without_times(&changed[0]);
        let seen = before.as_ref().is_some_and(|before| *before != rows);
        counts.seen += usize::from(seen);
        counts.short += usize::from(short.looked_at.is_some());
        counts.short_and_seen += usize::from(seen && short.looked_at.is_some());
        before = Some(rows);
    }
    counts
}

/// What a reconciliation leaves that both ways must agree on: sum of inputs, totals, counts of units, and notes.
async fn figures(stage: &Stage) -> (Option<(String, String, String)>, Vec<(String, String)>, Vec<String>) {
    let store = &stage.app.store;
    let (_, mark) = store.mark(stage.period).await.unwrap();
    let verdicts = super::truth::stored(stage).await.verdicts;
    let nips: Vec<Nip> = verdicts.iter().map(|verdict| verdict.nip).collect();
    let known = store.known_verdicts(stage.period, &nips).await.unwrap();
    let units: BTreeSet<&str> = known.values().map(|known| known.noted.unit.as_str()).collect();
    let units = store.unit_days(stage.period, &units.into_iter().collect::<Vec<_>>()).await.unwrap();
    let notes = known.values().map(|known| format!("{} {:?}", known.inputs_sha, known.noted));
    (mark.map(|mark| (mark.shared, mark.inputs_sha, mark.totals)), units.into_iter().collect(), notes.collect())
}

fn summary(overview: &Overview) -> String {
    let formats = [Format::Json, Format::Text, Format::Csv].map(|format| {
        let mut out = Vec::new();
        write_overview(format, Lang::Id, overview, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    });
    formats.concat()
}

fn without_times(document: &str) -> String {
    super::office::without(document, &super::office::OF_THE_RUN)
}

fn how_many() -> usize {
    std::env::var("SELARAS_EDITS").map_or(40, |count| count.parse().unwrap())
}

/// `in_full`: nobody's payment row deducts anything.
async fn both_ways(url: &str, seed: u64, in_full: bool) {
    let seed = seed + std::env::var("SELARAS_SEED").map_or(0, |seed| seed.parse::<u64>().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(24, seed, folder.path()).await;
    stage.app = app_at(&stage, url, &clock).await;
    if in_full {
        super::touched::pay_in_full(&mut stage, 24, seed, folder.path());
    }
    play(&stage).await;
    assert_eq!(super::touched::nothing_is_deducted(&stage).await, in_full);
    for path in &stage.files.exports {
        stage.import(FileKind::Ekinerja, path).await.unwrap();
    }
    let edits = how_many();
    let counts = edit(&stage, &clock, edits, seed).await;
    println!("{edits} edits: {counts:?}");
    assert!(counts.taken * 5 > edits && counts.seen * 10 > edits, "of {edits} edits {counts:?}: the test tests nothing");
    assert!(counts.waived > 0, "of {edits} edits {counts:?}: nothing was ever waived");
    assert!(counts.short * 4 > edits && counts.short_and_seen > 0, "of {edits} edits {counts:?}: the short way is hardly ever taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    both_ways("sqlite://edits.db", 31, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_with_a_payment_file_that_deducts_nothing() {
    both_ways("sqlite://edits.db", 33, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    both_ways(&support::postgres::fresh_database().await, 32, false).await;
}
