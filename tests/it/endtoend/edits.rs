//! Random edits of random evidence: after each one, whoever evaluates only what changed comes to the bytes to which a
//! full evaluation comes.
//!
//! `SELARAS_EDITS=1000 cargo nextest run -E 'test(edits)'` makes a thousand of them on each engine.

use super::office::same;
use super::truth::{app_at, documents, play, stage};
use crate::support;
use chrono::{DateTime, TimeDelta, Utc};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use selaras::app::demo::Stage;
use selaras::app::reconcile;
use selaras::app::report;
use selaras::clock::{Clock, ManualClock};
use selaras::intake::FileKind;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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

/// Edits, imports and reconciles both ways; how many edits were taken in, and how many were seen in a document.
async fn edit(stage: &Stage, clock: &ManualClock, edits: usize, seed: u64) -> (usize, usize) {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let sheets = sheets(stage);
    let mut now: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let (mut taken, mut seen) = (0, 0);
    let mut before = None;
    for number in 0..edits {
        clock.advance(TimeDelta::minutes(1));
        let which = dice.random_range(0..sheets.len());
        let sheet = &sheets[which];
        let lines = sheet.edited(now.get(&which).unwrap_or(&sheet.lines), &mut dice);
        std::fs::write(&sheet.path, lines.join("\n") + "\n").unwrap();
        let imported = stage.import(sheet.kind, &sheet.path).await;
        if imported.is_ok() {
            taken += 1;
            now.insert(which, lines);
        }
        let as_of = clock.now();
        let changed = reconciled(stage, false, as_of).await;
        let exported = documents(&report::of(&stage.app, stage.period, as_of).await.unwrap());
        let full = reconciled(stage, true, as_of).await;
        for ((changed, exported), full) in changed.iter().zip(&exported).zip(&full) {
            same(changed, full, &format!("seed {seed}, edit {number}: incremental and --full"));
            same(exported, full, &format!("seed {seed}, edit {number}: export and --full"));
        }
        let rows = without_times(&full[0]);
        seen += usize::from(before.as_ref().is_some_and(|before| *before != rows));
        before = Some(rows);
    }
    (taken, seen)
}

async fn reconciled(stage: &Stage, full: bool, as_of: DateTime<Utc>) -> [String; 3] {
    documents(&reconcile::run(&stage.app, stage.period, full, as_of, &mut |_| {}).await.unwrap().report)
}

fn without_times(document: &str) -> String {
    super::office::without(document, &super::office::OF_THE_RUN)
}

fn how_many() -> usize {
    std::env::var("SELARAS_EDITS").map_or(40, |count| count.parse().unwrap())
}

async fn both_ways(url: &str, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(24, seed, folder.path()).await;
    stage.app = app_at(&stage, url, &clock).await;
    play(&stage).await;
    for path in &stage.files.exports {
        stage.import(FileKind::Ekinerja, path).await.unwrap();
    }
    let edits = how_many();
    let (taken, seen) = edit(&stage, &clock, edits, seed).await;
    assert!(taken * 5 > edits && seen * 10 > edits, "of {edits} edits {taken} were taken in and {seen} were seen: the test tests nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    both_ways("sqlite://edits.db", 31).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    both_ways(&support::postgres::fresh_database().await, 32).await;
}
