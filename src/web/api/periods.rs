//! The periods that there is something to see of, each with its run, and what a run comes to.

use super::answer::{self, Answer, Listing};
use super::call::Call;
use super::cursor::Place;
use super::describe::{Gives, Operation, count, instant, list, maybe, named, number, object, one_of, text, truth, with};
use super::params::{CURSOR, LIMIT, codes, owners, severities, standings};
use super::problem::Problem;
use super::shown::{Shown, failed, head_schema, key, no_run};
use crate::app::AppError;
use crate::app::shown::{Stored, doubt};
use crate::domain::access::Scope;
use crate::domain::verdict::Standing;
use crate::domain::{Code, Period, Rupiah};
use crate::export::{CodeCount, Completeness, Overview, Totals, place, rows};
use crate::store::Figures;
use crate::web::Site;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods",
    id: "list_periods",
    what: (
        "Periode yang sudah dicocokkan atau ada datanya, terbaru dahulu.",
        "Periods that were reconciled or have data, the latest first.",
    ),
    query: &[&CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Periods"),
    refuses: &[409],
};

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}",
    id: "get_period",
    what: ("Satu periode dan pencocokan terakhirnya.", "One period and its last reconciliation."),
    query: &[],
    sends: None,
    gives: Gives::Json("Period"),
    refuses: &[409],
};

pub(super) const FIGURES: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/figures",
    id: "get_figures",
    what: (
        "Jumlah orang dan Rupiah menurut putusan, kode, unit; dan kelengkapan data wajib.",
        "Heads and Rupiah by verdict, code and unit; and how complete the required data is.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Figures"),
    refuses: &[409],
};

#[derive(Serialize)]
struct PeriodRow {
    period: Period,
    /// `None`: not reconciled yet.
    run: Option<RunPart>,
}

#[derive(Serialize)]
struct RunPart {
    run: String,
    as_of: String,
    ended_at: String,
    checked_at: String,
    mode: &'static str,
    complete: bool,
    doubt: Option<&'static str>,
    policy_id: String,
    policy_sha256: String,
}

async fn row(site: &Site, period: Period) -> Result<PeriodRow, AppError> {
    let Some(run) = site.app.store.shown_run(period).await? else { return Ok(PeriodRow { period, run: None }) };
    let doubt = doubt(&site.app, period).await?;
    let run = Stored::of(&run).map(|_| RunPart {
        as_of: rows::instant(run.as_of),
        ended_at: rows::instant(run.ended_at),
        checked_at: rows::instant(run.checked_at),
        mode: if run.mode == "final" { "final" } else { "trial" },
        complete: run.complete,
        doubt: doubt.map(key),
        policy_id: run.policy_id,
        policy_sha256: run.policy_sha,
        run: run.id,
    });
    Ok(PeriodRow { period, run })
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let place = Place { list: call.filters(), run: String::new() };
    let behind = call.text("cursor").map(|cursor| place.behind(cursor, call.lang)).transpose()?;
    let known = site.app.store.known_months().await.map_err(|error| call.failed(error))?;
    let limit = call.limit() as usize;
    let mut wanted: Vec<Period> =
        known.into_iter().rev().filter(|period| behind.as_ref().is_none_or(|behind| period.to_string() < *behind)).collect();
    let more = wanted.len() > limit;
    wanted.truncate(limit);
    let next = wanted.last().filter(|_| more).map(|last| place.cursor(&last.to_string()));
    let mut rows = Vec::new();
    for period in wanted {
        rows.push(row(&site, period).await.map_err(failed(&call))?);
    }
    answer::whole(&call, &Listing { rows, next })
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let period = call.period()?;
    let known = site.app.store.known_months().await.map_err(|error| call.failed(error))?;
    if !known.contains(&period) {
        return Err(no_run(&call, period));
    }
    answer::whole(&call, &row(&site, period).await.map_err(failed(&call))?)
}

#[derive(Serialize)]
struct Summed<H, T, C, K> {
    #[serde(flatten)]
    head: H,
    totals: T,
    codes: Vec<C>,
    kinds: Vec<K>,
    units: Vec<UnitPart>,
}

#[derive(Serialize)]
struct UnitPart {
    unit: Option<String>,
    unit_name: Option<String>,
    verdict: &'static str,
    heads: u64,
    uncomputed: u64,
    expected_net: i64,
    paid_net: i64,
    rupiah_at_risk: i64,
}

/// The figures of what the viewer may see.
pub(super) async fn figures_of(site: &Site, call: &Call, period: Period) -> Result<Arc<Figures>, Problem> {
    let found = site.memory.figures(&site.app, period).await.map_err(failed(call))?;
    found.ok_or_else(|| no_run(call, period))
}

pub(super) async fn figures(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&FIGURES)?;
    let period = call.period()?;
    let figures = figures_of(&site, &call, period).await?;
    let shown = Shown::of(&site, &call, period, Some(figures.run.clone())).await?;
    let (totals, codes) = if call.viewer.scope == Scope::All {
        (shown.stored.totals(), shown.stored.codes(&figures.of_files))
    } else {
        (totals(&figures, &call), codes_of(&figures, &call))
    };
    let header = shown.header();
    let completeness = shown.stored.completeness(&site.app.config.evidence.required);
    let ordered = Overview::new(header.clone(), totals, codes, 0, Completeness::default());
    let units = figures.units.iter().filter(|unit| call.viewer.sees(&unit.unit)).map(|unit| UnitPart {
        unit: some(&unit.unit),
        unit_name: some(&unit.name),
        verdict: unit.standing.key(),
        heads: unit.heads,
        uncomputed: unit.uncounted,
        expected_net: unit.due.0,
        paid_net: unit.paid.0,
        rupiah_at_risk: unit.risk.0,
    });
    shown.answer(
        &call,
        &Summed {
            head: shown.head(&header),
            totals: rows::totals(&ordered.totals),
            codes: ordered.codes.iter().copied().map(rows::code).collect(),
            kinds: rows::kinds(&completeness),
            units: units.collect(),
        },
    )
}

/// A text, unless it is empty.
pub(super) fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Heads and expected net by verdict, of the units that the viewer sees.
fn totals(figures: &Figures, call: &Call) -> Totals {
    let mut totals = Totals::default();
    for unit in figures.units.iter().filter(|unit| call.viewer.sees(&unit.unit)) {
        let at = place(unit.standing);
        totals.heads[at] += unit.heads;
        totals.rupiah[at] += unit.due;
    }
    totals
}

/// Findings by code, of the units that the viewer sees; what is wrong with whole files is nobody's unit.
fn codes_of(figures: &Figures, call: &Call) -> Vec<CodeCount> {
    let mut codes: BTreeMap<Code, CodeCount> = BTreeMap::new();
    for cause in figures.causes.iter().filter(|cause| call.viewer.sees(&cause.unit)) {
        let fresh = CodeCount { code: cause.code, severity: cause.severity, findings: 0, heads: 0, rupiah: Rupiah::ZERO };
        let of = codes.entry(cause.code).or_insert(fresh);
        of.severity = of.severity.min(cause.severity);
        of.findings += cause.findings;
        of.heads += cause.heads;
        of.rupiah += cause.risk;
    }
    codes.into_values().collect()
}

/// A number for each verdict.
fn by_standing(of: fn() -> Value) -> Value {
    object(Standing::ALL.map(|standing| (standing.key(), of())))
}

/// How completely one kind is known.
fn kind_schema() -> Value {
    object([
        ("kind", text()),
        ("required", truth()),
        ("heads", count()),
        ("present", count()),
        ("declared_absent", count()),
        ("not_asked", count()),
        ("failed", count()),
        ("stale", count()),
        ("reasons", serde_json::json!({"type": "object", "additionalProperties": count()})),
    ])
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let run = object([
        ("run", text()),
        ("as_of", instant()),
        ("ended_at", instant()),
        ("checked_at", instant()),
        ("mode", one_of(["final", "trial"])),
        ("complete", truth()),
        ("doubt", maybe(one_of(["news", "expired"]))),
        ("policy_id", text()),
        ("policy_sha256", text()),
    ]);
    let code = object([
        ("code", one_of(codes())),
        ("severity", one_of(severities())),
        ("owner", one_of(owners())),
        ("findings", count()),
        ("heads", count()),
        ("rupiah_at_risk", number()),
    ]);
    let unit = object([
        ("unit", maybe(text())),
        ("unit_name", maybe(text())),
        ("verdict", one_of(standings())),
        ("heads", count()),
        ("uncomputed", count()),
        ("expected_net", number()),
        ("paid_net", number()),
        ("rupiah_at_risk", number()),
    ]);
    let totals = object([("heads", by_standing(count)), ("rupiah", by_standing(number)), ("at_risk", number())]);
    vec![
        ("Period", object([("period", text()), ("run", maybe(run))])),
        ("Periods", object([("rows", list(named("Period"))), ("next", maybe(text()))])),
        ("Kind", kind_schema()),
        ("Totals", totals),
        (
            "Figures",
            with(
                head_schema(),
                [("totals", named("Totals")), ("codes", list(code)), ("kinds", list(named("Kind"))), ("units", list(unit))],
            ),
        ),
    ]
}
