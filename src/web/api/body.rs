//! A change with a body in JSON: understood whole or refused before anything is done.

use super::answer::JSON;
use super::call::Call;
use super::once::{self, Asked};
use super::problem::{Kind, Problem};
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

/// Media type of files that are sent, whatever is in them.
pub(super) const BYTES: &str = "application/octet-stream";
/// The largest one.
pub(super) const LARGEST: usize = 512 << 10;

/// Refuses a body of another media type.
pub(super) fn is_of_kind(call: &Call, request: &Request, kind: &str) -> Result<(), Problem> {
    let given = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind) {
        return Ok(());
    }
    let detail = call.lang.pick(format!("kirim isinya dengan Content-Type: {kind}"), format!("send the body with Content-Type: {kind}"));
    Err(Problem::new(Kind::MediaType, call.lang, detail))
}

/// The bytes of a body, with the key of the request.
pub(super) async fn bytes(call: &Call, request: Request) -> Result<(String, Vec<u8>), Problem> {
    let key = once::key(call, request.headers())?;
    let bytes = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(|_| {
        let detail = call.lang.pick(
            "Isinya tidak diterima utuh: lebih dari 512 kB atau sambungan terputus. Tidak ada yang diubah.",
            "The body did not come whole: more than 512 kB, or the connection broke. Nothing was changed.",
        );
        Problem::new(Kind::TooLarge, call.lang, detail)
    })?;
    Ok((key, bytes.to_vec()))
}

/// What a request in JSON asks for.
pub(super) async fn json<T: DeserializeOwned>(call: &Call, request: Request) -> Result<(Asked, T), Problem> {
    is_of_kind(call, &request, JSON)?;
    let (key, bytes) = bytes(call, request).await?;
    let read = serde_json::from_slice(&bytes).map_err(|why| {
        // The place, not what stands there.
        let (line, column) = (why.line(), why.column());
        let detail = call.lang.pick(
            format!("isinya bukan JSON dengan bentuk yang ditentukan (baris {line}, kolom {column}); lihat /api"),
            format!("the body is no JSON of the form that is described (line {line}, column {column}); see /api"),
        );
        Problem::new(Kind::Body, call.lang, detail)
    })?;
    Ok((Asked::new(call, key, &bytes)?, read))
}
