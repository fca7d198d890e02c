//! The stored run that an answer is about: every answer names it, and a tag is good as long as the run, the policy, what
//! makes the run doubtful, and the reader's rights are the same.

use super::answer::{self, Answer};
use super::call::Call;
use super::cursor::Place;
use super::describe::{maybe, object, one_of, text, truth};
use super::problem::{Kind, Problem};
use crate::app::AppError;
use crate::app::shown::{Doubt, Stored, doubt};
use crate::domain::Period;
use crate::domain::access::{Right, Scope};
use crate::domain::text::Lang;
use crate::export::{Header, rows};
use crate::policy::Policy;
use crate::store::ShownRun;
use crate::web::Site;
use serde::Serialize;
use serde_json::Value;

/// A period's stored run.
pub(super) struct Shown {
    pub period: Period,
    pub run: ShownRun,
    pub stored: Stored,
    pub policy: Policy,
    pub doubt: Option<Doubt>,
}

/// What every answer about a run begins with.
#[derive(Serialize)]
pub(super) struct Head<T> {
    #[serde(flatten)]
    head: T,
    doubt: Option<&'static str>,
}

/// Rows of a run, and where they go on.
#[derive(Serialize)]
pub(super) struct Page<H, R> {
    #[serde(flatten)]
    pub head: H,
    pub rows: Vec<R>,
    pub next: Option<String>,
}

/// A row, and how its person is named in addresses.
#[derive(Serialize)]
pub(super) struct Row<T, P> {
    #[serde(flatten)]
    pub row: T,
    pub person: P,
}

/// The key of a doubt.
pub(super) fn key(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::News => "news",
        Doubt::Expired => "expired",
    }
}

/// A run that nobody has made yet.
pub(super) fn no_run(call: &Call, period: Period) -> Problem {
    let detail = call.lang.pick(
        format!("{period} belum dicocokkan: jalankan selaras reconcile --period {period}. Periode yang ada: /api/v1/periods."),
        format!(
            "{period} has not been reconciled yet: run selaras reconcile --period {period}. The periods are listed at /api/v1/periods."
        ),
    );
    Problem::new(Kind::NoRun, call.lang, detail)
}

impl Shown {
    /// The run of the period in the path.
    pub(super) async fn open(site: &Site, call: &Call) -> Result<Self, Problem> {
        let period = call.period()?;
        let run = site.app.store.shown_run(period).await.map_err(|error| call.failed(error))?;
        Self::of(site, call, period, run).await
    }

    /// A run that was read with its rows.
    pub(super) async fn of(site: &Site, call: &Call, period: Period, run: Option<ShownRun>) -> Result<Self, Problem> {
        let run = run.ok_or_else(|| no_run(call, period))?;
        let stored = Stored::of(&run).ok_or_else(|| no_run(call, period))?;
        let policy = site.memory.policy(&site.app, period).map_err(|error| call.failed(error))?;
        let doubt = doubt(&site.app, period).await.map_err(|error| call.failed(error))?;
        Ok(Self { period, run, stored, policy, doubt })
    }

    /// What documents of the run say about themselves.
    pub(super) fn header(&self) -> Header {
        self.stored.header(&self.policy, self.period, &self.run)
    }

    /// The first keys of an answer.
    pub(super) fn head<'h>(&self, header: &'h Header) -> Head<impl Serialize + use<'h>> {
        Head { head: rows::head(header), doubt: self.doubt.map(key) }
    }

    /// The mark of the run: another one after each reconciliation.
    pub(super) fn stamp(&self) -> String {
        format!("{} {} {}", self.run.id, self.run.stamp, self.run.checked_at.timestamp_micros())
    }

    /// The tag of what the request is answered from this run.
    pub(super) fn tag(&self, call: &Call) -> String {
        let rights: Vec<&str> = Right::ALL.iter().filter(|(_, right)| call.viewer.may(*right)).map(|(key, _)| *key).collect();
        let scope = match &call.viewer.scope {
            Scope::All => "*".to_owned(),
            Scope::Units(units) => format!("{units:?}"),
        };
        let address = call.uri.path_and_query().map_or("", |path| path.as_str());
        let doubt = self.doubt.map_or("", key);
        answer::tag(&[
            env!("CARGO_PKG_VERSION"),
            &self.stamp(),
            &self.run.policy_sha,
            &self.policy.sha256,
            doubt,
            &rights.join(" "),
            &scope,
            call.asked.map_or("", Lang::key),
            address,
        ])
    }

    /// Answers from the run, unless the program has the answer already.
    pub(super) fn answer(&self, call: &Call, body: &impl Serialize) -> Answer {
        let tag = self.tag(call);
        if call.has(&tag) { Ok(answer::unchanged(&tag)) } else { answer::tagged(call, &tag, body) }
    }

    /// The list that the request asks for.
    pub(super) fn list(&self, call: &Call) -> Place {
        Place { list: call.filters(), run: self.stamp() }
    }
}

/// A failure while a run is shown.
pub(super) fn failed(call: &Call) -> impl Fn(AppError) -> Problem + '_ {
    |error| call.failed(error)
}

/// The schema of the first keys.
pub(super) fn head_schema() -> Value {
    object([
        ("period", text()),
        ("run", text()),
        ("as_of", super::describe::instant()),
        ("mode", one_of(["final", "trial"])),
        ("complete", truth()),
        ("policy", object([("id", text()), ("sha256", text()), ("unverified_rules_used", super::describe::list(text()))])),
        ("doubt", maybe(one_of(["news", "expired"]))),
    ])
}
