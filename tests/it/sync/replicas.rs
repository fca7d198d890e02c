//! Three processes on one PostgreSQL share a pull; one after the other is killed, and what it had in flight is all that
//! is asked twice.

use super::interrupted::IN_FLIGHT;
use super::interrupted::below;
use super::interrupted::finished_runs;
use super::interrupted::slow;
use super::interrupted::start;
use super::tally;
use crate::endtoend::office::Office;
use crate::endtoend::office::same;
use std::process::Child;
use std::time::Duration;
use std::time::Instant;

const REPLICAS: usize = 3;
/// Kills of one test; `SELARAS_KILLS` raises them.
const KILLS: usize = 6;
const KINDS: &str = "evaluation,skp,identity,discipline_bkn,unpaid_leave,history,skp_annual";

#[test]
fn three_share_a_pull_whoever_is_killed() {
    let kills: usize = std::env::var("SELARAS_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime.block_on(crate::support::postgres::fresh_database());
    let office = Office::open(60, 23);
    let calm = office.desk_at("sqlite://calm.db").with("EVIDENCE__PULL", KINDS);
    calm.import_all();
    let planned = usize::try_from(calm.pull()["items"]["planned"].as_u64().unwrap()).unwrap();
    calm.settle();
    assert_eq!(office.bkn.asked().len(), planned, "each question takes one request");

    let desk = slow(&office, &store).with("EKINERJA__PACE__LEASE", "1s").with("EKINERJA__PACE__REQUESTS_PER_SECOND", "60");
    desk.import_all();
    let (mut replicas, mut killed): (Vec<Child>, usize) = (Vec::new(), 0);
    let began = Instant::now();
    while killed < kills {
        assert!(began.elapsed() < Duration::from_secs(20 * kills as u64 + 60), "{killed} kills");
        replicas.retain_mut(|replica| replica.try_wait().unwrap().is_none());
        while replicas.len() < REPLICAS {
            replicas.push(start(&desk));
        }
        std::thread::sleep(Duration::from_millis(200 + below(500)));
        let mut victim = replicas.swap_remove(usize::try_from(below(REPLICAS as u128)).unwrap());
        victim.kill().unwrap();
        killed += usize::from(victim.wait().unwrap().code().is_none());
    }
    for mut replica in replicas {
        replica.wait().unwrap();
    }
    desk.pull();

    let (runs, asked) = (finished_runs(&office, &store), office.bkn.asked().len() - planned);
    // Whoever was asked about by one run is not asked about by the next: only the lists, and those who cannot be known.
    let again = 2 + usize::try_from(office.gaps).unwrap();
    let due = planned + again * (runs - 1);
    let repeated = asked.saturating_sub(due);
    assert!(asked >= planned && repeated <= killed * IN_FLIGHT, "{asked} questions in {runs} runs, {due} due, {killed} kills");
    assert!(tally(&office).len() >= planned);
    desk.settle();
    for (one, other) in calm.lasting(&[]).iter().zip(&desk.lasting(&[])) {
        same(one, other, "documents of one calm process and of three that were killed");
    }
}
