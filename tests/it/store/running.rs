//! Sync runs: resuming, leases, fences, settling.

use super::*;
use crate::support::on_both_engines;
use selaras::domain::evidence::Reason;
use selaras::store::BatchStatus;
use selaras::store::ClaimedItem;
use selaras::store::Drift;
use selaras::store::ItemCounts;
use selaras::store::ItemState;
use selaras::store::LeaseOwner;
use selaras::store::NewItem;
use selaras::store::NewRun;
use selaras::store::Outcome;
use selaras::store::RunEnd;
use selaras::store::Settlement;
use selaras::store::StoreError;
use std::time::Duration as Time;

const LEASE: Time = Time::from_secs(60);

on_both_engines!(
    two_processes_begin_one_run,
    a_run_is_resumed_while_it_is_young_and_unfinished,
    nobody_claims_twice,
    an_expired_lease_passes_on_and_the_late_answer_is_lost,
    a_late_answer_that_is_still_wanted_counts,
    released_items_can_be_claimed_at_once,
    a_dead_process_holds_nothing_on_sqlite,
    answers_about_people_are_gathered,
    failures_end_with_the_next_good_answer,
    a_bulk_answer_and_its_progress_are_one,
    the_report_tells_all_processes_work,
    an_answer_to_another_question_is_refused,
);

fn plan(people: u32) -> NewRun {
    let person = |n| NewItem {
        kind: Kind::Position,
        surface: "siasn".to_owned(),
        part: "siasn".to_owned(),
        span: Span::Standing,
        nip: Some(nip(n)),
    };
    let bulk = NewItem { kind: Kind::Skp, surface: "report".to_owned(), part: "report:2026".to_owned(), span: Span::Year(2026), nip: None };
    NewRun {
        period: period(),
        surfaces: vec!["report".to_owned(), "siasn".to_owned()],
        plan_sha: "plan".to_owned(),
        items: std::iter::once(bulk).chain((0..people).map(person)).collect(),
        resume_within: Time::from_secs(6 * 3600),
        about_some: false,
    }
}

fn settlement(item: &ClaimedItem, instant: &str, outcome: Outcome) -> Settlement {
    Settlement {
        item: item.clone(),
        outcome,
        raw: Some(RawBody { content_type: "application/json".to_owned(), bytes: format!("{:?}", item.nip).into_bytes() }),
        source: "siasn:pns/rw-jabatan".to_owned(),
        at: at(instant),
        drift: vec![Drift { kind: item.kind, field: "baru".to_owned(), change: "added".to_owned() }],
    }
}

fn stated(item: &ClaimedItem, instant: &str, isi: &str) -> Settlement {
    let mut statement = position(0, isi);
    statement.nip = item.nip.unwrap();
    settlement(item, instant, Outcome::Stated(statement))
}

fn failed(item: &ClaimedItem, instant: &str, reason: Reason) -> Settlement {
    settlement(item, instant, Outcome::Failed { reason, detail: "as told".to_owned() })
}

async fn two_processes_begin_one_run(bench: Bench) {
    let other = bench.another().await;
    let (one, two) = tokio::join!(bench.store.begin_run(plan(50)), other.begin_run(plan(50)));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.id, two.id);
    assert_ne!(one.resumed, two.resumed);
    assert_eq!(bench.store.unsettled(&one, None).await.unwrap(), ItemCounts { pending: 51, ..ItemCounts::default() });
    assert_eq!(bench.store.unsettled(&one, Some("siasn")).await.unwrap().planned(), 50);
}

async fn a_run_is_resumed_while_it_is_young_and_unfinished(bench: Bench) {
    let first = bench.store.begin_run(plan(1)).await.unwrap();
    bench.clock.advance(hours(2));
    assert_eq!(bench.store.begin_run(plan(1)).await.unwrap().id, first.id);
    bench.store.finish_run(&first, RunEnd::Deadline).await.unwrap();
    let again = bench.store.begin_run(plan(1)).await.unwrap();
    assert_eq!((again.id.as_str(), again.resumed), (first.id.as_str(), true));
    let other_plan = NewRun { plan_sha: "other".to_owned(), ..plan(1) };
    assert!(!bench.store.begin_run(other_plan).await.unwrap().resumed);
    // Too old.
    bench.clock.advance(hours(5));
    let young = bench.store.begin_run(plan(1)).await.unwrap();
    assert_ne!(young.id, first.id);
    // Finished.
    bench.store.finish_run(&young, RunEnd::Finished).await.unwrap();
    let next = bench.store.begin_run(plan(1)).await.unwrap();
    assert!(!next.resumed && next.id != young.id);
    assert_eq!(bench.store.latest_run(Some(period())).await.unwrap().unwrap().id, next.id);
}

async fn nobody_claims_twice(bench: Bench) {
    let run = bench.store.begin_run(plan(90)).await.unwrap();
    let mut workers = Vec::new();
    for _ in 0..6 {
        let (store, run) = (bench.another().await, run.clone());
        workers.push(tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let items = store.claim(&run, "siasn", 7, LEASE, &LeaseOwner::this_process()).await.unwrap();
                if items.is_empty() {
                    return mine;
                }
                assert!(items.iter().all(|item| item.attempts == 1 && item.fence == 1));
                mine.extend(items.into_iter().map(|item| item.nip.unwrap()));
            }
        }));
    }
    let mut claimed = Vec::new();
    for worker in workers {
        claimed.extend(worker.await.unwrap());
    }
    claimed.sort();
    assert_eq!(claimed, (0..90).map(nip).collect::<Vec<_>>());
}

async fn an_expired_lease_passes_on_and_the_late_answer_is_lost(bench: Bench) {
    let run = bench.store.begin_run(plan(1)).await.unwrap();
    let owner = LeaseOwner::this_process();
    let mine = bench.store.claim(&run, "siasn", 5, LEASE, &owner).await.unwrap();
    assert!(bench.store.claim(&run, "siasn", 5, LEASE, &owner).await.unwrap().is_empty());
    bench.clock.advance(Duration::seconds(59));
    assert!(bench.store.claim(&run, "siasn", 5, LEASE, &owner).await.unwrap().is_empty());
    assert_eq!(bench.store.renew(&mine, LEASE).await.unwrap(), 1);
    bench.clock.advance(Duration::seconds(59));
    assert!(bench.store.claim(&run, "siasn", 5, LEASE, &owner).await.unwrap().is_empty(), "renewed");
    bench.clock.advance(Duration::seconds(1));
    let theirs = bench.store.claim(&run, "siasn", 5, LEASE, &owner).await.unwrap();
    assert_eq!((theirs[0].nip, theirs[0].attempts, theirs[0].fence), (mine[0].nip, 2, 2));
    assert_eq!(bench.store.renew(&mine, LEASE).await.unwrap(), 0);

    let late = bench.store.settle(&run, vec![stated(&mine[0], "2026-11-02T00:00:00Z", "late")]).await.unwrap();
    assert_eq!(late.lost, mine);
    let census = bench.store.census().await.unwrap();
    assert_eq!((census.statements, census.answers, census.batches, census.raw_bodies), (0, 0, 0, 0));
    assert_eq!(bench.store.unsettled(&run, Some("siasn")).await.unwrap().leased, 1);

    let good = bench.store.settle(&run, vec![stated(&theirs[0], "2026-11-02T00:00:00Z", "good")]).await.unwrap();
    assert_eq!((good.new, good.lost.len()), (1, 0));
    // A second settlement of the same item is too late as well.
    let twice = bench.store.settle(&run, vec![stated(&theirs[0], "2026-11-02T00:00:00Z", "again")]).await.unwrap();
    assert_eq!((twice.lost.len(), bench.store.census().await.unwrap().statements), (1, 1));
}

async fn a_late_answer_that_is_still_wanted_counts(bench: Bench) {
    let run = bench.store.begin_run(plan(2)).await.unwrap();
    let owner = LeaseOwner::this_process();
    let mine = bench.store.claim(&run, "siasn", 1, LEASE, &owner).await.unwrap();
    bench.clock.advance(hours(1));
    let settled = bench.store.settle(&run, vec![stated(&mine[0], "2026-11-02T00:00:00Z", "late")]).await.unwrap();
    assert_eq!((settled.new, settled.lost.len()), (1, 0));
}

async fn released_items_can_be_claimed_at_once(bench: Bench) {
    let run = bench.store.begin_run(plan(3)).await.unwrap();
    let owner = LeaseOwner::this_process();
    let mine = bench.store.claim(&run, "siasn", 3, LEASE, &owner).await.unwrap();
    bench.store.release(&mine[1..]).await.unwrap();
    let next = bench.store.claim(&run, "siasn", 9, LEASE, &owner).await.unwrap();
    assert_eq!(next.iter().map(|item| item.nip).collect::<Vec<_>>(), [mine[1].nip, mine[2].nip]);
    assert_eq!(bench.store.settle(&run, vec![stated(&mine[1], "2026-11-02T00:00:00Z", "x")]).await.unwrap().lost.len(), 1);
    bench.store.release(&next).await.unwrap();
    assert_eq!(bench.store.skip_rest(&run, "siasn", Some(Reason::AuthSso)).await.unwrap(), 2);
    let counts = bench.store.unsettled(&run, Some("siasn")).await.unwrap();
    assert_eq!((counts.skipped, counts.leased, counts.pending), (2, 1, 0));
}

async fn a_dead_process_holds_nothing_on_sqlite(bench: Bench) {
    let run = bench.store.begin_run(plan(3)).await.unwrap();
    let me = LeaseOwner::this_process();
    let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let started = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned();
    let other = LeaseOwner::of(me.host(), child.id(), started);
    let elsewhere = LeaseOwner::of("another machine", child.id(), "1");
    bench.store.claim(&run, "siasn", 1, LEASE, &elsewhere).await.unwrap();
    let theirs = bench.store.claim(&run, "siasn", 1, LEASE, &other).await.unwrap();
    bench.store.claim(&run, "siasn", 1, LEASE, &me).await.unwrap();
    assert!(bench.store.claim(&run, "siasn", 9, LEASE, &me).await.unwrap().is_empty(), "alive");
    child.kill().unwrap();
    child.wait().unwrap();
    let taken = bench.store.claim(&run, "siasn", 9, LEASE, &me).await.unwrap();
    if bench.is_sqlite() {
        assert_eq!((taken.len(), taken[0].nip, taken[0].fence), (1, theirs[0].nip, 2));
    } else {
        assert!(taken.is_empty(), "a server is shared by machines: only the lease's time counts");
    }
}

async fn answers_about_people_are_gathered(bench: Bench) {
    let run = bench.store.begin_run(plan(4)).await.unwrap();
    let items = bench.store.claim(&run, "siasn", 9, LEASE, &LeaseOwner::this_process()).await.unwrap();
    let absent = Statement::absent(items[1].nip.unwrap(), Kind::Position, Span::Standing);
    let first =
        vec![stated(&items[0], "2026-11-02T00:00:00Z", "a"), settlement(&items[1], "2026-11-02T00:00:01Z", Outcome::Stated(absent))];
    assert_eq!(bench.store.settle(&run, first).await.unwrap().new, 2);
    let second = bench.store.settle(&run, vec![stated(&items[2], "2026-11-02T00:00:02Z", "c")]).await.unwrap();
    assert_eq!((second.new, second.changed, second.unchanged), (1, 0, 0));
    bench.store.finish_run(&run, RunEnd::Finished).await.unwrap();
    let report = bench.store.run_report(&run).await.unwrap();
    assert_eq!(report.batches.len(), 1);
    let batch = &report.batches[0];
    assert_eq!((batch.kind, batch.status, batch.rows, batch.new), (Kind::Position, BatchStatus::New, 3, 3));
    assert_eq!(batch.sha256.len(), 64);

    // The next run confirms one, changes one, and the absent one turns up.
    bench.clock.advance(hours(24));
    let next = bench.store.begin_run(plan(4)).await.unwrap();
    let items = bench.store.claim(&next, "siasn", 9, LEASE, &LeaseOwner::this_process()).await.unwrap();
    let answers = vec![
        stated(&items[0], "2026-11-03T00:00:00Z", "a"),
        stated(&items[1], "2026-11-03T00:00:00Z", "b"),
        stated(&items[2], "2026-11-03T00:00:00Z", "C"),
    ];
    let settled = bench.store.settle(&next, answers).await.unwrap();
    assert_eq!((settled.new, settled.changed, settled.unchanged), (0, 2, 1));
    assert_eq!(bench.store.run_report(&next).await.unwrap().batches[0].status, BatchStatus::Changed);
    let wanted = [(Kind::Position, Span::Standing)];
    let found = bench.store.evidence(&wanted, None, at("2026-11-03T00:00:00Z")).await.unwrap().all().await.unwrap();
    let told: Vec<_> = found.iter().map(|one| (jabatan(one), one.observed_at, one.checked_at)).collect();
    let (old, new) = (at("2026-11-02T00:00:00Z"), at("2026-11-03T00:00:00Z"));
    assert_eq!(told, [("a".to_owned(), old, new), ("b".to_owned(), new, new), ("C".to_owned(), new, new)]);
    let before = bench.store.evidence(&wanted, None, at("2026-11-02T12:00:00Z")).await.unwrap().all().await.unwrap();
    assert_eq!(before[0].checked_at, old);
    assert_eq!(before[1].statement.state, selaras::domain::StatementState::DeclaredAbsent);
}

async fn failures_end_with_the_next_good_answer(bench: Bench) {
    let run = bench.store.begin_run(plan(3)).await.unwrap();
    let items = bench.store.claim(&run, "siasn", 9, LEASE, &LeaseOwner::this_process()).await.unwrap();
    let answers = vec![
        failed(&items[0], "2026-11-02T00:00:00Z", Reason::Timeout),
        failed(&items[1], "2026-11-02T00:00:00Z", Reason::OtherNip),
        stated(&items[2], "2026-11-02T00:00:00Z", "c"),
    ];
    assert_eq!(bench.store.settle(&run, answers).await.unwrap().failed, 2);
    let wanted = [(Kind::Position, Span::Standing)];
    let told = async |instant: &str| {
        let failures = bench.store.failures(&wanted, at(instant)).await.unwrap();
        failures.into_iter().map(|failure| (failure.nip.unwrap(), failure.reason)).collect::<Vec<_>>()
    };
    assert_eq!(told("2026-11-02T00:00:00Z").await, [(nip(0), Reason::Timeout), (nip(1), Reason::OtherNip)]);
    assert_eq!(told("2026-11-01T00:00:00Z").await, []);
    let counts = bench.store.unsettled(&run, Some("siasn")).await.unwrap();
    assert_eq!((counts.failed, counts.quarantined, counts.done), (1, 1, 1));
    let aside = bench.store.quarantined(at("2026-11-01T00:00:00Z"), 9).await.unwrap();
    assert_eq!((aside.len(), aside[0].nip, aside[0].reason), (1, Some(nip(1)), Reason::OtherNip));
    assert!(bench.store.raw(aside[0].raw.as_deref().unwrap()).await.unwrap().is_some());
    bench.store.finish_run(&run, RunEnd::Finished).await.unwrap();

    let next = bench.store.begin_run(plan(3)).await.unwrap();
    let items = bench.store.claim(&next, "siasn", 9, LEASE, &LeaseOwner::this_process()).await.unwrap();
    let answers = vec![stated(&items[0], "2026-11-03T00:00:00Z", "a"), failed(&items[2], "2026-11-03T00:00:00Z", Reason::Connection)];
    bench.store.settle(&next, answers).await.unwrap();
    assert_eq!(told("2026-11-02T12:00:00Z").await, [(nip(0), Reason::Timeout), (nip(1), Reason::OtherNip)]);
    assert_eq!(told("2026-11-03T00:00:00Z").await, [(nip(1), Reason::OtherNip), (nip(2), Reason::Connection)]);
}

async fn a_bulk_answer_and_its_progress_are_one(bench: Bench) {
    let run = bench.store.begin_run(plan(0)).await.unwrap();
    let owner = LeaseOwner::this_process();
    let mine = bench.store.claim(&run, "report", 1, LEASE, &owner).await.unwrap().remove(0);
    bench.clock.advance(hours(1));
    let theirs = bench.store.claim(&run, "report", 1, LEASE, &owner).await.unwrap().remove(0);
    let batch = || pull("one", "2026-11-02T00:00:00Z", vec![skp(1, "a")]);
    assert_eq!(bench.store.settle_bulk(&run, &mine, batch(), &[]).await.unwrap(), None);
    assert_eq!(bench.store.census().await.unwrap().batches, 0);
    let receipt = bench.store.settle_bulk(&run, &theirs, batch(), &[]).await.unwrap().unwrap();
    assert_eq!(receipt.status, BatchStatus::New);
    assert_eq!(bench.store.unsettled(&run, None).await.unwrap().done, 1);
    let mut other = batch();
    other.part = "another part".to_owned();
    assert!(matches!(bench.store.settle_bulk(&run, &theirs, other, &[]).await, Err(StoreError::Inconsistent(_))));
}

async fn the_report_tells_all_processes_work(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "a"), skp(3, "a")])).await.unwrap();
    let run = bench.store.begin_run(plan(4)).await.unwrap();
    let other = bench.another().await;
    let bulk = bench.store.claim(&run, "report", 1, LEASE, &LeaseOwner::this_process()).await.unwrap().remove(0);
    let people = other.claim(&run, "siasn", 3, LEASE, &LeaseOwner::this_process()).await.unwrap();
    let same = pull("other bytes", "2026-11-02T00:00:00Z", vec![skp(1, "a"), skp(2, "a"), skp(3, "a")]);
    let drift = [Drift { kind: Kind::Skp, field: "baru".to_owned(), change: "added".to_owned() }];
    bench.store.settle_bulk(&run, &bulk, same, &drift).await.unwrap().unwrap();
    let answers = vec![
        stated(&people[0], "2026-11-02T00:00:00Z", "a"),
        failed(&people[1], "2026-11-02T00:00:00Z", Reason::Timeout),
        settlement(&people[2], "2026-11-02T00:00:00Z", Outcome::Skipped(None)),
    ];
    other.settle(&run, answers).await.unwrap();
    bench.store.add_requests(&run, 3).await.unwrap();
    other.add_requests(&run, 4).await.unwrap();
    bench.store.finish_run(&run, RunEnd::Stopped).await.unwrap();

    let report = bench.store.run_report(&run).await.unwrap();
    assert_eq!((report.id.as_str(), report.period, report.state.as_str(), report.requests), (run.id.as_str(), period(), "stopped", 7));
    assert_eq!(report.surfaces, ["report", "siasn"]);
    assert_eq!(report.items, ItemCounts { pending: 1, done: 2, failed: 1, skipped: 1, ..ItemCounts::default() });
    let reasons: Vec<_> = report.reasons.iter().map(|row| (row.kind, row.state, row.reason, row.count)).collect();
    assert_eq!(
        reasons,
        [
            (Kind::Position, ItemState::Done, None, 1),
            (Kind::Position, ItemState::Failed, Some(Reason::Timeout), 1),
            (Kind::Position, ItemState::Skipped, None, 1),
            (Kind::Skp, ItemState::Done, None, 1)
        ]
    );
    let batches: Vec<_> = report.batches.iter().map(|batch| (batch.kind, batch.status, batch.rows, batch.unchanged)).collect();
    assert_eq!(batches, [(Kind::Skp, BatchStatus::Unchanged, 3, 3), (Kind::Position, BatchStatus::New, 1, 0)]);
    assert_eq!(report.batches[0].sha256, sha("other bytes"));
    let drift: Vec<_> = report.drift.iter().map(|drift| (drift.kind, drift.field.as_str())).collect();
    assert_eq!(drift, [(Kind::Position, "baru"), (Kind::Skp, "baru")]);
}

async fn an_answer_to_another_question_is_refused(bench: Bench) {
    let run = bench.store.begin_run(plan(2)).await.unwrap();
    let items = bench.store.claim(&run, "siasn", 9, LEASE, &LeaseOwner::this_process()).await.unwrap();
    let wrong = settlement(&items[0], "2026-11-02T00:00:00Z", Outcome::Stated(position(1, "x")));
    let good = stated(&items[1], "2026-11-02T00:00:00Z", "y");
    let refused = bench.store.settle(&run, vec![good, wrong]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Inconsistent(_)));
    assert_eq!(bench.store.unsettled(&run, Some("siasn")).await.unwrap().leased, 2, "nothing of the call was kept");
}
