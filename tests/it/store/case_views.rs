//! The views of the inbox follow from cases, findings and waivers, whatever people and reconciliations do in between.

use super::cases::{account, asked, day, excused_reconcile as reconcile};
use super::reconciling::{finding, verdict};
use super::*;
use crate::support::on_both_engines;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use selaras::clock::Clock;
use selaras::domain::Code;
use selaras::domain::access::Role;
use selaras::store::CaseFilter;
use selaras::store::CaseTarget;
use selaras::store::Deed;
use selaras::store::FindingStatus;
use selaras::store::ListWanted;
use selaras::store::NewVerdict;
use std::collections::BTreeSet;

on_both_engines!(the_views_follow_from_cases_and_findings, deeds_and_reconciliations_at_once_leave_true_views,);

const PEOPLE: u32 = 4;
const SUBJECTS: [&str; 2] = ["", "2026-10-05"];

/// Of person `n` the findings whose bits are set.
fn found(n: u32, bits: u8) -> NewVerdict {
    let mut new = verdict(n, &format!("{bits}"), &[]);
    new.noted.unit = format!("U{}", n % 2);
    let here = SUBJECTS.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0);
    new.verdict.findings = here.map(|(_, subject)| finding(Some(nip(n)), Code::Pr01, subject)).collect();
    new
}

fn id(n: u32, subject: usize) -> String {
    finding(Some(nip(n)), Code::Pr01, SUBJECTS[subject]).id
}

/// Who has what in each view, told from every case one by one: the slow way.
async fn told(bench: &Bench, filter: &CaseFilter) -> BTreeSet<u32> {
    let mut who = BTreeSet::new();
    for n in 0..PEOPLE {
        let (mut open, mut taken, mut matches) = (0, 0, false);
        for subject in 0..SUBJECTS.len() {
            let Some(file) = bench.store.case_file(period(), &id(n, subject)).await.unwrap() else { continue };
            let (is_open, case) = (file.state.status == FindingStatus::New || file.state.status == FindingStatus::Persisting, file.case);
            open += u32::from(is_open);
            taken += u32::from(is_open && !case.owner.is_empty());
            matches |= match filter {
                CaseFilter::Mine(account) => is_open && case.owner == *account,
                CaseFilter::Overdue(before) => is_open && case.deadline.is_some_and(|day| day < *before),
                CaseFilter::Waiting(account) => {
                    is_open && case.waiver.is_some_and(|waiver| waiver.is_waiting() && waiver.asked_by != *account)
                }
                CaseFilter::Waived => file.state.status == FindingStatus::Waived,
                CaseFilter::Unassigned => false,
            };
        }
        let unassigned = *filter == CaseFilter::Unassigned && open > taken;
        who.extend((matches || unassigned).then_some(n));
    }
    who
}

async fn listed(bench: &Bench, filter: &CaseFilter) -> BTreeSet<u32> {
    let wanted = ListWanted { code: Some(Code::Pr01), cases: Some(filter.clone()), limit: 100, ..ListWanted::default() };
    let rows = bench.store.list(period(), &wanted).await.unwrap().unwrap().1;
    let who: Vec<u32> = rows.iter().map(|row| (0..PEOPLE).find(|n| nip(*n) == row.nip).unwrap()).collect();
    let once: BTreeSet<u32> = who.iter().copied().collect();
    assert_eq!(once.len(), who.len(), "{filter:?} names somebody twice");
    once
}

async fn compare(bench: &Bench) -> usize {
    let filters = [
        CaseFilter::Mine("sri".into()),
        CaseFilter::Mine("budi".into()),
        CaseFilter::Overdue(day("2026-11-20")),
        CaseFilter::Waiting("sri".into()),
        CaseFilter::Waiting("budi".into()),
        CaseFilter::Unassigned,
        CaseFilter::Waived,
    ];
    let mut matched = 0;
    for filter in filters {
        let (expected, got) = (told(bench, &filter).await, listed(bench, &filter).await);
        assert_eq!(got, expected, "{filter:?}");
        let heads: u64 = bench.store.case_groups(period(), &filter, true).await.unwrap().iter().map(|group| group.heads).sum();
        let together = bench.store.case_groups(period(), &filter, false).await.unwrap();
        assert_eq!(together.iter().map(|group| group.heads).sum::<u64>(), heads, "{filter:?}");
        if filter != CaseFilter::Unassigned {
            assert_eq!(heads, expected.len() as u64, "{filter:?}");
        }
        matched += expected.len();
    }
    matched
}

async fn office(bench: &Bench) {
    account(bench, "sri", Role::Sdm, &[]).await;
    account(bench, "budi", Role::Sdm, &[]).await;
    let all: Vec<NewVerdict> = (0..PEOPLE).map(|n| found(n, 3)).collect();
    reconcile(bench, "2026-11-02T00:00:00Z", &all).await;
}

async fn act(bench: &Bench, n: u32, subject: usize, deed: &Deed, who: &str) {
    let Some(file) = bench.store.case_file(period(), &id(n, subject)).await.unwrap() else { return };
    let resolved = file.state.status == FindingStatus::Resolved;
    let evidence = if resolved { String::new() } else { finding(Some(nip(n)), Code::Pr01, SUBJECTS[subject]).evidence_hash() };
    let target = CaseTarget { id: id(n, subject), version: file.case.version, evidence };
    bench.store.work(period(), &[target], deed, who, "").await.unwrap();
}

fn deed(which: u8) -> Deed {
    match which {
        0 => Deed::Assign("sri".into()),
        1 => Deed::Assign("budi".into()),
        2 => Deed::Assign(String::new()),
        3 => Deed::Deadline(Some(day("2026-11-10"))),
        4 => Deed::Deadline(Some(day("2026-12-10"))),
        5 => asked("2026-11-05"),
        6 => asked("2026-12-31"),
        7 => Deed::Approve,
        8 => Deed::Withdraw,
        _ => Deed::Deadline(None),
    }
}

async fn the_views_follow_from_cases_and_findings(bench: Bench) {
    office(&bench).await;
    let step = (0..PEOPLE, 0..SUBJECTS.len(), 0u8..13, any::<bool>(), 0u8..4);
    let steps = proptest::collection::vec(step, 150);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut matched = 0;
    for (n, subject, which, sri, bits) in steps.new_tree(&mut runner).unwrap().current() {
        bench.clock.advance(Duration::hours(1));
        match which {
            0..10 => act(&bench, n, subject, &deed(which), if sri { "sri" } else { "budi" }).await,
            10 | 11 => {
                let now = bench.clock.now().to_rfc3339();
                reconcile(&bench, &now, &[found(n, bits)]).await;
            }
            _ => {
                let mut saving = bench.store.begin_saving(period(), bench.clock.now()).await.unwrap();
                saving.put(&[found(n, bits)]).await.unwrap();
                saving.finish(&super::reconciling::record(), &[nip((n + 1) % PEOPLE)], &[], None).await.unwrap();
            }
        }
        matched += compare(&bench).await;
    }
    assert!(matched > 300, "{matched}");
}

/// Two who work and one who reconciles never leave a view that says something else than the cases.
async fn deeds_and_reconciliations_at_once_leave_true_views(bench: Bench) {
    office(&bench).await;
    for round in 0..12u8 {
        let work = async |n: u32, which: u8, who: &str| act(&bench, n, usize::from(round % 2), &deed(which), who).await;
        let again = async {
            let now = (bench.clock.now() + Duration::minutes(i64::from(round))).to_rfc3339();
            reconcile(&bench, &now, &[found(0, round % 4), found(1, (round + 1) % 4)]).await;
        };
        tokio::join!(work(0, round % 5, "sri"), work(1, (round + 2) % 7, "budi"), again);
        bench.clock.advance(Duration::hours(1));
        compare(&bench).await;
    }
}
