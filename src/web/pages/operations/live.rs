//! How far a running pull is, for whoever watches: one look at the store every two seconds for all of them together, and
//! a stream (server-sent events) for each that ends with the pull, the session, the process, or the watcher.

use super::{Voice, ends};
use crate::app::AppError;
use crate::domain::access::Right;
use crate::store::RunReport;
use crate::web::Site;
use crate::web::access::still_admitted;
use crate::web::ask::Ask;
use crate::web::pages::trouble::Trouble;
use crate::web::view::count;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How often the store is looked at, however many watch.
const EVERY: Duration = Duration::from_secs(2);
/// Streams at once, in this process.
const MOST: usize = 64;
/// Between two signs of life, so that no proxy takes the stream for dead.
const ALIVE: Duration = Duration::from_secs(15);

/// What those who watch are shown.
pub(in crate::web) struct Live {
    seats: Arc<Semaphore>,
    seen: Mutex<Option<(Instant, Arc<Look>)>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { seats: Arc::new(Semaphore::new(MOST)), seen: Mutex::default() }
    }
}

/// One look at the newest pull.
pub(super) struct Look {
    pub report: Option<RunReport>,
    at: DateTime<Utc>,
    /// Requests a second since the look before; `None`: there was none of this pull.
    pub rate: Option<f64>,
}

impl Live {
    /// The newest pull: for who loads the page as it is now (`fresh`), for who watches as it was at most [`EVERY`] ago.
    pub(super) async fn look(&self, site: &Site, fresh: bool) -> Result<Arc<Look>, AppError> {
        let mut seen = self.seen.lock().await;
        if let Some((_, look)) = seen.as_ref().filter(|(at, _)| !fresh && at.elapsed() < EVERY) {
            return Ok(Arc::clone(look));
        }
        let store = &site.app.store;
        let report = match store.latest_run(None).await? {
            Some(run) => Some(store.run_report(&run).await?),
            None => None,
        };
        let at = site.app.clock.now();
        let rate = report.as_ref().zip(seen.as_ref()).and_then(|(report, (_, before))| rate(report, at, before));
        let look = Arc::new(Look { report, at, rate });
        *seen = Some((Instant::now(), Arc::clone(&look)));
        Ok(look)
    }
}

fn rate(report: &RunReport, at: DateTime<Utc>, before: &Look) -> Option<f64> {
    let same = before.report.as_ref().filter(|known| known.id == report.id && report.state == "running")?;
    let seconds = (at - before.at).as_seconds_f64();
    (0.5..60.0).contains(&seconds).then(|| report.requests.saturating_sub(same.requests) as f64 / seconds)
}

/// What a watcher is told.
fn event(look: &Look, voice: Voice) -> Event {
    let running = look.report.as_ref().filter(|report| report.state == "running");
    let Some(report) = running else {
        let said = ends(look.report.as_ref(), voice.lang);
        return Event::default().event("selesai").data(serde_json::json!({ "said": said }).to_string());
    };
    let mut texts = serde_json::Map::new();
    for (key, _, number) in super::pulls::states(report, voice.lang) {
        texts.insert(key.to_owned(), count(number, voice.lang).into());
    }
    let percent = super::pulls::percent(report);
    texts.insert("persen".to_owned(), format!("{percent}%").into());
    texts.insert("permintaan".to_owned(), count(report.requests, voice.lang).into());
    texts.insert("laju".to_owned(), super::pulls::rate(look.rate, voice.lang).into());
    Event::default().data(serde_json::json!({ "percent": percent, "texts": texts }).to_string())
}

struct Watcher {
    site: Arc<Site>,
    ask: Ask,
    voice: Voice,
    _seat: OwnedSemaphorePermit,
    first: bool,
    over: bool,
}

impl Watcher {
    /// The next thing to say; `None`: there is nothing more.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.over {
            return None;
        }
        if !self.first {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.site.leaving.notified() => return None,
            }
        }
        self.first = false;
        let viewer = still_admitted(&self.site, &self.ask.pass).await.ok().flatten()?;
        if !viewer.may(Right::SeeOperations) {
            return None;
        }
        let look = self.site.live.look(&self.site, false).await.ok()?;
        self.over = look.report.as_ref().is_none_or(|report| report.state != "running");
        Some((Ok(event(&look, self.voice)), self))
    }
}

/// `GET /sinkronisasi/kemajuan`.
pub(in crate::web) async fn watch(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    let lang = ask.lang;
    let Ok(seat) = Arc::clone(&site.live.seats).try_acquire_owned() else {
        let sentence = lang.pick(
            "Terlalu banyak yang sedang memantau tarikan. Muat ulang halaman Sinkronisasi.",
            "Too many are watching the pull. Load the page Sync again.",
        );
        let mut response = Trouble::new(StatusCode::SERVICE_UNAVAILABLE, sentence).show(&site, lang);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("30"));
        return response;
    };
    let voice = Voice::of(&site, &ask);
    let watcher = Watcher { site, ask, voice, _seat: seat, first: true, over: false };
    let mut response = Sse::new(stream::unfold(watcher, Watcher::next)).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // A proxy that gathers before it passes on would show everything at the end.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}
