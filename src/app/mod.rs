//! The only wiring: configuration, store, policies, BKN clients, files and rules meet here and nowhere else.
//!
//! A command or a page asks for one thing ([`import`], [`pull`], [`reconcile`], [`report`]); nothing here prints.

pub mod access;
pub mod adk;
mod aside;
pub mod backup;
mod case_posts;
pub mod causes;
pub mod check;
mod cores;
pub mod demo;
pub mod doctor;
pub mod error;
pub mod evaluation;
pub mod gaps;
pub mod held;
pub mod import;
pub mod inbox;
pub mod notices;
pub mod outlook;
pub mod policy_compare;
pub mod policy_sheet;
pub mod pull;
pub mod reconcile;
pub mod report;
pub mod settings;
pub mod shown;
pub mod sql;
pub mod status;
mod tally;
pub mod what_if;

pub use error::AppError;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::Period;
use crate::policy::{Policy, PolicySet};
use crate::store::Store;
use chrono::{DateTime, Utc};

/// An open store with the configuration and the time.
#[derive(Clone)]
pub struct App {
    /// The configuration.
    pub config: Config,
    /// The evidence ledger.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
}

impl App {
    /// Opens the store, bringing it up to date.
    ///
    /// # Errors
    /// When the store cannot be opened or is newer than this build.
    pub async fn open(config: Config, clock: SharedClock) -> Result<Self, AppError> {
        let url = config.store.url.resolve("store.url")?;
        let store = Store::open(url.reveal(), clock.clone()).await?;
        Ok(Self { config, store, clock })
    }

    /// The ministry's policies.
    ///
    /// # Errors
    /// When a policy file is refused.
    pub fn policies(&self) -> Result<PolicySet, AppError> {
        Ok(PolicySet::read_dir(&self.config.policy.dir)?)
    }

    /// The policy of a period.
    ///
    /// # Errors
    /// When no policy covers it, or its year has no holiday list.
    pub fn policy(&self, period: Period) -> Result<Policy, AppError> {
        Ok(self.policies()?.for_period(period)?.clone())
    }

    /// The instant of a request: `--as-of`, or now.
    pub fn instant(&self, as_of: Option<DateTime<Utc>>) -> DateTime<Utc> {
        as_of.unwrap_or_else(|| self.clock.now())
    }

    /// The work month that is paid next: the one before the current local month.
    pub fn current_period(&self) -> Period {
        current_period(&self.config, self.clock.now())
    }
}

/// See [`App::current_period`].
fn current_period(config: &Config, now: DateTime<Utc>) -> Period {
    Period::of(now.with_timezone(&config.schedule.timezone.get()).date_naive()).offset(-1)
}
