//! What several tests share: a store on either engine.

#![allow(dead_code)]

pub mod line;
pub mod mariadb;
pub mod postgres;
pub mod provider;

use chrono::DateTime;
use chrono::Utc;
use selaras::clock::ManualClock;
use selaras::store::Store;
use std::sync::Arc;

/// An instant, written as RFC 3339.
pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A store of its own, with a clock that the test moves.
pub struct Bench {
    pub store: Store,
    pub url: String,
    pub clock: ManualClock,
    /// Deleted with the bench.
    pub folder: tempfile::TempDir,
}

impl Bench {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("selaras.db").display());
        Self::on(url, folder).await
    }

    pub async fn postgres() -> Self {
        Self::on(postgres::fresh_database().await, tempfile::tempdir().unwrap()).await
    }

    async fn on(url: String, folder: tempfile::TempDir) -> Self {
        let clock = ManualClock::at(at("2026-11-02T01:00:00Z"));
        let store = Store::open(&url, Arc::new(clock.clone())).await.unwrap();
        Self { store, url, clock, folder }
    }

    /// The same store through another set of connections, as another process would open it.
    pub async fn another(&self) -> Store {
        Store::open(&self.url, Arc::new(self.clock.clone())).await.unwrap()
    }

    pub fn is_sqlite(&self) -> bool {
        self.store.engine() == "sqlite"
    }
}

/// Runs each test of a contract on both engines: `sqlite::name` and `postgres::name`.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let bench = crate::support::Bench::sqlite().await;
                assert_eq!(bench.store.engine(), "sqlite");
                super::$name(bench).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let bench = crate::support::Bench::postgres().await;
                assert_eq!(bench.store.engine(), "postgres");
                super::$name(bench).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;

/// Sends SIGTERM, as a service manager does. No program is asked to do it: a small machine has none.
pub fn terminate(process: &std::process::Child) {
    let pid = rustix::process::Pid::from_child(process);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
}
