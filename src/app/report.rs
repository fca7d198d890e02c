//! What `export`, `explain` and the page show: a period evaluated as it was known at an instant, joined with the life
//! of its findings.

use super::evaluation::PeriodView;
use super::{App, AppError};
use crate::domain::dossier::Dossier;
use crate::domain::{Finding, Nip, Period, Verdict};
use crate::export::{Account, Payout, Terms};
use crate::export::{Completeness as Shown, CompletenessRow, FindingRow, FindingStatus, Header, InCharge, KindCompleteness, Report};
use crate::policy::Policy;
use crate::reconcile::completeness::Completeness;
use crate::reconcile::{evaluate, evaluate_briefly};
use crate::store::{FindingState, FindingStatus as Stored};
use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A period, evaluated.
#[derive(Debug)]
pub struct PeriodReport {
    /// Run, policy, mode.
    pub header: Header,
    /// In the order of NIP.
    pub verdicts: Vec<Verdict>,
    /// Of people and of whole files, with their life.
    pub findings: Vec<FindingRow>,
    /// What is known.
    pub completeness: Shown,
}

impl PeriodReport {
    /// The report as the documents take it.
    pub fn as_export(&self) -> Report<'_> {
        Report { header: self.header.clone(), verdicts: &self.verdicts, findings: &self.findings, completeness: self.completeness.clone() }
    }
}

/// Evaluates a period for its documents. Derivations are left out; [`one`] keeps them.
///
/// # Errors
/// No policy, no roster, or the store's.
pub async fn of(app: &App, period: Period, as_of: DateTime<Utc>) -> Result<PeriodReport, AppError> {
    each(app, period, as_of, |_| ()).await
}

/// A period as it was last reconciled: the stored verdicts, and what is known as of that instant. Nobody is evaluated.
///
/// # Errors
/// No policy, no roster, or the store's.
pub async fn stored(app: &App, period: Period) -> Result<PeriodReport, AppError> {
    let policy = app.policy(period)?;
    let Some(run) = app.store.latest_reconcile_run(period).await? else { return of(app, period, app.clock.now()).await };
    let mut view = PeriodView::open(app, &policy, period, run.as_of).await?;
    let mut completeness = view.completeness();
    view.walk(None, |laid| {
        completeness.count(&laid.dossier);
        Ok(())
    })
    .await?;
    let verdicts = app.store.verdicts(period, None).await?.all().await?;
    join(app, &policy, verdicts, run.file_findings, &completeness, At { period, as_of: run.as_of, run: run.id }).await
}

/// A report with accounts and terms of payment: what nominatif, rekap and call list are written from.
#[derive(Debug)]
pub struct PayoutReport {
    /// The report.
    pub report: PeriodReport,
    /// Accounts of the people of the period.
    pub accounts: BTreeMap<Nip, Account>,
    /// About the payment.
    pub terms: Terms,
}

impl PayoutReport {
    /// The report as the lists take it.
    pub fn as_payout(&self) -> Payout<'_> {
        Payout { report: self.report.as_export(), accounts: &self.accounts, terms: &self.terms }
    }
}

/// Evaluates a period for its payment lists.
///
/// # Errors
/// No policy, no roster, or the store's.
pub async fn payout(app: &App, period: Period, as_of: DateTime<Utc>) -> Result<PayoutReport, AppError> {
    let policy = app.policy(period)?;
    let mut accounts = BTreeMap::new();
    let report = each(app, period, as_of, |dossier| {
        accounts.extend(account(dossier).map(|account| (dossier.nip, account)));
    })
    .await?;
    let terms = terms(&policy, period, report.header.as_of.with_timezone(&report.header.zone).date_naive());
    Ok(PayoutReport { report, accounts, terms })
}

/// The account that the payment file names for the period, else the roster's.
fn account(dossier: &Dossier) -> Option<Account> {
    let paid = dossier.payments.iter().map(|row| &row.value).filter(|row| row.awal == dossier.period && row.rekening.is_some());
    let paid = paid.map(|row| Account {
        bank_code: row.kode_bank.clone(),
        bank: row.nama_bank.clone(),
        number: row.rekening.clone(),
        holder: row.nama_rekening.clone(),
    });
    let known = dossier.roster.iter().map(|row| &row.value).filter(|entry| entry.rekening.is_some());
    let known = known.map(|entry| Account {
        bank_code: entry.kode_bank_span.clone(),
        bank: None,
        number: entry.rekening.clone(),
        holder: entry.nama_rekening.clone(),
    });
    paid.chain(known).next()
}

/// What the policy says about the payment; after KPPN's deadline it is a late one.
fn terms(policy: &Policy, period: Period, today: NaiveDate) -> Terms {
    let (head, payment) = (&policy.file.policy, &policy.file.payment);
    let kppn_deadline = policy.kppn_deadline(period);
    let late = kppn_deadline.is_some_and(|day| today > day);
    let (kind, spp_code) =
        if late { (payment.late_type.clone(), &payment.spp_codes.susulan) } else { ("induk".to_owned(), &payment.spp_codes.induk) };
    Terms {
        title: head.title.clone(),
        agency_code: head.agency_code.clone(),
        payment_month: policy.payment_month(period),
        kppn_deadline,
        kind,
        spp_code: spp_code.clone(),
        signers: payment.signers.clone(),
    }
}

/// Evaluates a period, showing each dossier on the way.
async fn each(app: &App, period: Period, as_of: DateTime<Utc>, mut show: impl FnMut(&Dossier)) -> Result<PeriodReport, AppError> {
    let policy = app.policy(period)?;
    let mut view = PeriodView::open(app, &policy, period, as_of).await?;
    let mut completeness = view.completeness();
    let mut verdicts = Vec::new();
    let mut hash = Sha256::new();
    view.walk(None, |laid| {
        completeness.count(&laid.dossier);
        show(&laid.dossier);
        hash.update(&laid.inputs);
        verdicts.push(evaluate_briefly(&policy, &laid.dossier));
        Ok(())
    })
    .await?;
    let run = match app.store.latest_reconcile_run(period).await? {
        Some(run) => run.id,
        None => hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
    };
    join(app, &policy, verdicts, view.file_findings(), &completeness, At { period, as_of, run }).await
}

/// Which period, as known when, by which run.
#[derive(Debug, Clone)]
pub struct At {
    /// Work month.
    pub period: Period,
    /// The instant.
    pub as_of: DateTime<Utc>,
    /// Run id.
    pub run: String,
}

/// Joins verdicts with the life of their findings.
///
/// # Errors
/// The store's.
pub async fn join(
    app: &App,
    policy: &Policy,
    verdicts: Vec<Verdict>,
    of_files: Vec<Finding>,
    completeness: &Completeness,
    at: At,
) -> Result<PeriodReport, AppError> {
    let states = app.store.finding_states(at.period).await?;
    let mut charges = charges(app, at.period).await?;
    let mut report = with_life(policy, verdicts, of_files, completeness, at, &states);
    for row in &mut report.findings {
        row.charge = charges.remove(&row.finding.id).unwrap_or_default();
    }
    Ok(report)
}

/// Who works on which case of the period as of now, by the names that people have for each other.
async fn charges(app: &App, period: Period) -> Result<BTreeMap<String, InCharge>, AppError> {
    let charges = app.store.cases_in_charge(period).await?;
    let accounts = if charges.is_empty() { Vec::new() } else { app.store.accounts().await? };
    let names: HashMap<String, String> = accounts.into_iter().map(|account| (account.name, account.shown)).collect();
    let said = |owner: String| match names.get(&owner).filter(|shown| !shown.is_empty() && **shown != owner) {
        Some(shown) => format!("{shown} ({owner})"),
        None => owner,
    };
    Ok(charges.into_iter().map(|(case, owner, until)| (case, InCharge { name: said(owner), until })).collect())
}

/// Joins verdicts with these lives of findings; a finding without one is new.
pub(super) fn with_life(
    policy: &Policy,
    verdicts: Vec<Verdict>,
    of_files: Vec<Finding>,
    completeness: &Completeness,
    at: At,
    states: &[FindingState],
) -> PeriodReport {
    let header = header(policy, at, completeness.is_complete(), unverified(&verdicts));
    let findings = rows(&verdicts, of_files, states, &header);
    PeriodReport { header, verdicts, findings, completeness: shown(completeness) }
}

/// The verdict of one person, with its derivation.
///
/// # Errors
/// [`AppError::Nobody`] when nothing names the person in that period.
pub async fn one(app: &App, period: Period, nip: Nip, as_of: DateTime<Utc>) -> Result<(Header, Verdict), AppError> {
    let policy = app.policy(period)?;
    let mut view = PeriodView::open(app, &policy, period, as_of).await?;
    let mut completeness = view.completeness();
    let mut found = None;
    view.walk(Some(&[nip]), |laid| {
        completeness.count(&laid.dossier);
        found = Some(evaluate(&policy, &laid.dossier));
        Ok(())
    })
    .await?;
    let verdict = found.ok_or_else(|| AppError::Nobody(period, nip.masked()))?;
    let run = app.store.latest_reconcile_run(period).await?.map(|run| run.id).unwrap_or_default();
    let header = header(&policy, At { period, as_of, run }, completeness.is_complete(), unverified(std::slice::from_ref(&verdict)));
    Ok((header, verdict))
}

/// Rules that were used and are not verified.
fn unverified(verdicts: &[Verdict]) -> Vec<String> {
    let used: BTreeSet<&String> = verdicts.iter().flat_map(|verdict| &verdict.unverified_rules).collect();
    used.into_iter().cloned().collect()
}

/// Whether figures that came about by these rules, which nobody has verified, are a trial.
pub(super) fn is_trial(policy: &Policy, unverified: &[String]) -> bool {
    policy.is_draft() || !unverified.is_empty()
}

/// What the documents say about themselves; `unverified` in order.
pub(super) fn header(policy: &Policy, at: At, complete: bool, unverified: Vec<String>) -> Header {
    let At { period, as_of, run } = at;
    Header {
        period,
        run,
        as_of,
        zone: policy.file.policy.timezone.parse().unwrap_or(chrono_tz::Tz::Asia__Jakarta),
        trial: is_trial(policy, &unverified),
        complete,
        policy_id: policy.id().to_owned(),
        policy_sha256: policy.sha256.clone(),
        unverified_rules_used: unverified,
    }
}

/// Findings with their life; what the last run resolved is listed as resolved.
fn rows(verdicts: &[Verdict], of_files: Vec<Finding>, states: &[FindingState], header: &Header) -> Vec<FindingRow> {
    let mut lives: HashMap<&str, &FindingState> = states.iter().map(|state| (state.id.as_str(), state)).collect();
    let mut rows: Vec<FindingRow> = Vec::new();
    let all = verdicts.iter().flat_map(|verdict| verdict.findings.iter().cloned()).chain(of_files);
    for finding in all {
        let life = lives.remove(finding.id.as_str()).filter(|life| life.status != Stored::Resolved);
        rows.push(FindingRow {
            status: match life {
                _ if !finding.is_open() => FindingStatus::Waived,
                Some(life) if life.status != Stored::New => FindingStatus::Persisting,
                _ => FindingStatus::New,
            },
            first_seen: life.map_or(header.as_of, |life| life.first_seen),
            last_seen: header.as_of,
            charge: InCharge::default(),
            finding,
        });
    }
    let resolved = lives.into_values().filter(|life| life.status == Stored::Resolved && life.run == header.run);
    rows.extend(resolved.map(|life| lived(life, None)));
    rows
}

/// A finding with the life that the store keeps; of one that the last run resolved, what it was about, without evidence.
pub fn lived(life: &FindingState, finding: Option<Finding>) -> FindingRow {
    let status = match life.status {
        Stored::New => FindingStatus::New,
        Stored::Persisting => FindingStatus::Persisting,
        Stored::Resolved => FindingStatus::Resolved,
        Stored::Waived => FindingStatus::Waived,
    };
    FindingRow {
        finding: finding.unwrap_or_else(|| Finding {
            id: life.id.clone(),
            code: life.code,
            severity: life.severity,
            nip: life.nip,
            subject: life.subject.clone(),
            rupiah_at_risk: crate::domain::Rupiah::ZERO,
            excuse: None,
            params: Vec::new(),
            evidence: Vec::new(),
        }),
        status,
        first_seen: life.first_seen,
        last_seen: life.last_seen,
        charge: InCharge::default(),
    }
}

fn shown(completeness: &Completeness) -> Shown {
    let kinds = completeness.kinds.iter().map(|tally| {
        let [present, declared_absent, not_asked, failed, stale] = tally.states;
        KindCompleteness {
            kind: tally.kind,
            required: tally.required,
            heads: tally.heads,
            present,
            declared_absent,
            not_asked,
            failed,
            stale,
            reasons: tally.reasons.clone(),
        }
    });
    let rows = completeness.gaps.iter().map(|gap| CompletenessRow {
        nip: gap.nip,
        kind: gap.kind,
        state: gap.state,
        reason: gap.reason,
        observed_at: gap.at,
    });
    Shown { kinds: kinds.collect(), rows: rows.collect() }
}
