//! Questions about one person of the kinds that lists answer for everybody.

use super::*;
use crate::support::on_both_engines;
use selaras::domain::evidence::Reason;
use selaras::store::LeaseOwner;
use selaras::store::NewItem;
use selaras::store::NewRun;
use selaras::store::Outcome;
use selaras::store::Settlement;

on_both_engines!(
    an_answer_about_one_person_confirms_what_the_list_said,
    a_later_list_with_the_person_settles_a_failed_question,
    a_list_without_the_person_settles_only_when_it_speaks_for_everybody,
    an_answer_of_another_source_settles_a_failed_question,
    a_kind_was_confirmed_when_the_newest_of_its_sources_was,
);

const WANTED: [(Kind, Span); 1] = [(Kind::Skp, Span::Year(2026))];

/// Asks about the n-th person alone, in a run of its own.
async fn ask(bench: &Bench, n: u32, instant: &str, part: &str, outcome: Outcome) {
    let item = NewItem { kind: Kind::Skp, surface: "report".to_owned(), part: part.to_owned(), span: Span::Year(2026), nip: Some(nip(n)) };
    let run = NewRun {
        period: period(),
        surfaces: vec!["report".to_owned()],
        plan_sha: format!("{n} {instant}"),
        items: vec![item],
        resume_within: std::time::Duration::ZERO,
        about_some: false,
    };
    let run = bench.store.begin_run(run).await.unwrap();
    let claimed = bench.store.claim(&run, "report", 1, std::time::Duration::from_secs(60), &LeaseOwner::this_process()).await.unwrap();
    let (item, at) = (claimed[0].clone(), at(instant));
    let settlement = Settlement { item, outcome, raw: None, source: "report:laporan/skp/2026".to_owned(), at, drift: Vec::new() };
    assert_eq!(bench.store.settle(&run, vec![settlement]).await.unwrap().lost, []);
}

fn other_nip() -> Outcome {
    Outcome::Failed { reason: Reason::OtherNip, detail: "as told".to_owned() }
}

async fn failed(bench: &Bench, instant: &str) -> Vec<(Option<Nip>, Reason)> {
    let failures = bench.store.failures(&WANTED, at(instant)).await.unwrap();
    failures.into_iter().map(|failure| (failure.nip, failure.reason)).collect()
}

async fn an_answer_about_one_person_confirms_what_the_list_said(bench: Bench) {
    bench.store.accept(pull("all", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    ask(&bench, 1, "2026-11-04T00:00:00Z", "report:2026", Outcome::Stated(skp(1, "a"))).await;
    let checked = async |instant: &str| {
        let all = bench.store.evidence(&WANTED, None, at(instant)).await.unwrap().all().await.unwrap();
        all.into_iter().map(|one| one.checked_at).collect::<Vec<_>>()
    };
    let (old, new) = (at("2026-11-01T00:00:00Z"), at("2026-11-04T00:00:00Z"));
    assert_eq!(checked("2026-11-04T00:00:00Z").await, [new, old], "only who was asked about");
    assert_eq!(checked("2026-11-03T00:00:00Z").await, [old, old]);
}

async fn a_later_list_with_the_person_settles_a_failed_question(bench: Bench) {
    bench.store.accept(pull("all", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    ask(&bench, 1, "2026-11-02T00:00:00Z", "report:2026", other_nip()).await;
    assert_eq!(failed(&bench, "2026-11-02T12:00:00Z").await, [(Some(nip(1)), Reason::OtherNip)]);
    bench.store.accept(pull("all", "2026-11-03T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    assert_eq!(failed(&bench, "2026-11-03T00:00:00Z").await, []);
    assert_eq!(failed(&bench, "2026-11-02T23:00:00Z").await, [(Some(nip(1)), Reason::OtherNip)], "the past stays");
    // A later question that fails again is a failure again.
    ask(&bench, 1, "2026-11-04T00:00:00Z", "report:2026", other_nip()).await;
    assert_eq!(failed(&bench, "2026-11-04T00:00:00Z").await, [(Some(nip(1)), Reason::OtherNip)]);
    // A list in which the person's row was broken settles nothing.
    let mut broken = pull("broken", "2026-11-05T00:00:00Z", vec![skp(2, "b")]);
    let set_aside =
        selaras::store::SetAside { nip: Some(nip(1)), reason: Reason::Malformed, detail: String::new(), locator: String::new() };
    broken.set_aside.push(set_aside);
    bench.store.accept(broken).await.unwrap();
    assert_eq!(failed(&bench, "2026-11-05T00:00:00Z").await, [(Some(nip(1)), Reason::Malformed)]);
}

async fn a_list_without_the_person_settles_only_when_it_speaks_for_everybody(bench: Bench) {
    ask(&bench, 1, "2026-11-02T00:00:00Z", "report:2026", other_nip()).await;
    let mut unit = pull("unit", "2026-11-03T00:00:00Z", vec![skp(2, "b")]);
    (unit.part, unit.scope) = ("2026-10/unit.xlsx".to_owned(), Scope::Named);
    bench.store.accept(unit).await.unwrap();
    assert_eq!(failed(&bench, "2026-11-03T00:00:00Z").await, [(Some(nip(1)), Reason::OtherNip)]);
    bench.store.accept(pull("all", "2026-11-04T00:00:00Z", vec![skp(2, "b")])).await.unwrap();
    assert_eq!(failed(&bench, "2026-11-04T00:00:00Z").await, []);
}

async fn an_answer_of_another_source_settles_a_failed_question(bench: Bench) {
    for n in [1, 2] {
        ask(&bench, n, "2026-11-02T00:00:00Z", "report:2026", other_nip()).await;
    }
    // A file that names the first, though it speaks for nobody else.
    let mut unit = pull("unit", "2026-11-03T00:00:00Z", vec![skp(1, "a")]);
    (unit.part, unit.scope) = ("2026-10/unit.xlsx".to_owned(), Scope::Named);
    bench.store.accept(unit).await.unwrap();
    assert_eq!(failed(&bench, "2026-11-03T00:00:00Z").await, [(Some(nip(2)), Reason::OtherNip)]);
    // Another surface that answers about the second.
    ask(&bench, 2, "2026-11-04T00:00:00Z", "other:2026", Outcome::Stated(skp(2, "b"))).await;
    assert_eq!(failed(&bench, "2026-11-04T00:00:00Z").await, []);
}

async fn a_kind_was_confirmed_when_the_newest_of_its_sources_was(bench: Bench) {
    bench.store.accept(pull("all", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    bench.store.accept(pull("all", "2026-11-02T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    let mut file = pull("file", "2026-11-03T00:00:00Z", vec![skp(3, "c")]);
    file.part = "2026-10/skp.csv".to_owned();
    let file = bench.store.accept(file).await.unwrap();
    ask(&bench, 1, "2026-11-04T00:00:00Z", "report:2026", Outcome::Stated(skp(1, "a"))).await;
    ask(&bench, 4, "2026-11-05T00:00:00Z", "alone", Outcome::Stated(skp(4, "d"))).await;
    let told = async |instant: &str| bench.store.last_confirmed(at(instant)).await.unwrap().remove(&Kind::Skp);
    for day in 1..=6 {
        let instant = format!("2026-11-0{day}T12:00:00Z");
        let sources = bench.store.sources(&selaras::store::SourceFilter::default(), at(&instant)).await.unwrap();
        assert_eq!(told(&instant).await, sources.iter().map(|source| source.checked_at).max(), "{instant}");
    }
    let days = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"];
    let confirmed = [None, Some(days[1]), Some(days[2]), Some(days[3]), Some(days[3]), Some(days[5])];
    for (day, confirmed) in days.into_iter().zip(confirmed) {
        let confirmed = confirmed.map(|day| at(&format!("{day}T00:00:00Z")));
        assert_eq!(told(&format!("{day}T12:00:00Z")).await, confirmed, "{day}");
    }
    bench.clock.advance(hours(100));
    bench.store.withdraw(&file.id, false).await.unwrap().unwrap();
    assert_eq!(told("2026-11-04T12:00:00Z").await, Some(at("2026-11-03T00:00:00Z")), "the past stays");
}
