//! A pull that is killed or told to leave costs what was in flight, and is taken up where it stood.

use super::tally;
use crate::endtoend::office::Desk;
use crate::endtoend::office::Office;
use crate::endtoend::office::Ran;
use crate::endtoend::office::adds_up;
use crate::endtoend::office::same;
use serde_json::Value;
use sqlx::Connection;
use std::os::unix::process::ExitStatusExt;
use std::process::Child;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// Kills of one test; `SELARAS_KILLS` raises them.
const KILLS: u64 = 10;

/// Slots of a surface.
pub(super) const IN_FLIGHT: usize = 4;

/// Slow enough to be met at work.
pub(super) fn slow<'a>(office: &'a Office, store: &str) -> Desk<'a> {
    let slots = IN_FLIGHT.to_string();
    let desk = office.desk_at(store).with("EKINERJA__PACE__REQUESTS_PER_SECOND", "100").with("EKINERJA__PACE__BURST", "4");
    let desk = desk.with("EKINERJA__PACE__MAX_IN_FLIGHT", &slots);
    desk.with("EVIDENCE__PULL", "evaluation,skp,identity,discipline_bkn,unpaid_leave,history,skp_annual")
}

pub(super) fn start(desk: &Desk<'_>) -> Child {
    let mut command = desk.command(&["sync", "--period", "2026-10", "--as", "json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// A number below `limit` that nobody foresees.
pub(super) fn below(limit: u128) -> u64 {
    u64::try_from(uuid::Uuid::new_v4().as_u128() % limit).unwrap()
}

/// Waits until the process has asked `questions` more, or has ended.
fn wait_for_questions(office: &Office, child: &mut Child, questions: usize) {
    let (before, start) = (office.bkn.asked().len(), Instant::now());
    while office.bkn.asked().len() < before + questions && child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(30), "the pull asks nothing");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Pulls that have ended.
pub(super) fn finished_runs(office: &Office, store: &str) -> usize {
    const SQL: &str = "SELECT COUNT(*) FROM sync_run WHERE state = 'finished'";
    let runs: (i64,) = office.bkn.block_on(async {
        match store.strip_prefix("sqlite://") {
            Some(name) => {
                let mut store = sqlx::SqliteConnection::connect(&format!("sqlite://{}", office.path(name).display())).await.unwrap();
                sqlx::query_as(SQL).fetch_one(&mut store).await.unwrap()
            }
            None => sqlx::query_as(SQL).fetch_one(&mut sqlx::PgConnection::connect(store).await.unwrap()).await.unwrap(),
        }
    });
    usize::try_from(runs.0).unwrap()
}

#[test]
fn kills_cost_only_what_was_in_flight() {
    kills_on("sqlite://killed.db");
}

#[test]
fn kills_cost_only_what_was_in_flight_on_postgres() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    kills_on(&runtime.block_on(crate::support::postgres::fresh_database()));
}

fn kills_on(store: &str) {
    let kills: u64 = std::env::var("SELARAS_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let office = Office::open(40, 21);
    let calm =
        office.desk_at("sqlite://calm.db").with("EVIDENCE__PULL", "evaluation,skp,identity,discipline_bkn,unpaid_leave,history,skp_annual");
    calm.import_all();
    let planned = usize::try_from(calm.pull()["items"]["planned"].as_u64().unwrap()).unwrap();
    assert_eq!((planned, office.bkn.asked().len()), (2 + 40 * 5, 2 + 40 * 5), "each question takes one request");
    calm.settle();

    // A server cannot see that a process is gone; its questions come free when their lease ends.
    let desk = slow(&office, store).with("EKINERJA__PACE__LEASE", if store.starts_with("sqlite") { "5m" } else { "1s" });
    desk.import_all();
    let (mut killed, mut at) = (0, Vec::new());
    while killed < kills {
        let mut child = start(&desk);
        // Most kills fall among the questions, some before the first one.
        let wait = if below(5) == 0 {
            below(150)
        } else {
            wait_for_questions(&office, &mut child, 1);
            below(350)
        };
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        at.push((wait, office.bkn.asked().len()));
        match ended.signal() {
            Some(9) => killed += 1,
            _ => assert_eq!(ended.code(), Some(if office.gaps == 0 { 0 } else { 3 }), "{at:?}"),
        }
    }
    let last = desk.pull()["items"]["planned"].as_u64().unwrap();

    let runs = finished_runs(&office, store);
    let asked = office.bkn.asked().len() - planned;
    // Who was asked about by one run is not asked about by the next: only the lists, and those who could not be known.
    let again = 2 + usize::try_from(office.gaps).unwrap();
    assert_eq!(last, if runs == 1 { planned as u64 } else { again as u64 }, "{runs} runs");
    let due = planned + again * (runs - 1);
    let repeated = asked.checked_sub(due).unwrap_or_else(|| panic!("{asked} questions in {runs} runs, {planned} due: {at:?}"));
    assert!(repeated <= usize::try_from(killed).unwrap() * IN_FLIGHT, "{repeated} repeated after {killed} kills: {at:?}");

    desk.settle();
    for (one, other) in calm.lasting(&[]).iter().zip(&desk.lasting(&[])) {
        same(one, other, "documents of an uninterrupted and a killed pull");
    }
}

#[test]
fn a_pull_that_is_told_to_leave_is_taken_up_and_repeats_nothing() {
    let office = Office::open(40, 22);
    let desk = slow(&office, "sqlite://selaras.db");
    desk.import_all();
    let mut child = start(&desk);
    wait_for_questions(&office, &mut child, 30);
    crate::support::terminate(&child);
    let left = Ran::of(child.wait_with_output().unwrap()).ended(3).json();
    let settled = |state: &str| left["items"][state].as_u64().unwrap();
    let (done, planned) = (settled("done") + settled("quarantined"), left["items"]["planned"].as_u64().unwrap());
    assert_eq!((&left["resumed"], &left["deadline_hit"]), (&false.into(), &true.into()), "{left}");
    assert!(done >= 20 && done < planned, "{left}");
    assert_eq!(done, office.bkn.asked().len() as u64, "what was in flight was committed");
    desk.reconcile(&[]).ended(3);
    let identity = |row: &&Value| row["unknown"].as_array().unwrap().iter().any(|kind| kind == "identity");
    let (verdicts, known) = (desk.verdicts(&[]), adds_up(&desk.export("completeness", &[])));
    assert!(verdicts.iter().filter(identity).all(|row| row["verdict"] != "layak"));
    let asked = known["kinds"].as_array().unwrap().iter().find(|kind| kind["kind"] == "identity").unwrap();
    assert!(asked["not_asked"].as_u64().unwrap() > 0, "{asked}");

    let rest = desk.pull();
    assert_eq!((&rest["resumed"], &rest["run"]), (&true.into(), &left["run"]), "{rest}");
    assert_eq!(rest["requests"].as_u64(), Some(planned + 1), "with the list of periods: {rest}");
    let tally = tally(&office);
    assert_eq!(tally.len() as u64, planned);
    assert!(tally.values().all(|times| *times == 1), "{tally:?}");
}

/// Whoever comes next keeps to the pause that BKN has asked for; here it is over.
fn the_pause_is_over(office: &Office) {
    office.bkn.block_on(async {
        let mut store = sqlx::SqliteConnection::connect(&format!("sqlite://{}", office.path("selaras.db").display())).await.unwrap();
        let paused = "UPDATE pace SET paused_until = 0, next_at = 0 WHERE paused_until > 0";
        let held = sqlx::query(paused).execute(&mut store).await.unwrap().rows_affected();
        assert_eq!(held, 1, "the store knows of the pause");
        store.close().await.unwrap();
    });
    office.bkn.weather("none");
}

/// BKN closes the surface for ten minutes: nobody who is told to leave waits for that.
#[test]
fn a_pause_does_not_hold_who_is_told_to_leave() {
    let office = Office::open(40, 23);
    office.bkn.weather("suspended");
    let desk = slow(&office, "sqlite://selaras.db").with("EKINERJA__PACE__SUSPENDED_WAIT", "10m");
    let desk = desk.with("EKINERJA__PACE__REQUEST_TIMEOUT", "1s");
    desk.import_all();
    let mut child = start(&desk);
    wait_for_questions(&office, &mut child, 11);
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it waits for BKN");
    let start = Instant::now();
    crate::support::terminate(&child);
    while child.try_wait().unwrap().is_none() && start.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    if child.try_wait().unwrap().is_none() {
        child.kill().unwrap();
        panic!("still there after {:?}", start.elapsed());
    }
    let left = Ran::of(child.wait_with_output().unwrap()).ended(3).json();
    assert!(left["deadline_hit"].as_bool().unwrap() && left["items"]["failed"] == 0, "{left}");
    the_pause_is_over(&office);
    let rest = desk.pull();
    assert_eq!((&rest["resumed"], &rest["run"]), (&true.into(), &left["run"]), "{rest}");
}

/// Whoever is told twice leaves at once, and loses no more than whoever is killed.
#[test]
fn told_twice_is_told_at_once() {
    let office = Office::open(40, 25);
    office.bkn.weather("suspended");
    let desk = slow(&office, "sqlite://selaras.db").with("EKINERJA__PACE__SUSPENDED_WAIT", "10m");
    desk.import_all();
    let mut child = start(&desk);
    wait_for_questions(&office, &mut child, 11);
    std::thread::sleep(Duration::from_millis(300));
    crate::support::terminate(&child);
    std::thread::sleep(Duration::from_millis(100));
    let start = Instant::now();
    crate::support::terminate(&child);
    let left = Ran::of(child.wait_with_output().unwrap()).ended(130);
    assert!(left.out.is_empty() && start.elapsed() < Duration::from_secs(3), "{left:?} after {:?}", start.elapsed());
    the_pause_is_over(&office);
    assert_eq!(desk.pull()["resumed"], true);
}

/// On PostgreSQL nobody can tell whether the one who holds a question still lives: its lease has to run out.
#[test]
fn a_dead_process_holds_its_questions_no_longer_than_a_lease() {
    let office = Office::open(40, 26);
    let url = office.bkn.block_on(crate::support::postgres::fresh_database());
    let desk = slow(&office, &url).with("EKINERJA__PACE__LEASE", "2s");
    desk.import_all();
    let mut child = start(&desk);
    wait_for_questions(&office, &mut child, 40);
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let start = Instant::now();
    let rest = desk.pull();
    assert_eq!(rest["resumed"], true, "{rest}");
    let took = start.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_secs(12)).contains(&took), "{took:?}");
    let repeated = office.bkn.asked().len() as u64 - rest["items"]["planned"].as_u64().unwrap();
    assert!(repeated <= 2 * IN_FLIGHT as u64, "at most the slots of each surface: {repeated}");
}

/// The time of a run is up: it leaves like one that is told to.
#[test]
fn a_deadline_leaves_the_rest_to_the_next() {
    let office = Office::open(40, 24);
    let desk = slow(&office, "sqlite://selaras.db");
    desk.import_all();
    let left = desk.clone().with("EKINERJA__PACE__RUN_DEADLINE", "500ms").sync(&[]).ended(3).json();
    assert_eq!((&left["deadline_hit"], &left["items"]["failed"]), (&true.into(), &0.into()), "{left}");
    let rest = desk.pull();
    assert_eq!((&rest["resumed"], &rest["run"]), (&true.into(), &left["run"]), "{rest}");
}
