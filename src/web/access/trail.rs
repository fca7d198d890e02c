//! What people do on the page, on its way into the audit log.
//!
//! What leaves or changes something is written before it happens. That somebody looked at a person's page is written a
//! moment later, many lines in one commit: a reader does not wait for the disk, nor behind a reconciliation that holds
//! the store. A crash can lose the views of that moment, and nothing else; when the log cannot be written any more, the
//! queue fills and nobody is shown anything.

use super::{Pass, Site};
use crate::app::AppError;
use crate::app::access::{By, action};
use crate::domain::access::{Right, Viewer};
use crate::domain::{Nip, Period};
use crate::store::{AuditEntry, Store, StoreError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Views that may wait to be written.
const QUEUE: usize = 10_000;
/// Lines of one commit.
const MOST: usize = 500;
/// How long a reader waits for a place in a full queue.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two tries to write.
const AGAIN: Duration = Duration::from_secs(1);

enum Item {
    Entry(Box<AuditEntry>),
    Flush(oneshot::Sender<()>),
}

/// The way into the audit log.
#[derive(Clone)]
pub(in crate::web) struct Trail {
    queue: mpsc::Sender<Item>,
    store: Store,
}

impl Trail {
    /// Starts the writer; it ends with the last clone.
    pub(in crate::web) fn start(store: Store) -> Self {
        let (queue, items) = mpsc::channel(QUEUE);
        tokio::spawn(write(items, store.clone()));
        Self { queue, store }
    }

    /// Somebody is about to be shown the page of a person.
    ///
    /// # Errors
    /// When so many views wait that the log seems to be stuck: then nothing is to be shown.
    pub(in crate::web) async fn person_seen(&self, viewer: &Viewer, pass: &Pass, period: Period, nip: &Nip) -> Result<(), AppError> {
        let entry = by(viewer, pass).entry(action::PERSON_SEEN, nip.as_str());
        self.queued(entry.with("period", period.to_string()).with("nip_whole", viewer.may(Right::SeeNip))).await
    }

    /// A program is about to be given rows about so many people or findings; `what` names the list.
    ///
    /// # Errors
    /// As for [`Self::person_seen`].
    pub(in crate::web) async fn listed(
        &self,
        viewer: &Viewer,
        pass: &Pass,
        what: &str,
        period: Period,
        rows: usize,
    ) -> Result<(), AppError> {
        let entry = by(viewer, pass).entry(action::LISTED, what).with("period", period.to_string()).with("rows", rows);
        self.queued(entry.with("nip_whole", viewer.may(Right::SeeNip))).await
    }

    async fn queued(&self, entry: AuditEntry) -> Result<(), AppError> {
        let sent = tokio::time::timeout(PATIENCE, self.queue.send(Item::Entry(Box::new(entry)))).await;
        if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(StoreError::Busy.into()) }
    }

    /// A document with people in it is about to leave; `what` names it, with its format.
    ///
    /// # Errors
    /// When it cannot be written down: then it must not leave.
    pub(in crate::web) async fn exported(&self, viewer: &Viewer, pass: &Pass, what: &str, period: Period) -> Result<(), AppError> {
        self.note(by(viewer, pass).entry(action::EXPORTED, what).with("period", period.to_string())).await
    }

    /// Anything else, before it happens.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub(in crate::web) async fn note(&self, entry: AuditEntry) -> Result<(), AppError> {
        Ok(self.store.audit(&[entry]).await?)
    }

    /// Anything else that may be written a moment later; it is dropped when the queue is full.
    pub(in crate::web) fn mention(&self, entry: AuditEntry) {
        if self.queue.try_send(Item::Entry(Box::new(entry))).is_err() {
            tracing::warn!("the audit log is behind: a line was dropped");
        }
    }

    /// Waits until everything that was queued is written.
    pub(in crate::web) async fn flush(&self) {
        let (tell, told) = oneshot::channel();
        if self.queue.send(Item::Flush(tell)).await.is_ok() {
            let _ = told.await;
        }
    }
}

/// Who does something through the page.
pub(in crate::web) fn by(viewer: &Viewer, pass: &Pass) -> By {
    By { account: viewer.account.clone(), address: pass.address.clone() }
}

async fn write(mut items: mpsc::Receiver<Item>, store: Store) {
    let mut some = Vec::with_capacity(MOST);
    while items.recv_many(&mut some, MOST).await > 0 {
        let (mut entries, mut waiting) = (Vec::new(), Vec::new());
        for item in some.drain(..) {
            match item {
                Item::Entry(entry) => entries.push(*entry),
                Item::Flush(tell) => waiting.push(tell),
            }
        }
        while let Err(error) = store.audit(&entries).await {
            tracing::error!(%error, lines = entries.len(), "the audit log cannot be written");
            // Nobody is left who could show anything.
            if items.is_closed() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
        for tell in waiting {
            // Whoever asked may have gone.
            let _ = tell.send(());
        }
    }
}

impl Site {
    /// The way into the audit log.
    pub(in crate::web) fn trail(&self) -> &Trail {
        &self.doors.trail
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use std::sync::Arc;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn looks_are_written_and_when_they_cannot_be_nobody_looks() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/s.db", folder.path().display());
        let store = Store::open(&url, Arc::new(SystemClock)).await.unwrap();
        let trail = Trail::start(store.clone());
        let (viewer, pass) = (Viewer::of_link(), Pass::default());
        let (period, nip): (Period, Nip) = ("2026-10".parse().unwrap(), Nip::parse("198501012010011901").unwrap());
        for _ in 0..1_200 {
            trail.person_seen(&viewer, &pass, period, &nip).await.unwrap();
        }
        trail.flush().await;
        let verified = store.verify_audit(None).await.unwrap();
        assert_eq!((verified.head.seq, verified.broken), (1_200, None));

        store.close().await;
        assert!(trail.exported(&viewer, &pass, "verdicts.xlsx", period).await.is_err(), "nothing leaves unwritten");
        let mut shown = 0;
        while trail.person_seen(&viewer, &pass, period, &nip).await.is_ok() {
            shown += 1;
            assert!(shown <= QUEUE + MOST, "a log that is stuck does not stop the pages");
        }
        assert!(shown >= QUEUE);
    }
}
