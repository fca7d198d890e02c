//! What-ifs that the page was asked for: one is worked at a time, beside the pages, and what it came to is kept in
//! memory for whoever asked, as long as their link may live.

use crate::app::AppError;
use crate::export::what_if::WhatIf;
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What came out is kept so long.
const LIFE: Duration = Duration::from_secs(60 * 60);
/// Kept at once; the oldest goes first.
const KEPT: usize = 8;

/// Who asked, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Account.
    pub account: String,
    /// The units that they see; `None`: all.
    pub units: Option<BTreeSet<String>>,
    /// Policy and periods, so that a second click finds the first one's work.
    pub what: String,
}

/// How far a what-if is.
#[derive(Clone)]
pub(super) enum State {
    /// So many people are done.
    Running(u64),
    /// What came out.
    Done(Arc<Result<WhatIf, AppError>>),
}

struct Trial {
    id: String,
    asked: Asked,
    since: Instant,
    people: Arc<AtomicU64>,
    result: watch::Receiver<Option<Arc<Result<WhatIf, AppError>>>>,
}

impl Trial {
    fn is_running(&self) -> bool {
        // Work that ended without a result has panicked; nobody need wait for it.
        self.result.borrow().is_none() && self.result.has_changed().is_ok()
    }
}

/// Another one is being worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Busy;

/// All of them.
#[derive(Clone, Default)]
pub(super) struct Trials(Arc<Mutex<Vec<Trial>>>);

impl Trials {
    fn held(&self) -> std::sync::MutexGuard<'_, Vec<Trial>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the work, unless the same reader's same question is being worked already, and gives its id.
    pub(super) fn begin<W, F>(&self, asked: Asked, work: W) -> Result<String, Busy>
    where
        W: FnOnce(Arc<AtomicU64>) -> F,
        F: Future<Output = Result<WhatIf, AppError>> + Send + 'static,
    {
        let mut trials = self.held();
        if let Some(running) = trials.iter().find(|trial| trial.is_running()) {
            return if running.asked == asked { Ok(running.id.clone()) } else { Err(Busy) };
        }
        trials.retain(|trial| trial.since.elapsed() < LIFE);
        while trials.len() >= KEPT {
            trials.remove(0);
        }
        let people = Arc::new(AtomicU64::new(0));
        let (tell, result) = watch::channel(None);
        let working = work(Arc::clone(&people));
        tokio::spawn(async move {
            let found = Arc::new(working.await);
            // Whoever asked may have gone, and the result with them.
            let _ = tell.send(Some(found));
            tell.closed().await;
        });
        let id = uuid::Uuid::new_v4().simple().to_string();
        trials.push(Trial { id: id.clone(), asked, since: Instant::now(), people, result });
        Ok(id)
    }

    /// How far that one is, once it is done or patience has ended; `None`: there is none for this reader.
    pub(super) async fn look(&self, id: &str, account: &str, units: Option<&BTreeSet<String>>, patience: Duration) -> Option<State> {
        let (mut result, people) = {
            let trials = self.held();
            let trial = trials.iter().find(|trial| trial.id == id && trial.since.elapsed() < LIFE)?;
            if trial.asked.account != account || trial.asked.units.as_ref() != units {
                return None;
            }
            (trial.result.clone(), Arc::clone(&trial.people))
        };
        let done = tokio::time::timeout(patience, result.wait_for(Option::is_some)).await;
        match done {
            Ok(Ok(found)) => found.clone().map(State::Done),
            // It has panicked: as if it had never been asked for.
            Ok(Err(_)) => None,
            Err(_) => Some(State::Running(people.load(Ordering::Relaxed))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(account: &str, what: &str) -> Asked {
        Asked { account: account.to_owned(), units: None, what: what.to_owned() }
    }

    fn nothing() -> Result<WhatIf, AppError> {
        Ok(WhatIf { policy_id: "p".to_owned(), policy_sha256: String::new(), draft: false, periods: Vec::new() })
    }

    const SOON: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn one_is_worked_at_a_time_and_seen_by_whom_it_was_made_for() {
        let trials = Trials::default();
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let first = trials
            .begin(asked("ani", "x"), |people| async move {
                people.store(7, Ordering::Relaxed);
                wait.await.unwrap();
                nothing()
            })
            .unwrap();
        assert_eq!(trials.begin(asked("budi", "x"), |_| async { nothing() }), Err(Busy));
        assert_eq!(trials.begin(asked("ani", "y"), |_| async { nothing() }), Err(Busy));
        assert_eq!(trials.begin(asked("ani", "x"), |_| async { nothing() }), Ok(first.clone()), "a second click");
        assert!(matches!(trials.look(&first, "ani", None, SOON).await, Some(State::Running(7))));
        go.send(()).unwrap();
        assert!(matches!(trials.look(&first, "ani", None, Duration::from_secs(5)).await, Some(State::Done(_))));
        assert!(trials.look(&first, "budi", None, SOON).await.is_none());
        assert!(trials.look(&first, "ani", Some(&BTreeSet::new()), SOON).await.is_none(), "whose units changed since");
        assert!(trials.look("0", "ani", None, SOON).await.is_none());
        let second = trials.begin(asked("budi", "x"), |_| async { nothing() }).unwrap();
        assert_ne!(first, second);
    }

    #[tokio::test]
    async fn the_oldest_goes_and_who_panicked_bars_nobody() {
        let trials = Trials::default();
        let broken = trials.begin(asked("ani", "0"), |_| async { panic!("as the test wants it") }).unwrap();
        assert!(trials.look(&broken, "ani", None, Duration::from_secs(5)).await.is_none());
        let mut ids = Vec::new();
        for at in 0..KEPT + 2 {
            let id = trials.begin(asked("ani", &at.to_string()), |_| async { nothing() }).unwrap();
            assert!(trials.look(&id, "ani", None, Duration::from_secs(5)).await.is_some());
            ids.push(id);
        }
        assert!(trials.look(&ids[0], "ani", None, SOON).await.is_none());
        assert!(trials.look(&ids[KEPT], "ani", None, SOON).await.is_some());
        assert!(trials.held().len() <= KEPT);
    }
}
