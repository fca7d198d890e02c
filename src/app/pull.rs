//! `sync`: pulls from BKN what the configuration wants, for everybody in the roster.

mod watch;

use super::{App, AppError, held, settings};
use crate::domain::evidence::{Body, Kind};
use crate::domain::person::EmployeeKind;
use crate::domain::{Nip, Period, Severity};
use crate::ekinerja::{Bucket, PaceSettings, Report, Siasn, Surface};
use crate::store::{FindingState, FindingStatus, LeaseOwner};
use crate::sync::run::{MustLeave, OnProgress};
use crate::sync::{Known, PartTime, Pull, Pulled, StoreBucket, Wanted};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use watch::Watch;

/// An answer is fresh for this share of the age from which it counts as stale: it is asked for anew in good time.
const FRESH_SHARE: u32 = 2;

/// What is asked of a pull.
#[derive(Clone, Default)]
pub struct PullOptions {
    /// Surfaces; empty: those that are configured.
    pub surfaces: Vec<Surface>,
    /// Only these people; empty: everybody.
    pub only: Vec<Nip>,
    /// Only these kinds; empty: those of the configuration.
    pub kinds: Vec<Kind>,
    /// Somebody has confirmed that an answer may shrink.
    pub accept_vanish: bool,
    /// Somebody has confirmed that a list may be taken without the rows that cannot be read.
    pub accept_drift: bool,
    /// Told after each commit.
    pub progress: Option<OnProgress>,
}

/// Which surfaces, and what they are to be asked.
///
/// # Errors
/// A surface that is asked for (or all of them) lacks configuration; no policy covers the period.
pub async fn wanted(app: &App, period: Period, options: &PullOptions) -> Result<Wanted, AppError> {
    let missing = |surface: Surface| match surface {
        Surface::Report => app.config.ekinerja.report.missing(),
        Surface::Siasn => app.config.ekinerja.siasn.missing(),
    };
    let every = [Surface::Report, Surface::Siasn];
    let surfaces: Vec<Surface> = if options.surfaces.is_empty() {
        every.into_iter().filter(|surface| missing(*surface).is_empty()).collect()
    } else {
        options.surfaces.clone()
    };
    let asked = if surfaces.is_empty() { &every[..] } else { &surfaces[..] };
    let lacking: Vec<&'static str> = asked.iter().flat_map(|surface| missing(*surface)).collect();
    if !lacking.is_empty() {
        return Err(AppError::NotConfigured(lacking));
    }
    let policy = app.policy(period)?;
    let people = people(app, period).await?;
    if let Some(stranger) = options.only.iter().find(|nip| !people.iter().any(|(known, _)| known == *nip)) {
        return Err(AppError::NotInRoster(period, stranger.masked()));
    }
    let mut wanted = Wanted {
        period,
        cycle: policy.evaluation_cycle(period),
        surfaces,
        kinds: if options.kinds.is_empty() { app.config.evidence.pull.clone() } else { options.kinds.clone() },
        people,
        only: options.only.clone(),
        about_some: !options.only.is_empty() || !options.kinds.is_empty(),
        known: Known::default(),
    };
    wanted.known = known(app, &wanted).await?;
    Ok(wanted)
}

/// What the store knows of the people and of whose payment waits.
async fn known(app: &App, wanted: &Wanted) -> Result<Known, AppError> {
    let mut known = Known { now: app.clock.now(), ..Known::default() };
    for (kind, age) in &app.config.evidence.max_age {
        known.fresh_for.insert(*kind, age.get() / FRESH_SHARE);
    }
    for kind in wanted.kinds.iter().copied().filter(|kind| kind.is_per_nip()) {
        let checks = app.store.checks(kind, &wanted.part(kind), wanted.span(kind)).await?;
        known.checks.extend(checks.into_iter().map(|(nip, check)| ((kind, nip), check)));
    }
    let findings = app.store.finding_states(wanted.period).await?;
    let is_open = |status| matches!(status, FindingStatus::New | FindingStatus::Persisting);
    let blocks = |finding: &&FindingState| is_open(finding.status) && finding.severity == Severity::Block;
    known.urgent = findings.iter().filter(blocks).filter_map(|finding| finding.nip).collect();
    Ok(known)
}

/// Pulls once, now. It never evaluates.
///
/// # Errors
/// See [`wanted`]; the store's. What BKN does is in the result.
pub async fn run(app: &App, period: Period, options: PullOptions, stop: MustLeave) -> Result<Pulled, AppError> {
    let wanted = wanted(app, period, &options).await?;
    let (report, siasn) = (settings::report(&app.config)?, settings::siasn(&app.config)?);
    watch::given(app, report.as_ref(), siasn.as_ref()).await?;
    let report = match report {
        Some(settings) => {
            let pace = settings.pace.clone();
            let client = Report::new(settings, app.clock.clone())?.with_bucket(bucket(app, Surface::Report, &pace));
            Some((Arc::new(client), pace))
        }
        None => None,
    };
    let siasn = match siasn {
        Some(settings) => {
            let pace = settings.pace.clone();
            let client = Siasn::new(settings, app.clock.clone())?.with_bucket(bucket(app, Surface::Siasn, &pace));
            Some((Arc::new(client), pace))
        }
        None => None,
    };
    let part_time: PartTime = wanted.people.iter().filter(|(_, part_time)| *part_time).map(|(nip, _)| *nip).collect();
    let asked = |surface| wanted.surfaces.contains(&surface);
    let watch = Watch {
        app,
        report: report.as_ref().filter(|_| asked(Surface::Report)).map(|(client, _)| Arc::clone(client)),
        siasn: siasn.as_ref().filter(|_| asked(Surface::Siasn)).map(|(client, _)| Arc::clone(client)),
    };
    let pull = Pull {
        store: app.store.clone(),
        clock: app.clock.clone(),
        report,
        siasn,
        vanish: settings::vanish(&app.config),
        accept_vanish: options.accept_vanish,
        accept_drift: options.accept_drift,
        accepted: held::accepted(app).await?,
        owner: LeaseOwner::this_process(),
        stop,
        part_time,
        set_aside: AtomicU64::new(0),
        progress: options.progress,
    };
    watch.over(pull.run(&wanted)).await
}

/// The pace that this process shares with all others on the store.
fn bucket(app: &App, surface: Surface, pace: &PaceSettings) -> Arc<dyn Bucket> {
    Arc::new(StoreBucket::new(app.store.clone(), &app.clock, surface.key(), pace.requests_per_second, pace.burst))
}

/// Everybody in the roster that holds for the period, whatever the status.
pub(super) async fn people(app: &App, period: Period) -> Result<Vec<(Nip, bool)>, AppError> {
    let now = app.clock.now();
    let roster = app.store.latest_span(Kind::Roster, period, now).await?.ok_or(AppError::NoRoster(period))?;
    let mut reader = app.store.evidence(&[(Kind::Roster, crate::domain::period::Span::Month(roster))], None, now).await?;
    let mut people = Vec::new();
    while let Some(evidence) = reader.next().await? {
        if let Some(Body::Roster(rows)) = &evidence.statement.body {
            let part_time = rows.iter().any(|row| row.jenis_pegawai == EmployeeKind::PppkParuhWaktu);
            people.push((evidence.statement.nip, part_time));
        }
    }
    Ok(people)
}
