//! Two pulls at once on one store share the work.

use super::tally;
use crate::endtoend::office::Desk;
use crate::endtoend::office::Office;
use crate::endtoend::office::Ran;
use crate::endtoend::office::adds_up;
use crate::support::postgres;
use std::process::Stdio;

fn two_at_once(office: &Office, desk: &Desk<'_>) {
    desk.import_all();
    let start = |_| {
        let mut command = desk.command(&["sync", "--period", "2026-10", "--as", "json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both: Vec<_> = [1, 2]
        .map(start)
        .into_iter()
        .map(|child| Ran::of(child.wait_with_output().unwrap()).ended(if office.gaps == 0 { 0 } else { 3 }))
        .collect();
    let both: Vec<_> = both.iter().map(Ran::json).collect();
    assert_eq!(both[0]["run"], both[1]["run"], "they share one run");
    let resumed = both.iter().filter(|one| one["resumed"] == true).count();
    assert_eq!(resumed, 1, "one begins it, the other takes part: {both:?}");
    let tally = tally(office);
    assert_eq!(tally.len(), 2 + 40, "everything was asked");
    assert!(tally.values().all(|times| *times == 1), "nobody asks twice: {tally:?}");
    for one in &both {
        assert_eq!(one["items"]["done"], 42 - office.gaps, "{one}");
    }
    desk.settle();
    adds_up(&desk.export("completeness", &[]));
}

fn slow<'a>(office: &'a Office, store: &str) -> Desk<'a> {
    let desk = office.desk_at(store).with("EKINERJA__PACE__REQUESTS_PER_SECOND", "25").with("EKINERJA__PACE__BURST", "1");
    desk.with("EKINERJA__PACE__MAX_IN_FLIGHT", "2")
}

#[test]
fn on_sqlite() {
    let office = Office::open(40, 31);
    two_at_once(&office, &slow(&office, "sqlite://selaras.db"));
}

#[test]
fn on_postgres() {
    let office = Office::open(40, 32);
    let url = office.bkn.block_on(postgres::fresh_database());
    two_at_once(&office, &slow(&office, &url));
}

/// Two reconciliations at once come to one result, and neither makes old news of the other's findings.
fn two_reconciliations(office: &Office, desk: &Desk<'_>) {
    desk.import_all();
    desk.pull();
    let start = |_| {
        let mut command = desk.command(&["reconcile", "--period", "2026-10", "--as", "json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let code = if office.gaps == 0 { 0 } else { 3 };
    let both: Vec<_> = [1, 2].map(start).into_iter().map(|child| Ran::of(child.wait_with_output().unwrap()).ended(code)).collect();
    let both: Vec<_> = both.iter().map(Ran::json).collect();
    assert_eq!(both[0]["totals"], both[1]["totals"]);
    assert_eq!(both[0]["run"], both[1]["run"], "the second changed nothing");
    let findings = desk.findings(&[]);
    assert!(findings.len() > 20 && findings.iter().all(|row| row["status"] == "new"), "{findings:?}");
}

#[test]
fn two_reconciliations_on_sqlite() {
    let office = Office::open(50, 33);
    two_reconciliations(&office, &office.desk());
}

#[test]
fn two_reconciliations_on_postgres() {
    let office = Office::open(50, 34);
    let url = office.bkn.block_on(postgres::fresh_database());
    two_reconciliations(&office, &office.desk_at(&url));
}
