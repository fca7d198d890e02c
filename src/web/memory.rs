//! Periods that were added up since their last reconciliation, so that a reader costs a look and not a sum.
//!
//! What is kept is some rows a unit and a cause, nobody's name. Whoever comes right after a reconciliation waits a
//! moment for the new figures; when they take longer, the figures of the run before are shown whole, with its time.

use crate::app::{App, AppError};
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::policy::{Policy, PolicySet};
use crate::store::{Bridge, CaseFilter, CaseGroup, Figures};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long new figures are waited for when older ones are there.
const PATIENCE: Duration = Duration::from_millis(100);
/// Policies are read again after this.
const POLICIES: Duration = Duration::from_secs(5);
/// Periods kept at once.
const KEPT: usize = 14;
/// Groups of cases kept at once, in all views together.
const GROUPS: usize = 100_000;

type Slot<K> = Arc<tokio::sync::Mutex<Option<K>>>;
type View = (Period, CaseFilter, bool);
type Views = BTreeMap<View, ((String, i64), Arc<Vec<CaseGroup>>)>;
type Bridges = BTreeMap<(Period, Period), (String, Arc<Vec<Bridge>>)>;

/// What is remembered.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Kept>);

#[derive(Default)]
struct Kept {
    figures: Mutex<BTreeMap<Period, Slot<Arc<Figures>>>>,
    last: Mutex<BTreeMap<Period, Arc<Figures>>>,
    bridges: tokio::sync::Mutex<Bridges>,
    views: Mutex<Views>,
    counting: tokio::sync::Mutex<()>,
    policies: Mutex<Option<(Instant, Arc<PolicySet>)>>,
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// The period, added up; `None` before its first run. Who would wait too long gets what the run before came to.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn figures(&self, app: &App, period: Period) -> Result<Option<Arc<Figures>>, AppError> {
        self.added_up(app, period, Some(PATIENCE)).await
    }

    /// The same of the last run, however long that takes.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn figures_of_last(&self, app: &App, period: Period) -> Result<Option<Arc<Figures>>, AppError> {
        self.added_up(app, period, None).await
    }

    async fn added_up(&self, app: &App, period: Period, patience: Option<Duration>) -> Result<Option<Arc<Figures>>, AppError> {
        let Some(run) = app.store.shown_run(period).await? else { return Ok(None) };
        let last = held(&self.0.last).get(&period).cloned();
        if let Some(last) = last.as_ref().filter(|last| last.run.stamp == run.stamp) {
            return Ok(Some(Arc::clone(last)));
        }
        let (memory, app) = (self.clone(), app.clone());
        let adding = tokio::spawn(async move { memory.add_up(&app, period, &run.stamp).await });
        let gone = |gone: tokio::task::JoinError| AppError::Io("figures".to_owned(), std::io::Error::other(gone.to_string()));
        let Some((last, patience)) = last.zip(patience) else { return adding.await.map_err(gone)? };
        match tokio::time::timeout(patience, adding).await {
            Ok(done) => done.map_err(gone)?,
            Err(_) => Ok(Some(last)),
        }
    }

    /// Adds up the month that a reader is shown first, so that nobody has to wait for it.
    pub(super) async fn begin(&self, app: &App) {
        let first = async {
            let due = app.store.known_months().await?.range(..=app.current_period()).next_back().copied();
            match due {
                Some(period) => self.figures(app, period).await.map(drop),
                None => Ok(()),
            }
        };
        if let Err(error) = first.await {
            tracing::warn!(why = %error.sentence(Lang::En), "the figures of the latest month could not be added up; the first page tries again");
        }
    }

    /// Adds up once for all who wait.
    async fn add_up(&self, app: &App, period: Period, stamp: &str) -> Result<Option<Arc<Figures>>, AppError> {
        let slot = Arc::clone(held(&self.0.figures).entry(period).or_default());
        let mut kept = slot.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.run.stamp == stamp) {
            return Ok(Some(Arc::clone(kept)));
        }
        let Some(figures) = app.store.figures(period).await? else { return Ok(None) };
        let figures = Arc::new(figures);
        *kept = Some(Arc::clone(&figures));
        let mut last = held(&self.0.last);
        last.insert(period, Arc::clone(&figures));
        while last.len() > KEPT {
            let Some(other) = last.keys().find(|known| **known != period).copied() else { break };
            last.remove(&other);
            held(&self.0.figures).remove(&other);
        }
        Ok(Some(figures))
    }

    /// The groups of a view of the inbox, by unit for whoever sees some of them only; counted again after any deed and any
    /// reconciliation, once for all who wait.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn case_groups(
        &self,
        app: &App,
        period: Period,
        filter: CaseFilter,
        by_unit: bool,
    ) -> Result<Arc<Vec<CaseGroup>>, AppError> {
        let (view, kept) = ((period, filter, by_unit), &self.0);
        let known = |version: &(String, i64)| {
            let views = held(&kept.views);
            views.get(&view).filter(|(of, _)| of == version).map(|(_, groups)| Arc::clone(groups))
        };
        if let Some(groups) = known(&app.store.case_version(period).await?) {
            return Ok(groups);
        }
        let _alone = kept.counting.lock().await;
        // Read before the groups: what changes in between is counted again the next time.
        let version = app.store.case_version(period).await?;
        if let Some(groups) = known(&version) {
            return Ok(groups);
        }
        let groups = Arc::new(app.store.case_groups(period, &view.1, by_unit).await?);
        let mut views = held(&kept.views);
        views.retain(|(of, ..), ((stamp, _), _)| *of != period || *stamp == version.0);
        if views.values().map(|(_, groups)| groups.len()).sum::<usize>() + groups.len() > GROUPS {
            views.clear();
        }
        views.insert(view, (version, Arc::clone(&groups)));
        Ok(groups)
    }

    /// From one month to another, of the runs that are the last of each.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn bridge(&self, app: &App, from: Period, to: Period, stamps: String) -> Result<Arc<Vec<Bridge>>, AppError> {
        let mut bridges = self.0.bridges.lock().await;
        if let Some((known, bridge)) = bridges.get(&(from, to))
            && *known == stamps
        {
            return Ok(Arc::clone(bridge));
        }
        let bridge = Arc::new(app.store.bridge(from, to).await?);
        if bridges.len() >= KEPT {
            bridges.clear();
        }
        bridges.insert((from, to), (stamps, Arc::clone(&bridge)));
        Ok(bridge)
    }

    /// The policies as they were read a moment ago.
    ///
    /// # Errors
    /// A refused policy.
    pub(super) fn policies(&self, app: &App) -> Result<Arc<PolicySet>, AppError> {
        let mut kept = held(&self.0.policies);
        if let Some((read, set)) = kept.as_ref()
            && read.elapsed() < POLICIES
        {
            return Ok(Arc::clone(set));
        }
        let set = Arc::new(app.policies()?);
        *kept = Some((Instant::now(), Arc::clone(&set)));
        Ok(set)
    }

    /// The policy of a period.
    ///
    /// # Errors
    /// See [`App::policy`].
    pub(super) fn policy(&self, app: &App, period: Period) -> Result<Policy, AppError> {
        Ok(self.policies(app)?.for_period(period)?.clone())
    }
}
