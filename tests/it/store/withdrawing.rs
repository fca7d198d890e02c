//! Taking a file back.

use super::*;
use crate::support::on_both_engines;
use selaras::clock::Clock;
use selaras::store::BatchStatus;
use selaras::store::SourceFilter;
use selaras::store::Withdrawn;

on_both_engines!(
    a_withdrawn_file_counts_no_longer_and_stays_readable,
    a_withdrawal_is_done_once,
    a_withdrawn_file_may_come_again,
    only_the_newest_batch_of_a_file_can_be_withdrawn,
    a_withdrawn_roster_gives_way_to_the_one_before,
    what_was_pulled_is_not_withdrawn,
    a_dry_run_withdraws_nothing,
);

/// A file of SKP under this name.
fn file(name: &str, bytes: &str, observed_at: &str, statements: Vec<Statement>) -> NewBatch {
    let mut batch = pull(bytes, observed_at, statements);
    (batch.part, batch.source, batch.vanish) = (format!("2026-10/{name}"), format!("file:{name}"), None);
    batch
}

fn set_clock(bench: &Bench, instant: &str) {
    bench.clock.advance(at(instant) - bench.clock.now());
}

async fn withdraw(bench: &Bench, instant: &str, batch: &str) -> Withdrawn {
    set_clock(bench, instant);
    bench.store.withdraw(batch, false).await.unwrap().unwrap().outcome
}

async fn parts(bench: &Bench, instant: &str) -> Vec<String> {
    let sources = bench.store.sources(&SourceFilter::default(), at(instant)).await.unwrap();
    sources.into_iter().map(|source| source.part).collect()
}

async fn a_withdrawn_file_counts_no_longer_and_stays_readable(bench: Bench) {
    let wrong = bench.store.accept(file("wrong.csv", "one", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    bench.store.accept(file("right.csv", "two", "2026-11-02T00:00:00Z", vec![skp(1, "c")])).await.unwrap();
    assert_eq!(withdraw(&bench, "2026-11-03T00:00:00Z", &wrong.id).await, Withdrawn::Now(2));
    // Not even as withdrawn: nobody at the source has taken anything away.
    assert_eq!(known(&bench, "2026-11-03T00:00:00Z").await, [(nip(1), "present", "c".to_owned())]);
    assert_eq!(parts(&bench, "2026-11-03T00:00:00Z").await, ["2026-10/right.csv"]);
    assert_eq!(known(&bench, "2026-11-02T23:00:00Z").await.len(), 3);
    assert_eq!(parts(&bench, "2026-11-02T23:00:00Z").await, ["2026-10/right.csv", "2026-10/wrong.csv"]);
    let census = bench.store.census().await.unwrap();
    assert_eq!((census.batches, census.statements, census.raw_bodies), (3, 5, 2), "nothing is deleted");
    let standing = bench.store.withdrawals().await.unwrap();
    let standing: Vec<_> = standing.iter().map(|one| (one.kind, one.part.as_str(), one.at)).collect();
    assert_eq!(standing, [(Kind::Skp, "2026-10/wrong.csv", at("2026-11-03T00:00:00Z"))]);
}

async fn a_withdrawal_is_done_once(bench: Bench) {
    let receipt = bench.store.accept(file("a.csv", "one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    let other = bench.another().await;
    set_clock(&bench, "2026-11-02T00:00:00Z");
    let (one, two) = tokio::join!(bench.store.withdraw(&receipt.id, false), other.withdraw(&receipt.id, false));
    let mut outcomes = [one.unwrap().unwrap().outcome, two.unwrap().unwrap().outcome];
    outcomes.sort_by_key(|outcome| *outcome == Withdrawn::Earlier);
    assert_eq!(outcomes, [Withdrawn::Now(1), Withdrawn::Earlier]);
    assert_eq!(withdraw(&bench, "2026-11-03T00:00:00Z", &receipt.id).await, Withdrawn::Earlier);
    assert_eq!(bench.store.census().await.unwrap().batches, 2);
    assert_eq!(bench.store.withdraw("no such batch", false).await.unwrap(), None);
}

async fn a_withdrawn_file_may_come_again(bench: Bench) {
    // With people in it, and one that says that there is nothing.
    for (name, statements) in [("full.csv", vec![skp(1, "a")]), ("empty.csv", vec![])] {
        let batch = |instant| file(name, name, instant, statements.clone());
        let first = bench.store.accept(batch("2026-11-01T00:00:00Z")).await.unwrap();
        assert_eq!(withdraw(&bench, "2026-11-02T00:00:00Z", &first.id).await, Withdrawn::Now(statements.len() as u64));
        let again = bench.store.accept(batch("2026-11-03T00:00:00Z")).await.unwrap();
        assert_eq!((again.status, again.new, again.unchanged), (BatchStatus::New, statements.len() as u64, 0), "{name}");
        assert!(parts(&bench, "2026-11-03T00:00:00Z").await.contains(&format!("2026-10/{name}")));
        assert!(!parts(&bench, "2026-11-02T12:00:00Z").await.contains(&format!("2026-10/{name}")));
        // The first was taken back; that says nothing against the second.
        assert_eq!(withdraw(&bench, "2026-11-04T00:00:00Z", &first.id).await, Withdrawn::Earlier);
        assert!(parts(&bench, "2026-11-04T00:00:00Z").await.contains(&format!("2026-10/{name}")));
    }
    assert_eq!(known(&bench, "2026-11-04T00:00:00Z").await, [(nip(1), "present", "a".to_owned())]);
    assert_eq!(bench.store.withdrawals().await.unwrap(), []);
}

async fn only_the_newest_batch_of_a_file_can_be_withdrawn(bench: Bench) {
    let first = bench.store.accept(file("a.csv", "one", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    let second = bench.store.accept(file("a.csv", "two", "2026-11-02T00:00:00Z", vec![skp(1, "A"), skp(2, "b")])).await.unwrap();
    assert_eq!(withdraw(&bench, "2026-11-03T00:00:00Z", &first.id).await, Withdrawn::Superseded(second.id.clone()));
    assert_eq!(known(&bench, "2026-11-03T00:00:00Z").await.len(), 2);
    // What the first said does not come back with it.
    assert_eq!(withdraw(&bench, "2026-11-03T00:00:00Z", &second.id).await, Withdrawn::Now(2));
    assert_eq!(known(&bench, "2026-11-03T00:00:00Z").await, []);
}

async fn a_withdrawn_roster_gives_way_to_the_one_before(bench: Bench) {
    let mut ids = Vec::new();
    for (month, observed) in [("2026-08", "2026-08-01T00:00:00Z"), ("2026-10", "2026-10-05T00:00:00Z")] {
        let mut batch = file("roster.csv", month, observed, vec![]);
        (batch.kind, batch.span, batch.part) = (Kind::Roster, Span::Month(month.parse().unwrap()), format!("{month}/roster.csv"));
        ids.push(bench.store.accept(batch).await.unwrap().id);
    }
    withdraw(&bench, "2026-10-06T00:00:00Z", &ids[1]).await;
    let latest = async |as_of: &str| {
        let found = bench.store.latest_span(Kind::Roster, period(), at(as_of)).await.unwrap();
        found.map(|period| period.to_string())
    };
    assert_eq!(latest("2026-10-05T12:00:00Z").await.as_deref(), Some("2026-10"));
    assert_eq!(latest("2026-10-06T00:00:00Z").await.as_deref(), Some("2026-08"));
}

async fn what_was_pulled_is_not_withdrawn(bench: Bench) {
    let run = selaras::store::NewRun {
        period: period(),
        surfaces: vec!["report".to_owned()],
        plan_sha: "plan".to_owned(),
        items: Vec::new(),
        resume_within: std::time::Duration::ZERO,
        about_some: false,
    };
    let mut batch = pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")]);
    batch.run = Some(bench.store.begin_run(run).await.unwrap());
    let receipt = bench.store.accept(batch).await.unwrap();
    assert_eq!(withdraw(&bench, "2026-11-02T00:00:00Z", &receipt.id).await, Withdrawn::Pulled);
    assert_eq!(known(&bench, "2026-11-02T00:00:00Z").await.len(), 1);
}

async fn a_dry_run_withdraws_nothing(bench: Bench) {
    let receipt = bench.store.accept(file("a.csv", "one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    let told = bench.store.withdraw(&receipt.id, true).await.unwrap().unwrap();
    assert_eq!((told.outcome, told.part.as_str()), (Withdrawn::Now(1), "2026-10/a.csv"));
    assert_eq!(bench.store.census().await.unwrap().batches, 1);
    assert_eq!(known(&bench, "2026-11-04T00:00:00Z").await.len(), 1);
}
