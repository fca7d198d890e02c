//! One run over all surfaces: plan, work each surface at its own pace, say what came of it.

use super::plan::Wanted;
use super::surface::{Client, PartTime, SurfaceEnd, Worker};
use crate::clock::SharedClock;
use crate::domain::evidence::{Kind, Reason};
use crate::ekinerja::{PaceSettings, Report, Siasn, Surface};
use crate::store::{LeaseOwner, NewRun, RunEnd, RunHandle, RunReport, Store, StoreError, VanishLimits};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// Why a surface stopped in the middle of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Which one.
    pub surface: Surface,
    /// Why.
    pub reason: Reason,
    /// The configuration key that somebody must change; `None`: it did not answer.
    pub key: Option<&'static str>,
    /// In words.
    pub sentence: String,
}

/// Whether somebody has asked the process to leave.
pub type MustLeave = Arc<dyn Fn() -> bool + Send + Sync>;

/// Called after each commit with settled and planned items.
pub type OnProgress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(500);

/// Somebody has seen an answer that was held, and accepts one of which as many are gone, or cannot be read; not one more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Of which kind.
    pub kind: Kind,
    /// Of which stream.
    pub part: String,
    /// Why it was held: many are gone, or cannot be read.
    pub reason: Reason,
    /// How many.
    pub count: u64,
}

/// Everything that a run needs besides the questions.
pub struct Pull {
    /// Where evidence goes.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
    /// The report API, unless it is not configured.
    pub report: Option<(Arc<Report>, PaceSettings)>,
    /// SIASN, unless it is not configured.
    pub siasn: Option<(Arc<Siasn>, PaceSettings)>,
    /// When a shrunken bulk answer is held.
    pub vanish: VanishLimits,
    /// Somebody has confirmed that it may shrink.
    pub accept_vanish: bool,
    /// Somebody has seen the sample and confirmed that the rows that can be read are to be taken without the others.
    pub accept_drift: bool,
    /// What somebody has accepted of answers that were held.
    pub accepted: Vec<Accepted>,
    /// Who holds the leases.
    pub owner: LeaseOwner,
    /// Whether the process has to leave.
    pub stop: MustLeave,
    /// People asked for under the part-time path.
    pub part_time: PartTime,
    /// Rows of bulk answers that were set aside alone; counted while the run is worked.
    pub set_aside: AtomicU64,
    /// Told after each commit.
    pub progress: Option<OnProgress>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// Counts, batches and drift.
    pub report: RunReport,
    /// Whether an earlier run was taken up.
    pub resumed: bool,
    /// Whether its time was up, or it was told to leave, before all was settled.
    pub deadline_hit: bool,
    /// Surfaces that stopped, and the key to change.
    pub stopped: Vec<Stopped>,
    /// Rows of bulk answers that this process set aside alone: each is of somebody, and says nothing.
    pub set_aside: u64,
}

impl Pulled {
    /// Nothing failed, was set aside or left unasked.
    pub fn is_complete(&self) -> bool {
        let items = &self.report.items;
        let held = self.report.batches.iter().any(|batch| batch.reason.is_some());
        let whole = !held && self.set_aside == 0;
        !self.deadline_hit && self.stopped.is_empty() && whole && items.failed + items.quarantined + items.skipped + items.unsettled() == 0
    }
}

impl Pull {
    /// Asks everything that is wanted, or what is left of an earlier run that wanted the same.
    ///
    /// # Errors
    /// When the store fails; what BKN does is in the result.
    pub async fn run(&self, wanted: &Wanted) -> Result<Pulled, StoreError> {
        let surfaces = wanted.surfaces.iter().map(|surface| surface.key()).collect::<Vec<_>>().join(",");
        let period = wanted.period;
        let span = tracing::info_span!("pull", run = Empty, %period, surfaces, requests = Empty, complete = Empty);
        self.pull(wanted, &span).instrument(span.clone()).await
    }

    async fn pull(&self, wanted: &Wanted, span: &Span) -> Result<Pulled, StoreError> {
        let plan = wanted.plan();
        let resume_within = self.paces().map(|pace| pace.resume_within).max().unwrap_or_default();
        let surfaces = wanted.surfaces.iter().map(|surface| surface.key().to_owned()).collect();
        // What a run has set aside is settled in it: whoever accepts what was held asks anew.
        let mut plan_sha = plan.sha;
        for (accepted, what) in [(self.accept_vanish, " accept-vanish"), (self.accept_drift, " accept-drift")] {
            plan_sha.push_str(if accepted { what } else { "" });
        }
        for Accepted { kind, part, reason, count } in &self.accepted {
            plan_sha.push_str(&format!(" accepted {kind} {part} {reason} {count}"));
        }
        let new = NewRun { period: wanted.period, surfaces, plan_sha, items: plan.items, resume_within, about_some: wanted.about_some };
        let run = self.store.begin_run(new).await?;
        span.record("run", run.id.as_str());
        let (report, siasn) = tokio::join!(self.work(wanted, Surface::Report, &run), self.work(wanted, Surface::Siasn, &run));
        let ends = [report?, siasn?];
        let left = ends.iter().flatten().any(|end| *end == SurfaceEnd::Left);
        let stopped: Vec<Stopped> = ends
            .into_iter()
            .flatten()
            .filter_map(|end| match end {
                SurfaceEnd::Stopped(stopped) => Some(stopped),
                _ => None,
            })
            .collect();
        let end = if left {
            RunEnd::Deadline
        } else if stopped.is_empty() {
            RunEnd::Finished
        } else {
            RunEnd::Stopped
        };
        self.store.finish_run(&run, end).await?;
        let report = self.store.run_report(&run).await?;
        let set_aside = self.set_aside.load(Ordering::Relaxed);
        let pulled = Pulled { report, resumed: run.resumed, deadline_hit: left, stopped, set_aside };
        span.record("requests", pulled.report.requests).record("complete", pulled.is_complete());
        Ok(pulled)
    }

    /// When an answer of the stream is held for that reason: more are gone, or cannot be read, than the limits allow and
    /// somebody has accepted.
    pub(super) fn held_beyond(&self, reason: Reason, kind: Kind, part: &str) -> VanishLimits {
        let seen = self.accepted.iter().filter(|accepted| (accepted.kind, accepted.reason, accepted.part.as_str()) == (kind, reason, part));
        VanishLimits { min: seen.map(|accepted| accepted.count).max().unwrap_or_default().max(self.vanish.min), ..self.vanish }
    }

    fn paces(&self) -> impl Iterator<Item = &PaceSettings> {
        self.report.iter().map(|(_, pace)| pace).chain(self.siasn.iter().map(|(_, pace)| pace))
    }

    /// Works one surface, when it is wanted and configured.
    async fn work(&self, wanted: &Wanted, surface: Surface, run: &RunHandle) -> Result<Option<SurfaceEnd>, StoreError> {
        if !wanted.surfaces.contains(&surface) {
            return Ok(None);
        }
        let client = match surface {
            Surface::Report => self.report.as_ref().map(|(client, pace)| (Client::Report(Arc::clone(client)), pace.clone())),
            Surface::Siasn => self.siasn.as_ref().map(|(client, pace)| (Client::Siasn(Arc::clone(client)), pace.clone())),
        };
        let Some((client, pace)) = client else { return Ok(None) };
        let deadline = self.clock.now() + pace.run_deadline;
        Worker::new(self, run, client, pace, deadline).work().await.map(Some)
    }

    /// Tells how far the run is; counting costs a look at every item, so not after each commit.
    pub(super) async fn report_progress(&self, run: &RunHandle, told: &mut Instant) -> Result<(), StoreError> {
        if let Some(tell) = self.progress.as_ref().filter(|_| told.elapsed() >= TELL_EVERY) {
            let counts = self.store.unsettled(run, None).await?;
            tell(counts.planned() - counts.unsettled(), counts.planned());
            *told = Instant::now();
        }
        Ok(())
    }
}
