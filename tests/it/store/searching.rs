//! Searches, whether or not the names of the period are in memory.

use super::reconciling::{record, verdict};
use super::*;
use crate::support::on_both_engines;
use selaras::domain::Code;
use selaras::domain::Rupiah;
use selaras::store::ListOrder;
use selaras::store::ListWanted;
use selaras::store::NewVerdict;
use selaras::store::Sought;
use selaras::store::Store;

on_both_engines!(
    who_is_found_does_not_depend_on_what_is_in_memory,
    a_new_reconciliation_is_searched_at_once,
    pages_go_on_when_the_names_come_in_between,
);

fn named(n: u32, name: &str, codes: &[Code]) -> NewVerdict {
    let mut new = verdict(n, name, codes);
    new.verdict.name = Some(name.to_owned());
    new.noted.unit = format!("U{}", n % 3);
    new
}

async fn reconcile(bench: &Bench, day: u32, people: &[NewVerdict]) {
    let as_of = at(&format!("2026-11-{day:02}T00:00:00Z"));
    bench.store.save_reconciliation(period(), as_of, &record(), people, &[], &[]).await.unwrap();
}

async fn found(store: &Store, wanted: ListWanted) -> Vec<Nip> {
    let wanted = ListWanted { limit: 1_000, ..wanted };
    store.list(period(), &wanted).await.unwrap().unwrap().1.iter().map(|row| row.nip).collect()
}

async fn who_is_found_does_not_depend_on_what_is_in_memory(bench: Bench) {
    let name = |n: u32| ["Siti Aminah", "Budi 100%", "Budi_Santoso", "Wayan"][n as usize % 4].to_owned() + &" lain".repeat(n as usize % 2);
    // More than are ever named from memory.
    let people: Vec<NewVerdict> =
        (0..900).map(|n| named(n, &name(n), if n % 5 == 0 { &[Code::Pr01] } else { &[] })).chain([named(901, "Zulaikha", &[])]).collect();
    reconcile(&bench, 2, &people).await;
    let texts = ["zulaikha", "siti", "100%", "di_s", "%", "_", "u1", "lain lain", "tidak ada"];
    let digits = nip(901).as_str()[..14].to_owned();
    let wanted: Vec<ListWanted> = texts
        .iter()
        .flat_map(|text| [Sought::Text((*text).to_owned()), Sought::TextOrNip((*text).to_owned())])
        .chain([Sought::TextOrNip(digits.clone()), Sought::Nip(digits)])
        .flat_map(|sought| {
            ListOrder::ALL.into_iter().flat_map(move |(_, order)| {
                [None, Some(Code::Pr01)].map(|code| ListWanted { sought: sought.clone(), order, code, ..ListWanted::default() })
            })
        })
        .collect();
    // The first one of a store that was just opened looks through the database; after a while the names are in memory.
    for _ in 0..40 {
        found(&bench.store, ListWanted { sought: Sought::Text("zulaikha".into()), ..ListWanted::default() }).await;
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let mut rows = 0;
    for wanted in wanted {
        let fresh = bench.another().await;
        let (slow, fast) = (found(&fresh, wanted.clone()).await, found(&bench.store, wanted.clone()).await);
        assert_eq!(slow, fast, "{wanted:?}");
        rows += fast.len();
    }
    assert!(rows > 1_000, "{rows}");
}

async fn a_new_reconciliation_is_searched_at_once(bench: Bench) {
    let siti = || ListWanted { sought: Sought::Text("siti".into()), ..ListWanted::default() };
    reconcile(&bench, 2, &[named(1, "Budi", &[])]).await;
    for _ in 0..20 {
        assert!(found(&bench.store, siti()).await.is_empty());
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    reconcile(&bench, 3, &[named(1, "Siti", &[])]).await;
    for _ in 0..20 {
        assert_eq!(found(&bench.store, siti()).await, [nip(1)]);
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// The first page comes from the database, the second when the names are there: nobody is left out or named twice.
async fn pages_go_on_when_the_names_come_in_between(bench: Bench) {
    // Of one code, and of all the person's findings, another order.
    let at_risk = |n: u32, of_code: i64, of_other: i64| {
        let mut new = named(n, "Budi", &[Code::Pr01, Code::Am01]);
        new.verdict.findings[0].rupiah_at_risk = Rupiah(of_code);
        new.verdict.findings[1].rupiah_at_risk = Rupiah(of_other);
        new
    };
    reconcile(&bench, 2, &[at_risk(1, 10, 100), at_risk(2, 50, 0), at_risk(3, 30, 70)]).await;
    let fresh = bench.another().await;
    let (mut after, mut seen) = (None, Vec::new());
    for _ in 0..3 {
        let sought = Sought::Text("budi".into());
        let wanted = ListWanted { sought, code: Some(Code::Pr01), after: after.take(), limit: 1, ..ListWanted::default() };
        let rows = fresh.list(period(), &wanted).await.unwrap().unwrap().1;
        after = rows.first().map(|row| row.handle.clone());
        seen.extend(rows.iter().map(|row| row.nip));
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(seen, [nip(2), nip(3), nip(1)]);
}
