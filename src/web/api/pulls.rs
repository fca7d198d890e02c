//! Pulls from BKN, and what each came to.

use super::answer::{self, Answer, Listing};
use super::call::Call;
use super::cursor::Place;
use super::describe::{Gives, Operation, count, instant, list, maybe, named, object, one_of, text, truth, with};
use super::params::{CURSOR, LIMIT};
use crate::export::rows;
use crate::store::RunLine;
use crate::sync::report::Document;
use crate::web::Site;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/operations/pulls",
    id: "list_pulls",
    what: ("Tarikan dari BKN, terbaru dahulu.", "Pulls from BKN, the newest first."),
    query: &[&CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Pulls"),
    refuses: &[409],
};

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/operations/pulls/{pull}",
    id: "get_pull",
    what: ("Satu tarikan: yang ditanyakan, jawabannya, dan yang menunggu.", "One pull: what was asked, what came, what waits."),
    query: &[],
    sends: None,
    gives: Gives::Json("Pull"),
    refuses: &[],
};

#[derive(Serialize)]
struct PullRow {
    run: String,
    period: String,
    surfaces: Vec<String>,
    state: String,
    requests: u64,
    started_at: String,
    ended_at: Option<String>,
}

impl From<RunLine> for PullRow {
    fn from(line: RunLine) -> Self {
        Self {
            period: line.period.to_string(),
            surfaces: line.surfaces,
            state: line.state,
            requests: line.requests,
            started_at: rows::instant(line.started_at),
            ended_at: line.ended_at.map(rows::instant),
            run: line.id,
        }
    }
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let place = Place { list: call.filters(), run: String::new() };
    let behind = call.text("cursor").map(|cursor| place.behind(cursor, call.lang)).transpose()?.unwrap_or_default();
    let limit = call.limit();
    let mut lines = site.app.store.runs_behind(&behind, limit + 1).await.map_err(|error| call.failed(error))?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = lines.last().filter(|_| more).map(|line| place.cursor(&line.id));
    answer::whole(&call, &Listing { rows: lines.into_iter().map(PullRow::from).collect(), next })
}

#[derive(Serialize)]
struct PullPart<D> {
    #[serde(flatten)]
    document: D,
    state: String,
    started_at: String,
    ended_at: Option<String>,
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let id = call.part("pull")?;
    let found = site.app.store.run_of(id).await.map_err(|error| call.failed(error))?;
    let Some(run) = found else { return Err(call.nothing()) };
    let report = site.app.store.run_report(&run).await.map_err(|error| call.failed(error))?;
    let part = PullPart {
        document: Document::stored(&report),
        state: report.state.clone(),
        started_at: rows::instant(report.started_at),
        ended_at: report.ended_at.map(rows::instant),
    };
    answer::whole(&call, &part)
}

fn pull_row() -> Value {
    object([
        ("run", text()),
        ("period", text()),
        ("surfaces", list(text())),
        ("state", one_of(["running", "deadline", "finished", "stopped"])),
        ("requests", count()),
        ("started_at", instant()),
        ("ended_at", maybe(instant())),
    ])
}

fn batch() -> Value {
    object([
        ("id", text()),
        ("kind", text()),
        ("sha256", text()),
        ("status", one_of(["new", "changed", "unchanged", "quarantined", "withdrawn"])),
        ("rows", count()),
        ("new", count()),
        ("changed", count()),
        ("unchanged", count()),
        ("vanished", count()),
        ("reason", maybe(text())),
    ])
}

fn held() -> Value {
    object([("kind", text()), ("span", text()), ("sha256", maybe(text())), ("reason", text()), ("detail", text()), ("sample", json!({}))])
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let items = object([("planned", count()), ("done", count()), ("skipped", count()), ("failed", count()), ("quarantined", count())]);
    let drift = object([("kind", text()), ("field", text()), ("change", text())]);
    let pull = with(
        pull_row(),
        [("deadline_hit", truth()), ("items", items), ("batches", list(batch())), ("drift", list(drift)), ("held", list(held()))],
    );
    vec![("PullRow", pull_row()), ("Pulls", object([("rows", list(named("PullRow"))), ("next", maybe(text()))])), ("Pull", pull)]
}
