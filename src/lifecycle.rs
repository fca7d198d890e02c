//! Leaving in two stages: the first SIGTERM or SIGINT asks everybody to finish what is in flight, commit and leave;
//! the second one leaves at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Exit code after a second signal, as shells number an interrupted command.
pub const FORCED_EXIT: u8 = 130;

/// How often the process has been asked to leave. Cheap to clone; every worker holds one.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<u32>);

/// Asks for the shutdown from inside: tests, and the end of a demo.
#[derive(Debug, Clone)]
pub struct Trigger(watch::Sender<u32>);

impl Trigger {
    /// Asks to leave; the second time to leave at once.
    pub fn pull(&self) {
        self.0.send_modify(|asked| *asked = asked.saturating_add(1));
    }
}

impl Shutdown {
    /// A shutdown that only its trigger asks for.
    pub fn manual() -> (Trigger, Self) {
        let (sender, receiver) = watch::channel(0);
        (Trigger(sender), Self(receiver))
    }

    /// A shutdown that SIGTERM and SIGINT ask for, and its trigger too. Needs a running runtime.
    ///
    /// # Errors
    /// When the system refuses a signal handler.
    pub fn on_signals() -> std::io::Result<(Trigger, Self)> {
        let (trigger, shutdown) = Self::manual();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let signalled = trigger.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    Some(()) = terminate.recv() => {}
                    Some(()) = interrupt.recv() => {}
                    else => return,
                }
                signalled.pull();
            }
        });
        Ok((trigger, shutdown))
    }

    /// Whether somebody has asked to leave.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Waits until somebody asks to leave.
    pub async fn notified(&self) {
        self.asked(1).await;
    }

    /// Waits until somebody asks to leave at once.
    pub async fn forced(&self) {
        self.asked(2).await;
    }

    async fn asked(&self, times: u32) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|asked| *asked >= times).await.is_err() {
            // Nobody is left who could ask.
            std::future::pending::<()>().await;
        }
    }
}

/// Puts this thread, and those that it starts, behind everybody else: a reconciliation uses what pages leave. Where threads
/// have no priority of their own nothing happens.
pub fn yield_to_readers() {
    #[cfg(target_os = "linux")]
    if let Err(why) = rustix::process::nice(10) {
        tracing::debug!(%why, "this thread keeps its priority");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    async fn soon(waiting: impl Future<Output = ()>) -> bool {
        tokio::time::timeout(Duration::from_millis(20), waiting).await.is_ok()
    }

    #[tokio::test]
    async fn asks_first_and_forces_then() {
        let (trigger, shutdown) = Shutdown::manual();
        let early = shutdown.clone();
        assert!(!shutdown.is_requested() && !soon(early.notified()).await);
        trigger.pull();
        assert!(shutdown.is_requested() && soon(early.notified()).await && !soon(shutdown.forced()).await);
        trigger.pull();
        assert!(soon(shutdown.forced()).await && soon(shutdown.notified()).await);
    }

    #[tokio::test]
    async fn without_a_trigger_nobody_leaves() {
        let (trigger, shutdown) = Shutdown::manual();
        drop(trigger);
        assert!(!soon(shutdown.notified()).await);
    }
}
