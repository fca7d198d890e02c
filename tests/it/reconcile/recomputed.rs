//! Every Rupiah once more, by other hands: gross, deduction and net of everybody of a simulated ministry, worked out
//! from the files and the policy's text in exact fractions, beside what a reconciliation says; what is paid, differs, is
//! at risk and is summed up; and of the same reconciliation, found = planted, code by code, over the whole catalogue.
//!
//! Nothing here knows the engine, its reading of the policy, or its types of money; what is compared is the verdict
//! document. `SELARAS_SEEDS=20 SELARAS_PEOPLE=2000 cargo nextest run -E 'test(recomputed)'` is the whole proof.

mod fraction;
mod papers;
mod person;

use papers::Papers;
use selaras::app::demo::{self, Comparison};
use selaras::app::report;
use selaras::clock::ManualClock;
use selaras::domain::Code;
use selaras::domain::text::Lang;
use selaras::export::{Format, What, write_document};
use selaras::simulator::Settings;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What leaves open how much somebody is due (contract §6).
const NO_AMOUNT: [&str; 8] = ["AB01", "CL02", "ID03", "LV05", "PR02", "PR04", "RO02", "RO03"];

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
    /// Findings whose Rupiah at risk were compared.
    risks: u64,
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
    stage.reconcile(&mut |_| {}).await.unwrap();
    let done = report::stored(&stage.app, stage.period).await.unwrap();
    let comparison = Comparison::of(&stage.truth, &done.findings);
    assert!(comparison.is_exact(), "seed {seed}: {comparison:?}");
    comparison.codes.iter().for_each(|(code, counts)| *tally.codes.entry(*code).or_default() += counts[1]);
    let [verdicts, findings] = [What::Verdicts, What::Findings].map(|what| {
        let mut document = Vec::new();
        write_document(what, Format::Json, Lang::Id, &done.as_export(), &mut document).unwrap();
        serde_json::from_slice::<Value>(&document).unwrap()
    });
    let policy = folder.path().join("policy/contoh-kemenko-infra.toml");
    let first = stage.period.first_day();
    let papers =
        Papers::gather(&policy, first, stage.files.roster.parent().unwrap(), &stage.files.exports[0], &stage.files.evaluations_before);
    let ours = compare_people(&papers, &verdicts, seed, tally);
    compare_sums(&verdicts, &ours, seed);
    compare_risks(&verdicts, &findings, &ours, seed, tally);
}

/// What an amount is in the documents.
fn amounts(value: &Value) -> Option<[i64; 3]> {
    (!value.is_null()).then(|| ["gross", "deduction", "net"].map(|key| value[key].as_i64().unwrap()))
}

fn rows(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    document["rows"].as_array().unwrap().iter().map(|row| (row["nip"].as_str().unwrap_or_default(), row))
}

/// What everybody is due, what the files pay, and the difference; returns what is due, worked out here.
fn compare_people(papers: &Papers, verdicts: &Value, seed: u64, tally: &mut Tally) -> HashMap<String, [i64; 3]> {
    let roster: HashMap<&str, &papers::Row> = papers.roster.iter().map(|entry| (entry["nip"].as_str(), entry)).collect();
    let mut due = HashMap::new();
    for (nip, row) in rows(verdicts) {
        let (expected, paid) = (amounts(&row["expected"]), amounts(&row["paid"]));
        assert_eq!(paid, papers.paid.get(nip).copied(), "seed {seed}, {nip}: paid");
        assert_eq!(row["difference"].as_i64(), paid.zip(expected).map(|(paid, due)| paid[2] - due[2]), "seed {seed}, {nip}: difference");
        let Some(entry) = roster.get(nip) else {
            assert_eq!(expected, None, "seed {seed}, {nip} is in no roster");
            continue;
        };
        tally.people += 1;
        match (expected, person::amounts(papers, entry)) {
            (Some(theirs), ours) => {
                assert_eq!(ours, Ok(theirs), "seed {seed}, {nip}");
                tally.equal += 1;
                tally.cut += u64::from(theirs[1] > 0);
                due.insert(nip.to_owned(), theirs);
            }
            (None, ours) => {
                let has = |known: &[&str]| row["findings"].as_array().unwrap().iter().any(|code| known.iter().any(|known| code == known));
                // the papers give an amount to whom finance forgot, and know nothing of a move that BKN knows
                assert!(ours.is_err() || has(&["RO02", "RO03"]), "seed {seed}, {nip}: {ours:?}, {}", row["findings"]);
                assert!(has(&NO_AMOUNT), "seed {seed}, {nip}: {}", row["findings"]);
                tally.undecided += 1;
            }
        }
    }
    due
}

/// The sums at the head of the document.
fn compare_sums(verdicts: &Value, due: &HashMap<String, [i64; 3]>, seed: u64) {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (nip, row) in rows(verdicts) {
        *sums.entry(row["verdict"].as_str().unwrap()).or_default() += due.get(nip).map_or(0, |due| due[2]);
    }
    let sum = |verdict: &str| sums.get(verdict).copied().unwrap_or_default();
    for verdict in ["layak", "tertahan", "belum_diketahui", "tidak_berhak"] {
        assert_eq!(verdicts["totals"]["rupiah"][verdict].as_i64(), Some(sum(verdict)), "seed {seed}, {verdict}");
    }
    assert_eq!(verdicts["totals"]["at_risk"].as_i64(), Some(sum("tertahan") + sum("belum_diketahui")), "seed {seed}");
}

/// What each finding puts at risk: everything that is due, or what is paid wrongly.
fn compare_risks(verdicts: &Value, findings: &Value, due: &HashMap<String, [i64; 3]>, seed: u64, tally: &mut Tally) {
    let people: HashMap<&str, &Value> = rows(verdicts).collect();
    for (nip, row) in rows(findings) {
        let due = due.get(nip).map_or(0, |due| due[2]);
        let difference = people.get(nip).and_then(|person| person["difference"].as_i64()).unwrap_or_default();
        let ours = match row["severity"].as_str().unwrap() {
            "block" => due,
            // a supplement is paid in a row of its own, a fifth of the tariff
            "amount" if row["code"] == "CL04" => continue,
            "amount" => difference.abs(),
            _ => 0,
        };
        assert_eq!(row["rupiah_at_risk"].as_i64(), Some(ours), "seed {seed}, {nip}: {}", row["code"]);
        tally.risks += 1;
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
