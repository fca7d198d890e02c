//! Verdicts and the life of findings.

use super::*;
use crate::support::on_both_engines;
use selaras::domain::Code;
use selaras::domain::Finding;
use selaras::domain::Rupiah;
use selaras::domain::Standing;
use selaras::domain::Verdict;
use selaras::store::FindingStatus;
use selaras::store::NewReconciliation;
use selaras::store::NewVerdict;
use selaras::store::Noted;
use selaras::store::Saved;

on_both_engines!(
    verdicts_are_kept_and_read_by_person,
    findings_live_across_runs,
    a_run_that_changes_nothing_alters_no_status,
    people_who_left_take_their_findings_along,
    a_reconciliation_that_is_dropped_never_was,
);

pub fn finding(nip: Option<Nip>, code: Code, subject: &str) -> Finding {
    Finding {
        id: Finding::stable_id(period(), nip, code, subject),
        code,
        severity: code.default_severity(),
        nip,
        subject: subject.to_owned(),
        rupiah_at_risk: Rupiah::default(),
        excuse: None,
        params: Vec::new(),
        evidence: Vec::new(),
    }
}

pub fn verdict(n: u32, inputs: &str, codes: &[Code]) -> NewVerdict {
    verdict_of(nip(n), inputs, codes)
}

fn verdict_of(nip: Nip, inputs: &str, codes: &[Code]) -> NewVerdict {
    let verdict = Verdict {
        nip,
        name: Some("Uji".to_owned()),
        unit: None,
        unit_name: None,
        kelas_jabatan: Some(8),
        standing: if codes.is_empty() { Standing::Layak } else { Standing::Tertahan },
        expected: None,
        paid: None,
        predikat: None,
        deductions: Vec::new(),
        findings: codes.iter().map(|code| finding(Some(nip), *code, "")).collect(),
        unknown: Vec::new(),
        superior: None,
        derivation: Vec::new(),
        unverified_rules: Vec::new(),
    };
    NewVerdict { inputs_sha: inputs.to_owned(), noted: Noted::default(), verdict }
}

pub fn record() -> NewReconciliation {
    NewReconciliation {
        inputs_sha: "inputs".to_owned(),
        policy_id: "policy".to_owned(),
        policy_sha: "sha".to_owned(),
        mode: "final".to_owned(),
        complete: true,
        summary: serde_json::json!({ "layak": 1 }),
        started_at: at("2026-11-02T00:59:00Z"),
    }
}

async fn save(bench: &Bench, day: u32, changed: &[NewVerdict], removed: &[Nip], files: &[Finding]) -> Saved {
    let as_of = at(&format!("2026-11-{day:02}T00:00:00Z"));
    bench.store.save_reconciliation(period(), as_of, &record(), changed, removed, files).await.unwrap()
}

/// (about, code, status, first seen, last seen, run)
async fn states(bench: &Bench) -> Vec<(String, &'static str, &'static str, u32, u32, String)> {
    use chrono::Datelike;
    let states = bench.store.finding_states(period()).await.unwrap();
    let about = |nip: Option<Nip>| nip.map_or("file".to_owned(), |nip| nip.as_str()[15..].to_owned());
    states
        .into_iter()
        .map(|one| (about(one.nip), one.code.code(), one.status.key(), one.first_seen.day(), one.last_seen.day(), one.run))
        .collect()
}

async fn verdicts_are_kept_and_read_by_person(bench: Bench) {
    assert_eq!(bench.store.latest_reconcile_run(period()).await.unwrap(), None);
    let all: Vec<_> = (0..1_200).rev().map(|n| verdict_of(many(n), &format!("i{n}"), &[])).collect();
    let saved = save(&bench, 1, &all, &[], &[]).await;
    assert!(saved.changed);
    let inputs = bench.store.inputs(period()).await.unwrap();
    assert_eq!((inputs.len(), inputs[&many(7)].as_str()), (1_200, "i7"));
    let read = bench.store.verdicts(period(), None).await.unwrap().all().await.unwrap();
    let mut expected: Vec<_> = all.iter().map(|new| new.verdict.clone()).collect();
    expected.sort_by_key(|verdict| verdict.nip);
    assert_eq!(read, expected);
    let some = [many(1_199), many(3), many(5_000)];
    let read = bench.store.verdicts(period(), Some(&some)).await.unwrap().all().await.unwrap();
    assert_eq!(read.iter().map(|verdict| verdict.nip).collect::<Vec<_>>(), [many(3).min(many(1_199)), many(3).max(many(1_199))]);
    assert!(bench.store.verdicts(period(), Some(&[])).await.unwrap().all().await.unwrap().is_empty());
    assert!(bench.store.verdicts("2026-09".parse().unwrap(), None).await.unwrap().all().await.unwrap().is_empty());

    save(&bench, 2, &[verdict_of(many(7), "other", &[Code::Pr01])], &[], &[]).await;
    assert_eq!(bench.store.inputs(period()).await.unwrap()[&many(7)], "other");
    let run = bench.store.latest_reconcile_run(period()).await.unwrap().unwrap();
    assert_eq!((run.record, run.as_of, run.period), (record(), at("2026-11-02T00:00:00Z"), period()));
}

async fn findings_live_across_runs(bench: Bench) {
    let file = finding(None, Code::Am04, "adk.xlsx");
    let one =
        save(&bench, 1, &[verdict(1, "a", &[Code::Pr01, Code::Ab05]), verdict(2, "a", &[Code::Pr01])], &[], std::slice::from_ref(&file))
            .await;
    assert_eq!((one.new, one.persisting, one.resolved, one.changed), (4, 0, 0, true));
    // Person 1 changed: one finding went, one came. Person 2 did not; the file is as it was.
    let two = save(&bench, 2, &[verdict(1, "b", &[Code::Pr01, Code::Bk01])], &[], std::slice::from_ref(&file)).await;
    assert_eq!((two.new, two.persisting, two.resolved), (1, 3, 1));
    let row = |about: &str, code, status, first, last, run: &Saved| (about.to_owned(), code, status, first, last, run.run.clone());
    assert_eq!(
        states(&bench).await,
        [
            row("file", "AM04", "persisting", 1, 2, &one),
            row("001", "AB05", "resolved", 1, 1, &two),
            row("001", "BK01", "new", 2, 2, &two),
            row("001", "PR01", "persisting", 1, 2, &one),
            row("002", "PR01", "persisting", 1, 2, &one),
        ]
    );
    // The file was mended; an old finding comes back, and what was resolved stays resolved by its run.
    let three = save(&bench, 3, &[verdict(2, "b", &[])], &[], &[]).await;
    let four = save(&bench, 4, &[verdict(2, "c", &[Code::Pr01])], &[], &[]).await;
    assert_eq!(
        states(&bench).await,
        [
            row("file", "AM04", "resolved", 1, 2, &three),
            row("001", "AB05", "resolved", 1, 1, &two),
            row("001", "BK01", "persisting", 2, 4, &two),
            row("001", "PR01", "persisting", 1, 4, &one),
            row("002", "PR01", "new", 4, 4, &four),
        ]
    );
    assert_eq!(bench.store.latest_reconcile_run(period()).await.unwrap().unwrap().file_findings, []);
}

async fn a_run_that_changes_nothing_alters_no_status(bench: Bench) {
    let file = finding(None, Code::Am04, "adk.xlsx");
    let first = save(&bench, 1, &[verdict(1, "a", &[Code::Pr01])], &[], std::slice::from_ref(&file)).await;
    bench.clock.advance(hours(1));
    let second = save(&bench, 2, &[], &[], std::slice::from_ref(&file)).await;
    assert_eq!((second.changed, second.run.as_str(), second.new, second.resolved), (false, first.run.as_str(), 2, 0));
    let states = bench.store.finding_states(period()).await.unwrap();
    assert!(states.iter().all(|state| state.status == FindingStatus::New && state.last_seen == at("2026-11-02T00:00:00Z")));
    assert!(states.iter().all(|state| state.first_seen == at("2026-11-01T00:00:00Z")));
    let run = bench.store.latest_reconcile_run(period()).await.unwrap().unwrap();
    assert_eq!((run.id, run.as_of, run.checked_at - run.ended_at), (first.run, at("2026-11-02T00:00:00Z"), hours(1)));
    assert_eq!(run.file_findings, [file]);
}

async fn people_who_left_take_their_findings_along(bench: Bench) {
    save(&bench, 1, &[verdict(1, "a", &[Code::Pr01]), verdict(2, "a", &[Code::Pr01])], &[], &[]).await;
    let second = save(&bench, 2, &[], &[nip(2), nip(9)], &[]).await;
    assert_eq!((second.changed, second.resolved, second.persisting), (true, 1, 1));
    assert_eq!(bench.store.inputs(period()).await.unwrap().len(), 1);
    let states = bench.store.finding_states(period()).await.unwrap();
    assert_eq!((states[1].nip, states[1].status, states[1].run.as_str()), (Some(nip(2)), FindingStatus::Resolved, second.run.as_str()));
}

async fn a_reconciliation_that_is_dropped_never_was(bench: Bench) {
    let mut saving = bench.store.begin_saving(period(), at("2026-11-01T00:00:00Z")).await.unwrap();
    saving.put(&[verdict(1, "a", &[Code::Pr01])]).await.unwrap();
    drop(saving);
    assert!(bench.store.inputs(period()).await.unwrap().is_empty());
    let saved = save(&bench, 2, &[verdict(1, "a", &[Code::Pr01])], &[], &[]).await;
    assert_eq!((saved.new, bench.store.finding_states(period()).await.unwrap().len()), (1, 1));
}
