//! One period laid out from the store: dossier after dossier, in the order of NIP.

use super::cores::{joined, workers};
use super::{App, AppError};
use crate::domain::dossier::Dossier;
use crate::domain::evidence::{Body, Evidence, Kind, Source};
use crate::domain::finding::Finding;
use crate::domain::period::Span;
use crate::domain::verdict::Verdict;
use crate::domain::waiver::Waiver;
use crate::domain::{Nip, Period};
use crate::lifecycle::yield_to_readers;
use crate::policy::Policy;
use crate::reconcile::completeness::Completeness;
use crate::reconcile::{
    AttendancePeers, Basis, Desk, Devices, Everybody, Laid, Leaning, PaymentPeers, Recalled, RosterPeers, WhenPaid, evaluate_briefly, files,
};
use crate::store::{SourceFilter, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// A period ready to be evaluated, as it was known at an instant.
pub struct PeriodView<'a> {
    app: &'a App,
    desk: Desk<'a>,
    sources: Vec<Source>,
    policy: &'a Policy,
    everybody: Everybody<'a>,
    /// Numbers of the waivers that the dossiers hold, and of those about whole files.
    waivers: Vec<i64>,
    waivers_of_files: Vec<Waiver>,
}

impl<'a> PeriodView<'a> {
    /// Reads what all dossiers share, and what everybody's payments and roster rows say about each other.
    ///
    /// # Errors
    /// [`AppError::NoRoster`], or the store's.
    pub async fn open(app: &'a App, policy: &'a Policy, period: Period, as_of: DateTime<Utc>) -> Result<Self, AppError> {
        let basis = basis(app, policy, period, as_of).await?;
        let (mut peers, mut roster_peers) = (PaymentPeers::default(), RosterPeers::default());
        let around = [Kind::Payment, Kind::Roster].map(|kind| (kind, basis.span(kind)));
        let mut around = app.store.evidence(&around, None, as_of).await?;
        while let Some(evidence) = around.next().await? {
            peers.add(&evidence);
            roster_peers.add(&evidence);
        }
        let mut view = Self::lay_desk(app, basis, peers).await?;
        let when_paid = when_paid(app, view.desk.basis(), &view.sources, None).await?;
        view.desk = view.desk.with_roster(roster_peers).with_evaluations_when_paid(when_paid);
        Ok(view)
    }

    /// Reads what all dossiers share and nothing about anybody: for few people, of whom what others say is known and
    /// goes to [`PeriodView::recall`].
    ///
    /// # Errors
    /// [`AppError::NoRoster`], or the store's.
    pub async fn open_for_few(app: &'a App, policy: &'a Policy, period: Period, as_of: DateTime<Utc>) -> Result<Self, AppError> {
        let basis = basis(app, policy, period, as_of).await?;
        Self::lay_desk(app, basis, PaymentPeers::default()).await
    }

    async fn lay_desk(app: &'a App, basis: Basis<'a>, peers: PaymentPeers) -> Result<Self, AppError> {
        let (store, policy, period, as_of) = (&app.store, basis.policy, basis.period, basis.as_of);
        let mut sources = store.sources(&SourceFilter::default(), as_of).await?;
        let mut map = Vec::new();
        if sources.iter().any(|source| source.kind == Kind::Pins) {
            map = store.evidence(&[(Kind::Pins, Span::Standing)], None, as_of).await?.all().await?;
        }
        let devices = Devices::new(basis.attendance_from(), (policy.attendance_window(period).0, basis.attendance_to()), &sources, &map);
        // The scans are with the devices now; of many months they take room.
        sources.iter_mut().for_each(|source| source.facts.scans = None);
        sources.extend(devices.sources());
        let failures = store.failures(&basis.wanted(), as_of).await?;
        let waivers = store.waivers_in_force(period, as_of).await?;
        let used = waivers.iter().map(|(seq, ..)| *seq).collect();
        let (of_people, of_files): (Vec<_>, Vec<_>) = waivers.into_iter().partition(|(_, nip, _)| nip.is_some());
        let of_people = of_people.into_iter().filter_map(|(_, nip, waiver)| Some((nip?, waiver)));
        let waivers_of_files = of_files.into_iter().map(|(.., waiver)| waiver).collect();
        let desk = Desk::new(basis, &sources, &failures, peers).with_devices(devices).with_waivers(of_people);
        Ok(Self { app, desk, sources, policy, everybody: Everybody::new(policy, period), waivers: used, waivers_of_files })
    }

    /// What all dossiers share.
    pub fn desk(&self) -> &Desk<'a> {
        &self.desk
    }

    /// What lasts only as long as waivers of whole files do.
    pub fn leaning_of_files(&self) -> Leaning {
        let ends = self.waivers_of_files.iter().map(|waiver| waiver.ends_at - TimeDelta::microseconds(1)).min();
        Leaning { fresh_until: ends, ..Leaning::default() }
    }

    /// Numbers of the waivers on which verdicts and findings about whole files rest.
    pub fn waivers(&self) -> &[i64] {
        &self.waivers
    }

    /// The hash of what all dossiers share.
    pub fn shared(&self) -> String {
        self.desk.shared(&self.sources)
    }

    /// How many sources there are of a kind, for the period.
    pub fn sources_of(&self, kind: Kind) -> usize {
        let span = self.desk.basis().span(kind);
        self.sources.iter().filter(|source| source.kind == kind && source.span == span).count()
    }

    /// What only shows of everybody together: once everybody has been walked; before, it is of nobody.
    pub fn everybody(&self) -> &Everybody<'a> {
        &self.everybody
    }

    /// The days of units: of everybody once everybody has been walked, else of nobody.
    pub fn units(&self) -> &AttendancePeers<'a> {
        self.everybody.attendance()
    }

    /// The completeness of nobody yet, for the kinds that play a part.
    pub fn completeness(&self) -> Completeness {
        Completeness::new(self.desk.kinds(), &self.desk.basis().required)
    }

    /// Findings about whole files, and what only shows of everybody together; for the latter everybody must have been
    /// walked.
    pub fn file_findings(&self) -> Vec<Finding> {
        self.file_findings_with(self.everybody.findings())
    }

    /// Findings about whole files, and these that only show of everybody together.
    pub fn file_findings_with(&self, of_everybody: Vec<Finding>) -> Vec<Finding> {
        let basis = self.desk.basis();
        let mut found = files::findings(self.policy, basis.period, basis.roster, &self.sources, self.desk.coverage());
        found.extend(self.desk.devices().findings(self.policy, basis.period));
        found.extend(of_everybody);
        found.sort_by(|a, b| (a.code, &a.subject).cmp(&(b.code, &b.subject)));
        for finding in &mut found {
            let excuses = |waiver: &&Waiver| waiver.finding == finding.id && waiver.evidence == finding.evidence_hash();
            finding.excuse = self.waivers_of_files.iter().find(excuses).map(Waiver::excuse);
        }
        found
    }

    /// Prepares to lay out these people, about whom this evidence was read and of whom others say what was known before.
    /// Who assesses them, and what was known when they were paid, is looked up by name.
    ///
    /// # Errors
    /// The store's.
    pub async fn recall(&mut self, people: &[(Nip, Vec<Evidence>)], recalled: Recalled) -> Result<(), AppError> {
        let basis = self.desk.basis();
        let assessors: BTreeSet<Nip> = people.iter().flat_map(|(_, evidence)| evidence).flat_map(assessors).collect();
        let assessors: Vec<Nip> = assessors.into_iter().collect();
        let mut roster = RosterPeers::default();
        let mut reader = self.app.store.evidence(&[(Kind::Roster, basis.span(Kind::Roster))], Some(&assessors), basis.as_of).await?;
        while let Some(evidence) = reader.next().await? {
            roster.add(&evidence);
        }
        let nips: Vec<Nip> = people.iter().map(|(nip, _)| *nip).collect();
        let when_paid = when_paid(self.app, basis, &self.sources, Some(&nips)).await?;
        self.desk.recall(recalled, roster, when_paid);
        Ok(())
    }

    /// All evidence about everybody, or about these people, in the order of NIP. It is read ahead by a task of its own.
    pub fn people(&self, nips: Option<Vec<Nip>>) -> People {
        let (store, wanted, as_of) = (self.app.store.clone(), self.desk.basis().wanted(), self.desk.basis().as_of);
        People::read_ahead(|hand| async move {
            let mut reader = store.evidence(&wanted, nips.as_deref(), as_of).await?;
            let mut crowd = Crowd::with_capacity(CROWD);
            while let Some(person) = reader.next_person().await? {
                crowd.push(person);
                if crowd.len() == CROWD && hand.send(std::mem::replace(&mut crowd, Crowd::with_capacity(CROWD))).await.is_err() {
                    return Ok(());
                }
            }
            // who no longer listens wants nothing
            let _ = hand.send(crowd).await;
            Ok(())
        })
    }

    /// The dossier of a person; `None`: nothing makes the person part of the period.
    pub fn lay_out(&self, nip: Nip, evidence: Vec<Evidence>) -> Option<Laid> {
        if !evidence.iter().any(|item| concerns(item.statement.kind)) {
            return None;
        }
        Some(self.desk.lay_out(nip, evidence)).filter(|laid| has_part(&laid.dossier))
    }

    /// Lays out some people and evaluates them without a derivation, on all cores; in their order.
    pub fn evaluate(&self, crowd: Crowd) -> Vec<(Laid, Verdict)> {
        let one = |(nip, evidence)| {
            let laid = self.lay_out(nip, evidence)?;
            let verdict = evaluate_briefly(self.policy, &laid.dossier);
            Some((laid, verdict))
        };
        let share = crowd.len().div_ceil(workers());
        if share < WORTH_A_THREAD {
            return crowd.into_iter().filter_map(one).collect();
        }
        let mut rest = crowd;
        let mut shares = Vec::new();
        while rest.len() > share {
            let behind = rest.split_off(share);
            shares.push(std::mem::replace(&mut rest, behind));
        }
        shares.push(rest);
        // Each thread does one share behind whoever waits for a page, and ends; the results stand in the order of the shares.
        std::thread::scope(|scope| {
            let work = |share: Crowd| {
                yield_to_readers();
                share.into_iter().filter_map(one).collect::<Vec<_>>()
            };
            let working: Vec<_> = shares.into_iter().map(|share| scope.spawn(move || work(share))).collect();
            working.into_iter().flat_map(joined).collect()
        })
    }

    /// Takes a person into account for what only shows of everybody together; everybody once, in the order of NIP.
    pub fn count(&mut self, dossier: &Dossier) {
        self.everybody.add(dossier);
    }

    /// Lays out everybody, or only these people, in the order of NIP.
    ///
    /// # Errors
    /// The store's, or what `each` returns.
    pub async fn walk(&mut self, nips: Option<&[Nip]>, mut each: impl FnMut(Laid) -> Result<(), AppError>) -> Result<(), AppError> {
        let mut people = self.people(nips.map(<[Nip]>::to_vec));
        while let Some(crowd) = people.next().await? {
            for (nip, evidence) in crowd {
                if let Some(laid) = self.lay_out(nip, evidence) {
                    self.count(&laid.dossier);
                    each(laid)?;
                }
            }
        }
        Ok(())
    }
}

/// People read at once.
const CROWD: usize = 256;
/// How many crowds are read ahead.
const AHEAD: usize = 2;
/// People for whom another thread is begun.
const WORTH_A_THREAD: usize = 8;

/// Some people with all evidence about them.
pub type Crowd = Vec<(Nip, Vec<Evidence>)>;

/// People with all evidence about them, as they are read.
pub struct People {
    taken: mpsc::Receiver<Crowd>,
    reading: Option<JoinHandle<Result<(), StoreError>>>,
    /// Whether the reading has said that it came to the end: that nothing more comes does not say so.
    at_end: bool,
}

impl People {
    /// What a task of its own reads and hands over.
    pub fn read_ahead<R>(read: impl FnOnce(mpsc::Sender<Crowd>) -> R) -> Self
    where
        R: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let (hand, taken) = mpsc::channel(AHEAD);
        Self { taken, reading: Some(tokio::spawn(read(hand))), at_end: false }
    }

    /// The next few; `None` at the end.
    ///
    /// # Errors
    /// The store's, or that the reading broke off; whoever asks again after that is told the same.
    pub async fn next(&mut self) -> Result<Option<Crowd>, AppError> {
        if let Some(crowd) = self.taken.recv().await {
            return Ok(Some(crowd));
        }
        if let Some(reading) = self.reading.take() {
            // What a panic said may name somebody; it stands on stderr.
            reading.await.map_err(|join| interrupted(if join.is_panic() { "it panicked" } else { "it was cancelled" }))??;
            self.at_end = true;
        }
        if self.at_end { Ok(None) } else { Err(interrupted("it has failed before").into()) }
    }
}

fn interrupted(why: &str) -> StoreError {
    StoreError::Inconsistent(format!("not everybody was read, the reading was interrupted: {why}"))
}

async fn basis<'a>(app: &App, policy: &'a Policy, period: Period, as_of: DateTime<Utc>) -> Result<Basis<'a>, AppError> {
    let roster = app.store.latest_span(Kind::Roster, period, as_of).await?.ok_or(AppError::NoRoster(period))?;
    Ok(Basis {
        policy,
        period,
        as_of,
        required: Arc::from(app.config.evidence.required.clone()),
        max_age: app.config.evidence.ages(),
        roster,
    })
}

/// Who assessed the person, by any evaluation.
fn assessors(evidence: &Evidence) -> Vec<Nip> {
    let Some(Body::Evaluation(rows)) = &evidence.statement.body else { return Vec::new() };
    rows.iter().filter_map(|row| Nip::parse(row.atasan_nip.as_deref()?).ok()).collect()
}

/// Evaluations as they stood when each payment file was received, of people about whom something newer has come since.
async fn when_paid(app: &App, basis: &Basis<'_>, sources: &[Source], among: Option<&[Nip]>) -> Result<WhenPaid, AppError> {
    let mut known = WhenPaid::new();
    for source in sources.iter().filter(|source| source.kind == Kind::Payment && source.span == basis.span(Kind::Payment)) {
        let span = basis.span(Kind::Evaluation);
        let mut reader = app.store.evidence_before(Kind::Evaluation, span, &source.batch, among, basis.as_of).await?;
        while let Some((nip, evidence)) = reader.next_person().await? {
            known.entry(source.part.clone()).or_default().insert(nip, evidence);
        }
    }
    Ok(known)
}

/// Kinds that make somebody part of a period: roster, payment file, e-Kinerja lists (contract §7).
pub(super) fn concerns(kind: Kind) -> bool {
    matches!(kind, Kind::Roster | Kind::Payment | Kind::Evaluation | Kind::Skp)
}

/// Whether a current statement, not only a withdrawn one, makes the person part of the period.
pub(super) fn has_part(dossier: &Dossier) -> bool {
    !(dossier.roster.is_empty() && dossier.payments.is_empty() && dossier.evaluation.is_empty() && dossier.skp.is_empty())
}
