//! `/api/v1`: what the pages show, for programs. One file a resource; beside each handler stands its description, from
//! which the OpenAPI document and the page `/api` come.
//!
//! Rows are those of the exported documents ([`crate::export::rows`]), of one stored run; answers name it. Who may ask is
//! decided in [`super::access`], as for pages, and what a reader may not see is covered in [`cover`].

mod answer;
mod audit;
mod body;
mod bridge;
mod browse;
mod call;
mod cases;
mod casework;
mod causes;
mod completeness;
mod cursor;
mod describe;
mod documents;
mod findings;
mod me;
mod once;
mod openapi;
mod operate;
mod operations;
mod params;
mod payment_checks;
mod periods;
mod policies;
mod policy;
mod problem;
mod pulls;
mod shown;
mod verdicts;
mod views;
mod what_ifs;

pub(super) use answer::CACHING;
pub(super) use call::lang;
pub(super) use problem::Problem;

use super::Site;
use crate::domain::Severity;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use describe::Operation;
use std::sync::Arc;

/// The severities, the gravest first.
const SEVERITIES: [Severity; 3] = [Severity::Block, Severity::Amount, Severity::Info];

/// Every request, in the order in which they are described.
const OPERATIONS: &[&Operation] = &[
    &me::ONE,
    &periods::LIST,
    &periods::ONE,
    &periods::FIGURES,
    &verdicts::LIST,
    &verdicts::ONE,
    &verdicts::DERIVATION,
    &findings::LIST,
    &cases::LIST,
    &cases::ONE,
    &casework::ACT,
    &casework::ACT_ON_SEVERAL,
    &causes::LIST,
    &completeness::LIST,
    &bridge::ONE,
    &documents::CALLS,
    &documents::ONE,
    &policy::ONE,
    &policies::LIST,
    &policies::COMPARE,
    &policies::COMPARE_SENT,
    &what_ifs::BEGIN,
    &what_ifs::ONE,
    &payment_checks::CHECK,
    &operations::STATE,
    &pulls::LIST,
    &pulls::ONE,
    &operations::QUARANTINE,
    &operate::AGAIN,
    &operate::HELD,
    &operate::DECIDE,
    &operate::RUN,
    &operations::SLOTS,
    &operations::SOURCES,
    &audit::LIST,
    &views::LIST,
    &views::SAVE,
    &views::RENAME,
    &views::DELETE,
];

/// The routes; what each needs stands in `access/rules.rs`.
pub(super) fn rooms() -> Router<Arc<Site>> {
    Router::new()
        .route("/api", get(browse::show))
        .route("/api/openapi.json", get(openapi::show))
        .route("/api/v1/me", get(me::one))
        .route("/api/v1/periods", get(periods::all))
        .route("/api/v1/periods/{period}", get(periods::one))
        .route("/api/v1/periods/{period}/figures", get(periods::figures))
        .route("/api/v1/periods/{period}/verdicts", get(verdicts::all))
        .route("/api/v1/periods/{period}/verdicts/{person}", get(verdicts::one))
        .route("/api/v1/periods/{period}/verdicts/{person}/derivation", get(verdicts::derivation))
        .route("/api/v1/periods/{period}/findings", get(findings::all))
        .route("/api/v1/periods/{period}/cases", get(cases::all))
        .route("/api/v1/periods/{period}/cases/{case}", get(cases::one))
        .route("/api/v1/periods/{period}/cases/{case}/actions", post(casework::act))
        .route("/api/v1/periods/{period}/case-actions", post(casework::act_on_several))
        .route("/api/v1/periods/{period}/causes", get(causes::all))
        .route("/api/v1/periods/{period}/completeness", get(completeness::all))
        .route("/api/v1/periods/{period}/bridge", get(bridge::one))
        .route("/api/v1/periods/{period}/calllist", get(documents::calls))
        .route("/api/v1/periods/{period}/documents/{document}", get(documents::one))
        .route("/api/v1/periods/{period}/policy", get(policy::one))
        .route(
            "/api/v1/periods/{period}/payment-checks",
            // The handler itself says what is too large.
            post(payment_checks::check).layer(DefaultBodyLimit::disable()),
        )
        .route("/api/v1/operations", get(operations::state))
        .route("/api/v1/operations/pulls", get(pulls::all))
        .route("/api/v1/operations/pulls/{pull}", get(pulls::one))
        .route("/api/v1/operations/quarantine", get(operations::quarantine))
        .route("/api/v1/operations/slots", get(operations::slots))
        .route("/api/v1/operations/sources", get(operations::sources))
        .route("/api/v1/operations/held", get(operate::waiting).post(operate::decide))
        .route("/api/v1/operations/quarantine/retries", post(operate::again))
        .route("/api/v1/operations/jobs/{job}/runs", post(operate::run))
        .route("/api/v1/policies", get(policies::all))
        .route("/api/v1/policies/comparison", get(policies::of_two).post(policies::with_sent))
        .route("/api/v1/what-ifs", post(what_ifs::begin))
        .route("/api/v1/what-ifs/{what_if}", get(what_ifs::one))
        .route("/api/v1/views", get(views::all).post(views::save))
        .route("/api/v1/views/{view}/name", post(views::rename))
        .route("/api/v1/views/{view}/deletion", post(views::delete))
        .route("/api/v1/audit", get(audit::all))
}

/// No such address.
pub(super) fn nothing_here(headers: &HeaderMap) -> Response {
    let lang = lang(headers);
    let detail = lang.pick(
        "Tidak ada apa-apa di alamat ini. Daftar alamat: /api.",
        "There is nothing at this address. The addresses are listed at /api.",
    );
    Problem::of_status(StatusCode::NOT_FOUND, lang, detail).into_response()
}

/// The address knows other methods.
pub(super) fn other_method(headers: &HeaderMap) -> Response {
    let lang = lang(headers);
    let detail = lang.pick("Alamat ini mengenal metode yang disebut di Allow.", "This address knows the methods that Allow names.");
    Problem::of_status(StatusCode::METHOD_NOT_ALLOWED, lang, detail).into_response()
}
