//! Reads: order, pages, people, instants, sources, failures.

use super::*;
use crate::support::on_both_engines;
use selaras::store::SourceFilter;

on_both_engines!(
    evidence_comes_person_by_person_over_many_pages,
    only_the_people_asked_for,
    an_earlier_instant_is_replayed,
    sources_are_found_by_kind_span_and_part,
    a_roster_holds_until_the_next,
    a_clock_that_went_back_is_not_believed,
    what_was_known_before_a_batch_about_whom_something_came_since,
);

async fn evidence_comes_person_by_person_over_many_pages(bench: Bench) {
    // Three parts, more than two pages, spans that are not wanted in between.
    let people = 1_500;
    for part in ["b", "a", "c"] {
        let mut statements = Vec::new();
        for n in 0..people {
            statements.push(skp_of(many(n), Span::Year(2026), part));
            statements.push(skp_of(many(n), Span::Year(2025), "old"));
        }
        let mut batch = pull(part, "2026-11-01T00:00:00Z", statements);
        batch.part = part.to_owned();
        bench.store.accept(batch).await.unwrap();
    }
    let mut reader = bench.store.evidence(&[(Kind::Skp, Span::Year(2026))], None, at("2026-11-01T00:00:00Z")).await.unwrap();
    let mut seen = Vec::new();
    while let Some((nip, evidence)) = reader.next_person().await.unwrap() {
        let parts: Vec<_> = evidence.iter().map(|one| (one.statement.nip, &*one.part, jabatan(one))).collect();
        assert_eq!(parts, ["a", "b", "c"].map(|part| (nip, part, part.to_owned())));
        seen.push(nip);
    }
    let mut expected: Vec<_> = (0..people).map(many).collect();
    expected.sort();
    assert_eq!(seen, expected);
}

async fn only_the_people_asked_for(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", (0..900).map(|n| skp(n, "a")).collect())).await.unwrap();
    let wanted = [(Kind::Skp, Span::Year(2026))];
    let mut asked: Vec<_> = (0..900).rev().step_by(2).map(nip).collect();
    asked.push(nip(899));
    asked.push(nip(950));
    let found = bench.store.evidence(&wanted, Some(&asked), at("2026-11-01T00:00:00Z")).await.unwrap().all().await.unwrap();
    let mut expected: Vec<_> = (0..900).rev().step_by(2).map(nip).collect();
    expected.sort();
    assert_eq!(found.iter().map(|one| one.statement.nip).collect::<Vec<_>>(), expected);
    let nobody = bench.store.evidence(&wanted, Some(&[]), at("2026-11-01T00:00:00Z")).await.unwrap();
    assert_eq!(nobody.all().await.unwrap(), []);
    let nothing = bench.store.evidence(&[], None, at("2026-11-01T00:00:00Z")).await.unwrap();
    assert_eq!(nothing.all().await.unwrap(), []);
}

async fn an_earlier_instant_is_replayed(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    bench.store.accept(pull("one", "2026-11-01T08:00:00Z", vec![skp(1, "a")])).await.unwrap();
    bench.store.accept(pull("two", "2026-11-02T00:00:00Z", vec![skp(1, "b")])).await.unwrap();
    let read = async |instant: &str| {
        let all = bench.store.evidence(&[(Kind::Skp, Span::Year(2026))], None, at(instant)).await.unwrap().all().await.unwrap();
        let sources = bench.store.sources(&SourceFilter::default(), at(instant)).await.unwrap();
        assert_eq!(sources[0].batch, *all[0].batch);
        (jabatan(&all[0]), all[0].observed_at, all[0].checked_at, sources[0].checked_at)
    };
    let (first, confirmed, second) = (at("2026-11-01T00:00:00Z"), at("2026-11-01T08:00:00Z"), at("2026-11-02T00:00:00Z"));
    assert_eq!(read("2026-11-01T07:00:00Z").await, ("a".to_owned(), first, first, first));
    assert_eq!(read("2026-11-01T09:00:00Z").await, ("a".to_owned(), first, confirmed, confirmed));
    assert_eq!(read("2026-11-05T00:00:00Z").await, ("b".to_owned(), second, second, second));
}

async fn sources_are_found_by_kind_span_and_part(bench: Bench) {
    let filed = |part: &str, span: Span, statements: Vec<Statement>| {
        let mut batch = pull(part, "2026-11-01T00:00:00Z", statements);
        (batch.part, batch.span) = (part.to_owned(), span);
        batch
    };
    let (september, october) = (Span::Month("2026-09".parse().unwrap()), month());
    bench.store.accept(filed("2026-10/a.csv", october, vec![skp_of(nip(1), september, "x"), skp_of(nip(1), october, "y")])).await.unwrap();
    bench.store.accept(filed("2026-09/b.csv", september, vec![])).await.unwrap();
    bench.store.accept(filed("2026-08/c.csv", Span::Month("2026-08".parse().unwrap()), vec![])).await.unwrap();
    let found = async |filter: SourceFilter| {
        let sources = bench.store.sources(&filter, at("2026-11-01T00:00:00Z")).await.unwrap();
        sources.into_iter().map(|source| source.part).collect::<Vec<_>>()
    };
    assert_eq!(found(SourceFilter::default()).await, ["2026-08/c.csv", "2026-09/b.csv", "2026-10/a.csv"]);
    assert_eq!(found(SourceFilter::of([Kind::Skp]).span(september)).await, ["2026-09/b.csv", "2026-10/a.csv"]);
    assert_eq!(found(SourceFilter::of([Kind::Skp]).part("2026-08/")).await, ["2026-08/c.csv"]);
    assert_eq!(found(SourceFilter::default().part("2026-08/").span(october)).await, ["2026-08/c.csv", "2026-10/a.csv"]);
    assert!(found(SourceFilter::of([Kind::Roster])).await.is_empty());
}

async fn a_roster_holds_until_the_next(bench: Bench) {
    for (month, observed) in [("2026-08", "2026-08-01T00:00:00Z"), ("2026-10", "2026-10-05T00:00:00Z")] {
        let mut batch = pull(month, observed, vec![]);
        (batch.kind, batch.span, batch.part) = (Kind::Roster, Span::Month(month.parse().unwrap()), format!("{month}/roster.csv"));
        bench.store.accept(batch).await.unwrap();
    }
    let latest = async |up_to: &str, as_of: &str| {
        let found = bench.store.latest_span(Kind::Roster, up_to.parse().unwrap(), at(as_of)).await.unwrap();
        found.map(|period| period.to_string())
    };
    assert_eq!(latest("2026-12", "2026-12-31T00:00:00Z").await.as_deref(), Some("2026-10"));
    assert_eq!(latest("2026-09", "2026-12-31T00:00:00Z").await.as_deref(), Some("2026-08"));
    assert_eq!(latest("2026-10", "2026-10-04T00:00:00Z").await.as_deref(), Some("2026-08"));
    assert_eq!(latest("2026-07", "2026-12-31T00:00:00Z").await, None);
}

async fn a_clock_that_went_back_is_not_believed(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-02T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    bench.store.accept(pull("two", "2026-11-01T00:00:00Z", vec![skp(1, "b")])).await.unwrap();
    assert_eq!(known(&bench, "2026-11-01T12:00:00Z").await, []);
    assert_eq!(known(&bench, "2026-11-02T00:00:00Z").await, [(nip(1), "present", "b".to_owned())]);
}

async fn what_was_known_before_a_batch_about_whom_something_came_since(bench: Bench) {
    let instant = "2026-11-01T00:00:00Z";
    let first = |n: u32| if n == 3 { skp(n, "older") } else { skp(n, "before") };
    let earlier = pull("zero", instant, vec![skp(3, "oldest"), skp_of(nip(1), Span::Year(2025), "other year")]);
    bench.store.accept(earlier).await.unwrap();
    bench.store.accept(pull("one", instant, (1..=5).map(first).collect())).await.unwrap();
    let mut unit = pull("unit", instant, vec![skp(2, "unit")]);
    unit.part = "2026/unit.csv".to_owned();
    bench.store.accept(unit).await.unwrap();
    let mut payment = pull("paid", instant, vec![]);
    (payment.kind, payment.part) = (Kind::Payment, "2026-10/adk.xlsx".to_owned());
    let payment = bench.store.accept(payment).await.unwrap().id;
    let since = async |as_of: &str| {
        let reader = bench.store.evidence_before(Kind::Skp, Span::Year(2026), &payment, None, at(as_of)).await.unwrap();
        let all = reader.all().await.unwrap();
        all.iter().map(|one| (one.statement.nip, one.part.to_string(), jabatan(one))).collect::<Vec<_>>()
    };
    assert_eq!(since(instant).await, [], "nothing came since");
    // At the same instant, but after the payment file: 2 and 3 change, 5 is no longer named, 6 is new.
    let mut after = pull("two", instant, vec![skp(1, "before"), skp(2, "after"), skp(3, "after"), skp(4, "before"), skp(6, "after")]);
    after.vanish = None;
    bench.store.accept(after).await.unwrap();
    let part = "report:2026".to_owned();
    let expected = [
        (nip(2), "2026/unit.csv".to_owned(), "unit".to_owned()),
        (nip(2), part.clone(), "before".to_owned()),
        (nip(3), part.clone(), "older".to_owned()),
        (nip(5), part.clone(), "before".to_owned()),
    ];
    assert_eq!(since(instant).await, expected);
    let later = "2026-11-02T00:00:00Z";
    bench
        .store
        .accept(pull("three", later, vec![skp(1, "after"), skp(2, "after"), skp(3, "after"), skp(4, "before"), skp(6, "after")]))
        .await
        .unwrap();
    assert_eq!(since(instant).await, expected, "an earlier instant is replayed");
    assert_eq!(since(later).await.first(), Some(&(nip(1), part, "before".to_owned())));
    let unknown = bench.store.evidence_before(Kind::Skp, Span::Year(2026), "no batch", None, at(later)).await.unwrap();
    assert_eq!(unknown.all().await.unwrap(), [], "before a batch that is not there nothing was known");
}
