//! Who may read and do what, for every request, before any page sees it.
//!
//! [`gate`] finds out who asks (a session's cookie, a program's token, or the sign-in link while there are no accounts),
//! looks the route up in [`rules`], and makes sure that what changes something was sent by our own page. A page then
//! finds the [`Viewer`] and the [`Pass`] in its `Ask`. Whose unit a person belongs to the pages ask the viewer.

mod cookies;
mod forgery;
mod identity;
mod lock;
mod oidc;
mod rate;
pub(super) mod rules;
mod sandi;
pub(super) mod sign_in;
mod trail;

pub(super) use identity::still_admitted;
pub(super) use lock::Lock;
pub(super) use oidc::{begin, finish};
pub(super) use sandi::{change_password, show_password};
pub(super) use sign_in::{sign_in, sign_out, submit};
pub(super) use trail::{Trail, by};

use super::Site;
use super::api::{self, Problem};
use super::ask::Ask;
use super::layout::Layout;
use super::pages::trouble::Trouble;
use crate::app::access::action;
use crate::app::{App, AppError};
use crate::config::HttpUrl;
use crate::domain::access::Viewer;
use crate::domain::text::Lang;
use crate::oidc::Provider;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{LOCATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookies::Cookies;
use forgery::Doubt;
use identity::{Who, address, session, who};
use rules::{Found, Need};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// What a request brings besides who asks. Pages find it as `Ask::pass`.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Pass {
    /// Value of the hidden field `csrf` in every form that posts.
    pub csrf: String,
    /// Where the request came from, for the audit log.
    pub address: String,
    /// Hash of the session's token; `None`: no session of an account.
    pub session: Option<String>,
    /// Hash of a program's token; `None`: no program.
    pub token: Option<String>,
}

/// Without the token.
impl std::fmt::Debug for Pass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pass").field("address", &self.address).finish_non_exhaustive()
    }
}

tokio::task_local! {
    /// Who asks, for what stands around every page.
    static SIGNED: Signed;
}

/// Who is signed in, as the head of every page says it.
#[derive(Clone)]
pub(super) struct Signed {
    /// Name to greet with.
    pub name: String,
    /// Value of the hidden field of forms.
    pub csrf: String,
    /// Has an account: can sign out and change its password.
    pub has_account: bool,
}

impl Layout {
    /// Who is signed in; `None` outside a request of somebody who is.
    pub(super) fn signed_in(&self) -> Option<Signed> {
        SIGNED.try_with(Clone::clone).ok()
    }

    /// A path in the reader's language and period.
    pub(super) fn way(&self, path: &str) -> String {
        self.links.to(path, &[])
    }
}

/// What the gate keeps between requests.
pub(super) struct Doors {
    pub(super) trail: Trail,
    lock: Lock,
    rate: rate::Rate<IpAddr>,
    /// Ways to the identity provider that were begun.
    begun: rate::Rate<IpAddr>,
    /// Requests of programs, by token or session.
    calls: rate::Rate<String>,
    cookies: Cookies,
    /// The origin that people type, when a proxy stands in front.
    origin: Option<String>,
    /// Where people go when no proxy stands in front.
    port: u16,
    /// The ministry's identity provider, when there is one.
    provider: Option<Provider>,
    /// Once there are accounts there always are.
    has_accounts: AtomicBool,
    /// Sessions whose use is being noted.
    noting: Mutex<BTreeSet<String>>,
}

impl Doors {
    /// The doors of a page on that port.
    pub(super) fn new(app: &App, port: u16) -> Self {
        let public = app.config.web.public_url.as_ref().map(HttpUrl::as_str);
        let origin = public.and_then(|url| reqwest::Url::parse(url).ok()).map(|url| url.origin().ascii_serialization());
        let secure = origin.as_ref().is_some_and(|origin| origin.starts_with("https://"));
        Self {
            trail: Trail::start(app.store.clone()),
            lock: Lock::new(port),
            rate: rate::Rate::of_attempts(),
            begun: rate::Rate::of_attempts(),
            calls: rate::Rate::of_requests(),
            cookies: Cookies::new(port, secure),
            origin,
            port,
            provider: Provider::new(&app.config.oidc, app.clock.clone()).unwrap_or_else(|error| {
                tracing::error!(%error, "nobody can sign in by the identity provider");
                None
            }),
            has_accounts: AtomicBool::new(false),
            noting: Mutex::default(),
        }
    }

    /// The origin under which the identity provider sends people back.
    fn own_origin(&self) -> String {
        self.origin.clone().unwrap_or_else(|| format!("http://127.0.0.1:{}", self.port))
    }

    /// Whether people reach the page over https.
    pub(super) fn is_https(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// Path and query by which the first reader comes in: the link of this start, or the sign-in page.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn way_in(&self, app: &App) -> Result<String, AppError> {
        Ok(if self.has_accounts(app).await? { "/masuk".to_owned() } else { self.lock.link() })
    }

    async fn has_accounts(&self, app: &App) -> Result<bool, AppError> {
        if self.has_accounts.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let found = app.store.has_accounts().await?;
        self.has_accounts.fetch_or(found, Ordering::Relaxed);
        Ok(found)
    }
}

/// Lets a request through to its page when whoever asks may have it.
pub(super) async fn gate(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let found = rules::find(request.method().as_str(), path.as_deref());
    if found == Found::Need(Need::Open) {
        return next.run(request).await;
    }
    let lang = if is_api(request.uri().path()) { api::lang(request.headers()) } else { Ask::lang_of(request.uri().query(), site.lang) };
    let (parts, body) = request.into_parts();
    let (viewer, pass, program) = match who(&site, &parts).await {
        Ok(Who::Known(viewer, pass)) => (viewer, pass, false),
        Ok(Who::Program(viewer, pass)) => (viewer, pass, true),
        Ok(Who::Stranger) => return turned_away(&site, &parts, lang).await,
        Err(error) => return refused(&site, &parts.uri, StatusCode::SERVICE_UNAVAILABLE, error.sentence(lang), lang),
    };
    if let Some(often) = too_often(&site, &parts.uri, &pass, lang) {
        return often;
    }
    let request = Request::from_parts(parts, body);
    let signed = Signed { name: viewer.name.clone(), csrf: pass.csrf.clone(), has_account: pass.session.is_some() };
    SIGNED.scope(signed, admitted(&site, request, next, found, Guest { viewer, pass, program, lang })).await
}

/// Somebody whom the gate knows.
struct Guest {
    viewer: Viewer,
    pass: Pass,
    program: bool,
    lang: Lang,
}

async fn admitted(site: &Arc<Site>, request: Request, next: Next, found: Found, guest: Guest) -> Response {
    let lang = guest.lang;
    let allowed = match found {
        Found::Need(need) => need.met_by(&guest.viewer),
        Found::OtherMethod | Found::NoRoute => true,
        Found::Unlisted => {
            tracing::error!(path = request.uri().path(), "a route stands in no rule");
            false
        }
    };
    if !allowed {
        let told = by(&guest.viewer, &guest.pass).entry(action::REFUSED, request.uri().path());
        site.doors.trail.mention(told.with("method", request.method().as_str()));
        let sentence = lang.pick(
            "Peran akun Anda tidak mencakup halaman ini. Bila Anda memerlukannya, mintalah pengelola sistem mengubah peran Anda.",
            "The roles of your account do not include this page. If you need it, ask the keeper of the system to change your roles.",
        );
        return refused(site, request.uri(), StatusCode::FORBIDDEN, sentence, lang);
    }
    if is_api(request.uri().path()) && !guest.program && !forgery::is_safe(request.method()) && matches!(found, Found::Need(_)) {
        let sentence = lang.pick(
            "Lewat API, perubahan memerlukan token (Authorization: Bearer …); sesi peramban hanya dapat membaca.",
            "Through the API a change needs a token (Authorization: Bearer …); a browser's session can only read.",
        );
        return refused(site, request.uri(), StatusCode::FORBIDDEN, sentence, lang);
    }
    let mut request = if forgery::is_safe(request.method()) || guest.program || matches!(found, Found::OtherMethod | Found::NoRoute) {
        request
    } else {
        let path = request.uri().path().to_owned();
        match forgery::believe(request, site.doors.origin.as_deref(), &guest.pass.csrf).await {
            Ok(request) => request,
            Err(doubt) => {
                if doubt != Doubt::TooLarge {
                    site.doors.trail.mention(by(&guest.viewer, &guest.pass).entry(action::FORGED, &path));
                }
                return doubted(site, is_api(&path), doubt, lang);
            }
        }
    };
    request.extensions_mut().insert(guest.viewer);
    request.extensions_mut().insert(guest.pass);
    next.run(request).await
}

/// What is said to a program that asks faster than it may.
fn too_often(site: &Site, uri: &Uri, pass: &Pass, lang: Lang) -> Option<Response> {
    let key = pass.token.as_ref().or(pass.session.as_ref()).filter(|_| is_api(uri.path()))?;
    let wait = site.doors.calls.take(key.clone(), Instant::now()).err()?;
    let sentence = lang.pick(
        "Terlalu banyak permintaan: tunggu sebanyak detik di Retry-After.",
        "Too many requests: wait for the seconds in Retry-After.",
    );
    Some(Problem::of_status(StatusCode::TOO_MANY_REQUESTS, lang, sentence).after(wait).into_response())
}

/// A change that none of our pages seems to have sent.
fn doubted(site: &Site, is_api: bool, doubt: Doubt, lang: Lang) -> Response {
    let (status, sentence) = match doubt {
        Doubt::TooLarge => {
            (StatusCode::PAYLOAD_TOO_LARGE, lang.pick("Isian formulir terlalu besar.", "What the form holds is too large."))
        }
        Doubt::NoToken => (
            StatusCode::FORBIDDEN,
            lang.pick(
                "Formulir ini sudah kedaluwarsa atau tidak dikirim dari halaman Selaras. Tidak ada yang diubah. Buka lagi halamannya, lalu kirim sekali lagi.",
                "This form has expired or was not sent from a page of Selaras. Nothing was changed. Open its page again and send it once more.",
            ),
        ),
        Doubt::OtherSite => (
            StatusCode::FORBIDDEN,
            lang.pick(
                "Permintaan ini datang dari situs lain, jadi tidak dikerjakan. Bila Anda mengirimnya dari halaman Selaras di belakang proxy, pengelola sistem perlu mengisi web.public_url.",
                "This request came from another site, so nothing was done. If you sent it from a page of Selaras behind a proxy, the keeper of the system has to set web.public_url.",
            ),
        ),
    };
    shown(site, is_api, status, sentence, lang)
}

/// Whether a program asks there, and is told no as a program.
pub(super) fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// Says no: as a page to people, as `problem+json` to programs.
fn refused(site: &Site, uri: &Uri, status: StatusCode, sentence: impl Into<String>, lang: Lang) -> Response {
    shown(site, is_api(uri.path()), status, sentence, lang)
}

fn shown(site: &Site, is_api: bool, status: StatusCode, sentence: impl Into<String>, lang: Lang) -> Response {
    let sentence = sentence.into();
    if !is_api {
        return Trouble::new(status, sentence).show(site, lang);
    }
    Problem::of_status(status, lang, sentence).into_response()
}

/// Somebody whom we do not know: how to come in.
async fn turned_away(site: &Arc<Site>, request: &Parts, lang: Lang) -> Response {
    let uri = &request.uri;
    let has_accounts = match site.doors.has_accounts(&site.app).await {
        Ok(has_accounts) => has_accounts,
        Err(error) => return refused(site, uri, StatusCode::SERVICE_UNAVAILABLE, error.sentence(lang), lang),
    };
    if is_api(uri.path()) {
        let sentence = lang.pick("Token tidak ada, tidak berlaku, atau sudah dicabut.", "The token is missing, not valid, or revoked.");
        let mut response = refused(site, uri, StatusCode::UNAUTHORIZED, sentence, lang);
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Selaras\""));
        return response;
    }
    if !has_accounts {
        return closed(site, uri.query());
    }
    if !forgery::is_safe(&request.method) {
        return sign_in::session_over(site, request, lang);
    }
    let back = uri.path_and_query().map_or("/", |path| path.as_str());
    see_other(&sign_in::address_of_form(back, lang, site.lang))
}

/// On to another page of ours.
fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

/// Without accounts: where the link is.
pub(super) fn closed(site: &Site, query: Option<&str>) -> Response {
    let lang = Ask::lang_of(query, site.lang);
    let sentence = lang.pick(
        "Halaman ini hanya untuk pemegang tautan masuk. Buka tautan yang ditampilkan di terminal saat Selaras dijalankan \
         (…/masuk?kunci=…); tautan itu berganti setiap kali Selaras dijalankan ulang.",
        "This page is for holders of the sign-in link only. Open the link that was shown on the terminal when Selaras started \
         (…/masuk?kunci=…); it changes with every start.",
    );
    let mut response = Trouble::new(StatusCode::UNAUTHORIZED, sentence).show(site, lang);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Link realm=\"Selaras\""));
    response
}
