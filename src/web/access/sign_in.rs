//! `/masuk` and `/keluar`: name and password for a session, and its end. While there are no accounts `/masuk` takes the
//! key of the link.

use super::forgery::{self, form};
use super::lock::same;
use super::{address, closed, cookies, see_other, shown};
use crate::app::access::{self, By, Presented, action, sha256};
use crate::domain::text::Lang;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::links::Links;
use askama::Template;
use axum::body::to_bytes;
use axum::extract::{Query, Request, State};
use axum::http::header::{HeaderName, LOCATION, REFERER, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;
use std::time::Instant;

/// The sign-in form is never larger.
const LARGEST: usize = 16 << 10;
/// An address to return to is never longer.
const LONGEST_WAY_BACK: usize = 2_000;

#[derive(Template)]
#[template(path = "masuk.html")]
struct Page {
    layout: Layout,
    /// What went wrong.
    trouble: String,
    name: String,
    back: String,
    csrf: String,
    /// The way to the identity provider, when there is one.
    provider: Option<String>,
}

/// The way to the identity provider.
fn provider(site: &Site, lang: Lang, back: &str) -> Option<String> {
    let links = Links { period: None, lang, default_lang: site.lang };
    site.doors.provider.as_ref().map(|_| links.to("/masuk/oidc/mulai", &[("kembali", if back == "/" { "" } else { back })]))
}

/// Renders a page; a template that cannot be rendered is a bug.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What surrounds the pages of this part.
pub(super) fn layout(site: &Site, lang: Lang, path: &str, title: &str) -> Layout {
    let links = Links { period: None, lang, default_lang: site.lang };
    Layout { title: title.to_owned(), room: Room::Outside, links, other: links.other_lang().to(path, &[]), viewer: None }
}

/// A path of our own to return to; anything else is the first page. What a browser might read as another host
/// (`//host`, `/\host`) is not ours.
pub(super) fn way_back(given: &str) -> &str {
    let own = given.starts_with('/') && !given.starts_with("//");
    let plain = given.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    let path = given.split(['?', '#']).next().unwrap_or_default();
    let elsewhere = !["/masuk", "/keluar"].contains(&path) && !path.starts_with("/masuk/");
    if own && plain && elsewhere && given.len() <= LONGEST_WAY_BACK { given } else { "/" }
}

/// The address of the form from which one returns to `back`.
pub(super) fn address_of_form(back: &str, lang: Lang, default_lang: Lang) -> String {
    let back = way_back(back);
    let links = Links { period: None, lang, default_lang };
    links.to("/masuk", &[("kembali", if back == "/" { "" } else { back })])
}

/// The page of ours on which a form was, as the browser says, so that one returns to it; without what that page said of
/// an earlier form.
fn page_of_form(site: &Site, request: &Parts) -> String {
    let said = request.headers.get(REFERER).and_then(|said| said.to_str().ok()).unwrap_or_default();
    let at = said.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    let Some(at) = at.filter(|_| forgery::is_same_site(&request.headers, site.doors.origin.as_deref())) else {
        // Mostly the page that holds the form is where the form was sent to, when it can be read at all.
        let path = request.uri.path();
        let is_page = super::rules::RULES.iter().any(|(method, known, _)| *method == "GET" && *known == path);
        return if is_page { way_back(path).to_owned() } else { "/".to_owned() };
    };
    let (path, query) = at.split_once('?').unwrap_or((at, ""));
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !(pair.is_empty() || pair.starts_with("hasil=") || pair.starts_with("kabar="))).collect();
    way_back(&if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }).to_owned()
}

/// A form that was sent after its session had ended.
pub(super) fn session_over(site: &Site, request: &Parts, lang: Lang) -> Response {
    let back = page_of_form(site, request);
    let page = Page {
        layout: layout(site, lang, "/masuk", lang.pick("Masuk", "Sign in")),
        trouble: lang
            .pick(
                "Sesi Anda sudah berakhir, jadi isian tadi tidak disimpan. Masuk lagi, lalu ulangi.",
                "Your session had ended, so what you sent was not kept. Sign in again and repeat it.",
            )
            .to_owned(),
        name: String::new(),
        csrf: String::new(),
        provider: provider(site, lang, &back),
        back,
    };
    fresh(site, StatusCode::UNAUTHORIZED, page, None)
}

/// The page with a token of its own, which the browser gets as a cookie too.
fn fresh(site: &Site, status: StatusCode, mut page: Page, known: Option<&str>) -> Response {
    let cookies = &site.doors.cookies;
    let before = known.map_or_else(access::secret, str::to_owned);
    page.csrf = form_token(&before);
    let mut response = html(status, &page);
    if let Ok(cookie) = HeaderValue::from_str(&cookies.set(&cookies.before, &before)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Form realm=\"Selaras\""));
    }
    response
}

/// What the form carries for that cookie.
fn form_token(before: &str) -> String {
    sha256(&format!("masuk:{before}"))
}

/// `GET /masuk`: the form; with `kunci`, while there are no accounts, the link.
pub(in crate::web) async fn sign_in(State(site): State<Arc<Site>>, request: Request) -> Response {
    let lang = Ask::lang_of(request.uri().query(), site.lang);
    let request = request.into_parts().0;
    let given: Vec<(String, String)> = Query::try_from_uri(&request.uri).map(|Query(pairs)| pairs).unwrap_or_default();
    let value = |name: &str| given.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    match site.doors.has_accounts(&site.app).await {
        Ok(true) => {}
        Ok(false) => return by_link(&site, value("kunci"), request.uri.query()),
        Err(error) => return shown(&site, false, StatusCode::SERVICE_UNAVAILABLE, error.sentence(lang), lang),
    }
    let back = way_back(value("kembali"));
    match super::session(&site, &request.headers).await {
        Ok(Some(_)) => return see_other(back),
        Ok(None) => {}
        Err(error) => return shown(&site, false, StatusCode::SERVICE_UNAVAILABLE, error.sentence(lang), lang),
    }
    let mut layout = layout(&site, lang, "/masuk", lang.pick("Masuk", "Sign in"));
    layout.other = layout.links.other_lang().to("/masuk", &[("kembali", if back == "/" { "" } else { back })]);
    let provider = provider(&site, lang, back);
    let page = Page { layout, trouble: String::new(), name: String::new(), back: back.to_owned(), csrf: String::new(), provider };
    fresh(&site, StatusCode::OK, page, cookies::secret(&request.headers, &site.doors.cookies.before))
}

fn by_link(site: &Site, key: &str, query: Option<&str>) -> Response {
    match HeaderValue::from_str(&site.doors.lock.set_cookie()) {
        Ok(cookie) if site.doors.lock.is_key(key) => {
            (StatusCode::SEE_OTHER, [(LOCATION, HeaderValue::from_static("/")), (SET_COOKIE, cookie)]).into_response()
        }
        _ => closed(site, query),
    }
}

/// `POST /masuk`: a session, or the form again.
pub(in crate::web) async fn submit(State(site): State<Arc<Site>>, request: Request) -> Response {
    let lang = Ask::lang_of(request.uri().query(), site.lang);
    let unwell = |why: String| shown(&site, false, StatusCode::SERVICE_UNAVAILABLE, why, lang);
    match site.doors.has_accounts(&site.app).await {
        Ok(true) => {}
        Ok(false) => return closed(&site, request.uri().query()),
        Err(error) => return unwell(error.sentence(lang)),
    }
    let (parts, body) = request.into_parts();
    let from = address(&parts, site.doors.origin.is_some());
    if let Err(wait) = site.doors.rate.attempt(from, Instant::now()) {
        return too_often(&site, wait.as_secs() + 1, lang);
    }
    let same_site = forgery::is_same_site(&parts.headers, site.doors.origin.as_deref());
    let cookies = &site.doors.cookies;
    let before = cookies::secret(&parts.headers, &cookies.before).map(str::to_owned);
    let replaces = cookies::secret(&parts.headers, &cookies.session).map(sha256);
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let fields = form(bytes).await;
    let value = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let back = way_back(value("kembali")).to_owned();
    let again = |status, trouble: &str, before: Option<&str>| {
        let name: String = value("akun").chars().take(64).collect();
        let layout = layout(&site, lang, "/masuk", lang.pick("Masuk", "Sign in"));
        let provider = provider(&site, lang, &back);
        fresh(&site, status, Page { layout, trouble: trouble.to_owned(), name, back: back.clone(), csrf: String::new(), provider }, before)
    };
    if !same_site || !before.as_ref().is_some_and(|before| same(value(forgery::FIELD), &form_token(before))) {
        let stale =
            lang.pick("Formulir ini sudah kedaluwarsa. Silakan masuk sekali lagi.", "This form has expired. Please sign in once more.");
        return again(StatusCode::FORBIDDEN, stale, None);
    }
    let presented = Presented { name: value("akun").to_owned(), password: value("sandi").to_owned(), address: from.to_string(), replaces };
    match access::sign_in(&site.app, presented).await {
        Ok(Some(token)) => entered(&site, &token, &back),
        Ok(None) => again(
            StatusCode::UNAUTHORIZED,
            lang.pick(
                "Nama akun atau kata sandi tidak cocok, atau akun itu sedang tertutup. Setelah lima kali gagal, akun menunggu 1 sampai 15 menit.",
                "Name and password do not belong together, or the account is closed at the moment. After five failures an account waits 1 to 15 minutes.",
            ),
            before.as_deref(),
        ),
        Err(error) => unwell(error.sentence(lang)),
    }
}

/// In, with a new session.
pub(super) fn entered(site: &Site, token: &str, back: &str) -> Response {
    let cookies = &site.doors.cookies;
    let mut response = see_other(back);
    for cookie in [cookies.set(&cookies.session, token), cookies.clear(&cookies.before)] {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

/// The store does not do what it should.
pub(super) fn unwell(site: &Site, error: &crate::app::AppError, lang: Lang) -> Response {
    shown(site, false, StatusCode::SERVICE_UNAVAILABLE, error.sentence(lang), lang)
}

pub(super) fn too_often(site: &Site, seconds: u64, lang: Lang) -> Response {
    let sentence = match lang {
        Lang::Id => format!("Terlalu banyak percobaan masuk dari alamat ini. Coba lagi dalam {seconds} detik."),
        Lang::En => format!("Too many attempts to sign in from this address. Try again in {seconds} seconds."),
    };
    let mut response = shown(site, false, StatusCode::TOO_MANY_REQUESTS, sentence, lang);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// `POST /keluar`: ends the session. Who has none any more has what they wanted.
pub(in crate::web) async fn sign_out(State(site): State<Arc<Site>>, request: Request) -> Response {
    let lang = Ask::lang_of(request.uri().query(), site.lang);
    let unwell = |why: String| shown(&site, false, StatusCode::SERVICE_UNAVAILABLE, why, lang);
    let (parts, body) = request.into_parts();
    let from = address(&parts, site.doors.origin.is_some()).to_string();
    let session = match super::session(&site, &parts.headers).await {
        Ok(session) => session,
        Err(error) => return unwell(error.sentence(lang)),
    };
    if let Some(session) = session {
        if let Err(doubt) = forgery::believe(Request::from_parts(parts, body), site.doors.origin.as_deref(), &session.csrf).await {
            return super::doubted(&site, false, doubt, lang);
        }
        let by = By { account: session.account.name.clone(), address: from };
        let told = by.entry(action::SIGN_OUT, &session.account.name);
        if let Err(error) = site.app.store.close_session(&session.token_sha, told).await {
            return unwell(crate::app::AppError::from(error).sentence(lang));
        }
    }
    let cookies = &site.doors.cookies;
    let mut response = see_other(&address_of_form("/", lang, site.lang));
    if let Ok(cookie) = HeaderValue::from_str(&cookies.clear(&cookies.session)) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    // What a browser may have kept of the session goes with it; only https sites may ask for it.
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_returns_to_our_own_pages_only() {
        for own in ["/", "/pegawai", "/pegawai?periode=2026-10&cari=a%20b", "/temuan?kode=AB05#x", "/masukan"] {
            assert_eq!(way_back(own), own);
        }
        for other in [
            "",
            "pegawai",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/masuk",
            "/masuk?kembali=/",
            "/masuk/oidc?code=x",
            "/keluar",
            "/a b",
            "/a\r\nSet-Cookie: x=y",
            "/é",
            &format!("/{}", "a".repeat(LONGEST_WAY_BACK)),
        ] {
            assert_eq!(way_back(other), "/", "{other:?}");
        }
    }

    #[test]
    fn the_form_knows_the_way_back() {
        assert_eq!(address_of_form("/pegawai?hal=2", Lang::Id, Lang::Id), "/masuk?kembali=%2Fpegawai%3Fhal%3D2");
        assert_eq!(address_of_form("/", Lang::En, Lang::Id), "/masuk?bahasa=en");
    }
}
