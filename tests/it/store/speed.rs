//! How long the large steps take. The bounds are wide, for slow machines and unoptimised builds; the figures are
//! printed.

use super::*;
use crate::support::on_both_engines;
use std::time::Instant;

on_both_engines!(fifty_thousand_statements);

async fn fifty_thousand_statements(bench: Bench) {
    let (people, parts) = (5_000, 10);
    let statements: Vec<_> = (0..people * parts)
        .map(|n| skp_of(many(n % people), Span::Month(period().offset(-((n / people) as i32))), "Analis Kepegawaian Ahli Muda"))
        .collect();
    let start = Instant::now();
    bench.store.accept(pull("big", "2026-11-01T00:00:00Z", statements.clone())).await.unwrap();
    let written = start.elapsed();

    let start = Instant::now();
    let again = bench.store.accept(pull("big again", "2026-11-01T01:00:00Z", statements)).await.unwrap();
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
    println!("{}: 50,000 statements written in {written:?}, confirmed in {confirmed:?}, read in {read:?}", bench.store.engine());
    assert!(written.as_secs() < 20 && confirmed.as_secs() < 20 && read.as_secs() < 20);
}
