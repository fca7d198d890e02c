//! `/masuk/oidc`: to the ministry's identity provider and back. Everything that one attempt needs is made from a secret
//! in a cookie, so nothing is kept here and any replica can finish it.

use super::lock::same;
use super::sign_in::{entered, too_often, unwell, way_back};
use super::{address, cookies, see_other};
use crate::app::access::oidc::{Entered, enter};
use crate::app::access::{By, action, secret, sha256};
use crate::domain::text::Lang;
use crate::oidc::{Attempt, OidcError, Returned};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::pages::trouble::Trouble;
use axum::extract::{Query, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::Arc;
use std::time::Instant;

/// Where the provider sends the browser back to.
const BACK: &str = "/masuk/oidc";
/// A code is never longer.
const LONGEST_CODE: usize = 4_096;

/// The attempt of that secret, which returns to `back`.
fn attempt(site: &Site, secret: &str, back: &str) -> Attempt {
    let derived = |what: &str| sha256(&format!("oidc {what}:{secret}"));
    let mark = sha256(&format!("oidc state:{secret}:{back}"));
    Attempt {
        state: format!("{mark}.{}", URL_SAFE_NO_PAD.encode(back)),
        nonce: derived("nonce"),
        verifier: derived("verifier"),
        redirect: format!("{}{BACK}", site.doors.own_origin()),
    }
}

fn pairs(request: &Request) -> Vec<(String, String)> {
    Query::try_from_uri(request.uri()).map(|Query(pairs)| pairs).unwrap_or_default()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

fn returned(code: &str, pairs: &[(String, String)]) -> Returned {
    let issuers = pairs.iter().filter(|(name, _)| name == "iss").map(|(_, issuer)| issuer.clone()).collect();
    Returned { code: code.to_owned(), issuers }
}

/// `GET /masuk/oidc/mulai`: on to the provider.
pub(in crate::web) async fn begin(State(site): State<Arc<Site>>, request: Request) -> Response {
    let lang = Ask::lang_of(request.uri().query(), site.lang);
    let Some(provider) = &site.doors.provider else { return none(&site, lang) };
    let given = pairs(&request);
    let back = way_back(value(&given, "kembali")).to_owned();
    let from = address(&request.into_parts().0, site.doors.origin.is_some());
    // Each beginning may ask the provider. Ends have a measure of their own, so that who has begun can end.
    if let Err(wait) = site.doors.begun.attempt(from, Instant::now()) {
        return too_often(&site, wait.as_secs() + 1, lang);
    }
    let secret = secret();
    match provider.address(&attempt(&site, &secret, &back)).await {
        Ok(to) => {
            let mut response = see_other(&to);
            keep(&mut response, &site.doors.cookies.set(&site.doors.cookies.oidc, &secret));
            response
        }
        Err(error) => refused(&site, &error, lang),
    }
}

/// `GET /masuk/oidc`: back from the provider.
pub(in crate::web) async fn finish(State(site): State<Arc<Site>>, request: Request) -> Response {
    let lang = site.lang;
    let Some(provider) = &site.doors.provider else { return none(&site, lang) };
    let given = pairs(&request);
    let parts = request.into_parts().0;
    let from = address(&parts, site.doors.origin.is_some());
    let cookies = &site.doors.cookies;
    let (state, code) = (value(&given, "state"), value(&given, "code"));
    let back = state.split_once('.').and_then(|(_, back)| URL_SAFE_NO_PAD.decode(back).ok()).and_then(|back| String::from_utf8(back).ok());
    let known = cookies::secret(&parts.headers, &cookies.oidc).zip(back).map(|(secret, back)| (attempt(&site, secret, &back), back));
    let Some((attempt, back)) = known.filter(|(attempt, _)| same(state, &attempt.state)) else {
        let sentence = lang.pick(
            "Jawaban ini bukan milik percobaan masuk dari peramban ini, atau sudah dipakai. Mulailah lagi dari halaman masuk.",
            "This answer does not belong to an attempt of this browser, or was used before. Begin again at the sign-in page.",
        );
        return trouble(&site, StatusCode::FORBIDDEN, sentence, lang);
    };
    // From here on the provider is asked.
    if let Err(wait) = site.doors.rate.attempt(from, Instant::now()) {
        return too_often(&site, wait.as_secs() + 1, lang);
    }
    let mut response = match code {
        "" => {
            let sentence = lang.pick(
                "Penyedia identitas tidak mengizinkan Anda masuk, atau Anda membatalkannya. Mulailah lagi dari halaman masuk.",
                "The identity provider did not let you in, or you cancelled. Begin again at the sign-in page.",
            );
            trouble(&site, StatusCode::FORBIDDEN, sentence, lang)
        }
        code if code.len() > LONGEST_CODE => refused(&site, &OidcError::Code("too long".to_owned()), lang),
        code => match provider.identity(&returned(code, &given), &attempt).await {
            Err(error) => {
                // Nobody is known yet, so nobody is named.
                let by = By { account: "?".to_owned(), address: from.to_string() };
                site.doors.trail.mention(by.entry(action::SIGN_IN_FAILED, "?").with("why", "token").with("by", "oidc"));
                refused(&site, &error, lang)
            }
            Ok(identity) => {
                let replaces = cookies::secret(&parts.headers, &cookies.session).map(sha256);
                match enter(&site.app, &identity, &from.to_string(), replaces.as_deref()).await {
                    Ok(Entered::Session(token)) => entered(&site, &token, way_back(&back)),
                    Ok(why) => trouble(&site, StatusCode::FORBIDDEN, sentence(&why, lang), lang),
                    Err(error) => unwell(&site, &error, lang),
                }
            }
        },
    };
    // An attempt is good for one answer.
    keep(&mut response, &cookies.clear(&cookies.oidc));
    response
}

fn sentence(why: &Entered, lang: Lang) -> &'static str {
    match why {
        Entered::NoRole | Entered::Session(_) => lang.pick(
            "Akun kementerian Anda dikenal, tetapi tidak ada grupnya yang diberi peran di Selaras. Mintalah pengelola sistem menambahkan Anda ke grup yang tepat.",
            "Your ministry's account is known, but none of its groups has a role in Selaras. Ask the keeper of the system to add you to the right group.",
        ),
        Entered::NameTaken => lang.pick(
            "Sudah ada akun lain dengan nama yang sama di Selaras, jadi tidak dibuat akun baru. Hubungi pengelola sistem.",
            "Somebody else has an account of the same name in Selaras, so none was made. Ask the keeper of the system.",
        ),
        Entered::NoName => lang.pick(
            "Nama akun kementerian Anda tidak dapat dipakai di Selaras. Hubungi pengelola sistem.",
            "The name of your ministry's account cannot be used in Selaras. Ask the keeper of the system.",
        ),
        Entered::Closed => lang.pick("Akun Anda di Selaras ditutup. Hubungi pengelola sistem.", "Your account in Selaras is closed. Ask the keeper of the system."),
        Entered::NoAccounts => lang.pick(
            "Belum ada akun setempat. Akun pertama, untuk keadaan darurat, dibuat di mesin Selaras dengan selaras user add.",
            "There is no local account yet. The first one, for an emergency, is made on the machine of Selaras by selaras user add.",
        ),
    }
}

fn refused(site: &Site, error: &OidcError, lang: Lang) -> Response {
    tracing::warn!(%error, "nobody came in by the identity provider");
    let (status, sentence) = match error {
        OidcError::Provider(_) | OidcError::Secret => (
            StatusCode::BAD_GATEWAY,
            lang.pick(
                "Penyedia identitas sedang tidak dapat dipakai. Coba lagi sebentar, atau masuk dengan akun setempat.",
                "The identity provider cannot be used at the moment. Try again shortly, or sign in with a local account.",
            ),
        ),
        OidcError::Code(_) | OidcError::Token(_) => (
            StatusCode::FORBIDDEN,
            lang.pick(
                "Bukti masuk dari penyedia identitas tidak dapat dipercaya atau sudah kedaluwarsa, jadi ditolak. Mulailah lagi dari halaman masuk.",
                "What the identity provider sent cannot be believed or has expired, so it is refused. Begin again at the sign-in page.",
            ),
        ),
    };
    trouble(site, status, sentence, lang)
}

fn none(site: &Site, lang: Lang) -> Response {
    let sentence = lang.pick("Masuk lewat akun kementerian tidak dipasang.", "Signing in with a ministry's account is not set up.");
    trouble(site, StatusCode::NOT_FOUND, sentence, lang)
}

fn trouble(site: &Site, status: StatusCode, sentence: &str, lang: Lang) -> Response {
    Trouble::new(status, sentence).show(site, lang)
}

fn keep(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}
