//! Who may read: until there are accounts, whoever holds the sign-in link of this start.
//!
//! The link's key is exchanged for a cookie once, so that it does not stay in the address bar. Both are random, live
//! in memory only, and are never logged.

use super::Site;
use super::ask::Ask;
use super::pages::trouble::Trouble;
use crate::domain::access::Viewer;
use axum::extract::{Query, Request, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use uuid::Uuid;

/// The key of this start and what it is exchanged for. Deliberately without `Debug`.
pub(super) struct Lock {
    key: String,
    pass: String,
    /// Cookies do not tell ports apart, so the name does: two Selaras on one machine keep their readers.
    cookie: String,
}

/// 244 random bits in hex.
fn random() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

impl Lock {
    /// A new lock for a page on that port.
    pub(super) fn new(port: u16) -> Self {
        Self { key: random(), pass: random(), cookie: format!("selaras_{port}") }
    }

    /// Path and query of the sign-in link.
    pub(super) fn link(&self) -> String {
        format!("/masuk?kunci={}", self.key)
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == self.cookie && same(value, &self.pass))
    }

    fn set_cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.pass)
    }
}

/// Compares without telling by its duration how much was right.
fn same(given: &str, right: &str) -> bool {
    let (given, right) = (given.as_bytes(), right.as_bytes());
    let differing = given.iter().zip(right).fold(0u8, |seen, (one, other)| std::hint::black_box(seen | (one ^ other)));
    given.len() == right.len() && differing == 0
}

/// Lets through whoever has signed in; everybody else is told how to, whatever was asked for.
pub(super) async fn gate(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    if !site.lock.admits(request.headers()) {
        return closed(&site, request.uri().query());
    }
    request.extensions_mut().insert(Viewer::of_link());
    next.run(request).await
}

/// `/masuk?kunci=…`: the cookie, and on to the first page.
pub(super) async fn sign_in(State(site): State<Arc<Site>>, request: Request) -> Response {
    let given: Vec<(String, String)> = Query::try_from_uri(request.uri()).map(|Query(pairs)| pairs).unwrap_or_default();
    let key = given.iter().find(|(name, _)| name == "kunci").map_or("", |(_, value)| value.as_str());
    match HeaderValue::from_str(&site.lock.set_cookie()) {
        Ok(cookie) if same(key, &site.lock.key) => {
            (StatusCode::SEE_OTHER, [(LOCATION, HeaderValue::from_static("/")), (SET_COOKIE, cookie)]).into_response()
        }
        _ => closed(&site, request.uri().query()),
    }
}

pub(super) fn closed(site: &Site, query: Option<&str>) -> Response {
    let lang = Ask::lang_of(query, site.lang);
    let trouble = Trouble::new(
        StatusCode::UNAUTHORIZED,
        lang.pick(
            "Halaman ini hanya untuk pemegang tautan masuk. Buka tautan yang ditampilkan di terminal saat Selaras dijalankan \
             (…/masuk?kunci=…); tautan itu berganti setiap kali Selaras dijalankan ulang.",
            "This page is for holders of the sign-in link only. Open the link that was shown on the terminal when Selaras started \
             (…/masuk?kunci=…); it changes with every start.",
        ),
    );
    let mut response = trouble.show(site, lang);
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Link realm=\"Selaras\""));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_key_is_the_key() {
        let key = random();
        assert_eq!(key.len(), 64);
        assert!(same(&key, &key));
        assert!(!same(&key[1..], &key) && !same("", &key) && !same(&format!("{key}0"), &key) && !same(&random(), &key));
    }

    #[test]
    fn the_cookie_is_found_among_others_and_belongs_to_its_port() {
        let lock = Lock::new(8480);
        let with = |text: String| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(&text).unwrap());
            lock.admits(&headers)
        };
        assert!(with(format!("a=b; selaras_8480={}; c=d", lock.pass)));
        assert!(!with(format!("selaras_8481={}", lock.pass)));
        assert!(!with(format!("selaras_8480={}", lock.key)));
        assert!(!lock.admits(&HeaderMap::new()));
    }
}
