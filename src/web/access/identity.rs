//! Who asks: the session of a cookie, the token of a program, or the sign-in link while there are no accounts.

use super::{Pass, cookies, is_api};
use crate::app::AppError;
use crate::app::access::{sha256, viewer_of_token};
use crate::domain::access::Viewer;
use crate::store::Session;
use crate::web::Site;
use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use chrono::TimeDelta;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};

/// Who stands before the gate.
pub(super) enum Who {
    /// Somebody, and what their forms carry.
    Known(Viewer, Pass),
    /// A program with a token: no browser sends it by itself, so nothing can be forged with it.
    Program(Viewer, Pass),
    /// Nobody that we know.
    Stranger,
}

/// The address that a request came from. A proxy on this machine is believed about it, when `web.public_url` says that
/// there is one: what it appended itself stands last.
pub(super) fn address(request: &Parts, behind_proxy: bool) -> IpAddr {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let told = request.headers.get_all("x-forwarded-for").into_iter().next_back().and_then(|value| value.to_str().ok());
    let last = told.and_then(|told| told.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    last.filter(|_| behind_proxy && peer.is_loopback()).map_or(peer, |told| told.to_canonical())
}

pub(super) async fn who(site: &Arc<Site>, request: &Parts) -> Result<Who, AppError> {
    let (doors, headers) = (&site.doors, &request.headers);
    let pass = Pass { address: address(request, doors.origin.is_some()).to_string(), ..Pass::default() };
    if is_api(request.uri.path())
        && let Some(token) = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
    {
        let token = token.trim();
        let found = viewer_of_token(&site.app, token).await?;
        return Ok(found.map_or(Who::Stranger, |viewer| Who::Program(viewer, Pass { token: Some(sha256(token)), ..pass })));
    }
    if !doors.has_accounts(&site.app).await? {
        let known = doors.lock.admits(headers);
        let pass = Pass { csrf: doors.lock.csrf().to_owned(), ..pass };
        return Ok(if known { Who::Known(Viewer::of_link(), pass) } else { Who::Stranger });
    }
    match session(site, headers).await? {
        Some(session) => {
            let pass = Pass { csrf: session.csrf, session: Some(session.token_sha), ..pass };
            Ok(Who::Known(session.account.viewer(), pass))
        }
        None => Ok(Who::Stranger),
    }
}

/// The session of the cookie, unless it has ended.
pub(super) async fn session(site: &Arc<Site>, headers: &HeaderMap) -> Result<Option<Session>, AppError> {
    let Some(token) = cookies::secret(headers, &site.doors.cookies.session) else { return Ok(None) };
    let found = site.app.store.session(&sha256(token)).await?.filter(|found| holds(site, found));
    // Now and then is enough, and nobody waits for it.
    let often = (site.app.config.web.session_idle.get() / 10).min(std::time::Duration::from_secs(60));
    let is_recent = |found: &Session| TimeDelta::from_std(often).is_ok_and(|often| site.app.clock.now() - found.seen_at < often);
    if let Some(found) = found.as_ref().filter(|found| !is_recent(found)) {
        note_use(site, found.token_sha.clone());
    }
    Ok(found)
}

/// Who a request was let in as is still let in, some time after; looking is no use of the session.
pub(in crate::web) async fn still_admitted(site: &Arc<Site>, pass: &Pass) -> Result<Option<Viewer>, AppError> {
    let Some(sha) = &pass.session else {
        return Ok((!site.doors.has_accounts(&site.app).await?).then(Viewer::of_link));
    };
    let found = site.app.store.session(sha).await?;
    Ok(found.filter(|found| holds(site, found)).map(|found| found.account.viewer()))
}

/// Whether a session is neither too old nor idle for too long.
fn holds(site: &Site, session: &Session) -> bool {
    let (web, now) = (&site.app.config.web, site.app.clock.now());
    let within = |from, span| TimeDelta::from_std(span).is_ok_and(|span| now - from < span);
    within(session.created_at, web.session_max.get()) && within(session.seen_at, web.session_idle.get())
}

fn note_use(site: &Arc<Site>, token_sha: String) {
    let noting = |site: &Site| site.doors.noting.lock().unwrap_or_else(PoisonError::into_inner).insert(token_sha.clone());
    if !noting(site) {
        return;
    }
    let (site, now) = (Arc::clone(site), site.app.clock.now());
    tokio::spawn(async move {
        if let Err(error) = site.app.store.touch_session(&token_sha, now).await {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
        site.doors.noting.lock().unwrap_or_else(PoisonError::into_inner).remove(&token_sha);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::extract::Request;

    fn from(peer: &str, told: &[&str], behind_proxy: bool) -> String {
        let mut request = Request::builder();
        for told in told {
            request = request.header("x-forwarded-for", *told);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)));
        address(&request.into_parts().0, behind_proxy).to_string()
    }

    #[test]
    fn only_our_own_proxy_is_believed_about_an_address() {
        assert_eq!(from("127.0.0.1", &["1.2.3.4, 10.0.0.7"], true), "10.0.0.7");
        assert_eq!(from("127.0.0.1", &["1.2.3.4", "10.0.0.8"], true), "10.0.0.8");
        assert_eq!(from("127.0.0.1", &["10.0.0.7"], false), "127.0.0.1");
        assert_eq!(from("10.9.9.9", &["10.0.0.7"], true), "10.9.9.9");
        assert_eq!(from("127.0.0.1", &["bukan alamat"], true), "127.0.0.1");
        assert_eq!(from("::ffff:10.0.0.1", &[], true), "10.0.0.1");
    }
}
