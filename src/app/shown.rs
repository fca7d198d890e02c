//! What the pages show of a period: the figures of the stored run, and one person evaluated as of its instant. Nobody
//! else is evaluated.

use super::evaluation::PeriodView;
use super::reconcile::is_news;
use super::report::{self, At};
use super::tally::Tally;
use super::{App, AppError, aside, status};
use crate::domain::dossier::Dossier;
use crate::domain::verdict::Standing;
use crate::domain::{Finding, Kind, Nip, Period, Rupiah, Verdict};
use crate::export::{CodeCount, Completeness, Header, Totals};
use crate::policy::Policy;
use crate::reconcile::{Recalled, evaluate};
use crate::store::{KnownVerdict, ShownRun};

/// Why what a reconciliation concluded may hold no longer, of a month that is yet to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Evidence has come, or was taken back, since.
    News,
    /// Required evidence has become older than it may be, or may have.
    Expired,
}

/// Whether the last reconciliation of a period still holds. Of months that are paid nothing is doubted: their figures are
/// of their time.
///
/// # Errors
/// The store's.
pub async fn doubt(app: &App, period: Period) -> Result<Option<Doubt>, AppError> {
    if period < app.current_period() {
        return Ok(None);
    }
    let Some(run) = app.store.shown_run(period).await? else { return Ok(None) };
    let (now, (_, mark)) = (app.clock.now(), app.store.mark(period).await?);
    let as_of = mark.as_ref().map_or(run.as_of, |mark| mark.as_of);
    let evidence = &app.config.evidence;
    let ages = evidence.required.iter().filter_map(|kind| evidence.max_age.get(kind));
    let shortest = ages.filter_map(|age| chrono::TimeDelta::from_std(age.get()).ok()).min();
    let is_old = mark.and_then(|mark| mark.fresh_until).is_some_and(|until| now > until) || shortest.is_some_and(|age| now - as_of > age);
    let confirmed = app.store.last_confirmed(now).await?;
    if is_old || !status::stale_kinds(evidence, &confirmed, now).is_empty() {
        return Ok(Some(Doubt::Expired));
    }
    Ok(app.store.has_changed_since(as_of).await?.then_some(Doubt::News))
}

/// Where a run's summary keeps the figures; no kind is called like that.
pub const TALLY: &str = "tally";

/// The figures of a stored run.
#[derive(Debug, Clone)]
pub struct Stored {
    tally: Tally,
    complete: bool,
}

impl Stored {
    /// The figures of a run; `None` of one that an older version stored.
    pub fn of(run: &ShownRun) -> Option<Self> {
        let tally = run.summary.get(TALLY)?.clone();
        Some(Self { tally: serde_json::from_value(tally).ok()?, complete: run.complete })
    }

    /// People.
    pub fn people(&self) -> u64 {
        self.tally.people
    }

    /// Findings that a waiver excuses.
    pub fn waived(&self) -> u64 {
        self.tally.waived()
    }

    /// Heads and expected net by verdict.
    pub fn totals(&self) -> Totals {
        self.tally.totals()
    }

    /// Heads and expected net of one verdict.
    pub fn of_standing(&self, standing: Standing) -> (u64, Rupiah) {
        let totals = self.totals();
        (totals.heads(standing), totals.rupiah(standing))
    }

    /// Open findings by code.
    pub fn codes(&self, of_files: &[Finding]) -> Vec<CodeCount> {
        self.tally.codes(of_files)
    }

    /// What is known, of the kinds that played a part.
    pub fn completeness(&self, required: &[Kind]) -> Completeness {
        let mut kinds: Vec<Kind> = self.tally.kinds().chain(required.iter().copied()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        self.tally.completeness(kinds.into_iter(), required)
    }

    /// What the documents say about themselves.
    pub fn header(&self, policy: &Policy, period: Period, run: &ShownRun) -> Header {
        let at = At { period, as_of: run.as_of, run: run.id.clone() };
        let mut header = report::header(policy, at, self.complete, self.tally.unverified_rules());
        // The figures were worked out under the policy of the run, whatever lies in the folder by now.
        (header.policy_id, header.policy_sha256) = (run.policy_id.clone(), run.policy_sha.clone());
        header.trial |= run.mode != "final";
        header
    }
}

/// One person as the run saw them.
#[derive(Debug)]
pub struct Person {
    /// About the run.
    pub header: Header,
    /// As the run concluded it; with its derivation where that can be worked out again.
    pub verdict: Verdict,
    /// The policy of the run is there, and comes to what the run concluded. Otherwise there is no derivation.
    pub is_replayed: bool,
    /// What it was drawn from.
    pub dossier: Dossier,
    /// First and last day of the attendance that counts.
    pub window: (chrono::NaiveDate, chrono::NaiveDate),
    /// The policy.
    pub policy: Policy,
}

/// One person as the run concluded, with the derivation worked out again as of the run's instant. What others say about the person is what the run noted, so that nobody else has
/// to be looked at; where it noted nothing, everybody's payments and roster rows are read.
///
/// # Errors
/// [`AppError::Nobody`] when nothing names the person in that period; no policy, no roster, or the store's.
pub async fn person(app: &App, period: Period, nip: Nip, run: &ShownRun) -> Result<Person, AppError> {
    let policy = app.policy(period)?;
    let known = app.store.known_verdicts(period, &[nip]).await?;
    let noted = known.get(&nip).and_then(|known| aside::decode(&known.noted.aside).map(|aside| aside.peers()));
    let laid = match noted {
        Some(peers) => {
            let mut view = PeriodView::open_for_few(app, &policy, period, run.as_of).await?;
            let mut people = view.people(Some(vec![nip]));
            let mut found = Vec::new();
            while let Some(some) = people.next().await? {
                found.extend(some);
            }
            view.recall(&found, Recalled([(nip, peers)].into())).await?;
            found.into_iter().find_map(|(nip, evidence)| view.lay_out(nip, evidence))
        }
        None => {
            let mut view = PeriodView::open(app, &policy, period, run.as_of).await?;
            let mut found = None;
            view.walk(Some(&[nip]), |laid| {
                found = Some(laid);
                Ok(())
            })
            .await?;
            found
        }
    };
    let dossier = laid.ok_or_else(|| AppError::Nobody(period, nip.masked()))?.dossier;
    let again = evaluate(&policy, &dossier);
    let concluded = known.get(&nip).map(KnownVerdict::verdict).transpose()?;
    let same = |concluded: &Verdict| !is_news(concluded, &Verdict { derivation: Vec::new(), ..again.clone() });
    let is_replayed = run.policy_sha == policy.sha256 && concluded.as_ref().is_none_or(same);
    let verdict = concluded.filter(|_| !is_replayed).unwrap_or(again);
    let mut header = report::header(
        &policy,
        At { period, as_of: run.as_of, run: run.id.clone() },
        verdict.unknown.is_empty(),
        verdict.unverified_rules.clone(),
    );
    (header.policy_id, header.policy_sha256) = (run.policy_id.clone(), run.policy_sha.clone());
    header.trial |= run.mode != "final";
    let window = policy.attendance_window(period);
    Ok(Person { header, verdict, is_replayed, dossier, window, policy })
}
