//! An answer in JSON: compact, covered where the reader may not see a NIP, with a tag by which a program that has it
//! already is told so.

use super::call::Call;
use super::problem::Problem;
use crate::app::AppError;
use crate::store::KeptAnswer;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What a cache may do with an answer: keep it for its one reader, and ask each time whether it still holds.
pub(in crate::web) const CACHING: &str = "private, no-cache";

/// Media type of answers, and of most bodies.
pub(super) const JSON: &str = "application/json";

/// What a handler gives.
pub(super) type Answer = Result<Response, Problem>;

/// Rows that belong to no run, and where they go on.
#[derive(Serialize)]
pub(super) struct Listing<R> {
    pub rows: Vec<R>,
    pub next: Option<String>,
}

/// All rows at once: a list that is never long.
#[derive(Serialize)]
pub(super) struct Rows<R> {
    pub rows: Vec<R>,
}

/// The answer to a change, as it is kept for whoever repeats it.
pub(super) fn done(call: &Call, body: &impl Serialize) -> Result<KeptAnswer, Problem> {
    Ok(done_as(write(call, body)?))
}

/// The same of a document that is written already.
pub(super) fn done_as(text: String) -> KeptAnswer {
    KeptAnswer { status: StatusCode::OK.as_u16(), kind: JSON.to_owned(), body: text.into_bytes() }
}

/// A tag of what an answer is made of.
pub(super) fn tag(of: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in of {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let hex: String = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// An answer whose tag comes from its own bytes.
pub(super) fn whole(call: &Call, body: &impl Serialize) -> Answer {
    let text = write(call, body)?;
    let etag = tag(&[&text]);
    Ok(if call.has(&etag) { unchanged(&etag) } else { json(text, &etag) })
}

/// An answer whose tag is known before it is made.
pub(super) fn tagged(call: &Call, etag: &str, body: &impl Serialize) -> Answer {
    Ok(json(write(call, body)?, etag))
}

/// The program has it already.
pub(super) fn unchanged(etag: &str) -> Response {
    kept(StatusCode::NOT_MODIFIED.into_response(), etag)
}

/// The document, covered.
pub(super) fn write(call: &Call, body: &impl Serialize) -> Result<String, Problem> {
    let text = serde_json::to_string(body);
    let text = text.map_err(|why| call.failed(AppError::Io("json".to_owned(), std::io::Error::other(why))))?;
    Ok(if call.veil.shows_nips() { text } else { call.veil.json(&text) })
}

/// A document that is written already.
pub(super) fn json(text: String, etag: &str) -> Response {
    kept(([(CONTENT_TYPE, JSON)], text).into_response(), etag)
}

/// The same with what a cache may do.
pub(super) fn kept(mut response: Response, etag: &str) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(CACHING));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}
