//! What another policy would change in past periods: everybody evaluated twice on the evidence that a period was last
//! reconciled with, once under the policy in force and once under the other one. Nothing is written.
//!
//! Each policy has its own view of the period, as it may ask for other cycles, days and sources; the two streams of
//! people are joined by NIP, so that nobody stands in memory but for a few crowds.

use super::evaluation::{Crowd, People, PeriodView};
use super::report::{self, At};
use super::tally::{Knows, Tally};
use super::{App, AppError};
use crate::domain::evidence::Evidence;
use crate::domain::{Kind, Nip, Period, Rupiah, Verdict};
use crate::export::what_if::{Moved, PeriodWhatIf, Rows, Stand, UnitWhatIf, WhatIf};
use crate::export::{Overview, Totals, place};
use crate::policy::Policy;
use crate::reconcile::evaluate_briefly;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Periods that are tried at once: three years.
pub const MOST_PERIODS: usize = 36;

/// What is wanted of a what-if.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Only of these units; `None`: of everybody.
    pub units: Option<&'a BTreeSet<String>>,
    /// So many people whose amount moves most.
    pub top: usize,
    /// Everybody who moves, too.
    pub rows: bool,
}

/// Called now and then with how many people are done, over all periods.
pub type OnPerson<'a> = &'a mut (dyn FnMut(u64) + Send);

/// Tries a policy on these periods. That its dates do not cover them is told and does not matter: what a policy would
/// have changed is asked before it holds.
///
/// # Errors
/// A period without a policy in force, without a roster, or of which either policy has no list of holidays; the store's.
pub async fn run(app: &App, tried: &Policy, periods: &[Period], wanted: Wanted<'_>, progress: OnPerson<'_>) -> Result<WhatIf, AppError> {
    let in_force = app.policies()?;
    // What cannot be answered is refused before anything is worked out.
    for period in periods {
        in_force.for_period(*period)?;
        tried.require_calendar(*period)?;
    }
    let mut done = 0;
    let mut of = Vec::with_capacity(periods.len());
    for period in periods {
        let now = in_force.for_period(*period)?;
        of.push(of_period(app, [now, tried], *period, wanted, &mut done, progress).await?);
    }
    Ok(WhatIf { policy_id: tried.id().to_owned(), policy_sha256: tried.sha256.clone(), draft: tried.is_draft(), periods: of })
}

async fn of_period(
    app: &App,
    policies: [&Policy; 2],
    period: Period,
    wanted: Wanted<'_>,
    done: &mut u64,
    progress: OnPerson<'_>,
) -> Result<PeriodWhatIf, AppError> {
    let run = app.store.shown_run(period).await?;
    let as_of = run.as_ref().map_or_else(|| app.clock.now(), |run| run.as_of);
    let mut before = Side::open(app, policies[0], period, as_of).await?;
    let mut after = Side::open(app, policies[1], period, as_of).await?;
    let mut found = Found { wanted, units: BTreeMap::new(), rows: Rows::default(), moved: 0, top: BinaryHeap::new() };
    loop {
        let next = [before.peek().await?, after.peek().await?];
        let Some(nip) = next.into_iter().flatten().min() else { break };
        let verdicts = [before.verdict_of(nip, wanted.units), after.verdict_of(nip, wanted.units)];
        found.take(verdicts);
        *done += 1;
        if done.is_multiple_of(256) {
            progress(*done);
            tokio::task::yield_now().await;
        }
    }
    progress(*done);
    let id = run.as_ref().map(|run| run.id.clone()).unwrap_or_default();
    let at = At { period, as_of, run: id };
    let whole = wanted.units.is_none();
    Ok(PeriodWhatIf {
        period,
        reconciled: run.is_some(),
        policy_moved: run.is_some_and(|run| run.policy_sha != policies[0].sha256),
        outside_dates: !policies[1].covers(period),
        before: before.overview(at.clone(), whole),
        after: after.overview(at, whole),
        units: found.units,
        rows: found.rows,
        moved: found.moved,
        top: found.top.into_sorted_vec().into_iter().map(|Reverse(weighed)| weighed.moved).collect(),
    })
}

/// A period under one of the two policies.
struct Side<'a> {
    policy: &'a Policy,
    view: PeriodView<'a>,
    kinds: Vec<Kind>,
    people: People,
    crowd: std::iter::Peekable<std::vec::IntoIter<(Nip, Vec<Evidence>)>>,
    tally: Tally,
}

impl<'a> Side<'a> {
    async fn open(app: &'a App, policy: &'a Policy, period: Period, as_of: chrono::DateTime<chrono::Utc>) -> Result<Self, AppError> {
        let view = PeriodView::open(app, policy, period, as_of).await?;
        let (kinds, people) = (view.desk().kinds().collect(), view.people(None));
        Ok(Self { policy, view, kinds, people, crowd: Crowd::new().into_iter().peekable(), tally: Tally::default() })
    }

    /// Who comes next.
    async fn peek(&mut self) -> Result<Option<Nip>, AppError> {
        while self.crowd.peek().is_none() {
            match self.people.next().await? {
                Some(crowd) => self.crowd = crowd.into_iter().peekable(),
                None => return Ok(None),
            }
        }
        Ok(self.crowd.peek().map(|(nip, _)| *nip))
    }

    /// The verdict of a person, if they come next, play a part, and are of these units.
    fn verdict_of(&mut self, nip: Nip, units: Option<&BTreeSet<String>>) -> Option<Verdict> {
        let (_, evidence) = self.crowd.next_if(|(next, _)| *next == nip)?;
        let laid = self.view.lay_out(nip, evidence)?;
        self.view.count(&laid.dossier);
        if units.is_some_and(|units| !units.contains(&super::aside::unit(&laid.dossier))) {
            return None;
        }
        let verdict = evaluate_briefly(self.policy, &laid.dossier);
        self.tally.put(&verdict, &Knows::of(&laid.dossier, &self.kinds));
        Some(verdict)
    }

    /// The figures; findings about whole files are of nobody's unit.
    fn overview(&self, at: At, whole: bool) -> Overview {
        let of_files = if whole { self.view.file_findings() } else { Vec::new() };
        let completeness = self.tally.completeness(self.kinds.iter().copied(), &self.view.desk().basis().required);
        let header = report::header(self.policy, at, completeness.is_complete(), self.tally.unverified_rules());
        Overview::new(header, self.tally.totals(), self.tally.codes(&of_files), 0, completeness)
    }
}

/// What the two verdicts of everybody come to.
struct Found<'a> {
    wanted: Wanted<'a>,
    units: BTreeMap<String, UnitWhatIf>,
    rows: Rows,
    moved: u64,
    /// The least moved on top, to be pushed out.
    top: BinaryHeap<Reverse<Weighed>>,
}

impl Found<'_> {
    fn take(&mut self, verdicts: [Option<Verdict>; 2]) {
        let Some(known) = verdicts.iter().flatten().next() else { return };
        let unit = self.units.entry(known.unit.clone().unwrap_or_default()).or_default();
        if let Some(name) = known.unit_name.as_ref().filter(|_| unit.name.is_empty()) {
            unit.name.clone_from(name);
        }
        let [before, after] = &verdicts;
        count(&mut unit.before, before.as_ref());
        count(&mut unit.after, after.as_ref());
        if says(before.as_ref()) == says(after.as_ref()) {
            return;
        }
        unit.moved += 1;
        self.moved += 1;
        let moved = Moved {
            nip: known.nip,
            name: known.name.clone().unwrap_or_default(),
            unit: known.unit.clone().unwrap_or_default(),
            unit_name: known.unit_name.clone().unwrap_or_default(),
            before: before.as_ref().map(stand),
            after: after.as_ref().map(stand),
        };
        if self.wanted.rows {
            self.rows.push(&moved);
        }
        self.top.push(Reverse(Weighed { weight: moved.weight(), before: Reverse(moved.nip), moved }));
        if self.top.len() > self.wanted.top {
            self.top.pop();
        }
    }
}

/// A person by how far the amount moves, people alike by NIP.
#[derive(PartialEq, Eq)]
struct Weighed {
    weight: Rupiah,
    before: Reverse<Nip>,
    moved: Moved,
}

impl Ord for Weighed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.weight, self.before).cmp(&(other.weight, other.before))
    }
}

impl PartialOrd for Weighed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn count(totals: &mut Totals, verdict: Option<&Verdict>) {
    if let Some(verdict) = verdict {
        let at = place(verdict.standing);
        totals.heads[at] += 1;
        totals.rupiah[at] += verdict.expected.map_or(Rupiah::ZERO, |amounts| amounts.net);
    }
}

/// What moves when it is otherwise: verdict and amount.
fn says(verdict: Option<&Verdict>) -> Option<(crate::domain::verdict::Standing, Option<Rupiah>)> {
    verdict.map(|verdict| (verdict.standing, verdict.expected.map(|amounts| amounts.net)))
}

fn stand(verdict: &Verdict) -> Stand {
    let (standing, net) = (verdict.standing, verdict.expected.map(|amounts| amounts.net));
    let codes: BTreeSet<&str> = verdict.findings.iter().map(|finding| finding.code.code()).collect();
    Stand { standing, net, codes: codes.into_iter().collect::<Vec<_>>().join(" ") }
}
