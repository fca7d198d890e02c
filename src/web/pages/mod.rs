//! The pages, one a file: each gathers what its template shows. Every figure is of one stored run, which the page names.

pub(super) mod accounts;
pub(super) mod adk;
pub(super) mod audit;
pub(super) mod bridge;
pub(super) mod case;
mod casework;
pub(super) mod downloads;
pub(super) mod finance;
pub(super) mod group;
pub(super) mod home;
pub(super) mod hr;
pub(super) mod operations;
pub(super) mod person;
pub(super) mod policy;
pub(super) mod scene;
pub(super) mod sessions;
pub(super) mod trouble;
pub(super) mod views;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

/// Renders a page; a template that cannot be rendered is a bug.
pub(super) fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
