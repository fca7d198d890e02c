//! Cases and waivers: who may do what, what a form that is out of date does, and what a reconciliation writes.

use super::reconciling::{record, verdict};
use super::*;
use crate::support::on_both_engines;
use chrono::NaiveDate;
use proptest::prelude::*;
use selaras::clock::Clock;
use selaras::domain::Code;
use selaras::domain::Waiver;
use selaras::domain::access::Role;
use selaras::domain::finding::Exhibit;
use selaras::store::AccountChange;
use selaras::store::AuditEntry;
use selaras::store::Case;
use selaras::store::CaseFilter;
use selaras::store::CaseTarget;
use selaras::store::Deed;
use selaras::store::FindingStatus;
use selaras::store::ListWanted;
use selaras::store::NewAccount;
use selaras::store::NewVerdict;
use selaras::store::NewWaiver;
use selaras::store::WaiverEnd;
use selaras::store::Worked;

on_both_engines!(
    a_case_is_worked_and_its_history_kept,
    a_form_that_is_out_of_date_changes_nothing,
    all_of_several_are_done_or_none,
    who_may_not_work_changes_nothing,
    a_waiver_takes_a_second_person,
    a_waiver_holds_between_its_instants_only,
    a_waiver_lapses_and_does_not_come_back,
    a_waiver_that_excuses_nothing_for_now_does_not_lapse,
    only_evidence_ends_a_case_and_its_history_names_it,
    cases_are_found_by_whom_and_when,
    two_at_once_do_it_once,
    what_is_taken_back_meanwhile_is_not_rested_on,
    whatever_happens_a_waiver_takes_two_and_its_own_evidence,
);

pub(super) async fn account(bench: &Bench, name: &str, role: Role, units: &[&str]) {
    let scope = match units {
        [] => selaras::domain::access::Scope::All,
        some => selaras::domain::access::Scope::Units(some.iter().map(|unit| (*unit).to_owned()).collect()),
    };
    let new = NewAccount { name: name.into(), shown: String::new(), hash: "x".into(), roles: [role].into(), scope };
    assert!(bench.store.add_account(&new, AuditEntry::new("terminal", "", "account_added", name)).await.unwrap());
}

/// A verdict whose one finding rests on `says`; `None`: no finding.
pub(super) fn said(n: u32, says: Option<&str>) -> NewVerdict {
    let codes = if says.is_some() { &[Code::Pr01][..] } else { &[] };
    let mut new = verdict(n, &format!("{says:?}"), codes);
    new.noted.unit = format!("U{n}");
    for finding in &mut new.verdict.findings {
        finding.evidence.push(Exhibit {
            kind: Kind::Evaluation,
            source: "report".into(),
            batch: "b".into(),
            locator: String::new(),
            field: "hasil_akhir".into(),
            value: says.map(str::to_owned),
            observed_at: None,
        });
    }
    new
}

/// The same, excused if one of these waivers in force excuses just that: what an evaluation does.
fn excused(mut new: NewVerdict, waivers: &[(i64, Option<Nip>, Waiver)]) -> NewVerdict {
    for finding in &mut new.verdict.findings {
        let hash = finding.evidence_hash();
        let found = waivers.iter().find(|(_, _, waiver)| waiver.finding == finding.id && waiver.evidence == hash);
        finding.excuse = found.map(|(_, _, waiver)| waiver.excuse());
    }
    new
}

/// Reconciles as of an instant as the application does.
pub(super) async fn excused_reconcile(bench: &Bench, as_of: &str, verdicts: &[NewVerdict]) {
    let waivers = bench.store.waivers_in_force(period(), at(as_of)).await.unwrap();
    let verdicts: Vec<_> = verdicts.iter().map(|new| excused(new.clone(), &waivers)).collect();
    save(bench, as_of, &verdicts, &waivers).await;
}

/// The same while nobody knows the amount: the evaluation knows the waiver and excuses nothing by it.
async fn reconcile_uncomputable(bench: &Bench, as_of: &str, verdicts: &[NewVerdict]) {
    let waivers = bench.store.waivers_in_force(period(), at(as_of)).await.unwrap();
    save(bench, as_of, verdicts, &waivers).await;
}

async fn save(bench: &Bench, as_of: &str, verdicts: &[NewVerdict], waivers: &[(i64, Option<Nip>, Waiver)]) {
    let mut saving = bench.store.begin_saving(period(), at(as_of)).await.unwrap();
    saving.put(verdicts).await.unwrap();
    assert!(saving.rests_on(&waivers.iter().map(|(seq, ..)| *seq).collect::<Vec<_>>()).await.unwrap());
    saving.finish(&record(), &[], &[], None).await.unwrap();
}

fn id(n: u32) -> String {
    said(n, Some("-")).verdict.findings[0].id.clone()
}

pub(super) fn target(n: u32, says: &str, version: u64) -> CaseTarget {
    CaseTarget { id: id(n), version, evidence: said(n, Some(says)).verdict.findings[0].evidence_hash() }
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn asked(until: &str) -> Deed {
    let ends_at = at(&format!("{until}T00:00:00Z")) + Duration::days(1);
    Deed::Ask(NewWaiver { reason: "surat menyusul".into(), document: "ND-1/2026".into(), until: day(until), ends_at })
}

pub(super) async fn work(bench: &Bench, target: CaseTarget, deed: Deed, who: &str) -> Worked {
    bench.store.work(period(), &[target], &deed, who, "10.0.0.1").await.unwrap()
}

async fn case(bench: &Bench, n: u32) -> Case {
    bench.store.case_file(period(), &id(n)).await.unwrap().unwrap().case
}

async fn history(bench: &Bench, n: u32) -> Vec<(String, String)> {
    let file = bench.store.case_file(period(), &id(n)).await.unwrap().unwrap();
    file.events.into_iter().map(|event| (event.account, event.what)).collect()
}

async fn status(bench: &Bench, n: u32) -> FindingStatus {
    bench.store.case_file(period(), &id(n)).await.unwrap().unwrap().state.status
}

pub(super) async fn office(bench: &Bench) {
    account(bench, "sri", Role::Sdm, &[]).await;
    account(bench, "budi", Role::Sdm, &[]).await;
    excused_reconcile(bench, "2026-11-02T00:00:00Z", &[said(1, Some("-")), said(2, Some("-"))]).await;
}

async fn a_case_is_worked_and_its_history_kept(bench: Bench) {
    office(&bench).await;
    assert_eq!(case(&bench, 1).await, Case { id: id(1), ..Case::default() }, "nobody has acted");
    assert_eq!(work(&bench, target(1, "-", 0), Deed::Assign("budi".into()), "sri").await, Worked::Done(1));
    bench.clock.advance(hours(1));
    assert_eq!(work(&bench, target(1, "-", 1), Deed::Deadline(Some(day("2026-11-20"))), "budi").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 2), Deed::Comment("sudah ditelepon".into()), "budi").await, Worked::Done(1));
    let known = case(&bench, 1).await;
    assert_eq!((known.owner.as_str(), known.deadline, known.version), ("budi", Some(day("2026-11-20")), 3));
    let file = bench.store.case_file(period(), &id(1)).await.unwrap().unwrap();
    let events: Vec<_> = file.events.iter().map(|event| (event.account.as_str(), event.what.as_str())).collect();
    assert_eq!(events, [("sri", "assigned"), ("budi", "deadline"), ("budi", "comment")]);
    assert_eq!(file.events[1].at - file.events[0].at, hours(1));
    assert_eq!(file.events[2].detail["text"], "sudah ditelepon");
    let lines = bench.store.audit_lines(None, 3).await.unwrap();
    let told: Vec<_> = lines.iter().rev().map(|line| (line.action.as_str(), line.account.as_str(), line.subject.as_str())).collect();
    let who = nip(1);
    assert_eq!(
        told,
        [("case_assigned", "sri", who.as_str()), ("case_deadline_set", "budi", who.as_str()), ("case_commented", "budi", who.as_str())]
    );
    assert!(lines.iter().all(|line| !line.detail.contains("ditelepon")), "what people write stands in the history only");
    // Whoever is no longer there can be taken off, and the deadline too.
    assert_eq!(work(&bench, target(1, "-", 3), Deed::Assign(String::new()), "sri").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 4), Deed::Deadline(None), "sri").await, Worked::Done(1));
    assert_eq!((case(&bench, 1).await.owner.as_str(), case(&bench, 1).await.deadline), ("", None));
}

async fn a_form_that_is_out_of_date_changes_nothing(bench: Bench) {
    office(&bench).await;
    assert_eq!(work(&bench, target(1, "-", 0), Deed::Assign("budi".into()), "sri").await, Worked::Done(1));
    let before = bench.store.audit_head().await.unwrap();
    // The second click, an older page, a page from before the evidence changed, a finding that nobody has named.
    for stale in [
        target(1, "-", 0),
        target(1, "-", 7),
        target(1, "Baik", 1),
        CaseTarget { evidence: String::new(), ..target(1, "-", 1) },
        CaseTarget { id: "0123456789abcdef0123".into(), ..target(1, "-", 0) },
    ] {
        assert_eq!(work(&bench, stale.clone(), Deed::Assign("sri".into()), "sri").await, Worked::Stale, "{stale:?}");
    }
    assert_eq!((case(&bench, 1).await.owner.as_str(), history(&bench, 1).await.len()), ("budi", 1));
    assert_eq!(bench.store.audit_head().await.unwrap(), before);
}

async fn all_of_several_are_done_or_none(bench: Bench) {
    office(&bench).await;
    let both = [target(1, "-", 0), target(2, "-", 0)];
    let deed = Deed::Comment("x".into());
    let stale = [target(1, "-", 0), target(2, "-", 1)];
    assert_eq!(bench.store.work(period(), &stale, &deed, "sri", "").await.unwrap(), Worked::Stale);
    assert_eq!((history(&bench, 1).await.len(), case(&bench, 1).await.version), (0, 0));
    assert_eq!(bench.store.work(period(), &both, &deed, "sri", "").await.unwrap(), Worked::Done(2));
    assert_eq!((history(&bench, 1).await.len(), history(&bench, 2).await.len()), (1, 1));
}

async fn who_may_not_work_changes_nothing(bench: Bench) {
    office(&bench).await;
    account(&bench, "uang", Role::Keuangan, &[]).await;
    account(&bench, "audit", Role::Auditor, &[]).await;
    account(&bench, "u2", Role::Sdm, &["U2"]).await;
    account(&bench, "pergi", Role::Sdm, &[]).await;
    assert_eq!(
        bench.store.set_disabled("pergi", true, AuditEntry::new("terminal", "", "account_disabled", "pergi")).await.unwrap(),
        AccountChange::Done
    );
    for who in ["uang", "audit", "u2", "pergi", "tautan-masuk", "tidak-ada", ""] {
        assert_eq!(work(&bench, target(1, "-", 0), Deed::Comment("x".into()), who).await, Worked::Forbidden, "{who}");
    }
    for owner in ["uang", "u2", "pergi", "tidak-ada"] {
        assert_eq!(work(&bench, target(1, "-", 0), Deed::Assign(owner.into()), "sri").await, Worked::NoOwner, "{owner}");
    }
    assert_eq!(work(&bench, target(2, "-", 0), Deed::Assign("u2".into()), "sri").await, Worked::Done(1));
    assert_eq!(work(&bench, target(2, "-", 1), Deed::Comment("x".into()), "u2").await, Worked::Done(1));
    assert_eq!(history(&bench, 1).await.len(), 0);
}

async fn a_waiver_takes_a_second_person(bench: Bench) {
    office(&bench).await;
    assert_eq!(work(&bench, target(1, "-", 0), Deed::Approve, "budi").await, Worked::NoWaiver);
    assert_eq!(work(&bench, target(1, "-", 0), asked("2026-11-01"), "sri").await, Worked::Expired, "it would have passed already");
    assert_eq!(work(&bench, target(1, "-", 0), asked("2026-12-31"), "sri").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 1), asked("2026-12-31"), "budi").await, Worked::HasWaiver);
    for deed in [Deed::Approve, Deed::Refuse("x".into())] {
        assert_eq!(work(&bench, target(1, "-", 1), deed, "sri").await, Worked::OwnWaiver);
    }
    assert_eq!(bench.store.waivers_in_force(period(), bench.clock.now()).await.unwrap(), [], "nobody else has approved it");
    assert_eq!(work(&bench, target(1, "-", 1), Deed::Refuse("dokumen salah".into()), "budi").await, Worked::Done(1));
    assert_eq!(case(&bench, 1).await.waiver, None);
    assert_eq!(work(&bench, target(1, "-", 2), asked("2026-12-31"), "budi").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 3), Deed::Withdraw, "budi").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 4), Deed::Approve, "sri").await, Worked::NoWaiver);
    assert_eq!(work(&bench, target(1, "-", 4), asked("2026-12-31"), "budi").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 5), Deed::Approve, "sri").await, Worked::Done(1));
    let waiver = case(&bench, 1).await.waiver.unwrap();
    assert_eq!((waiver.asked_by.as_str(), waiver.decided_by.as_str(), waiver.document.as_str()), ("budi", "sri", "ND-1/2026"));
    assert_eq!(bench.store.ever_waived(period()).await.unwrap(), [nip(1)]);
    // The database itself refuses one who approves their own.
    let own = "UPDATE waiver SET decided_by = asked_by";
    let refused = match bench.url.strip_prefix("sqlite://") {
        Some(path) => sqlx::query(own).execute(&sqlx::SqlitePool::connect(path).await.unwrap()).await.is_err(),
        None => sqlx::query(own).execute(&sqlx::PgPool::connect(&bench.url).await.unwrap()).await.is_err(),
    };
    assert!(refused);
    let cut = "DELETE FROM case_event";
    let refused = match bench.url.strip_prefix("sqlite://") {
        Some(path) => sqlx::query(cut).execute(&sqlx::SqlitePool::connect(path).await.unwrap()).await.is_err(),
        None => sqlx::query(cut).execute(&sqlx::PgPool::connect(&bench.url).await.unwrap()).await.is_err(),
    };
    assert!(refused, "a history is only added to");
}

async fn a_waiver_holds_between_its_instants_only(bench: Bench) {
    office(&bench).await;
    let before = bench.clock.now();
    bench.clock.advance(hours(1));
    assert_eq!(work(&bench, target(1, "-", 0), asked("2026-12-31"), "sri").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 1), Deed::Approve, "budi").await, Worked::Done(1));
    let in_force = async |when| bench.store.waivers_in_force(period(), when).await.unwrap().len();
    let approved = bench.clock.now();
    assert_eq!((in_force(before).await, in_force(approved).await), (0, 1));
    assert_eq!((in_force(at("2026-12-31T23:59:59Z")).await, in_force(at("2027-01-01T00:00:00Z")).await), (1, 0));
    let other: Period = "2026-09".parse().unwrap();
    assert_eq!(bench.store.waivers_in_force(other, approved).await.unwrap(), []);
    bench.clock.advance(hours(1));
    assert_eq!(work(&bench, target(1, "-", 2), Deed::Withdraw, "sri").await, Worked::Done(1));
    assert_eq!((in_force(approved).await, in_force(bench.clock.now()).await), (1, 0), "what was known then is still known");
}

async fn approved(bench: &Bench, n: u32, version: u64) {
    assert_eq!(work(bench, target(n, "-", version), asked("2026-12-31"), "sri").await, Worked::Done(1));
    assert_eq!(work(bench, target(n, "-", version + 1), Deed::Approve, "budi").await, Worked::Done(1));
}

async fn a_waiver_lapses_and_does_not_come_back(bench: Bench) {
    office(&bench).await;
    approved(&bench, 1, 0).await;
    excused_reconcile(&bench, "2026-11-02T02:00:00Z", &[said(1, Some("-"))]).await;
    assert_eq!(status(&bench, 1).await, FindingStatus::Waived);
    assert_eq!(work(&bench, target(1, "-", 2), asked("2026-12-31"), "sri").await, Worked::HasWaiver);
    // The evidence changes, and changes back.
    excused_reconcile(&bench, "2026-11-03T00:00:00Z", &[said(1, Some("Baik"))]).await;
    assert_eq!(status(&bench, 1).await, FindingStatus::Persisting);
    assert_eq!(case(&bench, 1).await.waiver, None);
    excused_reconcile(&bench, "2026-11-04T00:00:00Z", &[said(1, Some("-"))]).await;
    assert_eq!(status(&bench, 1).await, FindingStatus::Persisting);
    let file = bench.store.case_file(period(), &id(1)).await.unwrap().unwrap();
    let last = file.events.last().unwrap();
    assert_eq!((last.account.as_str(), last.what.as_str(), last.detail["why"].as_str()), ("", "waiver_lapsed", Some("evidence")));
    // As of then it was in force, and still is.
    assert_eq!(bench.store.waivers_in_force(period(), at("2026-11-02T02:00:00Z")).await.unwrap().len(), 1);
    // One whose finding goes is over; one whose last day passes too.
    let version = case(&bench, 1).await.version;
    approved(&bench, 1, version).await;
    excused_reconcile(&bench, "2026-11-05T00:00:00Z", &[said(1, Some("-"))]).await;
    assert_eq!(status(&bench, 1).await, FindingStatus::Waived);
    excused_reconcile(&bench, "2026-11-06T00:00:00Z", &[said(1, None)]).await;
    excused_reconcile(&bench, "2026-11-07T00:00:00Z", &[said(1, Some("-"))]).await;
    assert_eq!(status(&bench, 1).await, FindingStatus::New);
    let whats: Vec<String> = history(&bench, 1).await.into_iter().map(|(_, what)| what).collect();
    assert_eq!(whats[5..], ["resolved", "waiver_lapsed", "returned"]);
    approved(&bench, 2, 0).await;
    bench.clock.advance(at("2027-01-02T00:00:00Z") - bench.clock.now());
    excused_reconcile(&bench, "2027-01-02T00:00:00Z", &[said(2, Some("-"))]).await;
    let file = bench.store.case_file(period(), &id(2)).await.unwrap().unwrap();
    let last = file.events.last().unwrap();
    assert_eq!((last.what.as_str(), last.detail["why"].as_str()), ("waiver_lapsed", Some(WaiverEnd::Expired.key())));
    assert_eq!(file.state.status, FindingStatus::Persisting);
}

async fn a_waiver_that_excuses_nothing_for_now_does_not_lapse(bench: Bench) {
    office(&bench).await;
    approved(&bench, 1, 0).await;
    let told = history(&bench, 1).await;
    reconcile_uncomputable(&bench, "2026-11-02T02:00:00Z", &[said(1, Some("-"))]).await;
    assert_eq!(status(&bench, 1).await, FindingStatus::Persisting, "it holds the person, so it is open");
    assert!(case(&bench, 1).await.waiver.is_some(), "the evidence is what was waived");
    assert_eq!(history(&bench, 1).await, told, "nothing has lapsed");
    // The amount is known again.
    excused_reconcile(&bench, "2026-11-03T00:00:00Z", &[said(1, Some("-"))]).await;
    assert_eq!(status(&bench, 1).await, FindingStatus::Waived);
    // Other evidence ends it all the same, known amount or not.
    reconcile_uncomputable(&bench, "2026-11-04T00:00:00Z", &[said(1, Some("Baik"))]).await;
    assert_eq!(case(&bench, 1).await.waiver, None);
    assert_eq!(history(&bench, 1).await.last().unwrap().1, "waiver_lapsed");
}

async fn only_evidence_ends_a_case_and_its_history_names_it(bench: Bench) {
    office(&bench).await;
    for n in [1, 2] {
        assert_eq!(work(&bench, target(n, "-", 0), Deed::Assign("sri".into()), "sri").await, Worked::Done(1));
    }
    let brought = bench.store.accept(pull("baru", "2026-11-02T12:00:00Z", vec![skp(1, "Analis")])).await.unwrap();
    excused_reconcile(&bench, "2026-11-03T00:00:00Z", &[said(1, None), said(2, None)]).await;
    let resolved = async |n| {
        let file = bench.store.case_file(period(), &id(n)).await.unwrap().unwrap();
        assert_eq!(file.state.status, FindingStatus::Resolved);
        let last = file.events.last().unwrap().clone();
        assert_eq!((last.account.as_str(), last.what.as_str()), ("", "resolved"));
        last.detail["batches"].clone()
    };
    let named = resolved(1).await;
    assert_eq!((named[0]["kind"].as_str(), named[0]["batch"].as_str()), (Some("skp"), Some(brought.id.as_str())));
    assert_eq!(resolved(2).await, serde_json::json!([]), "nothing new about that person");
    // Gone is gone: a case takes comments only.
    let gone = CaseTarget { evidence: String::new(), ..target(1, "-", 2) };
    for deed in [Deed::Assign("budi".into()), Deed::Deadline(None), asked("2026-12-31")] {
        assert_eq!(work(&bench, gone.clone(), deed, "sri").await, Worked::NotOpen);
    }
    assert_eq!(work(&bench, gone, Deed::Comment("beres".into()), "sri").await, Worked::Done(1));
}

async fn cases_are_found_by_whom_and_when(bench: Bench) {
    office(&bench).await;
    let today = day("2026-11-10");
    let found = async |filter: CaseFilter| {
        let groups = bench.store.case_groups(period(), &filter, true).await.unwrap();
        let wanted = ListWanted { code: Some(Code::Pr01), cases: Some(filter), limit: 10, ..ListWanted::default() };
        let listed = bench.store.list(period(), &wanted).await.unwrap().unwrap().1;
        let who: Vec<String> = listed.iter().map(|row| row.unit.clone()).collect();
        (groups.iter().map(|group| group.heads).sum::<u64>(), who)
    };
    let nobody = (0, Vec::new());
    for filter in [CaseFilter::Mine("sri".into()), CaseFilter::Overdue(today), CaseFilter::Waiting("budi".into()), CaseFilter::Waived] {
        assert_eq!(found(filter).await, nobody);
    }
    assert_eq!(found(CaseFilter::Unassigned).await, (0, vec!["U1".into(), "U2".into()]));
    assert_eq!(work(&bench, target(1, "-", 0), Deed::Assign("sri".into()), "sri").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 1), Deed::Deadline(Some(day("2026-11-09"))), "sri").await, Worked::Done(1));
    assert_eq!(work(&bench, target(2, "-", 0), asked("2026-12-31"), "sri").await, Worked::Done(1));
    assert_eq!(found(CaseFilter::Mine("sri".into())).await, (1, vec!["U1".into()]));
    assert_eq!(found(CaseFilter::Overdue(today)).await, (1, vec!["U1".into()]));
    assert_eq!(found(CaseFilter::Overdue(day("2026-11-09"))).await, nobody);
    assert_eq!(found(CaseFilter::Unassigned).await, (1, vec!["U2".into()]), "counted are those who are assigned");
    assert_eq!(found(CaseFilter::Waiting("budi".into())).await, (1, vec!["U2".into()]));
    assert_eq!(found(CaseFilter::Waiting("sri".into())).await, nobody, "never one's own");
    assert_eq!(work(&bench, target(2, "-", 1), Deed::Approve, "budi").await, Worked::Done(1));
    excused_reconcile(&bench, "2026-11-03T00:00:00Z", &[said(2, Some("-"))]).await;
    assert_eq!(found(CaseFilter::Waived).await, (1, vec!["U2".into()]));
    let open = bench.store.open_findings(period()).await.unwrap();
    assert_eq!(open.iter().map(|(_, _, count)| count).sum::<u64>(), 1);
    let cases = bench.store.cases_of(period(), Code::Pr01, &[nip(1), nip(2)]).await.unwrap();
    assert_eq!((cases.len(), cases[&id(2)].waiver.as_ref().unwrap().decided_by.as_str()), (2, "budi"));
}

async fn two_at_once_do_it_once(bench: Bench) {
    office(&bench).await;
    let other = bench.another().await;
    let clicks = (0..8).map(|n| {
        let store = if n % 2 == 0 { bench.store.clone() } else { other.clone() };
        tokio::spawn(async move { store.work(period(), &[target(1, "-", 0)], &Deed::Comment("x".into()), "sri", "").await.unwrap() })
    });
    let mut done = 0;
    for click in clicks.collect::<Vec<_>>() {
        match click.await.unwrap() {
            Worked::Done(1) => done += 1,
            other => assert_eq!(other, Worked::Stale),
        }
    }
    assert_eq!((done, history(&bench, 1).await.len()), (1, 1));
}

/// Between the reading of the waivers and the end of a reconciliation somebody takes one back: the run begins again, and
/// who ended it, and why, stays.
async fn what_is_taken_back_meanwhile_is_not_rested_on(bench: Bench) {
    office(&bench).await;
    assert_eq!(work(&bench, target(1, "-", 0), asked("2026-12-31"), "sri").await, Worked::Done(1));
    assert_eq!(work(&bench, target(1, "-", 1), Deed::Approve, "budi").await, Worked::Done(1));
    bench.clock.advance(Duration::minutes(1));
    let read_at = bench.clock.now();
    let waivers = bench.store.waivers_in_force(period(), read_at).await.unwrap();
    let numbers: Vec<i64> = waivers.iter().map(|(seq, ..)| *seq).collect();
    assert_eq!(numbers.len(), 1);
    assert_eq!(work(&bench, target(1, "-", 2), Deed::Withdraw, "sri").await, Worked::Done(1));
    let mut saving = bench.store.begin_saving(period(), read_at).await.unwrap();
    assert!(!saving.rests_on(&numbers).await.unwrap());
    drop(saving);
    // One as of before, that looks at other evidence: the end that it had is the one that it has.
    let earlier = read_at - Duration::seconds(1);
    let mut saving = bench.store.begin_saving(period(), earlier).await.unwrap();
    saving.put(&[said(1, Some("Baik"))]).await.unwrap();
    assert!(saving.rests_on(&numbers).await.unwrap(), "then it was in force");
    saving.finish(&record(), &[], &[], None).await.unwrap();
    let told = history(&bench, 1).await;
    assert_eq!(told.iter().filter(|(_, what)| what == "waiver_lapsed").count(), 0, "{told:?}");
    assert!(told.iter().any(|(who, what)| who == "sri" && what == "waiver_withdrawn"));
}

#[derive(Debug, Clone)]
enum Move {
    Work(bool, u8),
    Says(u8),
}

/// Whatever two people do, and whatever BKN says meanwhile: what is in force was approved by the other one, and excuses
/// only the evidence that it was asked for.
async fn whatever_happens_a_waiver_takes_two_and_its_own_evidence(bench: Bench) {
    use proptest::strategy::ValueTree;
    office(&bench).await;
    let moves = proptest::collection::vec(
        prop_oneof![3 => (any::<bool>(), 0u8..4).prop_map(|(sri, deed)| Move::Work(sri, deed)), 1 => (0u8..3).prop_map(Move::Says)],
        120,
    );
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut says, mut waived, mut lapsed, mut minutes) = (0u8, 0, 0, 0);
    let word = |says: u8| ["-", "Baik", ""][usize::from(says)].to_owned();
    // What each waiver was asked for; it never becomes valid for anything else.
    let mut dead: Vec<i64> = Vec::new();
    for step in moves.new_tree(&mut runner).unwrap().current() {
        bench.clock.advance(Duration::minutes(1));
        minutes += 1;
        match step {
            Move::Work(sri, deed) => {
                let version = case(&bench, 1).await.version;
                let deed = [asked("2026-12-31"), Deed::Approve, Deed::Refuse("x".into()), Deed::Withdraw][usize::from(deed)].clone();
                let (who, other) = if sri { ("sri", "budi") } else { ("budi", "sri") };
                let before = case(&bench, 1).await.waiver.filter(|waiver| waiver.is_waiting());
                let done = work(&bench, target(1, &word(says), version), deed.clone(), who).await;
                if deed == Deed::Approve && matches!(done, Worked::Done(_)) {
                    let before = before.unwrap();
                    assert_eq!(before.asked_by, other);
                    assert_eq!(before.evidence, target(1, &word(says), 0).evidence);
                }
            }
            Move::Says(next) => says = next,
        }
        let now = bench.clock.now();
        excused_reconcile(&bench, &now.to_rfc3339(), &[said(1, Some(&word(says)))]).await;
        let in_force = bench.store.waivers_in_force(period(), now + Duration::microseconds(1)).await.unwrap();
        assert!(in_force.iter().all(|(seq, ..)| !dead.contains(seq)), "a waiver came back to life");
        let is_waived = status(&bench, 1).await == FindingStatus::Waived;
        assert_eq!(is_waived, in_force.iter().any(|(_, _, waiver)| waiver.evidence == target(1, &word(says), 0).evidence));
        assert_eq!(is_waived, !in_force.is_empty(), "what excuses nothing any more is over");
        waived += usize::from(is_waived);
        let all: Vec<i64> = bench
            .store
            .waivers_in_force(period(), now - Duration::microseconds(1))
            .await
            .unwrap()
            .into_iter()
            .map(|(seq, ..)| seq)
            .collect();
        let over: Vec<i64> = all.into_iter().filter(|seq| !in_force.iter().any(|(known, ..)| known == seq)).collect();
        lapsed += over.len();
        dead.extend(over);
    }
    assert!(waived > 5 && lapsed > 2 && minutes == 120, "{waived} {lapsed}");
}
