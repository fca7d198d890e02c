//! How long the large steps take. The bounds are wide, for slow machines and unoptimised builds; the figures are
//! printed.

use super::*;
use crate::support::on_both_engines;
use selaras::store::LeaseOwner;
use selaras::store::NewItem;
use selaras::store::NewRun;
use selaras::store::Outcome;
use selaras::store::RunEnd;
use selaras::store::Settlement;
use std::time::Instant;

on_both_engines!(fifty_thousand_statements, five_thousand_answers);

async fn fifty_thousand_statements(bench: Bench) {
    let (people, parts) = (5_000, 10);
    let mut statements: Vec<_> = (0..people * parts)
        .map(|n| skp_of(many(n % people), Span::Month(period().offset(-((n / people) as i32))), "Analis Kepegawaian Ahli Muda"))
        .collect();
    let start = Instant::now();
    bench.store.accept(pull("big", "2026-11-01T00:00:00Z", statements.clone())).await.unwrap();
    let written = start.elapsed();

    let start = Instant::now();
    let again = bench.store.accept(pull("big again", "2026-11-01T01:00:00Z", statements.clone())).await.unwrap();
    let confirmed = start.elapsed();
    assert_eq!(again.unchanged, u64::from(people * parts));

    let wanted: Vec<_> = (0..parts).map(|n| (Kind::Skp, Span::Month(period().offset(-(n as i32))))).collect();
    let start = Instant::now();
    let mut reader = bench.store.evidence(&wanted, None, at("2026-11-02T00:00:00Z")).await.unwrap();
    let (mut heads, mut rows) = (0, 0);
    while let Some((_, evidence)) = reader.next_person().await.unwrap() {
        heads += 1;
        rows += evidence.len();
    }
    let read = start.elapsed();
    assert_eq!((heads, rows), (people as usize, (people * parts) as usize));

    statements[7] = skp_of(statements[7].nip, statements[7].span, "Analis Kepegawaian Ahli Madya");
    let start = Instant::now();
    let changed = bench.store.accept(pull("changed", "2026-11-01T02:00:00Z", statements)).await.unwrap();
    let compared = start.elapsed();
    assert_eq!((changed.changed, changed.vanished), (1, 0));
    let engine = bench.store.engine();
    println!("{engine}: 50,000 statements written in {written:?}, confirmed in {confirmed:?}, compared in {compared:?}, read in {read:?}");
    assert!([written, confirmed, compared, read].iter().all(|took| took.as_secs() < 20));
}

async fn five_thousand_answers(bench: Bench) {
    let items = (0..5_000).map(|n| NewItem {
        kind: Kind::Position,
        surface: "siasn".to_owned(),
        part: "siasn".to_owned(),
        span: Span::Standing,
        nip: Some(many(n)),
    });
    let plan = |plan_sha: &str| NewRun {
        period: period(),
        surfaces: vec!["siasn".to_owned()],
        plan_sha: plan_sha.to_owned(),
        items: items.clone().collect(),
        resume_within: std::time::Duration::from_secs(60),
        about_some: false,
    };
    let mut took = Vec::new();
    for round in ["first", "second"] {
        let start = Instant::now();
        let run = bench.store.begin_run(plan(round)).await.unwrap();
        let owner = LeaseOwner::this_process();
        let mut answered = 0;
        loop {
            let claimed = bench.store.claim(&run, "siasn", 100, std::time::Duration::from_secs(60), &owner).await.unwrap();
            if claimed.is_empty() {
                break;
            }
            let settlements = claimed.into_iter().map(|item| {
                let mut statement = position(1, "Analis");
                statement.nip = item.nip.unwrap();
                let bytes = format!("{{\"nip\": \"{}\"}}", statement.nip).into_bytes();
                let raw = Some(RawBody { content_type: "application/json".to_owned(), bytes });
                let (source, at) = ("siasn:pns/rw-jabatan".to_owned(), at("2026-11-02T00:00:00Z"));
                Settlement { item, outcome: Outcome::Stated(statement), raw, source, at, drift: Vec::new() }
            });
            let settled = bench.store.settle(&run, settlements.collect()).await.unwrap();
            answered += settled.new + settled.unchanged;
        }
        bench.store.finish_run(&run, RunEnd::Finished).await.unwrap();
        assert_eq!(answered, 5_000);
        took.push(start.elapsed());
    }
    assert_eq!(bench.store.census().await.unwrap().statements, 5_000);
    println!("{}: 5,000 answers claimed and settled in {:?}, confirmed in {:?}", bench.store.engine(), took[0], took[1]);
    assert!(took.iter().all(|took| took.as_secs() < 60));
}
