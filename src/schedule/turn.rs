//! One job of a kind at a time within this process: a start that comes while the last one still works is not queued.

use std::sync::Arc;
use tokio::sync::Mutex;

/// Whose turn it is. Clones share it.
#[derive(Debug, Clone)]
pub struct Turn {
    job: &'static str,
    lock: Arc<Mutex<()>>,
}

impl Turn {
    /// A free turn; `job` names it in the log.
    pub fn new(job: &'static str) -> Self {
        Self { job, lock: Arc::default() }
    }

    /// Does the work, unless the last one of this kind is still at it; says whether it did.
    pub async fn take(&self, work: impl Future<Output = ()>) -> bool {
        let Ok(_held) = self.lock.try_lock() else {
            // The slot is not lost: the watchdog comes back to it.
            tracing::debug!(job = self.job, "still running");
            return false;
        };
        work.await;
        true
    }

    /// Waits for the work in flight and lets nobody begin again.
    pub async fn close(&self) {
        std::mem::forget(Arc::clone(&self.lock).lock_owned().await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn a_second_start_is_skipped_and_a_later_one_is_not() {
        let turn = Turn::new("sync");
        let (finish, finished) = oneshot::channel::<()>();
        let first = turn.clone();
        let running = tokio::spawn(async move {
            first
                .take(async {
                    finished.await.unwrap();
                })
                .await
        });
        while turn.lock.try_lock().is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(!turn.take(async { panic!("two at a time") }).await);
        finish.send(()).unwrap();
        assert!(running.await.unwrap());
        assert!(turn.take(async {}).await);
    }

    #[tokio::test]
    async fn closing_waits_for_the_work_and_admits_nobody_after() {
        let turn = Turn::new("reconcile");
        let (finish, finished) = oneshot::channel::<()>();
        let first = turn.clone();
        let running = tokio::spawn(async move { first.take(async { drop(finished.await) }).await });
        while turn.lock.try_lock().is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(tokio::time::timeout(Duration::from_millis(20), turn.close()).await.is_err());
        finish.send(()).unwrap();
        turn.close().await;
        assert!(running.await.unwrap());
        assert!(!turn.take(async {}).await);
    }
}
