//! Periods that were evaluated a moment ago, so that ten readers cost one evaluation.

use crate::app::report::{self, PeriodReport};
use crate::app::{App, AppError};
use crate::domain::Period;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For this long at least an evaluation serves everybody.
const FRESH: Duration = Duration::from_secs(10);
/// An evaluation serves for this many times as long as it took, so that a large ministry does not evaluate all day.
const TIMES: u32 = 10;
/// Periods kept at once; one of 20,000 people holds some ten megabytes.
const KEPT: usize = 4;

/// The last stored reconciliation: run, and when it last ended.
pub(super) type LastRun = Option<(String, DateTime<Utc>)>;

/// A period as the page shows it.
#[derive(Clone)]
pub(super) struct Seen {
    /// The evaluation.
    pub report: Arc<PeriodReport>,
    /// What `reconcile` last did.
    pub last_run: LastRun,
}

struct Kept {
    seen: Seen,
    made: Instant,
    good_for: Duration,
}

type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// What is remembered.
#[derive(Default)]
pub(super) struct Memory(Mutex<BTreeMap<Period, Slot>>);

impl Memory {
    /// The period, evaluated now or a moment ago, and anew after each reconciliation. Whoever comes while it is being
    /// evaluated waits for the same result.
    ///
    /// # Errors
    /// See [`report::of`].
    pub(super) async fn of(&self, app: &App, period: Period) -> Result<Seen, AppError> {
        let slot = self.slot(period);
        let mut kept = slot.lock().await;
        let last_run = app.store.latest_reconcile_run(period).await?.map(|run| (run.id, run.checked_at));
        if let Some(kept) = kept.as_ref()
            && kept.made.elapsed() < kept.good_for
            && kept.seen.last_run == last_run
        {
            return Ok(kept.seen.clone());
        }
        let began = Instant::now();
        let report = Arc::new(report::of(app, period, app.clock.now()).await?);
        let seen = Seen { report, last_run };
        let good_for = FRESH.max(began.elapsed() * TIMES);
        *kept = Some(Kept { seen: seen.clone(), made: Instant::now(), good_for });
        Ok(seen)
    }

    fn slot(&self, period: Period) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = Arc::clone(slots.entry(period).or_default());
        while slots.len() > KEPT {
            let Some(other) = slots.keys().find(|known| **known != period).copied() else { break };
            slots.remove(&other);
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_periods_are_kept() {
        let memory = Memory::default();
        let first: Period = "2026-01".parse().unwrap();
        for month in 0..12 {
            memory.slot(first.offset(month));
        }
        let slots = memory.0.lock().unwrap();
        assert_eq!(slots.len(), KEPT);
        assert!(slots.contains_key(&first.offset(11)));
    }
}
