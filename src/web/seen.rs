//! A page as the log and traces see it: by its route, never by its address, in which a NIP or a word that somebody
//! searched for may stand.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;

/// Routes that machines ask for all the time.
const QUIET: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Lets a request through, and says how it was answered.
pub(super) async fn page(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    if QUIET.contains(&route.as_str()) {
        return next.run(request).await;
    }
    let (began, method) = (Instant::now(), request.method().as_str());
    let span = tracing::info_span!("page", method, route, status = Empty, ms = Empty, error = Empty);
    let response = next.run(request).instrument(span.clone()).await;
    let (status, ms) = (response.status(), u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX));
    span.record("status", status.as_u16()).record("ms", ms);
    if status.is_server_error() {
        span.record("error", status.canonical_reason());
    }
    span.in_scope(|| tracing::debug!("answered"));
    response
}
