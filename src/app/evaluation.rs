//! One period laid out from the store: dossier after dossier, in the order of NIP.

use super::{App, AppError};
use crate::domain::dossier::Dossier;
use crate::domain::evidence::{Kind, Source};
use crate::domain::finding::Finding;
use crate::domain::period::Span;
use crate::domain::{Nip, Period};
use crate::policy::Policy;
use crate::reconcile::completeness::Completeness;
use crate::reconcile::{Basis, Desk, Devices, Everybody, PaymentPeers, RosterPeers, WhenPaid, files};
use crate::store::SourceFilter;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;

/// A period ready to be evaluated, as it was known at an instant.
pub struct PeriodView<'a> {
    app: &'a App,
    desk: Desk<'a>,
    sources: Vec<Source>,
    policy: &'a Policy,
    units: Everybody<'a>,
}

impl<'a> PeriodView<'a> {
    /// Reads what all dossiers share.
    ///
    /// # Errors
    /// [`AppError::NoRoster`], or the store's.
    pub async fn open(app: &'a App, policy: &'a Policy, period: Period, as_of: DateTime<Utc>) -> Result<Self, AppError> {
        let store = &app.store;
        let roster = store.latest_span(Kind::Roster, period, as_of).await?.ok_or(AppError::NoRoster(period))?;
        let ages = &app.config.evidence.max_age;
        let age = |kind: &Kind| ages.get(kind).and_then(|age| TimeDelta::from_std(age.get()).ok()).map(|age| (*kind, age));
        let basis = Basis {
            policy,
            period,
            as_of,
            required: Arc::from(app.config.evidence.required.clone()),
            max_age: ages.keys().filter_map(age).collect(),
            roster,
        };
        let mut sources = store.sources(&SourceFilter::default(), as_of).await?;
        let mut pins = store.evidence(&[(Kind::Pins, Span::Standing)], None, as_of).await?;
        let mut map = Vec::new();
        while let Some(evidence) = pins.next().await? {
            map.push(evidence);
        }
        let devices = Devices::new(basis.attendance_from(), (policy.attendance_window(period).0, basis.attendance_to()), &sources, &map);
        // The scans are with the devices now; of many months they take room.
        sources.iter_mut().for_each(|source| source.facts.scans = None);
        sources.extend(devices.sources());
        let failures = store.failures(&basis.wanted(), as_of).await?;
        let (mut peers, mut roster_peers) = (PaymentPeers::default(), RosterPeers::default());
        let around = [Kind::Payment, Kind::Roster].map(|kind| (kind, basis.span(kind)));
        let mut around = store.evidence(&around, None, as_of).await?;
        while let Some(evidence) = around.next().await? {
            peers.add(&evidence);
            roster_peers.add(&evidence);
        }
        let when_paid = when_paid(app, &basis, &sources).await?;
        let desk = Desk::new(basis, &sources, &failures, peers);
        let desk = desk.with_devices(devices).with_roster(roster_peers).with_evaluations_when_paid(when_paid);
        Ok(Self { app, desk, sources, policy, units: Everybody::new(policy, period) })
    }

    /// The completeness of nobody yet, for the kinds that play a part.
    pub fn completeness(&self) -> Completeness {
        Completeness::new(self.desk.kinds(), &self.desk.basis().required)
    }

    /// Findings about whole files, and about the days of units; for the latter everybody must have been walked.
    pub fn file_findings(&self) -> Vec<Finding> {
        let basis = self.desk.basis();
        let mut found = files::findings(self.policy, basis.period, basis.roster, &self.sources, self.desk.coverage());
        found.extend(self.desk.devices().findings(self.policy, basis.period));
        found.extend(self.units.findings(basis.period));
        found.sort_by(|a, b| (a.code, &a.subject).cmp(&(b.code, &b.subject)));
        found
    }

    /// Lays out everybody, or only these people, in the order of NIP.
    ///
    /// # Errors
    /// The store's, or what `each` returns.
    pub async fn walk(
        &mut self,
        nips: Option<&[Nip]>,
        mut each: impl FnMut(Dossier, String) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let basis = self.desk.basis();
        let mut reader = self.app.store.evidence(&basis.wanted(), nips, basis.as_of).await?;
        while let Some((nip, evidence)) = reader.next_person().await? {
            if !evidence.iter().any(|item| concerns(item.statement.kind)) {
                continue;
            }
            let (dossier, inputs) = self.desk.lay_out(nip, evidence);
            if has_part(&dossier) {
                self.units.add(&dossier);
                each(dossier, inputs)?;
            }
        }
        Ok(())
    }
}

/// Evaluations as they stood when each payment file was received, of people about whom something newer has come since.
async fn when_paid(app: &App, basis: &Basis<'_>, sources: &[Source]) -> Result<WhenPaid, AppError> {
    let mut known = WhenPaid::new();
    for source in sources.iter().filter(|source| source.kind == Kind::Payment && source.span == basis.span(Kind::Payment)) {
        let span = basis.span(Kind::Evaluation);
        let mut reader = app.store.evidence_before(Kind::Evaluation, span, &source.batch, basis.as_of).await?;
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
