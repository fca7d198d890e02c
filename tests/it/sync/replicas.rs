//! Three processes on one PostgreSQL share a pull; one after the other is killed, one is cut off from the database and
//! comes back, and what they had in flight is all that is asked twice.

use super::interrupted::IN_FLIGHT;
use super::interrupted::below;
use super::interrupted::finished_runs;
use super::interrupted::slow;
use super::interrupted::start;
use super::tally;
use crate::endtoend::office::Desk;
use crate::endtoend::office::Office;
use crate::endtoend::office::same;
use crate::support::line::Line;
use std::process::Child;
use std::time::Duration;
use std::time::Instant;

const REPLICAS: usize = 3;
/// Kills of one test; `SELARAS_KILLS` raises them, `SELARAS_KILL_EVERY` (ms) says how long a process lives at most,
/// `SELARAS_PEOPLE` gives them more to do.
const KILLS: usize = 6;
/// Longer than a lease.
const CUT_OFF: Duration = Duration::from_millis(2_500);
const KINDS: &str = "evaluation,skp,identity,discipline_bkn,unpaid_leave,history,skp_annual";

fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |given| given.parse().unwrap())
}

#[test]
fn three_share_a_pull_whoever_is_killed() {
    share_a_pull(0);
}

/// The third reaches the database over a line that is held for longer than its leases; the others take its questions over,
/// and what it still writes when it is back counts for nothing.
#[test]
fn three_share_a_pull_and_one_is_cut_off_and_comes_back() {
    share_a_pull(2);
}

fn share_a_pull(cuts: usize) {
    let (kills, every) = (setting("SELARAS_KILLS", KILLS), setting("SELARAS_KILL_EVERY", 500));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let store = runtime.block_on(crate::support::postgres::fresh_database());
    let office = Office::open(setting("SELARAS_PEOPLE", 60), 23);
    let calm = office.desk_at("sqlite://calm.db").with("EVIDENCE__PULL", KINDS);
    calm.import_all();
    let planned = usize::try_from(calm.pull()["items"]["planned"].as_u64().unwrap()).unwrap();
    calm.settle();
    assert_eq!(office.bkn.asked().len(), planned, "each question takes one request");

    let desk = |store: &str| {
        let desk = slow(&office, store).with("EKINERJA__PACE__LEASE", "1s");
        desk.with("EKINERJA__PACE__REQUESTS_PER_SECOND", "60")
    };
    let line = Line::to(&store);
    let (near, far) = (desk(&store), desk(&line.url));
    near.import_all();
    let asked_before = office.bkn.asked().len();
    let mut cut_off = CutOff { line: &line, desk: &far, left: cuts, process: None, since: None };
    let (mut replicas, mut killed): (Vec<Child>, usize) = (Vec::new(), 0);
    let began = Instant::now();
    while killed < kills || cut_off.left > 0 {
        assert!(began.elapsed() < Duration::from_secs(20 * kills as u64 + 60), "{killed} kills");
        replicas.retain_mut(|replica| replica.try_wait().unwrap().is_none());
        while replicas.len() < REPLICAS - usize::from(cuts > 0) {
            replicas.push(start(&near));
        }
        cut_off.go_on();
        std::thread::sleep(Duration::from_millis(200 + below(every as u128)));
        let mut victim = replicas.swap_remove(usize::try_from(below(replicas.len() as u128)).unwrap());
        victim.kill().unwrap();
        killed += usize::from(victim.wait().unwrap().code().is_none());
    }
    line.let_go();
    for mut replica in replicas.into_iter().chain(cut_off.process) {
        replica.wait().unwrap();
    }
    near.pull();

    let (runs, asked) = (finished_runs(&office, &store), office.bkn.asked().len() - asked_before);
    // Whoever was asked about by one run is not asked about by the next: only the lists, and those who cannot be known.
    let again = 2 + usize::try_from(office.gaps).unwrap();
    let due = planned + again * (runs - 1);
    let repeated = asked.saturating_sub(due);
    let most = (killed + cuts) * IN_FLIGHT;
    assert!(asked >= planned && repeated <= most, "{asked} questions in {runs} runs, {due} due, {killed} kills, {cuts} cuts");
    println!(
        "{killed} kills, {cuts} cuts, {runs} runs, {asked} questions, {repeated} of them repeated, {most} allowed, {:?}",
        began.elapsed()
    );
    assert!(tally(&office).len() >= planned);
    near.settle();
    for (one, other) in calm.lasting(&[]).iter().zip(&near.lasting(&[])) {
        same(one, other, "documents of one calm process and of three in trouble");
    }
}

/// A process whose line to the database is held for a while, again and again.
struct CutOff<'a> {
    line: &'a Line,
    desk: &'a Desk<'a>,
    /// Times still to come.
    left: usize,
    process: Option<Child>,
    /// Since when the line is held.
    since: Option<Instant>,
}

impl CutOff<'_> {
    /// Holds the line of a process at work; lets go when that has lasted.
    fn go_on(&mut self) {
        if self.left == 0 {
            return;
        }
        match self.since {
            Some(since) if since.elapsed() >= CUT_OFF => {
                self.line.let_go();
                (self.since, self.left) = (None, self.left - 1);
            }
            Some(_) => {}
            None if self.process.as_mut().is_none_or(|process| process.try_wait().unwrap().is_some()) => {
                self.process = Some(start(self.desk));
            }
            None => {
                self.line.hold();
                self.since = Some(Instant::now());
            }
        }
    }
}
