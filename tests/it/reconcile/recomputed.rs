//! Every Rupiah once more, by other hands: gross, deduction and net of everybody of a simulated ministry, worked out
//! from the files and the policy's text in exact fractions, beside what a reconciliation says; and of the same
//! reconciliation, found = planted.
//!
//! Nothing here knows the engine, its reading of the policy, or its types of money; what is compared is the verdict
//! document. `SELARAS_SEEDS=20 SELARAS_PEOPLE=2000 cargo nextest run -E 'test(recomputed)'` is the whole proof.

mod fraction;
mod papers;
mod person;

use papers::Papers;
use selaras::app::demo::{self, Comparison};
use selaras::clock::ManualClock;
use selaras::domain::Code;
use selaras::domain::text::Lang;
use selaras::export::{Format, What, write_document};
use selaras::simulator::Settings;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// What was compared.
#[derive(Debug, Default)]
struct Tally {
    people: u64,
    equal: u64,
    /// Those of them with a deduction.
    cut: u64,
    /// No amount on either side.
    undecided: u64,
    /// Found and planted, by code.
    codes: BTreeMap<Code, u64>,
}

async fn of_one_ministry(employees: usize, seed: u64, tally: &mut Tally) {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::at(crate::support::at("2026-11-05T01:00:00Z"));
    let stage = demo::set_up(Settings::of_demo(employees, seed), folder.path(), Arc::new(clock)).await.unwrap();
    stage.live_through_last_week().await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    stage.pull(None, Arc::new(|| false)).await.unwrap();
    stage.import_whole_roster().await.unwrap();
    let done = stage.reconcile(&mut |_| {}).await.unwrap();
    let comparison = Comparison::of(&stage.truth, &done.report.findings);
    assert!(comparison.is_exact(), "seed {seed}: {comparison:?}");
    comparison.codes.iter().for_each(|(code, counts)| *tally.codes.entry(*code).or_default() += counts[1]);
    let mut document = Vec::new();
    write_document(What::Verdicts, Format::Json, Lang::Id, &done.report.as_export(), &mut document).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    let rows = document["rows"].as_array().unwrap().iter();
    let said: HashMap<&str, &Value> = rows.map(|row| (row["nip"].as_str().unwrap(), &row["expected"])).collect();
    let policy = folder.path().join("policy/contoh-kemenko-infra.toml");
    let first = stage.period.first_day();
    let papers =
        Papers::gather(&policy, first, stage.files.roster.parent().unwrap(), &stage.files.exports[0], &stage.files.evaluations_before);
    for entry in &papers.roster {
        let (nip, expected) = (&entry["nip"], said[entry["nip"].as_str()]);
        let ours = person::amounts(&papers, entry);
        tally.people += 1;
        if expected.is_null() {
            tally.undecided += 1;
            continue;
        }
        let theirs = ["gross", "deduction", "net"].map(|key| expected[key].as_i64().unwrap());
        assert_eq!(ours, Ok(theirs), "seed {seed}, {nip}");
        tally.equal += 1;
        tally.cut += u64::from(theirs[1] > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rupiah_is_recomputed_from_the_files() {
    let (seeds, people) = (setting("SELARAS_SEEDS", 2), setting("SELARAS_PEOPLE", 300));
    let mut tally = Tally::default();
    // the hundredth ministry is looked at in a Ramadan
    for seed in 100..100 + seeds {
        of_one_ministry(people as usize, seed, &mut tally).await;
    }
    println!("{seeds} seeds of {people} people: {} findings, {tally:?}", tally.codes.values().sum::<u64>());
    let never: Vec<Code> = Code::ALL.iter().copied().filter(|code| !tally.codes.contains_key(code)).collect();
    assert!(never.is_empty(), "codes of the catalogue that nobody planted: {never:?}");
    assert_eq!(tally.people, seeds * people);
    assert!(tally.equal * 10 > tally.people * 9 && tally.cut * 4 > tally.people, "most people have an amount, many a deduction: {tally:?}");
}
