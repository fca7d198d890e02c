//! The scripts of the pages, compiled in. Every page works without them.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

/// `GET /aset/kemajuan.js`: how far a running pull is.
pub(super) async fn progress() -> Response {
    script(include_str!("assets/kemajuan.js"))
}

/// `GET /aset/sekali.js`: a second click sends nothing.
pub(super) async fn once() -> Response {
    script(include_str!("assets/sekali.js"))
}

fn script(text: &'static str) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"))], text).into_response()
}
