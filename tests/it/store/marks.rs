//! What a reconciliation leaves to the next one, and what has come since.

use super::reconciling::record;
use super::reconciling::verdict;
use super::*;
use crate::support::on_both_engines;
use selaras::domain::Code;
use selaras::domain::evidence::Reason;
use selaras::store::Mark;
use selaras::store::Noted;
use selaras::store::Seen;
use selaras::store::SetAside;
use std::collections::BTreeSet;

on_both_engines!(
    what_came_since_is_told,
    later_instants_are_told,
    a_mark_stands_until_anything_is_saved_without_one,
    notes_are_found_by_what_they_lean_on_and_by_unit,
);

const WANTED: &[(Kind, Span)] = &[(Kind::Skp, Span::Year(2026))];

async fn what_came_since_is_told(bench: Bench) {
    let store = &bench.store;
    assert_eq!(store.seen().await.unwrap(), Seen::default());
    store.accept(pull("one", "2026-11-01T00:00:00Z", (1..=5).map(|n| skp(n, "a")).collect())).await.unwrap();
    let seen = store.seen().await.unwrap();
    assert_eq!(store.news(seen, WANTED).await.unwrap(), Default::default());
    let all = store.news(Seen::default(), WANTED).await.unwrap();
    assert_eq!((all.people.len(), all.stated, all.answered), (5, BTreeSet::from([Kind::Skp]), BTreeSet::from([Kind::Skp])));

    // The same again is an answer about everybody, and nothing is stated.
    store.accept(pull("one again", "2026-11-01T01:00:00Z", (1..=5).map(|n| skp(n, "a")).collect())).await.unwrap();
    let news = store.news(seen, WANTED).await.unwrap();
    assert_eq!((news.people, news.stated, news.answered), (BTreeSet::new(), BTreeSet::new(), BTreeSet::from([Kind::Skp])));

    // One changes, one goes, one cannot be read.
    let seen = store.seen().await.unwrap();
    let mut three = pull("three", "2026-11-01T02:00:00Z", vec![skp(1, "a"), skp(2, "b"), skp(3, "a")]);
    let unread = SetAside { nip: Some(nip(4)), reason: Reason::Schema, detail: String::new(), locator: "data[3]".to_owned() };
    (three.vanish, three.set_aside) = (None, vec![unread]);
    store.accept(three).await.unwrap();
    let news = store.news(seen, WANTED).await.unwrap();
    assert_eq!(news.people, BTreeSet::from([2, 4, 5].map(nip)));
    let elsewhere = store.news(seen, &[(Kind::Skp, Span::Year(2025))]).await.unwrap();
    assert_eq!((elsewhere.people, elsewhere.stated), (BTreeSet::from([nip(4)]), BTreeSet::new()), "of answers all count");

    // Taken back: everybody whom it named.
    let seen = store.seen().await.unwrap();
    let mut file = pull("file", "2026-11-01T03:00:00Z", vec![skp(7, "a")]);
    file.part = "2026/unit.csv".to_owned();
    let batch = store.accept(file).await.unwrap().id;
    store.withdraw(&batch, false).await.unwrap().unwrap();
    assert_eq!(store.news(seen, WANTED).await.unwrap().people, BTreeSet::from([nip(7)]));
}

async fn later_instants_are_told(bench: Bench) {
    let store = &bench.store;
    store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    let first = store.seen().await.unwrap();
    store.accept(pull("two", "2026-11-01T05:00:00Z", vec![skp(1, "b")])).await.unwrap();
    let second = store.seen().await.unwrap();
    let ahead = async |since, seen, as_of: &str| store.is_ahead(since, seen, at(as_of)).await.unwrap();
    assert!(!ahead(Seen::default(), second, "2026-11-01T05:00:00Z").await);
    assert!(ahead(Seen::default(), second, "2026-11-01T04:59:59Z").await);
    assert!(ahead(first, second, "2026-11-01T04:59:59Z").await);
    assert!(!ahead(second, second, "2026-10-01T00:00:00Z").await, "nothing lies between");
}

fn mark(seen: Seen, totals: &str) -> Mark {
    Mark {
        seen,
        as_of: at("2026-11-02T00:00:00Z"),
        fresh_until: Some(at("2026-11-03T00:00:00Z")),
        followed: 3,
        shared: "shared".to_owned(),
        inputs_sha: "sum".to_owned(),
        totals: totals.to_owned(),
    }
}

async fn a_mark_stands_until_anything_is_saved_without_one(bench: Bench) {
    let store = &bench.store;
    store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    assert_eq!(store.mark(period()).await.unwrap(), (String::new(), None));
    let left = mark(store.seen().await.unwrap(), "{}");
    let save = async |people: &[u32], mark: Option<&Mark>, units: &[(String, String)], all| {
        let mut saving = store.begin_saving(period(), left.as_of).await.unwrap();
        let stamp = saving.stamp().to_owned();
        let verdicts: Vec<_> = people.iter().map(|n| verdict(*n, "a", &[Code::Pr01])).collect();
        saving.put(&verdicts).await.unwrap();
        saving.keep_units(units, all).await.unwrap();
        saving.finish(&record(), &[], &[], mark).await.unwrap();
        stamp
    };
    let unit = |name: &str, body: &str| (name.to_owned(), body.to_owned());
    assert_eq!(save(&[1], Some(&left), &[unit("01", "a"), unit("02", "b")], true).await, "");
    let (stamp, kept) = store.mark(period()).await.unwrap();
    assert_eq!(kept, Some(left.clone()));
    assert_eq!(store.mark("2026-09".parse().unwrap()).await.unwrap(), (String::new(), None));
    // A run without news leaves a mark as well; whoever began from the one before sees that.
    let unlimited = Mark { fresh_until: None, ..mark(left.seen, "{\"people\":1}") };
    assert_eq!(save(&[], Some(&unlimited), &[unit("02", "c")], false).await, stamp);
    let (next, kept) = store.mark(period()).await.unwrap();
    assert!(next != stamp && kept == Some(unlimited));
    let units = store.unit_days(period(), &["01", "02", "03"]).await.unwrap();
    assert_eq!(units.into_iter().collect::<Vec<_>>(), [unit("01", "a"), unit("02", "c")]);
    assert_eq!(save(&[2], None, &[unit("03", "d")], true).await, next);
    let (last, kept) = store.mark(period()).await.unwrap();
    assert!(last != next && kept.is_none(), "what has no mark can be overtaken too");
    assert_eq!(store.unit_days(period(), &["01", "02", "03"]).await.unwrap().len(), 1);
}

async fn notes_are_found_by_what_they_lean_on_and_by_unit(bench: Bench) {
    let store = &bench.store;
    let noted = |n: u32, leans: i64, unit: &str| {
        let mut new = verdict(n, &format!("i{n}"), &[]);
        new.noted = Noted { leans, unit: unit.to_owned(), aside: format!("notes {n}") };
        new
    };
    let all = [noted(1, 0, "01"), noted(2, 1, "01"), noted(3, 1 << 62, ""), noted(4, 6, "01"), noted(5, 2, "02")];
    store.save_reconciliation(period(), at("2026-11-02T00:00:00Z"), &record(), &all, &[], &[]).await.unwrap();
    let leaning = async |bits: i64| store.leaning(period(), bits).await.unwrap();
    assert_eq!(leaning(1).await, [nip(2)]);
    assert_eq!(leaning(2).await, [nip(4), nip(5)]);
    assert_eq!(leaning(1 << 62 | 4).await, [nip(3), nip(4)]);
    assert_eq!(leaning(0).await, []);
    let members = async |after: Option<Nip>, limit: u32| store.unit_members(period(), "01", after, limit).await.unwrap();
    assert_eq!(members(None, 2).await, [(nip(1), "notes 1".to_owned()), (nip(2), "notes 2".to_owned())]);
    assert_eq!(members(Some(nip(2)), 2).await, [(nip(4), "notes 4".to_owned())]);
    let known = store.known_verdicts(period(), &[nip(4), nip(9)]).await.unwrap();
    assert_eq!(known.keys().copied().collect::<Vec<_>>(), [nip(4)]);
    let known = &known[&nip(4)];
    assert_eq!((&known.inputs_sha, &known.noted, known.verdict().unwrap()), (&"i4".to_owned(), &all[3].noted, all[3].verdict.clone()));
    assert!(known.is(&all[3]).unwrap());
    let other = |change: fn(&mut selaras::store::NewVerdict)| {
        let mut other = all[3].clone();
        change(&mut other);
        known.is(&other).unwrap()
    };
    assert!(!other(|new| new.inputs_sha.clear()) && !other(|new| new.noted.leans = 0) && !other(|new| new.verdict.name = None));
}

/// On PostgreSQL numbers are given out before they are committed: a slow writer must be waited for, or what it writes
/// would lie below what counts as seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_writer_is_waited_for() {
    let bench = Bench::postgres().await;
    let slow = sqlx::PgPool::connect(&bench.url).await.unwrap();
    let mut tx = slow.begin().await.unwrap();
    // What every writer does first (the next assertions hold that it does).
    sqlx::query("SELECT pg_advisory_xact_lock_shared(7301540919)").execute(&mut *tx).await.unwrap();
    sqlx::query(
        "INSERT INTO answer (run, batch, kind, part, span, nip, outcome, good, reason, raw_sha, at)
         VALUES (NULL, NULL, 'skp', 'p', '2026', $1, 'present', 1, NULL, NULL, 0)",
    )
    .bind(nip(1).as_str())
    .execute(&mut *tx)
    .await
    .unwrap();
    // Another writer is not held up, gives out higher numbers, and commits them first.
    bench.store.accept(pull("fast", "2026-11-01T00:00:00Z", vec![skp(2, "a")])).await.unwrap();
    let store = bench.store.clone();
    let looking = tokio::spawn(async move { store.seen().await.unwrap() });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!looking.is_finished(), "it looked past a writer who is not done");
    tx.commit().await.unwrap();
    let seen = looking.await.unwrap();
    assert_eq!(bench.store.news(seen, WANTED).await.unwrap(), Default::default());
    let all = bench.store.news(Seen::default(), WANTED).await.unwrap();
    assert_eq!(all.people, BTreeSet::from([1, 2].map(nip)), "the slow one's is below the mark and was there to be seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_adds_evidence_waits_for_who_looks_how_far_it_goes() {
    let bench = Bench::postgres().await;
    let batch = bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap().id;
    let pool = sqlx::PgPool::connect(&bench.url).await.unwrap();
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("SELECT pg_advisory_xact_lock(7301540919)").execute(&mut *tx).await.unwrap();
    let accepting = bench.store.accept(pull("two", "2026-11-01T01:00:00Z", vec![skp(1, "b")]));
    let withdrawing = bench.store.withdraw(&batch, true);
    tokio::pin!(accepting, withdrawing);
    let a_while = std::time::Duration::from_millis(300);
    assert!(tokio::time::timeout(a_while, &mut accepting).await.is_err());
    assert!(tokio::time::timeout(a_while, &mut withdrawing).await.is_err());
    tx.commit().await.unwrap();
    accepting.await.unwrap();
    withdrawing.await.unwrap();
}
