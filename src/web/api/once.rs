//! What is done once, however often it is asked: a change carries an `Idempotency-Key`, and whoever sends the same request
//! under the same key again gets the first answer. It is worked on also when whoever asked has gone.

use super::call::Call;
use super::problem::{Kind, MEDIA_TYPE, Problem};
use crate::app::AppError;
use crate::domain::text::Lang;
use crate::store::{Begun, KeptAnswer};
use crate::web::Site;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// The header of the key.
pub(super) const KEY: &str = "idempotency-key";
/// The header of an answer that was given before.
pub(super) const REPLAYED: &str = "idempotency-replayed";
/// A longer key is none.
pub(super) const LONGEST: usize = 255;
/// After so long the first request is most likely done.
const SOON: Duration = Duration::from_secs(2);

/// A change that is asked for.
pub(super) struct Asked {
    token: String,
    key: String,
    request_sha: String,
    lang: Lang,
}

impl Asked {
    /// A change with this body, whose headers carry the key.
    pub(super) fn new(call: &Call, key: String, body: &[u8]) -> Result<Self, Problem> {
        let Some(token) = call.pass.token.clone() else { return Err(not_by_token(call.lang)) };
        Ok(Self { token, key, request_sha: hash(call, body), lang: call.lang })
    }
}

/// The key of a request: 1 to 255 visible characters.
pub(super) fn key(call: &Call, headers: &HeaderMap) -> Result<String, Problem> {
    let key = headers.get(KEY).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        let detail = call.lang.pick(
            "Kirim header Idempotency-Key: 1 sampai 255 karakter, baru untuk setiap permintaan, sama bila mengulang.",
            "Send the header Idempotency-Key: 1 to 255 visible characters, new for each request, the same when you repeat one.",
        );
        return Err(Problem::new(Kind::KeyMissing, call.lang, detail));
    }
    Ok(key.to_owned())
}

/// What a request is: its address and its body.
fn hash(call: &Call, body: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(call.uri.path_and_query().map_or("", |path| path.as_str()));
    digest.update([0]);
    digest.update(body);
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Does what is asked, unless it was done. `act` begins only when it is to be done now.
pub(super) async fn answer(
    site: Arc<Site>,
    asked: Asked,
    act: impl Future<Output = Result<KeptAnswer, Problem>> + Send + 'static,
) -> Result<Response, Problem> {
    let Asked { token, key, request_sha, lang } = asked;
    let gone = |error: AppError| Problem::of(&error, lang);
    match site.app.store.begin_once(&token, &key, &request_sha).await.map_err(|error| gone(error.into()))? {
        Begun::Done(kept) => Ok(given(kept, true)),
        Begun::AtWork => {
            let detail = lang.pick(
                "Permintaan dengan Idempotency-Key ini masih dikerjakan: ulangi sebentar lagi dengan kunci yang sama.",
                "The request with this Idempotency-Key is still being worked on: repeat it in a moment with the same key.",
            );
            Err(Problem::new(Kind::AtWork, lang, detail).after(SOON))
        }
        Begun::Other => {
            let detail = lang.pick(
                "Idempotency-Key ini sudah dipakai untuk permintaan lain dalam 24 jam terakhir: pakai kunci baru.",
                "This Idempotency-Key was used for another request in the last 24 hours: use a new one.",
            );
            Err(Problem::new(Kind::KeyReused, lang, detail))
        }
        Begun::Now => {
            let working = tokio::spawn(async move {
                let acted = act.await;
                // Of what failed here, or waits for a reconciliation, nothing was done: it may be asked again.
                let is_final = acted.as_ref().map_or_else(|problem| problem.status().as_u16() == 422, |_| true);
                let (done, store) = (acted.unwrap_or_else(told), &site.app.store);
                let kept = if is_final { store.end_once(&token, &key, &done).await } else { store.release_once(&token, &key).await };
                kept.map(|()| done)
            });
            let done = working.await.map_err(|gone_on| gone(AppError::Io("api".to_owned(), std::io::Error::other(gone_on.to_string()))))?;
            Ok(given(done.map_err(|error| gone(error.into()))?, false))
        }
    }
}

/// A problem as an answer that is kept.
pub(super) fn told(problem: Problem) -> KeptAnswer {
    KeptAnswer { status: problem.status().as_u16(), kind: MEDIA_TYPE.to_owned(), body: problem.body().into_bytes() }
}

fn not_by_token(lang: Lang) -> Problem {
    let detail = lang.pick("Perubahan lewat API memerlukan token.", "A change through the API needs a token.");
    Problem::new(Kind::Forbidden, lang, detail)
}

fn given(kept: KeptAnswer, again: bool) -> Response {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&kept.kind) {
        headers.insert(CONTENT_TYPE, kind);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if again {
        headers.insert(HeaderName::from_static(REPLAYED), HeaderValue::from_static("true"));
    }
    response
}
