//! The page: what the last known evidence says about a period, for people with a browser and nothing else.
//!
//! Every answer is whole HTML without scripts and without another host. Who may have it is decided in [`access`] before
//! a page sees the request. The payment file that is sent here to be judged is judged and forgotten. What the pages show
//! programs get as JSON from [`api`]. It knows
//! [`crate::app`] and the words of [`crate::export`]; it must not know SQL, files or BKN.

mod access;
mod api;
mod ask;
mod cases;
mod cover;
mod document;
mod headers;
mod layout;
mod links;
mod memory;
mod metrics;
mod operate;
mod pages;
mod scripts;
mod seen;
mod trials;
mod veil;
mod view;

pub use access::rules::{Need, RULES, Rule};

use crate::app::{App, AppError};
use crate::domain::text::Lang;
use crate::lifecycle::Shutdown;
use crate::schedule::ByHand;
use access::Doors;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state, map_response_with_state};
use axum::routing::{get, post};
use memory::Memory;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use trials::Trials;

/// How long answers in flight may take after the process has been asked to leave.
const GRACE: Duration = Duration::from_secs(10);
/// How long the store may take to say that it is there.
const READY: Duration = Duration::from_secs(5);

/// What every page is given.
struct Site {
    app: App,
    /// Language of a reader who does not choose.
    lang: Lang,
    doors: Doors,
    memory: Memory,
    /// Documents are made one after the other.
    exports: Arc<Semaphore>,
    /// Jobs that people start.
    by_hand: ByHand,
    /// What those who watch a pull are shown.
    live: pages::operations::Live,
    /// What-ifs, one after the other.
    trials: Trials,
    /// Streams end when the process is asked to leave.
    leaving: Shutdown,
}

impl Site {
    fn new(app: App, lang: Lang, doors: Doors, leaving: Shutdown) -> Result<Self, AppError> {
        let by_hand = ByHand::new(app.clone(), lang, leaving.clone())?;
        let (exports, live) = (Arc::new(Semaphore::new(1)), pages::operations::Live::default());
        Ok(Self { app, lang, doors, memory: Memory::default(), exports, by_hand, live, trials: Trials::default(), leaving })
    }
}

/// Serves the page until the process is asked to leave; `announce` is given the sign-in link.
///
/// # Errors
/// An address in use.
pub async fn serve(
    app: App,
    listen: SocketAddr,
    lang: Lang,
    shutdown: Shutdown,
    announce: &mut (dyn FnMut(&str) + Send),
) -> Result<(), AppError> {
    let failed = |why| AppError::Io(format!("web.listen {listen}"), why);
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let doors = Doors::new(&app, address.port());
    announce(&format!("http://{}{}", reachable(address), doors.way_in(&app).await?));
    let trail = doors.trail.clone();
    let site = Arc::new(Site::new(app, lang, doors, shutdown.clone())?);
    let first = Arc::clone(&site);
    tokio::spawn(async move { first.memory.begin(&first.app).await });
    let leaving = shutdown.clone();
    let routes = router(Arc::clone(&site)).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, routes).with_graceful_shutdown(async move { leaving.notified().await });
    let overdue = async {
        shutdown.notified().await;
        tokio::time::sleep(GRACE).await;
    };
    let served = tokio::select! {
        served = serving.into_future() => served.map_err(failed),
        () = overdue => Ok(()),
    };
    if tokio::time::timeout(GRACE, site.by_hand.leave()).await.is_err() {
        tracing::warn!("a job that was started by hand did not end in time");
    }
    if tokio::time::timeout(GRACE, trail.flush()).await.is_err() {
        tracing::error!("the last lines of the audit log could not be written");
    }
    served
}

/// The address that somebody on this machine can open: "every interface" is none.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { IpAddr::V6(Ipv6Addr::LOCALHOST) });
    }
    address
}

/// Every route; what each needs stands in `access/rules.rs`, and a route that does not stand there opens for nobody.
fn rooms() -> Router<Arc<Site>> {
    api::rooms()
        .route("/", get(pages::home::show))
        .route("/keuangan", get(pages::finance::show))
        .route("/keuangan/jembatan", get(pages::bridge::show))
        .route(
            "/keuangan/periksa-adk",
            get(pages::adk::ask_for_file).post(pages::adk::look).layer(DefaultBodyLimit::max(pages::adk::LARGEST)),
        )
        .route("/unduh/{periode}/{dokumen}", get(pages::downloads::show))
        .route("/sdm", get(pages::hr::show))
        .route("/sdm/kelompok", get(pages::group::show).post(pages::group::work))
        .route("/sdm/kasus/{periode}/{kasus}", get(pages::case::show).post(pages::case::work))
        .route("/sinkronisasi", get(pages::operations::show))
        .route("/sinkronisasi/kemajuan", get(pages::operations::watch))
        .route("/sinkronisasi/jalankan", post(pages::operations::run_now))
        .route("/sinkronisasi/ulangi", post(pages::operations::ask_again))
        .route("/sinkronisasi/putuskan", post(pages::operations::decide))
        .route("/aset/kemajuan.js", get(scripts::progress))
        .route("/aset/sekali.js", get(scripts::once))
        .route("/akun", get(pages::accounts::show).post(pages::accounts::add))
        .route("/akun/{nama}", get(pages::accounts::show_one).post(pages::accounts::change))
        .route("/sesi", get(pages::sessions::show).post(pages::sessions::end))
        .route("/audit", get(pages::audit::show))
        .route("/tampilan", post(pages::views::save))
        .route("/tampilan/{tampilan}/nama", post(pages::views::rename))
        .route("/tampilan/{tampilan}/hapus", post(pages::views::delete))
        .route("/kebijakan", get(pages::policy::show))
        .route(
            "/kebijakan/banding",
            get(pages::policy::compare::show).post(pages::policy::compare::look).layer(DefaultBodyLimit::max(pages::policy::LARGEST)),
        )
        .route(
            "/kebijakan/andai",
            get(pages::policy::what_if::ask_for).post(pages::policy::what_if::begin).layer(DefaultBodyLimit::max(pages::policy::LARGEST)),
        )
        .route("/kebijakan/andai/{kerja}", get(pages::policy::what_if::show))
        .route("/pegawai/{nip}", get(pages::person::show))
        // Addresses of earlier versions.
        .route("/pegawai", get(pages::finance::moved))
        .route("/temuan", get(pages::hr::moved))
        .route("/masuk", get(access::sign_in).post(access::submit))
        .route("/masuk/oidc/mulai", get(access::begin))
        .route("/masuk/oidc", get(access::finish))
        .route("/keluar", post(access::sign_out))
        .route("/sandi", get(access::show_password).post(access::change_password))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::show))
        .fallback(pages::trouble::not_found)
        .method_not_allowed_fallback(pages::trouble::get_only)
}

fn router(site: Arc<Site>) -> Router {
    rooms()
        .layer(from_fn_with_state(Arc::clone(&site), access::gate))
        .layer(map_response_with_state(Arc::clone(&site), headers::guard))
        .layer(from_fn(seen::page))
        .with_state(site)
}

/// Whether the store answers.
async fn ready(axum::extract::State(site): axum::extract::State<Arc<Site>>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(READY, site.app.store.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ok\n"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "store\n")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "store: no answer in time\n"),
    }
}

#[cfg(test)]
mod roles;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_can_be_opened() {
        let shown = |address: &str| reachable(address.parse().unwrap()).to_string();
        assert_eq!(shown("0.0.0.0:8480"), "127.0.0.1:8480");
        assert_eq!(shown("[::]:8480"), "[::1]:8480");
        assert_eq!(shown("10.0.0.7:80"), "10.0.0.7:80");
    }
}
